/* melograph-cli export: a trained network for other programs. */
#include "cli/command.h"
#include "base/error.h"
#include "nn/onnx.h"
#include "train/model-file.h"
#include <glib/gi18n-lib.h>

static char *model_path, *out_path;

static GOptionEntry entries[] = {
    {"model", 0, 0, G_OPTION_ARG_FILENAME, &model_path, N_("A trained model"), "F.safetensors"},
    {"out", 0, 0, G_OPTION_ARG_FILENAME, &out_path, N_("The file to write"), "F.onnx"},
    {NULL},
};

static gboolean
run(int argc, char **argv, GError **error)
{
  gboolean done;
  if (!mg_command_parse(&mg_cmd_export, entries, NULL, &argc, &argv, 0, 0, &done, error) || done)
    return done;
  if (!model_path || !out_path)
    return mg_command_missing(&mg_cmd_export, model_path ? "--out F.onnx" : "--model F.safetensors", error);
  if (!g_str_has_suffix(out_path, ".onnx")) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("%s: --out %s: expected a name that ends in %s"), "export", out_path,
                ".onnx");
    return FALSE;
  }
  g_autoptr(MgModel) model = mg_model_load(model_path, error);
  if (!model)
    return FALSE;
  g_autoptr(GHashTable) metadata = mg_model_metadata(model);
  return mg_onnx_save(out_path, model->network, metadata, error);
}

const MgCommand mg_cmd_export = {
    .name = "export",
    .arguments = "",
    .help = N_("Write a trained network as ONNX: its input is a normalised picture"),
    .run = run,
};
