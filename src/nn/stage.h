/* What follows a convolution in the blocked layout, or stands by itself: batch normalisation or a bias, a residual
 * added, relu, max pooling, each of which may be absent. It reads z, the convolution's output (batch, blocks, height,
 * width, lanes), and gives y = maxpool(relu(factor · norm(z + bias) + residual)). */
#pragma once
#include "nn/fusion.h"
#include "nn/kernels.h"
#include "nn/layer-batchnorm.h"
#include "nn/layer-maxpool.h"

typedef struct {
  const MgKernels *kernels;
  MgShape shape; /* of z */
  int blocks;
  const MgBatchNorm *norm; /* NULL: none; likewise below */
  const MgTensor *bias;
  gboolean adds, relu;
  const MgMaxPool *pool;
  MgPooling pooling;
  float factor;
  /* (blocks · lanes) each: y = scale · z + shift; and of the gradient, as in kernels.h */
  float *scale, *shift, *mean, *gradient_scale, *offset, *slope;
} MgStage;

/* Takes layers number `first` … of the step as far as it can, and lowers the step's `n` where it cannot take all.
 * `shape` is that of z. */
void mg_stage_init(MgStage *stage, MgStep *step, int first, MgShape shape, const MgTensor *bias);
void mg_stage_clear(MgStage *stage);
MgShape mg_stage_output(const MgStage *stage);
/* Bytes a segment from forward to backward, z not among them; floats of scratch memory a thread. */
size_t mg_stage_cache(const MgStage *stage);
size_t mg_stage_workspace(const MgStage *stage);

/* Sets scale and shift to the running statistics'. */
void mg_stage_prepare(MgStage *stage);
/* For `batch` segments from z on; mg_stage_prepare() comes first. */
void mg_stage_infer(const MgStage *stage, int batch, int threads, const float *z, const float *residual, float *y);
void mg_stage_forward(MgStage *stage, const MgPass *pass, void *cache, const float *z, const float *residual, float *y);
/* dz may be z; dz, where nothing is pooled, and dresidual may be NULL, as may both. Gradients of the norm's tensors and
 * of the bias are set, unless the pass is traced. */
void mg_stage_backward(MgStage *stage, const MgPass *pass, void *cache, const float *z, const float *y, const float *dy,
                       float *dz, float *dresidual);
