#include "dsp/tempo.h"
#include "base/error.h"
#include "base/parallel.h"
#include "dsp/autocorrelation.h"
#include "dsp/window.h"
#include <float.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static const MgParamSpec tempogram_specs[] = {
    {"tempogram_win_length", MG_PARAM_INT, "384", 2, 65536, NULL, "frames", NULL,
     N_("Length of the onset strength's autocorrelation (librosa's win_length)")},
};
const MgParamTable mg_tempogram_params = MG_PARAM_TABLE("tempogram", N_("Tempogram"), tempogram_specs);

static const MgParamSpec tempo_specs[] = {
    {"start_bpm", MG_PARAM_FLOAT, "120", 1, 1000, NULL, "BPM", NULL, N_("Tempo that is expected")},
    {"std_bpm", MG_PARAM_FLOAT, "1", 0.01, 100, NULL, "octaves", NULL, N_("How far from it tempos are expected")},
    {"ac_size", MG_PARAM_FLOAT, "8", 0.1, 600, NULL, "s", NULL, N_("Length of the onset strength's autocorrelation")},
    {"max_tempo", MG_PARAM_FLOAT, "320", 1, 10000, NULL, "BPM", NULL, N_("Fastest tempo")},
};
const MgParamTable mg_tempo_params = MG_PARAM_TABLE("tempo", N_("Tempo"), tempo_specs);

enum { FRAMES_PER_ITEM = 512, BLOCK = 16 };

/* Autocorrelation of windows of an envelope that ramps to nothing beyond its ends. */
typedef struct {
  float *padded; /* (frames + win_length) */
  float *window; /* (win_length) */
  size_t frames, win_length;
  MgAutocorrelation **autocorrelation; /* a worker's own */
  float **block;                       /* a worker's own: (BLOCK, win_length) */
  MgMatrix *result;                    /* (win_length, frames), or NULL where only sums over frames are wanted */
  double *sums;                        /* (items, win_length) */
} Tempogram;

/* numpy.pad's linear_ramp to 0. */
static float *
ramped(const float *strength, size_t frames, size_t win_length)
{
  size_t pad = win_length / 2;
  float *padded = g_new0(float, frames + win_length);
  memcpy(padded + pad, strength, frames * sizeof *padded);
  for (size_t i = 0; i < pad; i++) {
    padded[i] = (float)((double)i * strength[0] / pad);
    padded[frames + 2 * pad - 1 - i] = (float)((double)i * strength[frames - 1] / pad);
  }
  return padded;
}

static void
correlate(const Tempogram *job, int worker, size_t frame, float *restrict out)
{
  float *restrict input = mg_autocorrelation_input(job->autocorrelation[worker]);
  for (size_t i = 0; i < job->win_length; i++)
    input[i] = job->padded[frame + i] * job->window[i];
  const float *restrict values = mg_autocorrelation_run(job->autocorrelation[worker]);
  float largest = 0;
  for (size_t i = 0; i < job->win_length; i++)
    largest = fabsf(values[i]) > largest ? fabsf(values[i]) : largest;
  float size = largest < FLT_MIN ? 1 : largest;
  for (size_t i = 0; i < job->win_length; i++)
    out[i] = values[i] / size;
}

static void
keep_block(const Tempogram *job, size_t item, const float *block, size_t first, size_t count)
{
  for (size_t lag = 0; lag < job->win_length; lag++)
    for (size_t f = 0; f < count; f++)
      if (job->result)
        mg_matrix_row(job->result, lag)[first + f] = block[f * job->win_length + lag];
      else
        job->sums[item * job->win_length + lag] += block[f * job->win_length + lag];
}

static gboolean
make_frames(size_t item, int worker, gpointer data, GError **error)
{
  const Tempogram *job = data;
  size_t end = MIN(job->frames, (item + 1) * FRAMES_PER_ITEM);
  for (size_t first = item * FRAMES_PER_ITEM; first < end; first += BLOCK) {
    size_t count = MIN(BLOCK, end - first);
    for (size_t f = 0; f < count; f++)
      correlate(job, worker, first + f, job->block[worker] + f * job->win_length);
    keep_block(job, item, job->block[worker], first, count);
  }
  return TRUE;
}

