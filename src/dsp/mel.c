#include "dsp/mel.h"
#include "base/error.h"
#include "dsp/stft.h"
#include "dsp/vector.h"
#include <glib/gi18n-lib.h>
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

/* Weights come in whole steps, with zeros at the end (or, at the last bins, at the beginning). */
enum { STEP = 8 };
typedef float Step __attribute__((vector_size(STEP * sizeof(float)), aligned(sizeof(float)), may_alias));

struct MgMelFilters {
  size_t n, bins;
  size_t *first, *count; /* (n) */
  float **weights;       /* (n), into `all` */
  float *all;
  double *centre; /* Hz, (n) */
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

/* Appends filter m's weights behind the `used` ones and returns how many there are then. */
static size_t
fill_filter(MgMelFilters *filters, size_t m, const double edges[3], double bin_hz, gboolean slaney, size_t used)
{
  size_t first = MIN((size_t)ceil(edges[0] / bin_hz), filters->bins);
  while (first < filters->bins && triangle(edges, first * bin_hz) == 0 && first * bin_hz < edges[2])
    first++;
  size_t end = first;
  while (end < filters->bins && triangle(edges, end * bin_hz) > 0)
    end++;
  size_t count = MIN((end - first + STEP - 1) / STEP * STEP, filters->bins);
  first = MIN(first, filters->bins - count);
  float norm = slaney ? (float)(2 / (edges[2] - edges[0])) : 1;
  for (size_t bin = first; count > 0 && bin < end; bin++)
    filters->all[used + bin - first] = (float)triangle(edges, bin * bin_hz) * norm;
  filters->first[m] = count > 0 ? first : 0;
  filters->count[m] = count;
  filters->weights[m] = filters->all + used;
  filters->centre[m] = edges[1];
  return used + filters->count[m];
}

static gboolean
check_range(double fmin, double fmax, int sr, GError **error)
{
  double top = MIN(fmax, sr / 2.0);
  if (fmin < top)
    return TRUE;
  g_set_error(error, MG_ERROR, MG_ERROR_USAGE, "fmin=%g: expected less than %s, which is %g Hz", fmin,
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
  filters->first = g_new0(size_t, n);
  filters->count = g_new0(size_t, n);
  filters->weights = g_new0(float *, n);
  filters->centre = g_new0(double, n);
  filters->all = g_new0(float, 2 * filters->bins + 2 + n * STEP); /* a bin lies in two triangles at most */
  g_autofree double *edges = make_edges(n, fmin, fmax, mg_params_bool(params, "htk"));
  gboolean slaney = g_str_equal(mg_params_text(params, "norm"), "slaney");
  size_t used = 0;
  for (size_t m = 0; m < n; m++)
    used = fill_filter(filters, m, edges + m, (double)sr / n_fft, slaney, used);
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
  size_t empty = 0;
  for (size_t m = 0; m < filters->n; m++)
    empty += filters->count[m] == 0;
  return empty;
}

char *
mg_mel_warning(const MgParams *params, int sr)
{
  gint64 n_fft = mg_params_int(params, "n_fft");
  g_autoptr(MgMelFilters) filters = mg_mel_filters_new(params, sr, n_fft, NULL);
  size_t empty = filters ? mg_mel_filters_empty(filters) : 0;
  if (empty == 0)
    return NULL;
  return g_strdup_printf("n_mels=%zu: %zu of the bands are empty; expected fewer, a larger n_fft than %" G_GINT64_FORMAT
                         ", or a smaller fmax",
                         filters->n, empty, n_fft);
}

static inline float
weigh(const float *weights, const float *power, size_t count)
{
  Step sums = {0};
  size_t i = 0;
  for (; i + STEP <= count; i += STEP)
    sums += *(const Step *)(weights + i) * *(const Step *)(power + i);
  float rest = 0;
  for (; i < count; i++) /* a spectrum shorter than a step */
    rest += weights[i] * power[i];
  return ((sums[0] + sums[4]) + (sums[1] + sums[5])) + ((sums[2] + sums[6]) + (sums[3] + sums[7])) + rest;
}

MG_VECTOR void
mg_mel_filters_apply(const MgMelFilters *filters, const float *power, float *mel)
{
  for (size_t m = 0; m < filters->n; m++)
    mel[m] = weigh(filters->weights[m], power + filters->first[m], filters->count[m]);
}

MgMatrix *
mg_mel_filters_dense(const MgMelFilters *filters)
{
  MgMatrix *dense = mg_matrix_new(filters->n, filters->bins, NULL);
  for (size_t m = 0; dense && m < filters->n; m++)
    for (size_t i = 0; i < filters->count[m]; i++)
      mg_matrix_row(dense, m)[filters->first[m] + i] = filters->weights[m][i];
  return dense;
}

void
mg_mel_filters_free(MgMelFilters *filters)
{
  if (!filters)
    return;
  g_free(filters->first);
  g_free(filters->count);
  g_free(filters->weights);
  g_free(filters->centre);
  g_free(filters->all);
  g_free(filters);
}

typedef struct {
  const MgMelFilters *filters;
  double power;
} MelFrames;

static void
mel_frame(float *power, size_t bins, float *out, gpointer data)
{
  const MelFrames *job = data;
  mg_power_raise(power, bins, job->power);
  mg_mel_filters_apply(job->filters, power, out);
}

MgMatrix *
mg_mel_spectrogram(const float *samples, size_t n, int sr, const MgParams *params, int threads, GError **error)
{
  g_autoptr(MgMelFilters) filters = mg_mel_filters_new(params, sr, mg_params_int(params, "n_fft"), error);
  if (!filters)
    return NULL;
  MelFrames job = {filters, mg_params_float(params, "power")};
  return mg_stft_map_frames(samples, n, params, filters->n, mel_frame, &job, threads, error);
}
