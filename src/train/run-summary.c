#include "train/run-summary.h"
#include "train/evaluator.h"
#include "train/model-file.h"
#include "train/run-config.h"
#include "train/run-note.h"
#include "base/csv.h"
#include "base/error.h"
#include "base/file.h"
#include "ml/metrics.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

const MgSummaryColumn mg_summary_columns[MG_SUMMARY_FIGURES] = {
    [MG_SUMMARY_PARAMETERS] = {"parameters", N_("Parameters"), MG_FIGURE_COUNT},
    [MG_SUMMARY_SECONDS] = {"seconds", N_("Training time"), MG_FIGURE_TIME},
    [MG_SUMMARY_EPOCHS] = {"epochs_done", N_("Epochs"), MG_FIGURE_COUNT},
    [MG_SUMMARY_BEST_EPOCH] = {"best_epoch", N_("Best epoch"), MG_FIGURE_COUNT},
    [MG_SUMMARY_TRAIN_LOSS] = {"train_loss", N_("Train loss"), MG_FIGURE_LOSS},
    [MG_SUMMARY_TRAIN_ACCURACY] = {"train_accuracy", N_("Train accuracy"), MG_FIGURE_SHARE},
    [MG_SUMMARY_VAL_LOSS] = {"val_loss", N_("Val. loss"), MG_FIGURE_LOSS},
    [MG_SUMMARY_VAL_ACCURACY] = {"val_accuracy", N_("Val. accuracy"), MG_FIGURE_SHARE},
    [MG_SUMMARY_VAL_F1] = {"val_f1_macro", N_("Best val. F1"), MG_FIGURE_SHARE},
    [MG_SUMMARY_LAST_F1] = {"val_f1_macro_last", N_("Last val. F1"), MG_FIGURE_SHARE},
    [MG_SUMMARY_GAP] = {"gap", N_("Train − val."), MG_FIGURE_SHARE},
    [MG_SUMMARY_TEST_ACCURACY] = {"test_accuracy", N_("Test accuracy"), MG_FIGURE_SHARE},
    [MG_SUMMARY_TEST_F1] = {"test_f1_macro", N_("Test F1"), MG_FIGURE_SHARE},
};

void
mg_run_summary_free(MgRunSummary *summary)
{
  if (!summary)
    return;
  g_free(summary->folder);
  g_free(summary->name);
  g_free(summary->model);
  g_free(summary->dataset);
  g_free(summary->note);
  g_hash_table_unref(summary->params);
  g_free(summary);
}

/* The curves. */

static MgFitEpoch *
epoch_at(GArray *epochs, int number)
{
  const MgFitEpoch unknown = {NAN, NAN, NAN, NAN};
  while (epochs->len < (guint)number)
    g_array_append_val(epochs, unknown);
  return &g_array_index(epochs, MgFitEpoch, number - 1);
}

GArray *
mg_fit_epochs(const MgMetric *metrics, size_t n)
{
  static const int most_epochs = 1000000; /* a file may say anything */
  GArray *epochs = g_array_new(FALSE, FALSE, sizeof(MgFitEpoch));
  double sum = 0, steps = 0;
  for (size_t i = 0; i < n; i++) {
    const MgMetric *metric = &metrics[i];
    gboolean train = g_str_equal(metric->split, "train"), loss = g_str_equal(metric->name, "loss");
    if (metric->epoch < 1 || metric->epoch > most_epochs || (!loss && !g_str_equal(metric->name, "accuracy")))
      continue;
    if (train && loss) {
      if (i == 0 || metric->epoch > (int)epochs->len)
        sum = steps = 0;
      sum += metric->value;
      epoch_at(epochs, metric->epoch)->train_loss = sum / ++steps;
    } else if (train) {
      epoch_at(epochs, metric->epoch)->train_accuracy = metric->value;
    } else if (g_str_equal(metric->split, "val")) {
      *(loss ? &epoch_at(epochs, metric->epoch)->val_loss : &epoch_at(epochs, metric->epoch)->val_accuracy) =
          metric->value;
    }
  }
  return epochs;
}

