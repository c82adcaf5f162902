#include "train/live.h"
#include "base/error.h"
#include "train/predictor.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static const MgParamSpec specs[] = {
    {"live_hop", MG_PARAM_FLOAT, "0.25", 0.02, 60, NULL, "s", NULL, N_("Time from one decision to the next")},
    {"smoothing", MG_PARAM_FLOAT, "0.5", 0, 60, NULL, "s", NULL,
     N_("Time constant of the mean of probabilities; 0: each segment by itself")},
    {"threshold", MG_PARAM_FLOAT, "0.5", 0, 1, NULL, NULL, NULL,
     N_("Probability below which the answer is “not sure”")},
    {"keep_minutes", MG_PARAM_FLOAT, "5", 0.1, 120, NULL, "min", NULL, N_("Sound that is kept, to save moments of it")},
};

const MgParamTable mg_live_params = MG_PARAM_TABLE("live", N_("Live"), specs);

/* One model and what it makes of the last segment. */
typedef struct {
  MgPredictor *predictor;
  size_t samples; /* of one segment, at the rate of the sound */
  float *probabilities, *smoothed;
  gboolean begun; /* smoothed holds something */
} Listener;

struct MgLive {
  GPtrArray *listeners; /* Listener * */
  int sr;
  double hop, smoothing, threshold;
  float *kept, *segment; /* the last `capacity` samples, as a ring; one segment of them in order */
  size_t capacity;
  guint64 heard, due, skipped; /* in samples; `due`: the next decision; in decisions */
};

static void
listener_free(gpointer data)
{
  Listener *listener = data;
  mg_predictor_free(listener->predictor);
  g_free(listener->probabilities);
  g_free(listener->smoothed);
  g_free(listener);
}

void
mg_live_free(MgLive *live)
{
  if (!live)
    return;
  g_ptr_array_unref(live->listeners);
  g_free(live->kept);
  g_free(live->segment);
  g_free(live);
}

static Listener *
listener_new(const char *path, int sr, int threads, GError **error)
{
  MgPredictor *predictor = mg_predictor_load(path, threads, error);
  if (!predictor)
    return NULL;
  Listener *listener = g_new0(Listener, 1);
  listener->predictor = predictor;
  listener->samples = (size_t)rint(predictor->seconds * sr);
  listener->probabilities = g_new0(float, predictor->labels->len);
  listener->smoothed = g_new0(float, predictor->labels->len);
  if (listener->samples > 0)
    return listener;
  g_set_error(error, MG_ERROR, MG_ERROR_USAGE,
              _("%s: learned from whole tracks or a table; a model of segments of sound was expected"), path);
  listener_free(listener);
  return NULL;
}

static const Listener *
get_listener(const MgLive *live, guint i)
{
  return live->listeners->pdata[i];
}

static guint64
hop_samples(const MgLive *live)
{
  return MAX(1, (guint64)rint(live->hop * live->sr));
}

static void
make_room(MgLive *live, double keep_minutes)
{
  size_t longest = 0;
  for (guint i = 0; i < live->listeners->len; i++)
    longest = MAX(longest, get_listener(live, i)->samples);
  /* a decision looks back over a segment from up to a hop before what was heard last */
  live->capacity = MAX(longest + hop_samples(live), (size_t)(keep_minutes * 60 * live->sr));
  live->kept = g_new0(float, live->capacity);
  live->segment = g_new(float, longest);
  live->due = get_listener(live, 0)->samples;
  for (guint i = 1; i < live->listeners->len; i++)
    live->due = MIN(live->due, get_listener(live, i)->samples);
}

MgLive *
mg_live_new(const char *const *models, int sr, const MgParams *params, int threads, GError **error)
{
  g_autoptr(MgLive) live = g_new0(MgLive, 1);
  *live = (MgLive){.listeners = g_ptr_array_new_with_free_func(listener_free), .sr = sr};
  live->hop = mg_params_float(params, "live_hop");
  live->smoothing = mg_params_float(params, "smoothing");
  live->threshold = mg_params_float(params, "threshold");
  for (; *models; models++) {
    Listener *listener = listener_new(*models, sr, threads, error);
    if (!listener)
      return NULL;
    g_ptr_array_add(live->listeners, listener);
  }
  make_room(live, mg_params_float(params, "keep_minutes"));
  return g_steal_pointer(&live);
}

guint
mg_live_n_models(const MgLive *live)
{
  return live->listeners->len;
}

const GPtrArray *
mg_live_labels(const MgLive *live, guint model)
{
  return get_listener(live, model)->predictor->labels;
}

int
mg_live_sr(const MgLive *live)
{
  return live->sr;
}

double
mg_live_keeps(const MgLive *live)
{
  return (double)live->capacity / live->sr;
}

