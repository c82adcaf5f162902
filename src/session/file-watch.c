#include "session/file-watch.h"
#include <glib/gstdio.h>

/* What tells one content from another. */
typedef struct {
  gboolean there;
  gint64 size, seconds, nanoseconds;
} Stamp;

struct _MgFileWatch {
  GObject parent;
  char *path;
  GFileMonitor *monitor; /* NULL: the file system cannot be watched */
  Stamp first;
  MgFileState state;
};

G_DEFINE_FINAL_TYPE(MgFileWatch, mg_file_watch, G_TYPE_OBJECT)

static guint changed_signal;

static Stamp
stamp_of(const char *path)
{
  GStatBuf info;
  if (g_stat(path, &info) != 0)
    return (Stamp){0};
  return (Stamp){TRUE, (gint64)info.st_size, (gint64)info.st_mtim.tv_sec, (gint64)info.st_mtim.tv_nsec};
}

static gboolean
is_same(const Stamp *one, const Stamp *other)
{
  return one->there == other->there && one->size == other->size && one->seconds == other->seconds &&
         one->nanoseconds == other->nanoseconds;
}

static void
look(MgFileWatch *watch)
{
  Stamp now = stamp_of(watch->path);
  MgFileState state = !now.there ? MG_FILE_GONE : is_same(&now, &watch->first) ? MG_FILE_SAME : MG_FILE_CHANGED;
  if (state == watch->state)
    return;
  watch->state = state;
  g_signal_emit(watch, changed_signal, 0);
}

MgFileWatch *
mg_file_watch_new(const char *path)
{
  MgFileWatch *watch = g_object_new(MG_TYPE_FILE_WATCH, NULL);
  g_autoptr(GFile) file = g_file_new_for_path(path);
  watch->path = g_strdup(path);
  watch->first = stamp_of(path);
  watch->monitor = g_file_monitor_file(file, G_FILE_MONITOR_WATCH_MOVES, NULL, NULL);
  if (watch->monitor)
    g_signal_connect_object(watch->monitor, "changed", G_CALLBACK(look), watch, G_CONNECT_SWAPPED);
  return watch;
}

MgFileState
mg_file_watch_state(MgFileWatch *watch)
{
  return watch->state;
}

static void
finalize(GObject *object)
{
  MgFileWatch *watch = MG_FILE_WATCH(object);
  if (watch->monitor)
    g_file_monitor_cancel(watch->monitor);
  g_clear_object(&watch->monitor);
  g_free(watch->path);
  G_OBJECT_CLASS(mg_file_watch_parent_class)->finalize(object);
}

static void
mg_file_watch_class_init(MgFileWatchClass *class)
{
  G_OBJECT_CLASS(class)->finalize = finalize;
  changed_signal =
      g_signal_new("changed", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
mg_file_watch_init(MgFileWatch *watch)
{
}
