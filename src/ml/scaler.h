/* Scales the columns of a table to a common range, as sklearn.preprocessing. */
#pragma once
#include "base/matrix.h"

#define MG_SCALER_CHOICES "none|minmax|standard"

/* x' = (x - offset) * factor, a column at a time. */
typedef struct {
  size_t features;
  float *offset, *factor;
} MgScaler;

/* Learns from the rows of x. minmax: to 0 … 1; standard: mean 0, deviation 1 (of the population). A constant column
 * becomes 0. `kind` is one of MG_SCALER_CHOICES. */
MgScaler *mg_scaler_new(const char *kind, const MgMatrix *x);
void mg_scaler_apply(const MgScaler *scaler, MgMatrix *x); /* in place */
void mg_scaler_free(MgScaler *scaler);                     /* accepts NULL */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgScaler, mg_scaler_free)
