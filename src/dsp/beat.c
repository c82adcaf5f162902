#include "dsp/beat.h"
#include <float.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static const MgParamSpec specs[] = {
    {"tightness", MG_PARAM_FLOAT, "100", 0.001, 1e6, NULL, NULL, NULL, N_("How closely beats keep to the tempo")},
    {"trim", MG_PARAM_BOOL, "true", 0, 0, NULL, NULL, NULL, N_("Leave out weak beats at the beginning and the end")},
};
const MgParamTable mg_beat_params = MG_PARAM_TABLE("beat", N_("Beats"), specs);

/* Divided by the standard deviation (ddof 1). */
static float *
normalised(const float *strength, size_t n)
{
  double mean = 0, squares = 0;
  for (size_t i = 0; i < n; i++)
    mean += strength[i] / (double)n;
  for (size_t i = 0; i < n; i++)
    squares += (strength[i] - mean) * (strength[i] - mean);
  float size = (n > 1 ? (float)sqrt(squares / (n - 1)) : 0) + FLT_MIN;
  float *values = g_new(float, n);
  for (size_t i = 0; i < n; i++)
    values[i] = strength[i] / size;
  return values;
}

/* The envelope smoothed by a Gaussian a sixteenth of a beat wide. As in librosa 0.11, the first frame is left out. */
static float *
local_score(const float *strength, size_t n, size_t period)
{
  g_autofree float *values = normalised(strength, n);
  g_autofree double *window = g_new(double, period + 1);
  float *score = g_new0(float, n);
  for (size_t k = 0; k <= period; k++)
    window[k] = exp(-0.5 * (k * 32.0 / period) * (k * 32.0 / period));
  for (size_t i = 0; i < n; i++)
    for (size_t at = MIN(n - 1, i + period) + 1; at-- > MAX(1, i > period ? i - period : 0);)
      score[i] = (float)(score[i] + window[at > i ? at - i : i - at] * values[at]);
  return score;
}

/* Where the best path to each frame comes from (-1: it begins there), and its score. */
static gint32 *
link_beats(const float *score, size_t n, size_t period, double tightness, double *total)
{
  gint32 *link = g_new(gint32, n);
  gssize nearest = lrint(period / 2.0), farthest = 2 * (gssize)period;
  g_autofree double *cost = g_new(double, farthest + 1);
  for (gssize d = nearest; d <= farthest; d++)
    cost[d] = tightness * pow(log(d) - log(period), 2);
  float largest = -INFINITY;
  for (size_t i = 0; i < n; i++)
    largest = MAX(largest, score[i]);
  gboolean first_beat = TRUE;
  for (gssize i = 0; i < (gssize)n; i++) {
    double best = -INFINITY;
    gssize from = -1;
    for (gssize d = nearest; d <= MIN(farthest, i); d++)
      if (total[i - d] - cost[d] > best) {
        best = total[i - d] - cost[d];
        from = i - d;
      }
    total[i] = from >= 0 ? score[i] + best : score[i];
    first_beat = first_beat && score[i] < 0.01 * largest;
    link[i] = first_beat ? -1 : (gint32)from;
  }
  return link;
}

static gboolean
is_local_maximum(const double *values, size_t n, size_t at)
{
  return at > 0 && values[at] > values[at - 1] && (at + 1 == n || values[at] >= values[at + 1]);
}

static int
compare(gconstpointer a, gconstpointer b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* The last local maximum of the paths' scores that reaches half of their median. */
static size_t
last_beat(const double *total, size_t n)
{
  g_autoptr(GArray) maxima = g_array_new(FALSE, FALSE, sizeof(double));
  for (size_t i = 0; i < n; i++)
    if (is_local_maximum(total, n, i))
      g_array_append_val(maxima, total[i]);
  if (maxima->len == 0)
    return n - 1;
  g_array_sort(maxima, compare);
  double low = g_array_index(maxima, double, (maxima->len - 1) / 2);
  double threshold = 0.25 * (low + g_array_index(maxima, double, maxima->len / 2));
  for (size_t i = n; i-- > 0;)
    if (is_local_maximum(total, n, i) && total[i] >= threshold)
      return i;
  return n - 1;
}

/* Half the root mean square of the beats' scores, smoothed by hanning(5): (0, 0.5, 1, 0.5, 0). librosa 0.11 takes the
 * mean over two values more than there are beats, the second of which is 0. */
static double
trim_threshold(const float *score, const GArray *beats)
{
  double squares = 0;
  for (gssize i = 0; i <= (gssize)beats->len; i++) {
    double sum = 0;
    for (gssize k = MAX(0, i - 1); k <= MIN(i + 1, (gssize)beats->len - 1); k++)
      sum += (k == i ? 1 : 0.5) * score[g_array_index(beats, guint32, k)];
    squares += sum * sum;
  }
  return 0.5 * sqrt(squares / (beats->len + 2));
}

/* Leaves out beats before the first frame, and after the last one, whose score is above the threshold. */
static void
trim_beats(const float *score, size_t n, double threshold, GArray *beats)
{
  size_t first = 0, end = n;
  while (first < n && score[first] <= threshold)
    first++;
  while (end > first && score[end - 1] <= threshold)
    end--;
  for (guint i = beats->len; i-- > 0;) {
    guint32 at = g_array_index(beats, guint32, i);
    if (at < first || at >= end)
      g_array_remove_index(beats, i);
  }
}

GArray *
mg_beat_track(const float *strength, size_t frames, double frames_per_minute, double bpm, const MgParams *params)
{
  GArray *beats = g_array_new(FALSE, FALSE, sizeof(guint32));
  gboolean silent = TRUE;
  for (size_t i = 0; i < frames; i++)
    silent = silent && strength[i] == 0;
  if (silent || bpm <= 0)
    return beats;
  size_t period = (size_t)CLAMP(rint(frames_per_minute / bpm), 1, 1e6);
  g_autofree float *score = local_score(strength, frames, period);
  g_autofree double *total = g_new0(double, frames);
  g_autofree gint32 *link = link_beats(score, frames, period, mg_params_float(params, "tightness"), total);
  for (gint64 at = (gint64)last_beat(total, frames); at >= 0; at = link[at])
    g_array_append_val(beats, ((guint32){(guint32)at}));
  for (guint i = 0; i < beats->len / 2; i++) {
    guint32 *values = &g_array_index(beats, guint32, 0), kept = values[i];
    values[i] = values[beats->len - 1 - i];
    values[beats->len - 1 - i] = kept;
  }
  trim_beats(score, frames, mg_params_bool(params, "trim") ? trim_threshold(score, beats) : 0, beats);
  return beats;
}
