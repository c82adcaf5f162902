/* What tests share: where things are, how arrays are compared. */
#pragma once
#include "config.h"
#include <glib.h>
#include <glib/gstdio.h>
#include <math.h>

/* A file of the reference and sound data that lie beside the project, or NULL where they are absent: then the test has
 * been marked as skipped, or as failed where MELOGRAPH_SHARED=required. */
static inline char *
test_shared(const char *relative)
{
  char *path = g_build_filename(MG_SOURCE_DIR, "..", "shared", relative, NULL);
  if (g_file_test(path, G_FILE_TEST_EXISTS))
    return path;
  if (g_strcmp0(g_getenv("MELOGRAPH_SHARED"), "required") == 0)
    g_test_fail_printf("%s is required", path);
  else
    g_test_skip(path);
  g_free(path);
  return NULL;
}

/* A file of the tests' own. */
static inline char *
test_file(const char *relative)
{
  return g_build_filename(MG_SOURCE_DIR, "tests", relative, NULL);
}

/* A new empty folder; test_remove() it. */
static inline char *
test_folder(void)
{
  char *folder = g_dir_make_tmp("melograph-test-XXXXXX", NULL);
  g_assert_nonnull(folder);
  return folder;
}

static inline void
test_remove(char *folder)
{
  char *arguments[] = {"rm", "-rf", folder, NULL};
  g_spawn_sync(NULL, arguments, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
  g_free(folder);
}

/* |a - b| / |b| over n values. */
static inline double
test_relative_error(const float *a, const float *b, size_t n)
{
  double difference = 0, size = 0;
  for (size_t i = 0; i < n; i++) {
    difference += ((double)a[i] - b[i]) * ((double)a[i] - b[i]);
    size += (double)b[i] * b[i];
  }
  return sqrt(difference) / (size > 0 ? sqrt(size) : 1);
}
