#include "session/listening.h"
#include "audio/decoder.h"
#include "audio/device.h"
#include "audio/encoder.h"
#include "base/error.h"
#include "train/live-log.h"
#include "train/model-file.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define POLL_US 3000
#define MOST_FRAMES 16384 /* taken from the device at once */
#define STRIP_SECONDS 60

/* What the listening thread and the main thread share: lives until both have let go. */
typedef struct {
  gatomicrefcount references;
  GMutex lock; /* of `live`, `peak`, `gaps` */
  GStrv models, names;
  char *device, *log_path;
  MgParams *params;
  gint stopped, wants_maps; /* atomic */
  MgLive *live;
  MgMelStrip *strip;
  MgLiveLog *log;
  float peak;
  guint gaps;
  GWeakRef listening;
} Ear;

struct _MgListening {
  GObject parent;
  Ear *ear; /* NULL before the first start */
  gboolean active, ready, wants_maps;
  gint64 due; /* of the decision that is being told */
};

G_DEFINE_FINAL_TYPE(MgListening, mg_listening, G_TYPE_OBJECT)

enum { DECIDED, MAPPED, ENDED, N_SIGNALS };
static guint signals[N_SIGNALS];
static GParamSpec *active_property;

static Ear *
ear_ref(Ear *ear)
{
  g_atomic_ref_count_inc(&ear->references);
  return ear;
}

static void
ear_unref(gpointer data)
{
  Ear *ear = data;
  if (!g_atomic_ref_count_dec(&ear->references))
    return;
  g_weak_ref_clear(&ear->listening);
  g_mutex_clear(&ear->lock);
  g_strfreev(ear->models);
  g_strfreev(ear->names);
  g_free(ear->device);
  g_free(ear->log_path);
  mg_params_free(ear->params);
  mg_live_free(ear->live);
  mg_mel_strip_free(ear->strip);
  mg_live_log_free(ear->log);
  g_free(ear);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Ear, ear_unref)

MgListening *
mg_listening_new(void)
{
  return g_object_new(MG_TYPE_LISTENING, NULL);
}

gboolean
mg_listening_active(MgListening *listening)
{
  return listening->active;
}

/* News for the main thread. */

typedef enum { NEWS_READY, NEWS_DECIDED, NEWS_MAPPED, NEWS_ENDED } NewsKind;

typedef struct {
  Ear *ear;
  NewsKind kind;
  MgLiveDecision decision; /* its arrays belong to the news */
  gint64 due;
  MgFeatureMaps *maps;
  GError *error;
} News;

static void
free_news(gpointer data)
{
  News *news = data;
  ear_unref(news->ear);
  g_free((float *)news->decision.probabilities);
  g_free((float *)news->decision.smoothed);
  mg_feature_maps_free(news->maps);
  g_clear_error(&news->error);
  g_free(news);
}

static void
set_active(MgListening *listening, gboolean active)
{
  if (listening->active == active)
    return;
  listening->active = active;
  g_object_notify_by_pspec(G_OBJECT(listening), active_property);
}

static gboolean
tell(gpointer data)
{
  News *news = data;
  g_autoptr(MgListening) listening = g_weak_ref_get(&news->ear->listening);
  if (!listening || listening->ear != news->ear)
    return G_SOURCE_REMOVE; /* another start has come in between */
  if (news->kind == NEWS_READY)
    listening->ready = TRUE;
  else if (news->kind == NEWS_DECIDED) {
    listening->due = news->due;
    g_signal_emit(listening, signals[DECIDED], 0, &news->decision);
  } else if (news->kind == NEWS_MAPPED) {
    g_signal_emit(listening, signals[MAPPED], 0, news->maps);
  } else {
    set_active(listening, FALSE);
    g_signal_emit(listening, signals[ENDED], 0, news->error);
  }
  return G_SOURCE_REMOVE;
}

static void
post(News *news, int priority)
{
  g_main_context_invoke_full(NULL, priority, tell, news, free_news);
}

static void
send(Ear *ear, NewsKind kind, const MgLiveDecision *decision, gint64 due, const GError *error)
{
  News *news = g_new0(News, 1);
  *news = (News){.ear = ear_ref(ear), .kind = kind, .due = due, .error = error ? g_error_copy(error) : NULL};
  if (decision) {
    size_t bytes = mg_live_labels(ear->live, decision->model)->len * sizeof(float);
    news->decision = *decision;
    news->decision.probabilities = g_memdup2(decision->probabilities, bytes);
    news->decision.smoothed = g_memdup2(decision->smoothed, bytes);
  }
  post(news, G_PRIORITY_HIGH);
}

/* Behind what is drawn: answers are not to wait for pictures. */
static void
send_maps(Ear *ear)
{
  MgFeatureMaps *maps = mg_live_maps(ear->live);
  if (!maps)
    return;
  News *news = g_new0(News, 1);
  *news = (News){.ear = ear_ref(ear), .kind = NEWS_MAPPED, .maps = maps};
  post(news, G_PRIORITY_DEFAULT_IDLE);
}

