#include "train/prediction-curves.h"
#include "base/error.h"
#include "ml/roc.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CALIBRATION_BINS = 10 };

static const char *const kind_names[MG_N_CURVE_KINDS] = {"roc", "precision-recall", "calibration", "position"};

const char *
mg_prediction_curve_kind_name(MgPredictionCurveKind kind)
{
  return kind_names[kind];
}

gboolean
mg_prediction_curve_kind_parse(const char *name, MgPredictionCurveKind *kind, GError **error)
{
  for (guint i = 0; i < MG_N_CURVE_KINDS; i++)
    if (g_str_equal(name, kind_names[i])) {
      *kind = i;
      return TRUE;
    }
  g_set_error(error, MG_ERROR, MG_ERROR_USAGE,
              _("there is no curve “%s”; expected roc, precision-recall, calibration or position"), name);
  return FALSE;
}

static void
clear_curve(gpointer data)
{
  MgPredictionCurve *curve = data;
  g_free(curve->name);
  g_free(curve->x);
  g_free(curve->y);
  g_free(curve->weights);
}

/* The rows whose truth is known. */
typedef struct {
  MgAnswers answers;
  float *probabilities;
  int *truth;
} Known;

static Known
collect(const MgPredictions *predictions)
{
  const GPtrArray *all = predictions->predictions;
  size_t classes = predictions->labels->len;
  Known known = {.probabilities = g_new(float, all->len *classes + 1), .truth = g_new(int, all->len + 1)};
  size_t n = 0;
  for (guint i = 0; i < all->len; i++) {
    const MgPrediction *row = all->pdata[i];
    if (row->y_test < 0)
      continue;
    memcpy(known.probabilities + n * classes, row->probabilities, classes * sizeof(float));
    known.truth[n++] = row->y_test;
  }
  known.answers = (MgAnswers){known.probabilities, known.truth, n, (int)classes, NULL, 0};
  return known;
}

static void
add_class(GArray *curves, const Known *known, const char *name, int label, gboolean roc)
{
  size_t room = known->answers.rows + 1;
  MgPredictionCurve curve = {.x = g_new(double, room), .y = g_new(double, room)};
  curve.n = roc ? mg_roc_curve(&known->answers, label, curve.x, curve.y)
                : mg_precision_recall_curve(&known->answers, label, curve.x, curve.y);
  curve.figure = roc ? mg_auc(&known->answers, label) : mg_average_precision(&known->answers, label);
  if (curve.n == 0) {
    clear_curve(&curve);
    return;
  }
  curve.name = g_strdup_printf(roc ? _("%s, AUC %.3f") : _("%s, AP %.3f"), name, curve.figure);
  g_array_append_val(curves, curve);
}

static int
rising_figures(gconstpointer a, gconstpointer b)
{
  double one = ((const MgPredictionCurve *)a)->figure, other = ((const MgPredictionCurve *)b)->figure;
  return (one > other) - (one < other);
}

/* Those of many classes that say most: the weakest. */
static void
add_classes(GArray *curves, const Known *known, const GPtrArray *labels, gboolean roc, guint most)
{
  for (guint label = 0; label < labels->len; label++)
    add_class(curves, known, labels->pdata[label], (int)label, roc);
  if (curves->len <= most)
    return;
  g_array_sort(curves, rising_figures);
  g_array_set_size(curves, most);
}

static MgPredictionCurve
points_new(size_t room)
{
  return (MgPredictionCurve){.x = g_new(double, room), .y = g_new(double, room), .weights = g_new(double, room)};
}

static void
add_point(MgPredictionCurve *curve, double x, double y, double weight)
{
  curve->x[curve->n] = x;
  curve->y[curve->n] = y;
  curve->weights[curve->n++] = weight;
}

static void
add_calibration(GArray *curves, const Known *known)
{
  MgCalibrationBin bins[CALIBRATION_BINS];
  MgPredictionCurve curve = points_new(CALIBRATION_BINS);
  mg_calibration_curve(&known->answers, -1, bins, CALIBRATION_BINS);
  for (int i = 0; i < CALIBRATION_BINS; i++)
    if (bins[i].rows > 0)
      add_point(&curve, bins[i].mean_predicted, bins[i].fraction_positive, (double)bins[i].rows);
  curve.figure = mg_expected_calibration_error(&known->answers, CALIBRATION_BINS);
  curve.name = g_strdup_printf(_("calibration error %.3f"), curve.figure);
  g_array_append_val(curves, curve);
}

static double
middle(const MgPrediction *row)
{
  return (row->start + row->end) / 2;
}

/* Stretches as long as a segment, or longer where these would be too many. */
static void
add_position(GArray *curves, const MgPredictions *predictions)
{
  const GPtrArray *rows = predictions->predictions;
  double right[MG_POSITION_BINS] = {0}, all[MG_POSITION_BINS] = {0}, sum[MG_POSITION_BINS] = {0};
  double last = 0, shortest = INFINITY, total = 0, total_right = 0;
  for (guint i = 0; i < rows->len; i++) {
    const MgPrediction *row = rows->pdata[i];
    last = MAX(last, middle(row));
    shortest = row->end > row->start ? MIN(shortest, row->end - row->start) : shortest;
  }
  if (!isfinite(shortest)) /* rows of a table have no place */
    return;
  double width = MAX(shortest, last / MG_POSITION_BINS * (1 + 1e-9));
  for (guint i = 0; i < rows->len; i++) {
    const MgPrediction *row = rows->pdata[i];
    int bin = MIN((int)(middle(row) / width), MG_POSITION_BINS - 1);
    if (row->y_test < 0 || !(row->end > row->start))
      continue;
    all[bin]++;
    sum[bin] += middle(row);
    right[bin] += row->y_test == row->y_pred;
    total++;
    total_right += row->y_test == row->y_pred;
  }
  MgPredictionCurve curve = points_new(MG_POSITION_BINS);
  for (int bin = 0; bin < MG_POSITION_BINS; bin++)
    if (all[bin] > 0)
      add_point(&curve, sum[bin] / all[bin], right[bin] / all[bin], all[bin]);
  curve.figure = total > 0 ? total_right / total : NAN;
  curve.name = g_strdup_printf(_("accuracy %.3f"), curve.figure);
  g_array_append_val(curves, curve);
}

GArray *
mg_prediction_curves(const MgPredictions *predictions, MgPredictionCurveKind kind, guint most)
{
  GArray *curves = g_array_new(FALSE, FALSE, sizeof(MgPredictionCurve));
  g_array_set_clear_func(curves, clear_curve);
  Known known = collect(predictions);
  if (known.answers.rows > 0 && kind == MG_CURVE_CALIBRATION)
    add_calibration(curves, &known);
  else if (known.answers.rows > 0 && kind == MG_CURVE_POSITION)
    add_position(curves, predictions);
  else if (known.answers.rows > 0)
    add_classes(curves, &known, predictions->labels, kind == MG_CURVE_ROC, most);
  g_free(known.probabilities);
  g_free(known.truth);
  return curves;
}
