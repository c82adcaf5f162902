#include "base/error.h"
#include "dsp/decibel.h"
#include "dsp/feature-table.h"
#include "dsp/frames.h"
#include "dsp/stft.h"
#include "dsp/vector.h"
#include <glib/gi18n-lib.h>
#include <math.h>

static const MgParamSpec specs[] = {
    {"fmin", MG_PARAM_FLOAT, "200", 1, 96000, NULL, "Hz", NULL,
     N_("Upper end of the first band; each band above is an octave")},
    {"n_bands", MG_PARAM_INT, "6", 1, 16, NULL, NULL, NULL, N_("Number of octaves above the first band")},
    {"quantile", MG_PARAM_FLOAT, "0.02", 0.0001, 0.9999, NULL, NULL, NULL,
     N_("Part of a band's bins that make its peak, and its valley")},
    {"linear", MG_PARAM_BOOL, "false", 0, 0, NULL, NULL, NULL, N_("The difference of magnitudes in place of decibels")},
};
static const MgParamTable contrast_params = MG_PARAM_TABLE("spectral_contrast", N_("Spectral contrast"), specs);
static const MgParamTable *const tables[] = {&mg_hop_params, &mg_stft_params, &contrast_params, NULL};

typedef struct {
  size_t first, count; /* bins */
  size_t picked;       /* how many of them make the peak, and the valley */
} Band;

typedef struct {
  Band band[17];
  size_t n;
} Bands;

/* Band number k, as librosa cuts it: with the bin below its lower end and without its last one, but for the highest
 * band, which takes all that is left. */
static gboolean
find_band(Band *band, size_t k, int sr, const MgParams *params, GError **error)
{
  gint64 n_fft = mg_params_int(params, "n_fft"), n_bands = mg_params_int(params, "n_bands");
  double fmin = mg_params_float(params, "fmin"), bin_hz = 1 / (n_fft * (1.0 / sr));
  double low = k == 0 ? 0 : fmin * exp2((double)k - 1), high = fmin * exp2((double)k);
  size_t bins = n_fft / 2 + 1, first = 0;
  while (first < bins && first * bin_hz < low)
    first++;
  size_t end = first;
  while (end < bins && ((gint64)k == n_bands || end * bin_hz <= high))
    end++;
  size_t all = end - first + (k > 0);
  if (low >= sr / 2.0 || first == end || all < 2) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE,
                "spectral_contrast: no bin lies between %g and %g Hz; expected a larger n_fft than %" G_GINT64_FORMAT
                ", or a smaller fmin or n_bands",
                low, high, n_fft);
    return FALSE;
  }
  band->first = first - (k > 0);
  band->count = all - ((gint64)k < n_bands);
  band->picked = MIN(band->count, (size_t)MAX(1, rint(mg_params_float(params, "quantile") * all)));
  return TRUE;
}

/* Numbers from 0 up are in the order of their bits; with all bits flipped, in the opposite one. */
typedef gint32 Key __attribute__((may_alias));
enum { LARGEST = 0, SMALLEST = -1 };

static inline size_t
count_above(const Key *key, size_t n, gint32 flip, gint32 limit)
{
  guint32 count = 0;
  for (size_t i = 0; i < n; i++)
    count += (key[i] ^ flip) > limit;
  return count;
}

/* A limit that exactly `picked` keys are above; or, where several are equal, the next below: *count are above it. */
static inline gint32
find_limit(const Key *key, size_t n, size_t picked, gint32 flip, size_t *count)
{
  gint32 low = G_MAXINT32, high = G_MININT32;
  for (size_t i = 0; i < n; i++) {
    gint32 value = key[i] ^ flip;
    low = value < low ? value : low;
    high = value > high ? value : high;
  }
  gint64 below = (gint64)low - 1, above = high; /* too many, and too few, keys are above them */
  *count = 0;
  while (above - below > 1) {
    gint64 middle = below + (above - below) / 2;
    size_t found = count_above(key, n, flip, (gint32)middle);
    if (found <= picked) {
      above = middle;
      *count = found;
    } else {
      below = middle;
    }
    if (found == picked)
      break;
  }
  return (gint32)above;
}

/* The mean of the roots of the `picked` largest or smallest values, without sorting: halving the range in which the
 * limit lies has no branch that hangs on the values. */
static inline float
mean_of_picked(const float *values, size_t n, size_t picked, gint32 flip)
{
  const Key *key = (const Key *)values;
  size_t count;
  gint32 limit = find_limit(key, n, picked, flip, &count), equal = limit ^ flip;
  MgLanes sums = {0};
  size_t i = 0;
  for (; i + MG_LANES <= n; i += MG_LANES)
    for (int lane = 0; lane < MG_LANES; lane++)
      sums[lane] += (key[i + lane] ^ flip) > limit ? sqrtf(values[i + lane]) : 0;
  float sum = mg_lanes_sum(&sums), root;
  for (; i < n; i++)
    sum += (key[i] ^ flip) > limit ? sqrtf(values[i]) : 0;
  memcpy(&root, &equal, sizeof root);
  return count == picked ? sum / picked : (sum + (picked - count) * sqrtf(root)) / picked;
}

/* Peaks, then valleys. */
MG_VECTOR static void
make_levels(float *power, size_t bins, float *out, gpointer data)
{
  const Bands *bands = data;
  for (size_t k = 0; k < bands->n; k++) {
    const Band *band = &bands->band[k];
    out[k] = mean_of_picked(power + band->first, band->count, band->picked, LARGEST);
    out[bands->n + k] = mean_of_picked(power + band->first, band->count, band->picked, SMALLEST);
  }
}

static MgMatrix *
compute_levels(const float *samples, size_t n, int sr, const MgParams *params, GError **error)
{
  Bands bands = {.n = mg_params_int(params, "n_bands") + 1};
  for (size_t k = 0; k < bands.n; k++)
    if (!find_band(&bands.band[k], k, sr, params, error))
      return NULL;
  return mg_stft_map_frames_precise(samples, n, params, 2 * bands.n, make_levels, &bands, 0, error);
}

static const MgFeature levels = {
    .name = "spectral_contrast's peaks and valleys",
    .title = "",
    .tables = tables,
    .kind = MG_FEATURE_PICTURE,
    .axis = MG_AXIS_INDEX,
    .scale = MG_SCALE_LINEAR,
    .compute = compute_levels,
};

static MgMatrix *
derive(const MgMatrix *values, int sr, const MgParams *params, GError **error)
{
  size_t bands = values->rows / 2, n = bands * values->cols;
  g_autoptr(MgMatrix) result = mg_matrix_new(bands, values->cols, error);
  g_autoptr(MgMatrix) copy = result ? mg_matrix_copy(values) : NULL;
  if (!copy)
    return NULL;
  float *peak = copy->data, *valley = copy->data + n;
  if (!mg_params_bool(params, "linear")) {
    mg_power_to_db(peak, n, 1, 1e-10, 80);
    mg_power_to_db(valley, n, 1, 1e-10, 80);
  }
  for (size_t i = 0; i < n; i++)
    result->data[i] = peak[i] - valley[i];
  return g_steal_pointer(&result);
}

const MgFeature mg_feature_spectral_contrast = {
    .name = "spectral_contrast",
    .title = N_("Spectral contrast"),
    .tables = tables,
    .kind = MG_FEATURE_PICTURE,
    .axis = MG_AXIS_INDEX,
    .scale = MG_SCALE_LINEAR,
    .source = &levels,
    .derive = derive,
    .whole = MG_WHOLE_ALL,
};
