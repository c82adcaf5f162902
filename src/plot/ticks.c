#include "plot/axis.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const double least_minor = 7; /* user units between minor ticks */

double
mg_axis_mel(double hz)
{
  return hz < 1000 ? hz * 3 / 200 : 15 + log(hz / 1000) / (log(6.4) / 27);
}

double
mg_axis_mel_hz(double mel)
{
  return mel < 15 ? mel * 200 / 3 : 1000 * exp((mel - 15) * (log(6.4) / 27));
}

double
mg_round_step(double step)
{
  double decade = pow(10, floor(log10(step)));
  for (int i = 0; i < 2; i++, decade *= 10) {
    static const double round[] = {1, 2, 5};
    for (size_t k = 0; k < G_N_ELEMENTS(round); k++)
      if (round[k] * decade >= step * (1 - 1e-9))
        return round[k] * decade;
  }
  return decade;
}

/* Texts */

static int
digits_after_point(double step)
{
  return CLAMP((int)ceil(-log10(step) - 1e-9), 0, 9);
}

/* With a true minus. */
static void
print_parts(char *text, size_t size, gboolean negative, const char *number, const char *suffix)
{
  g_strlcpy(text, negative ? "\u2212" : "", size);
  g_strlcat(text, number, size);
  g_strlcat(text, suffix, size);
}

static void
print_number(char *text, size_t size, double value, int digits, const char *suffix)
{
  char number[40];
  snprintf(number, sizeof number, "%.*f", digits, fabs(value));
  gboolean zero = strspn(number, "0.,") == strlen(number);
  print_parts(text, size, value < 0 && !zero, number, suffix);
}

static void
print_linear(char *text, size_t size, double value, double step)
{
  if (fabs(value) >= 1e6 || (step < 1e-6 && value != 0))
    snprintf(text, size, "%.4g", value);
  else
    print_number(text, size, value, digits_after_point(step), "");
}

/* 10 000 with thin spaces. */
static void
print_integer(char *text, size_t size, double value)
{
  char digits[32];
  snprintf(digits, sizeof digits, "%.0f", fabs(value));
  size_t n = strlen(digits);
  if (n > 13) {
    snprintf(text, size, "%.4g", value);
    return;
  }
  GString *grouped = g_string_new(value < 0 ? "\u2212" : "");
  for (size_t i = 0; i < n; i++) {
    if (i > 0 && n > 4 && (n - i) % 3 == 0)
      g_string_append(grouped, "\u2009");
    g_string_append_c(grouped, digits[i]);
  }
  g_strlcpy(text, grouped->str, size);
  g_string_free(grouped, TRUE);
}

/* 500, 1k, 1.25k; 1001 where thousandths would be needed. */
static void
print_hz(char *text, size_t size, double hz)
{
  gboolean thousands = fabs(hz) >= 999.5 && fabs(hz / 10 - round(hz / 10)) < 1e-6;
  char number[40];
  snprintf(number, sizeof number, "%.7g", thousands ? fabs(hz) / 1000 : fabs(hz));
  print_parts(text, size, hz < 0, number, thousands ? "k" : "");
}

static void
print_time(char *text, size_t size, double seconds, double step, double longest)
{
  int digits = step < 1 ? digits_after_point(step) : 0;
  if (step < 1 && longest < 60) {
    char unit[8];
    snprintf(unit, sizeof unit, " %s", _("s"));
    print_number(text, size, seconds, digits, unit);
    return;
  }
  const char *sign = seconds < -step / 2 ? "\u2212" : "";
  double unit = pow(10, -digits);
  double rest = round(fabs(seconds) / unit) * unit;
  double hours = floor(rest / 3600 + 1e-12);
  double minutes = floor((rest - hours * 3600) / 60 + 1e-12);
  double within = MAX(0, rest - hours * 3600 - minutes * 60);
  int width = digits > 0 ? digits + 3 : 2;
  if (longest >= 3600)
    snprintf(text, size, "%s%.0f:%02.0f:%0*.*f", sign, hours, minutes, width, digits, within);
  else
    snprintf(text, size, "%s%.0f:%0*.*f", sign, minutes, width, digits, within);
}

static void
print_tick(MgTicks kind, MgTick *tick, double step, double longest)
{
  switch (kind) {
  case MG_TICKS_TIME:
    print_time(tick->text, sizeof tick->text, tick->at, step, longest);
    return;
  case MG_TICKS_HZ:
    print_hz(tick->text, sizeof tick->text, fabs(tick->at) < step / 2 ? 0 : tick->at);
    return;
  case MG_TICKS_INTEGER:
    print_integer(tick->text, sizeof tick->text, tick->at);
    return;
  default:
    print_linear(tick->text, sizeof tick->text, tick->at, step);
  }
}