double
mg_live_segment_seconds(const MgLive *live, guint model)
{
  return (double)get_listener(live, model)->samples / live->sr;
}

void
mg_live_set_threshold(MgLive *live, double threshold)
{
  live->threshold = threshold;
}

void
mg_live_set_smoothing(MgLive *live, double seconds)
{
  live->smoothing = seconds;
}

double
mg_live_seconds(const MgLive *live)
{
  return (double)live->heard / live->sr;
}

guint64
mg_live_skipped(const MgLive *live)
{
  return live->skipped;
}

/* What was heard */

static void
keep(MgLive *live, const float *samples, size_t n)
{
  for (size_t done = 0; done < n;) {
    size_t place = (live->heard + done) % live->capacity, run = MIN(n - done, live->capacity - place);
    memcpy(live->kept + place, samples + done, run * sizeof *samples);
    done += run;
  }
  live->heard += n;
}

/* Copies n samples from number `first` on, which have to be there. */
static void
copy_kept(const MgLive *live, guint64 first, size_t n, float *out)
{
  for (size_t done = 0; done < n;) {
    size_t place = (first + done) % live->capacity, run = MIN(n - done, live->capacity - place);
    memcpy(out + done, live->kept + place, run * sizeof *out);
    done += run;
  }
}

float *
mg_live_stretch(const MgLive *live, double start, double end, size_t *n, GError **error)
{
  guint64 oldest = live->heard > live->capacity ? live->heard - live->capacity : 0;
  guint64 first = (guint64)rint(MAX(start, 0) * live->sr), last = (guint64)rint(MAX(end, 0) * live->sr);
  if (first < oldest || last > live->heard || last <= first) {
    g_set_error(error, MG_ERROR, MG_ERROR_DATA, _("%.2f to %.2f s: expected a stretch of what is kept, %.2f to %.2f s"),
                start, end, (double)oldest / live->sr, mg_live_seconds(live));
    return NULL;
  }
  *n = last - first;
  float *out = g_new(float, *n);
  copy_kept(live, first, *n, out);
  return out;
}

/* Decisions */

/* The segment that ends with sample `end`, by itself as that of a file is. */
static gboolean
classify(MgLive *live, Listener *listener, guint64 end, GError **error)
{
  MgPredictor *predictor = listener->predictor;
  copy_kept(live, end - listener->samples, listener->samples, live->segment);
  return predictor->class->sound(predictor, live->segment, listener->samples, live->sr, listener->probabilities, error);
}

static void
smooth(const MgLive *live, Listener *listener)
{
  float weight = listener->begun && live->smoothing > 0 ? (float)-expm1(-live->hop / live->smoothing) : 1;
  for (guint i = 0; i < listener->predictor->labels->len; i++)
    listener->smoothed[i] += weight * (listener->probabilities[i] - listener->smoothed[i]);
  listener->begun = TRUE;
}

static int
most_probable(const float *probabilities, guint n)
{
  guint best = 0;
  for (guint i = 1; i < n; i++)
    if (probabilities[i] > probabilities[best])
      best = i;
  return (int)best;
}

static gboolean
decide(MgLive *live, guint model, guint64 end, MgLiveFunc func, gpointer data, GError **error)
{
  Listener *listener = live->listeners->pdata[model];
  if (end < listener->samples)
    return TRUE;
  if (!classify(live, listener, end, error))
    return FALSE;
  smooth(live, listener);
  int y_pred = most_probable(listener->smoothed, listener->predictor->labels->len);
  MgLiveDecision decision = {
      .model = model,
      .start = (double)(end - listener->samples) / live->sr,
      .end = (double)end / live->sr,
      .y_pred = y_pred,
      .sure = listener->smoothed[y_pred] >= live->threshold,
      .probabilities = listener->probabilities,
      .smoothed = listener->smoothed,
  };
  func(&decision, data);
  return TRUE;
}

MgFeatureMaps *
mg_live_maps(MgLive *live)
{
  for (guint i = 0; i < live->listeners->len; i++) {
    Listener *listener = live->listeners->pdata[i];
    MgPredictor *predictor = listener->predictor;
    MgFeatureMaps *maps = listener->begun && predictor->class->maps ? predictor->class->maps(predictor, NULL) : NULL;
    if (maps)
      return maps;
  }
  return NULL;
}

gboolean
mg_live_push(MgLive *live, const float *samples, size_t n, MgLiveFunc func, gpointer data, GError **error)
{
  keep(live, samples, n);
  if (live->heard < live->due)
    return TRUE;
  guint64 hop = hop_samples(live), late = (live->heard - live->due) / hop;
  guint64 end = live->due + late * hop;
  live->skipped += late;
  live->due = end + hop;
  for (guint i = 0; i < live->listeners->len; i++)
    if (!decide(live, i, end, func, data, error))
      return FALSE;
  return TRUE;
}
