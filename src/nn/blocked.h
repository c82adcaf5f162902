/* Convolutions over pictures in the blocked layout (N, blocks, height, width, lanes); kernels.h says more.
 *
 * Two ways: directly, for any kernel with a stride of 1 or 2, and by Winograd's algorithm for 3 x 3 with stride 1, with
 * a quarter of the multiplications. A convolution of few input channels is a "stem": its input is in the plain layout
 * (N, channels, height, width). Weights and their gradient are in PyTorch's order.
 *
 * Work is divided in a fixed way and sums are added in a fixed order: the same thread count gives the same numbers. All
 * scratch memory is the caller's. */
#pragma once
#include "nn/compute.h"
#include "nn/kernels.h"
#include "nn/tensor.h"

/* The last one multiplies in bfloat16 and sums in float32. */
typedef enum { MG_DIRECT, MG_WINOGRAD, MG_WINOGRAD_HALF } MgBlockedWay;

typedef struct {
  MgConvolution shape;
  const MgKernels *kernels;
  int in_blocks, out_blocks;
  gboolean stem;
} MgBlocked;

/* FALSE where the shape has to be left to im2col. */
gboolean mg_blocked_convolution(const MgConvolution *shape, const MgKernels *kernels, MgBlocked *conv);

static inline int
mg_blocks(int channels, int lanes)
{
  return (channels + lanes - 1) / lanes;
}

/* Floats of a picture of the layout. */
static inline size_t
mg_blocked_size(MgShape shape, int lanes)
{
  return (size_t)mg_blocks(shape.channels, lanes) * lanes * shape.height * shape.width;
}

/* Floats of weights laid out for a pass, the one or the other way. */
size_t mg_blocked_packed_size(const MgBlocked *conv, MgBlockedWay way);
/* For the forward pass, or with inputs and outputs exchanged for the gradient of the input. Each channel's weights are
 * multiplied by its `scale` where that is not NULL (out_channels). */
void mg_blocked_pack(const MgBlocked *conv, int threads, const float *weight, const float *scale, gboolean backward,
                     MgBlockedWay way, float *packed);

/* Weights of a pass: laid out for it by mg_blocked_pack(), or, where `packed` is NULL, in PyTorch's order: the pass
 * lays them out by itself in `room` (mg_blocked_packed_size() floats, scratch memory), each as it is needed where they
 * are needed once, which spares the way through the main memory. Both give the same numbers. */
typedef struct {
  const float *packed;
  const float *plain;
  float *room;
} MgBlockedWeights;

/* Whether Winograd's algorithm pays for such a batch. `packed`: with weights that are laid out already. */
gboolean mg_blocked_prefers_winograd(const MgBlocked *conv, int batch, gboolean packed);

/* Floats of scratch memory that all threads share, and of each thread's own, for any of the passes below. */
size_t mg_blocked_shared(const MgBlocked *conv);
size_t mg_blocked_workspace(const MgBlocked *conv);

typedef struct {
  int batch, threads;
  float *shared, *workspace;
  size_t workspace_size; /* of a thread */
} MgBlockedPass;

void mg_blocked_convolve(const MgBlocked *conv, const MgBlockedPass *pass, MgBlockedWay way, const float *x,
                         const MgBlockedWeights *weights, const MgEpilogue *epilogue, float *y);
/* dx is overwritten, or added to. */
void mg_blocked_convolve_data(const MgBlocked *conv, const MgBlockedPass *pass, MgBlockedWay way, const float *dy,
                              const MgBlockedWeights *weights, gboolean add, float *dx);
void mg_blocked_convolve_weights(const MgBlocked *conv, const MgBlockedPass *pass, MgBlockedWay way, const float *x,
                                 const float *dy, float *dweight);

/* Between (N, channels, height · width) and the blocked layout. */
void mg_block(const MgKernels *kernels, int batch, int threads, int channels, size_t plane, const float *in,
              float *out);
void mg_unblock(const MgKernels *kernels, int batch, int threads, int channels, size_t plane, const float *in,
                float *out);
