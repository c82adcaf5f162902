/* Seconds of sound for a second of work, on noise: every feature of the table as a whole matrix, and resampling. */
#include "cli/bench.h"
#include "base/parallel.h"
#include "base/rng.h"
#include "dsp/feature.h"
#include "dsp/resample.h"

enum { SR = 22050, FILE_SR = 44100, LONG_SECONDS = 600, MIDDLE_SECONDS = 60, SHORT_SECONDS = 10 };

/* A figure is the median of runs in several rounds over all that is measured, and of as many as this takes: what else
 * happens on the machine for some seconds then meets one round of several features, not all runs of one. */
static const double least_seconds = 0.75;

/* librosa 0.11's seconds of sound a second with the same noise and parameters, on one thread of a 2-core AMD EPYC
 * machine (NumPy 1.24, SciPy 1.10). */
static const struct {
  const char *feature;
  double x_realtime;
} peer_librosa[] = {
    {"stft", 2585},
    {"melspectrogram", 1762},
    {"mfcc", 1856},
    {"chroma_stft", 219},
    {"spectral_centroid", 814},
    {"spectral_rolloff", 1255},
    {"spectral_contrast", 1347},
    {"zero_crossing_rate", 3533},
    {"rms", 15376},
    {"onset_strength", 1860},
    {"tempogram", 1073},
    {"beat_track", 966},
    {"cqt", 1625},
    {"tonnetz", 291},
    {"harmonic", 27},
    {"percussive", 27},
    {"yin", 464},
    {"pyin", 9},
};

typedef struct {
  const MgFeature *feature; /* NULL: resampling */
  MgParams *params;
  int threads;
  const float *samples;
  double seconds; /* of sound */
  GArray *runs;   /* double: seconds that they took */
  double peak_mb; /* once this had been warmed up */
} Job;

static Job *
job_new(const MgFeature *feature, int threads, const float *samples)
{
  Job *job = g_new0(Job, 1);
  *job = (Job){.feature = feature, .threads = threads, .samples = samples};
  job->params = feature ? mg_feature_params(feature) : NULL;
  job->runs = g_array_new(FALSE, FALSE, sizeof(double));
  return job;
}

static void
job_free(gpointer data)
{
  Job *job = data;
  mg_params_free(job->params);
  g_array_unref(job->runs);
  g_free(job);
}

static gboolean
compute(const Job *job, double *seconds, GError **error)
{
  size_t n = (size_t)(job->seconds * (job->feature ? SR : FILE_SR)), resampled;
  double start = mg_bench_seconds();
  if (job->feature) {
    g_autoptr(MgMatrix) matrix = mg_feature_compute(job->feature, job->samples, n, SR, job->params, error);
    *seconds = mg_bench_seconds() - start;
    return matrix != NULL;
  }
  g_autofree float *out = mg_resample(job->samples, n, FILE_SR, SR, &resampled, error);
  *seconds = mg_bench_seconds() - start;
  return out != NULL;
}

/* As much sound as takes less than about a second; this is the warming up, too. */
static gboolean
choose_length(Job *job, GError **error)
{
  double seconds;
  job->seconds = SHORT_SECONDS;
  if (!compute(job, &seconds, error))
    return FALSE;
  double speed = SHORT_SECONDS / seconds, longest = job->feature ? LONG_SECONDS : LONG_SECONDS / 2;
  job->seconds = speed > LONG_SECONDS ? longest : speed > MIDDLE_SECONDS ? MIDDLE_SECONDS : SHORT_SECONDS;
  return job->seconds == SHORT_SECONDS || compute(job, &seconds, error);
}

static double
find_peer(const char *name)
{
  for (size_t i = 0; i < G_N_ELEMENTS(peer_librosa); i++)
    if (g_str_equal(peer_librosa[i].feature, name))
      return peer_librosa[i].x_realtime;
  return 0;
}

static gboolean
warm_up(Job *job, GError **error)
{
  mg_bench_use_processors(job->threads);
  job->threads = MIN(job->threads, mg_processors());
  gboolean good = choose_length(job, error);
  job->peak_mb = mg_bench_peak_mb();
  return good;
}

static gboolean
run_round(Job *job, double least, GError **error)
{
  mg_bench_use_processors(job->threads);
  for (double run, total = 0; total < least; total += run) {
    if (!compute(job, &run, error))
      return FALSE;
    g_array_append_val(job->runs, run);
  }
  return TRUE;
}

static void
report(const Job *job)
{
  const char *name = job->feature ? job->feature->name : "resample 44100 to 22050";
  double ms = mg_bench_median_ms((double *)job->runs->data, (int)job->runs->len), speed = job->seconds / (ms / 1e3),
         peer = find_peer(name);
  json_t *result = json_pack("{s:s, s:i, s:f, s:f, s:f}", "feature", name, "threads", job->threads, "audio_s",
                             job->seconds, "ms", ms, "x_realtime", speed);
  if (peer > 0) {
    json_object_set_new(result, "peer_librosa", json_real(peer));
    json_object_set_new(result, "ratio", json_real(speed / peer));
  }
  json_object_set_new(result, "peak_rss_mb", json_real(job->peak_mb));
  mg_bench_report(result);
}

/* Each feature on one thread and on as many as are allowed; resampling has but one. */
static GPtrArray *
list_jobs(const MgBenchOptions *options, const float *samples)
{
  GPtrArray *jobs = g_ptr_array_new_with_free_func(job_free);
  for (const MgFeature *const *feature = mg_features(); *feature; feature++)
    for (int threads = 1; threads <= options->threads; threads += MAX(1, options->threads - 1))
      if (mg_bench_wants(options, (*feature)->name))
        g_ptr_array_add(jobs, job_new(*feature, threads, samples));
  if (options->n_parts == 0)
    g_ptr_array_add(jobs, job_new(NULL, 1, samples));
  return jobs;
}

static gboolean
check_parts(const MgBenchOptions *options, GError **error)
{
  for (int i = 0; i < options->n_parts; i++)
    if (!mg_feature_find(options->parts[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
run(const MgBenchOptions *options, GError **error)
{
  if (!check_parts(options, error))
    return FALSE;
  size_t n = (size_t)LONG_SECONDS * SR;
  g_autofree float *samples = g_new(float, n);
  MgRng rng = mg_rng_new(1);
  for (size_t i = 0; i < n; i++)
    samples[i] = 0.1f * mg_rng_normal(&rng);
  g_autoptr(GPtrArray) jobs = list_jobs(options, samples);
  gboolean good = TRUE;
  for (guint i = 0; good && i < jobs->len; i++)
    good = warm_up(jobs->pdata[i], error);
  for (int round = 0; round < options->repeats; round++)
    for (guint i = 0; good && i < jobs->len; i++)
      good = run_round(jobs->pdata[i], least_seconds / options->repeats, error);
  for (guint i = 0; good && i < jobs->len; i++)
    report(jobs->pdata[i]);
  return good;
}

const MgBench mg_bench_dsp = {"dsp", "features of sound", run};
