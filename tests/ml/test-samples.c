/* ml/samples, ml/scaler: what a table gives, and what is said of a bad one. */
#include "ml/samples.h"
#include "base/error.h"
#include "base/file.h"
#include "ml/scaler.h"
#include "support.h"

static MgSamples *
load(const char *text, const char *group, GError **error)
{
  char *folder = test_folder();
  g_autofree char *path = g_build_filename(folder, "table.csv", NULL);
  g_assert_true(mg_file_write(path, text, strlen(text), NULL));
  MgSamplesLayout layout = {.label = "label", .group = group, .ignore = "filename, length,absent"};
  MgSamples *samples = mg_samples_load(path, &layout, error);
  g_assert_true(samples || !error || strstr((*error)->message, path));
  test_remove(folder);
  return samples;
}

static void
test_load(void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(MgSamples) samples =
      load("filename,length,a,who,b,label\nx.wav,9,1,k,-2.5,rap\ny.wav,8,3e2,l, 4 ,classique\n", "who", &error);
  g_assert_no_error(error);
  g_assert_cmpuint(samples->x->rows, ==, 2);
  g_assert_cmpuint(samples->x->cols, ==, 2);
  g_assert_cmpfloat(mg_matrix_row(samples->x, 1)[0], ==, 300);
  g_assert_cmpfloat(mg_matrix_row(samples->x, 0)[1], ==, -2.5f);
  g_assert_cmpstr(samples->columns->pdata[1], ==, "b");
  g_assert_cmpstr(samples->labels->pdata[0], ==, "classique");
  g_assert_cmpint(samples->y[0], ==, 1);
  g_assert_cmpstr(samples->rows[1], ==, "y.wav");
  g_assert_cmpstr(samples->groups[0], ==, "k");
  g_autoptr(MgSamples) picked = mg_samples_pick(samples, (const guint32[]){1, 1, 0}, 3);
  g_assert_cmpfloat(mg_matrix_row(picked->x, 1)[0], ==, 300);
  g_assert_cmpstr(picked->rows[2], ==, "x.wav");
}

static void
test_bad(void)
{
  static const struct {
    const char *text, *part;
    MgError code;
  } cases[] = {
      {"a,label\nnan,x\n1,y\n", "line 2, column “a”", MG_ERROR_FORMAT},
      {"a,label\n1,x\ninf,y\n", "line 3", MG_ERROR_FORMAT},
      {"a,label\n1,x\n1e60,y\n", "line 3", MG_ERROR_FORMAT},
      {"a,label\n,x\n1,y\n", "line 2", MG_ERROR_FORMAT},
      {"a,name,label\n1,text,x\n1,text,y\n", "column “name”: “text”", MG_ERROR_FORMAT},
      {"a,a,label\n1,1,x\n1,1,y\n", "two columns “a”", MG_ERROR_FORMAT},
      {"a,label\n1,x\n1,\n", "line 3 has no label", MG_ERROR_FORMAT},
      {"a,label\n1,x\n2\n", "line 3 has 1 fields", MG_ERROR_FORMAT},
      {"a,label\n1,x\n2,caf\xe9\n", "line 3 is not UTF-8", MG_ERROR_FORMAT},
      {"a,label\n1,x\n2,x\n", "1 classes", MG_ERROR_DATA},
      {"a,label\n", "0 rows", MG_ERROR_DATA},
      {"label\nx\ny\n", "no column", MG_ERROR_DATA},
      {"a,genre\n1,x\n", "“label”", MG_ERROR_USAGE},
      {"", "empty", MG_ERROR_FORMAT},
  };
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    g_assert_null(load(cases[i].text, NULL, &error));
    g_assert_error(error, MG_ERROR, (gint)cases[i].code);
    g_test_message("%s", error->message);
    g_assert_nonnull(strstr(error->message, cases[i].part));
  }
}

static void
test_scaler(void)
{
  g_autoptr(MgMatrix) x = mg_matrix_new(3, 2, NULL);
  memcpy(x->data, (const float[]){1, 5, 2, 5, 6, 5}, 6 * sizeof(float));
  g_autoptr(MgMatrix) copy = mg_matrix_copy(x);
  g_autoptr(MgScaler) minmax = mg_scaler_new("minmax", x), standard = mg_scaler_new("standard", x);
  mg_scaler_apply(minmax, x);
  g_assert_cmpfloat_with_epsilon(x->data[2], 0.2, 1e-6);
  g_assert_cmpfloat(x->data[4], ==, 1);
  g_assert_cmpfloat(x->data[3], ==, 0); /* a constant column */
  mg_scaler_apply(standard, copy);
  g_assert_cmpfloat_with_epsilon(copy->data[0], -0.9258201, 1e-6); /* (1 - 3) / sqrt(14 / 3) */
  g_assert_cmpfloat(copy->data[1], ==, 0);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/samples/load", test_load);
  g_test_add_func("/samples/bad", test_bad);
  g_test_add_func("/scaler", test_scaler);
  return g_test_run();
}
