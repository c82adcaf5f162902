/* Classification of sound as it comes: every `live_hop` seconds each model says what the last segment was, by the path
 * that files take, so that a file played in gives that file's probabilities. It knows no device: whoever has samples
 * pushes them. Not thread-safe: one thread at a time. */
#pragma once
#include "base/param.h"
#include "train/explain.h"

extern const MgParamTable mg_live_params; /* live_hop smoothing threshold keep_minutes */

typedef struct MgLive MgLive;

typedef struct {
  guint model;                /* number, in the order given */
  double start, end;          /* s since the first sample */
  int y_pred;                 /* the most probable class of `smoothed` */
  gboolean sure;              /* its probability reaches the threshold */
  const float *probabilities; /* of the segment, one a class */
  const float *smoothed;      /* an exponential mean over the past, with `smoothing` seconds as its time constant */
} MgLiveDecision;

/* The decision and its arrays last until the call returns. */
typedef void (*MgLiveFunc)(const MgLiveDecision *decision, gpointer data);

/* `models` (paths, ends with NULL) hear the same mono samples at `sr` Hz. `params` holds mg_live_params. */
MgLive *mg_live_new(const char *const *models, int sr, const MgParams *params, int threads, GError **error);
void mg_live_free(MgLive *live); /* accepts NULL */
guint mg_live_n_models(const MgLive *live);
const GPtrArray *mg_live_labels(const MgLive *live, guint model); /* char *; borrowed */
int mg_live_sr(const MgLive *live);
double mg_live_keeps(const MgLive *live); /* s of sound */
double mg_live_segment_seconds(const MgLive *live, guint model);
/* Values that may change while it runs. */
void mg_live_set_threshold(MgLive *live, double threshold);
void mg_live_set_smoothing(MgLive *live, double seconds);

/* Takes n samples, and calls `func` for what is due by then, the models in their order. Of several times that one call
 * makes due only the last is decided, so that a slow machine stays in time; the others count as skipped. */
gboolean mg_live_push(MgLive *live, const float *samples, size_t n, MgLiveFunc func, gpointer data, GError **error);
/* What the first convolution of the first model that has one makes of the segment of its last decision; NULL: no model
 * has one, or nothing was decided yet. Touches nothing that the other functions but mg_live_push() do. */
MgFeatureMaps *mg_live_maps(MgLive *live);
double mg_live_seconds(const MgLive *live); /* heard so far */
guint64 mg_live_skipped(const MgLive *live);

/* Copies [start, end) of what was heard into a new array of *n samples; NULL and MG_ERROR_DATA where it is older than
 * keep_minutes or has not been heard. g_free() it. */
float *mg_live_stretch(const MgLive *live, double start, double end, size_t *n, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgLive, mg_live_free)
