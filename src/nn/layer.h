/* A layer: one file (layer-NAME.c) and one line in the table of layer.c. Checks, parsing, gradient tests and
 * saving reach it through the table. */
#pragma once
#include "nn/tensor.h"
#include "base/param.h"
#include "base/ranks.h"
#include "base/rng.h"

typedef struct MgLayer MgLayer;

/* As `automatic` of a spec whose default is "auto": the description must give the key. */
extern const char mg_layer_required[];

/* What the layers of one pass share. */
typedef struct {
  int batch, threads;
  gboolean training;
  gboolean traced;       /* set beside training: keeps what backward needs, and computes what inference does (moving
                          * statistics, no dropout) */
  MgRng *rng;            /* for dropout; NULL unless training, and where traced */
  float *workspace;      /* 64-byte aligned, threads * workspace_size floats: scratch within one call */
  size_t workspace_size; /* the largest of the layers */
  float *shared;         /* further scratch memory, of all threads together */
  gboolean prepared;     /* weights are as they were in the last pass without training */
  MgRanks *ranks;        /* while training: whose batches are normalised together; NULL: this one alone */
  int first;             /* while training: the number of the first example among those of all ranks */
  gboolean half;         /* while training, convolutions may multiply in bfloat16 */
} MgPass;

typedef struct {
  const char *type;           /* in descriptions: "conv2d" */
  const MgParamTable *params; /* the keys that a description may give; NULL: none */
  size_t size;                /* of the layer's structure, which begins with MgLayer */
  /* Reads the parameters and sets output, flops, cache_size and workspace, for the given input. FALSE with
   * MG_ERROR_USAGE where the input does not fit; the message is put behind the layer's name. Nothing large is
   * allocated here. */
  gboolean (*shape)(MgLayer *layer, const MgParams *params, GError **error);
  gint64 (*weights)(const MgLayer *layer);    /* values of all tensors; NULL: the layer has none */
  void (*create)(MgLayer *layer, MgRng *rng); /* adds the tensors with their starting values */
  /* x[i] (batch, inputs[i]), one pointer an input -> y (batch, output). */
  void (*forward)(MgLayer *layer, const MgPass *pass, const float *const *x, float *y);
  /* dy (batch, output) -> dx[i] (batch, inputs[i]), each of which may be NULL, and the tensors' gradients; all
   * are overwritten. x and y are those of the forward pass, NULL where they are spared. */
  void (*backward)(MgLayer *layer, const MgPass *pass, const float *const *x, const float *y, const float *dy,
                   float *const *dx);
  void (*clear)(MgLayer *layer); /* frees what create() made beside the tensors; NULL: nothing */
  gboolean spares_x, spares_y;   /* backward does not read x, y: their memory is used again before it comes */
  gboolean joins;                /* takes one input or more; otherwise exactly one */
} MgLayerClass;

struct MgLayer {
  const MgLayerClass *class;
  char *name;
  int n_inputs;
  int *from;       /* n_inputs: the layers whose outputs it takes, by number in the network; -1: the network's input */
  MgShape *inputs; /* n_inputs */
  MgShape input;   /* the first of them */
  MgShape output;
  double flops;       /* of one forward pass for one segment */
  size_t cache_size;  /* bytes a segment that forward leaves for backward */
  void *cache;        /* batch * cache_size bytes, owned by the plan; there while training */
  size_t workspace;   /* floats of scratch memory a thread */
  GPtrArray *tensors; /* MgTensor *, owned */
  gboolean frozen;    /* works as in inference while others train: no batch statistics, no dropout, no gradients */
  MgParams *params;   /* the keys of its description, owned */
};

const MgLayerClass *const *mg_layer_classes(void);    /* NULL-terminated */
const MgLayerClass *mg_layer_class(const char *type); /* NULL where there is none */

/* A layer without tensors yet; `from` and `inputs` (n_inputs each) are copied. */
MgLayer *mg_layer_new(const MgLayerClass *class, const char *name, int n_inputs, const int *from, const MgShape *inputs,
                      const MgParams *params, GError **error);
gint64 mg_layer_weights(const MgLayer *layer);
void mg_layer_create(MgLayer *layer, MgRng *rng);
void mg_layer_free(MgLayer *layer); /* accepts NULL */

/* For create(): adds a tensor "layer.name", uniform in [-bound, bound) or filled with `value`. */
MgTensor *mg_layer_add_uniform(MgLayer *layer, const char *name, int dimensions, const int *shape, float bound,
                               MgRng *rng);
MgTensor *mg_layer_add_filled(MgLayer *layer, const char *name, gboolean trainable, int n, float value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgLayer, mg_layer_free)
