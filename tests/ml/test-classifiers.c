/* Every classifier of the table: learns what can be learned, gives probabilities, comes back from a file as it was. */
#include "ml/classifier.h"
#include "base/error.h"
#include "base/rng.h"
#include "support.h"
#include <string.h>

enum { ROWS = 240, FEATURES = 5, CLASSES = 3 };

typedef struct {
  MgMatrix *x;
  int y[ROWS];
} Blobs;

/* Three clouds whose middles lie apart in two of the features; the last feature is constant. */
static Blobs
make_blobs(guint64 seed, double spread)
{
  static const double middles[CLASSES][2] = {{0, 0}, {3, 0}, {0, 3}};
  Blobs blobs = {.x = mg_matrix_new(ROWS, FEATURES, NULL)};
  MgRng rng = mg_rng_new(seed);
  for (int row = 0; row < ROWS; row++) {
    float *x = mg_matrix_row(blobs.x, row);
    blobs.y[row] = row % CLASSES;
    for (int f = 0; f < FEATURES - 1; f++)
      x[f] = (float)(spread * mg_rng_normal(&rng) + (f < 2 ? middles[row % CLASSES][f] : 0));
    x[FEATURES - 1] = 7;
  }
  return blobs;
}

static MgLesson
lesson_of(const Blobs *blobs, const MgParams *params)
{
  return (MgLesson){.x = blobs->x, .y = blobs->y, .classes = CLASSES, .params = params, .seed = 1, .threads = 2};
}

static double
accuracy_of(const Blobs *blobs, const MgMatrix *probabilities)
{
  int right = 0;
  for (size_t row = 0; row < ROWS; row++) {
    const float *p = mg_matrix_row(probabilities, row);
    double sum = 0;
    int best = 0;
    for (int c = 0; c < CLASSES; c++) {
      g_assert_cmpfloat(p[c], >=, 0);
      sum += p[c];
      best = p[c] > p[best] ? c : best;
    }
    g_assert_cmpfloat_with_epsilon(sum, 1, 1e-5);
    right += best == blobs->y[row];
  }
  return (double)right / ROWS;
}

static void
test_learns(gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(MgParams) params = mg_classifier_params(data);
  Blobs train = make_blobs(1, 0.6), test = make_blobs(2, 0.6);
  MgLesson lesson = lesson_of(&train, params);
  g_autoptr(MgClassifier) classifier = mg_classifier_fit(data, &lesson, &error);
  g_assert_no_error(error);
  g_autoptr(MgMatrix) probabilities = mg_matrix_new(ROWS, CLASSES, NULL);
  mg_classifier_predict(classifier, test.x, probabilities);
  double accuracy = accuracy_of(&test, probabilities);
  g_test_message("accuracy %.3f", accuracy);
  g_assert_cmpfloat(accuracy, >, 0.93);
  mg_matrix_free(train.x);
  mg_matrix_free(test.x);
}

static void
test_importances(gconstpointer data)
{
  const MgClassifierClass *class = data;
  if (!class->importances) {
    g_test_message("has none of its own");
    return;
  }
  g_autoptr(MgParams) params = mg_classifier_params(class);
  Blobs train = make_blobs(1, 0.6);
  MgLesson lesson = lesson_of(&train, params);
  g_autoptr(MgClassifier) classifier = mg_classifier_fit(class, &lesson, NULL);
  double importance[FEATURES], sum = 0;
  class->importances(classifier, importance);
  for (int f = 0; f < FEATURES; f++) {
    g_assert_cmpfloat(importance[f], >=, 0);
    sum += importance[f];
  }
  g_assert_cmpfloat_with_epsilon(sum, 1, 1e-6);
  g_assert_cmpfloat(importance[0] + importance[1], >, 0.6);
  mg_matrix_free(train.x);
}

/* The same lesson gives the same classifier, and so does a file. */
static void
test_same(gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(MgParams) params = mg_classifier_params(data);
  Blobs train = make_blobs(1, 1.5);
  MgLesson lesson = lesson_of(&train, params);
  g_autoptr(MgClassifier) one = mg_classifier_fit(data, &lesson, NULL), other = mg_classifier_fit(data, &lesson, NULL);
  g_autoptr(GPtrArray) tensors = g_ptr_array_new_with_free_func((GDestroyNotify)mg_tensor_free);
  g_autoptr(GHashTable) facts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  mg_classifier_save(one, tensors, facts);
  g_autoptr(MgClassifier) loaded = mg_classifier_load(tensors, facts, &error);
  g_assert_no_error(error);
  g_autoptr(MgMatrix) a = mg_matrix_new(ROWS, CLASSES, NULL), b = mg_matrix_copy(a), c = mg_matrix_copy(a);
  mg_classifier_predict(one, train.x, a);
  mg_classifier_predict(other, train.x, b);
  mg_classifier_predict(loaded, train.x, c);
  g_assert_cmpmem(a->data, sizeof(float) * ROWS * CLASSES, b->data, sizeof(float) * ROWS * CLASSES);
  g_assert_cmpmem(a->data, sizeof(float) * ROWS * CLASSES, c->data, sizeof(float) * ROWS * CLASSES);
  mg_matrix_free(train.x);
}

