/* Finding tracks of the workspace among very many: only their ids are read, by an index where there is one. */
#pragma once
#include "dataset/store.h"

typedef enum {
  MG_TRACKS_ALL,
  MG_TRACKS_USED, /* with a class and not excluded: what is learned from */
  MG_TRACKS_UNLABELLED,
  MG_TRACKS_EXCLUDED,
  MG_TRACKS_SUGGESTED, /* without a class, and with a suggestion of one */
  MG_TRACKS_TO_CHECK,  /* taken over unseen, and drawn to be checked */
} MgTracksKind;

typedef enum {
  MG_TRACKS_BY_CLASS, /* then path */
  MG_TRACKS_BY_PATH,
  MG_TRACKS_BY_DURATION,
  MG_TRACKS_BY_ADDED,
  MG_TRACKS_BY_CERTAINTY, /* of what is suggested, the least certain first */
} MgTracksOrder;

typedef struct {
  MgTracksKind kind;
  const char *label; /* NULL: of any class */
  const char *text;  /* what path, class or group hold; NULL or "": anything */
  MgTracksOrder order;
  gboolean descending;
} MgTracksQuery;

/* gint64 ids; g_array_unref() it. */
GArray *mg_store_find_tracks(MgStore *store, const MgTracksQuery *query, GError **error);

/* Tracks with these ids, by id: gint64 * -> MgStoreTrack *; those that are not there are left out. One statement for
 * all, which takes a fraction of as many. g_hash_table_unref() it. */
GHashTable *mg_store_tracks_by_id(MgStore *store, const gint64 *ids, size_t n, GError **error);
/* stop(data) is asked now and then, on the query's thread, while the store works; TRUE ends the query with an error.
 * NULL: nobody is asked. */
void mg_store_watch(MgStore *store, gboolean (*stop)(gpointer data), gpointer data);

/* What is known of one class. */
typedef struct {
  char *label; /* NULL: tracks without one */
  guint tracks, excluded;
  double seconds; /* of those that are not excluded */
} MgStoreClass;

/* MgStoreClass *, in the order of their names, tracks without a class last; g_ptr_array_unref() it. */
GPtrArray *mg_store_classes(MgStore *store, GError **error);
void mg_store_class_free(MgStoreClass *class); /* accepts NULL */
/* Ids of the tracks of a file, or of those whose path ends so ("dog/1.wav"). g_array_unref() it. */
GArray *mg_store_tracks_of_file(MgStore *store, const char *path, GError **error);
/* Durations of all tracks that are in use, s: an array of double. */
GArray *mg_store_durations(MgStore *store, GError **error);
