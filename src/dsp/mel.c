#include "dsp/mel.h"
#include "base/error.h"
#include "dsp/stft.h"
#include "dsp/vector.h"
#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <math.h>

static const MgParamSpec specs[] = {
    {"n_mels", MG_PARAM_INT, "128", 1, 2048, NULL, NULL, NULL, N_("Number of mel bands")},
    {"fmin", MG_PARAM_FLOAT, "0", 0, 192000, NULL, "Hz", NULL, N_("Lowest frequency of the mel bands")},
    {"fmax", MG_PARAM_FLOAT, "auto", 1, 192000, NULL, "Hz", N_("sr / 2"), N_("Highest frequency of the mel bands")},
    {"htk", MG_PARAM_BOOL, "false", 0, 0, NULL, NULL, NULL, N_("HTK's formula for the mel scale in place of Slaney's")},
    {"norm", MG_PARAM_CHOICE, "slaney", 0, 0, "slaney|none", NULL, NULL,
     N_("slaney divides each band by its width, none leaves peaks of 1")},
    {"power", MG_PARAM_FLOAT, "2", 0.1, 8, NULL, NULL, NULL,
     N_("Exponent of the magnitude: 1 for amplitude, 2 for power")},
};
const MgParamTable mg_mel_params = MG_PARAM_TABLE("mel", N_("Mel"), specs);

/* Slaney's scale: linear to 1 kHz, 27 steps for a factor of 6.4 above (Auditory Toolbox, 1998). */
static const double slaney_step = 200.0 / 3, slaney_break_hz = 1000, slaney_break_mel = 15;

static double
slaney_log_step(void)
{
  return log(6.4) / 27;
}

double
mg_hz_to_mel(double hz, gboolean htk)
{
  if (htk)
    return 2595 * log10(1 + hz / 700);
  return hz < slaney_break_hz ? hz / slaney_step : slaney_break_mel + log(hz / slaney_break_hz) / slaney_log_step();
}

double
mg_mel_to_hz(double mel, gboolean htk)
{
  if (htk)
    return 700 * (pow(10, mel / 2595) - 1);
  return mel < slaney_break_mel ? mel * slaney_step
                                : slaney_break_hz * exp((mel - slaney_break_mel) * slaney_log_step());
}

/* Filters are applied in groups of as many as a vector has lanes: the sums over their lanes are then one vector. All
 * filters of a group have as many weights, whole steps of them, with zeros behind their own (or, at the last bins,
 * before). */
enum { STEP = MG_EIGHT };

struct MgMelFilters {
  size_t n, bins;
  size_t *first, *count; /* (n, rounded up to whole groups); count: the group's */
  float **weights;       /* a group's: (steps, STEP filters, STEP bins), then (STEP filters, count % STEP bins) */
  size_t empty;
  double *centre;          /* Hz, (n) */
  size_t *edge;            /* (n + 2): the first bin at or above each edge of the triangles */
  float *rising, *falling; /* (bins): the weight in the filter that rises there and in the one that falls */
};

/* Edges of the triangles: n + 2 frequencies evenly spaced in mel. */
static double *
make_edges(size_t n, double fmin, double fmax, gboolean htk)
{
  double *edges = g_new(double, n + 2);
  double low = mg_hz_to_mel(fmin, htk), high = mg_hz_to_mel(fmax, htk);
  for (size_t i = 0; i < n + 2; i++)
    edges[i] = mg_mel_to_hz(low + (high - low) * i / (n + 1), htk);
  return edges;
}

static double
triangle(const double edges[3], double hz)
{
  double rising = (hz - edges[0]) / (edges[1] - edges[0]), falling = (edges[2] - hz) / (edges[2] - edges[1]);
  return MAX(0, MIN(rising, falling));
}

/* Of filter m of n at a frequency; 0 where there is no such filter (before the first: m - 1 is larger than n). */
static float
weight(const double *edges, size_t m, size_t n, double hz, gboolean slaney)
{
  if (m >= n)
    return 0;
  float norm = slaney ? (float)(2 / (edges[m + 2] - edges[m])) : 1;
  return (float)triangle(edges + m, hz) * norm;
}

/* The bins first … end - 1 at which a triangle is above 0. */
static void
find_bins(const double edges[3], double bin_hz, size_t bins, size_t *first, size_t *end)
{
  *first = MIN((size_t)ceil(edges[0] / bin_hz), bins);
  while (*first < bins && triangle(edges, *first * bin_hz) == 0 && *first * bin_hz < edges[2])
    ++*first;
  *end = *first;
  while (*end < bins && triangle(edges, *end * bin_hz) > 0)
    ++*end;
}

/* Filter m's weight for bin first[m] + i. */
static float *
find_weight(const MgMelFilters *filters, size_t m, size_t i)
{
  size_t f = m % STEP, steps = filters->count[m] / STEP, rest = filters->count[m] % STEP;
  float *weights = filters->weights[m / STEP];
  if (i / STEP < steps)
    return weights + (i / STEP * STEP + f) * STEP + i % STEP;
  return weights + steps * STEP * STEP + f * rest + i % STEP;
}

