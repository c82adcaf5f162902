/* The front end: the one path from samples to a network's input, for training, evaluation and live. Its parameters
 * travel inside the model file. */
#pragma once
#include "base/matrix.h"
#include "base/param.h"

/* Tables of the front end: feature (any picture of the table of features), sr (a number), deltas, those of all picture
 * features, decibel, segment. What differs there from a default goes to the feature, whose own defaults hold otherwise.
 * NULL-terminated. */
const MgParamTable *const *mg_front_end_tables(void);
/* Whether its pictures are decibels, of one scale in all rows. Otherwise they are the feature's own values, whose rows
 * differ in size and are normalised one by one. */
gboolean mg_front_end_gives_decibels(const MgParams *params);

typedef struct MgFrontEnd MgFrontEnd;

MgFrontEnd *mg_front_end_new(const MgParams *params, GError **error);
MgFrontEnd *mg_front_end_clone(const MgFrontEnd *front_end); /* for another thread */
void mg_front_end_free(MgFrontEnd *front_end);
int mg_front_end_sr(const MgFrontEnd *front_end);
size_t mg_front_end_samples(const MgFrontEnd *front_end); /* samples of one segment */
size_t mg_front_end_bins(const MgFrontEnd *front_end);
size_t mg_front_end_frames(const MgFrontEnd *front_end);
/* One segment to values out[bins * frames]. Fewer samples than a segment are padded with zeros at the end. Decibels
 * are relative to the segment's largest, clipped at top_db below it; mean and deviation are taken off by the model. */
void mg_front_end_segment(MgFrontEnd *front_end, const float *samples, size_t n, float *out);
/* The same from n mono samples at another rate, which are resampled by themselves as a stretch of a file is. */
gboolean mg_front_end_sound(MgFrontEnd *front_end, const float *samples, size_t n, int sr, float *out, GError **error);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgFrontEnd, mg_front_end_free)
