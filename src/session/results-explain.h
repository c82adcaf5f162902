/* Why a segment was classified as it was: what the network sees in it, which places decide, how they sound, what is
 * near, what would be if the segment were another. Computed on threads, the model of the last run asked about is kept.
 */
#pragma once
#include "base/scratch.h"
#include "train/explain-change.h"
#include "train/explain-method.h"
#include <gio/gio.h>

#define MG_TYPE_EXPLAINER (mg_explainer_get_type())
G_DECLARE_FINAL_TYPE(MgExplainer, mg_explainer, MG, EXPLAINER, GObject)

/* What is asked, about the segment [start, end) s of the file `track`, with the best checkpoint in the folder `run`.
 * Everything is copied. */
typedef struct {
  const char *run, *track;
  double start, end;
  const char *layer;             /* whose maps are wanted; NULL: the first convolution */
  gboolean filters;              /* its filters in place of its maps */
  const MgExplainMethod *method; /* which places decide; NULL: the first that fits the network; and */
  int label;                     /* for which class */
  const MgParams *change;        /* of mg_explain_change_params: the segment as it would be */
  const MgMatrix *kept;          /* what is 0 there is muted; NULL: nothing */
} MgExplainRequest;

/* What the network sees. */
typedef struct {
  MgMatrix *input; /* (bins, frames) */
  GPtrArray *maps; /* MgMatrix *: a layer's maps or filters */
  char *layer;     /* its name */
  gboolean filters;
  char **layers, **convolutions; /* names of those that give maps, and of those that have filters */
  double start, end;             /* s in the track */
  gboolean mel;                  /* rows are mel bands */
  double *edges;                 /* Hz at the edges of the rows, one more than rows; NULL: they are no bands */
} MgExplanation;

/* Which places decide. */
typedef struct {
  const MgExplainMethod *method; /* that was asked */
  MgMatrix *map;
  char *summary;         /* sentences */
  MgScratch *scratch;    /* holds these; NULL where none can be made */
  char *evidence, *rest; /* sound files */
  double seconds;        /* of both */
} MgExplainAnswer;

/* What would be. */
typedef struct {
  float *probabilities; /* one a class */
  guint classes;
  MgScratch *scratch; /* holds the file */
  char *sound;
  double seconds;
} MgExplainOutcome;

/* A training segment that is near. */
typedef struct {
  char *songname, *track, *genre;
  double start, end, distance;
} MgExplainNear;

void mg_explanation_free(MgExplanation *explanation);    /* accepts NULL */
void mg_explain_answer_free(MgExplainAnswer *answer);    /* accepts NULL */
void mg_explain_outcome_free(MgExplainOutcome *outcome); /* accepts NULL */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgExplanation, mg_explanation_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgExplainAnswer, mg_explain_answer_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgExplainOutcome, mg_explain_outcome_free)

/* On the main thread, until the request is cancelled: how far it is, and the map as it is so far (else NULL; taken by
 * the callee). */
typedef void (*MgExplainProgressFunc)(double fraction, MgMatrix *map, gpointer data);

MgExplainer *mg_explainer_new(void);
void mg_explainer_see_async(MgExplainer *explainer, const MgExplainRequest *request, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer data);
MgExplanation *mg_explainer_see_finish(MgExplainer *explainer, GAsyncResult *result, GError **error);
/* `data` is of both callbacks. */
void mg_explainer_ask_async(MgExplainer *explainer, const MgExplainRequest *request, MgExplainProgressFunc progress,
                            GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
MgExplainAnswer *mg_explainer_ask_finish(MgExplainer *explainer, GAsyncResult *result, GError **error);
void mg_explainer_change_async(MgExplainer *explainer, const MgExplainRequest *request, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer data);
MgExplainOutcome *mg_explainer_change_finish(MgExplainer *explainer, GAsyncResult *result, GError **error);
/* The nearest training segments of a class (request->label), nearest first: MgExplainNear *. The first question about a
 * run asks the network about all its segments. */
void mg_explainer_nearest_async(MgExplainer *explainer, const MgExplainRequest *request, MgExplainProgressFunc progress,
                                GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
GPtrArray *mg_explainer_nearest_finish(MgExplainer *explainer, GAsyncResult *result, GError **error);
