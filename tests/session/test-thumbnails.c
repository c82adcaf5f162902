#include "session/thumbnails.h"
#include "audio/encoder.h"
#include "session-support.h"

enum { SR = 22050, N = 2 * SR };

static char *
write_tone(const char *folder, const char *name, double hz)
{
  char *path = g_build_filename(folder, name, NULL);
  g_autofree float *samples = g_new(float, N);
  for (int i = 0; i < N; i++)
    samples[i] = i < N / 2 ? 0 : 0.5F * (float)sin(2 * G_PI * hz * i / SR); /* silent in its first half */
  g_assert_true(mg_wav_write(path, samples, N, 1, SR, FALSE, NULL));
  return path;
}

static GBytes *
wait_for_picture(MgThumbnails *thumbnails, gint64 id, const char *path)
{
  GBytes *levels;
  test_wait_for((levels = mg_thumbnails_get(thumbnails, id, path, 0, 0)));
  return levels;
}

static int
brightest_row(const guint8 *levels, int column)
{
  int best = 0;
  for (int row = 1; row < MG_THUMBNAIL_HEIGHT; row++)
    if (levels[row * MG_THUMBNAIL_WIDTH + column] > levels[best * MG_THUMBNAIL_WIDTH + column])
      best = row;
  return best;
}

/* High sounds are above low ones, silence is dark, and what the cache holds is the same. */
static void
test_pictures(void)
{
  char *folder = test_folder();
  g_autofree char *low = write_tone(folder, "low.wav", 300), *high = write_tone(folder, "high.wav", 6000);
  int rows[2];
  for (int round = 0; round < 2; round++) {
    g_autoptr(MgThumbnails) thumbnails = mg_thumbnails_new();
    const char *const paths[] = {low, high};
    for (int i = 0; i < 2; i++) {
      gsize n;
      const guint8 *levels = g_bytes_get_data(wait_for_picture(thumbnails, i + 1, paths[i]), &n);
      g_assert_cmpuint(n, ==, MG_THUMBNAIL_WIDTH * MG_THUMBNAIL_HEIGHT);
      int row = brightest_row(levels, MG_THUMBNAIL_WIDTH * 3 / 4);
      g_assert_cmpuint(levels[row * MG_THUMBNAIL_WIDTH + MG_THUMBNAIL_WIDTH * 3 / 4], >, 240);
      g_assert_cmpuint(levels[row * MG_THUMBNAIL_WIDTH + MG_THUMBNAIL_WIDTH / 4], ==, 0);
      g_assert_true(round == 0 || row == rows[i]);
      rows[i] = row;
    }
    g_assert_cmpint(rows[1], <, rows[0]);
  }
  test_remove(folder);
}

static void
test_unreadable(void)
{
  char *folder = test_folder();
  g_autofree char *path = g_build_filename(folder, "no.wav", NULL);
  g_assert_true(g_file_set_contents(path, "no sound", -1, NULL));
  g_autoptr(MgThumbnails) thumbnails = mg_thumbnails_new();
  g_assert_cmpuint(g_bytes_get_size(wait_for_picture(thumbnails, 1, path)), ==, 0);
  test_remove(folder);
}

int
main(int argc, char **argv)
{
  char *cache_home = test_folder(); /* not G_TEST_OPTION_ISOLATE_DIRS: GLib never frees the names of its folders */
  g_setenv("XDG_CACHE_HOME", cache_home, TRUE);
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/thumbnails/pictures", test_pictures);
  g_test_add_func("/thumbnails/unreadable", test_unreadable);
  int failed = g_test_run();
  test_remove(cache_home);
  return failed;
}
