/* The workspace's tracks that a query finds: a GListModel of MgTrackRow. Only ids are held; rows are read when they are
 * asked for. The query runs on a thread, with a connection of its own. Follows the workspace's "tracks-changed".
 *
 * Signal "refreshed": the answer to the newest query is there (also where it is the same). */
#pragma once
#include "dataset/store-query.h"
#include "session/workspace.h"

#define MG_TYPE_TRACK_ROW (mg_track_row_get_type())
G_DECLARE_FINAL_TYPE(MgTrackRow, mg_track_row, MG, TRACK_ROW, GObject)

/* Signal "changed": what it tells is different. */
const MgStoreTrack *mg_track_row_track(MgTrackRow *row); /* valid until the next "changed" */
const char *mg_track_row_name(MgTrackRow *row);
const char *mg_track_row_suggestion(MgTrackRow *row); /* NULL: none */
double mg_track_row_probability(MgTrackRow *row);     /* of the suggestion */

#define MG_TYPE_TRACK_LIST (mg_track_list_get_type())
G_DECLARE_FINAL_TYPE(MgTrackList, mg_track_list, MG, TRACK_LIST, GObject)

MgTrackList *mg_track_list_new(MgWorkspace *workspace); /* of all tracks by class */
const MgTracksQuery *mg_track_list_query(MgTrackList *list);
void mg_track_list_set_query(MgTrackList *list, const MgTracksQuery *query); /* texts are copied */
void mg_track_list_refresh(MgTrackList *list);
gint64 mg_track_list_id(MgTrackList *list, guint position);
/* G_MAXUINT: not in the list. */
guint mg_track_list_find(MgTrackList *list, gint64 id);
gboolean mg_track_list_is_busy(MgTrackList *list);
