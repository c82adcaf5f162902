/* Fusions: layers that follow one another, computed as one step of a plan with fewer passes over memory. A new one is
 * its file (fusion-NAME.c) and its line in the table of fusion.c. */
#pragma once
#include "nn/layer.h"

enum { mg_fusion_most = 7 };

typedef struct MgStep MgStep;

typedef struct {
  /* Types of the layers it joins, NULL-terminated: each but the last feeds the next one and nothing else. A layer that
   * joins several inputs ("add") may come in by any of them; the others become further inputs of the step. */
  const char *types[mg_fusion_most + 1];
  /* Whether it can take these layers; it then sets the step's sizes. */
  gboolean (*take)(MgStep *step);
  /* As those of a layer: x[0] is the first layer's input, x[1] … the other inputs of those that join, in order. */
  void (*forward)(MgStep *step, const MgPass *pass, const float *const *x, float *y);
  void (*backward)(MgStep *step, const MgPass *pass, const float *const *x, const float *y, const float *dy,
                   float *const *dx);
  gboolean spares_x, spares_y; /* as those of a layer */
} MgFusion;

struct MgStep {
  const MgFusion *fusion; /* NULL: one layer by itself */
  MgLayer *layers[mg_fusion_most];
  int n;
  int last; /* number of the last layer in the network: the step comes in its place */
  int n_inputs;
  int *from;         /* n_inputs: the steps whose outputs it takes; -1: the network's input */
  size_t cache_size; /* bytes a segment kept from forward to backward */
  size_t workspace;  /* floats of scratch memory a thread */
  void *cache;       /* batch * cache_size bytes while training */
};

/* The first fusion of the table that fits the layers (MgLayer *) from number `first` on, or that layer alone. `next`
 * has for each layer the number of the only one that it feeds, or -1. The step's `from` are numbers of layers; they are
 * to be freed by the caller. */
MgStep mg_fusion_apply(const GPtrArray *layers, const int *next, int first, gboolean fused);