/* Evenly spaced ticks */

static double
time_step(double least)
{
  static const double steps[] = {1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 18000, 36000, 86400};
  if (least <= 0.5)
    return mg_round_step(least);
  for (size_t i = 0; i < G_N_ELEMENTS(steps); i++)
    if (steps[i] >= least * (1 - 1e-9))
      return steps[i];
  return 86400 * mg_round_step(least / 86400);
}

static double
even_step(MgTicks kind, double least)
{
  if (kind == MG_TICKS_TIME)
    return time_step(least);
  double step = mg_round_step(least);
  return kind == MG_TICKS_INTEGER ? MAX(1, step) : step;
}

/* Parts of a step that are round again: 5 or 4 of 1 and 5, 4 of 2, 3 of 15 and 30 … */
static int
minor_parts(MgTicks kind, double step, double per_unit)
{
  static const int parts[] = {10, 6, 5, 4, 3, 2};
  for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
    double minor = step / parts[i];
    gboolean round_one = fabs(even_step(kind, minor) / minor - 1) < 1e-6;
    if (round_one && minor * per_unit >= least_minor && (kind != MG_TICKS_INTEGER || minor >= 1))
      return parts[i];
  }
  return 1;
}

static void
add_even_ticks(GArray *ticks, MgTicks kind, double low, double high, double length, double spacing)
{
  double per_unit = length / (high - low);
  double step = even_step(kind, spacing / per_unit);
  int parts = minor_parts(kind, step, per_unit);
  double minor = step / parts, slack = 1e-6 * minor;
  double longest = MAX(fabs(low), fabs(high));
  double first = ceil((low - slack) / minor), last = floor((high + slack) / minor);
  if (!(last - first < 100000)) /* a range so narrow that numbers cannot tell its ends apart */
    return;
  for (double i = first; i <= last; i++) {
    MgTick tick = {.at = CLAMP(i * minor, low, high)};
    if (fmod(i, parts) == 0)
      print_tick(kind, &tick, step, longest);
    g_array_append_val(ticks, tick);
  }
}

/* Ticks of a bent scale: the world is bend(value). The set of values that gives the most texts wins. */

#define VALUES(...)                                                                                                    \
  (const double[])                                                                                                     \
  {                                                                                                                    \
    __VA_ARGS__, -1                                                                                                    \
  }
/* Within each decade. */
static const double *const log_sets[] = {VALUES(1), VALUES(1, 3), VALUES(1, 2, 5), NULL};
/* Whole lists in Hz. */
static const double *const mel_sets[] = {
    VALUES(0, 1000, 10000),
    VALUES(0, 1000, 4000, 16000),
    VALUES(0, 500, 1000, 2000, 5000, 10000, 20000),
    VALUES(0, 500, 1000, 1500, 2000, 3000, 5000, 10000, 20000),
    VALUES(0, 200, 400, 600, 800, 1000, 1500, 2000, 3000, 4000, 6000, 8000, 10000, 15000, 20000),
    NULL,
};

static GArray *
values_of_set(MgTicks kind, const double *set, double low, double high)
{
  GArray *values = g_array_new(FALSE, FALSE, sizeof(double));
  double decade = kind == MG_TICKS_LOG ? pow(10, floor(log10(low))) : 1;
  double last = kind == MG_TICKS_LOG ? high : 1;
  for (; decade <= last * (1 + 1e-9); decade *= 10)
    for (const double *s = set; *s >= 0; s++) {
      double value = *s * decade;
      if (value >= low * (1 - 1e-6) && value <= high * (1 + 1e-6))
        g_array_append_val(values, value);
    }
  return values;
}

static GArray *
values_of_step(double step, double low, double high)
{
  GArray *values = g_array_new(FALSE, FALSE, sizeof(double));
  for (double i = ceil(low / step - 1e-6); i * step <= high + 1e-6 * step; i++) {
    double value = i * step;
    g_array_append_val(values, value);
  }
  return values;
}

static double
least_gap(const GArray *values, double (*bend)(double), double per_unit)
{
  double gap = INFINITY;
  for (guint i = 1; i < values->len; i++)
    gap = MIN(gap, bend(g_array_index(values, double, i)) - bend(g_array_index(values, double, i - 1)));
  return gap * per_unit;
}

