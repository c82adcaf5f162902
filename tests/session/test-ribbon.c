/* What a run's table says of a track, and how a run without one fails. */
#include "session-support.h"
#include "session/ribbon.h"
#include <glib/gstdio.h>

static char *folder;

static void
write_table(void)
{
  g_autoptr(GPtrArray) labels = g_ptr_array_new();
  g_ptr_array_add(labels, (gpointer) "classique");
  g_ptr_array_add(labels, (gpointer) "rap");
  g_autoptr(MgPredictions) table = mg_predictions_new(labels);
  mg_predictions_add(table, "/tracks/a.wav", 0, 2, 5, 10, (float[]){0.2f, 0.8f});
  mg_predictions_add(table, "/tracks/b.wav", 1, 1, 0, 5, (float[]){0.6f, 0.4f});
  mg_predictions_add(table, "/tracks/a.wav", 0, 1, 0, 5, (float[]){0.9f, 0.1f});
  g_autofree char *path = g_build_filename(folder, "predictions.csv", NULL);
  g_assert_true(mg_predictions_save(table, path, NULL));
}

static void
test_table(void)
{
  write_table();
  g_autoptr(MgRibbon) ribbon = mg_ribbon_new(folder, "/tracks/a.wav");
  g_assert_true(mg_ribbon_working(ribbon));
  test_wait_for(!mg_ribbon_working(ribbon));
  g_assert_null(mg_ribbon_failure(ribbon));
  g_assert_cmpuint(mg_ribbon_n_classes(ribbon), ==, 2);
  g_assert_cmpstr(mg_ribbon_class(ribbon, 1), ==, "rap");
  g_assert_cmpuint(mg_ribbon_n(ribbon), ==, 2);
  g_assert_cmpint(mg_ribbon_get(ribbon, 0)->part, ==, 1); /* by time, whatever the table's order */
  g_assert_cmpint(mg_ribbon_at(ribbon, 7)->y_pred, ==, 1);
  g_assert_null(mg_ribbon_at(ribbon, 10));
  g_assert_true(mg_ribbon_is_of(ribbon, folder, "/tracks/a.wav"));
  g_assert_false(mg_ribbon_is_of(ribbon, folder, "/tracks/b.wav"));
}

/* A track that the table does not have goes to the run's model. */
static void
test_child(void)
{
  write_table();
  g_autofree char *script =
      g_strdup_printf("test \"$1\" = predict && sed s/b.wav/c.wav/g '%s/predictions.csv' > \"$6\"", folder);
  test_fake_program(folder, script);
  g_autoptr(MgRibbon) ribbon = mg_ribbon_new(folder, "/tracks/c.wav");
  test_wait_for(!mg_ribbon_working(ribbon));
  g_assert_null(mg_ribbon_failure(ribbon));
  g_assert_cmpuint(mg_ribbon_n(ribbon), ==, 1);
  g_assert_cmpint(mg_ribbon_get(ribbon, 0)->y_pred, ==, 0);
}

static void
test_no_model(void)
{
  write_table();
  test_fake_program(folder, "echo 'melograph-cli: no checkpoint here' >&2; exit 1");
  g_autoptr(MgRibbon) ribbon = mg_ribbon_new(folder, "/tracks/c.wav");
  test_wait_for(!mg_ribbon_working(ribbon));
  g_assert_cmpuint(mg_ribbon_n(ribbon), ==, 0);
  g_assert_cmpstr(mg_ribbon_failure(ribbon), ==, "no checkpoint here");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  folder = test_folder();
  g_test_add_func("/ribbon/table", test_table);
  g_test_add_func("/ribbon/child", test_child);
  g_test_add_func("/ribbon/no-model", test_no_model);
  int failed = g_test_run();
  test_remove(folder);
  return failed;
}
