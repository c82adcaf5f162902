/* Tables of features: one row a track (or a part of one), columns of statistics of features over time; what classifiers
 * on tables learn from. A kind of table is one file (table-NAME.c) and one line in table-kinds.c. */
#pragma once
#include "base/ranks.h"
#include "dataset/segment.h"

/* features statistics segment_seconds segment_hop, for what the kind of table leaves open. */
extern const MgParamTable mg_table_params;

typedef struct {
  char *filename; /* of the track; of a part of one with "_" and its number from 1 */
  guint32 track;  /* number in the manifest */
  guint32 part;   /* number among the parts that were asked for */
  size_t length;  /* samples at the table's sample rate */
  float *values;  /* one a column */
} MgTableRow;

typedef struct {
  GPtrArray *columns;  /* char * */
  GPtrArray *rows;     /* MgTableRow *, in the order of the tracks */
  GPtrArray *problems; /* char *: one line a track that could not be worked; it has no row */
  guint cached;        /* rows that an earlier extraction had made */
} MgTable;

/* Names of the kinds, NULL-terminated: "gtzan", "fma", "summary". */
const char *const *mg_table_kinds(void);
/* Every parameter that a table takes: mg_table_params, sr, those of all features. NULL-terminated. */
const MgParamTable *const *mg_table_param_tables(void);

/* The table of all tracks, `jobs` tracks at a time (below 1: all processors). A row is kept under
 * $XDG_CACHE_HOME/melograph/tables by content and parameters as soon as it is made, so an extraction that was stopped
 * or killed goes on where it was. A track that cannot be worked is a problem, not an error. MG_ERROR_USAGE where there
 * is no such kind, feature or statistic; MG_ERROR_DATA where no row could be made. */
MgTable *mg_table_extract(const MgManifest *manifest, const char *kind, const MgParams *params, int jobs,
                          MgProgress *progress, GError **error);
/* The same by all ranks, of which only rank 0 has a manifest (NULL: its error is set); it gives the table. The others
 * make rows as they are asked to, and give NULL, with an error where something went wrong. */
MgTable *mg_table_extract_by_ranks(const MgManifest *manifest, const char *kind, const MgParams *params, int jobs,
                                   MgRanks *ranks, MgProgress *progress, GError **error);
/* The parts of all tracks that have a row each (MgSegment): whole tracks where segment_seconds is auto. */
GArray *mg_table_parts(const MgManifest *manifest, const MgParams *params);
/* The same of a single track. */
void mg_table_cut_track(GArray *parts, guint32 number, const MgTrack *track, const MgParams *params);
/* The rows of such parts, of all tracks or of some. */
MgTable *mg_table_extract_parts(const MgManifest *manifest, const GArray *parts, const char *kind,
                                const MgParams *params, int jobs, MgProgress *progress, GError **error);
/* GTZAN's layout: filename, length, the columns, label. */
gboolean mg_table_save(const MgTable *table, const MgManifest *manifest, const char *path, GError **error);
void mg_table_free(MgTable *table); /* accepts NULL */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgTable, mg_table_free)