static void
keep_larger(GArray **best, GArray *candidate, gboolean fits)
{
  if (fits && (!*best || candidate->len > (*best)->len)) {
    if (*best)
      g_array_unref(*best);
    *best = g_array_ref(candidate);
  }
  g_array_unref(candidate);
}

/* The smallest round step whose ticks keep `spacing` at the upper end, where the scale is densest. */
static GArray *
best_even_values(double (*bend)(double), double low, double high, double per_unit, double spacing)
{
  double step = mg_round_step((high - low) / 1000);
  for (; step < high; step = mg_round_step(step * 1.5)) {
    if ((bend(high) - bend(high - MIN(step, high - low))) * per_unit < spacing && step < high - low)
      continue;
    GArray *values = values_of_step(step, low, high);
    if (least_gap(values, bend, per_unit) >= spacing)
      return values;
    g_array_unref(values);
  }
  return NULL;
}

static int
compare_ticks(gconstpointer a, gconstpointer b)
{
  double at_a = ((const MgTick *)a)->at, at_b = ((const MgTick *)b)->at;
  return (at_a > at_b) - (at_a < at_b);
}

/* 2 to 9 within each decade, where there is room for them. */
static void
add_bent_minors(GArray *ticks, double (*bend)(double), double low, double high, double per_unit)
{
  guint majors = ticks->len;
  for (double decade = pow(10, floor(log10(MAX(low, 1e-3)))); decade <= high; decade *= 10)
    for (int i = 1; i < 10; i++) {
      MgTick tick = {.at = bend(i * decade)};
      double nearest = INFINITY;
      for (guint k = 0; k < majors; k++)
        nearest = MIN(nearest, fabs(g_array_index(ticks, MgTick, k).at - tick.at));
      double room = MIN(nearest, bend((i + 1) * decade) - tick.at) * per_unit;
      if (i * decade >= low && i * decade <= high && room >= least_minor)
        g_array_append_val(ticks, tick);
    }
  g_array_sort(ticks, compare_ticks);
}

static GArray *
thinned(GArray *values, double (*bend)(double), double per_unit, double spacing)
{
  GArray *kept = g_array_new(FALSE, FALSE, sizeof(double));
  double last = -INFINITY;
  for (guint i = 0; i < values->len; i++) {
    double value = g_array_index(values, double, i);
    if ((bend(value) - last) * per_unit < spacing)
      continue;
    last = bend(value);
    g_array_append_val(kept, value);
  }
  g_array_unref(values);
  return kept;
}

static void
add_bent_ticks(GArray *ticks, MgTicks kind, double low, double high, double length, double spacing)
{
  gboolean mel = kind == MG_TICKS_MEL;
  double (*bend)(double) = mel ? mg_axis_mel : log2;
  double low_value = MAX(0, mel ? mg_axis_mel_hz(low) : exp2(low));
  double high_value = mel ? mg_axis_mel_hz(high) : exp2(high);
  double per_unit = length / (high - low);
  if (!isfinite(high_value) || !(high_value > low_value) || (!mel && low_value < 1e-9))
    return;
  GArray *best = NULL;
  for (const double *const *set = mel ? mel_sets : log_sets; *set; set++) {
    GArray *values = values_of_set(kind, *set, low_value, high_value);
    keep_larger(&best, values, least_gap(values, bend, per_unit) >= spacing);
  }
  GArray *even = best_even_values(bend, low_value, high_value, per_unit, spacing);
  if (even)
    keep_larger(&best, even, TRUE);
  if (!best)
    best =
        thinned(values_of_set(kind, mel ? mel_sets[0] : log_sets[0], low_value, high_value), bend, per_unit, spacing);
  for (guint i = 0; i < best->len; i++) {
    double value = g_array_index(best, double, i);
    MgTick tick = {.at = CLAMP(bend(value), low, high)};
    print_hz(tick.text, sizeof tick.text, value);
    g_array_append_val(ticks, tick);
  }
  g_array_unref(best);
  add_bent_minors(ticks, bend, low_value, high_value, per_unit);
}

GArray *
mg_ticks(MgTicks kind, double from, double to, double length, double spacing)
{
  GArray *ticks = g_array_new(FALSE, TRUE, sizeof(MgTick));
  double low = MIN(from, to), high = MAX(from, to);
  if (!isfinite(low) || !isfinite(high) || !(high > low) || !(length > 0) || !(spacing > 0))
    return ticks;
  if (kind == MG_TICKS_LOG || kind == MG_TICKS_MEL)
    add_bent_ticks(ticks, kind, low, high, length, spacing);
  else
    add_even_ticks(ticks, kind, low, high, length, spacing);
  return ticks;
}
