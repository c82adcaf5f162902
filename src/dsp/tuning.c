#include "dsp/tuning.h"
#include "base/parallel.h"
#include "dsp/decibel.h"
#include "dsp/stft.h"
#include <math.h>
#include <string.h>

enum { RESOLUTION = 100 };                              /* parts of a bin */
static const double lowest_hz = 150, highest_hz = 4000; /* piptrack's fmin and fmax */
static const float threshold = 0.1f;                    /* of the frame's largest value */

struct MgTuning {
  int sr, bins_per_octave;
  gboolean power;
  size_t n_fft, hop, first, end; /* first, end: the spectrum's bins that may be peaks */
  MgParams *params;              /* the STFT's */
  GMutex lock;
  GArray *magnitudes; /* float, one a peak */
  GArray *parts;      /* guint8: in which part of a bin the peak lies */
};

typedef struct {
  float magnitude;
  guint8 part;
} Peak;

/* Bins from 150 Hz up to, not with, 4 kHz or the last one. */
static void
find_bins(MgTuning *tuning)
{
  double top = MIN(highest_hz, tuning->sr / 2.0), n_fft = (double)tuning->n_fft;
  tuning->first = MAX(1, (size_t)ceil(lowest_hz * n_fft / tuning->sr));
  tuning->end = tuning->first;
  while (tuning->end < tuning->n_fft / 2 && (double)tuning->end * tuning->sr / n_fft < top)
    tuning->end++;
}

MgTuning *
mg_tuning_new(int sr, const MgParams *stft_params, gboolean power, int bins_per_octave, GError **error)
{
  g_autoptr(MgStft) stft = mg_stft_new(stft_params, error);
  if (!stft)
    return NULL;
  MgTuning *tuning = g_new0(MgTuning, 1);
  *tuning = (MgTuning){.sr = sr,
                       .bins_per_octave = bins_per_octave,
                       .power = power,
                       .n_fft = mg_stft_n_fft(stft),
                       .hop = mg_stft_hop(stft),
                       .params = mg_params_copy(stft_params),
                       .magnitudes = g_array_new(FALSE, FALSE, sizeof(float)),
                       .parts = g_array_new(FALSE, FALSE, sizeof(guint8))};
  g_mutex_init(&tuning->lock);
  find_bins(tuning);
  return tuning;
}

static MgTuning *
new_by_defaults(int sr, int bins_per_octave, GError **error)
{
  static const MgParamTable *const tables[] = {&mg_stft_params, NULL};
  g_autoptr(MgParams) params = mg_params_new(tables);
  return mg_tuning_new(sr, params, FALSE, bins_per_octave, error);
}

MgTuning *
mg_tuning_new_for(const MgParams *params, int sr, GError **error)
{
  if (mg_params_has(params, "n_fft"))
    return mg_tuning_new(sr, params, TRUE, 12, error);
  return new_by_defaults(sr, (int)mg_params_int(params, "bins_per_octave"), error);
}

void
mg_tuning_free(MgTuning *tuning)
{
  if (!tuning)
    return;
  g_mutex_clear(&tuning->lock);
  mg_params_free(tuning->params);
  g_array_unref(tuning->magnitudes);
  g_array_unref(tuning->parts);
  g_free(tuning);
}

size_t
mg_tuning_n_fft(const MgTuning *tuning)
{
  return tuning->n_fft;
}

size_t
mg_tuning_hop(const MgTuning *tuning)
{
  return tuning->hop;
}

double
mg_hz_to_octaves(double hz, double tuning, int bins_per_octave)
{
  double a440 = 440 * exp2(tuning / bins_per_octave);
  return log2(hz / (a440 / 16));
}

/* Edge number i of the histogram. */
static double
edge(int i)
{
  return i == RESOLUTION ? 0.5 : -0.5 + i * (1.0 / RESOLUTION);
}

