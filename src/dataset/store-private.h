/* What the files of the store share: statements. */
#pragma once
#include "base/scratch.h"
#include "dataset/store.h"
#include <sqlite3.h>

struct MgStore {
  char *folder, *file; /* absolute */
  sqlite3 *db;
  gboolean read_only;
  MgScratch *scratch; /* holds the copy */
  char *copy;         /* of a database that cannot be written and has a log; NULL: none was needed */
};

typedef sqlite3_stmt MgStatement;
void mg_statement_free(MgStatement *statement);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgStatement, mg_statement_free)

/* `types`: one letter an argument: t text (const char *, may be NULL), i gint64, d double. */
MgStatement *mg_store_prepare(MgStore *store, GError **error, const char *sql, const char *types, ...);
/* TRUE with a row, or FALSE; a failure sets the error. */
gboolean mg_store_next_row(MgStore *store, MgStatement *statement, GError **error);
/* Runs a statement (NULL: it could not be prepared) to its end and frees it. */
gboolean mg_store_finish(MgStore *store, MgStatement *statement, GError **error);
char *mg_store_stored_path(const MgStore *store, const char *path); /* below the folder relative to it */

/* The columns that mg_store_read_track() reads. */
#define MG_TRACK_COLUMNS                                                                                               \
  "id, path, label, duration, sr, channels, added, start, end, track_group, fold, split, excluded, removed"
MgStoreTrack *mg_store_read_track(MgStore *store, MgStatement *statement);
/* As mg_store_add_track(), inside of a transaction. */
gboolean mg_store_insert_track(MgStore *store, MgStoreTrack *track, GError **error);
