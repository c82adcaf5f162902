/* An augmentation: one file (augment-NAME.c) and one line in the table of augment.c. */
#pragma once
#include "base/param.h"
#include "base/rng.h"

/* A training picture: decibels, or the normalised values of another feature. */
typedef struct {
  float *values; /* (bins, frames) */
  size_t bins, frames;
  float fill; /* the level of silence; the mean where there is none */
} MgAugmentPicture;

typedef struct {
  const char *name;
  const MgParamTable *params;
  gboolean decibels; /* has a meaning for decibels only */
  /* NULL: it joins pictures and is asked for by the maker of batches. */
  void (*change)(const MgAugmentPicture *picture, const MgParams *params, MgRng *rng);
} MgAugmentation;

/* Sets `frames` frames from `first` on of every bin to `fill`. */
void mg_augment_fill(const MgAugmentPicture *picture, size_t first, size_t frames);
