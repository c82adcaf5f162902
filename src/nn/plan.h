/* A plan: the layers as steps with buffers, in the order of execution. The reference plan has one step a
 * layer; the fused plan joins neighbours that a fusion (fusion.h) takes as one. Both give the same numbers up
 * to rounding. */
#pragma once
#include "nn/layer.h"

typedef struct MgPlan MgPlan;

/* Uses the layers (MgLayer *), does not own them. */
MgPlan *mg_plan_new(const GPtrArray *layers, gboolean fused);
void mg_plan_free(MgPlan *plan); /* accepts NULL */
/* x (batch, input) -> (batch, output of the last layer). Buffers grow to the largest batch seen and stay. x
 * is used again by mg_plan_backward(). */
const float *mg_plan_forward(MgPlan *plan, const float *x, int batch, int threads, gboolean training, MgRng *rng);
/* After a forward pass with training set. dx may be NULL. */
void mg_plan_backward(MgPlan *plan, const float *dlogits, float *dx);
/* What layer i gave in the last forward pass; NULL where a fusion never wrote it. */
const float *mg_plan_output(const MgPlan *plan, size_t i);
