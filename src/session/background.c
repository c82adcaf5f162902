#include "session/background.h"
#include "session/worker.h"

struct _MgBackground {
  GObject parent;
  MgWorker *worker; /* NULL while none works */
  char *message;
  double fraction, seconds_left;
};

G_DEFINE_FINAL_TYPE(MgBackground, mg_background, G_TYPE_OBJECT)

static guint changed_signal, progress_signal;

static void
let_go(MgBackground *background)
{
  g_signal_handlers_disconnect_by_data(background->worker, background);
  g_clear_object(&background->worker);
}

static void
on_ended(MgBackground *background, guint end, const char *message)
{
  let_go(background);
  g_free(background->message);
  background->message = g_strdup(end == MG_WORKER_FAILED ? message : NULL);
  g_signal_emit(background, changed_signal, 0);
}

static void
on_progress(MgBackground *background, double fraction, double seconds_left)
{
  background->fraction = fraction;
  background->seconds_left = seconds_left;
  g_signal_emit(background, progress_signal, 0);
}

void
mg_background_start(MgBackground *background, const char *const *arguments)
{
  g_autoptr(GError) error = NULL;
  if (background->worker)
    return;
  background->worker = mg_worker_new();
  background->fraction = 0;
  background->seconds_left = -1;
  g_clear_pointer(&background->message, g_free);
  g_signal_connect_swapped(background->worker, "ended", G_CALLBACK(on_ended), background);
  g_signal_connect_swapped(background->worker, "progress", G_CALLBACK(on_progress), background);
  if (!mg_worker_start(background->worker, arguments, &error)) {
    background->message = g_strdup(error->message);
    let_go(background);
  }
  g_signal_emit(background, changed_signal, 0);
}

void
mg_background_cancel(MgBackground *background)
{
  if (background->worker)
    mg_worker_stop(background->worker);
}

gboolean
mg_background_is_running(MgBackground *background)
{
  return background->worker != NULL;
}

double
mg_background_fraction(MgBackground *background)
{
  return background->fraction;
}

double
mg_background_seconds_left(MgBackground *background)
{
  return background->seconds_left;
}

const char *
mg_background_message(MgBackground *background)
{
  return background->message;
}

MgBackground *
mg_background_new(void)
{
  return g_object_new(MG_TYPE_BACKGROUND, NULL);
}

static void
dispose(GObject *object)
{
  MgBackground *background = MG_BACKGROUND(object);
  if (background->worker) {
    mg_worker_stop(background->worker);
    let_go(background);
  }
  G_OBJECT_CLASS(mg_background_parent_class)->dispose(object);
}

static void
finalize(GObject *object)
{
  g_free(MG_BACKGROUND(object)->message);
  G_OBJECT_CLASS(mg_background_parent_class)->finalize(object);
}

static void
mg_background_class_init(MgBackgroundClass *class)
{
  G_OBJECT_CLASS(class)->dispose = dispose;
  G_OBJECT_CLASS(class)->finalize = finalize;
  changed_signal =
      g_signal_new("changed", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  progress_signal =
      g_signal_new("progress", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
mg_background_init(MgBackground *background)
{
}
