/* Inner loops, compiled once for each instruction set (meson.build) and chosen at run time. Buffers are the caller's;
 * nothing allocates or fails. */
#pragma once
#include "nn/kernels-recurrent.h"
#include <glib.h>

/* A batch normalisation's backward pass for one channel: dx = scale · (g - offset - (x - mean) · slope). */
typedef struct {
  float scale, offset, mean, slope;
} MgNormGradient;

typedef struct {
  const char *name; /* "x86-64-v4", … */
  const MgRecurrentKernels *recurrent;
  int outputs;      /* channels that convolve() makes at a time */
  int lanes;        /* floats of a vector: buffers reach that far beyond what is asked for */
  int correlated;   /* channels of dy that correlate() takes at a time */
  int correlated_single;

  /* y[o · y_plane + p] = Σ over c, i, j of weights[((c · 3 + i) · 3 + j) · outputs + o] · x[c · plane + i · row + j +
   * p] for o < outputs, p < n. Writes up to `lanes` - 1 values beyond n. */
  void (*convolve)(int channels, size_t n, const float *x, size_t plane, size_t row, const float *weights, float *y,
                   size_t y_plane);
  /* sums[(i · 3 + j) · correlated + o] += Σ over p < n of dy[p · correlated + o] · x[i · row + j + p]. */
  void (*correlate)(size_t n, const float *dy, const float *x, size_t row, float *sums);
  /* Its dy: out[p · correlated + o] = dy[o · dy_plane + p]. Reads and writes up to 3 positions beyond n. */
  void (*transpose)(size_t n, const float *dy, size_t dy_plane, float *out);
  /* Where x has one channel: sums[o · 3 + j] = Σ over p < n of dy[o · dy_plane + p] · x[j + p], o < correlated_single.
   */
  void (*correlate_single)(size_t n, const float *dy, size_t dy_plane, const float *x, float *sums);

  float (*copy_sum)(size_t n, const float *x, float *y);  /* y = x; returns Σ x */
  float (*squares)(size_t n, const float *x, float mean); /* Σ (x - mean)² */

  /* y = relu of the largest of each 2 x 2 window of scale · x + shift. x0 and x1 are rows of 2 n values. `picked` is x
   * at the largest, `winners` its place in the window (0 … 3) or 4 where relu cut it off; both NULL or neither. */
  void (*pool_rows)(size_t n, const float *x0, const float *x1, float scale, float shift, float *y, float *picked,
                    guint8 *winners);
  /* *sum = Σ g, *product = Σ g · (picked - mean), where g is dy where winners < 4, else 0. */
  void (*pool_sums)(size_t n, const float *dy, const float *picked, const guint8 *winners, float mean, float *sum,
                    float *product);
  /* dx (2 n values) of row `odd` (0 or 1) of the windows through pooling, relu and normalisation. */
  void (*unpool_row)(size_t n, const float *x, const float *dy, const guint8 *winners, int odd,
                     const MgNormGradient *norm, float *dx);
  /* The same where there is no window: g is 0. n values. */
  void (*norm_row)(size_t n, const float *x, const MgNormGradient *norm, float *dx);
} MgKernels;

/* Those that this machine can run, the best first; NULL-terminated. */
const MgKernels *const *mg_kernels_all(void);
