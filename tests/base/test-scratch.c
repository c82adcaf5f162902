/* base/scratch: a folder that goes with all that lies in it. */
#include "base/scratch.h"
#include "base/file.h"
#include "support.h"

static void
goes_with_its_files(void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(MgScratch) scratch = mg_scratch_new("test", &error);
  g_assert_no_error(error);
  g_autofree char *path = mg_scratch_path(scratch, "file"), *folder = g_path_get_dirname(path);
  g_autofree char *deeper = mg_scratch_path(scratch, "folder");
  g_assert_nonnull(strstr(folder, "melograph-test-"));
  g_assert_true(mg_folder_make(deeper, &error));
  g_assert_true(mg_file_write(path, "text", 4, &error));
  g_assert_no_error(error);
  g_clear_pointer(&scratch, mg_scratch_free);
  g_assert_false(g_file_test(folder, G_FILE_TEST_EXISTS));
}

static void
each_is_its_own(void)
{
  g_autoptr(MgScratch) one = mg_scratch_new("test", NULL), other = mg_scratch_new("test", NULL);
  g_autofree char *first = mg_scratch_path(one, "file"), *second = mg_scratch_path(other, "file");
  g_assert_cmpstr(first, !=, second);
}

/* Where there is no place for it: a process of its own, as the place is asked for once. */
static void
no_place(void)
{
  g_autoptr(GError) error = NULL;
  if (g_test_subprocess()) {
    g_setenv("TMPDIR", "/nonexistent", TRUE);
    g_assert_null(mg_scratch_new("test", &error));
    g_assert_nonnull(error);
    return;
  }
  g_test_trap_subprocess(NULL, 0, 0);
  g_test_trap_assert_passed();
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/scratch/goes-with-its-files", goes_with_its_files);
  g_test_add_func("/scratch/each-is-its-own", each_is_its_own);
  g_test_add_func("/scratch/no-place", no_place);
  return g_test_run();
}
