#include "nn/recurrent.h"
#include "nn/compute.h"
#include <string.h>

enum { blocks = 4 }; /* of a row of gates */

const MgCell mg_cell_lstm = {
    .type = "lstm",
    .gates = 4,
    .states = 2,
    .input = {{0, 0, 4}},
    .hidden = {0, 0, 4},
    .kernels = offsetof(MgRecurrentKernels, lstm),
};

const MgCell mg_cell_gru = {
    .type = "gru",
    .gates = 3,
    .states = 0,
    .input = {{0, 1, 2}, {2, 0, 1}},
    .hidden = {0, 1, 3},
    .kernels = offsetof(MgRecurrentKernels, gru),
};

/* What came before the first step. */
static const float zeros[mg_recurrent_most_hidden];

static const MgCellKernels *
cell_kernels(const MgCell *cell)
{
  return (const MgCellKernels *)((const char *)mg_compute_recurrent_kernels() + cell->kernels);
}

static size_t
row_of(const MgRecurrence *r)
{
  return (size_t)blocks * r->hidden;
}

/* What is kept, n times each: gates (a row a step), states (as many), the sums of a row, dh and dc, and a place beyond
 * the last panel. */
typedef struct {
  float *gates, *states, *sums, *dh, *dc, *rest;
} Kept;

static Kept
find_kept(const MgRecurrence *r, size_t n, float *kept)
{
  Kept k = {.gates = kept};
  k.states = k.gates + n * r->steps * row_of(r);
  k.sums = k.states + n * r->steps * r->cell->states * r->hidden;
  k.dh = k.sums + n * row_of(r);
  k.dc = k.dh + n * r->hidden;
  k.rest = k.dc + n * r->hidden;
  return k;
}

size_t
mg_recurrent_kept(const MgRecurrence *r)
{
  return (size_t)r->steps * (row_of(r) + r->cell->states * r->hidden) + row_of(r) + 2 * r->hidden +
         mg_recurrent_most_columns;
}

/* The weights in panels, of which the last one may be filled up. */
size_t
mg_recurrent_workspace(const MgRecurrence *r)
{
  size_t h = r->hidden, columns = r->cell->hidden.n * h;
  return (MAX(columns, h) + mg_recurrent_most_columns) * columns;
}

/* b (k, columns) with b[i · down + j · right], as panels (…, k, product_columns) filled up with zeros. */
static void
pack(int k, int columns, const float *b, size_t down, size_t right, float *panels)
{
  int width = mg_compute_recurrent_kernels()->product_columns;
  for (int first = 0; first < columns; first += width)
    for (int i = 0; i < k; i++, panels += width)
      for (int j = 0; j < width; j++)
        panels[j] = first + j < columns ? b[i * down + (first + j) * right] : 0;
}

/* c (n, columns) += a (n, k) · b, which is packed. `rest` is n · product_columns floats of scratch. */
static void
multiply(const float *panels, int k, int columns, int n, const float *a, size_t a_row, float *c, size_t c_row,
         float *rest)
{
  const MgRecurrentKernels *kernels = mg_compute_recurrent_kernels();
  int width = kernels->product_columns, first = 0;
  for (; first + width <= columns; first += width, panels += (size_t)k * width)
    kernels->product(n, k, a, a_row, panels, c + first, c_row);
  if (first == columns)
    return;
  memset(rest, 0, (size_t)n * width * sizeof *rest);
  kernels->product(n, k, a, a_row, panels, rest, width);
  for (int s = 0; s < n; s++)
    for (int j = first; j < columns; j++)
      c[s * c_row + j] += rest[s * width + j - first];
}

static void
fill_biases(const MgRecurrence *r, size_t rows, const MgRecurrentTensors *tensors, float *gates)
{
  size_t row = row_of(r), h = r->hidden;
  memset(gates, 0, row * sizeof *gates);
  for (const MgGateBlock *b = r->cell->input; b < r->cell->input + 2 && b->n; b++)
    memcpy(gates + b->column * h, tensors->bias_ih + b->row * h, b->n * h * sizeof *gates);
  const MgGateBlock *hidden = &r->cell->hidden;
  for (size_t i = 0; i < hidden->n * h; i++)
    gates[hidden->column * h + i] += tensors->bias_hh[hidden->row * h + i];
  for (size_t i = 1; i < rows; i++)
    memcpy(gates + i * row, gates, row * sizeof *gates);
}

static int
step_at(const MgRecurrence *r, int i)
{
  return r->reverse ? r->steps - 1 - i : i;
}

/* Sequence s at step t of an array (steps, n, width), where the step before is: at the first one, zeros. */
static const float *
before(const MgRecurrence *r, int i, int n, int s, const float *values, size_t width)
{
  return i > 0 ? values + ((size_t)step_at(r, i - 1) * n + s) * width : zeros;
}

