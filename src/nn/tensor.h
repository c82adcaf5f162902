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
  char *name;   /* "conv1.weight", PyTorch's words: weight, bias, running_mean, running_var */
  int shape[4]; /* PyTorch's order, e.g. (out, in, kh, kw) */
  int dimensions;
  size_t n;
  float *data;
  float *gradient; /* NULL for moving statistics */
  gboolean decays; /* weight decay applies: not to biases and batch norm */
} MgTensor;

/* A zeroed tensor called "owner.name"; with a gradient where `trainable`. */
MgTensor *mg_tensor_new(const char *owner, const char *name, gboolean trainable, int dimensions, const int *shape);
void mg_tensor_free(MgTensor *tensor); /* accepts NULL */
/* Those that learn (have a gradient), or the others, the moving statistics. In their order; g_ptr_array_unref() it. */
GPtrArray *mg_tensors_that_learn(const GPtrArray *tensors, gboolean learn);

/* 64-byte aligned memory that is not cleared: pages belong to the thread that writes them first. */
gpointer mg_buffer_new(size_t bytes);
void mg_buffer_free(gpointer buffer); /* accepts NULL */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgTensor, mg_tensor_free)
