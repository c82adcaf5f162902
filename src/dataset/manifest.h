/* A data set: tracks with labels, groups, folds and splits. Classes are numbered in the order of their names. */
#pragma once
#include "base/param.h"
#include "base/progress.h"

typedef enum { MG_SPLIT_NONE, MG_SPLIT_TRAIN, MG_SPLIT_VAL, MG_SPLIT_TEST } MgSplit;
const char *mg_split_name(MgSplit split); /* "none", "train", "val", "test" */

typedef struct {
  char *path;        /* absolute */
  char *name;        /* the file's name, for tables */
  int label;         /* number of the class */
  char *group;       /* tracks of one group stay on one side; NULL: a group of its own */
  int fold;          /* -1: none */
  MgSplit split;     /* what the CSV's column said, later what splitting decided */
  double start, end; /* s; end 0: the whole file */
  double duration;   /* s, of [start, end) */
  int sr;
  gint64 id; /* in the workspace that is the data set; 0: in none */
} MgTrack;

typedef struct {
  char *path;          /* of the data set */
  GPtrArray *labels;   /* char *: class names, sorted */
  GPtrArray *tracks;   /* MgTrack * */
  GPtrArray *problems; /* char *: one line each: files left out, classes without tracks, overlapping groups … */
} MgManifest;

typedef struct {
  const char *label_from, *group_from, *fold_from; /* regular expressions on file names, first capture; NULL: none */
  const char *const *only; /* these folders below the path, a class each, whatever else is there; NULL: all of it */
} MgImportOptions;

/* Recognises the layout: a CSV file, a workspace, meta/esc50.csv beside audio/, GTZAN's and FMA's folders, one folder
 * per class, or a flat folder with label_from. Reads every file's header (in parallel); files that cannot be read
 * become problems, not errors. Fails (MG_ERROR_DATA) where no track or fewer than two classes remain, saying why. */
MgManifest *mg_manifest_open(const char *path, const MgImportOptions *options, MgProgress *progress, GError **error);
/* The same, also of one class alone. */
MgManifest *mg_manifest_open_any(const char *path, const MgImportOptions *options, MgProgress *progress,
                                 GError **error);
MgManifest *mg_manifest_new(const char *path); /* without labels and tracks */
/* A track of a class (-1: unknown), in no fold and on no side; what else is known of it is to be filled in. */
MgTrack *mg_manifest_add(MgManifest *manifest, const char *path, int label);
MgManifest *mg_manifest_copy(const MgManifest *manifest);
void mg_manifest_free(MgManifest *manifest); /* accepts NULL */
static inline MgTrack *
mg_manifest_track(const MgManifest *manifest, size_t i)
{
  return manifest->tracks->pdata[i];
}
const char *mg_manifest_label(const MgManifest *manifest, int label);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgManifest, mg_manifest_free)
