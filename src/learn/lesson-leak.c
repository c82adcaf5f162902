#include "learn/lesson-leak.h"
#include "learn/lesson-sound.h"
#include "base/error.h"
#include "base/parallel.h"
#include "base/rng.h"
#include "dataset/importer.h"
#include "dataset/table.h"
#include "ml/classifier.h"
#include "ml/figures.h"
#include "ml/folds.h"
#include "ml/scaler.h"
#include <glib/gi18n-lib.h>
#include <string.h>

#define FOLDS 4
#define SEED 7

/* Half of the tracks, by lot. */
static void
draw_lots(MgSamples *samples, const int *track, int tracks)
{
  static const char *const names[] = {"heads", "tails"};
  MgRng rng = mg_rng_new(SEED);
  g_autofree guint32 *order = g_new(guint32, tracks);
  g_autofree int *lot = g_new(int, tracks);
  for (int i = 0; i < tracks; i++)
    order[i] = (guint32)i;
  mg_rng_shuffle(&rng, order, (size_t)tracks);
  for (int i = 0; i < tracks; i++)
    lot[order[i]] = i % 2;
  for (size_t row = 0; row < samples->x->rows; row++)
    samples->y[row] = lot[track[row]];
  g_ptr_array_set_size(samples->labels, 0);
  for (guint i = 0; i < G_N_ELEMENTS(names); i++)
    g_ptr_array_add(samples->labels, g_strdup(names[i]));
}

static MgSamples *
new_samples(const MgTable *table, const MgManifest *manifest, gboolean lots, GError **error)
{
  MgSamples *samples = g_new0(MgSamples, 1);
  size_t rows = table->rows->len, cols = table->columns->len;
  g_autofree int *track = g_new(int, rows);
  samples->name = g_strdup("demo");
  samples->x = mg_matrix_new(rows, cols, error);
  samples->columns = g_ptr_array_new_with_free_func(g_free);
  samples->labels = g_ptr_array_new_with_free_func(g_free);
  samples->y = g_new0(int, rows);
  samples->rows = g_new0(char *, rows + 1);
  samples->groups = g_new0(char *, rows + 1);
  if (!samples->x) {
    mg_samples_free(samples);
    return NULL;
  }
  for (size_t c = 0; c < cols; c++)
    g_ptr_array_add(samples->columns, g_strdup(table->columns->pdata[c]));
  for (guint i = 0; i < manifest->labels->len; i++)
    g_ptr_array_add(samples->labels, g_strdup(manifest->labels->pdata[i]));
  for (size_t row = 0; row < rows; row++) {
    const MgTableRow *one = table->rows->pdata[row];
    memcpy(mg_matrix_row(samples->x, row), one->values, cols * sizeof(float));
    track[row] = (int)one->track;
    samples->y[row] = mg_manifest_track(manifest, one->track)->label;
    samples->rows[row] = g_strdup(one->filename);
    samples->groups[row] = g_strdup(mg_manifest_track(manifest, one->track)->path);
  }
  if (lots)
    draw_lots(samples, track, (int)manifest->tracks->len);
  return samples;
}

MgSamples *
mg_lesson_leak_samples(const char *classes, MgProgress *progress, GError **error)
{
  gboolean lots = g_strcmp0(classes, "lot") == 0;
  if (!lots && g_strcmp0(classes, "genre") != 0) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("classes=%s: expected genre or lot"), classes);
    return NULL;
  }
  g_autofree char *folder = mg_lesson_demo_folder(error);
  g_autoptr(MgManifest) manifest = folder ? mg_manifest_open(folder, NULL, progress, error) : NULL;
  g_autoptr(MgParams) params = mg_params_new(mg_table_param_tables());
  if (!manifest || !mg_params_assign(params, "features=mfcc", error) ||
      !mg_params_assign(params, "statistics=mean,std", error) || !mg_params_assign(params, "segment_seconds=1", error))
    return NULL;
  g_autoptr(GArray) parts = mg_table_parts(manifest, params);
  g_autoptr(MgTable) table = mg_table_extract_parts(manifest, parts, "summary", params, 0, progress, error);
  return table ? new_samples(table, manifest, lots, error) : NULL;
}