static size_t
items_of(size_t frames)
{
  return (frames + FRAMES_PER_ITEM - 1) / FRAMES_PER_ITEM;
}

static gboolean
run(Tempogram *job, const float *strength, int threads, GError **error)
{
  size_t items = items_of(job->frames), win_length = job->win_length;
  int workers = (int)MIN(items, (size_t)(threads < 1 ? mg_processors() : threads));
  job->padded = ramped(strength, job->frames, win_length);
  job->window = g_new(float, win_length);
  mg_window_fill("hann", job->window, win_length);
  job->autocorrelation = g_new(MgAutocorrelation *, workers);
  job->block = g_new(float *, workers);
  for (int i = 0; i < workers; i++) {
    job->autocorrelation[i] = mg_autocorrelation_new(win_length, win_length);
    job->block[i] = g_new(float, BLOCK *win_length);
  }
  gboolean good = mg_parallel_for(items, workers, make_frames, job, NULL, error);
  for (int i = 0; i < workers; i++) {
    mg_autocorrelation_free(job->autocorrelation[i]);
    g_free(job->block[i]);
  }
  g_free(job->autocorrelation);
  g_free(job->block);
  g_free(job->window);
  g_free(job->padded);
  return good;
}

MgMatrix *
mg_tempogram(const float *strength, size_t frames, size_t win_length, int threads, GError **error)
{
  g_autoptr(MgMatrix) result = mg_matrix_new(win_length, frames, error);
  Tempogram job = {.frames = frames, .win_length = win_length, .result = result};
  return result && run(&job, strength, threads, error) ? g_steal_pointer(&result) : NULL;
}

/* The tempogram's mean over frames, (win_length). */
static double *
mean_tempogram(const float *strength, size_t frames, size_t win_length, int threads)
{
  size_t items = items_of(frames);
  g_autofree double *sums = g_new0(double, items *win_length);
  Tempogram job = {.frames = frames, .win_length = win_length, .sums = sums};
  run(&job, strength, threads, NULL);
  double *mean = g_new0(double, win_length);
  for (size_t i = 0; i < items * win_length; i++)
    mean[i % win_length] += sums[i] / frames;
  return mean;
}

/* How likely a tempo is before anything was heard: log-normal around start_bpm. */
static double
log_prior(double bpm, const MgParams *params)
{
  double octaves = log2(bpm) - log2(mg_params_float(params, "start_bpm"));
  double deviations = octaves / mg_params_float(params, "std_bpm");
  return -0.5 * deviations * deviations;
}

/* Frames of autocorrelation that ac_size stands for; 0 with an error where that is out of proportion. */
static size_t
lags_of(int sr, size_t hop, const MgParams *params, GError **error)
{
  static const double most = 16384;
  double ac_size = mg_params_float(params, "ac_size"), lags = floor(floor(ac_size * sr) / hop);
  if (lags <= most)
    return (size_t)MAX(2, lags);
  g_set_error(error, MG_ERROR, MG_ERROR_LIMIT, _("ac_size=%g: %g frames; expected at most %g, or a larger hop_length"),
              ac_size, lags, most);
  return 0;
}

gboolean
mg_tempo(const float *strength, size_t frames, int sr, size_t hop, const MgParams *params, int threads, double *tempo,
         GError **error)
{
  size_t lags = lags_of(sr, hop, params, error);
  if (lags == 0)
    return FALSE;
  double frames_a_minute = 60.0 * sr / hop, max_tempo = mg_params_float(params, "max_tempo"), best = -INFINITY;
  if (frames_a_minute / (lags - 1) >= max_tempo)
    max_tempo = INFINITY; /* no lag is slow enough: librosa takes them all */
  g_autofree double *mean = mean_tempogram(strength, frames, lags, threads);
  *tempo = 0;
  for (size_t lag = 1; lag < lags; lag++) {
    double bpm = frames_a_minute / lag, score = log1p(1e6 * mean[lag]) + log_prior(bpm, params);
    if (bpm < max_tempo && score > best) {
      best = score;
      *tempo = bpm;
    }
  }
  return TRUE;
}
