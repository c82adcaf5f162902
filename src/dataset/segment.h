/* Segments of tracks. A track shorter than a segment gives one, padded; a remainder under half a segment is dropped. */
#pragma once
#include "dataset/manifest.h"

extern const MgParamTable mg_segment_params; /* segment_seconds segment_hop (auto: segment_seconds) */

typedef struct {
  guint32 track;     /* number in the manifest */
  guint32 part;      /* from 1 */
  double start, end; /* s in the file; end may lie beyond it (padding) */
  MgSplit split;
} MgSegment;

/* All segments, track by track: an array of MgSegment. */
GArray *mg_segments_cut(const MgManifest *manifest, const MgParams *params);
/* Parts of a single stretch of `duration` seconds from `start`; appends to `segments`. */
void mg_segments_cut_track(GArray *segments, guint32 track, double start, double duration, MgSplit split,
                           const MgParams *params);