/* The epoch that checkpoints/best is of: the first of the highest validation macro F1. */
static void
find_best(MgRunSummary *summary, const GArray *metrics)
{
  double *figures = summary->figures;
  for (guint i = 0; i < metrics->len; i++) {
    const MgMetric *metric = &g_array_index(metrics, MgMetric, i);
    if (!g_str_equal(metric->split, "val") || !g_str_equal(metric->name, "f1_macro") || !isfinite(metric->value))
      continue;
    figures[MG_SUMMARY_LAST_F1] = metric->value;
    if (metric->value <= figures[MG_SUMMARY_VAL_F1])
      continue;
    figures[MG_SUMMARY_VAL_F1] = metric->value;
    figures[MG_SUMMARY_BEST_EPOCH] = metric->epoch;
  }
}

static void
read_metrics(MgRunSummary *summary)
{
  MgMetricsTail tail = {0};
  gboolean restarted;
  g_autoptr(GArray) metrics = g_array_new(FALSE, FALSE, sizeof(MgMetric));
  double *figures = summary->figures;
  if (!mg_metrics_tail(summary->folder, &tail, metrics, &restarted, NULL))
    return;
  find_best(summary, metrics);
  g_autoptr(GArray) epochs = mg_fit_epochs((const MgMetric *)(void *)metrics->data, metrics->len);
  guint done = epochs->len;
  if (done > 0 && !isfinite(g_array_index(epochs, MgFitEpoch, done - 1).train_accuracy))
    done--; /* under way */
  summary->light = mg_fit_light((const MgFitEpoch *)(void *)epochs->data, done);
  if (done == 0)
    return;
  const MgFitEpoch *last = &g_array_index(epochs, MgFitEpoch, done - 1);
  figures[MG_SUMMARY_EPOCHS] = done;
  figures[MG_SUMMARY_TRAIN_LOSS] = last->train_loss;
  figures[MG_SUMMARY_TRAIN_ACCURACY] = last->train_accuracy;
  figures[MG_SUMMARY_VAL_LOSS] = last->val_loss;
  figures[MG_SUMMARY_GAP] = last->train_accuracy - last->val_accuracy;
  double best = figures[MG_SUMMARY_BEST_EPOCH];
  if (best >= 1 && best <= done)
    figures[MG_SUMMARY_VAL_ACCURACY] = g_array_index(epochs, MgFitEpoch, (guint)best - 1).val_accuracy;
}

/* Everything else in the folder. */

static void
read_group(MgRunSummary *summary, GKeyFile *file, const char *group)
{
  g_auto(GStrv) keys = g_key_file_get_keys(file, group, NULL, NULL);
  for (guint i = 0; keys && keys[i]; i++) {
    g_autofree char *value = g_key_file_get_string(file, group, keys[i], NULL);
    if (value)
      g_hash_table_insert(summary->params, g_strdup(keys[i]), g_steal_pointer(&value));
  }
}

static char *
run_text(GKeyFile *file, const char *key)
{
  g_autofree char *text = g_key_file_get_string(file, "run", key, NULL);
  return text ? g_steal_pointer(&text) : g_strdup("");
}

static gboolean
read_config(MgRunSummary *summary, GError **error)
{
  g_autoptr(GKeyFile) file = mg_run_config_read(summary->folder, error);
  g_auto(GStrv) groups = file ? g_key_file_get_groups(file, NULL) : NULL;
  if (!file)
    return FALSE;
  for (guint i = 0; groups[i]; i++)
    if (!g_str_equal(groups[i], "run") && !g_str_equal(groups[i], "versions"))
      read_group(summary, file, groups[i]);
  summary->model = run_text(file, "model");
  summary->dataset = run_text(file, "dataset");
  summary->leaky = g_key_file_get_boolean(file, "run", "leaky", NULL);
  return TRUE;
}

static void
read_status(MgRunSummary *summary)
{
  MgRunStatus status;
  summary->state = MG_RUN_INTERRUPTED;
  if (!mg_run_status_read(summary->folder, &status, NULL))
    return;
  summary->state = status.state;
  summary->figures[MG_SUMMARY_SECONDS] = status.seconds;
}

/* The size of a network; a classifier on rows has no such number. */
static void
read_model(MgRunSummary *summary, const char *checkpoint)
{
  g_autoptr(MgModel) model = mg_model_load(checkpoint, NULL);
  if (model)
    summary->figures[MG_SUMMARY_PARAMETERS] = (double)mg_network_parameters(model->network);
}

