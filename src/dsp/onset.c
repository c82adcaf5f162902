#include "dsp/onset.h"
#include "base/error.h"
#include "base/parallel.h"
#include "dsp/decibel.h"
#include "dsp/feature.h"
#include "dsp/mel.h"
#include "dsp/pad.h"
#include "dsp/sort-network.h"
#include "dsp/stft.h"
#include <float.h>
#include <glib/gi18n-lib.h>
#include <math.h>

static const MgParamSpec specs[] = {
    {"lag", MG_PARAM_INT, "1", 1, 1024, NULL, "frames", NULL, N_("Frames between the two spectra that are compared")},
    {"max_size", MG_PARAM_INT, "1", 1, 2048, NULL, NULL, NULL,
     N_("Bands whose largest value the earlier spectrum is taken from; 1 leaves it as it is")},
    {"detrend", MG_PARAM_BOOL, "false", 0, 0, NULL, NULL, NULL, N_("Remove the slow part of the onset strength")},
    {"top_db", MG_PARAM_FLOAT, "80", 1, 400, NULL, "dB", N_("no limit"), N_("Range below the largest value")},
    {"amin", MG_PARAM_FLOAT, "1e-10", 1e-30, 1e30, NULL, NULL, NULL, N_("Values below this count as this")},
};
const MgParamTable mg_onset_params = MG_PARAM_TABLE("onset", N_("Onset strength"), specs);

static const MgParamSpec peak_pick_specs[] = {
    {"delta", MG_PARAM_FLOAT, "0.07", 0, 10, NULL, NULL, NULL,
     N_("How far an onset stands above the mean around it, as a part of the largest onset strength")},
};
const MgParamTable mg_peak_pick_params = MG_PARAM_TABLE("peak_pick", N_("Onsets"), peak_pick_specs);

enum { FRAMES_PER_ITEM = MG_MEDIAN_LANES };

typedef struct {
  MgMatrix *mel; /* becomes decibels */
  double amin;
  float floor_db;
  size_t lag, max_size, pad;
  MgAggregate aggregate;
  MgSortNetwork *network; /* of the median */
  float **growth;         /* a worker's own: (n_mels, FRAMES_PER_ITEM) */
  float *out;             /* (frames) */
} Onset;

static gboolean
make_decibels(size_t row, int worker, gpointer data, GError **error)
{
  Onset *job = data;
  mg_power_to_db_above(mg_matrix_row(job->mel, row), job->mel->cols, 1, job->amin, job->floor_db);
  return TRUE;
}

static void
largest_around(const Onset *job, size_t band, size_t first, size_t n, float *out)
{
  gint64 from = (gint64)band - (gint64)(job->max_size / 2);
  for (size_t i = 0; i < n; i++)
    out[i] = -INFINITY;
  for (size_t k = 0; k < job->max_size; k++) {
    const float *row = mg_matrix_row(job->mel, mg_mirrored(from + (gint64)k, job->mel->rows)) + first;
    for (size_t i = 0; i < n; i++)
      out[i] = row[i] > out[i] ? row[i] : out[i];
  }
}

/* How much each band has grown at frames first … first + n - 1 since `lag` frames before, (n_mels, n). */
static void
grow(const Onset *job, size_t first, size_t n, float *growth)
{
  float largest[FRAMES_PER_ITEM];
  for (size_t band = 0; band < job->mel->rows; band++) {
    const float *later = mg_matrix_row(job->mel, band) + first, *earlier = later - job->lag;
    float *out = growth + band * n;
    if (job->max_size > 1) {
      largest_around(job, band, first - job->lag, n, largest);
      earlier = largest;
    }
    for (size_t i = 0; i < n; i++) {
      float difference = later[i] - earlier[i];
      out[i] = difference > 0 ? difference : 0;
    }
  }
}

static void
mean_of_rows(const float *values, size_t rows, size_t n, float *out)
{
  float sum[FRAMES_PER_ITEM] = {0};
  for (size_t row = 0; row < rows; row++)
    for (size_t i = 0; i < n; i++)
      sum[i] += values[row * n + i];
  for (size_t i = 0; i < n; i++)
    out[i] = sum[i] / rows;
}

static void
median_of_rows(const Onset *job, float *values, size_t n, float *out)
{
  size_t rows = job->mel->rows;
  mg_sort_network_run(job->network, values, n);
  const float *low = values + (rows - 1) / 2 * n, *high = values + rows / 2 * n;
  for (size_t i = 0; i < n; i++)
    out[i] = 0.5f * (low[i] + high[i]);
}

static gboolean
make_strength(size_t item, int worker, gpointer data, GError **error)
{
  Onset *job = data;
  size_t first = job->lag + item * FRAMES_PER_ITEM, end = job->mel->cols - (job->pad - job->lag);
  size_t n = MIN(FRAMES_PER_ITEM, end - first);
  float *growth = job->growth[worker], *out = job->out + first - job->lag + job->pad;
  grow(job, first, n, growth);
  if (job->aggregate == MG_AGGREGATE_MEAN)
    mean_of_rows(growth, job->mel->rows, n, out);
  else
    median_of_rows(job, growth, n, out);
  return TRUE;
}

