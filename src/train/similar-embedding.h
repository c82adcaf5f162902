/* Which stretches of other sounds a trained network finds like a given one (dataset/similar.h). */
#pragma once
#include "dataset/similar.h"

/* By the vectors of `layer` (NULL: what the last one takes) of the model in a file: the mean over the pieces in a
 * stretch, cut as the network was trained. A stretch shorter than such a piece is widened to one, around its middle.
 * `jobs` below 1: all processors; each has a copy of the network. */
GPtrArray *mg_similar_by_embedding(const char *model, const char *layer, const char *path, double start, double end,
                                   const char *const *others, guint most, int jobs, GPtrArray *problems,
                                   MgProgress *progress, GError **error);
