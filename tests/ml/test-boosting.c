/* Boosted trees: scikit-learn's numbers, threads that change nothing, XGBoost's model as a text, ordered folds. */
#include "base/error.h"
#include "ml/classifier.h"
#include "ml/ordered-fold.h"
#include "ml/symmetric-split.h"
#include "support.h"
#include <math.h>

enum { ROWS = 150, FEATURES = 4, CLASSES = 3 };

typedef struct {
  MgMatrix *x;
  int y[ROWS];
} Table;

/* A table by formulas, so that scikit-learn can be given the same. */
static Table
make_table(void)
{
  Table table = {.x = mg_matrix_new(ROWS, FEATURES, NULL)};
  for (int row = 0; row < ROWS; row++) {
    float *x = mg_matrix_row(table.x, row);
    for (int f = 0; f < FEATURES; f++)
      x[f] = (float)sin(0.7 * (row + 1) * (f + 1) + f);
    double sum = x[0] + (double)x[1] * x[2] + 0.5 * x[3] * x[3] + 0.4 * sin(1.3 * row * row);
    table.y[row] = (sum > -0.2) + (sum > 0.6);
  }
  return table;
}

static MgMatrix *
answers(const Table *table, const char *name, const char *settings, int threads)
{
  const MgClassifierClass *class = mg_classifier_class_find(name, NULL);
  g_autoptr(MgParams) params = mg_classifier_params(class);
  g_auto(GStrv) list = g_strsplit(settings, " ", -1);
  for (char **setting = list; *setting; setting++)
    g_assert_true(mg_params_assign(params, *setting, NULL));
  MgLesson lesson = {.x = table->x, .y = table->y, .classes = CLASSES, .params = params, .seed = 5, .threads = threads};
  g_autoptr(MgClassifier) classifier = mg_classifier_fit(class, &lesson, NULL);
  g_assert_nonnull(classifier);
  MgMatrix *p = mg_matrix_new(ROWS, CLASSES, NULL);
  mg_classifier_predict(classifier, table->x, p);
  return p;
}

/* GradientBoostingClassifier(n_estimators=20).fit(x, y).predict_proba(x), scikit-learn 1.2 */
static void
test_scikit_learn(void)
{
  Table table = make_table();
  g_autoptr(MgMatrix) p = answers(&table, "gradient-boosting", "n_estimators=20", 2);
  static const float first[] = {0.08270166f, 0.75612382f, 0.16117452f},
                     later[] = {0.79843516f, 0.15056258f, 0.05100226f};
  double loss = 0;
  for (int row = 0; row < ROWS; row++)
    loss -= log(mg_matrix_row(p, row)[table.y[row]]) / ROWS;
  g_assert_cmpfloat_with_epsilon(loss, 0.4122679333730979, 1e-5);
  for (int c = 0; c < CLASSES; c++) {
    g_assert_cmpfloat_with_epsilon(mg_matrix_row(p, 0)[c], first[c], 1e-5);
    g_assert_cmpfloat_with_epsilon(mg_matrix_row(p, 77)[c], later[c], 1e-5);
  }
  mg_matrix_free(table.x);
}

static void
test_threads(void)
{
  static const char *const settings[][2] = {{"gradient-boosting", "n_estimators=10 subsample=0.5"},
                                            {"catboost", "iterations=10"},
                                            {"catboost", "iterations=10 boosting_type=ordered"},
                                            {"xgboost", "n_estimators=10 subsample=0.5 colsample_bytree=0.5"}};
  Table table = make_table();
  for (size_t i = 0; i < G_N_ELEMENTS(settings); i++) {
    g_autoptr(MgMatrix) one = answers(&table, settings[i][0], settings[i][1], 1),
                        three = answers(&table, settings[i][0], settings[i][1], 3);
    g_assert_cmpmem(one->data, sizeof(float) * ROWS * CLASSES, three->data, sizeof(float) * ROWS * CLASSES);
  }
  mg_matrix_free(table.x);
}

/* Texts that are not a model of the features and classes that the facts name. */
static void
test_xgboost_text(void)
{
  Table table = make_table();
  const MgClassifierClass *class = mg_classifier_class_find("xgboost", NULL);
  g_autoptr(MgParams) params = mg_classifier_params(class);
  mg_params_set_int(params, "n_estimators", 2);
  MgLesson lesson = {.x = table.x, .y = table.y, .classes = CLASSES, .params = params, .threads = 1};
  g_autoptr(MgClassifier) classifier = mg_classifier_fit(class, &lesson, NULL);
  g_autoptr(GPtrArray) tensors = g_ptr_array_new();
  static const char *const wrong[][2] = {
      {"xgboost", "{}"}, {"xgboost", "{\"learner\": 3}"}, {"xgboost", "nonsense"}, {"features", "7"}, {"classes", "2"}};
  for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(GHashTable) facts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    mg_classifier_save(classifier, tensors, facts);
    g_hash_table_replace(facts, g_strdup(wrong[i][0]), g_strdup(wrong[i][1]));
    g_assert_null(mg_classifier_load(tensors, facts, &error));
    g_assert_error(error, MG_ERROR, MG_ERROR_FORMAT);
    g_assert_null(strchr(error->message, '\n'));
  }
  mg_matrix_free(table.x);
}

