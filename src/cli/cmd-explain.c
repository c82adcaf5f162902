/* melograph-cli explain: why a segment was taken for a class, as a picture, as sound and in figures. */
#include "cli/command.h"
#include "cli/explain-findings.h"
#include "cli/model-option.h"
#include "cli/row-findings.h"
#include "audio/encoder.h"
#include "base/error.h"
#include "base/npy.h"
#include "plot/evidence.h"
#include "plot/export.h"
#include <glib/gi18n-lib.h>

enum { CURVE_STEPS = 32 };

typedef struct {
  MgModelOption model;
  char *class, *method, *out, *evidence, *rest, **set;
  int part, nearest, share;
  gboolean json;
} Options;

static void
clear_options(Options *options)
{
  mg_model_option_clear(&options->model);
  g_free(options->class);
  g_free(options->method);
  g_free(options->out);
  g_free(options->evidence);
  g_free(options->rest);
  g_strfreev(options->set);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, clear_options)

static gboolean
check_name(const char *option, const char *name, const char *const *endings, GError **error)
{
  gboolean good = name == NULL;
  for (size_t i = 0; name && endings[i]; i++)
    good = good || g_str_has_suffix(name, endings[i]);
  g_autofree char *expected = good ? NULL : g_strjoinv(_(" or "), (char **)endings);
  if (!good)
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("explain: %s %s: expected a name that ends in %s"), option, name,
                expected);
  return good;
}

static gboolean
check_options(const Options *options, GError **error)
{
  static const char *const pictures[] = {".png", ".svg", ".pdf", ".npy", NULL}, *const sounds[] = {".wav", NULL};
  if (!check_name("--out", options->out, pictures, error) ||
      !check_name("--evidence", options->evidence, sounds, error) ||
      !check_name("--rest", options->rest, sounds, error))
    return FALSE;
  if (options->share < 1 || options->share > 100)
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("explain: --share %d: expected 1 to 100 (percent)"), options->share);
  else if (options->nearest < 0 || (options->nearest > 0 && !options->model.run))
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE,
                _("explain: --nearest %d: expected 1 or more, with --run DIR, whose "
                  "training segments are searched"),
                options->nearest);
  else
    return TRUE;
  return FALSE;
}

/* Settings */

static MgParams *
params_of(const MgExplainMethod *method)
{
  g_autoptr(GPtrArray) tables = g_ptr_array_new();
  for (size_t i = 0; method->tables[i]; i++)
    g_ptr_array_add(tables, (gpointer)method->tables[i]);
  g_ptr_array_add(tables, (gpointer)&mg_explain_change_params);
  g_ptr_array_add(tables, NULL);
  return mg_params_new((const MgParamTable *const *)tables->pdata);
}

/* The parameters of every method, each table once, for --help. */
static GPtrArray *
collect_tables(void)
{
  GPtrArray *tables = g_ptr_array_new();
  for (const MgExplainMethod *const *method = mg_explain_methods(); *method; method++)
    for (size_t i = 0; (*method)->tables[i]; i++)
      if (!g_ptr_array_find(tables, (*method)->tables[i], NULL))
        g_ptr_array_add(tables, (gpointer)(*method)->tables[i]);
  g_ptr_array_add(tables, (gpointer)&mg_explain_change_params);
  g_ptr_array_add(tables, NULL);
  return tables;
}

/* Finding out */

/* The segment, changed where the parameters ask for it. */
static gboolean
see(MgFindings *findings, GError **error)
{
  findings->seen = mg_seen_load(findings->model, findings->file, 0, 0, findings->part, error);
  if (!findings->seen || mg_explain_unchanged(findings->params))
    return findings->seen != NULL;
  gint64 n_mels = mg_params_int_or(findings->params, "n_mels", 0);
  if (n_mels > 0 && !(findings->other = mg_explain_with_bands(findings->model, (int)n_mels, error)))
    return FALSE;
  double start = findings->seen->start;
  mg_seen_free(findings->seen);
  findings->seen = mg_explain_change(findings->other ? findings->other : findings->model, findings->file, start,
                                     findings->params, NULL, error);
  return findings->seen != NULL;
}

