#include "session/workspace.h"
#include "audio/decoder.h"
#include "dataset/store-edits.h"
#include "dataset/store-query.h"
#include "session/track-edits.h"
#include <glib/gi18n-lib.h>

struct _MgWorkspace {
  GObject parent;
  char *folder;
  MgLibrary *library;
  MgSelection *selection;
  MgPlayer *player;
  MgRecording *recording;
  MgHistory *history;
  MgStore *store;
  gint64 version; /* of the store, when it was looked at last */
  char *state;    /* of its tracks then */
  GQueue removed; /* gint64 *: edits, the last one at the head */
};

G_DEFINE_FINAL_TYPE(MgWorkspace, mg_workspace, G_TYPE_OBJECT)

static guint tracks_changed_signal;
static const guint most_single_changes = 500;

static gboolean
load_library(MgWorkspace *workspace, GError **error)
{
  g_autoptr(GPtrArray) tracks = mg_store_tracks(workspace->store, error);
  if (!tracks)
    return FALSE;
  mg_library_fill(workspace->library, tracks);
  workspace->version = mg_store_version(workspace->store);
  g_free(workspace->state);
  workspace->state = mg_store_tracks_state(workspace->store);
  return TRUE;
}

/* After a change of this program's own; what others changed meanwhile is read, too. */
static void
announce(MgWorkspace *workspace)
{
  if (workspace->version != mg_store_version(workspace->store))
    load_library(workspace, NULL);
  g_free(workspace->state);
  workspace->state = mg_store_tracks_state(workspace->store);
  g_signal_emit(workspace, tracks_changed_signal, 0);
}

/* Of few tracks each goes to its place; of many all are read again. */
static void
follow_edit(MgWorkspace *workspace, const GArray *ids)
{
  if (ids->len > most_single_changes) {
    load_library(workspace, NULL);
    return;
  }
  for (guint i = 0; i < ids->len; i++) {
    g_autoptr(MgStoreTrack) track = mg_store_track(workspace->store, g_array_index(ids, gint64, i), NULL);
    if (!track)
      continue;
    mg_library_remove(workspace->library, track->path);
    if (!track->removed)
      mg_library_add(workspace->library, track->path, track->label, track->duration);
  }
}

void
mg_workspace_tell_edit(MgWorkspace *workspace, gint64 edit)
{
  g_autoptr(GArray) ids = mg_store_edit_tracks_of(workspace->store, edit);
  follow_edit(workspace, ids);
  announce(workspace);
}

/* Others also write what is no change of tracks: what they heard, what a run suggests. */
gboolean
mg_workspace_look_elsewhere(MgWorkspace *workspace)
{
  gint64 version = mg_store_version(workspace->store);
  if (version == workspace->version)
    return FALSE;
  workspace->version = version;
  g_autofree char *state = mg_store_tracks_state(workspace->store);
  if (g_strcmp0(state, workspace->state) == 0 || !load_library(workspace, NULL))
    return FALSE;
  g_signal_emit(workspace, tracks_changed_signal, 0);
  return TRUE;
}

MgWorkspace *
mg_workspace_open(const char *folder, GError **error)
{
  g_autofree char *standard = g_build_filename(g_get_user_data_dir(), "melograph", NULL);
  MgStore *store = mg_store_open(folder ? folder : standard, error);
  if (!store)
    return NULL;
  g_autoptr(MgWorkspace) workspace = g_object_new(MG_TYPE_WORKSPACE, NULL);
  g_autofree char *recordings = mg_store_recordings_folder(store);
  workspace->store = store;
  workspace->folder = g_canonicalize_filename(folder ? folder : standard, NULL);
  workspace->recording = mg_recording_new(recordings);
  return load_library(workspace, error) ? g_steal_pointer(&workspace) : NULL;
}

static gboolean
holds(const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename(folder, name, NULL);
  return g_file_test(path, G_FILE_TEST_IS_REGULAR);
}

gboolean
mg_workspace_is_one(const char *path)
{
  return holds(path, "workspace.db");
}

gboolean
mg_workspace_is_run(const char *path)
{
  return holds(path, "config.ini") && holds(path, "status");
}

const char *
mg_workspace_folder(MgWorkspace *workspace)
{
  return workspace->folder;
}

char *
mg_workspace_path(MgWorkspace *workspace, const char *relative)
{
  return g_build_filename(workspace->folder, relative, NULL);
}

MgLibrary *
mg_workspace_library(MgWorkspace *workspace)
{
  return workspace->library;
}

MgSelection *
mg_workspace_selection(MgWorkspace *workspace)
{
  return workspace->selection;
}

MgPlayer *
mg_workspace_player(MgWorkspace *workspace)
{
  return workspace->player;
}

MgRecording *
mg_workspace_recording(MgWorkspace *workspace)
{
  return workspace->recording;
}

MgStore *
mg_workspace_store(MgWorkspace *workspace)
{
  return workspace->store;
}

MgHistory *
mg_workspace_history(MgWorkspace *workspace)
{
  return workspace->history;
}

