/* The workspace: what all pages of a window share. One folder with workspace.db, runs/ and recordings/; the tracks are
 * kept in its database. */
#pragma once
#include "base/progress.h"
#include "dataset/store.h"
#include "session/history.h"
#include "session/library.h"
#include "session/player.h"
#include "session/recording.h"
#include "session/selection.h"

#define MG_TYPE_WORKSPACE (mg_workspace_get_type())
G_DECLARE_FINAL_TYPE(MgWorkspace, mg_workspace, MG, WORKSPACE, GObject)

/* Opens the workspace in `folder`, which is made where absent. NULL: melograph/ in the user's data folder. */
MgWorkspace *mg_workspace_open(const char *folder, GError **error);
/* TRUE where `path` is a folder that holds a workspace.db. */
gboolean mg_workspace_is_one(const char *path);
/* TRUE where `path` is a run folder (it holds a config.ini and a status). */
gboolean mg_workspace_is_run(const char *path);

const char *mg_workspace_folder(MgWorkspace *workspace);
/* A folder or file inside the workspace ("runs", "recordings", …). g_free() it. */
char *mg_workspace_path(MgWorkspace *workspace, const char *relative);
MgLibrary *mg_workspace_library(MgWorkspace *workspace);     /* borrowed */
MgSelection *mg_workspace_selection(MgWorkspace *workspace); /* borrowed */
MgPlayer *mg_workspace_player(MgWorkspace *workspace);       /* borrowed */
MgRecording *mg_workspace_recording(MgWorkspace *workspace); /* borrowed */
MgStore *mg_workspace_store(MgWorkspace *workspace);         /* for what is kept by tables of its own; borrowed */
MgHistory *mg_workspace_history(MgWorkspace *workspace);     /* of everything that can be taken back; borrowed */

/* Signal "tracks-changed": tracks came, went, or are taken for something else.
 *
 * To be called after a store's edit (0: what is suggested or checked) was made or turned: the library follows, and
 * "tracks-changed" is told. */
void mg_workspace_tell_edit(MgWorkspace *workspace, gint64 edit);
/* TRUE where another program has changed the workspace since the tracks were read: they are read again, and told. */
gboolean mg_workspace_look_elsewhere(MgWorkspace *workspace);

/* Adds one track to library and database, where it is not there yet. FALSE where it cannot be stored; the library has
 * it all the same. */
gboolean mg_workspace_add_track(MgWorkspace *workspace, const char *path, const char *label, double duration, int sr,
                                int channels, GError **error);
/* Takes a track out of library and database; the file stays. It is kept for mg_workspace_undo_remove(). */
gboolean mg_workspace_remove_track(MgWorkspace *workspace, const char *path, GError **error);
/* The same without a way back. */
gboolean mg_workspace_drop_track(MgWorkspace *workspace, const char *path, GError **error);
/* Brings back what was removed last and is not back yet. FALSE without an error: there is nothing. */
gboolean mg_workspace_undo_remove(MgWorkspace *workspace, GError **error);
/* Small things that the next start finds again. NULL where nothing is kept under the key; g_free() it. */
char *mg_workspace_recall(MgWorkspace *workspace, const char *key);
void mg_workspace_remember(MgWorkspace *workspace, const char *key, const char *text);

/* Adds sound files to the library, and of folders the sound files in them, where a sub-folder's name becomes the class
 * of its files; in a thread. Files that cannot be read are left out. `progress` may be NULL;
 * cancelled, none is added. */
void mg_workspace_add_async(MgWorkspace *workspace, const char *const *paths, MgProgress *progress,
                            GAsyncReadyCallback callback, gpointer data);
/* Returns how many tracks came; if several did, the history can take that back. A class that a track has already stays.
 * `problems` (may be NULL): one line for each file left out, char * elements. */
guint mg_workspace_add_finish(MgWorkspace *workspace, GAsyncResult *result, GPtrArray **problems, GError **error);
