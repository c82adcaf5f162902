/* Pictures of a file as pyramids of levels, made tile by tile on worker threads: what is seen first, coarse first.
 *
 * A column of pyramid level L holds, for every bin, the largest of 2^L frames as an 8-bit level in steps of half a
 * decibel. Tiles hold 256 columns of all layers (STFT and mel come from the same transforms). All functions belong to
 * the main thread; "changed" tells there that more columns are there, "failed" (with a message) that the file cannot be
 * read. */
#pragma once
#include "base/param.h"
#include <gio/gio.h>

typedef enum { MG_LAYER_STFT, MG_LAYER_MEL, MG_N_LAYERS } MgLayer;
#define MG_LAYER_BIT(layer) (1u << (layer))
#define MG_ALL_LAYERS ((1u << MG_N_LAYERS) - 1)

#define MG_TILE_COLUMNS 256
#define MG_TILES_BUDGET (256 << 20) /* bytes */

#define MG_TYPE_TILES (mg_tiles_get_type())
G_DECLARE_FINAL_TYPE(MgTiles, mg_tiles, MG, TILES, GObject)

/* Of `layers` (MG_LAYER_BIT) alone. `params` has the tables audio and stft, and mel for that layer. Fails where the
 * file cannot be opened or the parameters do not fit. */
MgTiles *mg_tiles_new(const char *path, const MgParams *params, guint layers, GError **error);
guint mg_tiles_layers(MgTiles *tiles);
int mg_tiles_sr(MgTiles *tiles);
gint64 mg_tiles_frames(MgTiles *tiles); /* of level 0 */
double mg_tiles_frame_seconds(MgTiles *tiles);
size_t mg_tiles_bins(MgTiles *tiles, MgLayer layer);
/* Limits of the layer's frequency axis. */
void mg_tiles_band(MgTiles *tiles, MgLayer layer, double *low_hz, double *high_hz);
/* What the levels 0 and 255 stand for: dB of power, not relative to anything. */
void mg_tiles_decibels(MgTiles *tiles, MgLayer layer, double *low, double *high);
/* The largest level met so far, in dB; -INFINITY: nothing is known yet. */
double mg_tiles_loudest(MgTiles *tiles, MgLayer layer);

/* The pyramid level whose columns are just finer than a pixel. */
int mg_tiles_level(MgTiles *tiles, double seconds_per_pixel);
gint64 mg_tiles_columns(MgTiles *tiles, int level);
/* Time of the middle of column 0 and from one column to the next, s. */
void mg_tiles_times(MgTiles *tiles, int level, double *first, double *step);
/* Asks for what is seen, [from, to) s; earlier wishes are forgotten, and work for them is given up. */
void mg_tiles_want(MgTiles *tiles, int level, double from, double to);
/* The `bins` levels of a column, taken from the tiles that are there: the level asked for, else a coarser one, else a
 * finer one; NULL where there is none. Valid until the main loop runs again. */
const guint8 *mg_tiles_column(MgTiles *tiles, MgLayer layer, int level, gint64 column);
/* Everything wanted is there in its final form. */
gboolean mg_tiles_complete(MgTiles *tiles);
size_t mg_tiles_bytes(MgTiles *tiles);
/* Gives up all work; no more signals. */
void mg_tiles_stop(MgTiles *tiles);
