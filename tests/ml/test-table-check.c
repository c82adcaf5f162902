/* ml/table-check: columns that give the class away, rows that are the same. */
#include "ml/table-check.h"
#include "base/file.h"
#include "base/rng.h"
#include "support.h"
#include <string.h>

enum { ROWS = 120 };

static MgSamples *
load(const char *text, const char *group)
{
  char *folder = test_folder();
  g_autoptr(GError) error = NULL;
  g_autofree char *path = g_build_filename(folder, "table.csv", NULL);
  g_assert_true(mg_file_write(path, text, strlen(text), NULL));
  MgSamplesLayout layout = {.label = "label", .group = group, .ignore = "filename"};
  MgSamples *samples = mg_samples_load(path, &layout, &error);
  g_assert_no_error(error);
  test_remove(folder);
  return samples;
}

/* Sorted by class, as most tables are: a constant and a column of noise tell nothing; a number that counts the rows,
 * and one that is the class's own, do. */
static void
test_columns(void)
{
  g_autoptr(GString) text = g_string_new("Length,noise,constant,counter,code,label\n");
  MgRng rng = mg_rng_new(1);
  for (int row = 0; row < ROWS; row++)
    g_string_append_printf(text, "%d,%g,5,%d,%d,%c\n", row % 7, mg_rng_normal(&rng), row, row / 40 * 7 % 5,
                           'a' + row / 40);
  g_autoptr(MgSamples) samples = load(text->str, NULL);
  g_autoptr(GPtrArray) warnings = g_ptr_array_new_with_free_func(g_free);
  mg_samples_check_columns(samples, warnings);
  g_assert_cmpuint(warnings->len, ==, 3);
  g_assert_nonnull(strstr(warnings->pdata[0], "“Length”"));
  g_assert_nonnull(strstr(warnings->pdata[1], "“counter” alone tells"));
  g_assert_nonnull(strstr(warnings->pdata[2], "“code” alone tells the class of 100.0%"));
}

static void
test_duplicates(void)
{
  g_autoptr(GString) text = g_string_new("a,b,c,d,e,who,label\n");
  MgRng rng = mg_rng_new(1);
  for (int row = 0; row < ROWS; row++) {
    double x[5];
    for (int f = 0; f < 5; f++)
      x[f] = mg_rng_normal(&rng);
    for (int copy = 0; copy < (row == 2 || row == 50 ? 2 : 1); copy++)
      g_string_append_printf(text, "%.7g,%.7g,%.7g,%.7g,%.7g,%s,%c\n", x[0] + (row == 50 ? copy * 1e-3 : 0), x[1], x[2],
                             x[3], x[4], (row == 2 && copy) || row == 100 ? "x" : "", 'a' + row % 2);
  }
  g_autoptr(MgSamples) samples = load(text->str, "who");
  g_auto(MgDuplicates) duplicates = mg_duplicates_find(samples);
  g_assert_cmpuint(duplicates.identical, ==, 1);
  g_assert_cmpuint(duplicates.nearly, ==, 1);
  g_assert_cmpint(duplicates.unit[3], ==, 2);
  g_assert_cmpint(duplicates.unit[52], ==, 51);
  mg_duplicates_group(&duplicates, samples);
  g_assert_cmpstr(samples->groups[2], ==, samples->groups[3]);
  g_assert_cmpstr(samples->groups[2], ==, samples->groups[102]); /* by way of the group x */
  g_assert_cmpstr(samples->groups[0], !=, samples->groups[1]);
}

/* Silence fills half of a table: each of its rows is the same as every other, and nearly the same as one more. */
static void
test_silence(void)
{
  enum { SILENT = 3000 };
  g_autoptr(GString) text = g_string_new("a,b,label\n20,0,x\n");
  MgRng rng = mg_rng_new(1);
  for (int row = 0; row < SILENT; row++)
    g_string_append_printf(text, "0,0,x\n%.7g,%.7g,y\n", mg_rng_between(&rng, 100, 10000),
                           mg_rng_between(&rng, 100, 10000));
  g_autoptr(MgSamples) samples = load(text->str, NULL);
  g_auto(MgDuplicates) duplicates = mg_duplicates_find(samples);
  g_assert_cmpuint(duplicates.identical, ==, SILENT * (SILENT - 1) / 2);
  g_assert_cmpuint(duplicates.nearly, >=, SILENT);
  g_assert_cmpint(duplicates.unit[1], ==, 0);
  g_assert_cmpint(duplicates.unit[2 * SILENT - 1], ==, 0);
}

/* GTZAN's table has 14 pairs of the same music, and two more that hardly differ. */
static void
test_gtzan(void)
{
  g_autofree char *path = test_shared("data/gtzan/features_30_sec.csv");
  if (!path)
    return;
  MgSamplesLayout layout = {.label = "label", .ignore = "filename"};
  g_autoptr(MgSamples) samples = mg_samples_load(path, &layout, NULL);
  g_autoptr(GPtrArray) warnings = g_ptr_array_new_with_free_func(g_free);
  mg_samples_check_columns(samples, warnings);
  g_assert_cmpuint(warnings->len, ==, 1);
  g_assert_nonnull(strstr(warnings->pdata[0], "“length”"));
  layout.ignore = "filename,length";
  g_autoptr(MgSamples) features = mg_samples_load(path, &layout, NULL);
  g_auto(MgDuplicates) duplicates = mg_duplicates_find(features);
  g_assert_cmpuint(duplicates.identical, ==, 14);
  g_assert_cmpuint(duplicates.nearly, ==, 2);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/table-check/columns", test_columns);
  g_test_add_func("/table-check/duplicates", test_duplicates);
  g_test_add_func("/table-check/silence", test_silence);
  g_test_add_func("/table-check/gtzan", test_gtzan);
  return g_test_run();
}
