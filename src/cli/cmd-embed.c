/* melograph-cli embed: the vectors that a layer of a trained network makes of segments, or their places in the plane.
 */
#include "cli/command.h"
#include "cli/model-option.h"
#include "base/error.h"
#include "base/csv.h"
#include "base/file.h"
#include "base/npy.h"
#include "ml/projection.h"
#include "plot/export.h"
#include "plot/scatter.h"
#include "train/embeddings.h"
#include <glib/gi18n-lib.h>

typedef struct {
  MgModelOption model;
  char *dataset, *layer, *method, *out, *predictions, **set;
  char *label_from, *group_from, *fold_from;
  int threads, seed;
} Options;

/* NULL: the vectors themselves. */
static gboolean
find_projection(const Options *options, const MgProjection **projection, GError **error)
{
  *projection = NULL;
  if (!options->method || g_str_equal(options->method, "none"))
    return TRUE;
  g_autoptr(GError) cause = NULL;
  *projection = mg_projection_find(options->method, &cause);
  if (!*projection)
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("embed: --method: %s, or none for the vectors themselves"),
                cause->message);
  return *projection != NULL;
}

static gboolean
check_out(const Options *options, gboolean plane, GError **error)
{
  const char *out = options->out;
  if (!out)
    return mg_command_missing(&mg_cmd_embed, "--out F", error);
  if (g_str_has_suffix(out, ".csv") || g_str_has_suffix(out, ".npy") || (plane && mg_export_check(out, NULL)))
    return TRUE;
  g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("%s: --out %s: expected a name that ends in %s"), "embed", out,
              plane ? _(".csv, .npy, .png, .svg or .pdf") : _(".csv or .npy"));
  return FALSE;
}

static void
clear_options(Options *options)
{
  mg_model_option_clear(&options->model);
  g_free(options->dataset);
  g_free(options->layer);
  g_free(options->method);
  g_free(options->out);
  g_free(options->predictions);
  g_strfreev(options->set);
  g_free(options->label_from);
  g_free(options->group_from);
  g_free(options->fold_from);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, clear_options)

static gboolean
check_options(const Options *options, GError **error)
{
  gboolean from_model = options->model.model != NULL;
  if (from_model != (options->dataset != NULL))
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE,
                from_model ? _("embed: --dataset D is missing; --model says nothing of sounds")
                           : _("embed: --dataset goes with --model; a run has its own data set"));
  else if (options->threads < 0)
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("%s: --threads %d: expected 1 or more, or 0 for all processors"),
                "embed", options->threads);
  else
    return TRUE;
  return FALSE;
}

static MgEmbeddings *
embed(const Options *options, const char *path, GError **error)
{
  const char *checkpoint = options->model.checkpoint ? options->model.checkpoint : "best";
  MgImportOptions import = {options->label_from, options->group_from, options->fold_from, NULL};
  if (options->model.run)
    return mg_embeddings_of_run(options->model.run, checkpoint, options->layer, options->threads, mg_command_progress(),
                                error);
  return mg_embeddings_of_dataset(path, options->dataset, &import, options->layer, options->threads,
                                  mg_command_progress(), error);
}

/* Places in the plane */

static gboolean
save_plane_table(const char *path, const MgEmbeddings *embeddings, const MgMatrix *plane, GError **error)
{
  g_autoptr(GString) text = g_string_new("songname,track,label,split,part,x,y\n");
  for (guint i = 0; i < embeddings->rows->len; i++) {
    const MgEmbeddingRow *row = embeddings->rows->pdata[i];
    g_autoptr(GString) line = g_string_new(NULL);
    g_autofree char *name = g_utf8_make_valid(row->songname, -1), *track = g_utf8_make_valid(row->track, -1);
    mg_csv_append(line, name);
    mg_csv_append(line, track);
    mg_csv_append(line, embeddings->labels->pdata[row->label]);
    mg_csv_append(line, mg_split_name(row->split));
    mg_csv_append_number(line, row->part, 9);
    mg_csv_append_number(line, mg_matrix_row(plane, i)[0], 9);
    mg_csv_append_number(line, mg_matrix_row(plane, i)[1], 9);
    g_string_append_printf(text, "%s\n", line->str);
  }
  return mg_file_write(path, text->str, text->len, error);
}

static void
draw_plane(cairo_t *cr, double width, double height, gboolean vector, gpointer data)
{
  mg_scatter_draw(cr, width, height, &mg_style_light, data);
}

static gboolean
save_plane_picture(const char *path, const MgEmbeddings *embeddings, const MgMatrix *plane, GError **error)
{
  static const MgSplit sides[MG_N_POINT_SHAPES] = {MG_SPLIT_TRAIN, MG_SPLIT_VAL, MG_SPLIT_TEST};
  const char *shapes[MG_N_POINT_SHAPES] = {NULL};
  gboolean any_ring = FALSE;
  g_autofree MgPoint *points = g_new0(MgPoint, embeddings->rows->len + 1);
  for (guint i = 0; i < embeddings->rows->len; i++) {
    const MgEmbeddingRow *row = embeddings->rows->pdata[i];
    const MgPrediction *prediction = embeddings->predictions->predictions->pdata[i];
    points[i] = (MgPoint){.x = mg_matrix_row(plane, i)[0],
                          .y = mg_matrix_row(plane, i)[1],
                          .group = row->label,
                          .wrong = prediction->y_test >= 0 && prediction->y_test != prediction->y_pred};
    any_ring |= points[i].wrong;
    for (int shape = 0; shape < MG_N_POINT_SHAPES; shape++)
      if (row->split == sides[shape]) {
        points[i].shape = shape;
        shapes[shape] = mg_split_name(row->split);
      }
  }
  MgScatter scatter = {.points = points,
                       .n = embeddings->rows->len,
                       .groups = (const char *const *)embeddings->labels->pdata,
                       .n_groups = (int)embeddings->labels->len,
                       .shapes = shapes,
                       .wrong = any_ring ? _("wrong") : NULL};
  return mg_export(path, 900, 680, 2, draw_plane, &scatter, error);
}

