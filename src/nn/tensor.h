/* Shapes and buffers of the network core: float32, batch first, (N, C, H, W), row-major. */
#pragma once
#include <glib.h>

typedef struct {
  int channels, height, width; /* a vector of n values is (n, 1, 1) */
} MgShape;

static inline size_t
mg_shape_size(MgShape shape)
{
  return (size_t)shape.channels * shape.height * shape.width;
}

/* A learnable array or a moving statistic. Owned by its layer. */
typedef struct {
  char *name;      /* "conv1.weight", PyTorch's words: weight, bias, running_mean, running_var */
  int shape[4];    /* PyTorch's order, e.g. (out, in, kh, kw) */
  int dimensions;
  size_t n;
  float *data;
  float *gradient; /* NULL for moving statistics */
  gboolean decays; /* weight decay applies: not to biases and batch norm */
} MgTensor;
