/* What each augmentation keeps, changes and never does. A row of the picture holds 1, 2, …, so every value tells where
 * it came from. */
#include "dataset/augment.h"
#include "support.h"
#include <math.h>

enum { BINS = 6, FRAMES = 50, SIZE = BINS * FRAMES, SILENCE = -80 };

static void
fill(float *picture)
{
  for (int i = 0; i < SIZE; i++)
    picture[i] = i % FRAMES + 1;
}

static MgParams *
params_for(const char *augment)
{
  MgParams *params = mg_params_new(mg_augment_tables());
  g_assert_true(mg_params_set(params, "augment", augment, NULL));
  return params;
}

static void
change(float *picture, const MgParams *params, MgRng *rng)
{
  fill(picture);
  mg_augment_picture(picture, BINS, FRAMES, SILENCE, params, rng);
}

static void
test_time_shift(void)
{
  g_autoptr(MgParams) params = params_for("time-shift");
  MgRng rng = mg_rng_new(3);
  int smallest = 0, largest = 0;
  for (int round = 0; round < 200; round++) {
    float picture[SIZE];
    change(picture, params, &rng);
    int middle = (int)picture[FRAMES / 2], shift = FRAMES / 2 + 1 - middle;
    smallest = MIN(smallest, shift);
    largest = MAX(largest, shift);
    for (int i = 0; i < SIZE; i++) {
      int from = i % FRAMES - shift;
      g_assert_cmpfloat(picture[i], ==, from < 0 || from >= FRAMES ? SILENCE : from + 1);
    }
  }
  g_assert_cmpint(smallest, <=, -8);
  g_assert_cmpint(smallest, >=, -10);
  g_assert_cmpint(largest, >=, 8);
  g_assert_cmpint(largest, <=, 10);
}

/* One stretch of neighbouring frames, at least 70% of all, anywhere, the rest silent. */
static void
test_random_crop(void)
{
  g_autoptr(MgParams) params = params_for("random-crop");
  MgRng rng = mg_rng_new(3);
  int fewest = FRAMES, moved = 0;
  for (int round = 0; round < 200; round++) {
    float picture[SIZE];
    change(picture, params, &rng);
    int first = 0, kept = 0;
    while (picture[first] == SILENCE)
      first++;
    while (first + kept < FRAMES && picture[first + kept] != SILENCE)
      kept++;
    for (int i = 0; i < SIZE; i++) {
      int f = i % FRAMES;
      gboolean silent = f < first || f >= first + kept;
      g_assert_cmpfloat(picture[i], ==, silent ? SILENCE : picture[first] + f - first);
    }
    fewest = MIN(fewest, kept);
    moved += picture[first] != first + 1;
  }
  g_assert_cmpint(fewest, >=, 35);
  g_assert_cmpint(fewest, <=, 37);
  g_assert_cmpint(moved, >, 100);
}

/* With one point all values move alike; with several the gain is the same over a row and differs between rows. */
static void
test_gain(void)
{
  g_autoptr(MgParams) params = params_for("gain");
  MgRng rng = mg_rng_new(3);
  for (int points = 1; points <= 16; points += 3) {
    float picture[SIZE], before[SIZE];
    mg_params_set_int(params, "gain_points", points);
    change(picture, params, &rng);
    fill(before);
    int different = 0;
    for (int i = 0; i < SIZE; i++) {
      float gain = picture[i] - before[i], of_row = picture[i / FRAMES * FRAMES] - 1;
      g_assert_cmpfloat(fabsf(gain), <=, 6);
      g_assert_cmpfloat_with_epsilon(gain, of_row, 1e-5);
      different += fabsf(gain - (picture[0] - 1)) > 1e-3f;
    }
    g_assert_cmpint(different > 0, ==, points > 1);
  }
}

/* Nothing falls below silence. */
static void
test_gain_keeps_silence(void)
{
  g_autoptr(MgParams) params = params_for("gain");
  MgRng rng = mg_rng_new(3);
  float picture[SIZE];
  for (int i = 0; i < SIZE; i++)
    picture[i] = SILENCE + 1;
  for (int round = 0; round < 20; round++) {
    mg_augment_picture(picture, BINS, FRAMES, SILENCE, params, &rng);
    for (int i = 0; i < SIZE; i++)
      g_assert_cmpfloat(picture[i], >=, SILENCE);
  }
}

/* Over silence, the mean power is that of the wished level below the loudest value; elsewhere values only grow. */
static void
test_noise(void)
{
  enum { MANY = 20000 };
  g_autoptr(MgParams) params = params_for("noise");
  g_autofree float *picture = g_new(float, MANY);
  MgRng rng = mg_rng_new(3);
  for (int i = 0; i < MANY; i++)
    picture[i] = i == 0 ? 0 : -200;
  g_assert_true(mg_params_set(params, "noise_range", "0", NULL));
  mg_augment_picture(picture, 1, MANY, -200, params, &rng);
  double power = 0;
  for (int i = 1; i < MANY; i++) {
    g_assert_cmpfloat(picture[i], >=, -200);
    power += pow(10, picture[i] / 10) / (MANY - 1);
  }
  g_assert_cmpfloat_with_epsilon(10 * log10(power), -30, 0.1);
  g_assert_cmpfloat_with_epsilon(picture[0], 0, 0.05);
}

