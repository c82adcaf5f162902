#include "support.h"
#include "base/rng.h"
#include "plot/axis.h"
#include <stdlib.h>
#include <string.h>

static const MgTick *
tick_at(const GArray *ticks, guint i)
{
  return &g_array_index(ticks, MgTick, i);
}

static gboolean
is_round(double value)
{
  double decade = pow(10, floor(log10(value) + 1e-9)), lead = value / decade;
  return fabs(lead - 1) < 1e-6 || fabs(lead - 2) < 1e-6 || fabs(lead - 5) < 1e-6;
}

static void
check_ticks(MgTicks kind, double from, double to, double length, double spacing)
{
  GArray *ticks = mg_ticks(kind, from, to, length, spacing);
  double low = MIN(from, to), high = MAX(from, to), slack = 1e-6 * (high - low), last = -INFINITY, previous = -INFINITY;
  const char *last_text = "";
  g_assert_cmpuint(ticks->len, <=, (guint)length + 2);
  for (guint i = 0; i < ticks->len; i++) {
    const MgTick *tick = tick_at(ticks, i);
    g_assert_cmpfloat(tick->at, >=, low - slack);
    g_assert_cmpfloat(tick->at, <=, high + slack);
    g_assert_cmpfloat(tick->at, >, previous);
    previous = tick->at;
    g_assert_true(g_utf8_validate(tick->text, -1, NULL));
    if (!*tick->text)
      continue;
    g_assert_cmpfloat((tick->at - last) / (high - low) * length, >=, spacing * 0.999);
    g_assert_cmpstr(tick->text, !=, last_text);
    last = tick->at;
    last_text = tick->text;
  }
  g_array_unref(ticks);
}

static void
test_any_width(void)
{
  static const struct {
    MgTicks kind;
    double from, to;
  } axes[] = {
      {MG_TICKS_LINEAR, -1, 1},      {MG_TICKS_LINEAR, 0, 1e-7},      {MG_TICKS_LINEAR, -3e9, 7e9},
      {MG_TICKS_TIME, 0, 5},         {MG_TICKS_TIME, 3599, 3600.5},   {MG_TICKS_TIME, 0, 20000},
      {MG_TICKS_TIME, 12.3, 12.301}, {MG_TICKS_HZ, 0, 22050},         {MG_TICKS_HZ, 990, 1010},
      {MG_TICKS_LOG, 4.3, 14.3},     {MG_TICKS_LOG, 9.9, 10},         {MG_TICKS_MEL, 0, 60},
      {MG_TICKS_MEL, 14.9, 15.3},    {MG_TICKS_DB, -80, 0},           {MG_TICKS_DB, 0, -80},
      {MG_TICKS_INTEGER, 0, 3},      {MG_TICKS_INTEGER, 0, 12345678}, {MG_TICKS_INTEGER, 10, 0},
  };
  for (size_t i = 0; i < G_N_ELEMENTS(axes); i++)
    for (double length = 50; length <= 3000; length *= 1.07)
      for (double spacing = 20; spacing <= 120; spacing += 25)
        check_ticks(axes[i].kind, axes[i].from, axes[i].to, length, spacing);
}

static void
test_random_ranges(void)
{
  MgRng rng = mg_rng_new(7);
  for (int i = 0; i < 20000; i++) {
    MgTicks kind = (MgTicks)mg_rng_below(&rng, 7);
    double span = exp(mg_rng_between(&rng, -7, kind == MG_TICKS_LOG || kind == MG_TICKS_MEL ? 3 : 10));
    double from = kind == MG_TICKS_LOG ? mg_rng_between(&rng, 0, 14) : mg_rng_between(&rng, 0, 60);
    check_ticks(kind, from, from + span, mg_rng_between(&rng, 50, 3000), 40);
  }
}

/* Every step between numbers is 1, 2 or 5 times a power of ten. */
static void
test_round(void)
{
  MgRng rng = mg_rng_new(8);
  static const MgTicks kinds[] = {MG_TICKS_LINEAR, MG_TICKS_HZ, MG_TICKS_DB};
  for (int i = 0; i < 2000; i++) {
    double from = mg_rng_between(&rng, -100, 100), span = exp(mg_rng_between(&rng, -4, 9));
    GArray *ticks = mg_ticks(kinds[i % 3], from, from + span, 800, 60);
    double last = NAN;
    int numbers = 0;
    for (guint k = 0; k < ticks->len; k++) {
      if (!*tick_at(ticks, k)->text)
        continue;
      if (!isnan(last))
        g_assert_true(is_round(tick_at(ticks, k)->at - last));
      last = tick_at(ticks, k)->at;
      numbers++;
    }
    g_assert_cmpint(numbers, >=, 3);
    g_array_unref(ticks);
  }
}

