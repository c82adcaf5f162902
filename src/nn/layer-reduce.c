#include "nn/layer-reduce.h"
#include <math.h>
#include <string.h>

static size_t
count_rows(const MgLayer *layer, const MgPass *pass, size_t *length)
{
  size_t rows = mg_shape_size(layer->output);
  *length = mg_shape_size(layer->input) / rows;
  return pass->batch * rows;
}

void
mg_reduce_mean(MgLayer *layer, const MgPass *pass, const float *const *x, float *y)
{
  size_t length, rows = count_rows(layer, pass, &length);
#pragma omp parallel for schedule(static) num_threads(pass->threads)
  for (size_t r = 0; r < rows; r++) {
    const float *row = x[0] + r * length;
    double sum = 0;
#pragma omp simd reduction(+ : sum)
    for (size_t i = 0; i < length; i++)
      sum += row[i];
    y[r] = sum / length;
  }
}

void
mg_reduce_mean_backward(MgLayer *layer, const MgPass *pass, const float *const *x, const float *y, const float *dy,
                        float *const *dx)
{
  size_t length, rows = count_rows(layer, pass, &length);
  if (!dx[0])
    return;
#pragma omp parallel for schedule(static) num_threads(pass->threads)
  for (size_t r = 0; r < rows; r++) {
    float share = dy[r] / length;
    for (size_t i = 0; i < length; i++)
      dx[0][r * length + i] = share;
  }
}

static size_t
find_largest(const float *row, size_t length)
{
  size_t best = 0;
  for (size_t i = 1; i < length; i++)
    if (row[i] > row[best] || isnan(row[i]))
      best = i;
  return best;
}

void
mg_reduce_max(MgLayer *layer, const MgPass *pass, const float *const *x, float *y)
{
  size_t length, rows = count_rows(layer, pass, &length);
  gint32 *winners = pass->training ? layer->cache : NULL;
#pragma omp parallel for schedule(static) num_threads(pass->threads)
  for (size_t r = 0; r < rows; r++) {
    size_t best = find_largest(x[0] + r * length, length);
    y[r] = x[0][r * length + best];
    if (winners)
      winners[r] = best;
  }
}

void
mg_reduce_max_backward(MgLayer *layer, const MgPass *pass, const float *const *x, const float *y, const float *dy,
                       float *const *dx)
{
  size_t length, rows = count_rows(layer, pass, &length);
  const gint32 *winners = layer->cache;
  if (!dx[0])
    return;
#pragma omp parallel for schedule(static) num_threads(pass->threads)
  for (size_t r = 0; r < rows; r++) {
    memset(dx[0] + r * length, 0, length * sizeof(float));
    dx[0][r * length + winners[r]] = dy[r];
  }
}
