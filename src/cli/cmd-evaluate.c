#include "cli/command.h"
#include "cli/predictions-text.h"
#include "base/error.h"
#include "ml/metrics.h"
#include "train/comparison.h"
#include "train/evaluator.h"
#include <glib/gi18n-lib.h>

typedef struct {
  char *run, *against, *split, *checkpoint, *out;
  int threads;
  gboolean json, table;
} Options;

static void
clear_options(Options *options)
{
  g_free(options->run);
  g_free(options->against);
  g_free(options->split);
  g_free(options->checkpoint);
  g_free(options->out);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, clear_options)

/* Segments and tracks: how many, how many right. */
typedef struct {
  MgFigures of_segments;
  guint segments, tracks, right_tracks;
} Figures;

static Figures
figures_of(const MgPredictions *predictions)
{
  g_autoptr(GArray) votes = mg_predictions_votes(predictions);
  Figures figures = {.of_segments = mg_predictions_figures(predictions),
                     .segments = predictions->predictions->len,
                     .tracks = votes->len};
  for (guint i = 0; i < votes->len; i++) {
    const MgVote *vote = &g_array_index(votes, MgVote, i);
    figures.right_tracks += vote->y_test == vote->y_pred;
  }
  return figures;
}

static void
print_text(const MgPredictions *predictions, const Options *options)
{
  Figures figures = figures_of(predictions);
  if (options->table) {
    mg_print_segments(predictions);
    g_print("\n");
  }
  mg_print_votes(predictions);
  g_print("\n");
  mg_print_confusion(predictions);
  g_autofree char *segments =
      g_strdup_printf(ngettext("%u segment", "%u segments", figures.segments), figures.segments);
  g_print("\n");
  g_print(ngettext("%s%s: accuracy %.4f, macro F1 %.4f over %s; %u of %u track right by vote\n",
                   "%s%s: accuracy %.4f, macro F1 %.4f over %s; %u of %u tracks right by vote\n", figures.tracks),
          options->split, predictions->leaky ? _(" (leaky split: pretends)") : "", figures.of_segments.accuracy,
          figures.of_segments.f1_macro, segments, figures.right_tracks, figures.tracks);
  g_print(_("accuracy between %.4f and %.4f (95%%, by tracks), AUC %.4f, log-loss %.4f, calibration error %.4f\n"),
          figures.of_segments.accuracy_low, figures.of_segments.accuracy_high, figures.of_segments.auc_ovr,
          figures.of_segments.log_loss, figures.of_segments.ece);
}

static json_t *
labels_json(const GPtrArray *labels)
{
  json_t *array = json_array();
  for (guint i = 0; i < labels->len; i++)
    json_array_append_new(array, json_string(labels->pdata[i]));
  return array;
}

static json_t *
confusion_json(const guint *matrix, guint classes)
{
  json_t *rows = json_array();
  for (guint r = 0; r < classes; r++) {
    json_t *row = json_array();
    for (guint c = 0; c < classes; c++)
      json_array_append_new(row, json_integer(matrix[r * classes + c]));
    json_array_append_new(rows, row);
  }
  return rows;
}

static json_t *
classes_json(const MgPredictions *predictions, const guint *matrix)
{
  json_t *array = json_array();
  int classes = (int)predictions->labels->len;
  for (int c = 0; c < classes; c++)
    json_array_append_new(array, json_pack("{s:s, s:o, s:o, s:o}", "label", predictions->labels->pdata[c], "recall",
                                           mg_number_json(mg_confusion_recall(matrix, classes, c)), "precision",
                                           mg_number_json(mg_confusion_precision(matrix, classes, c)), "f1",
                                           mg_number_json(mg_confusion_f1(matrix, classes, c))));
  return array;
}

static void
print_json(const MgPredictions *predictions, const Options *options)
{
  Figures figures = figures_of(predictions);
  g_autofree guint *matrix = mg_predictions_confusion(predictions);
  g_autofree char *run = g_utf8_make_valid(options->run, -1);
  json_t *object = json_pack("{s:s, s:s, s:s, s:b, s:o, s:o, s:i, s:i, s:i}", "run", run, "split", options->split,
                             "checkpoint", options->checkpoint, "leaky", predictions->leaky, "accuracy",
                             mg_number_json(figures.of_segments.accuracy), "f1_macro",
                             mg_number_json(figures.of_segments.f1_macro), "segments", (int)figures.segments, "tracks",
                             (int)figures.tracks, "tracks_right", (int)figures.right_tracks);
  mg_figures_to_json(object, &figures.of_segments);
  json_object_set_new(object, "labels", labels_json(predictions->labels));
  json_object_set_new(object, "confusion", confusion_json(matrix, predictions->labels->len));
  json_object_set_new(object, "classes", classes_json(predictions, matrix));
  json_object_set_new(object, "votes", mg_votes_json(predictions));
  mg_print_json(object);
}

