#include "base/progress.h"
#include "base/error.h"
#include <glib/gi18n-lib.h>

struct MgProgress {
  gatomicrefcount references;
  MgProgressFunc func;
  gpointer data;
  gboolean on_main;
  gint cancelled;
  GMutex lock;
  gint64 started, last_report; /* monotonic microseconds */
  MgProgress *whole;           /* NULL: not a part */
  double from, to;             /* of `whole` */
};

static const gint64 report_interval = 50 * 1000;

MgProgress *
mg_progress_new(MgProgressFunc func, gpointer data)
{
  MgProgress *progress = g_new0(MgProgress, 1);
  g_atomic_ref_count_init(&progress->references);
  g_mutex_init(&progress->lock);
  progress->func = func;
  progress->data = data;
  progress->started = g_get_monotonic_time();
  return progress;
}

MgProgress *
mg_progress_new_on_main(MgProgressFunc func, gpointer data)
{
  MgProgress *progress = mg_progress_new(func, data);
  progress->on_main = TRUE;
  return progress;
}

MgProgress *
mg_progress_new_part(MgProgress *whole, double from, double to, MgProgressFunc func, gpointer data)
{
  MgProgress *progress = mg_progress_new(func, data);
  progress->whole = mg_progress_ref(whole);
  progress->from = from;
  progress->to = to;
  return progress;
}

MgProgress *
mg_progress_ref(MgProgress *progress)
{
  if (progress)
    g_atomic_ref_count_inc(&progress->references);
  return progress;
}

void
mg_progress_unref(MgProgress *progress)
{
  if (!progress || !g_atomic_ref_count_dec(&progress->references))
    return;
  g_mutex_clear(&progress->lock);
  mg_progress_unref(progress->whole);
  g_free(progress);
}

/* A report on its way to the main context. */
typedef struct {
  MgProgress *progress;
  double fraction, seconds_left;
  char *what;
} News;

static News *
news_new(MgProgress *progress, double fraction, double seconds_left, const char *what)
{
  News *news = g_new(News, 1);
  *news = (News){mg_progress_ref(progress), fraction, seconds_left, g_strdup(what)};
  return news;
}

static void
news_free(gpointer data)
{
  News *news = data;
  mg_progress_unref(news->progress);
  g_free(news->what);
  g_free(news);
}

static gboolean
tell(gpointer data)
{
  const News *news = data;
  MgProgress *progress = news->progress;
  if (!mg_progress_cancelled(progress))
    progress->func(news->fraction, news->seconds_left, news->what, progress->data);
  return G_SOURCE_REMOVE;
}

void
mg_progress_report(MgProgress *progress, double fraction, const char *what)
{
  if (progress && progress->whole)
    mg_progress_report(progress->whole, progress->from + fraction * (progress->to - progress->from), what);
  if (!progress || !progress->func)
    return;
  gint64 now = g_get_monotonic_time();
  g_mutex_lock(&progress->lock);
  gboolean due = fraction >= 1 || now - progress->last_report >= report_interval;
  if (due)
    progress->last_report = now;
  g_mutex_unlock(&progress->lock);
  double elapsed = (now - progress->started) / 1e6;
  double seconds_left = fraction > 0.01 ? elapsed * (1 - fraction) / fraction : -1;
  if (due && progress->on_main)
    g_idle_add_full(G_PRIORITY_DEFAULT, tell, news_new(progress, fraction, seconds_left, what), news_free);
  else if (due)
    progress->func(fraction, seconds_left, what, progress->data);
}

void
mg_progress_cancel(MgProgress *progress)
{
  if (progress)
    g_atomic_int_set(&progress->cancelled, TRUE);
}

gboolean
mg_progress_cancelled(MgProgress *progress)
{
  return progress && (g_atomic_int_get(&progress->cancelled) || mg_progress_cancelled(progress->whole));
}

gboolean
mg_progress_go_on(MgProgress *progress, GError **error)
{
  if (!mg_progress_cancelled(progress))
    return TRUE;
  g_set_error(error, MG_ERROR, MG_ERROR_CANCELLED, _("stopped before it was done"));
  return FALSE;
}
