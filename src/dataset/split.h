/* Splits without leakage: segments of one track and tracks of one group stay on one side. */
#pragma once
#include "dataset/manifest.h"

extern const MgParamTable
    mg_split_params; /* split: "6:2:2", "fold:test=K[,val=J]", "fold:val=K", "column", "leaky:6:2:2"; seed */

/* Sets every track's split, stratified by class as far as groups allow. Sets MG_ERROR_USAGE for a split that the data
 * set cannot give (no folds, no such fold, no column). `warnings` (may be NULL) gets char * lines. */
gboolean mg_split_apply(MgManifest *manifest, const MgParams *params, GPtrArray *warnings, GError **error);
/* TRUE where the split is made segment by segment, which leaks: whoever shows a figure of it must say so. */
gboolean mg_split_is_leaky(const MgParams *params);
/* For the leaky split: deals out the segments themselves. */
void mg_split_segments(GArray *segments, const MgManifest *manifest, const MgParams *params);

/* The N table: (classes x 3) counts of segments for train, val, test. counts[label * 3 + split - 1]; g_free() it. */
guint *mg_split_counts(const MgManifest *manifest, const GArray *segments);
