#include "dsp/yin.h"
#include "base/error.h"
#include "base/parallel.h"
#include "dsp/autocorrelation.h"
#include "dsp/frames.h"
#include <float.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static const MgParamSpec f0_specs[] = {
    {"fmin", MG_PARAM_FLOAT, "65", 1, 96000, NULL, "Hz", NULL, N_("Lowest fundamental frequency")},
    {"fmax", MG_PARAM_FLOAT, "2093", 1, 96000, NULL, "Hz", NULL, N_("Highest fundamental frequency")},
};
const MgParamTable mg_f0_params = MG_PARAM_TABLE("f0", N_("Fundamental frequency"), f0_specs);

static const MgParamSpec yin_specs[] = {
    {"trough_threshold", MG_PARAM_FLOAT, "0.1", 0.001, 10, NULL, NULL, NULL,
     N_("The first period whose difference falls below this is taken")},
};
const MgParamTable mg_yin_params = MG_PARAM_TABLE("yin", N_("YIN"), yin_specs);

static gboolean
check_frequencies(double fmin, double fmax, int sr, size_t frame_length, GError **error)
{
  if (fmax > sr / 2.0)
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("fmax=%g: expected at most sr / 2, which is %g Hz"), fmax, sr / 2.0);
  else if (fmin >= fmax)
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("fmin=%g: expected less than fmax, which is %g Hz"), fmin, fmax);
  else if (sr / fmin >= frame_length - 1.0)
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("fmin=%g: expected above %g Hz, or a frame_length of at least %g"),
                fmin, sr / (frame_length - 1.0), ceil(sr / fmin) + 2);
  else
    return TRUE;
  return FALSE;
}

gboolean
mg_yin_frames(MgYinFrames *frames, const float *samples, size_t n, int sr, const MgParams *params, GError **error)
{
  double fmin = mg_params_float(params, "fmin"), fmax = mg_params_float(params, "fmax");
  size_t length = mg_params_int(params, "frame_length");
  *frames = (MgYinFrames){.samples = samples, .n = n, .length = length, .sr = sr};
  if (!check_frequencies(fmin, fmax, sr, length, error))
    return FALSE;
  frames->hop = mg_params_int(params, "hop_length");
  frames->before = mg_params_bool(params, "center") ? length / 2 : 0;
  frames->min_period = (size_t)floor(sr / fmax);
  frames->n_periods = MIN((size_t)ceil(sr / fmin), length - 1) - frames->min_period + 1;
  size_t padded = n + 2 * frames->before;
  frames->frames = padded < length ? 0 : 1 + (padded - length) / frames->hop;
  if (frames->frames == 0)
    g_set_error(error, MG_ERROR, MG_ERROR_DATA,
                _("%zu samples give no frame: expected at least frame_length = %zu of them, or center=true"), n,
                length);
  return frames->frames > 0;
}

struct MgYin {
  const MgYinFrames *frames;
  MgAutocorrelation *autocorrelation;
  float *frame, *difference;
};

MgYin *
mg_yin_new(const MgYinFrames *frames)
{
  MgYin *yin = g_new0(MgYin, 1);
  yin->frames = frames;
  yin->autocorrelation = mg_autocorrelation_new(frames->length, frames->min_period + frames->n_periods);
  yin->frame = g_new(float, frames->length);
  yin->difference = g_new(float, frames->n_periods);
  return yin;
}

void
mg_yin_free(MgYin *yin)
{
  if (!yin)
    return;
  mg_autocorrelation_free(yin->autocorrelation);
  g_free(yin->frame);
  g_free(yin->difference);
  g_free(yin);
}

/* Equation 8, as librosa 0.11: the difference is 2 (r(0) - r(tau)) less the energy of the first tau samples. */
const float *
mg_yin_difference(MgYin *yin, size_t frame)
{
  const MgYinFrames *job = yin->frames;
  float *input = mg_autocorrelation_input(yin->autocorrelation);
  gint64 start = (gint64)(frame * job->hop) - (gint64)job->before;
  mg_pad_load(MG_PAD_CONSTANT, job->samples, job->n, start, job->length, yin->frame);
  memcpy(input, yin->frame, job->length * sizeof *input);
  const float *correlation = mg_autocorrelation_run(yin->autocorrelation);
  double energy = 0, sum = 0;
  for (size_t period = 1; period < job->min_period + job->n_periods; period++) {
    energy += (double)yin->frame[period - 1] * yin->frame[period - 1];
    float difference = 2 * (correlation[0] - correlation[period]) - (float)energy;
    sum += difference;
    if (period >= job->min_period)
      yin->difference[period - job->min_period] = difference / ((float)(sum / period) + FLT_MIN);
  }
  return yin->difference;
}

gboolean
mg_yin_is_trough(const float *difference, size_t n, size_t at)
{
  if (at == 0)
    return difference[0] < difference[1];
  return difference[at] < difference[at - 1] && (at + 1 == n || difference[at] <= difference[at + 1]);
}

float
mg_yin_shift(const float *difference, size_t n, size_t at)
{
  if (at == 0 || at + 1 == n)
    return 0;
  float a = difference[at + 1] + difference[at - 1] - 2 * difference[at];
  float b = (difference[at + 1] - difference[at - 1]) / 2;
  return fabsf(b) >= fabsf(a) ? 0 : -b / a;
}

/* The first trough below the threshold, or the least value of all. */
static size_t
first_trough(const float *difference, size_t n, double threshold)
{
  size_t least = 0;
  for (size_t at = 0; at < n; at++) {
    if (difference[at] < threshold && mg_yin_is_trough(difference, n, at))
      return at;
    least = difference[at] < difference[least] ? at : least;
  }
  return least;
}

enum { FRAMES_PER_ITEM = 64 };

typedef struct {
  MgYinFrames frames;
  MgYin **yin; /* a worker's own */
  double threshold;
  float *out;
} Job;

static gboolean
make_frames(size_t item, int worker, gpointer data, GError **error)
{
  const Job *job = data;
  size_t end = MIN(job->frames.frames, (item + 1) * FRAMES_PER_ITEM), n = job->frames.n_periods;
  for (size_t frame = item * FRAMES_PER_ITEM; frame < end; frame++) {
    const float *difference = mg_yin_difference(job->yin[worker], frame);
    size_t at = first_trough(difference, n, job->threshold);
    double period = job->frames.min_period + at + (double)mg_yin_shift(difference, n, at);
    job->out[frame] = (float)(job->frames.sr / period);
  }
  return TRUE;
}

MgMatrix *
mg_yin(const float *samples, size_t n, int sr, const MgParams *params, int threads, GError **error)
{
  Job job = {.threshold = mg_params_float(params, "trough_threshold")};
  if (!mg_yin_frames(&job.frames, samples, n, sr, params, error))
    return NULL;
  g_autoptr(MgMatrix) result = mg_matrix_new(1, job.frames.frames, error);
  if (!result)
    return NULL;
  size_t items = (job.frames.frames + FRAMES_PER_ITEM - 1) / FRAMES_PER_ITEM;
  int workers = (int)MIN(items, (size_t)(threads < 1 ? mg_processors() : threads));
  job.out = result->data;
  job.yin = g_new(MgYin *, workers);
  for (int i = 0; i < workers; i++)
    job.yin[i] = mg_yin_new(&job.frames);
  gboolean good = mg_parallel_for(items, workers, make_frames, &job, NULL, error);
  for (int i = 0; i < workers; i++)
    mg_yin_free(job.yin[i]);
  g_free(job.yin);
  return good ? g_steal_pointer(&result) : NULL;
}
