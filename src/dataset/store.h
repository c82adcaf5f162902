/* The workspace: a folder with workspace.db (SQLite, write-ahead log), runs/ and recordings/. Paths below the folder
 * are stored relative to it, so that it can be moved; callers see absolute ones. A store is used by one thread; several
 * programs may have the same workspace open. */
#pragma once
#include <glib.h>

typedef struct MgStore MgStore;

typedef struct {
  gint64 id;       /* 0: not stored yet */
  char *path;      /* absolute */
  char *label;     /* NULL: none */
  double duration; /* s */
  int sr, channels;
  gint64 added;               /* Unix time in s; 0: now */
  double start, end;          /* s; end 0: the whole file */
  char *group, *fold, *split; /* as the data set it came from has them; NULL: none */
  gboolean removed;           /* taken back after an import; mg_store_tracks() has none of these */
  gboolean excluded;          /* it stays in the library, and nothing is learned from it */
} MgStoreTrack;

typedef struct {
  gint64 id;
  char *path;     /* the run folder, absolute */
  char *dataset;  /* path; may be NULL */
  char *model;    /* name or path; may be NULL */
  gint64 started; /* Unix time in s; 0: now */
} MgStoreRun;

/* Opens a workspace, or makes one: the folder, the database, runs/ and recordings/. Where it cannot be written (a
 * read-only disk) it is opened for reading. MG_ERROR_FORMAT: workspace.db is no database, or of a newer version. */
MgStore *mg_store_open(const char *folder, GError **error);
void mg_store_close(MgStore *store); /* accepts NULL */
gboolean mg_store_is_read_only(const MgStore *store);
/* A number that is another one whenever another program has changed the workspace. */
gint64 mg_store_version(MgStore *store);
const char *mg_store_folder(const MgStore *store);
char *mg_store_runs_folder(const MgStore *store);       /* g_free() it */
char *mg_store_recordings_folder(const MgStore *store); /* g_free() it */

/* What lies between is done wholly or not at all: `good` FALSE, or a failure to end, undoes it. */
gboolean mg_store_begin(MgStore *store, GError **error);
gboolean mg_store_end(MgStore *store, gboolean good, GError **error);

/* A path that is already there keeps its id and time (and its label where the new one is NULL). Sets track->id. Giving
 * an id brings a removed track back under it. */
gboolean mg_store_add_track(MgStore *store, MgStoreTrack *track, GError **error);
/* All of them or none: an array of MgStoreTrack *. */
gboolean mg_store_add_tracks(MgStore *store, GPtrArray *tracks, GError **error);
gboolean mg_store_remove_track(MgStore *store, gint64 id, GError **error);                 /* the file stays */
gboolean mg_store_set_label(MgStore *store, gint64 id, const char *label, GError **error); /* NULL: none */
MgStoreTrack *mg_store_track(MgStore *store, gint64 id, GError **error); /* NULL without an error: there is none */
/* MgStoreTrack *, in the order of their labels and names; free with g_ptr_array_unref(). */
GPtrArray *mg_store_tracks(MgStore *store, GError **error);

/* Small things to remember. NULL where nothing is stored under the key; g_free() it. */
char *mg_store_get(MgStore *store, const char *key);
gboolean mg_store_put(MgStore *store, const char *key, const char *text, GError **error); /* NULL: forget it */

/* A run folder that is already there is brought up to date. Sets run->id. */
gboolean mg_store_add_run(MgStore *store, MgStoreRun *run, GError **error);
gboolean mg_store_remove_run(MgStore *store, gint64 id, GError **error); /* the folder stays */
/* MgStoreRun *, the latest first. */
GPtrArray *mg_store_runs(MgStore *store, GError **error);

void mg_store_track_free(MgStoreTrack *track); /* accepts NULL */
void mg_store_run_free(MgStoreRun *run);       /* accepts NULL */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgStore, mg_store_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgStoreTrack, mg_store_track_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgStoreRun, mg_store_run_free)
