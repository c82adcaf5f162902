#include "dsp/hpss.h"
#include "base/error.h"
#include "base/parallel.h"
#include "dsp/feature.h"
#include "dsp/istft.h"
#include "dsp/pad.h"
#include "dsp/sort-network.h"
#include <float.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static const MgParamSpec specs[] = {
    {"kernel_size", MG_PARAM_INT, "31", 1, 255, NULL, NULL, NULL,
     N_("Frames, and bins, over which the median filters run")},
    {"mask_power", MG_PARAM_FLOAT, "2", 0.1, 100, NULL, NULL, NULL,
     N_("Exponent of the soft masks; larger ones part more sharply (librosa's power)")},
    {"margin", MG_PARAM_FLOAT, "1", 1, 100, NULL, NULL, NULL,
     N_("How many times stronger than the other a part must be; above 1 a rest is left over")},
};
const MgParamTable mg_hpss_params = MG_PARAM_TABLE("hpss", N_("Harmonic and percussive parts"), specs);

enum { TILE = 32 }; /* frames that are worked together */

/* A worker's own. */
typedef struct {
  MgRunningMedian *median;
  float *turned;        /* magnitudes of the tile, (bins, TILE) */
  float *harmonic;      /* medians along frames, (TILE, bins) */
  float *percussive;    /* medians along bins, (bins, TILE) */
  const float **inputs; /* the running median's rows */
  float **outputs;
} Scratch;

typedef struct {
  const MgMatrix *magnitude; /* (frames, bins) */
  MgSpectra *spectra;
  MgHpssPart part;
  double power, margin;
  size_t kernel_size;
  Scratch *scratch;
} Hpss;

static void
filter_frames(const Hpss *job, Scratch *scratch, size_t first, size_t count)
{
  size_t bins = job->magnitude->cols, frames = job->magnitude->rows,
         inputs = mg_running_median_inputs(scratch->median, count);
  size_t tiles = (bins + MG_MEDIAN_LANES - 1) / MG_MEDIAN_LANES, lanes = (bins + tiles - 1) / tiles;
  for (size_t bin = 0; bin < bins; bin += lanes) {
    for (size_t i = 0; i < inputs; i++)
      scratch->inputs[i] =
          mg_matrix_row(job->magnitude, mg_mirrored((gint64)(first + i) - (gint64)(job->kernel_size / 2), frames)) +
          bin;
    for (size_t f = 0; f < count; f++)
      scratch->outputs[f] = scratch->harmonic + f * bins + bin;
    mg_running_median_run(scratch->median, scratch->inputs, count, scratch->outputs, MIN(lanes, bins - bin));
  }
}

static void
filter_bins(const Hpss *job, Scratch *scratch, size_t first, size_t count)
{
  size_t bins = job->magnitude->cols, inputs = mg_running_median_inputs(scratch->median, bins);
  for (size_t f = 0; f < count; f++) {
    const float *row = mg_matrix_row(job->magnitude, first + f);
    for (size_t bin = 0; bin < bins; bin++)
      scratch->turned[bin * TILE + f] = row[bin];
  }
  for (size_t i = 0; i < inputs; i++)
    scratch->inputs[i] = scratch->turned + mg_mirrored((gint64)i - (gint64)(job->kernel_size / 2), bins) * TILE;
  for (size_t bin = 0; bin < bins; bin++)
    scratch->outputs[bin] = scratch->percussive + bin * TILE;
  mg_running_median_run(scratch->median, scratch->inputs, bins, scratch->outputs, TILE);
}

/* librosa.util.softmask: which part of an energy is x's, where `other` is the rival's. */
static float
soft_mask(float x, float other, double power, float undecided)
{
  float larger = x > other ? x : other;
  if (larger < FLT_MIN)
    return undecided;
  float a = x / larger, b = other / larger;
  a = power == 2 ? a * a : powf(a, (float)power);
  b = power == 2 ? b * b : powf(b, (float)power);
  return a / (a + b);
}

static void
mask_frame(const Hpss *job, const Scratch *scratch, size_t first, size_t f)
{
  size_t bins = job->magnitude->cols;
  const float *restrict harmonic = scratch->harmonic + f * bins, *restrict percussive = scratch->percussive + f;
  float *restrict real = mg_matrix_row(job->spectra->real, first + f);
  float *restrict imaginary = mg_matrix_row(job->spectra->imaginary, first + f);
  float margin = (float)job->margin, undecided = margin == 1 ? 0.5f : 0;
  for (size_t bin = 0; bin < bins; bin++) {
    float own = job->part == MG_HPSS_HARMONIC ? harmonic[bin] : percussive[bin * TILE];
    float other = job->part == MG_HPSS_HARMONIC ? percussive[bin * TILE] : harmonic[bin];
    float mask = soft_mask(own, other * margin, job->power, undecided);
    real[bin] *= mask;
    imaginary[bin] *= mask;
  }
}

static gboolean
make_tile(size_t item, int worker, gpointer data, GError **error)
{
  const Hpss *job = data;
  size_t first = item * TILE, count = MIN(TILE, job->magnitude->rows - first);
  filter_frames(job, &job->scratch[worker], first, count);
  filter_bins(job, &job->scratch[worker], first, count);
  for (size_t f = 0; f < count; f++)
    mask_frame(job, &job->scratch[worker], first, f);
  return TRUE;
}

