/* What a plane shows, read and laid out on a thread. */
#pragma once
#include "session/results-private.h"
#include "base/matrix.h"
#include "base/progress.h"

/* Vectors of a run's segments and what its model says of them; never changed once made. */
typedef struct {
  gatomicrefcount references;
  MgMatrix *vectors; /* (n, values) */
  MgSplit *splits;
  MgResultTable *table;
} MgPlaneSegments;

/* From embeddings.csv and predictions-all.csv of a run folder. */
MgPlaneSegments *mg_plane_segments_load(const char *run, GError **error);
MgPlaneSegments *mg_plane_segments_ref(MgPlaneSegments *segments);
void mg_plane_segments_unref(MgPlaneSegments *segments); /* accepts NULL */
/* TRUE where both files are there and newer than the run's best checkpoint. */
gboolean mg_plane_segments_are_fresh(const char *run);
/* Places (n, 2) by a method, out of the run folder where they are newer than the vectors, else computed and kept there.
 */
MgMatrix *mg_plane_places_make(const MgPlaneSegments *segments, const char *run, const char *method,
                               MgProgress *progress, GError **error);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgPlaneSegments, mg_plane_segments_unref)
