#include "fuzz.h"
#include "train/evaluator.h"
#include "train/importances.h"
#include "train/run-config.h"
#include "train/run-dir.h"
#include "train/run-split.h"
#include "train/search-record.h"

/* The files of a run folder, one behind the other; each begins with a line "=== NAME". */
static void
put_files(const char *folder, const char *text)
{
  static const char *const names[] = {"status",          "config.ini",      "metrics.csv", "split.csv",
                                      "predictions.csv", "importances.csv", "trials.csv",  "space.json"};
  g_auto(GStrv) parts = g_strsplit(text, "=== ", -1);
  for (char **part = parts; *part; part++)
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
      size_t length = strlen(names[i]);
      if (g_str_has_prefix(*part, names[i]) && (*part)[length] == '\n')
        fuzz_put(folder, names[i], *part + length + 1, strlen(*part + length + 1));
    }
}

static void
read_metrics(const char *folder)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) metrics = g_array_new(FALSE, FALSE, sizeof(MgMetric));
  MgMetricsTail tail = {0};
  gboolean restarted;
  if (!mg_metrics_tail(folder, &tail, metrics, &restarted, &error))
    fuzz_check(NULL, error);
}

static void
read_config(const char *folder)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(MgRunConfig) config = mg_run_config_load(folder, &error);
  fuzz_check(config, error);
  if (!config)
    return;
  g_autoptr(GError) cause = NULL;
  g_autoptr(MgManifest) manifest = mg_run_split_load(folder, (const char *const *)config->labels, &cause);
  fuzz_check(manifest, cause);
}

static void
read_tables(const char *folder)
{
  g_autoptr(GError) error = NULL, cause = NULL, reason = NULL;
  g_autofree char *path = g_build_filename(folder, "predictions.csv", NULL);
  g_autoptr(MgPredictions) predictions = mg_predictions_load(path, &error);
  fuzz_check(predictions, error);
  if (predictions) {
    g_autofree guint *confusion = mg_predictions_confusion(predictions);
    g_autoptr(GArray) votes = mg_predictions_votes(predictions);
  }
  g_autoptr(GArray) importances = mg_importances_load(folder, &cause);
  fuzz_check(importances, cause);
  g_autoptr(MgSearchRecord) record = mg_search_record_load(folder, &reason);
  fuzz_check(record, reason);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t n)
{
  g_autofree char *text = g_strndup((const char *)data, n), *folder = g_strdup(fuzz_folder());
  put_files(folder, text);
  g_autoptr(GError) error = NULL;
  MgRunStatus status;
  if (!mg_run_status_read(folder, &status, &error))
    fuzz_check(NULL, error);
  read_config(folder);
  read_metrics(folder);
  read_tables(folder);
  return 0;
}
