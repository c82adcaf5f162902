/* The segments of one sound file outside a data set, and their pictures, by the path that data sets take. */
#pragma once
#include "base/param.h"
#include "dataset/clip.h"
#include "dataset/segment.h"

typedef struct MgFileSegments MgFileSegments;

/* [start, end) in seconds; end 0: to the file's end. `params` holds the front end's tables. Fails where the file cannot
 * be read or holds no sound. */
MgFileSegments *mg_file_segments_open(const char *path, double start, double end, const MgParams *params,
                                      GError **error);
size_t mg_file_segments_n(const MgFileSegments *segments);
const MgSegment *mg_file_segments_get(const MgFileSegments *segments, size_t i);
/* The sound of one, to be cleared by the caller: shorter than a segment where the file ends within it. */
gboolean mg_file_segments_sound(MgFileSegments *segments, size_t i, MgClip *clip, GError **error);
/* Fills picture[bins * frames]. */
gboolean mg_file_segments_picture(MgFileSegments *segments, size_t i, float *picture, GError **error);
void mg_file_segments_free(MgFileSegments *segments); /* accepts NULL */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgFileSegments, mg_file_segments_free)
