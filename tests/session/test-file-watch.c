/* A file that changes, goes and comes back while it is open. */
#include "session-support.h"
#include "session/file-watch.h"
#include <glib/gstdio.h>

static char *folder;

static void
test_states(void)
{
  g_autofree char *path = g_build_filename(folder, "sound.wav", NULL), *away = g_build_filename(folder, "away", NULL);
  g_assert_true(g_file_set_contents(path, "one", -1, NULL));
  g_autoptr(MgFileWatch) watch = mg_file_watch_new(path);
  g_assert_cmpint(mg_file_watch_state(watch), ==, MG_FILE_SAME);
  g_assert_cmpint(g_rename(path, away), ==, 0);
  test_wait_for(mg_file_watch_state(watch) == MG_FILE_GONE);
  g_assert_cmpint(g_rename(away, path), ==, 0);
  test_wait_for(mg_file_watch_state(watch) == MG_FILE_SAME);
  g_assert_true(g_file_set_contents(path, "longer", -1, NULL)); /* by another file of that name */
  test_wait_for(mg_file_watch_state(watch) == MG_FILE_CHANGED);
  g_assert_cmpint(g_unlink(path), ==, 0);
  test_wait_for(mg_file_watch_state(watch) == MG_FILE_GONE);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  folder = test_folder();
  g_test_add_func("/file-watch/states", test_states);
  int failed = g_test_run();
  test_remove(folder);
  return failed;
}
