/* Fusions: neighbouring layers computed as one step of a plan, with fewer passes over memory. A new one is
 * its file (fusion-NAME.c) and its line in the table of fusion.c. */
#pragma once
#include "nn/layer.h"

typedef struct MgStep MgStep;

typedef struct {
  const char *types[6]; /* of the layers it joins, NULL-terminated */
  /* Whether it can take these layers; it then sets the step's sizes. */
  gboolean (*take)(MgStep *step);
  void (*forward)(MgStep *step, const MgPass *pass, const float *x, float *y);
  void (*backward)(MgStep *step, const MgPass *pass, const float *x, const float *y, const float *dy, float *dx);
} MgFusion;

struct MgStep {
  const MgFusion *fusion; /* NULL: one layer by itself */
  MgLayer **layers;
  size_t n;
  size_t cache_size; /* bytes a segment kept from forward to backward */
  size_t workspace;  /* floats of scratch memory a thread */
  void *cache;       /* batch * cache_size bytes while training */
  float *output;     /* (batch, output of the last layer) */
};

/* The fusion that joins most layers from layers[0] on, applied to the step; FALSE where none fits. */
gboolean mg_fusion_apply(MgStep *step, MgLayer **layers, size_t n);
