/* The trained models that come with the program: found by name, with a card, and as good as the card says on the
 * recordings that they have not seen. */
#include "base/data-dir.h"
#include "base/file.h"
#include "dataset/front-end.h"
#include "support.h"
#include "train/evaluator.h"
#include "train/model-file.h"
#include <string.h>

typedef struct {
  const char *name, *licence, *data, *pattern;
  int classes, files; /* of the held-out recordings, one segment each */
  int right;          /* at least: one less than on the card for rounding of another instruction set */
} Shipped;

static const Shipped shipped[] = {
    {"esc10", "CC BY", "data/esc10", "^5-", 10, 80, 70},
    {"digits", "CC BY-SA", "data/fsdd", "_[0-4]\\.wav$", 10, 300, 297},
};

static MgModel *
load(const Shipped *model)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *path = mg_model_find(model->name, &error);
  g_assert_no_error(error);
  MgModel *loaded = mg_model_load(path, &error);
  g_assert_no_error(error);
  return loaded;
}

/* A small file that knows its classes and nothing of the machine that it was made on; for silence, noise and a click it
 * gives probabilities. */
static void
test_loads(gconstpointer data)
{
  const Shipped *model = data;
  g_autoptr(MgModel) loaded = load(model);
  g_autofree char *path = mg_model_find(model->name, NULL);
  GStatBuf status;
  g_assert_cmpint(g_stat(path, &status), ==, 0);
  g_assert_cmpint(status.st_size, <, 600 * 1024);
  g_assert_cmpuint(loaded->labels->len, ==, model->classes);
  GHashTableIter iter;
  gpointer key, value;
  g_hash_table_iter_init(&iter, loaded->provenance);
  while (g_hash_table_iter_next(&iter, &key, &value))
    g_assert_null(strchr(value, '/'));
  size_t n = mg_shape_size(mg_network_input(loaded->network));
  g_autofree float *picture = g_new(float, n);
  MgRng rng = mg_rng_new(1);
  for (int kind = 0; kind < 3; kind++) {
    for (size_t i = 0; i < n; i++)
      picture[i] = kind == 0 ? -80 : kind == 1 ? mg_rng_between(&rng, -80, 0) : i % 50 == 25 ? 0 : -80;
    float probabilities[16], sum = 0;
    mg_model_predict(loaded, (const float *const[]){picture}, 1, probabilities);
    for (int c = 0; c < model->classes; c++) {
      g_assert_true(isfinite(probabilities[c]));
      sum += probabilities[c];
    }
    g_assert_cmpfloat_with_epsilon(sum, 1, 1e-5);
  }
}

static void
test_card(gconstpointer data)
{
  const Shipped *model = data;
  g_autofree char *relative = g_strdup_printf("models/%s.md", model->name);
  g_autofree char *path = mg_data_dir_find(relative, NULL);
  g_assert_nonnull(path);
  g_autofree char *text = mg_file_read(path, 1 << 20, NULL, NULL);
  static const char *const sections[] = {"## Data", "## Split", "## Figures", "## Confusion", "## Not for"};
  for (size_t i = 0; i < G_N_ELEMENTS(sections); i++)
    if (!strstr(text, sections[i]))
      g_error("%s has no “%s”", path, sections[i]);
  g_assert_nonnull(strstr(text, model->licence));
}

static void
collect(const char *folder, GRegex *pattern, GPtrArray *files)
{
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  for (const char *name; (name = g_dir_read_name(dir));) {
    g_autofree char *path = g_build_filename(folder, name, NULL);
    if (g_file_test(path, G_FILE_TEST_IS_DIR))
      collect(path, pattern, files);
    else if (g_regex_match(pattern, name, 0, NULL))
      g_ptr_array_add(files, g_steal_pointer(&path));
  }
}

/* The class is the folder's name, or what a digit's file name begins with. */
static gboolean
is_right(const MgPredictions *predictions, const MgPrediction *row)
{
  const char *label = predictions->labels->pdata[row->y_pred];
  g_autofree char *folder = g_path_get_dirname(row->track), *class = g_path_get_basename(folder);
  return g_str_equal(class, label) || (strlen(label) == 1 && row->songname[0] == label[0]);
}

static void
test_classifies(gconstpointer data)
{
  const Shipped *model = data;
  g_autofree char *folder = test_shared(model->data);
  if (!folder)
    return;
  g_autoptr(GRegex) pattern = g_regex_new(model->pattern, 0, 0, NULL);
  g_autoptr(GPtrArray) files = g_ptr_array_new_null_terminated(0, g_free, TRUE);
  collect(folder, pattern, files);
  g_assert_cmpuint(files->len, ==, model->files);
  g_autofree char *path = mg_model_find(model->name, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(MgPredictions) predictions =
      mg_predict_files(path, (const char *const *)files->pdata, 1, NULL, NULL, &error);
  g_assert_no_error(error);
  int right = 0;
  for (guint i = 0; i < predictions->predictions->len; i++)
    right += is_right(predictions, predictions->predictions->pdata[i]);
  g_test_message("%s: %d of %u right", model->name, right, predictions->predictions->len);
  g_assert_cmpuint(predictions->predictions->len, ==, model->files);
  g_assert_cmpint(right, >=, model->right);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS(shipped); i++) {
    g_autofree char *loads = g_strdup_printf("/shipped/%s/loads", shipped[i].name);
    g_autofree char *card = g_strdup_printf("/shipped/%s/card", shipped[i].name);
    g_autofree char *classifies = g_strdup_printf("/shipped/%s/classifies", shipped[i].name);
    g_test_add_data_func(loads, &shipped[i], test_loads);
    g_test_add_data_func(card, &shipped[i], test_card);
    g_test_add_data_func(classifies, &shipped[i], test_classifies);
  }
  return g_test_run();
}
