/* Another data set's tracks into a workspace. */
#pragma once
#include "dataset/manifest.h"
#include "dataset/store.h"

/* Reads a data set of any layout, also one of a single class, and adds its tracks as one edit (its id; 0 without an
 * error: all are there already). `problems` (may be NULL) gets char * lines. Reads headers in parallel and stores at
 * the end; a cancelled one leaves nothing. */
gint64 mg_store_import(MgStore *store, const char *path, const MgImportOptions *options, GPtrArray *problems,
                       MgProgress *progress, GError **error);

/* What an import would find, from names and tables alone, without opening a sound file. */
typedef struct {
  const char *layout;          /* "ESC-50", …; static */
  guint tracks, groups, folds; /* how many different ones; groups and folds 0: none */
  guint in_split[4];           /* tracks by MgSplit; [0]: in none */
  GPtrArray *classes;          /* MgPreviewClass *, sorted by name */
  GPtrArray *rows;             /* MgPreviewRow *: the first tracks, some of every class */
  GPtrArray *problems;         /* char *: what is not understood */
} MgImportPreview;
typedef struct {
  char *label;
  guint tracks;
} MgPreviewClass;
typedef struct {
  char *path, *name, *label, *group; /* group NULL: none */
  int fold;                          /* -1: none */
  MgSplit split;
} MgPreviewRow;
/* At most `most` rows. */
MgImportPreview *mg_import_preview(const char *path, const MgImportOptions *options, guint most, GError **error);
void mg_import_preview_free(MgImportPreview *preview); /* accepts NULL */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgImportPreview, mg_import_preview_free)
