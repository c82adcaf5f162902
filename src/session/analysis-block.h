/* Computes single blocks of an analysis (analysis.h): the part that runs on a thread. */
#pragma once
#include "dsp/feature.h"
#include "session/sample-reader.h"

#define MG_BLOCK_LEVELS 24

/* Where blocks lie: block b holds frames [b << exponent, (b + 1) << exponent). */
typedef struct {
  int sr, exponent;
  gint64 length, frames; /* samples at sr; frames that they give, by the hop */
  size_t hop;
  double first_time; /* s, of frame 0 */
} MgBlockGrid;

typedef struct {
  gint64 index;
  int base;                      /* the finest level that is kept */
  gboolean provisional;          /* what the whole file decides was not known yet */
  size_t bins, cols;             /* of level 0 */
  float *level[MG_BLOCK_LEVELS]; /* (columns, bins) from `base` on, else NULL */
  float *row_low, *row_high;     /* (bins) */
  double *events;                /* s */
  size_t n_events;
  double number; /* NaN: none */
  guint64 used;  /* when it was last seen */
  double took;   /* s */
} MgBlock;

gboolean mg_block_grid_init(MgBlockGrid *grid, double duration, int native_sr, const MgFeature *feature,
                            const MgParams *params, GError **error);
/* Parameters with which every block has the values of the whole file (dsp/settling.h): reads all of it. `progress` (may
 * be NULL, atomic) becomes the thousandths that are done. NULL without an error: *cancelled (atomic) was set.
 * mg_params_free() them. */
MgParams *mg_block_settle(MgSampleReader *reader, const MgBlockGrid *grid, const MgFeature *feature,
                          const MgParams *params, const gint *cancelled, gint *progress, GError **error);
size_t mg_block_level_columns(const MgBlock *block, int level);
/* NULL with an error where the sound cannot be read or the parameters do not fit. */
MgBlock *mg_block_make(MgSampleReader *reader, const MgBlockGrid *grid, const MgFeature *feature,
                       const MgParams *params, gint64 index, int base, GError **error);
/* Samples on either side that the values of a frame depend on. */
size_t mg_block_context(const MgFeature *feature, int sr, const MgParams *params);
size_t mg_block_bytes(const MgBlock *block);
void mg_block_free(MgBlock *block); /* accepts NULL */
/* TRUE where values become decibels; *amplitude tells how. */
gboolean mg_block_in_decibels(const MgFeature *feature, const MgParams *params, gboolean *amplitude);