/* predictions.csv is of another model where it is older than the checkpoint. */
static void
read_test(MgRunSummary *summary, const char *checkpoint)
{
  g_autofree char *path = g_build_filename(summary->folder, "predictions.csv", NULL);
  if (mg_file_modified(path) < mg_file_modified(checkpoint))
    return;
  g_autoptr(MgPredictions) predictions = mg_predictions_load(path, NULL);
  if (!predictions)
    return;
  g_autofree guint *matrix = mg_predictions_confusion(predictions);
  int classes = (int)predictions->labels->len;
  summary->figures[MG_SUMMARY_TEST_ACCURACY] = mg_confusion_accuracy(matrix, classes);
  summary->figures[MG_SUMMARY_TEST_F1] = mg_confusion_macro_f1(matrix, classes);
}

MgRunSummary *
mg_run_summary_load(const char *folder, GError **error)
{
  g_autoptr(MgRunSummary) summary = g_new0(MgRunSummary, 1);
  summary->params = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  summary->folder = g_canonicalize_filename(folder, NULL);
  summary->name = g_filename_display_basename(summary->folder);
  for (int i = 0; i < MG_SUMMARY_FIGURES; i++)
    summary->figures[i] = NAN;
  summary->figures[MG_SUMMARY_VAL_F1] = -1;
  if (!read_config(summary, error))
    return NULL;
  summary->note = mg_run_note_read(summary->folder);
  read_status(summary);
  read_metrics(summary);
  if (summary->figures[MG_SUMMARY_VAL_F1] < 0)
    summary->figures[MG_SUMMARY_VAL_F1] = NAN;
  g_autofree char *checkpoint = g_build_filename(summary->folder, "checkpoints", "best.safetensors", NULL);
  if (!g_file_test(checkpoint, G_FILE_TEST_EXISTS))
    return g_steal_pointer(&summary);
  read_model(summary, checkpoint);
  read_test(summary, checkpoint);
  return g_steal_pointer(&summary);
}

/* Several. */

const char *
mg_run_summary_setting(const MgRunSummary *summary, const char *name)
{
  if (g_str_equal(name, "model"))
    return summary->model;
  return g_str_equal(name, "dataset") ? summary->dataset : g_hash_table_lookup(summary->params, name);
}

static gboolean
differs(const GPtrArray *summaries, const char *name)
{
  const char *first = NULL;
  for (guint i = 0; i < summaries->len; i++) {
    const char *value = mg_run_summary_setting(summaries->pdata[i], name);
    if (first && value && !g_str_equal(first, value))
      return TRUE;
    first = first ? first : value;
  }
  return FALSE;
}

