/* Inner loops of lstm and gru, compiled once for each instruction set as those of kernels.h. Sigmoid and tanh are
 * within 2e-7 of the exact ones. */
#pragma once
#include <stddef.h>

typedef struct {
  /* One step of one sequence, for n units: `gates` holds four blocks of n values. `before` and `state` are those of
   * the step before and of this one.
   * lstm: gates are i, f, g, o before their functions, which replace them; state is c, then tanh(c).
   * gru: gates are the input's part of n, then r, z, and the hidden state's part of n, which alone keeps its value;
   * `before` is the h of the step before, `state` is not used. */
  void (*forward)(int n, float *gates, const float *before, float *state, float *h);
  /* gates become the loss's gradients by what they were before their functions. dh (beside dy) and dc are its
   * gradients by h and c as later steps see them; they become what the step before sees, but for the weights' part. The
   * gates' gradients are added to `sums`. */
  void (*backward)(int n, float *gates, const float *before, const float *state, const float *dy, float *dh, float *dc,
                   float *sums);
} MgCellKernels;

enum { mg_recurrent_most_columns = 32 };

typedef struct {
  int product_columns; /* columns of a panel that product() makes at a time: at most mg_recurrent_most_columns */

  /* c (rows, product_columns) += a (rows, k) · panel (k, product_columns); a_row and c_row are the rows' lengths in
   * memory. */
  void (*product)(int rows, int k, const float *a, size_t a_row, const float *panel, float *c, size_t c_row);
  /* y[j · y_row + i] = x[i · x_row + j] for i < rows, j < columns. */
  void (*transpose)(int rows, int columns, const float *x, size_t x_row, float *y, size_t y_row);
  MgCellKernels lstm, gru;
} MgRecurrentKernels;
