#include "dsp/window.h"
#include "support.h"

/* scipy.signal.get_window(name, 8), with ("kaiser", 14). */
static const struct {
  const char *name;
  float values[8];
} expected[] = {
    {"hann", {0, 0.14644661f, 0.5f, 0.85355339f, 1, 0.85355339f, 0.5f, 0.14644661f}},
    {"hamming", {0.08f, 0.21473088f, 0.54f, 0.86526912f, 1, 0.86526912f, 0.54f, 0.21473088f}},
    {"blackman", {0, 0.06644661f, 0.34f, 0.77355339f, 1, 0.77355339f, 0.34f, 0.06644661f}},
    {"rect", {1, 1, 1, 1, 1, 1, 1, 1}},
    {"kaiser",
     {0.000007727f, 0.010800668f, 0.164932188f, 0.651741859f, 1.000000000f, 0.651741859f, 0.164932188f, 0.010800668f}},
};

static void
test_values(void)
{
  for (size_t w = 0; w < G_N_ELEMENTS(expected); w++) {
    float window[8];
    g_assert_true(mg_window_fill(expected[w].name, window, 8));
    for (int i = 0; i < 8; i++)
      g_assert_cmpfloat_with_epsilon(window[i], expected[w].values[i], 1e-6);
  }
}

static void
test_choices(void)
{
  g_auto(GStrv) names = g_strsplit(MG_WINDOW_CHOICES, "|", -1);
  for (char **name = names; *name; name++) {
    float one;
    g_assert_true(mg_window_fill(*name, &one, 1));
    g_assert_cmpfloat(one, ==, 1);
  }
  g_assert_false(mg_window_fill("triangle", NULL, 0));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/dsp/window/values", test_values);
  g_test_add_func("/dsp/window/choices", test_choices);
  return g_test_run();
}
