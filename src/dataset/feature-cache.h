/* Pictures of all segments, computed once: files under $XDG_CACHE_HOME/melograph/features keyed by content and
 * parameters, memory-mapped, limited in size (the least recently used go first). */
#pragma once
#include "dataset/front-end.h"
#include "dataset/segment.h"

typedef struct MgPictures MgPictures;

/* Computes (in parallel) or finds the pictures of the given segments. Tracks that cannot be read are an error naming
 * the file. Segment order is that of the array. */
MgPictures *mg_pictures_load(const MgManifest *manifest, const GArray *segments, const MgParams *params, int threads,
                             MgProgress *progress, GError **error);
size_t mg_pictures_n(const MgPictures *pictures);
size_t mg_pictures_bins(const MgPictures *pictures);
size_t mg_pictures_frames(const MgPictures *pictures);
const float *mg_pictures_get(const MgPictures *pictures, size_t i); /* (bins, frames), valid while `pictures` is */
void mg_pictures_free(MgPictures *pictures);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgPictures, mg_pictures_free)
