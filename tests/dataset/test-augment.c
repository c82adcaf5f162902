#include "dataset/augment.h"
#include "support.h"

enum { BINS = 3, FRAMES = 50 };

static void
fill(float *picture)
{
  for (int i = 0; i < BINS * FRAMES; i++)
    picture[i] = i % FRAMES + 1;
}

/* A row holds 1, 2, …, so every value tells where it came from. */
static void
test_pads(void)
{
  static const MgParamTable *const tables[] = {&mg_augment_params, NULL};
  g_autoptr(MgParams) params = mg_params_new(tables);
  g_assert_true(mg_params_set(params, "augment", "time-shift", NULL));
  MgRng rng = mg_rng_new(3);
  int smallest = 0, largest = 0;
  for (int round = 0; round < 200; round++) {
    float picture[BINS * FRAMES];
    fill(picture);
    mg_augment_picture(picture, BINS, FRAMES, -80, params, &rng);
    int middle = (int)picture[FRAMES / 2], shift = FRAMES / 2 + 1 - middle;
    smallest = MIN(smallest, shift);
    largest = MAX(largest, shift);
    for (int i = 0; i < BINS * FRAMES; i++) {
      int from = i % FRAMES - shift;
      g_assert_cmpfloat(picture[i], ==, from < 0 || from >= FRAMES ? -80 : from + 1);
    }
  }
  g_assert_cmpint(smallest, <=, -8);
  g_assert_cmpint(smallest, >=, -10);
  g_assert_cmpint(largest, >=, 8);
  g_assert_cmpint(largest, <=, 10);
}

static void
test_none(void)
{
  static const MgParamTable *const tables[] = {&mg_augment_params, NULL};
  g_autoptr(MgParams) params = mg_params_new(tables);
  MgRng rng = mg_rng_new(3);
  float picture[BINS * FRAMES], before[BINS * FRAMES];
  fill(picture);
  fill(before);
  mg_augment_picture(picture, BINS, FRAMES, -80, params, &rng);
  g_assert_cmpmem(picture, sizeof picture, before, sizeof before);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/augment/pads", test_pads);
  g_test_add_func("/augment/none", test_none);
  return g_test_run();
}
