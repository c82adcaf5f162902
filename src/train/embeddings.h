/* What a layer of a trained network makes of segments: vectors in which like sounds lie close together. */
#pragma once
#include "train/evaluator.h"
#include "train/model-file.h"
#include "base/matrix.h"
#include "base/progress.h"
#include "dataset/manifest.h"

typedef struct {
  char *songname; /* file name, `_`, part, as in the table of predictions */
  char *track;    /* absolute path */
  int label;      /* number in `labels`; -1: unknown */
  int part;       /* from 1 */
  double start, end;
  MgSplit split;
} MgEmbeddingRow;

typedef struct {
  GPtrArray *labels;          /* char * */
  GPtrArray *rows;            /* MgEmbeddingRow * */
  MgMatrix *vectors;          /* (rows, values) */
  MgPredictions *predictions; /* what the model says of the same rows */
  char *layer;
} MgEmbeddings;

/* Asks a model for one layer's vectors. Of a layer that gives maps or sequences (C, H, W), a vector has the C means. */
typedef struct MgEmbedder MgEmbedder;

/* `layer` NULL: what the last layer takes, the last before the logits. Uses the model and does not own it: until it is
 * freed, the model keeps every layer's output. MG_ERROR_USAGE names the layers where there is none of that name. */
MgEmbedder *mg_embedder_new(MgModel *model, const char *layer, GError **error);
void mg_embedder_free(MgEmbedder *embedder); /* accepts NULL */
const char *mg_embedder_layer(const MgEmbedder *embedder);
size_t mg_embedder_values(const MgEmbedder *embedder);
/* n pictures in dB as the front end gives them -> vectors (n, values) and, unless NULL, probabilities (n, classes). */
void mg_embedder_embed(MgEmbedder *embedder, const float *const *pictures, size_t n, float *vectors,
                       float *probabilities);

/* The vectors of all segments (MgSegment) of a data set, in their order; `threads` below 1: all processors. */
MgEmbeddings *mg_embeddings_new(MgModel *model, const MgManifest *manifest, const GArray *segments, const char *layer,
                                int threads, MgProgress *progress, GError **error);
/* Of a data set, cut as the model was trained; of a run, on the sides of its split. A run of a classifier on rows has
 * its rows as vectors, scaled as it learned them. */
MgEmbeddings *mg_embeddings_of_dataset(const char *model, const char *dataset, const MgImportOptions *import,
                                       const char *layer, int threads, MgProgress *progress, GError **error);
MgEmbeddings *mg_embeddings_of_run(const char *run, const char *checkpoint, const char *layer, int threads,
                                   MgProgress *progress, GError **error);
/* For who makes vectors in other ways: the rows of these segments, without vectors and predictions; `classes` (char *)
 * are those that are predicted. */
MgEmbeddings *mg_embeddings_of_segments(const MgManifest *manifest, const GArray *segments, const GPtrArray *classes,
                                        const char *layer);
/* Probabilities (count, classes) of the rows from `first` on; rows are added in their order. */
void mg_embeddings_predict(MgEmbeddings *embeddings, size_t first, size_t count, const float *probabilities);
void mg_embeddings_free(MgEmbeddings *embeddings); /* accepts NULL */
/* songname, track, label, split, part, start, end, then the values as e0, e1 … */
gboolean mg_embeddings_save(const MgEmbeddings *embeddings, const char *path, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgEmbedder, mg_embedder_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgEmbeddings, mg_embeddings_free)
