/* Changes of what the workspace's tracks are taken for, kept in its database together with what was before: each can be
 * taken back and done again, also by another program or after a restart. */
#pragma once
#include "base/progress.h"
#include "dataset/store.h"

typedef enum {
  MG_FIELD_LABEL,
  MG_FIELD_GROUP,
  MG_FIELD_FOLD,
  MG_FIELD_SPLIT,
  MG_FIELD_EXCLUDED, /* "1" or NULL */
  MG_FIELD_REMOVED,  /* "1" or NULL: no longer one of the workspace's tracks */
} MgTrackField;

typedef struct {
  gint64 track; /* id */
  MgTrackField field;
  const char *text; /* NULL: none */
} MgTrackValue;

typedef struct {
  gint64 id;
  gint64 made; /* Unix time in s */
  char *what;  /* one line, in the language of whoever made it */
  gboolean undone;
  guint tracks;
} MgStoreEdit;

/* All of them or none. `what` tells in one line what is done. The id of the edit; 0 and an error where it failed, 0 and
 * none where everything was so already. What was taken back before cannot be done again after. */
gint64 mg_store_edit(MgStore *store, const MgTrackValue *values, size_t n, const char *what, GError **error);
/* One value for many tracks. */
gint64 mg_store_edit_tracks(MgStore *store, MgTrackField field, const char *text, const gint64 *ids, size_t n,
                            const char *what, GError **error);
/* All tracks of the class `from` are of `to` from now on: renames it, or merges it with one that is there. `to` NULL:
 * they are without a class. */
gint64 mg_store_edit_class(MgStore *store, const char *from, const char *to, const char *what, GError **error);
/* Adds tracks (MgStoreTrack *) as one edit; those that are there already take over label, group, fold and split where
 * the new ones have one. */
gint64 mg_store_edit_add(MgStore *store, GPtrArray *tracks, const char *what, MgProgress *progress, GError **error);

/* Takes an edit back, or does it again; values that something else has changed since stay. */
gboolean mg_store_turn_edit(MgStore *store, gint64 edit, gboolean again, GError **error);
/* The edit that would be taken back next, or (`undone`) the one that would be done again; 0: there is none. */
gint64 mg_store_next_edit(MgStore *store, gboolean undone);
/* MgStoreEdit *, the latest first; at most `most`. g_ptr_array_unref() it. */
GPtrArray *mg_store_edits(MgStore *store, guint most, GError **error);
/* What an edit is called; NULL: there is none. g_free() it. */
char *mg_store_edit_text(MgStore *store, gint64 edit);
void mg_store_edit_free(MgStoreEdit *edit); /* accepts NULL */
/* A text that is another one after tracks were added, removed or edited, by whatever program. g_free() it. */
char *mg_store_tracks_state(MgStore *store);
/* Ids of the tracks that an edit changes; g_array_unref() it. */
GArray *mg_store_edit_tracks_of(MgStore *store, gint64 edit);