/* Filters m … m + STEP - 1, those behind the last one without a weight. */
static void
fill_group(MgMelFilters *filters, size_t m, const double *edges, double bin_hz, gboolean slaney)
{
  size_t n = MIN(STEP, filters->n - m), first[STEP] = {0}, end[STEP] = {0}, longest = 0;
  for (size_t i = 0; i < n; i++) {
    find_bins(edges + m + i, bin_hz, filters->bins, &first[i], &end[i]);
    longest = MAX(longest, end[i] - first[i]);
    filters->empty += end[i] == first[i];
  }
  size_t count = MIN((longest + STEP - 1) / STEP * STEP, filters->bins);
  filters->weights[m / STEP] = g_new0(float, STEP *count + 1);
  for (size_t i = 0; i < STEP; i++) {
    filters->first[m + i] = MIN(first[i], filters->bins - count);
    filters->count[m + i] = count;
  }
  for (size_t i = 0; i < n; i++) {
    for (size_t bin = first[i]; bin < end[i]; bin++)
      *find_weight(filters, m + i, bin - filters->first[m + i]) =
          weight(edges, m + i, filters->n, bin * bin_hz, slaney);
    filters->centre[m + i] = edges[m + i + 1];
  }
}

static void
fill_slopes(MgMelFilters *filters, const double *edges, double bin_hz, gboolean slaney)
{
  size_t n = filters->n, bin = MIN((size_t)ceil(edges[0] / bin_hz), filters->bins);
  filters->edge = g_new(size_t, n + 2);
  filters->rising = g_new0(float, filters->bins);
  filters->falling = g_new0(float, filters->bins);
  filters->edge[0] = bin;
  for (size_t m = 0; m <= n; m++) {
    for (; bin < filters->bins && bin * bin_hz < edges[m + 1]; bin++) {
      filters->rising[bin] = weight(edges, m, n, bin * bin_hz, slaney);
      filters->falling[bin] = weight(edges, m - 1, n, bin * bin_hz, slaney);
    }
    filters->edge[m + 1] = bin;
  }
}

static gboolean
check_range(double fmin, double fmax, int sr, GError **error)
{
  double top = MIN(fmax, sr / 2.0);
  if (fmin < top)
    return TRUE;
  g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("fmin=%g: expected less than %s, which is %g Hz"), fmin,
              fmax <= sr / 2.0 ? "fmax" : "sr / 2", top);
  return FALSE;
}

MgMelFilters *
mg_mel_filters_new(const MgParams *params, int sr, size_t n_fft, GError **error)
{
  double fmin = mg_params_float(params, "fmin"), fmax = mg_params_float_or(params, "fmax", sr / 2.0);
  if (!check_range(fmin, fmax, sr, error))
    return NULL;
  MgMelFilters *filters = g_new0(MgMelFilters, 1);
  size_t n = filters->n = mg_params_int(params, "n_mels");
  filters->bins = n_fft / 2 + 1;
  size_t padded = (n + STEP - 1) / STEP * STEP;
  filters->first = g_new(size_t, padded);
  filters->count = g_new(size_t, padded);
  filters->weights = g_new(float *, padded / STEP);
  filters->centre = g_new(double, n);
  g_autofree double *edges = make_edges(n, fmin, fmax, mg_params_bool(params, "htk"));
  gboolean slaney = g_str_equal(mg_params_text(params, "norm"), "slaney");
  for (size_t m = 0; m < n; m += STEP)
    fill_group(filters, m, edges, (double)sr / n_fft, slaney);
  fill_slopes(filters, edges, (double)sr / n_fft, slaney);
  return filters;
}

size_t
mg_mel_filters_n(const MgMelFilters *filters)
{
  return filters->n;
}

double
mg_mel_filters_centre(const MgMelFilters *filters, size_t m)
{
  return filters->centre[m];
}

size_t
mg_mel_filters_empty(const MgMelFilters *filters)
{
  return filters->empty;
}

char *
mg_mel_warning(const MgParams *params, int sr)
{
  gint64 n_fft = mg_params_int(params, "n_fft");
  g_autoptr(MgMelFilters) filters = mg_mel_filters_new(params, sr, n_fft, NULL);
  size_t empty = filters ? mg_mel_filters_empty(filters) : 0;
  if (empty == 0)
    return NULL;
  return g_strdup_printf(
      _("n_mels=%zu: %zu of the bands are empty; expected fewer, a larger n_fft than %" PRId64 ", or a smaller fmax"),
      filters->n, empty, n_fft);
}

/* Sums of neighbouring lanes of each, those of a before those of b in every four. */
#define ADD_PAIRS(a, b)                                                                                                \
  (__builtin_shufflevector(a, b, 0, 2, 8, 10, 4, 6, 12, 14) + __builtin_shufflevector(a, b, 1, 3, 9, 11, 5, 7, 13, 15))

