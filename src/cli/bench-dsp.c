/* Seconds of sound for a second of work, on noise: whole features into matrices, and resampling. */
#include "cli/bench.h"
#include "base/rng.h"
#include "dsp/mel.h"
#include "dsp/resample.h"
#include "dsp/stft.h"

enum { SR = 22050, FILE_SR = 44100, AUDIO_SECONDS = 600 };

typedef struct {
  const float *samples;
  size_t n;
  MgParams *params;
  int threads;
} Job;

static gboolean
run_stft(const Job *job, GError **error)
{
  g_autoptr(MgMatrix) matrix = mg_stft_spectrogram(job->samples, job->n, job->params, 1, job->threads, error);
  return matrix != NULL;
}

static gboolean
run_melspectrogram(const Job *job, GError **error)
{
  g_autoptr(MgMatrix) matrix = mg_mel_spectrogram(job->samples, job->n, SR, job->params, job->threads, error);
  return matrix != NULL;
}

/* The samples stand for half the time at twice the rate. */
static gboolean
run_resample(const Job *job, GError **error)
{
  size_t n;
  g_autofree float *out = mg_resample(job->samples, job->n, FILE_SR, SR, &n, error);
  return out != NULL;
}

static const struct {
  const char *name;
  gboolean (*run)(const Job *job, GError **error);
  double audio_seconds;
  gboolean threaded;
} cases[] = {
    {"stft", run_stft, AUDIO_SECONDS, TRUE},
    {"melspectrogram", run_melspectrogram, AUDIO_SECONDS, TRUE},
    {"resample 44100 to 22050", run_resample, AUDIO_SECONDS / 2.0, FALSE},
};

static gboolean
run_case(size_t c, const Job *job, int repeats, GError **error)
{
  g_autofree double *seconds = g_new(double, repeats);
  for (int i = -1; i < repeats; i++) { /* the first warms up */
    double start = mg_bench_seconds();
    if (!cases[c].run(job, error))
      return FALSE;
    if (i >= 0)
      seconds[i] = mg_bench_seconds() - start;
  }
  double ms = mg_bench_median_ms(seconds, repeats);
  mg_bench_report(json_pack("{s:s, s:i, s:f, s:f, s:f, s:f}", "feature", cases[c].name, "threads",
                            cases[c].threaded ? job->threads : 1, "audio_s", cases[c].audio_seconds, "ms", ms,
                            "audio_s_per_s", cases[c].audio_seconds / (ms / 1e3), "peak_rss_mb", mg_bench_peak_mb()));
  return TRUE;
}

static gboolean
run(const MgBenchOptions *options, GError **error)
{
  static const MgParamTable *const tables[] = {&mg_stft_params, &mg_mel_params, NULL};
  g_autoptr(MgParams) params = mg_params_new(tables);
  size_t n = (size_t)AUDIO_SECONDS * SR;
  g_autofree float *samples = g_new(float, n);
  MgRng rng = mg_rng_new(1);
  for (size_t i = 0; i < n; i++)
    samples[i] = mg_rng_between(&rng, -1, 1);
  Job job = {samples, n, params, options->threads};
  for (size_t c = 0; c < G_N_ELEMENTS(cases); c++)
    if (!run_case(c, &job, options->repeats, error))
      return FALSE;
  return TRUE;
}

const MgBench mg_bench_dsp = {"dsp", "features of sound", run};
