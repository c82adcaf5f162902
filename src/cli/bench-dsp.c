/* Seconds of sound for a second of work, on noise: every feature of the table as a whole matrix, and resampling. */
#include "cli/bench.h"
#include "base/parallel.h"
#include "base/rng.h"
#include "dsp/feature.h"
#include "dsp/resample.h"

enum { SR = 22050, FILE_SR = 44100, LONG_SECONDS = 600, MIDDLE_SECONDS = 60, SHORT_SECONDS = 10 };

/* A figure is the median of as many runs as are asked for and as this takes: a fast feature would otherwise be measured
 * in a moment, in which something else may happen on the machine. */
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
  const float *samples;
  double seconds; /* of sound */
} Job;

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
measure(Job *job, int threads, int repeats, GError **error)
{
  g_autoptr(GArray) seconds = g_array_new(FALSE, FALSE, sizeof(double));
  if (!choose_length(job, error))
    return FALSE;
  for (double run, total = 0; seconds->len < (guint)repeats || total < least_seconds; total += run) {
    if (!compute(job, &run, error))
      return FALSE;
    g_array_append_val(seconds, run);
  }
  const char *name = job->feature ? job->feature->name : "resample 44100 to 22050";
  double ms = mg_bench_median_ms((double *)seconds->data, (int)seconds->len), speed = job->seconds / (ms / 1e3),
         peer = find_peer(name);
  json_t *result = json_pack("{s:s, s:i, s:f, s:f, s:f}", "feature", name, "threads", threads, "audio_s", job->seconds,
                             "ms", ms, "x_realtime", speed);
  if (peer > 0) {
    json_object_set_new(result, "peer_librosa", json_real(peer));
    json_object_set_new(result, "ratio", json_real(speed / peer));
  }
  json_object_set_new(result, "peak_rss_mb", json_real(mg_bench_peak_mb()));
  mg_bench_report(result);
  return TRUE;
}

/* Each feature on one thread and on as many as are allowed; resampling has but one. */
static gboolean
run_feature(const MgFeature *feature, const float *samples, const MgBenchOptions *options, GError **error)
{
  g_autoptr(MgParams) params = feature ? mg_feature_params(feature) : NULL;
  Job job = {.feature = feature, .params = params, .samples = samples};
  gboolean good = TRUE;
  for (int threads = 1; good && threads <= options->threads; threads += MAX(1, options->threads - 1)) {
    mg_bench_use_processors(threads);
    good = measure(&job, MIN(threads, mg_processors()), options->repeats, error);
    if (!feature)
      break;
  }
  return good;
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
  gboolean good = TRUE;
  for (const MgFeature *const *feature = mg_features(); good && *feature; feature++)
    if (mg_bench_wants(options, (*feature)->name))
      good = run_feature(*feature, samples, options, error);
  return good && (options->n_parts > 0 || run_feature(NULL, samples, options, error));
}

const MgBench mg_bench_dsp = {"dsp", "features of sound", run};
