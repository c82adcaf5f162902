#include "cli/command.h"
#include "cli/model-option.h"
#include "base/error.h"
#include "base/npy.h"
#include "plot/export.h"
#include "plot/maps.h"
#include "train/explain.h"

typedef struct {
  MgModelOption model;
  char *out, *layer;
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
  const char *title;
} Sheet;

static void
draw(cairo_t *cr, double width, double height, gboolean vector, gpointer data)
{
  const Sheet *sheet = data;
  mg_maps_draw(cr, width, height, &mg_style_light, sheet->maps->input, (MgMatrix *const *)sheet->maps->maps->pdata,
               sheet->maps->maps->len, sheet->title, mg_colormap_find("magma"));
}

static gboolean
save_drawing(const MgFeatureMaps *maps, const char *file, int part, const char *path, GError **error)
{
  g_autofree char *name = g_path_get_basename(file);
  g_autofree char *title = g_strdup_printf("%s_%d · %s", name, part, maps->layer);
  Sheet sheet = {maps, title};
  return mg_export(path, 1200, 900, 1, draw, &sheet, error);
}

static gboolean
run(int argc, char **argv, GError **error)
{
  g_auto(Options) options = {.part = 1};
  gboolean done;
  GOptionEntry entries[] = {MG_MODEL_OPTION_ENTRIES(options.model),
                            {"part", 0, 0, G_OPTION_ARG_INT, &options.part, "Segment, from 1 as in the table; 1", "K"},
                            {"layer", 0, 0, G_OPTION_ARG_STRING, &options.layer,
                             "Layer whose outputs are shown; the first convolution", "NAME"},
                            {"out", 0, 0, G_OPTION_ARG_FILENAME, &options.out,
                             "A drawing, or the values: (channels x rows, columns), channel under channel",
                             "F.png|.svg|.pdf|.npy"},
                            {0}};
  if (!mg_command_parse(&mg_cmd_maps, entries, NULL, &argc, &argv, 1, 1, &done, error) || done)
    return done;
  if (!options.out) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE,
                "maps: --out F.png or F.npy is missing; melograph-cli maps --help tells more");
    return FALSE;
  }
  gboolean array = g_str_has_suffix(options.out, ".npy");
  if (!array && !mg_export_check(options.out, NULL)) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE,
                "maps: --out %s: expected a name that ends in .png, .svg, .pdf or .npy", options.out);
    return FALSE;
  }
  g_autofree char *path = mg_model_option_path(&options.model, "maps", error);
  g_autoptr(MgModel) model = path ? mg_model_load(path, error) : NULL;
  g_autoptr(MgFeatureMaps) maps =
      model ? mg_feature_maps(model, argv[1], 0, 0, options.part, options.layer, error) : NULL;
  if (!maps)
    return FALSE;
  if (array)
    return save_array(maps, options.out, error);
  return save_drawing(maps, argv[1], options.part, options.out, error);
}

const MgCommand mg_cmd_maps = {
    .name = "maps",
    .arguments = "FILE",
    .help = "Show what a layer makes of one segment",
    .run = run,
};
