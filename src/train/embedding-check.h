/* What makes the figures of classifiers on embeddings pretend: a network that has seen the tracks they are tested on.
 */
#pragma once
#include "dataset/manifest.h"

/* Appends a line (char *) where the network in the file `model` learned from tracks of `manifest` that are tested:
 * those that are not on the side of train, or all of them where `by_split` is FALSE. Where the network's run is not
 * there to tell its tracks, one that tells the same classes is suspected. */
void mg_embedding_check(const char *model, const MgManifest *manifest, gboolean by_split, GPtrArray *warnings);
