/* Fusions: layers that follow one another, computed as one step of a plan with fewer passes over memory. A new one is
 * its file (fusion-NAME.c) and its line in the table of fusion.c. */
#pragma once
#include "nn/layer.h"

enum { mg_fusion_most = 7 };

typedef struct MgStep MgStep;

typedef struct {
  /* Types of the layers it joins, NULL-terminated: each but the last feeds the next one and nothing else. "?type" may
   * be left out. A layer that joins several inputs ("add") may come in by any of them; the others become further inputs
   * of the step. */
  const char *types[mg_fusion_most + 1];
  /* Whether it can take these layers, or the first of them: then it lowers the step's `n`. It sets the step's sizes and
   * layouts. */
  gboolean (*take)(MgStep *step);
  /* As those of a layer: x[0] is the first layer's input, x[1] … the other inputs of those that join, in order. */
  void (*forward)(MgStep *step, const MgPass *pass, const float *const *x, float *y);
  void (*backward)(MgStep *step, const MgPass *pass, const float *const *x, const float *y, const float *dy,
                   float *const *dx);
  gboolean spares_x, spares_y; /* as those of a layer */
  void (*clear)(MgStep *step); /* frees the state; NULL: there is none */
} MgFusion;

struct MgStep {
  const MgFusion *fusion; /* NULL: one layer by itself */
  MgLayer *layers[mg_fusion_most];
  int n;
  int numbers[mg_fusion_most]; /* of the layers in the network: the step comes in the last one's place */
  int enters[mg_fusion_most];  /* by which input each layer takes the one before it */
  int n_inputs;
  int *from; /* n_inputs: the steps whose outputs it takes; -1: the network's input */
  double flops;
  size_t output_size; /* floats a segment */
  size_t cache_size;  /* bytes a segment kept from forward to backward */
  size_t workspace;   /* floats of scratch memory a thread */
  size_t shared;      /* floats of scratch memory beside them */
  size_t kept;        /* floats that the state may take up */
  void *cache;        /* batch * cache_size bytes while training */
  gpointer state;     /* the fusion's own */
  /* Inputs, the output in the blocked layout (blocked.h). `fed_blocked`, known to take(): the first layer's inputs come
   * so. */
  gboolean takes_blocked, gives_blocked, fed_blocked;
};

/* The first fusion of the table that fits the layers (MgLayer *) from number `first` on, or that layer alone. `next`
 * has for each layer the number of the only one that it feeds, or -1; `blocked` whether its output is in the blocked
 * layout, for those that are in a step already. The step's `from` are numbers of layers; mg_step_clear() frees it. */
MgStep mg_fusion_apply(const GPtrArray *layers, const int *next, const gboolean *blocked, int first, gboolean fused);
/* A step that brings the output of `source` into the other layout; its input is step number `from`. */
MgStep mg_fusion_convert(MgShape shape, gboolean block, int from);
void mg_step_clear(MgStep *step);