static gboolean
save_plane(const Options *options, const MgProjection *projection, const MgParams *params,
           const MgEmbeddings *embeddings, GError **error)
{
  g_autoptr(MgMatrix) plane = mg_project(projection, embeddings->vectors, params, (guint64)options->seed,
                                         options->threads, mg_command_progress(), error);
  mg_command_progress_end();
  if (!plane)
    return FALSE;
  if (g_str_has_suffix(options->out, ".npy"))
    return mg_npy_save(options->out, plane, FALSE, error);
  if (g_str_has_suffix(options->out, ".csv"))
    return save_plane_table(options->out, embeddings, plane, error);
  return save_plane_picture(options->out, embeddings, plane, error);
}

static gboolean
save_vectors(const Options *options, const MgEmbeddings *embeddings, GError **error)
{
  return g_str_has_suffix(options->out, ".npy") ? mg_npy_save(options->out, embeddings->vectors, FALSE, error)
                                                : mg_embeddings_save(embeddings, options->out, error);
}

/* The parameters of every method, for --help. */
static GPtrArray *
collect_tables(void)
{
  GPtrArray *tables = g_ptr_array_new();
  for (const MgProjection *const *projection = mg_projections(); *projection; projection++)
    for (size_t i = 0; (*projection)->tables[i]; i++)
      g_ptr_array_add(tables, (gpointer)(*projection)->tables[i]);
  g_ptr_array_add(tables, NULL);
  return tables;
}

static gboolean
refuse_settings(GError **error)
{
  g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("embed: --set goes with --method pca, tsne or umap"));
  return FALSE;
}

static gboolean
run(int argc, char **argv, GError **error)
{
  g_auto(Options) options = {0};
  gboolean done;
  GOptionEntry entries[] = {
      MG_MODEL_OPTION_ENTRIES(options.model),
      {"dataset", 0, 0, G_OPTION_ARG_FILENAME, &options.dataset,
       N_("With --model: folder of classes, ESC-50 layout or CSV"), "D"},
      {"layer", 0, 0, G_OPTION_ARG_STRING, &options.layer,
       N_("Layer whose output is taken; the last before the logits"), "NAME"},
      {"method", 0, 0, G_OPTION_ARG_STRING, &options.method,
       N_("none, the vectors themselves, where left out; pca, tsne or umap: their places in the plane"), "NAME"},
      {"set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.set, N_("Set a parameter of the method"), "NAME=VALUE"},
      {"seed", 0, 0, G_OPTION_ARG_INT, &options.seed, N_("Start of the method's random numbers"), "N"},
      {"out", 0, 0, G_OPTION_ARG_FILENAME, &options.out,
       N_("A table, the numbers alone (segments, values), or a picture of the plane"), "F.csv|.npy|.png|.svg|.pdf"},
      {"predictions", 0, 0, G_OPTION_ARG_FILENAME, &options.predictions,
       N_("Also what the model says of the same segments, as predict does"), "F.csv"},
      {"threads", 0, 0, G_OPTION_ARG_INT, &options.threads, N_("Processors to compute on; all"), "N"},
      {"label-from", 0, 0, G_OPTION_ARG_STRING, &options.label_from, N_("Class from the file name's first capture"),
       "REGEX"},
      {"group-from", 0, 0, G_OPTION_ARG_STRING, &options.group_from, N_("Group from the file name's first capture"),
       "REGEX"},
      {"fold-from", 0, 0, G_OPTION_ARG_STRING, &options.fold_from, N_("Fold from the file name's first capture"),
       "REGEX"},
      {0}};
  g_autoptr(GPtrArray) tables = collect_tables();
  if (!mg_command_parse(&mg_cmd_embed, entries, (const MgParamTable *const *)tables->pdata, &argc, &argv, 0, 0, &done,
                        error) ||
      done)
    return done;
  const MgProjection *projection;
  g_autofree char *path = mg_model_option_path(&options.model, "embed", error);
  if (!path || !find_projection(&options, &projection, error) || !check_out(&options, projection != NULL, error) ||
      !check_options(&options, error))
    return FALSE;
  g_autoptr(MgParams) params = projection ? mg_projection_params(projection) : NULL;
  if (params ? !mg_command_set(params, options.set, error) : options.set && !refuse_settings(error))
    return FALSE;
  g_autoptr(MgEmbeddings) embeddings = embed(&options, path, error);
  mg_command_progress_end();
  if (!embeddings ||
      !(projection ? save_plane(&options, projection, params, embeddings, error)
                   : save_vectors(&options, embeddings, error)) ||
      (options.predictions && !mg_predictions_save(embeddings->predictions, options.predictions, error)))
    return FALSE;
  guint n = embeddings->rows->len;
  size_t values = embeddings->vectors->cols;
  g_autofree char *segments = g_strdup_printf(ngettext("%u segment", "%u segments", n), n);
  g_print(ngettext("%s: %s, %zu value of layer %s\n", "%s: %s, %zu values of layer %s\n", values), options.out,
          segments, values, embeddings->layer);
  return TRUE;
}

const MgCommand mg_cmd_embed = {
    .name = "embed",
    .arguments = "",
    .help = N_("Write what a layer makes of every segment, as vectors"),
    .run = run,
};
