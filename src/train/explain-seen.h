/* A segment as a network sees it: what explanations start from. */
#pragma once
#include "train/model-file.h"
#include "base/matrix.h"

typedef struct {
  MgModel *model; /* not owned; one explanation at a time works with it */
  float *samples; /* mono at the model's sr, a segment's length: zeros behind the end of the sound */
  size_t n_samples;
  double start, end;             /* s in the file; end may lie beyond it (padding) */
  MgMatrix *picture;             /* (bins, frames), as the front end gives it */
  MgMatrix *x;                   /* normalised, as the network gets it */
  float *logits, *probabilities; /* one a class */
} MgSeen;

/* Cuts [track_start, track_end) (s; end 0: to the file's end) as the table of predictions does; part counts from 1.
 * MG_ERROR_USAGE where there is no such part. */
MgSeen *mg_seen_load(MgModel *model, const char *file, double track_start, double track_end, int part, GError **error);
/* The same of mono samples at the model's sr. */
MgSeen *mg_seen_of_samples(MgModel *model, const float *samples, size_t n, GError **error);
void mg_seen_free(MgSeen *seen); /* accepts NULL */

/* Fills a normalised picture with what stands for nothing: the level of silence of this segment's picture, or with
 * `mean` (and where rows are no decibels, which have no common silence) the mean of the training pictures. */
void mg_seen_fill_nothing(const MgSeen *seen, gboolean mean, float *x);

/* Whether the rows of the model's pictures are bands of frequency: of a mel spectrogram or an STFT. */
gboolean mg_seen_has_bands(const MgModel *model);
/* The frequency (Hz) at the lower edge of row number `row`, or between rows; only where there are bands. */
double mg_seen_row_hz(const MgModel *model, double row);
/* The class of that name; MG_ERROR_USAGE lists them. */
gboolean mg_seen_find_class(const MgModel *model, const char *name, int *label, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgSeen, mg_seen_free)
