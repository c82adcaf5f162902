/* What lstm and gru share: stacked layers of recurrent cells (recurrent.h) in one or both directions. The input's
 * channels and heights are the features, its widths the steps. */
#pragma once
#include "nn/layer.h"
#include "nn/recurrent.h"

typedef struct {
  MgLayer base;
  const MgCell *cell;
  int features, hidden, layers, directions, steps;
  float dropout;
  int output;           /* of `outputs` in layer-recurrent.c */
  int most_at_once;     /* sequences of a thread outside of training */
  guint64 dropout_seed; /* of the last forward pass */
} MgRecurrentLayer;

extern const MgParamSpec mg_recurrent_specs[5];

gboolean mg_recurrent_layer_shape(MgLayer *layer, const MgCell *cell, const MgParams *params, GError **error);
gboolean mg_recurrent_takes_last(const MgRecurrentLayer *self); /* output=last */
gboolean mg_recurrent_takes_mean(const MgRecurrentLayer *self); /* output=mean */
gint64 mg_recurrent_layer_weights(const MgLayer *layer);
void mg_recurrent_layer_create(MgLayer *layer, MgRng *rng);
void mg_recurrent_layer_forward(MgLayer *layer, const MgPass *pass, const float *const *x, float *y);
void mg_recurrent_layer_backward(MgLayer *layer, const MgPass *pass, const float *const *x, const float *y,
                                 const float *dy, float *const *dx);