/* A number reads as the value it stands at. */
static void
test_texts_tell_values(void)
{
  MgRng rng = mg_rng_new(9);
  for (int i = 0; i < 2000; i++) {
    double from = mg_rng_between(&rng, -100, 100), span = exp(mg_rng_between(&rng, -4, 8));
    GArray *ticks = mg_ticks(MG_TICKS_LINEAR, from, from + span, 800, 60);
    for (guint k = 0; k < ticks->len; k++) {
      const MgTick *tick = tick_at(ticks, k);
      g_autofree char *text = g_strdup(tick->text);
      gboolean minus = g_str_has_prefix(text, "\u2212");
      double value = g_ascii_strtod(text + (minus ? strlen("\u2212") : 0), NULL) * (minus ? -1 : 1);
      if (*text)
        g_assert_cmpfloat_with_epsilon(value, tick->at, 1e-6 * span);
    }
    g_array_unref(ticks);
  }
}

static char *
texts(MgTicks kind, double from, double to, double length)
{
  GArray *ticks = mg_ticks(kind, from, to, length, 60);
  GString *all = g_string_new(NULL);
  for (guint i = 0; i < ticks->len; i++)
    if (*tick_at(ticks, i)->text)
      g_string_append_printf(all, "%s%s", all->len ? " | " : "", tick_at(ticks, i)->text);
  g_array_unref(ticks);
  return g_string_free(all, FALSE);
}

static void
test_texts(void)
{
  static const struct {
    MgTicks kind;
    double from, to, length;
    const char *expected;
  } cases[] = {
      {MG_TICKS_TIME, 0, 20, 300, "0:00 | 0:05 | 0:10 | 0:15 | 0:20"},
      {MG_TICKS_TIME, 0, 1, 300, "0.0 s | 0.2 s | 0.4 s | 0.6 s | 0.8 s | 1.0 s"},
      {MG_TICKS_TIME, 0.25, 0.5, 300, "0.25 s | 0.30 s | 0.35 s | 0.40 s | 0.45 s | 0.50 s"},
      {MG_TICKS_TIME, 3590, 3610, 300, "0:59:50 | 0:59:55 | 1:00:00 | 1:00:05 | 1:00:10"},
      {MG_TICKS_TIME, 59.5, 60.5, 140, "0:59.5 | 1:00.0 | 1:00.5"},
      {MG_TICKS_HZ, 0, 2000, 300, "0 | 500 | 1k | 1.5k | 2k"},
      {MG_TICKS_LOG, 4.3219281, 14.2877123, 900, "20 | 50 | 100 | 200 | 500 | 1k | 2k | 5k | 10k | 20k"},
      {MG_TICKS_DB, -80, 0, 300, "\u221280 | \u221260 | \u221240 | \u221220 | 0"},
      {MG_TICKS_INTEGER, 0, 20000, 130, "0 | 10\u2009000 | 20\u2009000"},
      {MG_TICKS_INTEGER, 0, 2, 900, "0 | 1 | 2"},
      {MG_TICKS_LINEAR, -1, 1, 300, "\u22121.0 | \u22120.5 | 0.0 | 0.5 | 1.0"},
  };
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *got = texts(cases[i].kind, cases[i].from, cases[i].to, cases[i].length);
    g_assert_cmpstr(got, ==, cases[i].expected);
  }
}

static void
test_nothing_to_mark(void)
{
  static const double ranges[][3] = {{0, 0, 100}, {NAN, 1, 100}, {0, INFINITY, 100}, {0, 1, 0}, {0, 1, -5}};
  for (size_t i = 0; i < G_N_ELEMENTS(ranges); i++)
    for (int kind = MG_TICKS_LINEAR; kind <= MG_TICKS_INTEGER; kind++) {
      GArray *ticks = mg_ticks((MgTicks)kind, ranges[i][0], ranges[i][1], ranges[i][2], 50);
      g_assert_cmpuint(ticks->len, ==, 0);
      g_array_unref(ticks);
    }
}

/* Values of librosa.hz_to_mel. */
static void
test_mel(void)
{
  g_assert_cmpfloat_with_epsilon(mg_axis_mel(60), 0.9, 1e-9);
  g_assert_cmpfloat_with_epsilon(mg_axis_mel(440), 6.6, 1e-9);
  g_assert_cmpfloat_with_epsilon(mg_axis_mel(1000), 15, 1e-9);
  g_assert_cmpfloat_with_epsilon(mg_axis_mel(6400), 42, 1e-9);
  for (double hz = 0; hz < 24000; hz += 37.5)
    g_assert_cmpfloat_with_epsilon(mg_axis_mel_hz(mg_axis_mel(hz)), hz, 1e-6);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/ticks/any-width", test_any_width);
  g_test_add_func("/ticks/random-ranges", test_random_ranges);
  g_test_add_func("/ticks/round", test_round);
  g_test_add_func("/ticks/texts-tell-values", test_texts_tell_values);
  g_test_add_func("/ticks/texts", test_texts);
  g_test_add_func("/ticks/nothing-to-mark", test_nothing_to_mark);
  g_test_add_func("/ticks/mel", test_mel);
  return g_test_run();
}
