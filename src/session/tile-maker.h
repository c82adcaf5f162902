/* Computes single tiles of a pyramid (tiles.h): the part that runs on a worker thread. */
#pragma once
#include "base/param.h"
#include "session/tiles.h"

/* How good a tile is. */
typedef enum {
  MG_TILE_ROUGH,   /* of as many columns as there was time for, and their neighbours like them */
  MG_TILE_GLANCED, /* one frame a column in place of all */
  MG_TILE_EXACT,
} MgTileQuality;

typedef struct {
  int level;
  gint64 index;
  MgTileQuality quality;
  guint8 *levels[MG_N_LAYERS]; /* (MG_TILE_COLUMNS, bins) */
  guint8 loudest[MG_N_LAYERS];
  guint64 used; /* when it was last seen */
} MgTile;

typedef struct {
  int sr;
  gint64 length, frames; /* samples at sr; frames of level 0 */
  size_t bins[MG_N_LAYERS];
  size_t hop, n_fft;
  gboolean center;
  double low_hz[MG_N_LAYERS], high_hz[MG_N_LAYERS], ceiling[MG_N_LAYERS]; /* dB of level 255 */
} MgTileWorld;

typedef struct MgTileMaker MgTileMaker;

/* As mg_tiles_new(). A layer that is not wanted has no bins. */
MgTileMaker *mg_tile_maker_new(const char *path, const MgParams *params, guint layers, GError **error);
const MgTileWorld *mg_tile_maker_world(const MgTileMaker *maker);
/* A rough tile for which there is time enough is a glanced one. NULL without an error: given up, because *cancelled (an
 * atomic) was set or glancing would take too long. */
MgTile *mg_tile_maker_make(MgTileMaker *maker, int level, gint64 index, MgTileQuality quality, const gint *cancelled,
                           GError **error);
/* The tile above two neighbours, of which `second` may be NULL beyond the end. */
MgTile *mg_tile_join(const MgTileWorld *world, const MgTile *first, const MgTile *second);
size_t mg_tile_bytes(const MgTileWorld *world);
void mg_tile_free(MgTile *tile);             /* accepts NULL */
void mg_tile_maker_free(MgTileMaker *maker); /* accepts NULL */
