#include "session-support.h"
#include "session/study-importances.h"
#include "base/rng.h"
#include "train/table-model.h"
#include "train/table-run.h"
#include <math.h>

enum { N = 60 };

/* A model of three features in a run folder: the second tells the class. */
static void
save_model(const char *folder, const char *name)
{
  const MgClassifierClass *class = mg_classifier_class_find(name, NULL);
  g_autoptr(GPtrArray) tables = mg_table_run_tables(class, NULL);
  g_autoptr(MgParams) params = mg_params_new((const MgParamTable *const *)tables->pdata);
  g_autoptr(GString) text = g_string_new("a,b,c,label\n");
  MgRng rng = mg_rng_new(5);
  for (int i = 0; i < N; i++)
    g_string_append_printf(text, "%g,%g,%g,%c\n", mg_rng_normal(&rng), (i % 2 ? 2 : -2) + mg_rng_normal(&rng),
                           mg_rng_normal(&rng), 'p' + i % 2);
  test_write(folder, "table.csv", text->str);
  test_write(folder, "checkpoints/readme", "");
  g_autofree char *table = g_build_filename(folder, "table.csv", NULL);
  g_autofree char *path = g_build_filename(folder, "checkpoints", "best.safetensors", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(MgSamples) samples = mg_samples_load(table, &(MgSamplesLayout){.label = "label"}, &error);
  double seconds;
  g_autoptr(MgTableModel) model = mg_table_model_learn(class, params, samples, NULL, &seconds, &error);
  g_assert_no_error(error);
  g_assert_true(mg_table_model_save(model, path, &error));
}

/* The most important comes first; who has no account of its own, and no model at all. */
static void
test_bars(void)
{
  char *folder = test_folder();
  size_t n;
  g_autoptr(MgStudyImportances) importances = mg_study_importances_new();
  save_model(folder, "random-forest");
  mg_study_importances_open(importances, folder);
  g_assert_true(mg_study_importances_is_reading(importances));
  test_wait_for(!mg_study_importances_is_reading(importances));
  const MgBar *bars = mg_study_importances_bars(importances, &n);
  g_assert_cmpuint(n, ==, 3);
  g_assert_cmpstr(bars[0].name, ==, "b");
  g_assert_cmpfloat(bars[0].value, >, 0.5);
  g_assert_cmpfloat(bars[1].value, >=, bars[2].value);
  g_assert_cmpfloat_with_epsilon(bars[0].value + bars[1].value + bars[2].value, 1, 1e-6);
  save_model(folder, "knn");
  mg_study_importances_open(importances, folder);
  test_wait_for(!mg_study_importances_is_reading(importances));
  mg_study_importances_bars(importances, &n);
  g_assert_cmpuint(n, ==, 0);
  g_assert_cmpstr(mg_study_importances_message(importances), ==, "");
  mg_study_importances_open(importances, "/nowhere");
  mg_study_importances_open(importances, "/nowhere/at/all"); /* the answer to the first is dropped */
  test_wait_for(!mg_study_importances_is_reading(importances));
  g_assert_nonnull(strstr(mg_study_importances_message(importances), "/nowhere/at/all"));
  test_remove(folder);
}

/* Where the run measured what shuffling does, that is told, with its deviation. */
static void
test_permutation(void)
{
  char *folder = test_folder();
  size_t n;
  g_autoptr(MgStudyImportances) importances = mg_study_importances_new();
  test_write(folder, "importances.csv",
             "feature,importance,permutation_mean,permutation_deviation\na,0.7,0.1,0.02\nb,0.3,0.4,0.05\n");
  mg_study_importances_open(importances, folder);
  test_wait_for(!mg_study_importances_is_reading(importances));
  const MgBar *bars = mg_study_importances_bars(importances, &n);
  g_assert_true(mg_study_importances_are_permuted(importances));
  g_assert_cmpuint(n, ==, 2);
  g_assert_cmpstr(bars[0].name, ==, "b");
  g_assert_cmpfloat(bars[0].value, ==, 0.4);
  g_assert_cmpfloat(bars[0].deviation, ==, 0.05);
  test_write(folder, "importances.csv",
             "feature,importance,permutation_mean,permutation_deviation\na,0.7,,\nb,0.3,,\n");
  mg_study_importances_open(importances, folder);
  test_wait_for(!mg_study_importances_is_reading(importances));
  bars = mg_study_importances_bars(importances, &n);
  g_assert_false(mg_study_importances_are_permuted(importances));
  g_assert_cmpstr(bars[0].name, ==, "a");
  test_remove(folder);
}

/* A process measures them; what it wrote is shown, and one that is stopped or fails says so. */
static void
test_measuring(void)
{
  char *folder = test_folder();
  size_t n;
  g_autoptr(GError) error = NULL;
  g_autoptr(MgStudyImportances) importances = mg_study_importances_new();
  save_model(folder, "knn");
  test_fake_program(folder, "[ \"$2 $4 $5\" = \"--run --measure 5\" ] || exit 3\n"
                            "printf 'feature,importance,permutation_mean,permutation_deviation\\na,,0.1,0.02\\n"
                            "b,,0.4,0.05\\n' >\"$3/importances.csv\"");
  mg_study_importances_open(importances, folder);
  test_wait_for(!mg_study_importances_is_reading(importances));
  g_assert_true(mg_study_importances_measure(importances, &error));
  g_assert_true(mg_study_importances_is_measuring(importances));
  test_wait_for(!mg_study_importances_is_measuring(importances) && !mg_study_importances_is_reading(importances));
  const MgBar *bars = mg_study_importances_bars(importances, &n);
  g_assert_true(mg_study_importances_are_permuted(importances));
  g_assert_cmpuint(n, ==, 2);
  g_assert_cmpstr(bars[0].name, ==, "b");

  test_fake_program(folder, "echo 'melograph-cli: the table is gone' >&2; exit 1");
  g_assert_true(mg_study_importances_measure(importances, &error));
  test_wait_for(!mg_study_importances_is_measuring(importances));
  g_assert_cmpstr(mg_study_importances_failure(importances), ==, "the table is gone");

  test_fake_program(folder, "exec sleep 30");
  g_assert_true(mg_study_importances_measure(importances, &error));
  mg_study_importances_stop(importances);
  test_wait_for(!mg_study_importances_is_measuring(importances));
  g_assert_cmpstr(mg_study_importances_failure(importances), ==, "");
  g_assert_true(mg_study_importances_are_permuted(importances)); /* as it was */
  test_remove(folder);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/session/study-importances/bars", test_bars);
  g_test_add_func("/session/study-importances/permutation", test_permutation);
  g_test_add_func("/session/study-importances/measuring", test_measuring);
  return g_test_run();
}
