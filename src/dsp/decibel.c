#include "dsp/decibel.h"
#include "base/error.h"
#include "dsp/vector.h"
#include <glib/gi18n-lib.h>
#include <math.h>

static const MgParamSpec specs[] = {
    {"ref", MG_PARAM_TEXT, "max", 0, 0, NULL, NULL, NULL, N_("What 0 dB stands for: max, or a number above 0")},
    {"amin", MG_PARAM_FLOAT, "auto", 1e-30, 1, NULL, NULL, N_("1e-10 for power, 1e-5 for amplitude"),
     N_("Values below this count as this")},
    {"top_db", MG_PARAM_FLOAT, "80", 1, 400, NULL, "dB", N_("no limit"), N_("Range below the largest value")},
};
const MgParamTable mg_decibel_params = MG_PARAM_TABLE("decibel", N_("Decibels"), specs);

MG_VECTOR float
mg_largest(const float *values, size_t n)
{
  float lanes[MG_LANES] = {0};
  size_t i = 0;
  for (; i + MG_LANES <= n; i += MG_LANES)
    for (int lane = 0; lane < MG_LANES; lane++)
      lanes[lane] = values[i + lane] > lanes[lane] ? values[i + lane] : lanes[lane];
  float largest = 0;
  for (; i < n; i++)
    largest = values[i] > largest ? values[i] : largest;
  for (int lane = 0; lane < MG_LANES; lane++)
    largest = MAX(largest, lanes[lane]);
  return largest;
}

float
mg_floor_db(float largest, double ref, double amin, double top_db)
{
  if (top_db < 0)
    return -INFINITY;
  return (float)(10 * log10(MAX(amin, largest)) - 10 * log10(MAX(amin, fabs(ref))) - top_db);
}

static const float db_per_octave = 3.01029996f; /* 10 log10 2 */

MG_VECTOR void
mg_power_to_db_above(float *power, size_t n, double ref, double amin, float floor_db)
{
  float offset = (float)(10 * log10(MAX(amin, fabs(ref)))), least = (float)amin;
  for (size_t i = 0; i < n; i++) {
    float db = db_per_octave * mg_log2(power[i] > least ? power[i] : least) - offset;
    power[i] = db > floor_db ? db : floor_db;
  }
}

void
mg_power_to_db(float *values, size_t n, double ref, double amin, double top_db)
{
  mg_power_to_db_above(values, n, ref, amin, mg_floor_db(mg_largest(values, n), ref, amin, top_db));
}

void
mg_db_to_power(float *decibels, size_t n, double ref)
{
  for (size_t i = 0; i < n; i++)
    decibels[i] = (float)ref * exp2f(decibels[i] / db_per_octave);
}

void
mg_db_to_amplitude(float *decibels, size_t n, double ref)
{
  for (size_t i = 0; i < n; i++)
    decibels[i] = (float)ref * exp2f(decibels[i] / (2 * db_per_octave));
}

void
mg_amplitude_to_db(float *values, size_t n, double ref, double amin, double top_db)
{
  for (size_t i = 0; i < n; i++)
    values[i] *= values[i];
  mg_power_to_db(values, n, ref * ref, amin * amin, top_db);
}

void
mg_matrix_power_to_db_max(MgMatrix *power, double top_db)
{
  size_t n = power->rows * power->cols;
  mg_power_to_db(power->data, n, mg_largest(power->data, n), 1e-10, top_db);
}

static gboolean
read_ref(const MgParams *params, const float *values, size_t n, double *ref, GError **error)
{
  const char *text = mg_params_text(params, "ref");
  if (g_str_equal(text, "max")) {
    *ref = mg_largest(values, n);
    return TRUE;
  }
  char *end;
  *ref = g_ascii_strtod(text, &end);
  if (end != text && !*end && isfinite(*ref) && *ref > 0)
    return TRUE;
  g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("ref=%s: expected max or a number above 0"), text);
  return FALSE;
}

gboolean
mg_matrix_to_db(MgMatrix *matrix, gboolean amplitude, const MgParams *params, GError **error)
{
  size_t n = matrix->rows * matrix->cols;
  double ref, amin = mg_params_float_or(params, "amin", amplitude ? 1e-5 : 1e-10);
  if (!read_ref(params, matrix->data, n, &ref, error))
    return FALSE;
  (amplitude ? mg_amplitude_to_db : mg_power_to_db)(matrix->data, n, ref, amin,
                                                    mg_params_float_or(params, "top_db", -1));
  return TRUE;
}