/* The listening thread. */

typedef struct {
  Ear *ear;
  gint64 now;    /* when the newest sample had come, at the latest */
  gboolean any;  /* decision */
  GError *error; /* of the log */
} Hearing;

static void
on_decision(const MgLiveDecision *decision, gpointer data)
{
  Hearing *hearing = data;
  double since = mg_live_seconds(hearing->ear->live) - decision->end;
  hearing->any = TRUE;
  send(hearing->ear, NEWS_DECIDED, decision, hearing->now - (gint64)(since * G_TIME_SPAN_SECOND), NULL);
  if (hearing->ear->log && !hearing->error)
    mg_live_log_add(hearing->ear->log, decision, &hearing->error);
}

static gboolean
take(Ear *ear, const float *samples, size_t n, guint overruns, GError **error)
{
  Hearing hearing = {.ear = ear, .now = g_get_monotonic_time()};
  float peak = 0;
  for (size_t i = 0; i < n; i++)
    peak = MAX(peak, fabsf(samples[i]));
  g_mutex_lock(&ear->lock);
  gboolean good = mg_live_push(ear->live, samples, n, on_decision, &hearing, error);
  ear->peak = MAX(ear->peak, peak);
  ear->gaps = overruns + (guint)mg_live_skipped(ear->live);
  g_mutex_unlock(&ear->lock);
  mg_mel_strip_add(ear->strip, samples, n);
  if (hearing.any && g_atomic_int_get(&ear->wants_maps)) /* without the lock: painting is not to wait for it */
    send_maps(ear);
  if (!hearing.error)
    return good;
  if (good)
    g_propagate_error(error, hearing.error);
  else
    g_error_free(hearing.error);
  return FALSE;
}

static gboolean
hear(Ear *ear, MgInput *input, GError **error)
{
  int channels = mg_input_channels(input);
  g_autofree float *frames = g_new(float, MOST_FRAMES *channels);
  while (!g_atomic_int_get(&ear->stopped)) {
    size_t n = mg_input_read(input, frames, MOST_FRAMES * channels) / channels;
    mg_mix_to_mono(frames, channels, (gint64)n, frames);
    if (n > 0 && !take(ear, frames, n, mg_input_overruns(input), error))
      return FALSE;
    if (n == 0 && !mg_input_alive(input)) {
      g_set_error_literal(error, MG_ERROR, MG_ERROR_UNPLUGGED, _("the sound device is gone"));
      return FALSE;
    }
    g_usleep(POLL_US);
  }
  return TRUE;
}

static gboolean
prepare(Ear *ear, int sr, GError **error)
{
  ear->live = mg_live_new((const char *const *)ear->models, sr, ear->params, 1, error);
  ear->strip = ear->live ? mg_mel_strip_new(sr, STRIP_SECONDS, error) : NULL;
  if (ear->strip && ear->log_path)
    ear->log = mg_live_log_new(ear->log_path, ear->live, (const char *const *)ear->names, error);
  return ear->strip && (ear->log || !ear->log_path);
}

static gpointer
listen_in_thread(gpointer data)
{
  g_autoptr(Ear) ear = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(MgInput) input = mg_input_open(ear->device, 0, 1, &error);
  if (input && prepare(ear, mg_input_sr(input), &error)) {
    send(ear, NEWS_READY, NULL, 0, NULL);
    hear(ear, input, &error);
  }
  send(ear, NEWS_ENDED, NULL, 0, error);
  return NULL;
}

/* Starting and stopping. */

static GStrv
names_of(const char *const *models)
{
  g_autoptr(GStrvBuilder) names = g_strv_builder_new();
  for (; *models; models++) {
    g_autofree char *name = mg_model_name(*models);
    g_strv_builder_add(names, name);
  }
  return g_strv_builder_end(names);
}

void
mg_listening_start(MgListening *listening, const char *const *models, const char *device, const MgParams *params,
                   const char *log)
{
  mg_listening_stop(listening);
  g_clear_pointer(&listening->ear, ear_unref);
  Ear *ear = g_new0(Ear, 1);
  g_atomic_ref_count_init(&ear->references);
  g_mutex_init(&ear->lock);
  g_weak_ref_init(&ear->listening, listening);
  ear->models = g_strdupv((char **)models);
  ear->names = names_of(models);
  ear->device = g_strdup(device);
  ear->log_path = g_strdup(log);
  ear->params = mg_params_copy(params);
  ear->wants_maps = listening->wants_maps;
  listening->ear = ear;
  listening->ready = FALSE;
  set_active(listening, TRUE);
  g_thread_unref(g_thread_new("listening", listen_in_thread, ear_ref(ear)));
}

void
mg_listening_stop(MgListening *listening)
{
  if (listening->ear)
    g_atomic_int_set(&listening->ear->stopped, TRUE);
}

/* What was heard. */

guint
mg_listening_n_models(MgListening *listening)
{
  return listening->ready ? mg_live_n_models(listening->ear->live) : 0;
}

