/* Why a segment was classified as it was: what the network gets and its first layer's feature maps, computed on a
 * thread. The model of the last run asked about is kept. */
#pragma once
#include "base/matrix.h"
#include <gio/gio.h>

#define MG_TYPE_EXPLAINER (mg_explainer_get_type())
G_DECLARE_FINAL_TYPE(MgExplainer, mg_explainer, MG, EXPLAINER, GObject)

typedef struct {
  MgMatrix *input; /* (bins, frames), dB */
  GPtrArray *maps; /* MgMatrix *: outputs of the first layer's channels */
  char *layer;
  double start, end;      /* s in the track */
  gboolean mel;           /* rows are Slaney's mel bands */
  double low_hz, high_hz; /* middle of the lowest and the highest row; both 0 where the rows follow another scale */
} MgExplanation;

void mg_explanation_free(MgExplanation *explanation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgExplanation, mg_explanation_free)

MgExplainer *mg_explainer_new(void);
/* The segment [start, end) s of the file `track`, with the best checkpoint in the folder `run`. */
void mg_explainer_explain_async(MgExplainer *explainer, const char *run, const char *track, double start, double end,
                                GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
MgExplanation *mg_explainer_explain_finish(MgExplainer *explainer, GAsyncResult *result, GError **error);
