/* What a network sees in a segment. */
#pragma once
#include "train/model-file.h"
#include "base/matrix.h"

typedef struct {
  MgMatrix *input;   /* (bins, frames): the segment's picture in dB */
  MgMatrix *as_seen; /* normalised, as the network gets it */
  GPtrArray *maps;   /* MgMatrix *: outputs of the first layer's channels */
  char *layer;       /* its name */
  float *probabilities;
} MgFeatureMaps;

/* part counts from 1 as in the table; layer NULL: the first convolution. */
MgFeatureMaps *mg_feature_maps(MgModel *model, const char *file, double track_start, double track_end, int part,
                               const char *layer, GError **error);
void mg_feature_maps_free(MgFeatureMaps *maps);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgFeatureMaps, mg_feature_maps_free)
