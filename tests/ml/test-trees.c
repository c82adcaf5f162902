/* ml/columns, ml/trees and the forest on them: codes, exact cuts, threads that change nothing, ways that end. */
#include "base/error.h"
#include "base/rng.h"
#include "ml/classifier.h"
#include "ml/columns.h"
#include "ml/trees.h"
#include "support.h"

enum { ROWS = 90, FEATURES = 4, CLASSES = 3 };

typedef struct {
  MgMatrix *x;
  int y[ROWS];
} Table;

static Table
make_table(guint64 seed)
{
  Table table = {.x = mg_matrix_new(ROWS, FEATURES, NULL)};
  MgRng rng = mg_rng_new(seed);
  for (int row = 0; row < ROWS; row++) {
    float *x = mg_matrix_row(table.x, row);
    for (int f = 0; f < FEATURES; f++)
      x[f] = f == 1 ? (float)mg_rng_below(&rng, 5) : mg_rng_normal(&rng);
    table.y[row] = (int)mg_rng_below(&rng, 2) + (x[2] > 0.3f);
  }
  return table;
}

static MgClassifier *
grow(const Table *table, const char *settings, int threads)
{
  const MgClassifierClass *class = mg_classifier_class_find("random-forest", NULL);
  g_autoptr(MgParams) params = mg_classifier_params(class);
  g_auto(GStrv) list = g_strsplit(settings, " ", -1);
  for (char **setting = list; *setting; setting++)
    g_assert_true(mg_params_assign(params, *setting, NULL));
  MgLesson lesson = {.x = table->x, .y = table->y, .classes = CLASSES, .params = params, .seed = 5, .threads = threads};
  MgClassifier *forest = mg_classifier_fit(class, &lesson, NULL);
  g_assert_nonnull(forest);
  return forest;
}

static void
test_codes(void)
{
  static const float values[] = {3, -1, 3, 0, -0.0f, 1e30f};
  g_autoptr(MgMatrix) x = mg_matrix_new(G_N_ELEMENTS(values), 1, NULL);
  memcpy(x->data, values, sizeof values);
  g_autoptr(MgColumns) columns = mg_columns_new(x, 65536, 1, NULL, NULL);
  static const guint16 codes[] = {2, 0, 2, 1, 1, 3};
  g_assert_cmpmem(columns->codes, sizeof codes, codes, sizeof codes);
  g_assert_cmpuint(columns->n[0], ==, 4);
  g_assert_cmpfloat(mg_columns_threshold(columns, 0, 0, 1), ==, -0.5);
  g_assert_cmpfloat(mg_columns_threshold(columns, 0, 0, 2), ==, 1);
}

/* More values than codes: neighbours share one, and thresholds still part them. */
static void
test_merged_codes(void)
{
  enum { MANY = 1000, CODES = 64 };
  g_autoptr(MgMatrix) x = mg_matrix_new(MANY, 2, NULL);
  for (int row = 0; row < MANY; row++) {
    mg_matrix_row(x, row)[0] = (float)((row * 389) % MANY);
    mg_matrix_row(x, row)[1] = 4;
  }
  g_autoptr(MgColumns) columns = mg_columns_new(x, CODES, 2, NULL, NULL);
  g_assert_cmpuint(columns->n[0], ==, CODES);
  g_assert_cmpuint(columns->n[1], ==, 1);
  float threshold = mg_columns_threshold(columns, 0, 19, 20);
  for (int row = 0; row < MANY; row++)
    g_assert_true((columns->codes[row] > 19) == (mg_matrix_row(x, row)[0] > threshold));
}

/* Weight * (1 - Gini impurity) of the rows on one side. */
static double
purity(const Table *table, int feature, float threshold, gboolean right)
{
  double count[CLASSES] = {0}, sum = 0, squares = 0;
  for (int row = 0; row < ROWS; row++)
    if ((mg_matrix_row(table->x, row)[feature] > threshold) == right)
      count[table->y[row]]++;
  for (int c = 0; c < CLASSES; c++) {
    sum += count[c];
    squares += count[c] * count[c];
  }
  return sum > 0 ? squares / sum : 0;
}

/* A tree of one cut has the best of all cuts. */
static void
test_best_cut(void)
{
  for (guint64 seed = 1; seed < 6; seed++) {
    Table table = make_table(seed);
    g_autoptr(MgClassifier) stump = grow(&table, "n_estimators=1 max_depth=1 max_features=all bootstrap=false", 1);
    g_autoptr(GPtrArray) tensors = g_ptr_array_new_with_free_func((GDestroyNotify)mg_tensor_free);
    g_autoptr(GHashTable) facts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    mg_classifier_save(stump, tensors, facts);
    g_autoptr(MgTrees) trees = mg_trees_load(tensors, CLASSES, FEATURES, NULL);
    const MgTreeNode *root = mg_trees_root(trees, 0);
    double found = purity(&table, root->feature, root->threshold, TRUE) +
                   purity(&table, root->feature, root->threshold, FALSE),
           best = 0;
    for (int f = 0; f < FEATURES; f++)
      for (int row = 0; row < ROWS; row++) {
        float threshold = mg_matrix_row(table.x, row)[f];
        best = MAX(best, purity(&table, f, threshold, TRUE) + purity(&table, f, threshold, FALSE));
      }
    g_assert_cmpfloat_with_epsilon(found, best, 1e-9);
    mg_matrix_free(table.x);
  }
}

