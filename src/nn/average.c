#include "nn/average.h"
#include <string.h>

struct MgAverage {
  GPtrArray *tensors, *averages; /* MgTensor * */
  double decay;
};

MgAverage *
mg_average_new(const GPtrArray *tensors, double decay)
{
  MgAverage *average = g_new0(MgAverage, 1);
  average->decay = decay;
  average->tensors = g_ptr_array_new();
  average->averages = g_ptr_array_new_with_free_func((GDestroyNotify)mg_tensor_free);
  for (guint i = 0; i < tensors->len; i++) {
    MgTensor *tensor = tensors->pdata[i], *copy;
    copy = mg_tensor_new("average", tensor->name, FALSE, tensor->dimensions, tensor->shape);
    memcpy(copy->data, tensor->data, tensor->n * sizeof(float));
    g_ptr_array_add(average->tensors, tensor);
    g_ptr_array_add(average->averages, copy);
  }
  return average;
}

void
mg_average_free(MgAverage *average)
{
  if (!average)
    return;
  g_ptr_array_unref(average->tensors);
  g_ptr_array_unref(average->averages);
  g_free(average);
}

void
mg_average_take(MgAverage *average, gint64 step)
{
  float rest = (float)(1 - MIN(average->decay, (1.0 + step) / (10.0 + step)));
  for (guint i = 0; i < average->tensors->len; i++) {
    const MgTensor *tensor = average->tensors->pdata[i], *mean = average->averages->pdata[i];
#pragma omp simd
    for (size_t k = 0; k < tensor->n; k++)
      mean->data[k] += rest * (tensor->data[k] - mean->data[k]);
  }
}

void
mg_average_swap(MgAverage *average)
{
  for (guint i = 0; i < average->tensors->len; i++) {
    const MgTensor *tensor = average->tensors->pdata[i], *mean = average->averages->pdata[i];
    for (size_t k = 0; k < tensor->n; k++) {
      float own = tensor->data[k];
      tensor->data[k] = mean->data[k];
      mean->data[k] = own;
    }
  }
}

const GPtrArray *
mg_average_state(MgAverage *average)
{
  return average->averages;
}
