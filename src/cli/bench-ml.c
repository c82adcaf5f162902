/* How long each classifier takes to learn a table and to answer, on one thread and on all. */
#include "cli/bench.h"
#include "base/rng.h"
#include "ml/classifier.h"
#include "ml/samples.h"
#include "ml/scaler.h"
#include <string.h>

/* The settings that tests/bench/tables.py gives to scikit-learn and XGBoost as well. */
static const struct {
  const char *classifier, *settings;
} settings_of[] = {
    {"svc", "C=3"},
    {"xgboost", "n_estimators=300 learning_rate=0.1 max_depth=5 subsample=0.7"},
    {"catboost", "iterations=100"},
};

enum { ROWS = 2000, FEATURES = 57, CLASSES = 10, ONE_IN = 5 };
static const double longest = 3; /* seconds of repeating */

typedef struct {
  const char *table;
  MgMatrix *train, *test; /* every fifth row is answered, the others are learned */
  int *y;
  int classes;
} Rows;

static void
clear_rows(Rows *rows)
{
  mg_matrix_free(rows->train);
  mg_matrix_free(rows->test);
  g_free(rows->y);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Rows, clear_rows)

static void
part_rows(Rows *rows, const MgMatrix *x, const int *y)
{
  size_t n = (x->rows + ONE_IN - 1) / ONE_IN, train = 0, test = 0;
  rows->train = mg_matrix_new(x->rows - n, x->cols, NULL);
  rows->test = mg_matrix_new(n, x->cols, NULL);
  rows->y = g_new(int, x->rows);
  for (size_t row = 0; row < x->rows; row++) {
    float *to = row % ONE_IN ? mg_matrix_row(rows->train, train) : mg_matrix_row(rows->test, test++);
    memcpy(to, mg_matrix_row(x, row), x->cols * sizeof *to);
    if (row % ONE_IN)
      rows->y[train++] = y[row];
  }
  g_autoptr(MgScaler) scaler = mg_scaler_new("standard", rows->train);
  mg_scaler_apply(scaler, rows->train);
  mg_scaler_apply(scaler, rows->test);
}

static gboolean
load_rows(Rows *rows, const char *path, GError **error)
{
  MgSamplesLayout layout = {.label = "label", .ignore = "filename,length"};
  g_autoptr(MgSamples) samples = mg_samples_load(path, &layout, error);
  if (!samples)
    return FALSE;
  rows->table = path;
  rows->classes = (int)samples->labels->len;
  part_rows(rows, samples->x, samples->y);
  return TRUE;
}

/* Clouds that overlap. */
static void
make_rows(Rows *rows)
{
  g_autoptr(MgMatrix) x = mg_matrix_new(ROWS, FEATURES, NULL), middles = mg_matrix_new(CLASSES, FEATURES, NULL);
  g_autofree int *y = g_new(int, ROWS);
  MgRng rng = mg_rng_new(1);
  for (size_t i = 0; i < CLASSES * FEATURES; i++)
    middles->data[i] = 0.4f * mg_rng_normal(&rng);
  for (size_t row = 0; row < ROWS; row++) {
    y[row] = (int)mg_rng_below(&rng, CLASSES);
    for (size_t f = 0; f < FEATURES; f++)
      mg_matrix_row(x, row)[f] = mg_matrix_row(middles, (size_t)y[row])[f] + mg_rng_normal(&rng);
  }
  rows->table = "random";
  rows->classes = CLASSES;
  part_rows(rows, x, y);
}

static MgParams *
params_of(const MgClassifierClass *class)
{
  MgParams *params = mg_classifier_params(class);
  for (size_t i = 0; i < G_N_ELEMENTS(settings_of); i++) {
    g_auto(GStrv) texts = g_strsplit(settings_of[i].settings, " ", -1);
    for (char **text = texts; *text && g_str_equal(settings_of[i].classifier, class->name); text++)
      mg_params_assign(params, *text, NULL);
  }
  return params;
}

/* The medians of the seconds that learning and answering take. */
static gboolean
measure(const MgClassifierClass *class, const Rows *rows, int threads, int repeats, GError **error)
{
  g_autoptr(MgParams) params = params_of(class);
  g_autoptr(MgMatrix) probabilities = mg_matrix_new(rows->test->rows, (size_t)rows->classes, NULL);
  g_autofree double *fit = g_new(double, repeats), *predict = g_new(double, repeats);
  MgLesson lesson = {.x = rows->train, .y = rows->y, .classes = rows->classes, .params = params, .threads = threads};
  double begin = mg_bench_seconds();
  int n = 0;
  for (; n < repeats && (n == 0 || mg_bench_seconds() - begin < longest); n++) {
    double start = mg_bench_seconds();
    g_autoptr(MgClassifier) classifier = mg_classifier_fit(class, &lesson, error);
    if (!classifier)
      return FALSE;
    double middle = mg_bench_seconds();
    mg_classifier_predict(classifier, rows->test, probabilities);
    fit[n] = middle - start;
    predict[n] = mg_bench_seconds() - middle;
  }
  mg_bench_report(json_pack("{s:s, s:s, s:I, s:I, s:i, s:i, s:f, s:f, s:f}", "classifier", class->name, "table",
                            rows->table, "rows", (json_int_t)rows->train->rows, "features",
                            (json_int_t)rows->train->cols, "classes", rows->classes, "threads", threads, "fit_ms",
                            mg_bench_median_ms(fit, n), "predict_ms", mg_bench_median_ms(predict, n), "peak_rss_mb",
                            mg_bench_peak_mb()));
  return TRUE;
}

static gboolean
run(const MgBenchOptions *options, GError **error)
{
  g_auto(Rows) rows = {0};
  for (int i = 0; i < options->n_parts; i++)
    if (!mg_classifier_class_find(options->parts[i], error))
      return FALSE;
  if (options->table && !load_rows(&rows, options->table, error))
    return FALSE;
  if (!options->table)
    make_rows(&rows);
  gboolean good = TRUE;
  for (const MgClassifierClass *const *class = mg_classifier_classes(); *class; class ++)
    for (int threads = 1; good && mg_bench_wants(options, (*class)->name) && threads <= options->threads;
         threads += MAX(1, options->threads - 1)) {
      mg_bench_use_processors(threads);
      good = measure(*class, &rows, threads, options->repeats, error);
    }
  return good;
}

const MgBench mg_bench_ml = {"ml", "classifiers on tables", run};