static int
compare_names(gconstpointer a, gconstpointer b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

GPtrArray *
mg_run_summaries_differing(const GPtrArray *summaries)
{
  g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
  GPtrArray *differing = g_ptr_array_new_with_free_func(g_free);
  g_hash_table_add(names, "model");
  g_hash_table_add(names, "dataset");
  for (guint i = 0; i < summaries->len; i++) {
    GHashTableIter iter;
    gpointer name;
    g_hash_table_iter_init(&iter, ((const MgRunSummary *)summaries->pdata[i])->params);
    while (g_hash_table_iter_next(&iter, &name, NULL))
      g_hash_table_add(names, name);
  }
  GHashTableIter iter;
  gpointer name;
  g_hash_table_iter_init(&iter, names);
  while (g_hash_table_iter_next(&iter, &name, NULL))
    if (differs(summaries, name))
      g_ptr_array_add(differing, g_strdup(name));
  g_ptr_array_sort(differing, compare_names);
  return differing;
}

static gboolean
any_has(const GPtrArray *summaries, int figure)
{
  for (guint i = 0; i < summaries->len; i++)
    if (isfinite(((const MgRunSummary *)summaries->pdata[i])->figures[figure]))
      return TRUE;
  return FALSE;
}

char *
mg_summary_figure_text(MgFigureKind kind, double value)
{
  if (!isfinite(value))
    return g_strdup("–");
  if (kind == MG_FIGURE_TIME && value >= 3600)
    return g_strdup_printf("%d:%02d:%02d", (int)(value / 3600), (int)fmod(value / 60, 60), (int)fmod(value, 60));
  if (kind == MG_FIGURE_TIME)
    return g_strdup_printf("%d:%02d", (int)(value / 60), (int)fmod(value, 60));
  if (kind == MG_FIGURE_SHARE)
    return g_strdup_printf("%.3f", value);
  if (kind == MG_FIGURE_LOSS)
    return g_strdup_printf("%.3g", value);
  g_autofree char *digits = g_strdup_printf("%.0f", value);
  GString *text = g_string_new(NULL);
  for (size_t i = 0, n = strlen(digits); i < n; i++)
    g_string_append_printf(text, "%s%c", i > 0 && (n - i) % 3 == 0 ? "\u202f" : "", digits[i]);
  return g_string_free(text, FALSE);
}

/* Lays out the table; `add` puts one cell after another into the line. */
typedef struct {
  void (*text)(GString *line, const char *text);
  void (*figure)(GString *line, MgFigureKind kind, double value);
  gboolean titles; /* columns are named as a person reads them */
} Form;

static void
append_line(GString *line, const MgRunSummary *summary, const GPtrArray *differing, const gboolean *shown,
            const Form *form)
{
  form->text(line, summary ? summary->name : form->titles ? _("Run") : "run");
  for (guint i = 0; i < differing->len; i++) {
    const char *value = summary ? mg_run_summary_setting(summary, differing->pdata[i]) : differing->pdata[i];
    form->text(line, value ? value : "");
  }
  for (int f = 0; f < MG_SUMMARY_FIGURES; f++) {
    const MgSummaryColumn *column = &mg_summary_columns[f];
    if (shown[f] && summary)
      form->figure(line, column->kind, summary->figures[f]);
    else if (shown[f])
      form->text(line, form->titles ? _(column->title) : column->name);
  }
  form->text(line, summary ? mg_fit_verdict_name(summary->light.verdict) : form->titles ? _("Verdict") : "verdict");
  form->text(line, summary ? (summary->leaky ? "leaky" : "") : form->titles ? _("Split") : "leaky");
  form->text(line, summary ? summary->note : form->titles ? _("Note") : "note");
}

static void
csv_text(GString *line, const char *text)
{
  mg_csv_append(line, text);
}

static void
csv_figure(GString *line, MgFigureKind kind, double value)
{
  if (isfinite(value))
    mg_csv_append_number(line, value, 9);
  else
    mg_csv_append(line, "");
}

static void
markdown_text(GString *line, const char *text)
{
  g_autofree char *flat = g_strdelimit(g_strdup(text), "\r\n", ' ');
  g_auto(GStrv) parts = g_strsplit(flat, "|", -1);
  g_autofree char *cell = g_strjoinv("\\|", parts);
  g_string_append_printf(line, "%s %s |", line->len ? "" : "|", cell);
}

static void
markdown_figure(GString *line, MgFigureKind kind, double value)
{
  g_autofree char *text = mg_summary_figure_text(kind, value);
  markdown_text(line, text);
}

static char *
lay_out(const GPtrArray *summaries, const Form *form)
{
  g_autoptr(GPtrArray) differing = mg_run_summaries_differing(summaries);
  gboolean shown[MG_SUMMARY_FIGURES];
  for (int f = 0; f < MG_SUMMARY_FIGURES; f++)
    shown[f] = any_has(summaries, f);
  GString *text = g_string_new(NULL);
  for (int i = -1; i < (int)summaries->len; i++) {
    g_autoptr(GString) line = g_string_new(NULL);
    append_line(line, i < 0 ? NULL : summaries->pdata[i], differing, shown, form);
    g_string_append_printf(text, "%s\n", line->str);
    guint cells = differing->len + 4;
    for (int f = 0; f < MG_SUMMARY_FIGURES; f++)
      cells += shown[f];
    for (guint c = 0; i < 0 && form->titles && c < cells; c++)
      g_string_append_printf(text, "%s---|%s", c ? "" : "|", c + 1 == cells ? "\n" : "");
  }
  return g_string_free(text, FALSE);
}

char *
mg_run_summaries_csv(const GPtrArray *summaries)
{
  return lay_out(summaries, &(Form){csv_text, csv_figure, FALSE});
}

char *
mg_run_summaries_markdown(const GPtrArray *summaries)
{
  return lay_out(summaries, &(Form){markdown_text, markdown_figure, TRUE});
}