/* Whole rows and whole columns take the mean, at most as many as there are masks times their widths. */
static void
test_spec_augment(void)
{
  g_autoptr(MgParams) params = params_for("spec-augment");
  mg_params_set_float(params, "frequency_mask", 0.34); /* two bins of six */
  MgRng rng = mg_rng_new(3);
  int most_rows = 0, most_columns = 0;
  for (int round = 0; round < 200; round++) {
    float picture[SIZE];
    change(picture, params, &rng);
    gboolean row[BINS], column[FRAMES];
    int rows = 0, columns = 0;
    for (int b = 0; b < BINS; b++)
      rows += row[b] = picture[b * FRAMES] == 25.5f && picture[b * FRAMES + FRAMES - 1] == 25.5f;
    for (int f = 0; f < FRAMES; f++) {
      column[f] = TRUE;
      for (int b = 0; b < BINS; b++)
        column[f] &= picture[b * FRAMES + f] == 25.5f;
      columns += column[f];
    }
    for (int i = 0; i < SIZE; i++)
      g_assert_cmpfloat(picture[i], ==, row[i / FRAMES] || column[i % FRAMES] ? 25.5f : i % FRAMES + 1);
    most_rows = MAX(most_rows, rows);
    most_columns = MAX(most_columns, rows < BINS ? columns : 0);
  }
  g_assert_cmpint(most_rows, ==, 4);
  g_assert_cmpint(most_columns, ==, 10);
}

/* Shares are in [0.5, 1]; Beta(1, 1) is even, so that the larger part is even over that range. */
static void
test_mixup(void)
{
  g_autoptr(MgParams) params = params_for("mixup");
  mg_params_set_float(params, "mixup", 1);
  MgRng rng = mg_rng_new(3);
  double mean = 0, seldom = 0;
  for (int i = 0; i < 4000; i++) {
    float share = mg_augment_mixup_share(params, &rng);
    g_assert_true(share >= 0.5f && share <= 1);
    mean += share / 4000;
  }
  g_assert_cmpfloat_with_epsilon(mean, 0.75, 0.01);
  mg_params_set_float(params, "mixup", 0.01);
  for (int i = 0; i < 1000; i++)
    seldom += mg_augment_mixup_share(params, &rng) < 0.9f;
  g_assert_cmpfloat(seldom, <, 50);
  mg_params_set(params, "augment", "none", NULL);
  g_assert_cmpfloat(mg_augment_mixup_share(params, &rng), ==, 1);
}

static char **
all_names(const MgParams *params)
{
  return g_strsplit(mg_params_spec(params, "augment")->choices, "|", -1);
}

/* Every name that can be wished for does something, the same for the same seed, and gives finite values for a picture
 * of one value. */
static void
test_every_one(void)
{
  g_autoptr(MgParams) params = params_for("none");
  g_auto(GStrv) names = all_names(params);
  for (char **name = names; *name; name++) {
    float before[SIZE], once[SIZE], again[SIZE], tiny = 3;
    g_assert_true(mg_params_set(params, "augment", *name, NULL));
    MgRng rng = mg_rng_new(5), same = rng;
    fill(before);
    change(once, params, &rng);
    change(again, params, &same);
    g_assert_cmpmem(once, sizeof once, again, sizeof again);
    if (!g_str_equal(*name, "mixup"))
      g_assert_cmpint(memcmp(once, before, sizeof once), !=, 0);
    mg_augment_picture(&tiny, 1, 1, SILENCE, params, &rng);
    g_assert_true(isfinite(tiny));
  }
}

/* An augmentation's own parameters count where it is named, and only there. */
static void
test_parameters_count(void)
{
  g_autoptr(MgParams) params = params_for("gain,mixup");
  guint counting = 0;
  for (const MgParamTable *const *table = mg_augment_tables(); *table; table++) {
    gboolean named = g_str_equal((*table)->name, "gain") || g_str_equal((*table)->name, "mixup");
    gboolean first = *table == &mg_augment_params;
    g_assert_cmpint(mg_params_table_counts(params, *table), ==, named || first);
    counting += named;
  }
  g_assert_cmpuint(counting, ==, 2);
}

static void
test_none(void)
{
  g_autoptr(MgParams) params = params_for("none");
  MgRng rng = mg_rng_new(3);
  float picture[SIZE], before[SIZE];
  change(picture, params, &rng);
  fill(before);
  g_assert_cmpmem(picture, sizeof picture, before, sizeof before);
}

/* Several names: each does its part. */
static void
test_several(void)
{
  g_autoptr(MgParams) params = params_for("spec-augment,time-shift");
  g_assert_cmpstr(mg_params_text(params, "augment"), ==, "time-shift,spec-augment");
  MgRng rng = mg_rng_new(4);
  gboolean silent = FALSE, masked = FALSE;
  for (int round = 0; round < 20; round++) {
    float picture[SIZE];
    change(picture, params, &rng);
    for (int i = 0; i < SIZE; i++) {
      silent |= picture[i] == SILENCE;
      masked |= picture[i] != SILENCE && picture[i] != roundf(picture[i]);
    }
  }
  g_assert_true(silent && masked);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/augment/time-shift", test_time_shift);
  g_test_add_func("/augment/random-crop", test_random_crop);
  g_test_add_func("/augment/gain", test_gain);
  g_test_add_func("/augment/gain-silence", test_gain_keeps_silence);
  g_test_add_func("/augment/noise", test_noise);
  g_test_add_func("/augment/spec-augment", test_spec_augment);
  g_test_add_func("/augment/mixup", test_mixup);
  g_test_add_func("/augment/every-one", test_every_one);
  g_test_add_func("/augment/parameters-count", test_parameters_count);
  g_test_add_func("/augment/none", test_none);
  g_test_add_func("/augment/several", test_several);
  return g_test_run();
}
