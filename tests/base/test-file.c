/* base/file: whole files or none, appended lines or none, full disks, devices, limits. */
#include "base/file-later.h"
#include "base/error.h"
#include "support.h"
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
  char *folder, *path;
} Place;

static void
set_up(Place *place, gconstpointer data)
{
  place->folder = test_folder();
  place->path = g_build_filename(place->folder, "file", NULL);
}

static void
tear_down(Place *place, gconstpointer data)
{
  mg_file_fail_after(-1);
  g_free(place->path);
  test_remove(place->folder);
}

static void
assert_holds(const char *path, const char *expected)
{
  size_t length;
  g_autoptr(GError) error = NULL;
  g_autofree char *contents = mg_file_read(path, 1000, &length, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(contents, ==, expected);
  g_assert_cmpuint(length, ==, strlen(expected));
}

static guint
entries(const char *folder)
{
  guint n = 0;
  GDir *dir = g_dir_open(folder, 0, NULL);
  while (g_dir_read_name(dir))
    n++;
  g_dir_close(dir);
  return n;
}

static void
test_write(Place *place, gconstpointer data)
{
  g_assert_true(mg_file_write(place->path, "first", 5, NULL));
  assert_holds(place->path, "first");
  g_assert_true(mg_file_write(place->path, "", 0, NULL));
  assert_holds(place->path, "");
  g_assert_cmpuint(entries(place->folder), ==, 1);
}

static void
test_unfinished(Place *place, gconstpointer data)
{
  g_assert_true(mg_file_write(place->path, "before", 6, NULL));
  MgFileWriter *writer = mg_file_writer_new(place->path, NULL);
  g_assert_true(mg_file_writer_printf(writer, NULL, "%d %s", 5, "words"));
  assert_holds(place->path, "before");
  mg_file_writer_free(writer);
  assert_holds(place->path, "before");
  g_assert_cmpuint(entries(place->folder), ==, 1);
}

static void
test_full_disk(Place *place, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_assert_true(mg_file_write(place->path, "before", 6, NULL));
  mg_file_fail_after(3);
  g_assert_false(mg_file_write(place->path, "longer", 6, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_IO);
  g_assert_nonnull(strstr(error->message, place->path));
  g_assert_nonnull(strstr(error->message, g_strerror(ENOSPC)));
  mg_file_fail_after(-1);
  assert_holds(place->path, "before");
  g_assert_cmpuint(entries(place->folder), ==, 1);
}

static void
test_append(Place *place, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_assert_true(mg_file_append(place->path, "one\n", 4, NULL));
  g_assert_true(mg_file_append(place->path, "two\n", 4, NULL));
  mg_file_fail_after(2);
  g_assert_false(mg_file_append(place->path, "three\n", 6, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_IO);
  mg_file_fail_after(-1);
  assert_holds(place->path, "one\ntwo\n");
}

static void
test_limit(Place *place, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_assert_true(mg_file_write(place->path, "12345", 5, NULL));
  g_autofree char *all = mg_file_read(place->path, 5, NULL, &error);
  g_assert_cmpstr(all, ==, "12345");
  g_assert_null(mg_file_read(place->path, 4, NULL, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_LIMIT);
  g_clear_error(&error);
  g_assert_null(mg_file_read("/dev/zero", 1 << 20, NULL, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_LIMIT);
}

static void
test_unreadable(Place *place, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_assert_null(mg_file_read(place->path, 10, NULL, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_IO);
  g_assert_nonnull(strstr(error->message, place->path));
  g_clear_error(&error);
  g_assert_null(mg_file_read(place->folder, 10, NULL, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_IO);
}

static void
test_unwritable(Place *place, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *below = g_build_filename(place->path, "deeper", NULL);
  g_assert_false(mg_file_write(below, "x", 1, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_IO);
  g_clear_error(&error);
  g_assert_false(mg_file_append(below, "x", 1, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_IO);
  g_clear_error(&error);
  g_assert_false(mg_file_write(place->folder, "x", 1, &error)); /* a folder is not replaced */
  g_assert_error(error, MG_ERROR, MG_ERROR_IO);
}

static void
test_device(Place *place, gconstpointer data)
{
  GStatBuf status;
  g_assert_true(mg_file_write("/dev/null", "x", 1, NULL));
  g_assert_cmpint(g_stat("/dev/null", &status), ==, 0);
  g_assert_true(S_ISCHR(status.st_mode)); /* written to, not replaced */
}

static void
test_link(Place *place, gconstpointer data)
{
  g_autofree char *link = g_build_filename(place->folder, "link", NULL);
  g_assert_true(mg_file_write(place->path, "before", 6, NULL));
  g_assert_cmpint(symlink(place->path, link), ==, 0);
  g_assert_true(mg_file_write(link, "after", 5, NULL));
  g_assert_true(g_file_test(link, G_FILE_TEST_IS_SYMLINK));
  assert_holds(place->path, "after");
}

static void
test_folders(Place *place, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *deep = g_build_filename(place->folder, "a", "b", "c", NULL);
  g_assert_true(mg_folder_make(deep, NULL));
  g_assert_true(mg_folder_make(deep, NULL));
  g_assert_true(g_file_test(deep, G_FILE_TEST_IS_DIR));
  g_assert_true(mg_file_write(place->path, "x", 1, NULL));
  g_autofree char *below = g_build_filename(place->path, "d", NULL);
  g_assert_false(mg_folder_make(below, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_IO);
}

/* The environment variable is read once a process, so a process of its own tries it. */
static void
test_environment(Place *place, gconstpointer data)
{
  if (g_test_subprocess()) {
    g_assert_true(mg_file_write(g_getenv("TEST_PATH"), "1234", 4, NULL));
    g_assert_false(mg_file_write(g_getenv("TEST_PATH"), "5", 1, NULL));
    g_setenv("MELOGRAPH_TEST_DISK_FULL_IN", "/nowhere/", TRUE);
    g_assert_true(mg_file_write(g_getenv("TEST_PATH"), "elsewhere", 9, NULL));
    return;
  }
  g_setenv("TEST_PATH", place->path, TRUE);
  g_setenv("MELOGRAPH_TEST_DISK_FULL_AFTER", "4", TRUE);
  g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_unsetenv("MELOGRAPH_TEST_DISK_FULL_AFTER");
  g_test_trap_assert_passed();
  assert_holds(place->path, "elsewhere");
}

static void
add_written(GPtrArray *writers, const char *path, const char *text)
{
  MgFileWriter *writer = mg_file_writer_new(path, NULL);
  g_assert_true(mg_file_writer_write(writer, text, strlen(text), NULL));
  g_ptr_array_add(writers, writer);
}

static void
test_later(Place *place, gconstpointer data)
{
  g_autofree char *second = g_build_filename(place->folder, "second", NULL);
  g_autoptr(GError) error = NULL;
  GPtrArray *writers = g_ptr_array_new();
  add_written(writers, place->path, "one");
  add_written(writers, second, "two");
  g_assert_true(mg_files_wait(mg_files_finish_later(writers), &error));
  g_assert_no_error(error);
  assert_holds(place->path, "one");
  assert_holds(second, "two");
  g_assert_cmpuint(entries(place->folder), ==, 2);
  g_assert_true(mg_files_wait(NULL, &error));
}

/* A folder has taken the first one's place meanwhile. */
static void
test_later_fails(Place *place, gconstpointer data)
{
  g_autofree char *second = g_build_filename(place->folder, "second", NULL);
  g_autoptr(GError) error = NULL;
  GPtrArray *writers = g_ptr_array_new();
  add_written(writers, place->path, "one");
  add_written(writers, second, "two");
  g_assert_cmpint(mkdir(place->path, 0700), ==, 0);
  g_assert_false(mg_files_wait(mg_files_finish_later(writers), &error));
  g_assert_nonnull(strstr(error->message, place->path));
  g_assert_cmpuint(entries(place->folder), ==, 1);
  rmdir(place->path);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
#define ADD(name, func) g_test_add("/file/" name, Place, NULL, set_up, func, tear_down)
  ADD("write", test_write);
  ADD("unfinished", test_unfinished);
  ADD("full-disk", test_full_disk);
  ADD("append", test_append);
  ADD("limit", test_limit);
  ADD("unreadable", test_unreadable);
  ADD("unwritable", test_unwritable);
  ADD("device", test_device);
  ADD("link", test_link);
  ADD("folders", test_folders);
  ADD("environment", test_environment);
  ADD("later", test_later);
  ADD("later/fails", test_later_fails);
  return g_test_run();
}
