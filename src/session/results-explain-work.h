/* What the explainer does on its threads. */
#pragma once
#include "session/results-explain.h"
#include "train/embeddings.h"

/* A model and what was asked of it; one thread at a time. */
typedef struct {
  GMutex lock;
  char *key; /* path and time of the model: a run that goes on replaces it */
  MgModel *model;
  MgEmbeddings *embeddings; /* of the run, NULL until they are wanted */
} MgExplainSlot;

/* A request of the thread's own. */
typedef struct {
  MgExplainRequest request;
  MgParams *change;
  MgMatrix *kept;
  char *run, *track, *layer;
  MgProgress *progress;
  MgExplainPartial partial;
  gpointer data; /* of `partial` */
} MgExplainErrand;

MgExplainErrand *mg_explain_errand_new(const MgExplainRequest *request);
void mg_explain_errand_free(MgExplainErrand *errand);

/* Answers, to be freed as their kind is: MgExplanation, MgExplainAnswer, MgExplainOutcome, GPtrArray. */
gpointer mg_explain_work_see(MgExplainSlot *slot, const MgExplainErrand *errand, GError **error);
gpointer mg_explain_work_ask(MgExplainSlot *slot, const MgExplainErrand *errand, GError **error);
gpointer mg_explain_work_change(MgExplainSlot *slot, const MgExplainErrand *errand, GError **error);
gpointer mg_explain_work_nearest(MgExplainSlot *slot, const MgExplainErrand *errand, GError **error);
void mg_explain_slot_clear(MgExplainSlot *slot);