static void
scratch_init(Scratch *scratch, size_t kernel_size, size_t bins)
{
  scratch->median = mg_running_median_new(kernel_size);
  scratch->turned = g_new0(float, bins *TILE);
  scratch->harmonic = g_new(float, bins *TILE);
  scratch->percussive = g_new(float, bins *TILE);
  scratch->inputs = g_new(const float *, mg_running_median_inputs(scratch->median, MAX(bins, TILE)));
  scratch->outputs = g_new(float *, MAX(bins, TILE));
}

static void
scratch_clear(Scratch *scratch)
{
  mg_running_median_free(scratch->median);
  g_free(scratch->turned);
  g_free(scratch->harmonic);
  g_free(scratch->percussive);
  g_free(scratch->inputs);
  g_free(scratch->outputs);
}

static gboolean
make_magnitude(size_t frame, int worker, gpointer data, GError **error)
{
  const Hpss *job = data;
  const float *restrict real = mg_matrix_row(job->spectra->real, frame);
  const float *restrict imaginary = mg_matrix_row(job->spectra->imaginary, frame);
  float *restrict magnitude = mg_matrix_row(job->magnitude, frame);
  for (size_t bin = 0; bin < job->magnitude->cols; bin++)
    magnitude[bin] = sqrtf(real[bin] * real[bin] + imaginary[bin] * imaginary[bin]);
  return TRUE;
}

gboolean
mg_hpss(MgSpectra *spectra, MgHpssPart part, const MgParams *params, int threads, GError **error)
{
  size_t frames = spectra->real->rows, bins = spectra->real->cols, items = (frames + TILE - 1) / TILE;
  g_autoptr(MgMatrix) magnitude = mg_matrix_new(frames, bins, error);
  if (!magnitude)
    return FALSE;
  int workers = (int)MIN(items, (size_t)(threads < 1 ? mg_processors() : threads));
  Hpss job = {.magnitude = magnitude,
              .spectra = spectra,
              .part = part,
              .power = mg_params_float(params, "mask_power"),
              .margin = mg_params_float(params, "margin"),
              .kernel_size = mg_params_int(params, "kernel_size"),
              .scratch = g_new0(Scratch, workers)};
  for (int i = 0; i < workers; i++)
    scratch_init(&job.scratch[i], job.kernel_size, bins);
  gboolean good = mg_parallel_for(frames, workers, make_magnitude, &job, NULL, error) &&
                  mg_parallel_for(items, workers, make_tile, &job, NULL, error);
  for (int i = 0; i < workers; i++)
    scratch_clear(&job.scratch[i]);
  g_free(job.scratch);
  return good;
}

static MgSpectra *
part_of_sound(const float *samples, size_t n, MgHpssPart part, const MgParams *params, int threads, GError **error)
{
  g_autoptr(MgSpectra) spectra = mg_stft_complex(samples, n, params, threads, error);
  return spectra && mg_hpss(spectra, part, params, threads, error) ? g_steal_pointer(&spectra) : NULL;
}

MgMatrix *
mg_hpss_picture(const float *samples, size_t n, MgHpssPart part, const MgParams *params, int threads, GError **error)
{
  g_autoptr(MgSpectra) spectra = part_of_sound(samples, n, part, params, threads, error);
  MgMatrix *picture = spectra ? mg_matrix_new(spectra->real->cols, spectra->real->rows, error) : NULL;
  for (size_t bin = 0; picture && bin < picture->rows; bin++)
    for (size_t frame = 0; frame < picture->cols; frame++)
      mg_matrix_row(picture, bin)[frame] =
          hypotf(mg_matrix_row(spectra->real, frame)[bin], mg_matrix_row(spectra->imaginary, frame)[bin]);
  return picture;
}

MgMatrix *
mg_hpss_sound(const float *samples, size_t n, MgHpssPart part, const MgParams *params, int threads, GError **error)
{
  g_autoptr(MgSpectra) spectra = part_of_sound(samples, n, part, params, threads, error);
  size_t length;
  g_autofree float *sound = spectra ? mg_istft(spectra, params, n, threads, &length, error) : NULL;
  MgMatrix *result = sound ? mg_matrix_new(1, n, error) : NULL;
  if (result)
    memcpy(result->data, sound, n * sizeof *sound);
  return result;
}

MgMatrix *
mg_hpss_power(const MgMatrix *magnitude, int sr, const MgParams *params, GError **error)
{
  MgMatrix *power = mg_matrix_new(1, magnitude->cols, error);
  for (size_t bin = 0; power && bin < magnitude->rows; bin++) {
    const float *restrict row = mg_matrix_row(magnitude, bin);
    for (size_t frame = 0; frame < power->cols; frame++)
      power->data[frame] += row[frame] * row[frame] / magnitude->rows;
  }
  return power;
}

size_t
mg_hpss_context(int sr, const MgParams *params)
{
  return 2 * mg_params_int(params, "n_fft") + mg_params_int(params, "kernel_size") * mg_feature_hop(params);
}
