/* An optimizer: one file (optimizer-NAME.c) and one line in the table of optimizer.c. */
#pragma once
#include "nn/tensor.h"
#include "base/param.h"

/* What one step knows. */
typedef struct {
  double learning_rate, weight_decay, momentum, beta1, beta2, eps;
  gboolean nesterov;
  gint64 step; /* from 1 */
  int threads;
} MgUpdate;

typedef struct {
  const char *name;
  const char *state[3]; /* names of the arrays kept for each tensor, NULL-terminated */
  /* Moves weight (n) against its gradient. update->weight_decay is 0 for tensors that do not decay. */
  void (*update)(const MgUpdate *update, size_t n, float *weight, const float *gradient, float *const *state);
} MgOptimizerClass;