gboolean
mg_workspace_add_track(MgWorkspace *workspace, const char *path, const char *label, double duration, int sr,
                       int channels, GError **error)
{
  if (mg_library_find(workspace->library, path))
    return TRUE;
  MgStoreTrack track = {
      .path = (char *)path, .label = (char *)label, .duration = duration, .sr = sr, .channels = channels};
  mg_library_add(workspace->library, path, label, duration);
  gboolean added = mg_store_add_track(workspace->store, &track, error);
  announce(workspace);
  return added;
}

/* *edit: what took it out of the database; 0: it was not in there. */
static gboolean
take_out(MgWorkspace *workspace, const char *path, gint64 *edit, GError **error)
{
  g_autoptr(GArray) ids = mg_store_tracks_of_file(workspace->store, path, error);
  g_autoptr(GError) cause = NULL;
  if (!ids)
    return FALSE;
  g_autofree char *kept = g_strdup(path); /* may be the item's own */
  *edit = mg_store_edit_tracks(workspace->store, MG_FIELD_REMOVED, "1", (const gint64 *)ids->data, ids->len,
                               _("Removed from the library"), &cause);
  if (cause) {
    g_propagate_error(error, g_steal_pointer(&cause));
    return FALSE;
  }
  mg_library_remove(workspace->library, kept); /* also one that could not be stored */
  announce(workspace);
  return TRUE;
}

gboolean
mg_workspace_remove_track(MgWorkspace *workspace, const char *path, GError **error)
{
  gint64 edit;
  if (!take_out(workspace, path, &edit, error))
    return FALSE;
  if (edit)
    g_queue_push_head(&workspace->removed, g_memdup2(&edit, sizeof edit));
  return TRUE;
}

gboolean
mg_workspace_drop_track(MgWorkspace *workspace, const char *path, GError **error)
{
  gint64 edit;
  return take_out(workspace, path, &edit, error);
}

gboolean
mg_workspace_undo_remove(MgWorkspace *workspace, GError **error)
{
  g_autofree gint64 *edit = g_queue_pop_head(&workspace->removed);
  if (!edit || !mg_store_turn_edit(workspace->store, *edit, FALSE, error))
    return FALSE;
  mg_workspace_tell_edit(workspace, *edit);
  return TRUE;
}

char *
mg_workspace_recall(MgWorkspace *workspace, const char *key)
{
  return mg_store_get(workspace->store, key);
}

void
mg_workspace_remember(MgWorkspace *workspace, const char *key, const char *text)
{
  g_autoptr(GError) error = NULL;
  if (!mg_store_is_read_only(workspace->store) && !mg_store_put(workspace->store, key, text, &error))
    g_debug("%s", error->message);
}

/* A file to look at, and the folder that says its class. */
typedef struct {
  char *path, *label;
} Candidate;

typedef struct {
  char **paths;
  MgProgress *progress;
  GPtrArray *candidates;
  GPtrArray *found;    /* MgStoreTrack *: they become tracks in the main thread */
  GPtrArray *problems; /* char * */
  guint before;        /* tracks in the library; a page may add one of them while the files are looked at */
} Scan;

static void
free_candidate(gpointer data)
{
  Candidate *candidate = data;
  g_free(candidate->path);
  g_free(candidate->label);
  g_free(candidate);
}

static void
free_scan(gpointer data)
{
  Scan *scan = data;
  g_strfreev(scan->paths);
  g_clear_pointer(&scan->progress, mg_progress_unref);
  g_ptr_array_unref(scan->candidates);
  g_ptr_array_unref(scan->found);
  g_ptr_array_unref(scan->problems);
  g_free(scan);
}

static void
add_candidate(Scan *scan, const char *path, const char *label)
{
  Candidate *candidate = g_new(Candidate, 1);
  *candidate = (Candidate){g_strdup(path), g_strdup(label)};
  g_ptr_array_add(scan->candidates, candidate);
}

static void
look_at_file(Scan *scan, const char *path, const char *label)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(MgDecoder) decoder = mg_decoder_open(path, &error);
  if (!decoder) {
    g_ptr_array_add(scan->problems, g_strdup(error->message));
    return;
  }
  const MgAudioInfo *info = mg_decoder_info(decoder);
  MgStoreTrack *track = g_new0(MgStoreTrack, 1);
  track->path = g_canonicalize_filename(path, NULL);
  track->label = g_strdup(label);
  track->duration = info->duration;
  track->sr = info->sr;
  track->channels = info->channels;
  g_ptr_array_add(scan->found, track);
}

/* Folders are followed two levels down: a folder of classes with its files. */
static void
look_at_folder(Scan *scan, const char *folder, const char *label, int depth)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GDir) dir = g_dir_open(folder, 0, &error);
  if (!dir) {
    g_ptr_array_add(scan->problems, g_strdup(error->message));
    return;
  }
  const char *name;
  while ((name = g_dir_read_name(dir)) && !mg_progress_cancelled(scan->progress)) {
    g_autofree char *path = g_build_filename(folder, name, NULL);
    if (*name == '.')
      continue;
    if (g_file_test(path, G_FILE_TEST_IS_DIR) && depth > 0)
      look_at_folder(scan, path, name, depth - 1);
    else if (mg_decoder_accepts_name(name) && g_file_test(path, G_FILE_TEST_IS_REGULAR))
      add_candidate(scan, path, label);
  }
}

