#include "train/explain-row.h"
#include "train/evaluator.h"
#include "train/run-config.h"
#include "train/run-split.h"
#include "base/error.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Predictions that one explanation may cost: many columns are compared with fewer rows. */
static const size_t most_predictions = 8192, most_rows = 64, least_rows = 8;

static void
clear_feature(gpointer data)
{
  g_free(((MgRowFeature *)data)->feature);
}

void
mg_row_reasons_free(MgRowReasons *reasons)
{
  if (!reasons)
    return;
  g_clear_pointer(&reasons->labels, g_ptr_array_unref);
  g_clear_pointer(&reasons->features, g_array_unref);
  g_free(reasons->probabilities);
  g_free(reasons);
}

/* Rows evenly from all of them: `wanted` or fewer. */
static MgMatrix *
thin_out(const MgMatrix *rows, size_t wanted, GError **error)
{
  size_t n = MIN(rows->rows, wanted);
  MgMatrix *some = mg_matrix_new(n, rows->cols, error);
  for (size_t i = 0; some && i < n; i++)
    memcpy(mg_matrix_row(some, i), mg_matrix_row(rows, i * rows->rows / n), rows->cols * sizeof(float));
  return some;
}

/* The mean probability of the class where column `c` of the row has the values of others. `swapped` holds the row as
 * often as there are others, and is left as it was. */
static double
mean_without(const MgTableModel *model, MgMatrix *swapped, const MgMatrix *others, size_t c, float own, int label)
{
  double sum = 0;
  for (size_t i = 0; i < others->rows; i++)
    mg_matrix_row(swapped, i)[c] = mg_matrix_row(others, i)[c];
  g_autoptr(MgMatrix) said = mg_table_model_predict(model, swapped);
  for (size_t i = 0; i < others->rows; i++) {
    sum += mg_matrix_row(said, i)[label];
    mg_matrix_row(swapped, i)[c] = own;
  }
  return sum / (double)others->rows;
}

static double
mean_of_column(const MgMatrix *rows, size_t c)
{
  double sum = 0;
  for (size_t i = 0; i < rows->rows; i++)
    sum += mg_matrix_row(rows, i)[c];
  return sum / (double)rows->rows;
}

static int
falling_effects(gconstpointer a, gconstpointer b)
{
  double one = fabs(((const MgRowFeature *)a)->effect), other = fabs(((const MgRowFeature *)b)->effect);
  return (one < other) - (one > other);
}

static gboolean
measure(MgRowReasons *reasons, const MgTableModel *model, const float *x, const MgMatrix *others, MgProgress *progress,
        GError **error)
{
  size_t columns = others->cols;
  double whole = reasons->probabilities[reasons->label];
  g_autoptr(MgMatrix) swapped = mg_matrix_new(others->rows, columns, error);
  if (!swapped)
    return FALSE;
  for (size_t i = 0; i < swapped->rows; i++)
    memcpy(mg_matrix_row(swapped, i), x, columns * sizeof *x);
  for (size_t c = 0; c < columns; c++) {
    if (!mg_progress_go_on(progress, error))
      return FALSE;
    double effect = whole - mean_without(model, swapped, others, c, x[c], reasons->label);
    MgRowFeature feature = {g_strdup(model->columns->pdata[c]), x[c], mean_of_column(others, c), effect};
    g_array_append_val(reasons->features, feature);
    mg_progress_report(progress, (double)(c + 1) / (double)columns, NULL);
  }
  g_array_sort(reasons->features, falling_effects);
  return TRUE;
}

MgRowReasons *
mg_explain_row(const MgTableModel *model, const float *x, const MgMatrix *training, int label, MgProgress *progress,
               GError **error)
{
  g_autoptr(MgMatrix) one = mg_matrix_new(1, model->columns->len, error);
  if (!one)
    return NULL;
  if (training->rows == 0 || training->cols != one->cols) {
    g_set_error(error, MG_ERROR, MG_ERROR_DATA, _("%zu training rows of %zu columns; some of %zu were expected"),
                training->rows, training->cols, one->cols);
    return NULL;
  }
  memcpy(one->data, x, one->cols * sizeof *x);
  g_autoptr(MgMatrix) said = mg_table_model_predict(model, one);
  g_autoptr(MgMatrix) others = thin_out(training, CLAMP(most_predictions / one->cols, least_rows, most_rows), error);
  if (!others)
    return NULL;
  g_autoptr(MgRowReasons) reasons = g_new0(MgRowReasons, 1);
  reasons->labels = g_ptr_array_ref(model->labels);
  reasons->probabilities = g_memdup2(said->data, said->cols * sizeof(float));
  reasons->features = g_array_new(FALSE, FALSE, sizeof(MgRowFeature));
  g_array_set_clear_func(reasons->features, clear_feature);
  reasons->compared = (guint)others->rows;
  for (size_t c = 0; label < 0 && c < said->cols; c++)
    if (said->data[c] > said->data[reasons->label])
      reasons->label = (int)c;
  if (label >= 0)
    reasons->label = label;
  return measure(reasons, model, x, others, progress, error) ? g_steal_pointer(&reasons) : NULL;
}

