/* The training segments that a network finds most like a segment: those whose vectors before the logits are nearest. */
#pragma once
#include "train/embeddings.h"
#include "train/explain-seen.h"

typedef struct {
  const MgEmbeddingRow *row; /* of the embeddings */
  double distance;           /* Euclidean */
} MgNearSegment;

/* The n nearest of a class, or of all where label is negative (a number among the labels of `all`), nearest first: an
 * array of MgNearSegment, shorter where there are fewer. Training segments alone, or all where none has a side; never a
 * stretch of `track` (may be NULL) that overlaps with the segment itself. `all` are of the same model's last layer
 * before the logits. */
GArray *mg_explain_nearest(const MgSeen *seen, const char *track, const MgEmbeddings *all, int label, size_t n,
                           GError **error);