/* Where a pitch lies between the bins. Single precision as librosa, so that pitches fall into the same parts. */
static guint8
part_of_pitch(float hz, int bins_per_octave)
{
  float bins = (float)bins_per_octave * log2f(hz / (440.0f / 16));
  float residual = bins - floorf(bins);
  if (residual >= 0.5f)
    residual -= 1;
  int part = CLAMP((int)((residual + 0.5f) * RESOLUTION), 0, RESOLUTION - 1);
  while (part > 0 && residual < edge(part))
    part--;
  while (part < RESOLUTION - 1 && residual >= edge(part + 1))
    part++;
  return (guint8)part;
}

/* The vertex of the parabola through the bin and its neighbours. */
static Peak
make_peak(const MgTuning *tuning, const float *spectrum, size_t bin)
{
  float rise = spectrum[bin + 1] - spectrum[bin - 1];
  double curve = (double)(spectrum[bin + 1] + spectrum[bin - 1]) - 2.0 * spectrum[bin], slope = rise / 2.0;
  float shift = fabs(slope) >= fabs(curve) ? 0 : (float)(-slope / curve);
  float hz = (float)((bin + (double)shift) * tuning->sr / tuning->n_fft);
  return (Peak){spectrum[bin] + 0.5f * (rise / 2) * shift, part_of_pitch(hz, tuning->bins_per_octave)};
}

static void
append(MgTuning *tuning, const Peak *peaks, size_t n)
{
  g_mutex_lock(&tuning->lock);
  for (size_t i = 0; i < n; i++) {
    g_array_append_val(tuning->magnitudes, peaks[i].magnitude);
    g_array_append_val(tuning->parts, peaks[i].part);
  }
  g_mutex_unlock(&tuning->lock);
}

static void
add_spectrum(MgTuning *tuning, const float *spectrum)
{
  enum { SOME = 256 };
  Peak peaks[SOME];
  size_t n = 0;
  float least = threshold * mg_largest(spectrum, tuning->n_fft / 2 + 1);
  for (size_t bin = tuning->first; bin < tuning->end; bin++) {
    float value = spectrum[bin];
    if (value <= least || value <= spectrum[bin - 1] || value < spectrum[bin + 1])
      continue;
    peaks[n++] = make_peak(tuning, spectrum, bin);
    if (n == SOME) {
      append(tuning, peaks, n);
      n = 0;
    }
  }
  append(tuning, peaks, n);
}

static guint32
bits_of(float value)
{
  union {
    float value;
    guint32 bits;
  } both = {.value = value};
  return both.bits;
}

/* The value of rank `rank` (from 0) among n positive ones, whose bits are in the order of the values: counts of the
 * upper half of the bits, then of the lower half of those that share the upper one. */
static float
value_of_rank(const float *values, size_t n, size_t rank)
{
  g_autofree size_t *counts = g_new0(size_t, 65536);
  guint32 upper = 0, lower = 0;
  for (size_t i = 0; i < n; i++)
    counts[bits_of(values[i]) >> 16]++;
  for (; rank >= counts[upper]; upper++)
    rank -= counts[upper];
  memset(counts, 0, 65536 * sizeof *counts);
  for (size_t i = 0; i < n; i++)
    if (bits_of(values[i]) >> 16 == upper)
      counts[bits_of(values[i]) & 0xffff]++;
  for (; rank >= counts[lower]; lower++)
    rank -= counts[lower];
  union {
    guint32 bits;
    float value;
  } both = {.bits = upper << 16 | lower};
  return both.value;
}

static float
median(const float *values, size_t n)
{
  float upper = value_of_rank(values, n, n / 2);
  return n % 2 ? upper : (value_of_rank(values, n, n / 2 - 1) + upper) / 2;
}

