/* Ways of asking a network which places of a picture a class's output depends on. A way is one file (explain-NAME.c)
 * with one MgExplainMethod and a line in the table of explain-methods.c: the command, the window and the tests that go
 * through the table reach it. */
#pragma once
#include "train/explain-seen.h"
#include "base/param.h"
#include "base/progress.h"

/* Called on the working thread with the map as it is so far; it belongs to the method. */
typedef void (*MgExplainPartial)(const MgMatrix *map, gpointer data);

typedef struct {
  const MgSeen *seen;
  int label;              /* the class that is asked about */
  const MgParams *params; /* of mg_explain_params() */
  MgProgress *progress;
  MgExplainPartial partial; /* of those that become finer by and by; may be NULL */
  gpointer data;
} MgExplainJob;

typedef struct {
  const char *name;                  /* "grad-cam" */
  const char *title;                 /* N_() */
  const char *help;                  /* one line: what its map shows. N_() */
  const MgParamTable *const *tables; /* NULL-terminated */
  /* Whether the network has what the method asks, with its default parameters; NULL: every network has. */
  gboolean (*fits)(const MgNetwork *network);
  /* Fills the map (bins, frames), which is zeroed. */
  gboolean (*explain)(const MgExplainJob *job, MgMatrix *map, GError **error);
} MgExplainMethod;

const MgExplainMethod *const *mg_explain_methods(void);                          /* NULL-terminated */
const MgExplainMethod *mg_explain_method_find(const char *name, GError **error); /* MG_ERROR_USAGE lists them */
const MgExplainMethod *mg_explain_method_for(const MgNetwork *network);          /* the first that fits */
MgParams *mg_explain_params(const MgExplainMethod *method);                      /* its tables with their defaults */
/* The map of a segment: above 0 where the place speaks for the class, below where it speaks against it. */
MgMatrix *mg_explain(const MgExplainMethod *method, const MgExplainJob *job, GError **error);

/* What is asked about, by the parameter `output`: the class's logit, or its log-odds, logit - log(Σ exp(other logits)),
 * which is log(p / (1 - p)): with two classes the difference of their logits. */
double mg_explain_output(const MgExplainJob *job, const float *logits);

/* For the methods */

extern const MgParamTable mg_explain_output_params;  /* output */
extern const MgParamTable mg_explain_nothing_params; /* baseline */

/* d output / d logits. */
void mg_explain_output_gradient(const MgExplainJob *job, const float *logits, float *dlogits);
/* The picture that stands for nothing, as the parameter `baseline` says; g_free() it. */
float *mg_explain_nothing(const MgExplainJob *job);
/* Traces n normalised pictures and goes back: gradients of the output with respect to each (may be NULL). outputs[n]
 * may be NULL. Leaves the network's activations and their gradients where it keeps them. */
void mg_explain_trace(const MgExplainJob *job, const float *x, int n, double *outputs, float *dx);
