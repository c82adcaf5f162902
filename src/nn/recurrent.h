/* Recurrent cells over sequences: one direction of one layer of torch.nn.LSTM or torch.nn.GRU, on the calling thread.
 * Arrays are time-major: row (t, s) of n sequences' `steps` times. The caller splits a batch over threads and owns
 * every buffer; nothing here allocates or fails. */
#pragma once
#include "nn/kernels.h"

enum { mg_recurrent_most_hidden = 2048 };

/* Blocks of `hidden` rows of a weight and the columns of the gates (kernels-recurrent.h) that they make. */
typedef struct {
  int row, column, n;
} MgGateBlock;

typedef struct {
  const char *type;
  int gates;            /* blocks of rows in PyTorch's weights and biases */
  int states;           /* floats a unit and step that it keeps beside the gates and h */
  MgGateBlock input[2]; /* of weight_ih and bias_ih; n = 0 ends */
  MgGateBlock hidden;   /* of weight_hh and bias_hh */
  size_t kernels;       /* offset of its MgCellKernels */
} MgCell;

extern const MgCell mg_cell_lstm; /* rows i, f, g, o */
extern const MgCell mg_cell_gru;  /* rows r, z, n */

typedef struct {
  const MgCell *cell;
  int features, hidden, steps;
  gboolean reverse; /* from the last step to the first */
} MgRecurrence;

/* weight_ih (gates · hidden, features), weight_hh (gates · hidden, hidden), bias_ih and bias_hh (gates · hidden): the
 * values, or their gradients. */
typedef struct {
  float *weight_ih, *weight_hh, *bias_ih, *bias_hh;
} MgRecurrentTensors;

/* Floats a sequence that forward leaves for backward, with what a step of either needs. */
size_t mg_recurrent_kept(const MgRecurrence *recurrence);
/* Floats of scratch memory for any number of sequences. */
size_t mg_recurrent_workspace(const MgRecurrence *recurrence);

/* x (steps, n, features) -> y (steps, n, hidden), rows y_row apart. */
void mg_recurrent_forward(const MgRecurrence *recurrence, int n, const float *x, const MgRecurrentTensors *tensors,
                          float *kept, float *y, size_t y_row, float *workspace);
/* dy (rows y_row apart) -> dx (steps, n, features), which is overwritten, or added to where `add`; may be NULL. What
 * was kept becomes the gates' gradients, which mg_recurrent_gradients() takes. */
void mg_recurrent_backward(const MgRecurrence *recurrence, int n, const float *dy, const MgRecurrentTensors *tensors,
                           float *kept, const float *y, size_t y_row, gboolean add, float *dx, float *workspace);
/* The tensors' gradients, of rows first … last - 1 of the gates · hidden, so that threads can share them: overwritten,
 * or added to where `add`. */
void mg_recurrent_gradients(const MgRecurrence *recurrence, int n, const float *x, const float *kept, const float *y,
                            size_t y_row, int first, int last, gboolean add, const MgRecurrentTensors *gradients);