/* Lane i of the result is the sum of the lanes of sums[i]. */
G_ALWAYS_INLINE static inline void
sum_lanes(const MgEight sums[STEP], MgEight *result)
{
  MgEight ab = ADD_PAIRS(sums[0], sums[1]), cd = ADD_PAIRS(sums[2], sums[3]), ef = ADD_PAIRS(sums[4], sums[5]),
          gh = ADD_PAIRS(sums[6], sums[7]);
  MgEight abcd = ADD_PAIRS(ab, cd), efgh = ADD_PAIRS(ef, gh);
  *result = __builtin_shufflevector(abcd, efgh, 0, 1, 2, 3, 8, 9, 10, 11) +
            __builtin_shufflevector(abcd, efgh, 4, 5, 6, 7, 12, 13, 14, 15);
}

/* The outputs of the group of filters that begins with filter m. */
G_ALWAYS_INLINE static inline void
apply_group(const MgMelFilters *filters, size_t m, const float *power, MgEight *mel)
{
  const size_t *first = filters->first + m, count = filters->count[m];
  const float *weights = filters->weights[m / STEP];
  MgEight sums[STEP] = {0};
  size_t i = 0;
  for (; i + STEP <= count; i += STEP, weights += STEP * STEP)
    for (size_t f = 0; f < STEP; f++)
      sums[f] += *(const MgEight *)(weights + f * STEP) * *(const MgEight *)(power + first[f] + i);
  MgEight result;
  sum_lanes(sums, &result);
  for (size_t rest = count - i, k = 0; k < rest; k++) /* filters as wide as the spectrum */
    for (size_t f = 0; f < STEP; f++)
      result[f] += weights[f * rest + k] * power[first[f] + i + k];
  *mel = result;
}

MG_VECTOR void
mg_mel_filters_apply(const MgMelFilters *filters, const float *power, float *mel)
{
  for (size_t m = 0; m < filters->n; m += STEP) {
    MgEight group;
    apply_group(filters, m, power, &group);
    if (m + STEP <= filters->n)
      *(MgEight *)(mel + m) = group;
    else
      memcpy(mel + m, &group, (filters->n - m) * sizeof *mel);
  }
}

MgMatrix *
mg_mel_filters_dense(const MgMelFilters *filters)
{
  MgMatrix *dense = mg_matrix_new(filters->n, filters->bins, NULL);
  for (size_t m = 0; dense && m < filters->n; m++)
    for (size_t i = 0; i < filters->count[m]; i++)
      mg_matrix_row(dense, m)[filters->first[m] + i] = *find_weight(filters, m, i);
  return dense;
}

void
mg_mel_filters_free(MgMelFilters *filters)
{
  if (!filters)
    return;
  for (size_t m = 0; m < filters->n; m += STEP)
    g_free(filters->weights[m / STEP]);
  g_free(filters->first);
  g_free(filters->count);
  g_free(filters->weights);
  g_free(filters->centre);
  g_free(filters->edge);
  g_free(filters->rising);
  g_free(filters->falling);
  g_free(filters);
}

typedef struct {
  const MgMelFilters *filters;
  double power;
} MelFrames;

/* Between two edges rises one filter and falls the one before. */
MG_VECTOR static void
apply_to_lanes(const MgMelFilters *filters, const MgLanes *power, MgLanes *mel)
{
  MgLanes risen = {0};
  for (size_t m = 0; m <= filters->n; m++) {
    MgLanes rising = {0}, falling = {0};
    for (size_t bin = filters->edge[m]; bin < filters->edge[m + 1]; bin++) {
      rising += filters->rising[bin] * power[bin];
      falling += filters->falling[bin] * power[bin];
    }
    if (m > 0)
      mel[m - 1] = risen + falling;
    risen = rising;
  }
}

static void
mel_frames(MgLanes *power, size_t bins, MgLanes *out, gpointer data)
{
  const MelFrames *job = data;
  mg_power_raise((float *)power, bins * MG_LANES, job->power);
  apply_to_lanes(job->filters, power, out);
}

/* `frames`: NULL for a matrix of rows, otherwise blocks are left as they are. */
static MgMatrix *
map_mel(const float *samples, size_t n, int sr, const MgParams *params, int threads, size_t *frames, GError **error)
{
  g_autoptr(MgMelFilters) filters = mg_mel_filters_new(params, sr, mg_params_int(params, "n_fft"), error);
  if (!filters)
    return NULL;
  MelFrames job = {filters, mg_params_float(params, "power")};
  if (frames)
    return mg_stft_map_blocks(samples, n, params, filters->n, mel_frames, &job, threads, frames, error);
  return mg_stft_map_lanes(samples, n, params, filters->n, mel_frames, &job, threads, error);
}

MgMatrix *
mg_mel_spectrogram(const float *samples, size_t n, int sr, const MgParams *params, int threads, GError **error)
{
  return map_mel(samples, n, sr, params, threads, NULL, error);
}

MgMatrix *
mg_mel_blocks(const float *samples, size_t n, int sr, const MgParams *params, int threads, size_t *frames,
              GError **error)
{
  return map_mel(samples, n, sr, params, threads, frames, error);
}
