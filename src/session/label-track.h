/* The labels of one track, kept in the workspace's database with every change, which can be taken back.
 *
 * Signal "changed": labels came, went or are different. */
#pragma once
#include "dataset/labels.h"
#include "session/workspace.h"

#define MG_TYPE_LABEL_TRACK (mg_label_track_get_type())
G_DECLARE_FINAL_TYPE(MgLabelTrack, mg_label_track, MG, LABEL_TRACK, GObject)

/* A new reference to what all of a workspace share. NULL where the database cannot be read. */
MgLabelTrack *mg_label_track_of(MgWorkspace *workspace, const char *path, GError **error);
guint mg_label_track_n(MgLabelTrack *track);
const MgLabel *mg_label_track_get(MgLabelTrack *track, guint i);    /* by time; valid until the next change */
const MgLabel *mg_label_track_find(MgLabelTrack *track, gint64 id); /* NULL: there is none */
/* The nearest label that begins after `seconds` (before it where `back`); NULL: none. */
const MgLabel *mg_label_track_next(MgLabelTrack *track, double seconds, gboolean back);

/* Each is one step of the workspace's history. A failure changes nothing. */
gint64 mg_label_track_add(MgLabelTrack *track, const MgLabel *label, GError **error);      /* its id; 0: failed */
gboolean mg_label_track_change(MgLabelTrack *track, const MgLabel *label, GError **error); /* that of the same id */
gboolean mg_label_track_remove(MgLabelTrack *track, gint64 id, GError **error);
/* All of an array (MgLabel *) in one step. */
gboolean mg_label_track_import(MgLabelTrack *track, const GPtrArray *labels, GError **error);
gboolean mg_label_track_save(MgLabelTrack *track, const char *path, GError **error); /* the name's ending decides */
