/* What a leaky split pretends: the same rows, learned and tested with the segments of a track on one side, and dealt
 * out one by one. */
#pragma once
#include "ml/samples.h"
#include "base/progress.h"

typedef struct {
  double train;      /* accuracy on the rows that were learned from, by track */
  double by_segment; /* … on rows that were not, where rows of one track were dealt to both sides */
  double by_track;   /* … where a track is on one side */
  size_t rows, tracks;
} MgLessonLeak;

/* Rows of the demo tracks (mg_lesson_demo_folder), one a second: mean and deviation of their MFCCs. `classes`: "genre",
 * or "lot": half of the tracks, drawn by lot, are called one, so that there is nothing to learn but the tracks. */
MgSamples *mg_lesson_leak_samples(const char *classes, MgProgress *progress, GError **error);
/* Means over four folds; the classifier's name and its n_neighbors where it has them. MG_ERROR_USAGE where there is no
 * such classifier. */
gboolean mg_lesson_leak_measure(const MgSamples *samples, const char *classifier, int neighbours, MgLessonLeak *leak,
                                MgProgress *progress, GError **error);