static gboolean
explain(MgFindings *findings, const char *class, GError **error)
{
  findings->label = mg_seen_predicted(findings->seen);
  if (class && !mg_seen_find_class(findings->model, class, &findings->label, error))
    return FALSE;
  MgExplainJob job = {
      .seen = findings->seen, .label = findings->label, .params = findings->params, .progress = mg_command_progress()};
  findings->map = mg_explain(findings->method, &job, error);
  if (!findings->map)
    return FALSE;
  findings->box = mg_evidence_box(findings->map);
  return mg_evidence_curves(findings->seen, findings->map, findings->label, CURVE_STEPS, &findings->curves,
                            mg_command_progress(), error);
}

static gboolean
listen(MgFindings *findings, double share, gboolean wanted, GError **error)
{
  const MgSeen *seen = findings->seen;
  if (!mg_seen_has_bands(seen->model) && !wanted)
    return TRUE;
  g_autoptr(MgMatrix) mask = mg_evidence_mask(findings->map, share, error);
  findings->evidence = mask ? mg_evidence_sound(seen, mask, error) : NULL;
  if (!findings->evidence)
    return FALSE;
  findings->rest = g_new(float, seen->n_samples);
  for (size_t i = 0; i < seen->n_samples; i++)
    findings->rest[i] = seen->samples[i] - findings->evidence[i];
  findings->evidence_seen = mg_seen_of_samples(seen->model, findings->evidence, seen->n_samples, error);
  findings->rest_seen = mg_seen_of_samples(seen->model, findings->rest, seen->n_samples, error);
  findings->without = mg_evidence_without(seen, findings->map, &findings->box, error);
  return findings->evidence_seen && findings->rest_seen && findings->without;
}

static gboolean
find_nearest(MgFindings *findings, const Options *options, GError **error)
{
  const char *checkpoint = options->model.checkpoint ? options->model.checkpoint : "best";
  int predicted = mg_seen_predicted(findings->seen);
  findings->embeddings = mg_embeddings_of_run(options->model.run, checkpoint, NULL, 0, mg_command_progress(), error);
  if (!findings->embeddings)
    return FALSE;
  g_autofree char *track = g_canonicalize_filename(findings->file, NULL);
  findings->near[0] =
      mg_explain_nearest(findings->seen, track, findings->embeddings, predicted, options->nearest, error);
  if (findings->near[0] && findings->label != predicted)
    findings->near[1] =
        mg_explain_nearest(findings->seen, track, findings->embeddings, findings->label, options->nearest, error);
  return findings->near[0] && (findings->near[1] || findings->label == predicted);
}

/* Files */

typedef struct {
  const char *title, *line;
  const MgEvidencePicture *evidence;
} Page;

static void
draw(cairo_t *cr, double width, double height, gboolean vector, gpointer data)
{
  const Page *page = data;
  mg_evidence_figure(cr, width, height, &mg_style_light, page->title, page->line, page->evidence);
}

static gboolean
save_picture(const MgFindings *findings, const char *path, GError **error)
{
  const MgSeen *seen = findings->seen;
  size_t rows = seen->picture->rows;
  g_autofree double *edges = mg_seen_has_bands(seen->model) ? g_new(double, rows + 1) : NULL;
  for (size_t r = 0; edges && r <= rows; r++)
    edges[r] = mg_seen_row_hz(seen->model, (double)r);
  MgEvidencePicture evidence = {.picture = seen->picture,
                                .map = findings->map,
                                .strength = 0.9,
                                .start = seen->start,
                                .end = seen->end,
                                .edges = edges,
                                .mel =
                                    g_str_equal(mg_params_text(seen->model->front_end, "feature"), "melspectrogram")};
  g_autofree char *name = g_path_get_basename(findings->file), *line = mg_findings_probabilities(seen);
  g_autofree char *title =
      g_strdup_printf("%s_%d · %s · %s", name, findings->part, findings->method->name, mg_findings_class(findings));
  Page page = {title, line, &evidence};
  return mg_export(path, 960, 560, 1, draw, &page, error);
}