/* A tree without limits that has seen every row knows them all; with a limit it cannot. */
static void
test_limits(void)
{
  Table table = make_table(1);
  g_autoptr(MgMatrix) p = mg_matrix_new(ROWS, CLASSES, NULL);
  static const char *const settings[] = {"n_estimators=1 bootstrap=false",
                                         "n_estimators=1 bootstrap=false min_samples_leaf=30"};
  for (int limited = 0; limited < 2; limited++) {
    g_autoptr(MgClassifier) tree = grow(&table, settings[limited], 1);
    mg_classifier_predict(tree, table.x, p);
    int sure = 0;
    for (int row = 0; row < ROWS; row++)
      sure += mg_matrix_row(p, row)[table.y[row]] == 1;
    g_assert_true(limited ? sure < ROWS : sure == ROWS);
  }
  mg_matrix_free(table.x);
}

static void
test_threads(void)
{
  Table table = make_table(2);
  g_autoptr(MgMatrix) a = mg_matrix_new(ROWS, CLASSES, NULL), b = mg_matrix_copy(a);
  g_autoptr(MgClassifier) one = grow(&table, "n_estimators=40 class_weight=balanced", 1),
                          three = grow(&table, "n_estimators=40 class_weight=balanced", 3);
  mg_classifier_predict(one, table.x, a);
  mg_classifier_predict(three, table.x, b);
  g_assert_cmpmem(a->data, sizeof(float) * ROWS * CLASSES, b->data, sizeof(float) * ROWS * CLASSES);
  mg_matrix_free(table.x);
}

/* A single row is refused, two rows are enough. */
static void
test_two_rows(void)
{
  const MgClassifierClass *class = mg_classifier_class_find("random-forest", NULL);
  g_autoptr(MgParams) params = mg_classifier_params(class);
  g_autoptr(MgMatrix) x = mg_matrix_new(2, 1, NULL), p = mg_matrix_new(2, 2, NULL), single = mg_matrix_new(1, 1, NULL);
  g_autoptr(GError) error = NULL;
  x->data[1] = 1;
  const int y[] = {0, 1};
  MgLesson lesson = {.x = x, .y = y, .classes = 2, .params = params, .threads = 1};
  g_autoptr(MgClassifier) forest = mg_classifier_fit(class, &lesson, NULL);
  mg_classifier_predict(forest, x, p);
  g_assert_true(p->data[0] > 0.5 && p->data[3] > 0.5);
  lesson.x = single;
  g_assert_null(mg_classifier_fit(class, &lesson, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_DATA);
}

/* Every number of the saved nodes and roots, spoilt: refused, or still a tree whose ways end. */
static void
test_astray(void)
{
  Table table = make_table(3);
  g_autoptr(MgClassifier) forest = grow(&table, "n_estimators=3", 1);
  g_autoptr(GPtrArray) tensors = g_ptr_array_new_with_free_func((GDestroyNotify)mg_tensor_free);
  g_autoptr(GHashTable) facts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr(MgMatrix) p = mg_matrix_new(ROWS, CLASSES, NULL);
  mg_classifier_save(forest, tensors, facts);
  static const float wrong[] = {-1, 0, 1, 5, 70000, 1e30f, NAN, -INFINITY};
  int refused = 0;
  for (guint t = 0; t < 2; t++) {
    MgTensor *tensor = tensors->pdata[t];
    for (size_t i = 0; i < tensor->n; i++)
      for (size_t j = 0; j < G_N_ELEMENTS(wrong); j++) {
        float right = tensor->data[i];
        tensor->data[i] = wrong[j];
        g_autoptr(MgClassifier) loaded = mg_classifier_load(tensors, facts, NULL);
        tensor->data[i] = right;
        refused += !loaded;
        if (loaded)
          mg_classifier_predict(loaded, table.x, p);
      }
  }
  g_assert_cmpint(refused, >, 100);
  mg_matrix_free(table.x);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/trees/codes", test_codes);
  g_test_add_func("/trees/merged-codes", test_merged_codes);
  g_test_add_func("/trees/best-cut", test_best_cut);
  g_test_add_func("/trees/limits", test_limits);
  g_test_add_func("/trees/threads", test_threads);
  g_test_add_func("/trees/two-rows", test_two_rows);
  g_test_add_func("/trees/astray", test_astray);
  return g_test_run();
}
