/* ROC, precision-recall, calibration and accuracy over the track of the table that is open, computed on a thread. */
#pragma once
#include "session/results.h"
#include "train/prediction-curves.h"

typedef struct {
  GArray *own[MG_N_CURVE_KINDS];   /* MgPredictionCurve */
  GArray *other[MG_N_CURVE_KINDS]; /* the other run's; empty where there is none */
} MgResultCurves;

/* At most `most` classes a run. */
void mg_results_curves_async(MgResults *results, guint most, GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer data);
MgResultCurves *mg_results_curves_finish(MgResults *results, GAsyncResult *result, GError **error);
void mg_result_curves_free(MgResultCurves *curves); /* accepts NULL */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgResultCurves, mg_result_curves_free)
