/* What a plan's fused steps need of a batch normalisation. */
#pragma once
#include "nn/layer.h"

typedef struct {
  MgLayer base;
  float eps, momentum;
  MgTensor *weight, *bias, *running_mean, *running_var;
  gboolean fixed;        /* the weight stays 1: it is no tensor of the layer, but there */
  float *mean, *inverse; /* (channels) each: of the last training pass; inverse is 1 / sqrt(var + eps) */
} MgBatchNorm;

/* Takes the batch's statistics of channel c over n values: sets mean and inverse, moves the running
 * statistics (variance unbiased, as in PyTorch). */
void mg_batchnorm_take(MgBatchNorm *norm, int c, double mean, double biased_variance, double n);
/* What each channel's statistics come to over the batches of pass->ranks, if any: moments (2 · channels + 1) holds
 * means, sums of squares about them, and the number of values of a channel. */
void mg_batchnorm_join_moments(const MgPass *pass, int channels, double *moments);
/* The layer as y = scale · x + shift for channel c: of the last training pass, or of the running statistics.
 */
void mg_batchnorm_affine(const MgBatchNorm *norm, int c, gboolean training, float *scale, float *shift);