static MgParams *
params_of(const MgClassifierClass *class, int neighbours)
{
  MgParams *params = mg_classifier_params(class);
  if (mg_params_has(params, "n_neighbors"))
    mg_params_set_int(params, "n_neighbors", neighbours);
  return params;
}

/* The share of rows that are told rightly. */
static double
ask(const MgClassifier *classifier, const MgSamples *samples)
{
  g_autoptr(MgMatrix) probabilities = mg_matrix_new(samples->x->rows, (size_t)classifier->classes, NULL);
  size_t right = 0;
  mg_classifier_predict(classifier, samples->x, probabilities);
  for (size_t row = 0; row < samples->x->rows; row++)
    right += mg_most_probable(mg_matrix_row(probabilities, row), classifier->classes) == samples->y[row];
  return (double)right / (double)samples->x->rows;
}

/* Learns from all folds but one; the accuracies on what it learned from and on that one. */
static gboolean
measure_fold(const MgSamples *samples, const MgClassifierClass *class, const MgParams *params, const int *folds,
             int fold, double *train, double *test, GError **error)
{
  size_t n, rest;
  g_autofree guint32 *inside = mg_folds_rows(folds, samples->x->rows, fold, TRUE, &n);
  g_autofree guint32 *outside = mg_folds_rows(folds, samples->x->rows, fold, FALSE, &rest);
  g_autoptr(MgSamples) tested = mg_samples_pick(samples, inside, n);
  g_autoptr(MgSamples) learned = mg_samples_pick(samples, outside, rest);
  g_autoptr(MgScaler) scaler = mg_scaler_new("standard", learned->x);
  mg_scaler_apply(scaler, learned->x);
  mg_scaler_apply(scaler, tested->x);
  MgLesson lesson = {.x = learned->x,
                     .y = learned->y,
                     .classes = (int)samples->labels->len,
                     .params = params,
                     .seed = SEED,
                     .threads = mg_processors()};
  g_autoptr(MgClassifier) classifier = mg_classifier_fit(class, &lesson, error);
  if (!classifier)
    return FALSE;
  *train += ask(classifier, learned) / FOLDS;
  *test += ask(classifier, tested) / FOLDS;
  return TRUE;
}

static gboolean
measure(const MgSamples *samples, const MgClassifierClass *class, const MgParams *params, double *train, double *test,
        MgProgress *progress, GError **error)
{
  g_autofree int *folds = mg_folds_deal(samples, FOLDS, SEED, error);
  *train = *test = 0;
  for (int fold = 0; folds && fold < FOLDS; fold++)
    if (!mg_progress_go_on(progress, error) || !measure_fold(samples, class, params, folds, fold, train, test, error))
      return FALSE;
  return folds != NULL;
}

gboolean
mg_lesson_leak_measure(const MgSamples *samples, const char *classifier, int neighbours, MgLessonLeak *leak,
                       MgProgress *progress, GError **error)
{
  const MgClassifierClass *class = mg_classifier_class_find(classifier, error);
  g_autoptr(MgParams) params = class ? params_of(class, neighbours) : NULL;
  g_autoptr(GHashTable) tracks = g_hash_table_new(g_str_hash, g_str_equal);
  MgSamples alone = *samples;
  double pretended;
  alone.groups = NULL; /* so that rows of one track may be dealt to both sides */
  if (!class || !measure(samples, class, params, &leak->train, &leak->by_track, progress, error) ||
      !measure(&alone, class, params, &pretended, &leak->by_segment, progress, error))
    return FALSE;
  for (size_t row = 0; row < samples->x->rows; row++)
    g_hash_table_add(tracks, samples->groups[row]);
  leak->rows = samples->x->rows;
  leak->tracks = g_hash_table_size(tracks);
  return TRUE;
}