static gboolean
run(Onset *job, int threads, GError **error)
{
  size_t rows = job->mel->rows, frames = job->mel->cols;
  size_t items = frames > job->pad ? (frames - job->pad + FRAMES_PER_ITEM - 1) / FRAMES_PER_ITEM : 0;
  int workers = (int)MIN(MAX(items, 1), (size_t)(threads < 1 ? mg_processors() : threads));
  job->network = mg_sort_network_new(rows, (rows - 1) / 2, rows / 2);
  job->growth = g_new(float *, workers);
  for (int i = 0; i < workers; i++)
    job->growth[i] = g_new(float, rows *FRAMES_PER_ITEM);
  gboolean good = mg_parallel_for(rows, workers, make_decibels, job, NULL, error) &&
                  mg_parallel_for(items, workers, make_strength, job, NULL, error);
  for (int i = 0; i < workers; i++)
    g_free(job->growth[i]);
  g_free(job->growth);
  mg_sort_network_free(job->network);
  return good;
}

/* scipy.signal.lfilter([1, -1], [1, -0.99]). */
static void
detrend(float *values, size_t n)
{
  double before = 0, out = 0;
  for (size_t i = 0; i < n; i++) {
    out = values[i] - before + 0.99 * out;
    before = values[i];
    values[i] = (float)out;
  }
}

MgMatrix *
mg_onset_strength(MgMatrix *mel, float largest, const MgParams *params, MgAggregate aggregate, int threads,
                  GError **error)
{
  g_autoptr(MgMatrix) result = mg_matrix_new(1, mel->cols, error);
  if (!result)
    return NULL;
  double amin = mg_params_float(params, "amin");
  Onset job = {.mel = mel,
               .amin = amin,
               .floor_db = mg_floor_db(largest, 1, amin, mg_params_float_or(params, "top_db", -1)),
               .lag = mg_params_int(params, "lag"),
               .max_size = mg_params_int(params, "max_size"),
               .aggregate = aggregate,
               .out = result->data};
  job.pad = job.lag;
  if (mg_params_bool(params, "center"))
    job.pad += mg_params_int(params, "n_fft") / (2 * mg_feature_hop(params));
  if (!run(&job, threads, error))
    return NULL;
  if (mg_params_bool(params, "detrend"))
    detrend(result->data, result->cols);
  return g_steal_pointer(&result);
}

MgMatrix *
mg_onset_strength_of_sound(const float *samples, size_t n, int sr, const MgParams *params, MgAggregate aggregate,
                           int threads, GError **error)
{
  g_autoptr(MgMatrix) mel = mg_mel_spectrogram(samples, n, sr, params, threads, error);
  if (!mel)
    return NULL;
  return mg_onset_strength(mel, mg_largest(mel->data, mel->rows * mel->cols), params, aggregate, threads, error);
}

/* 0 to 1, as librosa normalises before it picks peaks. */
static float *
normalised(const float *strength, size_t frames)
{
  float *values = g_new(float, frames), smallest = INFINITY, largest = 0;
  for (size_t i = 0; i < frames; i++)
    smallest = MIN(smallest, strength[i]);
  for (size_t i = 0; i < frames; i++) {
    values[i] = strength[i] - smallest;
    largest = MAX(largest, values[i]);
  }
  for (size_t i = 0; i < frames; i++)
    values[i] /= largest + FLT_MIN;
  return values;
}

/* Windows of librosa.util.peak_pick around a frame: before it, and after it with the frame itself. */
typedef struct {
  size_t pre_max, post_max, pre_avg, post_avg, wait;
} PeakPick;

static gboolean
is_peak(const float *values, size_t frames, size_t at, const PeakPick *pick, double delta)
{
  size_t first = at > pick->pre_max ? at - pick->pre_max : 0, end = MIN(frames, at + pick->post_max);
  for (size_t i = first; i < end; i++)
    if (values[i] > values[at])
      return FALSE;
  first = at > pick->pre_avg ? at - pick->pre_avg : 0;
  end = MIN(frames, at + pick->post_avg);
  float sum = 0;
  for (size_t i = first; i < end; i++)
    sum += values[i];
  return values[at] >= (double)sum / (end - first) + delta;
}

GArray *
mg_onset_detect(const float *strength, size_t frames, int sr, size_t hop, double delta)
{
  GArray *onsets = g_array_new(FALSE, FALSE, sizeof(guint32));
  g_autofree float *values = normalised(strength, frames);
  PeakPick pick = {.pre_max = (size_t)floor(0.03 * sr / hop), .post_max = 1, .pre_avg = (size_t)floor(0.10 * sr / hop)};
  pick.post_avg = pick.pre_avg + 1;
  pick.wait = pick.pre_max;
  gboolean silent = TRUE;
  for (size_t i = 0; i < frames; i++)
    silent = silent && values[i] == 0;
  for (size_t i = 0; !silent && i < frames; i++)
    if (is_peak(values, frames, i, &pick, delta)) {
      g_array_append_val(onsets, ((guint32){(guint32)i}));
      i += pick.wait;
    }
  return onsets;
}

MgMatrix *
mg_events_matrix(const GArray *frames, GError **error)
{
  MgMatrix *matrix = mg_matrix_new(1, frames->len, error);
  for (guint i = 0; matrix && i < frames->len; i++)
    matrix->data[i] = (float)g_array_index(frames, guint32, i);
  return matrix;
}
