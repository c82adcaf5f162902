/* What the tests of the network core share: numbers from a formula, and networks on which they stand. */
#pragma once
#include "nn/network.h"
#include "support.h"
#include <string.h>

/* Value i of series `series`, in [-1, 1): an integer hash, so that other programs make the very same numbers.
 */
static inline float
hashed(guint32 i, guint32 series)
{
  guint32 u = (i + 1) * 2654435761u + series * 2246822519u;
  u = (u ^ (u >> 15)) * 2246822519u;
  u ^= u >> 13;
  return (float)(u >> 8) / (1 << 23) - 1;
}

static inline void
fill_hashed(float *values, size_t n, guint32 series, float scale)
{
  for (size_t i = 0; i < n; i++)
    values[i] = hashed(i, series) * scale;
}

/* Weights from the formula within PyTorch's default bounds, biases 0. */
static inline void
fill_weights(MgNetwork *network)
{
  const GPtrArray *tensors = mg_network_tensors(network);
  guint32 series = 0;
  for (guint i = 0; i < tensors->len; i++) {
    MgTensor *tensor = tensors->pdata[i];
    if (!tensor->gradient)
      continue;
    if (tensor->dimensions > 1)
      fill_hashed(tensor->data, tensor->n, series, 1 / sqrtf(tensor->n / tensor->shape[0]));
    else if (g_str_has_suffix(tensor->name, "bias"))
      memset(tensor->data, 0, tensor->n * sizeof *tensor->data);
    series++;
  }
}

static inline MgNetwork *
network_of(const char *path, MgShape input, int classes, guint64 seed)
{
  g_autofree char *text = NULL;
  g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
  g_autoptr(GError) error = NULL;
  MgNetwork *network = mg_network_new(text, path, input, classes, seed, &error);
  g_assert_no_error(error);
  return network;
}

static inline MgNetwork *
small_cnn(MgShape input, int classes, guint64 seed)
{
  g_autofree char *path = g_build_filename(MG_SOURCE_DIR, "models", "small-cnn.json", NULL);
  return network_of(path, input, classes, seed);
}
