/* Small sound files for the tests of this folder. */
#pragma once
#include "audio/encoder.h"
#include "support.h"

/* Noise of its own for each name, so that no two files are equal. */
static inline void
write_sound(const char *path, double seconds, int sr)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *folder = g_path_get_dirname(path);
  g_assert_cmpint(g_mkdir_with_parents(folder, 0777), ==, 0);
  size_t n = (size_t)(seconds * sr + 0.5);
  g_autofree float *samples = g_new0(float, n + 1);
  guint32 state = g_str_hash(path) | 1;
  for (size_t i = 0; i < n; i++) {
    state = state * 1664525u + 1013904223u;
    samples[i] = (float)(state >> 8) * 0x1p-24f - 0.5f;
  }
  g_assert_true(mg_wav_write(path, samples, n, 1, sr, FALSE, &error));
  g_assert_no_error(error);
}

static inline char *
add_sound(const char *folder, const char *relative, double seconds)
{
  char *path = g_build_filename(folder, relative, NULL);
  write_sound(path, seconds, 8000);
  return path;
}

static inline void
add_sounds(const char *folder, const char *const *relatives)
{
  for (; *relatives; relatives++)
    g_free(add_sound(folder, *relatives, 0.25));
}

static inline void
add_text(const char *folder, const char *relative, const char *text)
{
  g_autofree char *path = g_build_filename(folder, relative, NULL), *parent = g_path_get_dirname(path);
  g_assert_cmpint(g_mkdir_with_parents(parent, 0777), ==, 0);
  g_assert_true(g_file_set_contents(path, text, -1, NULL));
}