const GPtrArray *
mg_listening_labels(MgListening *listening, guint model)
{
  return mg_live_labels(listening->ear->live, model);
}

const char *
mg_listening_model_name(MgListening *listening, guint model)
{
  return listening->ear->names[model];
}

double
mg_listening_segment_seconds(MgListening *listening, guint model)
{
  return mg_live_segment_seconds(listening->ear->live, model);
}

double
mg_listening_seconds(MgListening *listening)
{
  if (!listening->ready)
    return 0;
  g_mutex_lock(&listening->ear->lock);
  double seconds = mg_live_seconds(listening->ear->live);
  g_mutex_unlock(&listening->ear->lock);
  return seconds;
}

double
mg_listening_kept_from(MgListening *listening)
{
  return MAX(0, mg_listening_seconds(listening) - mg_live_keeps(listening->ear->live));
}

double
mg_listening_peak(MgListening *listening)
{
  if (!listening->ready)
    return -INFINITY;
  g_mutex_lock(&listening->ear->lock);
  float peak = listening->ear->peak;
  listening->ear->peak = 0;
  g_mutex_unlock(&listening->ear->lock);
  return peak > 0 ? MIN(20 * log10(peak), 0) : -INFINITY;
}

guint
mg_listening_gaps(MgListening *listening)
{
  if (!listening->ready)
    return 0;
  g_mutex_lock(&listening->ear->lock);
  guint gaps = listening->ear->gaps;
  g_mutex_unlock(&listening->ear->lock);
  return gaps;
}

gint64
mg_listening_due(MgListening *listening)
{
  return listening->due;
}

MgMelStrip *
mg_listening_strip(MgListening *listening)
{
  return listening->ready ? listening->ear->strip : NULL;
}

void
mg_listening_want_maps(MgListening *listening, gboolean wanted)
{
  listening->wants_maps = wanted;
  if (listening->ear)
    g_atomic_int_set(&listening->ear->wants_maps, wanted);
}

void
mg_listening_set_threshold(MgListening *listening, double threshold)
{
  if (!listening->ready)
    return;
  g_mutex_lock(&listening->ear->lock);
  mg_live_set_threshold(listening->ear->live, threshold);
  g_mutex_unlock(&listening->ear->lock);
}

void
mg_listening_set_smoothing(MgListening *listening, double seconds)
{
  if (!listening->ready)
    return;
  g_mutex_lock(&listening->ear->lock);
  mg_live_set_smoothing(listening->ear->live, seconds);
  g_mutex_unlock(&listening->ear->lock);
}

/* Saving. */

typedef struct {
  Ear *ear;
  double start, end;
  char *path;
} Save;

static void
free_save(gpointer data)
{
  Save *save = data;
  ear_unref(save->ear);
  g_free(save->path);
  g_free(save);
}

/* Only copying holds the lock: the disk keeps nobody from listening. */
static void
save_in_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Save *save = data;
  GError *error = NULL;
  size_t n = 0;
  g_mutex_lock(&save->ear->lock);
  g_autofree float *samples = mg_live_stretch(save->ear->live, save->start, save->end, &n, &error);
  int sr = mg_live_sr(save->ear->live);
  g_mutex_unlock(&save->ear->lock);
  if (samples && mg_wav_write(save->path, samples, (gint64)n, 1, sr, FALSE, &error))
    g_task_return_boolean(task, TRUE);
  else
    g_task_return_error(task, error);
}

void
mg_listening_save_async(MgListening *listening, double start, double end, const char *path,
                        GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr(GTask) task = g_task_new(listening, NULL, callback, data);
  if (!listening->ready) {
    g_task_return_new_error(task, MG_ERROR, MG_ERROR_DATA, "%s", _("nothing has been heard yet"));
    return;
  }
  Save *save = g_new0(Save, 1);
  *save = (Save){ear_ref(listening->ear), start, end, g_strdup(path)};
  g_task_set_task_data(task, save, free_save);
  g_task_run_in_thread(task, save_in_thread);
}

gboolean
mg_listening_save_finish(MgListening *listening, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean(G_TASK(result), error);
}

static void
get_property(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  g_value_set_boolean(value, MG_LISTENING(object)->active);
}

static void
finalize(GObject *object)
{
  MgListening *listening = MG_LISTENING(object);
  mg_listening_stop(listening);
  g_clear_pointer(&listening->ear, ear_unref);
  G_OBJECT_CLASS(mg_listening_parent_class)->finalize(object);
}

static void
mg_listening_class_init(MgListeningClass *class)
{
  GObjectClass *object = G_OBJECT_CLASS(class);
  GType type = G_TYPE_FROM_CLASS(class);
  object->get_property = get_property;
  object->finalize = finalize;
  active_property = g_param_spec_boolean("active", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_property(object, 1, active_property);
  signals[DECIDED] =
      g_signal_new("decided", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[MAPPED] =
      g_signal_new("mapped", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[ENDED] = g_signal_new("ended", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
mg_listening_init(MgListening *listening)
{
}
