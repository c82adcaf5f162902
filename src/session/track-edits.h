/* Changes of what the workspace's tracks are taken for: each is kept in its database, is a step of its history, and is
 * told by the workspace's "tracks-changed". `what` names it in the database, in English. TRUE: something has changed;
 * FALSE without an error: it was so already. */
#pragma once
#include "dataset/store-edits.h"
#include "session/workspace.h"

gboolean mg_workspace_edit_values(MgWorkspace *workspace, const MgTrackValue *values, size_t n, const char *what,
                                  GError **error);
gboolean mg_workspace_edit_tracks(MgWorkspace *workspace, MgTrackField field, const char *text, const gint64 *ids,
                                  size_t n, const char *what, GError **error);
gboolean mg_workspace_edit_class(MgWorkspace *workspace, const char *from, const char *to, const char *what,
                                 GError **error);
/* An edit (0: none) that was made in the workspace's database by another connection, as a long one is on a thread. */
gboolean mg_workspace_take_edit(MgWorkspace *workspace, gint64 edit);
/* As mg_store_take_suggestions(). */
gboolean mg_workspace_take_suggestions(MgWorkspace *workspace, double least, guint sample, guint64 seed,
                                       GError **error);
