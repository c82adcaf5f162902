/* What a layer makes of a segment, and what it has learned to look for. */
#pragma once
#include "train/explain-seen.h"

typedef struct {
  GPtrArray *maps; /* MgMatrix *: a channel each, of a layer's outputs; or a filter each */
  char *layer;     /* its name */
} MgFeatureMaps;

/* Outputs of the layer's channels. layer NULL: the first convolution. MG_ERROR_USAGE where there is no such layer. */
MgFeatureMaps *mg_feature_maps(const MgSeen *seen, const char *layer, GError **error);
/* The same of a normalised picture `x`, as the network gets it. */
MgFeatureMaps *mg_feature_maps_of(MgNetwork *network, const float *x, const char *layer, GError **error);
/* The weights of a convolution's filters, (in_channels * kernel_height, kernel_width) each, the lowest frequency
 * first. MG_ERROR_USAGE also where the layer is no convolution. */
MgFeatureMaps *mg_feature_filters(const MgModel *model, const char *layer, GError **error);
/* All maps in one matrix: (channels * height, width), channel under channel. */
MgMatrix *mg_feature_maps_stack(const MgFeatureMaps *maps, GError **error);
void mg_feature_maps_free(MgFeatureMaps *maps); /* accepts NULL */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgFeatureMaps, mg_feature_maps_free)
