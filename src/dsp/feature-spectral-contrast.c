#include "base/error.h"
#include "dsp/decibel.h"
#include "dsp/feature-table.h"
#include "dsp/frames.h"
#include "dsp/stft.h"
#include "dsp/vector.h"
#include <glib/gi18n-lib.h>
#include <inttypes.h>
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
                _("spectral_contrast: no bin lies between %g and %g Hz; expected a larger n_fft than %" PRId64
                  ", or a smaller fmin or n_bands"),
                low, high, n_fft);
    return FALSE;
  }
  band->first = first - (k > 0);
  band->count = all - ((gint64)k < n_bands);
  band->picked = MIN(band->count, (size_t)MAX(1, rint(mg_params_float(params, "quantile") * all)));
  return TRUE;
}

/* Numbers from 0 up are in the order of their bits; with all bits flipped, in the opposite one. */
typedef gint32 Keys __attribute__((vector_size(MG_LANES * sizeof(gint32)), aligned(sizeof(gint32)), may_alias));
enum { LARGEST = 0, SMALLEST = -1 };
enum { MOST_KEPT = 11 };

#define CHOOSE(mask, yes, no) (((yes) & (mask)) | ((no) & ~(mask)))

static inline gboolean
any(const Keys *mask)
{
  gint32 found = 0;
  for (int lane = 0; lane < MG_LANES; lane++)
    found |= (*mask)[lane];
  return found != 0;
}

/* In each lane, limits that too few of the n keys are above, and too many: the largest one, and below the largest of
 * each of `picked` parts. */
G_ALWAYS_INLINE static inline void
find_range(const Keys *keys, size_t n, size_t picked, gint32 flip, Keys *above, Keys *below)
{
  Keys smallest = (Keys){0} + G_MAXINT32, largest = (Keys){0} + G_MININT32;
  for (size_t part = 0; part < picked; part++) {
    Keys own = keys[part * n / picked] ^ flip;
    for (size_t i = part * n / picked + 1; i < (part + 1) * n / picked; i++) {
      Keys key = keys[i] ^ flip;
      own = CHOOSE(key > own, key, own);
    }
    smallest = CHOOSE(own < smallest, own, smallest);
    largest = CHOOSE(own > largest, own, largest);
  }
  *above = largest;
  *below = smallest - 1;
}

/* In each lane, a limit that exactly `picked` of the n keys are above; or, where several are equal, the next below:
 * *count are above it. Halving the range in which the limit lies has no branch that hangs on the values. */
G_ALWAYS_INLINE static inline void
find_limits(const Keys *keys, size_t n, gint32 picked, gint32 flip, Keys *limit, Keys *count)
{
  Keys above, below;
  find_range(keys, n, picked, flip, &above, &below);
  Keys apart = above - below > 1;
  *count = (Keys){0};
  while (any(&apart)) {
    Keys middle = below + ((above - below) >> 1), found = (Keys){0};
    for (size_t i = 0; i < n; i++)
      found -= (keys[i] ^ flip) > middle;
    Keys few = found <= picked;
    above = CHOOSE(few, middle, above);
    *count = CHOOSE(few, found, *count);
    below = CHOOSE(few, CHOOSE(found == picked, middle, below), middle);
    apart = above - below > 1;
  }
  *limit = above;
}

/* The mean of the `picked` largest or smallest of n values in each lane. */
G_ALWAYS_INLINE static inline void
average_picked(const MgLanes *values, size_t n, gint32 picked, gint32 flip, MgLanes *mean)
{
  const Keys *keys = (const Keys *)values;
  Keys limit, count, sum_keys;
  find_limits(keys, n, picked, flip, &limit, &count);
  MgLanes sum = {0};
  for (size_t i = 0; i < n; i++) {
    Keys chosen = keys[i] & ((keys[i] ^ flip) > limit);
    sum += (MgLanes)chosen;
  }
  sum_keys = (limit ^ flip) & (count < picked); /* keys that equal the limit make up what is missing */
  *mean = (sum + __builtin_convertvector(picked - count, MgLanes) * (MgLanes)sum_keys) / (float)picked;
}

/* The same where few are picked: they are kept in order while the values pass by. `picked` is a constant, so that they
 * stay in registers. */
G_ALWAYS_INLINE static inline void
average_few(const MgLanes *values, size_t n, const int picked, gint32 flip, MgLanes *mean)
{
  const Keys *keys = (const Keys *)values;
  Keys best[MOST_KEPT];
  for (int j = 0; j < picked; j++)
    best[j] = (Keys){0} + G_MININT32;
  for (size_t i = 0; i < n; i++) {
    Keys key = keys[i] ^ flip;
    for (int j = 0; j < picked; j++) {
      Keys larger = key > best[j], kept = CHOOSE(larger, key, best[j]);
      key = CHOOSE(larger, best[j], key);
      best[j] = kept;
    }
  }
  MgLanes sum = {0};
  for (int j = 0; j < picked; j++)
    sum += (MgLanes)(best[j] ^ flip);
  *mean = sum / (float)picked;
}

G_ALWAYS_INLINE static inline void
average(const MgLanes *values, size_t n, size_t picked, gint32 flip, MgLanes *mean)
{
#define KEPT(count)                                                                                                    \
  case count:                                                                                                          \
    average_few(values, n, count, flip, mean);                                                                         \
    break
  switch (picked) {
    KEPT(1);
    KEPT(2);
    KEPT(3);
    KEPT(4);
    KEPT(5);
    KEPT(6);
    KEPT(7);
    KEPT(8);
    KEPT(9);
    KEPT(10);
    KEPT(MOST_KEPT);
  default:
    average_picked(values, n, (gint32)picked, flip, mean);
  }
#undef KEPT
}

/* Peaks, then valleys. */
MG_VECTOR static void
make_levels(MgLanes *magnitude, size_t bins, MgLanes *out, gpointer data)
{
  const Bands *bands = data;
  mg_power_raise((float *)magnitude, bins * MG_LANES, 1);
  for (size_t k = 0; k < bands->n; k++) {
    const Band *band = &bands->band[k];
    average(magnitude + band->first, band->count, band->picked, LARGEST, &out[k]);
    average(magnitude + band->first, band->count, band->picked, SMALLEST, &out[bands->n + k]);
  }
}

static MgMatrix *
compute_levels(const float *samples, size_t n, int sr, const MgParams *params, GError **error)
{
  Bands bands = {.n = mg_params_int(params, "n_bands") + 1};
  for (size_t k = 0; k < bands.n; k++)
    if (!find_band(&bands.band[k], k, sr, params, error))
      return NULL;
  return mg_stft_map_lanes_precise(samples, n, params, 2 * bands.n, make_levels, &bands, 0, error);
}

static const MgFeature levels = {
    .name = "spectral_contrast's peaks and valleys",
    .title = "",
    .tables = tables,
    .kind = MG_FEATURE_PICTURE,
    .axis = MG_AXIS_INDEX,
    .scale = MG_SCALE_LINEAR,
    .compute = compute_levels,
    .repairs = TRUE,
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