/* What goes on is what would have learned at once. */
static void
test_goes_on(gconstpointer data)
{
  const MgClassifierClass *class = data;
  g_autoptr(GError) error = NULL;
  if (!class->rounds) {
    g_test_message("counts no rounds");
    return;
  }
  g_autoptr(MgParams) params = mg_classifier_params(class);
  mg_params_set_int(params, class->rounds, 9);
  if (mg_params_has(params, "subsample"))
    mg_params_set(params, "subsample", "0.5", NULL);
  Blobs train = make_blobs(1, 1.5);
  MgLesson lesson = lesson_of(&train, params);
  g_autoptr(MgClassifier) whole = mg_classifier_fit(class, &lesson, NULL);
  lesson.until = 2;
  g_autoptr(MgClassifier) parts = mg_classifier_fit(class, &lesson, NULL);
  g_autoptr(MgMatrix) a = mg_matrix_new(ROWS, CLASSES, NULL), b = mg_matrix_copy(a), early = mg_matrix_copy(a);
  mg_classifier_predict(parts, train.x, early);
  lesson.until = 5;
  g_assert_true(mg_classifier_go_on(parts, &lesson, &error));
  lesson.until = 0;
  g_assert_true(mg_classifier_go_on(parts, &lesson, &error));
  g_assert_no_error(error);
  mg_classifier_predict(whole, train.x, a);
  mg_classifier_predict(parts, train.x, b);
  g_assert_cmpmem(a->data, sizeof(float) * ROWS * CLASSES, b->data, sizeof(float) * ROWS * CLASSES);
  g_assert_cmpint(memcmp(early->data, b->data, sizeof(float) * ROWS * CLASSES), !=, 0);
  if (class->importances) {
    double one[FEATURES], other[FEATURES];
    class->importances(whole, one);
    class->importances(parts, other);
    for (int f = 0; f < FEATURES; f++)
      g_assert_cmpfloat_with_epsilon(one[f], other[f], 1e-6);
  }
  mg_matrix_free(train.x);
}

/* A file without one of its parts is refused. */
static void
test_damaged(gconstpointer data)
{
  g_autoptr(MgParams) params = mg_classifier_params(data);
  Blobs train = make_blobs(1, 0.6);
  MgLesson lesson = lesson_of(&train, params);
  g_autoptr(MgClassifier) classifier = mg_classifier_fit(data, &lesson, NULL);
  g_autoptr(GPtrArray) tensors = g_ptr_array_new_with_free_func((GDestroyNotify)mg_tensor_free);
  g_autoptr(GHashTable) facts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  mg_classifier_save(classifier, tensors, facts);
  for (guint i = 0; i < tensors->len; i++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) fewer = g_ptr_array_new();
    for (guint j = 0; j < tensors->len; j++)
      if (j != i)
        g_ptr_array_add(fewer, tensors->pdata[j]);
    g_assert_null(mg_classifier_load(fewer, facts, &error));
    g_assert_error(error, MG_ERROR, MG_ERROR_FORMAT);
  }
  mg_matrix_free(train.x);
}

