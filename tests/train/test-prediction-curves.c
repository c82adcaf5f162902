/* Curves of a small table whose figures can be told by hand. */
#include "support.h"
#include "train/prediction-curves.h"
#include <math.h>

/* Two tracks of four segments of 2 s; the last segment of each is wrong. */
static MgPredictions *
table(void)
{
  g_autoptr(GPtrArray) labels = g_ptr_array_new();
  g_ptr_array_add(labels, "a");
  g_ptr_array_add(labels, "b");
  g_ptr_array_add(labels, "never");
  MgPredictions *predictions = mg_predictions_new(labels);
  for (int track = 0; track < 2; track++)
    for (int part = 1; part <= 4; part++) {
      float sure = part < 4 ? 0.75f : 0.1875f; /* exact in binary: ties are ties */
      float probabilities[] = {track ? 0.9375f - sure : sure, track ? sure : 0.9375f - sure, 0.0625f};
      mg_predictions_add(predictions, track ? "/t/1.wav" : "/t/0.wav", track, part, 2 * part - 2, 2 * part,
                         probabilities);
    }
  return predictions;
}

static const MgPredictionCurve *
curve(const GArray *curves, guint i)
{
  return &g_array_index(curves, MgPredictionCurve, i);
}

static void
test_classes(void)
{
  g_autoptr(MgPredictions) predictions = table();
  g_autoptr(GArray) roc = mg_prediction_curves(predictions, MG_CURVE_ROC, 8);
  g_assert_cmpuint(roc->len, ==, 2); /* a class that does not occur has none */
  /* Of 16 pairs 9 are in order, 6 tied. */
  g_assert_cmpfloat(curve(roc, 0)->figure, ==, 0.75);
  g_assert_true(g_str_has_prefix(curve(roc, 0)->name, "a, AUC 0."));
  g_assert_cmpfloat(curve(roc, 0)->x[curve(roc, 0)->n - 1], ==, 1);
  g_autoptr(GArray) weakest = mg_prediction_curves(predictions, MG_CURVE_PRECISION_RECALL, 1);
  g_assert_cmpuint(weakest->len, ==, 1);
}

static void
test_calibration(void)
{
  g_autoptr(MgPredictions) predictions = table();
  g_autoptr(GArray) curves = mg_prediction_curves(predictions, MG_CURVE_CALIBRATION, 8);
  g_assert_cmpuint(curves->len, ==, 1);
  g_assert_cmpuint(curve(curves, 0)->n, ==, 1); /* all are 0.75 sure */
  g_assert_cmpfloat(curve(curves, 0)->x[0], ==, 0.75);
  g_assert_cmpfloat(curve(curves, 0)->y[0], ==, 0.75);
  g_assert_cmpfloat(curve(curves, 0)->weights[0], ==, 8);
  g_assert_cmpfloat(curve(curves, 0)->figure, ==, 0);
}

static void
test_position(void)
{
  g_autoptr(MgPredictions) predictions = table();
  g_autoptr(GArray) curves = mg_prediction_curves(predictions, MG_CURVE_POSITION, 8);
  static const double x[] = {1, 3, 5, 7}, y[] = {1, 1, 1, 0};
  g_assert_cmpuint(curve(curves, 0)->n, ==, 4);
  for (int i = 0; i < 4; i++) {
    g_assert_cmpfloat(curve(curves, 0)->x[i], ==, x[i]);
    g_assert_cmpfloat(curve(curves, 0)->y[i], ==, y[i]);
    g_assert_cmpfloat(curve(curves, 0)->weights[i], ==, 2);
  }
  g_assert_cmpfloat(curve(curves, 0)->figure, ==, 0.75);
}

/* Many short segments are gathered; rows without a place or a truth give nothing. */
static void
test_gathered(void)
{
  g_autoptr(GPtrArray) labels = g_ptr_array_new();
  g_ptr_array_add(labels, "a");
  g_ptr_array_add(labels, "b");
  const float probabilities[] = {0.4f, 0.6f};
  g_autoptr(MgPredictions) many = mg_predictions_new(labels), none = mg_predictions_new(labels),
                           rows = mg_predictions_new(labels);
  for (int i = 0; i < 1000; i++) {
    mg_predictions_add(many, "/t/x.wav", i % 2, i + 1, i, i + 1, probabilities);
    mg_predictions_add(none, "/t/x.wav", -1, i + 1, i, i + 1, probabilities);
    mg_predictions_add(rows, "/t/x.csv", 1, 1, 0, 0, probabilities);
  }
  g_autoptr(GArray) curves = mg_prediction_curves(many, MG_CURVE_POSITION, 8);
  g_assert_cmpuint(curve(curves, 0)->n, ==, MG_POSITION_BINS);
  double weights = 0;
  for (size_t i = 0; i < curve(curves, 0)->n; i++)
    weights += curve(curves, 0)->weights[i];
  g_assert_cmpfloat(weights, ==, 1000);
  for (int kind = 0; kind < MG_N_CURVE_KINDS; kind++) {
    g_autoptr(GArray) unknown = mg_prediction_curves(none, kind, 8);
    g_assert_cmpuint(unknown->len, ==, 0);
  }
  g_autoptr(GArray) placeless = mg_prediction_curves(rows, MG_CURVE_POSITION, 8);
  g_assert_cmpuint(placeless->len, ==, 0);
}

static void
test_names(void)
{
  for (int i = 0; i < MG_N_CURVE_KINDS; i++) {
    MgPredictionCurveKind kind;
    g_assert_true(mg_prediction_curve_kind_parse(mg_prediction_curve_kind_name(i), &kind, NULL));
    g_assert_cmpint(kind, ==, i);
  }
  MgPredictionCurveKind kind;
  g_autoptr(GError) error = NULL;
  g_assert_false(mg_prediction_curve_kind_parse("lift", &kind, &error));
  g_assert_nonnull(strstr(error->message, "lift"));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/prediction-curves/classes", test_classes);
  g_test_add_func("/prediction-curves/calibration", test_calibration);
  g_test_add_func("/prediction-curves/position", test_position);
  g_test_add_func("/prediction-curves/gathered", test_gathered);
  g_test_add_func("/prediction-curves/names", test_names);
  return g_test_run();
}
