/* Looking for the first value that is not finite. */
#pragma once
#include "nn/network.h"

/* The name of the first layer whose weights or statistics hold one that is not; NULL where all are finite. */
const char *mg_network_bad_layer(const MgNetwork *network);
/* Where NaN or infinity comes from in a forward pass of x (n, C, H, W): "weights" or "output" into *what and the name
 * of the layer returned; "input" and "" where x itself holds it; NULL where all is finite. Computes every layer by
 * itself. */
const char *mg_network_non_finite(MgNetwork *network, const float *x, int n, gboolean training, MgRng *rng,
                                  const char **what);
