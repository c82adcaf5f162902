/* Stretches that are like one: the same tone elsewhere comes before noise. */
#include "audio/encoder.h"
#include "base/error.h"
#include "base/rng.h"
#include "dataset/similar.h"
#include "support.h"
#include <math.h>

#define SR 22050

static char *folder, *first, *second;

/* Seconds of a tone of so many Hz, or of noise where that is 0. */
static void
fill(float *samples, int seconds, double hz, guint64 seed)
{
  MgRng rng = mg_rng_new(seed);
  for (int i = 0; i < seconds * SR; i++)
    samples[i] = hz > 0 ? 0.3f * (float)sin(2 * G_PI * hz * i / SR) + 0.001f * (float)mg_rng_normal(&rng)
                        : 0.2f * (float)mg_rng_normal(&rng);
}

static void
make_sounds(void)
{
  g_autofree float *samples = g_new(float, 6 * SR);
  folder = test_folder();
  first = g_build_filename(folder, "a.wav", NULL);
  second = g_build_filename(folder, "b.wav", NULL);
  fill(samples, 3, 800, 1);
  fill(samples + 3 * SR, 3, 0, 2);
  g_assert_true(mg_wav_write(first, samples, 6 * SR, 1, SR, FALSE, NULL));
  fill(samples, 2, 0, 3);
  fill(samples + 2 * SR, 4, 800, 4);
  g_assert_true(mg_wav_write(second, samples, 6 * SR, 1, SR, FALSE, NULL));
}

static void
test_ranking(void)
{
  g_autoptr(MgParams) params = mg_similar_params();
  g_autoptr(GError) error = NULL;
  const char *others[] = {first, second, NULL};
  g_autoptr(GPtrArray) found = mg_similar_find(first, 0, 1, others, params, 5, 2, NULL, NULL, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(found->len, ==, 5);
  for (guint i = 0; i < found->len; i++) {
    const MgSimilar *one = found->pdata[i];
    gboolean tone = g_str_equal(one->path, first) ? one->start >= 1 && one->end <= 3 : one->start >= 2;
    g_assert_true(tone); /* there are six seconds of it besides the stretch */
    g_assert_cmpfloat_with_epsilon(one->end - one->start, 1, 1e-9);
    for (guint k = 0; k < i; k++) {
      const MgSimilar *nearer = found->pdata[k];
      g_assert_cmpfloat(nearer->distance, <=, one->distance);
      g_assert_true(!g_str_equal(nearer->path, one->path) || nearer->end <= one->start || one->end <= nearer->start);
    }
  }
}

static void
test_refusals(void)
{
  g_autoptr(MgParams) params = mg_similar_params();
  g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GError) empty = NULL, gone = NULL, alone = NULL;
  const char *others[] = {second, "/nowhere/c.wav", NULL}, *none[] = {"/nowhere/c.wav", NULL};
  g_assert_null(mg_similar_find(first, 2, 2, others, params, 5, 1, NULL, NULL, &empty));
  g_assert_error(empty, MG_ERROR, MG_ERROR_USAGE);
  g_assert_null(mg_similar_find("/nowhere/d.wav", 0, 1, others, params, 5, 1, NULL, NULL, &gone));
  g_assert_nonnull(strstr(gone->message, "/nowhere/d.wav"));
  g_assert_null(mg_similar_find(first, 0, 1, none, params, 5, 1, problems, NULL, &alone));
  g_assert_error(alone, MG_ERROR, MG_ERROR_DATA);
  g_assert_cmpuint(problems->len, ==, 1);
  g_assert_nonnull(strstr(problems->pdata[0], "c.wav"));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  make_sounds();
  g_test_add_func("/similar/ranking", test_ranking);
  g_test_add_func("/similar/refusals", test_refusals);
  int failed = g_test_run();
  test_remove(folder);
  g_free(first);
  g_free(second);
  return failed;
}