/* A class without rows, a class with one; one class is too few. */
static void
test_few(gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(MgParams) params = mg_classifier_params(data);
  Blobs train = make_blobs(1, 0.6);
  for (int row = 0; row < ROWS; row++)
    train.y[row] = row == 2 ? 2 : 0;
  MgLesson lesson = lesson_of(&train, params);
  g_autoptr(MgClassifier) classifier = mg_classifier_fit(data, &lesson, &error);
  g_assert_no_error(error);
  g_autoptr(MgMatrix) probabilities = mg_matrix_new(ROWS, CLASSES, NULL);
  mg_classifier_predict(classifier, train.x, probabilities);
  g_assert_cmpfloat(accuracy_of(&train, probabilities), >, 0.98);
  train.y[2] = 0;
  g_assert_null(mg_classifier_fit(data, &lesson, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_DATA);
  mg_matrix_free(train.x);
}

/* What scikit-learn 1.2 answers: KNeighborsClassifier(3) on points of a line, of which two are equally far. */
static void
test_neighbours(void)
{
  static const struct {
    const char *weights;
    float x, expected[2];
  } cases[] = {{"uniform", 1.5f, {2 / 3.0f, 1 / 3.0f}},
               {"uniform", 5, {1 / 3.0f, 2 / 3.0f}},
               {"distance", 1, {1, 0}},
               {"distance", 1.5f, {4 / 7.0f, 3 / 7.0f}}};
  g_autoptr(MgMatrix) x = mg_matrix_new(6, 1, NULL);
  memcpy(x->data, (const float[]){0, 1, 2, 4, 6, 8}, 6 * sizeof(float));
  int y[] = {0, 0, 0, 1, 1, 1};
  const MgClassifierClass *class = mg_classifier_class_find("knn", NULL);
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(MgParams) params = mg_classifier_params(class);
    g_assert_true(mg_params_set(params, "n_neighbors", "3", NULL) &&
                  mg_params_set(params, "weights", cases[i].weights, NULL));
    y[2] = cases[i].x == 1.5f;
    MgLesson lesson = {.x = x, .y = y, .classes = 2, .params = params, .threads = 1};
    g_autoptr(MgClassifier) classifier = mg_classifier_fit(class, &lesson, NULL);
    float answer[2];
    class->predict(classifier, &cases[i].x, 1, answer);
    g_assert_cmpfloat_with_epsilon(answer[0], cases[i].expected[0], 1e-6);
    g_assert_cmpfloat_with_epsilon(answer[1], cases[i].expected[1], 1e-6);
  }
}

/* Every kernel and both kinds of probabilities, from a file too; settings that cannot be. */
static void
test_support_vectors(void)
{
  static const char *const settings[] = {"kernel=rbf gamma=auto", "kernel=linear C=2", "kernel=poly degree=2 coef0=1",
                                         "kernel=rbf probability=true", "gamma=0.3"};
  const MgClassifierClass *class = mg_classifier_class_find("svc", NULL);
  Blobs train = make_blobs(1, 0.6), test = make_blobs(2, 0.6);
  for (size_t i = 0; i < G_N_ELEMENTS(settings); i++) {
    g_autoptr(MgParams) params = mg_classifier_params(class);
    g_auto(GStrv) texts = g_strsplit(settings[i], " ", -1);
    for (char **text = texts; *text; text++)
      g_assert_true(mg_params_assign(params, *text, NULL));
    MgLesson lesson = lesson_of(&train, params);
    g_autoptr(MgClassifier) classifier = mg_classifier_fit(class, &lesson, NULL);
    g_autoptr(GPtrArray) tensors = g_ptr_array_new_with_free_func((GDestroyNotify)mg_tensor_free);
    g_autoptr(GHashTable) facts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    mg_classifier_save(classifier, tensors, facts);
    g_autoptr(MgClassifier) loaded = mg_classifier_load(tensors, facts, NULL);
    g_autoptr(MgMatrix) a = mg_matrix_new(ROWS, CLASSES, NULL), b = mg_matrix_copy(a);
    mg_classifier_predict(classifier, test.x, a);
    mg_classifier_predict(loaded, test.x, b);
    g_test_message("%s: accuracy %.3f", settings[i], accuracy_of(&test, a));
    g_assert_cmpfloat(accuracy_of(&test, a), >, 0.9);
    g_assert_cmpmem(a->data, sizeof(float) * ROWS * CLASSES, b->data, sizeof(float) * ROWS * CLASSES);
  }
  g_autoptr(GError) error = NULL;
  g_autoptr(MgParams) params = mg_classifier_params(class);
  g_assert_true(mg_params_assign(params, "gamma=much", NULL));
  MgLesson lesson = lesson_of(&train, params);
  g_assert_null(mg_classifier_fit(class, &lesson, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_USAGE);
  mg_matrix_free(train.x);
  mg_matrix_free(test.x);
}

int
main(int argc, char **argv)
{
  static const struct {
    const char *name;
    GTestDataFunc func;
  } tests[] = {{"learns", test_learns},   {"importances", test_importances}, {"same", test_same},
               {"goes-on", test_goes_on}, {"damaged", test_damaged},         {"few", test_few}};
  g_test_init(&argc, &argv, NULL);
  for (const MgClassifierClass *const *class = mg_classifier_classes(); *class; class ++)
    for (size_t i = 0; i < G_N_ELEMENTS(tests); i++) {
      g_autofree char *path = g_strdup_printf("/classifiers/%s/%s", (*class)->name, tests[i].name);
      g_test_add_data_func(path, *class, tests[i].func);
    }
  g_test_add_func("/classifiers/knn/neighbours", test_neighbours);
  g_test_add_func("/classifiers/svc/settings", test_support_vectors);
  return g_test_run();
}