/* Of a run. */

/* The row that is asked about comes first, then some of those that were learned from. */
static GArray *
pick_segments(const GArray *all, const MgManifest *manifest, const char *track, double start, const char *run,
              GError **error)
{
  g_autoptr(GArray) picked = g_array_new(FALSE, FALSE, sizeof(MgSegment));
  g_autoptr(GArray) training = g_array_new(FALSE, FALSE, sizeof(MgSegment));
  for (guint i = 0; i < all->len; i++) {
    const MgSegment *segment = &g_array_index(all, MgSegment, i);
    const char *path = mg_manifest_track(manifest, segment->track)->path;
    if (picked->len == 0 && g_str_equal(path, track) && fabs(segment->start - start) < 1e-6)
      g_array_append_val(picked, *segment);
    if (segment->split == MG_SPLIT_TRAIN)
      g_array_append_val(training, *segment);
  }
  if (picked->len == 0 || training->len == 0) {
    g_set_error(error, MG_ERROR, MG_ERROR_DATA,
                picked->len ? _("%s: no training rows") : _("%s: the row that was asked about is not in its split"),
                run);
    return NULL;
  }
  guint n = MIN(training->len, (guint)most_rows);
  for (guint i = 0; i < n; i++)
    g_array_append_val(picked, g_array_index(training, MgSegment, (guint)((guint64)i * training->len / n)));
  return g_steal_pointer(&picked);
}

static MgMatrix *
rest_of(const MgMatrix *rows, GError **error)
{
  MgMatrix *rest = mg_matrix_new(rows->rows - 1, rows->cols, error);
  if (rest)
    memcpy(rest->data, mg_matrix_row(rows, 1), rest->rows * rest->cols * sizeof(float));
  return rest;
}

MgRowReasons *
mg_explain_row_of_run(const char *run, const char *track, double start, int label, MgProgress *progress, GError **error)
{
  g_autofree char *path = mg_checkpoint_path(run, "best", error);
  g_autoptr(MgTableModel) model = path ? mg_table_model_load(path, error) : NULL;
  g_autoptr(MgRunConfig) config = model ? mg_run_config_load(run, error) : NULL;
  g_autoptr(MgManifest) manifest = config ? mg_run_split_load(run, (const char *const *)config->labels, error) : NULL;
  if (!manifest)
    return NULL;
  g_autoptr(GArray) all = mg_table_model_cut(model, manifest);
  g_autoptr(GArray) picked = pick_segments(all, manifest, track, start, run, error);
  g_autoptr(MgMatrix) rows = picked ? mg_table_model_rows(model, path, manifest, picked, 0, progress, error) : NULL;
  g_autoptr(MgMatrix) training = rows ? rest_of(rows, error) : NULL;
  return training ? mg_explain_row(model, rows->data, training, label, progress, error) : NULL;
}

/* In words. */

static void
append_feature(GString *text, const MgRowFeature *feature)
{
  g_string_append_printf(text, _("%s is %.4g, among the training rows %.4g (%+.2f)"), feature->feature, feature->value,
                         feature->usual, feature->effect);
}

/* The features of one direction that say most, at most `most`. */
static guint
append_features(GString *text, const MgRowReasons *reasons, double sign, const char *intro, guint most)
{
  guint told = 0;
  for (guint i = 0; i < reasons->features->len && told < most; i++) {
    const MgRowFeature *feature = &g_array_index(reasons->features, MgRowFeature, i);
    if (feature->effect * sign < 0.005)
      continue;
    g_string_append(text, told == 0 ? intro : "; ");
    append_feature(text, feature);
    told++;
  }
  if (told > 0)
    g_string_append_c(text, '.');
  return told;
}

char *
mg_row_reasons_text(const MgRowReasons *reasons)
{
  GString *text = g_string_new(NULL);
  const char *name = reasons->labels->pdata[reasons->label];
  g_string_append_printf(text, _("%s gets %.2f."), name, reasons->probabilities[reasons->label]);
  guint told = append_features(text, reasons, 1, _(" For it speaks: "), 3);
  told += append_features(text, reasons, -1, _(" Against it: "), 2);
  if (told == 0)
    g_string_append(text, _(" No single value decides: replaced by those of training rows, none changes it by 0.01."));
  return g_string_free(text, FALSE);
}
