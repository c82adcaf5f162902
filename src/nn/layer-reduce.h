/* What pooling over a whole picture or over all time has in common: rows of the input, one after another in memory,
 * each of which becomes one value of the output. */
#pragma once
#include "nn/layer.h"

void mg_reduce_mean(MgLayer *layer, const MgPass *pass, const float *const *x, float *y);
void mg_reduce_mean_backward(MgLayer *layer, const MgPass *pass, const float *const *x, const float *y, const float *dy,
                             float *const *dx);
/* Bytes of cache an output that the maximum needs. */
enum { mg_reduce_max_cache = sizeof(gint32) };
/* The first of equal values wins; NaN wins over everything, as in PyTorch. */
void mg_reduce_max(MgLayer *layer, const MgPass *pass, const float *const *x, float *y);
void mg_reduce_max_backward(MgLayer *layer, const MgPass *pass, const float *const *x, const float *y, const float *dy,
                            float *const *dx);