double
mg_tuning_estimate(const MgTuning *tuning)
{
  size_t n = tuning->magnitudes->len, counts[RESOLUTION] = {0};
  if (n == 0)
    return 0;
  const float *magnitudes = (const float *)(void *)tuning->magnitudes->data;
  float least = median(magnitudes, n);
  for (size_t i = 0; i < n; i++)
    counts[(guint8)tuning->parts->data[i]] += magnitudes[i] >= least;
  int best = 0;
  for (int part = 1; part < RESOLUTION; part++)
    if (counts[part] > counts[best])
      best = part;
  return edge(best);
}

typedef struct {
  MgTuning *tuning;
  MgStft **stft;    /* a worker's own */
  float **spectrum; /* a worker's own */
  const float *samples;
  size_t n, first, end;
} TuningFrames;

enum { FRAMES_PER_ITEM = 256 };

static gboolean
add_some_frames(size_t item, int worker, gpointer data, GError **error)
{
  const TuningFrames *job = data;
  size_t first = job->first + item * FRAMES_PER_ITEM, end = MIN(job->end, first + FRAMES_PER_ITEM);
  float *spectrum = job->spectrum[worker];
  for (size_t frame = first; frame < end; frame++) {
    mg_stft_power_frame(job->stft[worker], job->samples, job->n, frame, spectrum);
    if (!job->tuning->power)
      mg_power_raise(spectrum, mg_stft_bins(job->stft[worker]), 1);
    add_spectrum(job->tuning, spectrum);
  }
  return TRUE;
}

static gboolean
run(TuningFrames *job, int threads, GError **error)
{
  size_t items = (job->end - job->first + FRAMES_PER_ITEM - 1) / FRAMES_PER_ITEM;
  int workers = (int)MIN(items, (size_t)(threads < 1 ? mg_processors() : threads));
  job->stft = g_new0(MgStft *, workers);
  job->spectrum = g_new0(float *, workers);
  for (int i = 0; i < workers; i++) {
    job->stft[i] = mg_stft_new(job->tuning->params, NULL);
    job->spectrum[i] = g_new(float, mg_stft_bins(job->stft[i]));
  }
  gboolean good = mg_parallel_for(items, workers, add_some_frames, job, NULL, error);
  for (int i = 0; i < workers; i++) {
    mg_stft_free(job->stft[i]);
    g_free(job->spectrum[i]);
  }
  g_free(job->stft);
  g_free(job->spectrum);
  return good;
}

gboolean
mg_tuning_add(MgTuning *tuning, const float *samples, size_t n, size_t first, size_t end, int threads, GError **error)
{
  g_autoptr(MgStft) stft = mg_stft_new(tuning->params, error);
  if (!stft)
    return FALSE;
  end = MIN(end, mg_stft_frames(stft, n));
  TuningFrames job = {.tuning = tuning, .samples = samples, .n = n, .first = first, .end = end};
  return first >= end || run(&job, threads, error);
}

static gboolean
estimate(MgTuning *tuning, const float *samples, size_t n, int threads, double *value, GError **error)
{
  if (!tuning || !mg_tuning_add(tuning, samples, n, 0, G_MAXSIZE, threads, error))
    return FALSE;
  *value = mg_tuning_estimate(tuning);
  return TRUE;
}

gboolean
mg_estimate_tuning(const float *samples, size_t n, int sr, int bins_per_octave, int threads, double *tuning,
                   GError **error)
{
  g_autoptr(MgTuning) peaks = new_by_defaults(sr, bins_per_octave, error);
  return estimate(peaks, samples, n, threads, tuning, error);
}

gboolean
mg_tuning_read(const MgParams *params, const float *samples, size_t n, int sr, int threads, double *tuning,
               GError **error)
{
  if (!mg_params_is_auto(params, "tuning")) {
    *tuning = mg_params_float(params, "tuning");
    return TRUE;
  }
  g_autoptr(MgTuning) peaks = mg_tuning_new_for(params, sr, error);
  return estimate(peaks, samples, n, threads, tuning, error);
}
