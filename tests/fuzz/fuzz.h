/* What the fuzz targets share. A target is one file (target-NAME.c), its folder of seeds and its line in meson.build;
 * it runs under libFuzzer where clang has it, otherwise under the driver here (driver.c). */
#pragma once
#include "base/file.h"
#include <glib/gstdio.h>
#include <stdlib.h>
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

/* In memory where that is possible: a disk makes it ten times slower. */
static inline const char *
fuzz_folder_path(void)
{
  static char path[64];
  if (!*path)
    g_snprintf(path, sizeof path, "%s/melograph-fuzz-%d", g_access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp",
               getpid());
  return path;
}

static inline void
fuzz_forget_folder(void)
{
  mg_folder_remove(fuzz_folder_path(), NULL);
}

/* The process's own empty folder, which goes when it ends. */
static inline const char *
fuzz_folder(void)
{
  static gboolean called;
  if (!called)
    atexit(fuzz_forget_folder);
  called = TRUE;
  g_assert_true(mg_folder_remove(fuzz_folder_path(), NULL) && mg_folder_make(fuzz_folder_path(), NULL));
  return fuzz_folder_path();
}

/* A file of that folder. */
static inline void
fuzz_put(const char *folder, const char *name, const void *data, size_t n)
{
  g_autofree char *path = g_build_filename(folder, name, NULL);
  FILE *file = g_fopen(path, "wb");
  g_assert_true(file && fwrite(data, 1, n, file) == n && fclose(file) == 0);
}

/* A reader gives something, or one line that tells why not. */
static inline void
fuzz_check(gconstpointer result, const GError *error)
{
  g_assert_true((result != NULL) == (error == NULL));
  if (error && (!*error->message || strchr(error->message, '\n')))
    g_error("not one line: “%s”", error->message);
}
