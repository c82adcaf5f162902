/* Networks as classifiers: their settings, what is held out, what a sequence is. */
#include "ml/classifier.h"
#include "base/error.h"
#include "base/rng.h"
#include "support.h"
#include <string.h>

enum { ROWS = 120, FEATURES = 6 };

typedef struct {
  MgMatrix *x;
  int y[ROWS];
} Rows;

/* The class is told by whether a value grows from the first half of the columns to the second. */
static Rows
make_rows(guint64 seed)
{
  Rows rows = {.x = mg_matrix_new(ROWS, FEATURES, NULL)};
  MgRng rng = mg_rng_new(seed);
  for (int row = 0; row < ROWS; row++) {
    float *x = mg_matrix_row(rows.x, (size_t)row), level = mg_rng_normal(&rng);
    rows.y[row] = row % 2;
    for (int f = 0; f < FEATURES; f++)
      x[f] = level + 0.3f * mg_rng_normal(&rng) + ((f >= FEATURES / 2) == rows.y[row] ? 1 : -1);
  }
  return rows;
}

static MgClassifier *
learn(const char *name, const Rows *rows, const char *settings, int threads, GError **error)
{
  const MgClassifierClass *class = mg_classifier_class_find(name, NULL);
  g_autoptr(MgParams) params = mg_classifier_params(class);
  g_auto(GStrv) texts = g_strsplit(settings, " ", -1);
  for (char **text = texts; *text; text++)
    g_assert_true(!**text || mg_params_assign(params, *text, NULL));
  MgLesson lesson = {.x = rows->x, .y = rows->y, .classes = 2, .params = params, .seed = 3, .threads = threads};
  return mg_classifier_fit(class, &lesson, error);
}

static double
accuracy_of(const MgClassifier *classifier, const Rows *rows)
{
  g_autoptr(MgMatrix) probabilities = mg_matrix_new(ROWS, 2, NULL);
  mg_classifier_predict(classifier, rows->x, probabilities);
  int right = 0;
  for (int row = 0; row < ROWS; row++)
    right += (mg_matrix_row(probabilities, (size_t)row)[1] > 0.5f) == rows->y[row];
  return right / (double)ROWS;
}

/* Every setting learns, whatever the number of threads. */
static void
test_settings(void)
{
  static const struct {
    const char *name, *settings;
  } cases[] = {
      {"fcnn", "hidden=8 dropout=0"},
      {"fcnn", "hidden=32,16,8 early_stop=10 validation_fraction=0.2"},
      {"fcnn", "schedule=on-plateau learning_rate=0.01 plateau_patience=2"},
      {"fcnn", "optimizer=sgd learning_rate=0.05 ema=0.9 class_weights=balanced label_smoothing=0.1"},
      {"lstm", "sequence_length=1 hidden=8"},
      {"cnn", "sequence_length=6 out_channels=8 learning_rate=0.01"},
      {"cnn", "sequence_length=4 out_channels=8 kernel_size=1 output_dropout=0 learning_rate=0.01"},
      {"lstm", "sequence_length=6 hidden=8 layers=2 bidirectional=false dropout=0.2"},
      {"lstm", "sequence_length=4 hidden=16 output=mean early_stop=15"}, /* the last step has no column of its own */
  };
  Rows train = make_rows(1), test = make_rows(2);
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(MgClassifier) one = learn(cases[i].name, &train, cases[i].settings, 1, &error);
    g_assert_no_error(error);
    g_autoptr(MgClassifier) two = learn(cases[i].name, &train, cases[i].settings, 2, NULL);
    double accuracy = accuracy_of(one, &test);
    g_test_message("%s %s: %.3f", cases[i].name, cases[i].settings, accuracy);
    g_assert_cmpfloat(accuracy, >, 0.9);
    g_assert_cmpfloat(accuracy, ==, accuracy_of(two, &test));
  }
  mg_matrix_free(train.x);
  mg_matrix_free(test.x);
}

/* With labels that say nothing, early_stop ends long before the epochs do. */
static void
test_early_stop(void)
{
  Rows train = make_rows(1);
  MgRng rng = mg_rng_new(5);
  for (int row = 0; row < ROWS; row++)
    train.y[row] = (int)mg_rng_below(&rng, 2);
  g_autoptr(MgClassifier) classifier = learn("fcnn", &train, "early_stop=3 epochs=100000 schedule=constant", 1, NULL);
  g_assert_nonnull(classifier); /* comes to an end at all */
  mg_matrix_free(train.x);
}

static void
test_refused(void)
{
  static const struct {
    const char *name, *settings;
    MgError code;
  } cases[] = {
      {"fcnn", "hidden=", MG_ERROR_USAGE},
      {"fcnn", "hidden=30,x", MG_ERROR_USAGE},
      {"fcnn", "hidden=0", MG_ERROR_USAGE},
      {"fcnn", "hidden=99999999", MG_ERROR_USAGE},
      {"lstm", "sequence_length=7", MG_ERROR_USAGE},
      {"cnn", "sequence_length=7", MG_ERROR_USAGE},
      {"fcnn", "optimizer=sgd learning_rate=100 epochs=200 schedule=constant", MG_ERROR_DATA},
  };
  Rows train = make_rows(1);
  for (size_t i = 0; i < train.x->rows * train.x->cols; i++)
    train.x->data[i] *= 1e10f;
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    g_assert_null(learn(cases[i].name, &train, cases[i].settings, 1, &error));
    g_assert_error(error, MG_ERROR, (int)cases[i].code);
    g_assert_null(strchr(error->message, '\n'));
  }
  mg_matrix_free(train.x);
}

/* Facts of a file that do not fit together. */
static void
test_damaged_facts(void)
{
  static const struct {
    const char *key, *value;
  } cases[] = {{"input", "1x2"},
               {"input", "1x1x5"},
               {"input", "1048576x1048576x1048576"},
               {"input", "6x0x1"},
               {"network", "{\"layers\": 3}"},
               {"network", "{\"name\": \"x\", \"layers\": [{\"type\": \"linear\", \"out_features\": \"classes\"}]}"}};
  Rows train = make_rows(1);
  g_autoptr(MgClassifier) classifier = learn("fcnn", &train, "epochs=1", 1, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) tensors = g_ptr_array_new_with_free_func((GDestroyNotify)mg_tensor_free);
    g_autoptr(GHashTable) facts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    mg_classifier_save(classifier, tensors, facts);
    g_hash_table_replace(facts, g_strdup(cases[i].key), g_strdup(cases[i].value));
    g_assert_null(mg_classifier_load(tensors, facts, &error));
    g_assert_error(error, MG_ERROR, MG_ERROR_FORMAT);
  }
  mg_matrix_free(train.x);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/networks/settings", test_settings);
  g_test_add_func("/networks/early-stop", test_early_stop);
  g_test_add_func("/networks/refused", test_refused);
  g_test_add_func("/networks/damaged-facts", test_damaged_facts);
  return g_test_run();
}
