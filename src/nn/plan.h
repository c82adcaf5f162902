/* A plan: the layers as steps in the order of execution, with one piece of memory for all that they make. The
 * reference plan has one step a layer and keeps every output; the fused plan computes layers that follow one another as
 * one where a fusion (fusion.h) takes them, and uses memory again as soon as its content is no longer needed
 * (plan-layout.h). Both give the same numbers up to rounding. */
#pragma once
#include "nn/layer.h"
#include "nn/sharing.h"

typedef struct MgPlan MgPlan;

/* Uses the layers (MgLayer *, in an order in which each comes after those that feed it), does not own them. The last
 * one's output is the plan's. */
MgPlan *mg_plan_new(const GPtrArray *layers, gboolean fused);
void mg_plan_free(MgPlan *plan); /* accepts NULL */
/* After a change of weights that a training pass does not come after: passes without training keep a copy of them that
 * is laid out for the kernels. */
void mg_plan_forget_weights(MgPlan *plan);
/* Whether convolutions that fusions take multiply in bfloat16 while training. */
void mg_plan_set_half(MgPlan *plan, gboolean half);
/* Of `most` threads those that a pass over such a batch takes: by the work in it alone, so that the same plan, batch
 * and `most` give the same numbers. */
int mg_plan_threads(const MgPlan *plan, int batch, int most);
/* For tests: passes take all threads, however little there is to compute. */
void mg_plan_set_spread(MgPlan *plan, gboolean spread);
/* Of coming training passes; copied. */
void mg_plan_set_sharing(MgPlan *plan, const MgSharing *sharing);
/* x (batch, input) -> (batch, output of the last layer), on `most` threads at most. Memory grows to the largest batch
 * seen and stays. x is used again by mg_plan_backward(). */
const float *mg_plan_forward(MgPlan *plan, const float *x, int batch, int most, gboolean training, MgRng *rng);
/* The same where the plan is to be differentiated as it computes in inference: moving statistics, no dropout. */
const float *mg_plan_trace(MgPlan *plan, const float *x, int batch, int most);
/* After a forward pass with training set, or a traced one. dx may be NULL; it is not written where the first layers are
 * frozen. */
void mg_plan_backward(MgPlan *plan, const float *dlogits, float *dx);
/* What layer i gave in the last forward pass; NULL unless this is the reference plan. */
const float *mg_plan_output(const MgPlan *plan, size_t i);
/* The gradient of that output in the last backward pass, likewise; NULL for the last layer, whose gradient was given.
 */
const float *mg_plan_output_gradient(const MgPlan *plan, size_t i);
/* Bytes that passes over such batches need. */
size_t mg_plan_memory(MgPlan *plan, int batch, int most, gboolean training);
