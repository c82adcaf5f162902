/* The segments of a run in the plane: the vectors that its network makes of them, laid out by PCA, t-SNE or UMAP. A
 * child process asks the network, a thread lays them out; both are kept in the run folder (embeddings.csv,
 * predictions-all.csv, embedding-METHOD.npy) until the model changes. */
#pragma once
#include "session/results.h"
#include "base/matrix.h"

#define MG_TYPE_PLANE (mg_plane_get_type())
G_DECLARE_FINAL_TYPE(MgPlane, mg_plane, MG, PLANE, GObject)

typedef enum {
  MG_PLANE_EMPTY,   /* no run, or one without a model */
  MG_PLANE_ASKING,  /* the network, about every segment */
  MG_PLANE_PLACING, /* the points */
  MG_PLANE_READY,
  MG_PLANE_STOPPED,
  MG_PLANE_FAILED,
} MgPlaneState;

/* Signal "changed": the state, or the points are different. Signal "progress": the fraction is. */
MgPlane *mg_plane_new(void);
/* Shows a run (NULL: none) by a method of ml/projection.h. The same of both while they are shown changes nothing,
 * unless the model is newer. */
void mg_plane_open(MgPlane *plane, MgRun *run, const char *method);
void mg_plane_stop(MgPlane *plane);

MgPlaneState mg_plane_state(MgPlane *plane);
MgRun *mg_plane_run(MgPlane *plane);          /* NULL: none */
const char *mg_plane_message(MgPlane *plane); /* why it failed, or "" */
double mg_plane_fraction(MgPlane *plane);     /* of the step that goes on, 0 to 1 */
double mg_plane_seconds_left(MgPlane *plane); /* negative while unknown */

/* What is ready; valid until the next "changed". */
size_t mg_plane_n(MgPlane *plane);               /* 0 unless it is ready */
const MgMatrix *mg_plane_places(MgPlane *plane); /* (n, 2) */
const char *const *mg_plane_labels(MgPlane *plane, int *n);
const MgPrediction *mg_plane_prediction(MgPlane *plane, size_t i);
MgSplit mg_plane_split(MgPlane *plane, size_t i);
MgResultRow *mg_plane_row(MgPlane *plane, size_t i);               /* g_object_unref() it */
gssize mg_plane_find(MgPlane *plane, const MgPrediction *segment); /* by track and start; -1: none */
/* The k nearest by the distance of the vectors, nearest first; returns how many there are. */
size_t mg_plane_neighbours(MgPlane *plane, size_t i, size_t k, guint32 *index, float *distance);
