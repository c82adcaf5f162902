/* The projections that there are; each is in its own file. */
#pragma once
#include "ml/projection.h"

extern const MgProjection mg_projection_pca, mg_projection_tsne, mg_projection_umap;