/* What a row of a tail is told does not depend on its own class: that is what the order is for. */
static void
test_ordered(void)
{
  Table table = make_table(), other = make_table();
  MgRng rng = mg_rng_new(3), same = mg_rng_new(3);
  g_autoptr(MgOrderedFold) fold = mg_ordered_fold_new(ROWS, table.y, CLASSES, &rng);
  const MgSegment *last = &fold->segments[fold->n - 1];
  g_assert_cmpuint(last->tail, ==, ROWS);
  g_assert_cmpuint(2 * last->body, >=, ROWS);
  guint32 row = fold->order[ROWS - 1];
  other.y[row] = (other.y[row] + 1) % CLASSES;
  g_autoptr(MgOrderedFold) changed = mg_ordered_fold_new(ROWS, other.y, CLASSES, &same);
  guint16 leaf[ROWS];
  for (int i = 0; i < ROWS; i++)
    leaf[i] = (guint16)(i % 4);
  for (int round = 0; round < 3; round++) {
    mg_ordered_fold_add(fold, table.y, leaf, 4, 0.3, 1, NULL);
    mg_ordered_fold_add(changed, other.y, leaf, 4, 0.3, 1, NULL);
  }
  const float *a = last->scores, *b = changed->segments[changed->n - 1].scores;
  g_assert_cmpmem(a, ROWS * CLASSES * sizeof(float), b, ROWS * CLASSES * sizeof(float));
  g_assert_cmpfloat(fabs(a[0]) + fabs(a[1]), >, 0);
  mg_matrix_free(table.x);
  mg_matrix_free(other.x);
}

static int
side_of(const MgColumns *columns, size_t feature, guint code, const guint16 *leaf, guint32 row)
{
  return leaf[row] * 2 + (columns->codes[feature * ROWS + row] > code);
}

/* The score of a border, from its definition: what bodies say, and the tails' gradients. */
static double
cosine(const MgOrderedFold *fold, const MgColumns *columns, size_t feature, guint code, const guint16 *leaf, double l2)
{
  double along = 0, squares = 0;
  for (guint s = 0; s < fold->n; s++) {
    const MgSegment *segment = &fold->segments[s];
    double says[8][CLASSES] = {{0}}, weight[8] = {0};
    for (size_t i = 0; i < segment->body; i++) {
      int side = side_of(columns, feature, code, leaf, fold->order[i]);
      for (int c = 0; c < CLASSES; c++)
        says[side][c] += segment->gradient[i * CLASSES + c];
      weight[side]++;
    }
    for (size_t i = mg_segment_tail(segment); i < segment->tail; i++) {
      int side = side_of(columns, feature, code, leaf, fold->order[i]);
      for (int c = 0; c < CLASSES; c++) {
        double mean = says[side][c] / (weight[side] + l2);
        along += mean * segment->gradient[i * CLASSES + c];
        squares += mean * mean;
      }
    }
  }
  return squares > 0 ? along / sqrt(squares) : 0;
}

/* Ordered, and with one body that is its tail. */
static void
test_split(gconstpointer ordered)
{
  Table table = make_table();
  MgRng rng = mg_rng_new(4);
  g_autoptr(MgColumns) columns = mg_columns_new(table.x, 20, 1, NULL, NULL);
  g_autoptr(MgOrderedFold) fold = mg_ordered_fold_new(ROWS, table.y, CLASSES, ordered ? &rng : NULL);
  g_autoptr(MgSplitSearch) search = mg_split_search_new(columns, CLASSES, 4, 2, 3);
  guint16 leaf[ROWS];
  float weight[ROWS];
  MgSplit splits[FEATURES];
  for (int row = 0; row < ROWS; row++) {
    leaf[row] = (guint16)(row % 4);
    weight[row] = 1;
  }
  mg_ordered_fold_add(fold, table.y, leaf, 4, 0.3, 1, NULL);
  mg_split_search_run(search, fold, weight, leaf, 4, splits);
  for (size_t f = 0; f < FEATURES; f++) {
    double best = -INFINITY;
    for (guint code = 0; code + 1 < columns->n[f]; code++)
      best = MAX(best, cosine(fold, columns, f, code, leaf, 3));
    g_assert_cmpfloat_with_epsilon(splits[f].score, best, 1e-4);
    g_assert_cmpfloat_with_epsilon(splits[f].score, cosine(fold, columns, f, splits[f].code, leaf, 3), 1e-4);
  }
  mg_matrix_free(table.x);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/boosting/scikit-learn", test_scikit_learn);
  g_test_add_func("/boosting/threads", test_threads);
  g_test_add_func("/boosting/xgboost-text", test_xgboost_text);
  g_test_add_func("/boosting/ordered", test_ordered);
  g_test_add_data_func("/boosting/split/ordered", "ordered", test_split);
  g_test_add_data_func("/boosting/split/plain", NULL, test_split);
  return g_test_run();
}
