/* A trained model of any kind, as what classifies stretches of sound: networks, and classifiers on tables. A kind is
 * one file (predictor-NAME.c) and one line in predictor.c. */
#pragma once
#include "dataset/segment.h"
#include "train/evaluator.h"
#include "train/explain.h"

typedef struct MgPredictor MgPredictor;

typedef struct {
  const char *kind; /* as the model file's metadata says */
  MgPredictor *(*load)(const char *path, int threads, GError **error);
  /* The stretches of a data set's tracks that it classifies, with their tracks' sides: an array of MgSegment. */
  GArray *(*cut)(const MgPredictor *self, const MgManifest *manifest);
  /* Adds the answers to segments (MgSegment), in their order, with the labels of their tracks as truth. */
  gboolean (*segments)(MgPredictor *self, const MgManifest *manifest, const GArray *segments,
                       MgPredictions *predictions, MgProgress *progress, GError **error);
  /* Adds the answers to all parts of a sound file; its class is unknown. */
  gboolean (*file)(MgPredictor *self, const char *path, MgPredictions *predictions, MgProgress *progress,
                   GError **error);
  /* Probabilities of the classes for one segment of n mono samples at `sr` Hz, as segments() gives them for a file with
   * those samples. MG_ERROR_USAGE where the model does not take segments of sound. */
  gboolean (*sound)(MgPredictor *self, const float *samples, size_t n, int sr, float *probabilities, GError **error);
  /* What the first convolution makes of the segment that sound() was given last; NULL here: the kind has none.
   * MG_ERROR_USAGE where this model has none. */
  MgFeatureMaps *(*maps)(MgPredictor *self, GError **error);
  void (*free)(MgPredictor *self);
} MgPredictorClass;

struct MgPredictor {
  const MgPredictorClass *class;
  GPtrArray *labels;      /* char *; the model's */
  GHashTable *provenance; /* char * -> char *; the model's */
  int threads;            /* below 1: all processors */
  double seconds;         /* of a segment; 0: whole tracks, or the rows of a table */
};

/* MG_ERROR_FORMAT names the file and what is missing. */
MgPredictor *mg_predictor_load(const char *path, int threads, GError **error);
void mg_predictor_free(MgPredictor *predictor); /* accepts NULL */

/* For the kinds: adds an answer; MG_ERROR_LIMIT where it is no probability. Finite weights may still overflow on the
 * way through a network. */
gboolean mg_predictor_add(MgPredictions *predictions, const char *path, int label, const MgSegment *segment,
                          const float *probabilities, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgPredictor, mg_predictor_free)
