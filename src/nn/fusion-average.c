/* The mean of each channel's picture, from the blocked layout to the plain one. */
#include "nn/blocked.h"
#include "nn/fusion.h"
#include "nn/kernels.h"

enum { piece = 1024, most_lanes = 16 }; /* positions that are summed in float32 */

static gboolean
take(MgStep *step)
{
  step->takes_blocked = step->fed_blocked;
  step->output_size = mg_shape_size(step->layers[0]->output);
  return step->fed_blocked;
}

static void
average(const MgKernels *kernels, const float *x, size_t plane, int channels, float *y)
{
  double sums[most_lanes] = {0};
  for (size_t i = 0; i < plane; i += piece) {
    float part[most_lanes];
    kernels->sum(MIN(piece, plane - i), x + i * kernels->lanes, part);
    for (int l = 0; l < kernels->lanes; l++)
      sums[l] += part[l];
  }
  for (int l = 0; l < channels; l++)
    y[l] = sums[l] / plane;
}

static void
forward(MgStep *step, const MgPass *pass, const float *const *x, float *y)
{
  const MgKernels *kernels = mg_compute_kernels();
  MgShape shape = step->layers[0]->input;
  int lanes = kernels->lanes, blocks = mg_blocks(shape.channels, lanes);
  size_t plane = (size_t)shape.height * shape.width;
#pragma omp parallel for collapse(2) schedule(static) num_threads(pass->threads)
  for (int n = 0; n < pass->batch; n++)
    for (int b = 0; b < blocks; b++)
      average(kernels, x[0] + ((size_t)n * blocks + b) * plane * lanes, plane, MIN(lanes, shape.channels - b * lanes),
              y + (size_t)n * shape.channels + b * lanes);
}

static void
backward(MgStep *step, const MgPass *pass, const float *const *x, const float *y, const float *dy, float *const *dx)
{
  MgShape shape = step->layers[0]->input;
  int lanes = mg_compute_kernels()->lanes, blocks = mg_blocks(shape.channels, lanes);
  size_t plane = (size_t)shape.height * shape.width;
  if (!dx[0])
    return;
#pragma omp parallel for collapse(2) schedule(static) num_threads(pass->threads)
  for (int n = 0; n < pass->batch; n++)
    for (int b = 0; b < blocks; b++) {
      float share[most_lanes] = {0}, *out = dx[0] + ((size_t)n * blocks + b) * plane * lanes;
      for (int l = 0; l < MIN(lanes, shape.channels - b * lanes); l++)
        share[l] = dy[(size_t)n * shape.channels + b * lanes + l] / plane;
      for (size_t i = 0; i < plane; i++)
        for (int l = 0; l < lanes; l++)
          out[i * lanes + l] = share[l];
    }
}

const MgFusion mg_fusion_average = {
    .types = {"global-average-pool", NULL},
    .take = take,
    .forward = forward,
    .backward = backward,
    .spares_x = TRUE,
    .spares_y = TRUE,
};