static void
scan_in_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Scan *scan = data;
  GError *error = NULL;
  for (char **path = scan->paths; *path; path++)
    if (g_file_test(*path, G_FILE_TEST_IS_DIR))
      look_at_folder(scan, *path, NULL, 1);
    else
      add_candidate(scan, *path, NULL);
  for (guint i = 0; i < scan->candidates->len && !mg_progress_cancelled(scan->progress); i++) {
    const Candidate *candidate = scan->candidates->pdata[i];
    look_at_file(scan, candidate->path, candidate->label);
    mg_progress_report(scan->progress, (i + 1.0) / scan->candidates->len, NULL);
  }
  if (mg_progress_go_on(scan->progress, &error))
    g_task_return_boolean(task, TRUE);
  else
    g_task_return_error(task, error);
}

void
mg_workspace_add_async(MgWorkspace *workspace, const char *const *paths, MgProgress *progress,
                       GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr(GTask) task = g_task_new(workspace, NULL, callback, data);
  Scan *scan = g_new0(Scan, 1);
  scan->paths = g_strdupv((char **)paths);
  scan->progress = progress ? mg_progress_ref(progress) : NULL;
  scan->candidates = g_ptr_array_new_with_free_func(free_candidate);
  scan->found = g_ptr_array_new_with_free_func((GDestroyNotify)mg_store_track_free);
  scan->problems = g_ptr_array_new_with_free_func(g_free);
  scan->before = mg_library_n_tracks(workspace->library);
  g_task_set_task_data(task, scan, free_scan);
  g_task_run_in_thread(task, scan_in_thread);
}

static gboolean
is_news(MgWorkspace *workspace, const MgStoreTrack *track)
{
  MgTrackItem *item = mg_library_find(workspace->library, track->path);
  return !item || (track->label && !mg_track_item_label(item));
}

/* What the library does not have, or has without its class; the tracks are borrowed. */
static GPtrArray *
new_ones(MgWorkspace *workspace, const GPtrArray *found)
{
  GPtrArray *fresh = g_ptr_array_new();
  for (guint i = 0; i < found->len; i++)
    if (is_news(workspace, found->pdata[i]))
      g_ptr_array_add(fresh, found->pdata[i]);
  return fresh;
}

/* A single one that is opened just joins the library: undo is for what was done to it. */
static void
add_found(MgWorkspace *workspace, GPtrArray *found, GError **error)
{
  g_autoptr(GPtrArray) fresh = new_ones(workspace, found);
  if (found->len > 1 && fresh->len > 0) {
    g_autofree char *what = g_strdup_printf(ngettext("%u track added", "%u tracks added", fresh->len), fresh->len);
    mg_workspace_take_edit(workspace, mg_store_edit_add(workspace->store, fresh, what, NULL, error));
    return;
  }
  for (guint i = 0; i < fresh->len; i++) {
    const MgStoreTrack *track = fresh->pdata[i];
    mg_library_add(workspace->library, track->path, track->label, track->duration);
  }
  mg_store_add_tracks(workspace->store, fresh, error);
  announce(workspace);
}

guint
mg_workspace_add_finish(MgWorkspace *workspace, GAsyncResult *result, GPtrArray **problems, GError **error)
{
  if (!g_task_propagate_boolean(G_TASK(result), error))
    return 0;
  Scan *scan = g_task_get_task_data(G_TASK(result));
  add_found(workspace, scan->found, error);
  if (problems)
    *problems = g_ptr_array_ref(scan->problems);
  guint now = mg_library_n_tracks(workspace->library);
  return now > scan->before ? now - scan->before : 0;
}

static void
finalize(GObject *object)
{
  MgWorkspace *workspace = MG_WORKSPACE(object);
  g_free(workspace->folder);
  g_free(workspace->state);
  g_object_unref(workspace->library);
  g_object_unref(workspace->selection);
  g_object_unref(workspace->player);
  g_clear_object(&workspace->recording);
  g_queue_clear_full(&workspace->removed, g_free);
  mg_history_free(workspace->history);
  MgStore *store = workspace->store;
  G_OBJECT_CLASS(mg_workspace_parent_class)->finalize(object); /* what is kept with the workspace may use the store */
  mg_store_close(store);
}

static void
mg_workspace_class_init(MgWorkspaceClass *class)
{
  G_OBJECT_CLASS(class)->finalize = finalize;
  tracks_changed_signal =
      g_signal_new("tracks-changed", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
mg_workspace_init(MgWorkspace *workspace)
{
  workspace->library = mg_library_new();
  workspace->selection = mg_selection_new();
  workspace->player = mg_player_new();
  workspace->history = mg_history_new();
}
