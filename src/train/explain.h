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

/* Cuts [track_start, track_end) (s; end 0: to the file's end) as the table of predictions does; part counts from 1.
 * layer NULL: the first convolution. MG_ERROR_USAGE where there is no such part or layer. */
MgFeatureMaps *mg_feature_maps(MgModel *model, const char *file, double track_start, double track_end, int part,
                               const char *layer, GError **error);
/* All maps in one matrix: (channels * height, width), channel under channel. */
MgMatrix *mg_feature_maps_stack(const MgFeatureMaps *maps, GError **error);
void mg_feature_maps_free(MgFeatureMaps *maps); /* accepts NULL */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgFeatureMaps, mg_feature_maps_free)
