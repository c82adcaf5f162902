#include "cli/command.h"
#include "cli/model-option.h"
#include "base/error.h"
#include "base/npy.h"
#include "plot/export.h"
#include "plot/maps.h"
#include "train/explain.h"
#include <glib/gi18n-lib.h>

typedef struct {
  MgModelOption model;
  char *out, *layer;
  gboolean filters;
  int part;
} Options;

static void
clear_options(Options *options)
{
  mg_model_option_clear(&options->model);
  g_free(options->out);
  g_free(options->layer);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, clear_options)

static gboolean
save_array(const MgFeatureMaps *maps, const char *path, GError **error)
{
  g_autoptr(MgMatrix) stack = mg_feature_maps_stack(maps, error);
  return stack && mg_npy_save(path, stack, FALSE, error);
}

typedef struct {
  const MgFeatureMaps *maps;
  const MgMatrix *input; /* NULL: none above them */
  const char *title;
} Sheet;

static void
draw(cairo_t *cr, double width, double height, gboolean vector, gpointer data)
{
  const Sheet *sheet = data;
  mg_maps_draw(cr, width, height, &mg_style_light, sheet->input, (MgMatrix *const *)sheet->maps->maps->pdata,
               sheet->maps->maps->len, sheet->title, mg_colormap_find("magma"));
}

static gboolean
save(const MgFeatureMaps *maps, const MgMatrix *input, const char *name, const char *path, GError **error)
{
  g_autofree char *title = g_strdup_printf("%s · %s", name, maps->layer);
  Sheet sheet = {maps, input, title};
  return g_str_has_suffix(path, ".npy") ? save_array(maps, path, error)
                                        : mg_export(path, 1200, 900, 1, draw, &sheet, error);
}

static gboolean
save_filters(const MgModel *model, const Options *options, GError **error)
{
  g_autoptr(MgFeatureMaps) filters = mg_feature_filters(model, options->layer, error);
  return filters && save(filters, NULL, mg_network_title(model->network), options->out, error);
}

static gboolean
save_maps(MgModel *model, const char *file, const Options *options, GError **error)
{
  g_autoptr(MgSeen) seen = mg_seen_load(model, file, 0, 0, options->part, error);
  g_autoptr(MgFeatureMaps) maps = seen ? mg_feature_maps(seen, options->layer, error) : NULL;
  g_autofree char *base = g_path_get_basename(file), *name = g_strdup_printf("%s_%d", base, options->part);
  return maps && save(maps, seen->picture, name, options->out, error);
}

static gboolean
check(const Options *options, int files, GError **error)
{
  const char *out = options->out;
  if (files != (options->filters ? 0 : 1))
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE,
                options->filters ? _("maps: --filters are the network's own: expected no FILE")
                                 : _("maps: expected one FILE; melograph-cli maps --help tells more"));
  else if (!out)
    mg_command_missing(&mg_cmd_maps, "--out F.png|.svg|.pdf|.npy", error);
  else if ((!g_str_has_suffix(out, ".npy") && !mg_export_check(out, NULL)))
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("%s: --out %s: expected a name that ends in %s"), "maps", out,
                _(".png, .svg, .pdf or .npy"));
  else
    return TRUE;
  return FALSE;
}

static gboolean
run(int argc, char **argv, GError **error)
{
  g_auto(Options) options = {.part = 1};
  gboolean done;
  GOptionEntry entries[] = {
      MG_MODEL_OPTION_ENTRIES(options.model),
      {"part", 0, 0, G_OPTION_ARG_INT, &options.part, N_("Segment, from 1 as in the table; 1"), "K"},
      {"layer", 0, 0, G_OPTION_ARG_STRING, &options.layer, N_("Layer whose outputs are shown; the first convolution"),
       "NAME"},
      {"filters", 0, 0, G_OPTION_ARG_NONE, &options.filters,
       N_("Show the layer's filters in place of its outputs: no FILE then"), NULL},
      {"out", 0, 0, G_OPTION_ARG_FILENAME, &options.out,
       N_("A drawing, or the values: (channels x rows, columns), channel under channel"), "F.png|.svg|.pdf|.npy"},
      {0}};
  if (!mg_command_parse(&mg_cmd_maps, entries, NULL, &argc, &argv, 0, 1, &done, error) || done)
    return done;
  if (!check(&options, argc - 1, error))
    return FALSE;
  g_autofree char *path = mg_model_option_path(&options.model, "maps", error);
  g_autoptr(MgModel) model = path ? mg_model_load(path, error) : NULL;
  if (!model)
    return FALSE;
  return options.filters ? save_filters(model, &options, error) : save_maps(model, argv[1], &options, error);
}

const MgCommand mg_cmd_maps = {
    .name = "maps",
    .arguments = "[FILE]",
    .help = N_("Show what a layer makes of one segment"),
    .run = run,
};
