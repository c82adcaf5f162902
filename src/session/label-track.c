#include "session/label-track.h"
#include "base/error.h"
#include "dataset/store-labels.h"
#include <glib/gi18n-lib.h>

struct _MgLabelTrack {
  GObject parent;
  MgWorkspace *workspace; /* weak: it may go first */
  char *path;
  GPtrArray *labels; /* MgLabel *, by time */
};

G_DEFINE_FINAL_TYPE(MgLabelTrack, mg_label_track, G_TYPE_OBJECT)

static guint changed_signal;

/* Labels before and after a step; `id` tells which belong together. */
typedef struct {
  MgLabelTrack *track;
  GPtrArray *before, *after; /* MgLabel * */
} Change;

static void
free_change(gpointer data)
{
  Change *change = data;
  g_object_unref(change->track);
  g_ptr_array_unref(change->before);
  g_ptr_array_unref(change->after);
  g_free(change);
}

static void
read_again(MgLabelTrack *track)
{
  GPtrArray *labels =
      track->workspace ? mg_store_labels(mg_workspace_store(track->workspace), track->path, NULL) : NULL;
  if (labels) {
    g_ptr_array_unref(track->labels);
    track->labels = labels;
  }
  g_signal_emit(track, changed_signal, 0);
}

static gboolean
holds(const GPtrArray *labels, gint64 id)
{
  for (guint i = 0; i < labels->len; i++)
    if (((const MgLabel *)labels->pdata[i])->id == id)
      return TRUE;
  return FALSE;
}

/* `from` gives way to `to`, all of them or none. */
static gboolean
replace(MgLabelTrack *track, GPtrArray *from, GPtrArray *to, GError **error)
{
  if (!track->workspace) {
    g_set_error(error, MG_ERROR, MG_ERROR_IO, _("%s: the workspace of its labels is closed"), track->path);
    return FALSE;
  }
  MgStore *store = mg_workspace_store(track->workspace);
  gboolean good = mg_store_begin(store, error);
  if (!good)
    return FALSE;
  for (guint i = 0; good && i < from->len; i++) {
    gint64 id = ((const MgLabel *)from->pdata[i])->id;
    good = holds(to, id) || mg_store_remove_label(store, id, error);
  }
  for (guint i = 0; good && i < to->len; i++)
    good = mg_store_put_label(store, track->path, to->pdata[i], error);
  good = mg_store_end(store, good, error);
  read_again(track);
  return good;
}

static void
turn(gpointer data, gboolean again)
{
  Change *change = data;
  g_autoptr(GError) error = NULL;
  if (!replace(change->track, again ? change->before : change->after, again ? change->after : change->before, &error))
    g_warning("%s", error->message);
}

/* Takes both arrays. */
static gboolean
take_step(MgLabelTrack *track, GPtrArray *before, GPtrArray *after, GError **error)
{
  Change *change = g_new(Change, 1);
  *change = (Change){g_object_ref(track), before, after};
  if (!replace(track, before, after, error)) {
    free_change(change);
    return FALSE;
  }
  mg_history_add(mg_workspace_history(track->workspace), track, turn, change, free_change);
  return TRUE;
}

static GPtrArray *
only(const MgLabel *label)
{
  GPtrArray *labels = mg_labels_new();
  if (label)
    g_ptr_array_add(labels, mg_label_copy(label));
  return labels;
}

gint64
mg_label_track_add(MgLabelTrack *track, const MgLabel *label, GError **error)
{
  g_autoptr(GPtrArray) after = only(label);
  ((MgLabel *)after->pdata[0])->id = 0;
  gboolean good = take_step(track, mg_labels_new(), g_ptr_array_ref(after), error);
  return good ? ((const MgLabel *)after->pdata[0])->id : 0;
}

gboolean
mg_label_track_change(MgLabelTrack *track, const MgLabel *label, GError **error)
{
  const MgLabel *former = mg_label_track_find(track, label->id);
  return former && take_step(track, only(former), only(label), error);
}

gboolean
mg_label_track_remove(MgLabelTrack *track, gint64 id, GError **error)
{
  const MgLabel *former = mg_label_track_find(track, id);
  return former && take_step(track, only(former), mg_labels_new(), error);
}

gboolean
mg_label_track_import(MgLabelTrack *track, const GPtrArray *labels, GError **error)
{
  GPtrArray *after = mg_labels_new();
  for (guint i = 0; i < labels->len; i++) {
    MgLabel *label = mg_label_copy(labels->pdata[i]);
    label->id = 0;
    g_ptr_array_add(after, label);
  }
  return take_step(track, mg_labels_new(), after, error);
}

gboolean
mg_label_track_save(MgLabelTrack *track, const char *path, GError **error)
{
  return mg_labels_save(track->labels, mg_labels_format_of(path), path, error);
}

guint
mg_label_track_n(MgLabelTrack *track)
{
  return track->labels->len;
}

const MgLabel *
mg_label_track_get(MgLabelTrack *track, guint i)
{
  return track->labels->pdata[i];
}

const MgLabel *
mg_label_track_find(MgLabelTrack *track, gint64 id)
{
  for (guint i = 0; i < track->labels->len; i++)
    if (mg_label_track_get(track, i)->id == id)
      return track->labels->pdata[i];
  return NULL;
}

const MgLabel *
mg_label_track_next(MgLabelTrack *track, double seconds, gboolean back)
{
  const MgLabel *found = NULL;
  for (guint i = 0; i < track->labels->len; i++) {
    const MgLabel *label = track->labels->pdata[i];
    if (back ? label->start < seconds : (label->start > seconds && !found))
      found = label;
  }
  return found;
}

/* Those that are in use, by their paths. */
static GHashTable *
tracks_of(MgWorkspace *workspace)
{
  GHashTable *tracks = g_object_get_data(G_OBJECT(workspace), "label-tracks");
  if (!tracks) {
    tracks = g_hash_table_new(g_str_hash, g_str_equal);
    g_object_set_data_full(G_OBJECT(workspace), "label-tracks", tracks, (GDestroyNotify)g_hash_table_unref);
  }
  return tracks;
}

MgLabelTrack *
mg_label_track_of(MgWorkspace *workspace, const char *path, GError **error)
{
  MgLabelTrack *track = g_hash_table_lookup(tracks_of(workspace), path);
  if (track)
    return g_object_ref(track);
  GPtrArray *labels = mg_store_labels(mg_workspace_store(workspace), path, error);
  if (!labels)
    return NULL;
  track = g_object_new(MG_TYPE_LABEL_TRACK, NULL);
  track->labels = labels;
  track->path = g_strdup(path);
  g_set_weak_pointer(&track->workspace, workspace);
  g_hash_table_insert(tracks_of(workspace), track->path, track);
  return track;
}

static void
finalize(GObject *object)
{
  MgLabelTrack *track = MG_LABEL_TRACK(object);
  if (track->workspace)
    g_hash_table_remove(tracks_of(track->workspace), track->path);
  g_clear_weak_pointer(&track->workspace);
  g_ptr_array_unref(track->labels);
  g_free(track->path);
  G_OBJECT_CLASS(mg_label_track_parent_class)->finalize(object);
}

static void
mg_label_track_class_init(MgLabelTrackClass *class)
{
  G_OBJECT_CLASS(class)->finalize = finalize;
  changed_signal =
      g_signal_new("changed", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
mg_label_track_init(MgLabelTrack *track)
{
}
