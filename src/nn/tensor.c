#include "nn/tensor.h"
#include <string.h>
#ifdef __linux__
#include <sys/mman.h>
#endif

static const size_t huge_page = 2 << 20;

/* Large pages, where the system has them: kernels walk through many planes at a time, more than there are entries for
 * small pages in the processor. */
gpointer
mg_buffer_new(size_t bytes)
{
  if (bytes < 2 * huge_page)
    return g_aligned_alloc(MAX(bytes, 1), 1, 64);
  gpointer buffer = g_aligned_alloc(bytes, 1, huge_page);
#ifdef MADV_HUGEPAGE
  madvise(buffer, bytes, MADV_HUGEPAGE);
#endif
  return buffer;
}

void
mg_buffer_free(gpointer buffer)
{
  if (buffer)
    g_aligned_free(buffer);
}

static float *
zeroed(size_t n)
{
  float *data = mg_buffer_new(n * sizeof *data);
  memset(data, 0, n * sizeof *data);
  return data;
}

MgTensor *
mg_tensor_new(const char *owner, const char *name, gboolean trainable, int dimensions, const int *shape)
{
  MgTensor *tensor = g_new0(MgTensor, 1);
  tensor->name = g_strdup_printf("%s.%s", owner, name);
  tensor->dimensions = dimensions;
  tensor->n = 1;
  for (int i = 0; i < dimensions; i++) {
    tensor->shape[i] = shape[i];
    tensor->n *= shape[i];
  }
  tensor->data = zeroed(tensor->n);
  tensor->gradient = trainable ? zeroed(tensor->n) : NULL;
  return tensor;
}

void
mg_tensor_free(MgTensor *tensor)
{
  if (!tensor)
    return;
  mg_buffer_free(tensor->data);
  mg_buffer_free(tensor->gradient);
  g_free(tensor->name);
  g_free(tensor);
}

GPtrArray *
mg_tensors_that_learn(const GPtrArray *tensors, gboolean learn)
{
  GPtrArray *found = g_ptr_array_new();
  for (guint i = 0; i < tensors->len; i++) {
    MgTensor *tensor = tensors->pdata[i];
    if ((tensor->gradient != NULL) == learn)
      g_ptr_array_add(found, tensor);
  }
  return found;
}
