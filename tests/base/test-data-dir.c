/* base/data-dir: the order in which the program's own files are looked for. */
#include "base/data-dir.h"
#include "base/error.h"
#include "base/file.h"
#include "support.h"

static void
test_wished_folder(void)
{
  char *folder = test_folder();
  g_autofree char *own = g_build_filename(folder, "meson.build", NULL);
  g_setenv("MELOGRAPH_DATA_DIR", folder, TRUE);
  g_autofree char *from_source = mg_data_dir_find("meson.build", NULL);
  g_assert_true(g_str_has_prefix(from_source, MG_SOURCE_DIR)); /* not in the wished one */
  g_assert_true(mg_file_write(own, "", 0, NULL));
  g_autofree char *found = mg_data_dir_find("meson.build", NULL);
  g_assert_cmpstr(found, ==, own);
  test_remove(folder);
}

static void
test_build_tree(void)
{
  g_unsetenv("MELOGRAPH_DATA_DIR");
  g_autofree char *found = mg_data_dir_find("meson.build", NULL);
  g_assert_cmpstr(found, ==, MG_SOURCE_DIR "/meson.build");
  g_assert_cmpstr(mg_data_dir_locale(), ==, MG_BUILD_DIR "/po");
}

static void
expect_page(const char *languages, const char *name, const char *expected)
{
  g_autoptr(GError) error = NULL;
  g_setenv("LANGUAGE", languages, TRUE);
  g_autofree char *found = mg_data_dir_find_page(name, &error);
  g_assert_no_error(error);
  g_assert_true(g_str_has_suffix(found, expected));
}

/* The first language that has the page; English, which needs no folder, is not passed over for one behind it. */
static void
test_page(void)
{
  char *folder = test_folder();
  g_autoptr(GError) error = NULL;
  g_autofree char *docs = g_build_filename(folder, "docs", "xx", NULL);
  g_autofree char *own = g_build_filename(docs, "own.md", NULL),
                  *page = g_build_filename(folder, "docs", "own.md", NULL);
  g_assert_cmpint(g_mkdir_with_parents(docs, 0700), ==, 0);
  g_assert_true(mg_file_write(own, "", 0, NULL));
  g_assert_true(mg_file_write(page, "", 0, NULL));
  g_setenv("MELOGRAPH_DATA_DIR", folder, TRUE);
  expect_page("xx", "own", "/docs/xx/own.md");
  expect_page("xx_YY.UTF-8", "own", "/docs/xx/own.md");
  expect_page("zz:xx", "own", "/docs/xx/own.md");
  expect_page("zz", "own", "/docs/own.md");
  expect_page("en:xx", "own", "/docs/own.md");
  expect_page("en_GB:xx", "own", "/docs/own.md");
  expect_page("xx", "tutorial", MG_SOURCE_DIR "/docs/tutorial.md");
  expect_page("ru", "tutorial", MG_SOURCE_DIR "/docs/ru/tutorial.md");
  g_assert_null(mg_data_dir_find_page("no-such-page", &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_IO);
  test_remove(folder);
}

static void
test_absent(void)
{
  g_autoptr(GError) error = NULL;
  g_assert_null(mg_data_dir_find("models/no-such-model.json", &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_IO);
  g_assert_nonnull(strstr(error->message, "models/no-such-model.json"));
  g_assert_nonnull(strstr(error->message, MG_SOURCE_DIR));
  g_assert_nonnull(strstr(error->message, MG_DATADIR));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/data-dir/wished-folder", test_wished_folder);
  g_test_add_func("/data-dir/build-tree", test_build_tree);
  g_test_add_func("/data-dir/page", test_page);
  g_test_add_func("/data-dir/absent", test_absent);
  return g_test_run();
}
