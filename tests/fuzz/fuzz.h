/* What the fuzz targets share. A target is one file (target-NAME.c), its folder of seeds and its line in meson.build;
 * it runs under libFuzzer where clang has it, otherwise under the driver here (driver.c). */
#pragma once
#include <glib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const guint8 *data, size_t n);

/* A file in memory that holds the data; its path lasts until the next call. */
static inline const char *
fuzz_file(const guint8 *data, size_t n)
{
  static char path[32];
  static int file = -1;
  if (file < 0)
    file = memfd_create("fuzz", 0);
  g_assert_true(file >= 0 && ftruncate(file, 0) == 0 && pwrite(file, data, n, 0) == (ssize_t)n);
  g_snprintf(path, sizeof path, "/proc/self/fd/%d", file);
  return path;
}

/* A reader gives something, or one line that tells why not. */
static inline void
fuzz_check(gconstpointer result, const GError *error)
{
  g_assert_true((result != NULL) == (error == NULL));
  g_assert_true(!error || (*error->message && !strchr(error->message, '\n')));
}