void
mg_recurrent_forward(const MgRecurrence *r, int n, const float *x, const MgRecurrentTensors *tensors, float *kept,
                     float *y, size_t y_row, float *workspace)
{
  const MgCellKernels *kernels = cell_kernels(r->cell);
  const MgGateBlock *hidden = &r->cell->hidden;
  size_t h = r->hidden, row = row_of(r), rows = (size_t)r->steps * n, wide = r->cell->states * h;
  Kept k = find_kept(r, n, kept);
  fill_biases(r, rows, tensors, k.gates);
  for (const MgGateBlock *b = r->cell->input; b < r->cell->input + 2 && b->n; b++)
    mg_compute_gemm(FALSE, TRUE, rows, b->n * h, r->features, x, r->features,
                    tensors->weight_ih + b->row * h * r->features, r->features, 1, k.gates + b->column * h, row);
  pack(h, hidden->n * h, tensors->weight_hh + hidden->row * h * h, 1, h, workspace);
  for (int i = 0; i < r->steps; i++) {
    size_t at = (size_t)step_at(r, i) * n;
    if (i > 0)
      multiply(workspace, h, hidden->n * h, n, before(r, i, n, 0, y, y_row), y_row,
               k.gates + at * row + hidden->column * h, row, k.rest);
    for (int s = 0; s < n; s++)
      kernels->forward(h, k.gates + (at + s) * row,
                       wide ? before(r, i, n, s, k.states, wide) : before(r, i, n, s, y, y_row),
                       k.states + (at + s) * wide, y + (at + s) * y_row);
  }
}

static void
input_gradient(const MgRecurrence *r, size_t rows, const MgRecurrentTensors *tensors, const float *gates, gboolean add,
               float *dx)
{
  size_t h = r->hidden, row = row_of(r);
  for (const MgGateBlock *b = r->cell->input; b < r->cell->input + 2 && b->n; b++, add = TRUE)
    mg_compute_gemm(FALSE, FALSE, rows, r->features, b->n * h, gates + b->column * h, row,
                    tensors->weight_ih + b->row * h * r->features, r->features, add, dx, r->features);
}

void
mg_recurrent_backward(const MgRecurrence *r, int n, const float *dy, const MgRecurrentTensors *tensors, float *kept,
                      const float *y, size_t y_row, gboolean add, float *dx, float *workspace)
{
  const MgCellKernels *kernels = cell_kernels(r->cell);
  const MgGateBlock *hidden = &r->cell->hidden;
  size_t h = r->hidden, row = row_of(r), wide = r->cell->states * h;
  Kept k = find_kept(r, n, kept);
  memset(k.sums, 0, row * sizeof *k.sums);
  memset(k.dh, 0, n * h * sizeof *k.dh);
  memset(k.dc, 0, n * h * sizeof *k.dc);
  pack(hidden->n * h, h, tensors->weight_hh + hidden->row * h * h, h, 1, workspace);
  for (int i = r->steps - 1; i >= 0; i--) {
    size_t at = (size_t)step_at(r, i) * n;
    for (int s = 0; s < n; s++)
      kernels->backward(h, k.gates + (at + s) * row,
                        wide ? before(r, i, n, s, k.states, wide) : before(r, i, n, s, y, y_row),
                        k.states + (at + s) * wide, dy + (at + s) * y_row, k.dh + s * h, k.dc + s * h, k.sums);
    if (i > 0)
      multiply(workspace, hidden->n * h, h, n, k.gates + at * row + hidden->column * h, row, k.dh, h, k.rest);
  }
  if (dx)
    input_gradient(r, (size_t)r->steps * n, tensors, k.gates, add, dx);
}

/* A block's rows within first … last - 1, FALSE where there are none. */
static gboolean
clip(const MgRecurrence *r, MgGateBlock *block, int first, int last)
{
  int from = MAX(first, block->row * r->hidden), to = MIN(last, (block->row + block->n) * r->hidden);
  *block = (MgGateBlock){from, from + (block->column - block->row) * r->hidden, to - from};
  return to > from;
}

/* Of one clipped block: the product of its gates' gradients with the x of the same rows, and the sums. */
static void
block_gradient(const MgRecurrence *r, const MgGateBlock *block, size_t rows, const float *gates, const float *x,
               size_t x_row, int features, gboolean add, float *dweight)
{
  float *to = dweight + (size_t)block->row * features;
  if (rows > 0)
    mg_compute_gemm(TRUE, FALSE, block->n, features, rows, gates + block->column, row_of(r), x, x_row, add, to,
                    features);
  else if (!add)
    memset(to, 0, (size_t)block->n * features * sizeof *to);
}

static void
take_sums(const MgGateBlock *block, const float *sums, gboolean add, float *dbias)
{
  for (int i = 0; i < block->n; i++)
    dbias[block->row + i] = sums[block->column + i] + (add ? dbias[block->row + i] : 0);
}

void
mg_recurrent_gradients(const MgRecurrence *r, int n, const float *x, const float *kept, const float *y, size_t y_row,
                       int first, int last, gboolean add, const MgRecurrentTensors *gradients)
{
  size_t rows = (size_t)r->steps * n, step = n * row_of(r);
  const float *sums = find_kept(r, n, (float *)kept).sums;
  for (int i = 0; i < 2; i++) {
    MgGateBlock block = r->cell->input[i];
    if (!clip(r, &block, first, last))
      continue;
    block_gradient(r, &block, rows, kept, x, r->features, r->features, add, gradients->weight_ih);
    take_sums(&block, sums, add, gradients->bias_ih);
  }
  MgGateBlock block = r->cell->hidden;
  if (!clip(r, &block, first, last))
    return;
  /* Each step's gates beside the h of the step before: one step fewer. */
  const float *later = r->reverse ? kept : kept + step, *earlier = r->reverse ? y + n * y_row : y;
  block_gradient(r, &block, rows - n, later, earlier, y_row, r->hidden, add, gradients->weight_hh);
  take_sums(&block, sums, add, gradients->bias_hh);
}
