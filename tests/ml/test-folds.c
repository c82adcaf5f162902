/* ml/folds: even, whole groups, the same for the same seed; what is said of a bad file. */
#include "ml/folds.h"
#include "base/error.h"
#include "base/file.h"
#include "support.h"

/* `rows` rows of classes 0 0 1 0 0 1 …, in groups of `group` rows (0: none). */
static MgSamples *
make_samples(guint32 rows, guint32 group)
{
  MgSamples *samples = g_new0(MgSamples, 1);
  samples->name = g_strdup("table.csv");
  samples->x = mg_matrix_new(rows, 1, NULL);
  samples->y = g_new(int, rows);
  samples->columns = g_ptr_array_new();
  samples->labels = g_ptr_array_new();
  g_ptr_array_add(samples->labels, (char *)"a");
  g_ptr_array_add(samples->labels, (char *)"b");
  samples->groups = group ? g_new0(char *, rows + 1) : NULL;
  for (guint32 row = 0; row < rows; row++) {
    samples->y[row] = row % 3 == 2;
    if (group)
      samples->groups[row] = g_strdup_printf("g%u", row / group);
  }
  return samples;
}

static void
test_even(void)
{
  g_autoptr(MgSamples) samples = make_samples(100, 0);
  g_autofree int *folds = mg_folds_deal(samples, 5, 3, NULL), *same = mg_folds_deal(samples, 5, 3, NULL);
  g_autofree int *other = mg_folds_deal(samples, 5, 4, NULL);
  int counts[5][2] = {{0}}, differ = 0;
  for (int row = 0; row < 100; row++) {
    counts[folds[row]][samples->y[row]]++;
    g_assert_cmpint(folds[row], ==, same[row]);
    differ += folds[row] != other[row];
  }
  g_assert_cmpint(differ, >, 50);
  for (int fold = 0; fold < 5; fold++) {
    g_assert_cmpint(counts[fold][0] + counts[fold][1], ==, 20);
    g_assert_cmpint(counts[fold][1], >=, 6);
    g_assert_cmpint(counts[fold][1], <=, 7);
  }
  size_t inside, outside;
  g_autofree guint32 *in = mg_folds_rows(folds, 100, 2, TRUE, &inside),
                     *out = mg_folds_rows(folds, 100, 2, FALSE, &outside);
  g_assert_cmpuint(inside, ==, 20);
  g_assert_cmpuint(outside, ==, 80);
  g_assert_cmpint(folds[in[7]], ==, 2);
  g_assert_cmpint(folds[out[7]], !=, 2);
}

static void
test_groups(void)
{
  g_autoptr(MgSamples) samples = make_samples(120, 4);
  g_autofree int *folds = mg_folds_deal(samples, 5, 1, NULL);
  int counts[5] = {0};
  for (int row = 0; row < 120; row++) {
    g_assert_cmpint(folds[row], ==, folds[row / 4 * 4]);
    counts[folds[row]]++;
  }
  for (int fold = 0; fold < 5; fold++)
    g_assert_cmpint(counts[fold], ==, 24);
  g_autoptr(GError) error = NULL;
  g_assert_null(mg_folds_deal(samples, 31, 1, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_USAGE);
}

static void
test_files(void)
{
  static const struct {
    const char *text;
    gboolean good;
  } cases[] = {{"row,fold\n2,1\n0,0\n1,0\n", TRUE},  {"row,fold\n0,0\n1,0\n2,0\n", FALSE},
               {"row,fold\n0,0\n0,1\n2,0\n", FALSE}, {"row,fold\n0,0\n1,1\n", FALSE},
               {"row,fold\n0,0\n1,x\n2,0\n", FALSE}, {"row,part\n0,0\n1,1\n2,0\n", FALSE},
               {"row,fold\n0,0\n1,1\n3,0\n", FALSE}};
  g_autoptr(MgSamples) samples = make_samples(3, 0);
  char *folder = test_folder();
  g_autofree char *path = g_build_filename(folder, "folds.csv", NULL);
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    int k;
    g_assert_true(mg_file_write(path, cases[i].text, strlen(cases[i].text), NULL));
    g_autofree int *folds = mg_folds_load(path, samples, &k, &error);
    g_assert_true(cases[i].good == (folds != NULL));
    g_assert_true(cases[i].good || strstr(error->message, path));
    g_assert_true(!cases[i].good || (k == 2 && folds[2] == 1 && folds[0] == 0));
  }
  test_remove(folder);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/folds/even", test_even);
  g_test_add_func("/folds/groups", test_groups);
  g_test_add_func("/folds/file", test_files);
  return g_test_run();
}
