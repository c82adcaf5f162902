/* melograph-cli import: a network of another program as a model of this one. */
#include "cli/command.h"
#include "base/error.h"
#include "dataset/front-end.h"
#include "nn/description.h"
#include "nn/load-tensors.h"
#include "nn/onnx.h"
#include "train/model-file.h"
#include <glib/gi18n-lib.h>
#include <string.h>

static char *out_path, *model_name, *labels_text;
static char **settings;

static GOptionEntry entries[] = {
    {"out", 0, 0, G_OPTION_ARG_FILENAME, &out_path, N_("The model to write"), "F.safetensors"},
    {"model", 0, 0, G_OPTION_ARG_FILENAME, &model_name, N_("The network whose weights a .safetensors file holds"),
     "NAME"},
    {"labels", 0, 0, G_OPTION_ARG_STRING, &labels_text, N_("Classes, where the file does not name them (0,1,2 …)"),
     "A,B"},
    {"set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &settings, N_("Set a parameter of the front end"), "NAME=VALUE"},
    {NULL},
};

static gboolean
check(const char *path, GError **error)
{
  if (!out_path)
    return mg_command_missing(&mg_cmd_import, "--out F.safetensors", error);
  const char *wrong =
      !g_str_has_suffix(out_path, ".safetensors")       ? _("--out: expected a name that ends with .safetensors")
      : g_str_has_suffix(path, ".onnx") && model_name   ? _("--model is for .safetensors files")
      : !g_str_has_suffix(path, ".onnx") && !model_name ? _("--model NAME is missing: whose weights are these?")
                                                        : NULL;
  g_autofree char *why = wrong ? g_strdup_printf("%s: %s", path, wrong) : NULL;
  return !why || mg_command_refuse(&mg_cmd_import, why, error);
}

/* Those given; otherwise numbers, `n` of them. */
static GPtrArray *
make_labels(int n)
{
  GPtrArray *labels = g_ptr_array_new_with_free_func(g_free);
  g_auto(GStrv) given = labels_text ? g_strsplit(labels_text, ",", -1) : NULL;
  for (int i = 0; given ? given[i] != NULL : i < n; i++)
    g_ptr_array_add(labels, given ? g_strdup(given[i]) : g_strdup_printf("%d", i));
  return labels;
}

static MgModel *
make_model(const char *description, const char *path, int classes, const MgParams *params, GError **error)
{
  g_autoptr(GPtrArray) labels = make_labels(classes);
  if (classes > 0 && labels->len != (guint)classes) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("--labels: %u names; %s gives %d values"), labels->len, path,
                classes);
    return NULL;
  }
  return mg_model_new(description, path, params, labels, 0, error);
}

/* The picture that the network was made for has to be that of the front end. */
static gboolean
check_input(const MgModel *model, const MgOnnx *onnx, const char *path, GError **error)
{
  MgShape here = mg_network_input(model->network), there = mg_onnx_input(onnx);
  if (here.channels == there.channels && here.height == there.height && here.width == there.width)
    return TRUE;
  g_set_error(error, MG_ERROR, MG_ERROR_USAGE,
              _("%s: takes pictures of %d x %d x %d; the front end makes %d x %d x %d: --set feature, n_mels, "
                "segment_seconds, hop_length …"),
              path, there.channels, there.height, there.width, here.channels, here.height, here.width);
  return FALSE;
}

static MgModel *
import_onnx(const char *path, const MgParams *params, GError **error)
{
  g_autoptr(MgOnnx) onnx = mg_onnx_load(path, error);
  if (!onnx)
    return NULL;
  gboolean ours = g_hash_table_contains(mg_onnx_metadata(onnx), "front_end") && !labels_text && !settings;
  g_autoptr(MgModel) model = ours ? mg_model_adopt(mg_onnx_description(onnx), path, mg_onnx_metadata(onnx), error)
                                  : make_model(mg_onnx_description(onnx), path, mg_onnx_classes(onnx), params, error);
  if (!model || !check_input(model, onnx, path, error) || !mg_onnx_fill(onnx, model->network, error))
    return NULL;
  return g_steal_pointer(&model);
}

static MgModel *
import_weights(const char *path, const MgParams *params, GError **error)
{
  g_autofree char *from = NULL, *description = mg_description_read(model_name, &from, error);
  g_autoptr(MgSafetensors) file = description ? mg_safetensors_load(path, error) : NULL;
  if (!file)
    return NULL;
  g_autoptr(MgModel) model = make_model(description, model_name, labels_text ? 0 : 2, params, error);
  g_autoptr(GPtrArray) left = g_ptr_array_new();
  if (!model || !mg_network_load_tensors(model->network, file, NULL, left, error))
    return NULL;
  guint all = mg_network_tensors(model->network)->len;
  g_ptr_array_add(left, NULL);
  g_autofree char *names = g_strjoinv(", ", (char **)left->pdata);
  g_print(ngettext("%u of %u tensor taken%s%s\n", "%u of %u tensors taken%s%s\n", all), all - (left->len - 1), all,
          *names ? _("; at random: ") : "", names);
  return g_steal_pointer(&model);
}

static gboolean
run(int argc, char **argv, GError **error)
{
  gboolean done;
  if (!mg_command_parse(&mg_cmd_import, entries, mg_front_end_tables(), &argc, &argv, 1, 1, &done, error) || done)
    return done;
  g_autoptr(MgParams) params = mg_params_new(mg_front_end_tables());
  if (!check(argv[1], error) || !mg_command_set(params, settings, error))
    return FALSE;
  gboolean is_onnx = g_str_has_suffix(argv[1], ".onnx");
  g_autoptr(MgModel) model = is_onnx ? import_onnx(argv[1], params, error) : import_weights(argv[1], params, error);
  return model && mg_model_save(model, out_path, NULL, error);
}

const MgCommand mg_cmd_import = {
    .name = "import",
    .arguments = "FILE",
    .help = N_("Make a model of an ONNX network, or of a network's weights in PyTorch's names"),
    .run = run,
};