static void
print_comparison_text(const MgComparison *comparison, const Options *options)
{
  MgFigures a = mg_predictions_figures(comparison->a), b = mg_predictions_figures(comparison->b);
  guint n = comparison->a->predictions->len;
  g_print(_("%s: accuracy %.4f, macro F1 %.4f (%s)\n"), "A", a.accuracy, a.f1_macro, options->run);
  g_print(_("%s: accuracy %.4f, macro F1 %.4f (%s)\n"), "B", b.accuracy, b.f1_macro, options->against);
  g_print(ngettext("%u segment; %u left out, as one of both trained on them\n",
                   "%u segments; %u left out, as one of both trained on them\n", n),
          n, comparison->left_out);
  g_print(_("only A right: %zu, only B right: %zu; McNemar's p %.4g\n"), comparison->only_a, comparison->only_b,
          comparison->p);
}

static json_t *
model_json(const char *run, const MgPredictions *predictions)
{
  g_autofree char *name = g_utf8_make_valid(run, -1);
  MgFigures figures = mg_predictions_figures(predictions);
  json_t *object = json_pack("{s:s, s:o, s:o}", "run", name, "accuracy", mg_number_json(figures.accuracy), "f1_macro",
                             mg_number_json(figures.f1_macro));
  mg_figures_to_json(object, &figures);
  return object;
}

static void
print_comparison_json(const MgComparison *comparison, const Options *options)
{
  mg_print_json(json_pack("{s:o, s:o, s:s, s:i, s:i, s:i, s:i, s:f}", "A", model_json(options->run, comparison->a), "B",
                          model_json(options->against, comparison->b), "split", options->split, "segments",
                          (int)comparison->a->predictions->len, "left_out", (int)comparison->left_out, "only_a",
                          (int)comparison->only_a, "only_b", (int)comparison->only_b, "mcnemar_p", comparison->p));
}

static gboolean
compare(const Options *options, GError **error)
{
  g_autoptr(MgComparison) comparison = mg_compare_runs(options->run, options->against, options->checkpoint,
                                                       options->split, options->threads, mg_command_progress(), error);
  mg_command_progress_end();
  if (!comparison || !mg_comparison_save(comparison, options->out, error))
    return FALSE;
  (options->json ? print_comparison_json : print_comparison_text)(comparison, options);
  return TRUE;
}

static void
fill_in(Options *options)
{
  if (!options->split)
    options->split = g_strdup("test");
  if (!options->checkpoint)
    options->checkpoint = g_strdup("best");
  if (options->out)
    return;
  const char *stem = options->against ? "comparison" : "predictions";
  g_autofree char *name = g_str_equal(options->split, "test") ? g_strdup_printf("%s.csv", stem)
                                                              : g_strdup_printf("%s-%s.csv", stem, options->split);
  options->out = g_build_filename(options->run, name, NULL);
}

static gboolean
run(int argc, char **argv, GError **error)
{
  g_auto(Options) options = {0};
  gboolean done;
  GOptionEntry entries[] = {
      {"run", 0, 0, G_OPTION_ARG_FILENAME, &options.run, N_("Run folder"), "DIR"},
      {"against", 0, 0, G_OPTION_ARG_FILENAME, &options.against,
       N_("Another run to compare with, on the same segments"), "DIR2"},
      {"split", 0, 0, G_OPTION_ARG_STRING, &options.split, N_("train, val or test; test"), "NAME"},
      {"checkpoint", 0, 0, G_OPTION_ARG_STRING, &options.checkpoint, N_("best or last; best"), "NAME"},
      {"out", 0, 0, G_OPTION_ARG_FILENAME, &options.out, N_("Table to write; predictions.csv in the run folder"),
       "F.csv"},
      {"threads", 0, 0, G_OPTION_ARG_INT, &options.threads, N_("Processors to compute on; all"), "N"},
      {"table", 0, 0, G_OPTION_ARG_NONE, &options.table, N_("Print the per-segment table too"), NULL},
      {"json", 0, 0, G_OPTION_ARG_NONE, &options.json, N_("Figures as one JSON object"), NULL},
      {0}};
  if (!mg_command_parse(&mg_cmd_evaluate, entries, NULL, &argc, &argv, 0, 0, &done, error) || done)
    return done;
  if (!options.run)
    return mg_command_missing(&mg_cmd_evaluate, "--run DIR", error);
  if (!mg_check_table_options("evaluate", options.out, options.threads, error))
    return FALSE;
  fill_in(&options);
  if (options.against)
    return compare(&options, error);
  g_autoptr(MgPredictions) predictions =
      mg_evaluate_run(options.run, options.checkpoint, options.split, options.threads, mg_command_progress(), error);
  mg_command_progress_end();
  if (!predictions || !mg_predictions_save(predictions, options.out, error))
    return FALSE;
  (options.json ? print_json : print_text)(predictions, &options);
  mg_print_leaky(predictions);
  return TRUE;
}

const MgCommand mg_cmd_evaluate = {
    .name = "evaluate",
    .arguments = "",
    .help = N_("Classify a run's segments and tell how many are right"),
    .run = run,
};