static gboolean
save_sound(const MgFindings *findings, const float *samples, const char *path, GError **error)
{
  int sr = (int)mg_params_int(findings->model->front_end, "sr");
  return !path || mg_wav_write(path, samples, (gint64)findings->seen->n_samples, 1, sr, TRUE, error);
}

static gboolean
save(const MgFindings *findings, const Options *options, GError **error)
{
  if (options->out && g_str_has_suffix(options->out, ".npy")) {
    if (!mg_npy_save(options->out, findings->map, FALSE, error))
      return FALSE;
  } else if (options->out && !save_picture(findings, options->out, error))
    return FALSE;
  return save_sound(findings, findings->evidence, options->evidence, error) &&
         save_sound(findings, findings->rest, options->rest, error);
}

static gboolean
find_out(MgFindings *findings, const Options *options, const char *path, GError **error)
{
  if (options->method && !(findings->method = mg_explain_method_find(options->method, error)))
    return FALSE;
  findings->model = mg_model_load(path, error);
  if (!findings->model)
    return FALSE;
  if (!findings->method)
    findings->method = mg_explain_method_for(findings->model->network);
  findings->params = params_of(findings->method);
  gboolean good = mg_command_set(findings->params, options->set, error) && see(findings, error) &&
                  explain(findings, options->class, error) &&
                  listen(findings, options->share / 100.0, options->evidence || options->rest, error) &&
                  (options->nearest == 0 || find_nearest(findings, options, error));
  mg_command_progress_end();
  return good;
}

static gboolean
run(int argc, char **argv, GError **error)
{
  g_auto(Options) options = {.part = 1, .share = 60};
  gboolean done;
  GOptionEntry entries[] = {
      MG_MODEL_OPTION_ENTRIES(options.model),
      {"part", 0, 0, G_OPTION_ARG_INT, &options.part, N_("Segment, from 1 as in the table; 1"), "K"},
      {"class", 0, 0, G_OPTION_ARG_STRING, &options.class, N_("What speaks for this class; the predicted one"), "NAME"},
      {"method", 0, 0, G_OPTION_ARG_STRING, &options.method,
       N_("grad-cam, integrated-gradients, occlusion or gradient; the first of them that fits the network"), "NAME"},
      {"set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.set, N_("Set a parameter of the method, or change the segment"),
       "NAME=VALUE"},
      {"out", 0, 0, G_OPTION_ARG_FILENAME, &options.out,
       N_("The map over the spectrogram, or its values (bins, frames)"), "F.png|.svg|.pdf|.npy"},
      {"evidence", 0, 0, G_OPTION_ARG_FILENAME, &options.evidence, N_("The sound of the evidence"), "F.wav"},
      {"rest", 0, 0, G_OPTION_ARG_FILENAME, &options.rest, N_("The sound without it; both sum to the segment"),
       "F.wav"},
      {"share", 0, 0, G_OPTION_ARG_INT, &options.share, N_("Percent of all evidence that its sound holds; 60"), "N"},
      {"nearest", 0, 0, G_OPTION_ARG_INT, &options.nearest,
       N_("Tell the nearest training segments of the predicted class and of --class"), "N"},
      {"json", 0, 0, G_OPTION_ARG_NONE, &options.json, N_("All figures as one JSON object"), NULL},
      {0}};
  g_autoptr(GPtrArray) tables = collect_tables();
  if (!mg_command_parse(&mg_cmd_explain, entries, (const MgParamTable *const *)tables->pdata, &argc, &argv, 1, 1, &done,
                        error) ||
      done)
    return done;
  g_auto(MgFindings) findings = {.file = argv[1], .part = options.part};
  g_autofree char *path =
      check_options(&options, error) ? mg_model_option_path(&options.model, "explain", error) : NULL;
  if (path && mg_row_is_of_numbers(options.model.run))
    return mg_row_findings(options.model.run, argv[1], options.part, options.class, options.json, error);
  if (!path || !find_out(&findings, &options, path, error) || !save(&findings, &options, error))
    return FALSE;
  (options.json ? mg_findings_print_json : mg_findings_print)(&findings);
  return TRUE;
}

const MgCommand mg_cmd_explain = {
    .name = "explain",
    .arguments = "FILE",
    .help = N_("Show and hear why a segment is taken for a class"),
    .run = run,
};
