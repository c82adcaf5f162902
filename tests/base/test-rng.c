/* base/rng: the published sequences, streams, distributions, and bounds without bias. */
#include "base/rng.h"
#include "support.h"

/* Blackman and Vigna's xoshiro128plusplus.c started from the state 1, 2, 3, 4. */
static void
test_reference(void)
{
  static const guint32 expected[] = {641,        1573767,    3222811527, 3517856514, 836907274,
                                     4247214768, 3867114732, 1355841295, 495546011,  621204420};
  MgRng rng = {{1, 2, 3, 4}};
  for (size_t i = 0; i < G_N_ELEMENTS(expected); i++)
    g_assert_cmpuint(mg_rng_next(&rng), ==, expected[i]);
}

/* Vigna's splitmix64.c started from 1234567 gives 0x599ed017fb08fc85, 0x2c73f08458540fa5. */
static void
test_seeding(void)
{
  MgRng rng = mg_rng_new(1234567);
  g_assert_cmphex(rng.state[0], ==, 0xfb08fc85);
  g_assert_cmphex(rng.state[1], ==, 0x599ed017);
  g_assert_cmphex(rng.state[2], ==, 0x58540fa5);
  g_assert_cmphex(rng.state[3], ==, 0x2c73f084);
}

static void
test_streams(void)
{
  MgRng a = mg_rng_stream(5, 1), again = mg_rng_stream(5, 1), b = mg_rng_stream(5, 2), swapped = mg_rng_stream(1, 5);
  g_assert_cmpmem(&a, sizeof a, &again, sizeof again);
  int equal = 0, equal_swapped = 0;
  for (int i = 0; i < 1000; i++) {
    guint32 value = mg_rng_next(&a);
    equal += value == mg_rng_next(&b);
    equal_swapped += value == mg_rng_next(&swapped);
  }
  g_assert_cmpint(equal, <, 3);
  g_assert_cmpint(equal_swapped, <, 3);
}

/* Neighbouring streams of one seed, and the same stream of neighbouring seeds, must not resemble each other. */
static void
test_streams_differ_pairwise(void)
{
  g_autoptr(GHashTable) seen = g_hash_table_new(g_direct_hash, g_direct_equal);
  for (guint64 seed = 0; seed < 30; seed++)
    for (guint64 stream = 0; stream < 30; stream++) {
      MgRng rng = mg_rng_stream(seed, stream);
      guint32 first = mg_rng_next(&rng);
      if (!g_hash_table_add(seen, GUINT_TO_POINTER(first)))
        g_test_fail_printf("seed %d stream %d begins like another", (int)seed, (int)stream);
    }
}

static void
test_uniform(void)
{
  enum { N = 200000 };
  MgRng rng = mg_rng_new(1);
  double sum = 0, squares = 0;
  for (int i = 0; i < N; i++) {
    float x = mg_rng_uniform(&rng);
    g_assert_true(x >= 0 && x < 1);
    sum += x;
    squares += (double)x * x;
  }
  g_assert_cmpfloat_with_epsilon(sum / N, 0.5, 0.003);
  g_assert_cmpfloat_with_epsilon(squares / N, 1.0 / 3, 0.003);
  for (int i = 0; i < 1000; i++) {
    float x = mg_rng_between(&rng, -3, 5);
    g_assert_true(x >= -3 && x <= 5);
  }
}

static void
test_normal(void)
{
  enum { N = 200000 };
  MgRng rng = mg_rng_new(2);
  double moments[5] = {0};
  for (int i = 0; i < N; i++) {
    double x = mg_rng_normal(&rng), power = 1;
    g_assert_true(isfinite(x));
    for (int k = 0; k < 5; k++, power *= x)
      moments[k] += power / N;
  }
  g_assert_cmpfloat_with_epsilon(moments[1], 0, 0.01);
  g_assert_cmpfloat_with_epsilon(moments[2], 1, 0.015);
  g_assert_cmpfloat_with_epsilon(moments[3], 0, 0.05);
  g_assert_cmpfloat_with_epsilon(moments[4], 3, 0.12);
}

/* 3 * 2^30 values: a plain remainder would give the lower third twice as often. */
static void
test_bound_without_bias(void)
{
  enum { N = 90000 };
  const guint32 bound = 3u << 30;
  MgRng rng = mg_rng_new(3);
  int thirds[3] = {0};
  for (int i = 0; i < N; i++) {
    guint32 value = mg_rng_below(&rng, bound);
    g_assert_cmpuint(value, <, bound);
    thirds[value >> 30]++;
  }
  for (int k = 0; k < 3; k++)
    g_assert_cmpfloat_with_epsilon(thirds[k] / (double)N, 1.0 / 3, 0.01);
}

static void
test_small_bounds(void)
{
  MgRng rng = mg_rng_new(4);
  for (guint32 bound = 1; bound < 20; bound++) {
    guint32 seen = 0;
    for (int i = 0; i < 2000; i++) {
      guint32 value = mg_rng_below(&rng, bound);
      g_assert_cmpuint(value, <, bound);
      seen |= 1u << value;
    }
    g_assert_cmphex(seen, ==, (1u << bound) - 1);
  }
}

/* All six orders of three things, equally often. */
static void
test_shuffle(void)
{
  enum { N = 60000 };
  MgRng rng = mg_rng_new(5);
  int counts[3][3] = {{0}};
  for (int i = 0; i < N; i++) {
    guint32 values[3] = {0, 1, 2};
    mg_rng_shuffle(&rng, values, 3);
    g_assert_cmpuint(values[0] + values[1] + values[2], ==, 3);
    g_assert_cmpuint(values[0] * values[1] * values[2], ==, 0);
    counts[values[0]][values[1]]++;
  }
  for (int a = 0; a < 3; a++)
    for (int b = 0; b < 3; b++)
      g_assert_cmpfloat_with_epsilon(counts[a][b] / (double)N, a == b ? 0 : 1.0 / 6, 0.01);
  mg_rng_shuffle(&rng, NULL, 0);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/rng/reference", test_reference);
  g_test_add_func("/rng/seeding", test_seeding);
  g_test_add_func("/rng/streams", test_streams);
  g_test_add_func("/rng/streams-differ-pairwise", test_streams_differ_pairwise);
  g_test_add_func("/rng/uniform", test_uniform);
  g_test_add_func("/rng/normal", test_normal);
  g_test_add_func("/rng/bound-without-bias", test_bound_without_bias);
  g_test_add_func("/rng/small-bounds", test_small_bounds);
  g_test_add_func("/rng/shuffle", test_shuffle);
  return g_test_run();
}
