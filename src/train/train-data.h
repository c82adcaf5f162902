/* What a run trains and validates on: segments, their pictures and labels. */
#pragma once
#include "train/model-file.h"
#include "dataset/feature-cache.h"
#include "dataset/manifest.h"

/* One side of a split. */
typedef struct {
  GArray *segments;     /* MgSegment */
  MgPictures *pictures; /* NULL where there are no segments */
  int *labels;          /* one a segment */
} MgTrainSide;

/* All segments of a manifest whose tracks have their split; for a leaky split the segments are dealt out here. */
GArray *mg_train_segments(const MgManifest *manifest, const MgParams *params);
/* The pictures of the segments on one side. */
gboolean mg_train_side_load(MgTrainSide *side, const MgManifest *manifest, const GArray *segments, MgSplit split,
                            const MgParams *params, MgProgress *progress, GError **error);
void mg_train_side_clear(MgTrainSide *side);

/* Mean and standard deviation of all pictures' values into the model. */
void mg_train_side_measure(const MgTrainSide *side, MgModel *model);
/* The level that stands for silence in a picture: top_db below its largest value, or where there is no limit its
 * smallest value. */
float mg_train_silence(const float *picture, size_t n, double top_db);
/* A batch of training segments: x (n, 1, bins, frames) is augmented by (seed, epoch, number of the segment) and
 * normalised; with mixup x[i] is shares[i] of a segment of labels[i] and the rest of one of others[i]. */
typedef struct {
  float *x;
  int *labels, *others;
  float *shares;
  int n;
  int first, whole; /* of a rank's part: its place in the batch of all ranks, and how many segments that has */
} MgTrainBatch;

/* Room for `most` segments. */
MgTrainBatch mg_train_batch_new(const MgTrainSide *side, size_t most);
void mg_train_batch_clear(MgTrainBatch *batch);
void mg_train_batch_fill(MgTrainBatch *batch, const MgTrainSide *side, const MgModel *model, const MgParams *params,
                         int epoch, const guint32 *numbers, size_t n);
