#include "session/tile-maker.h"
#include "dsp/feature.h"
#include "dsp/mel.h"
#include "dsp/stft.h"
#include "dsp/window.h"
#include "session/sample-reader.h"
#include "session/urgency.h"
#include <math.h>
#include <string.h>

#define BLOCK_SAMPLES 131072    /* samples between two looks at `cancelled` */
#define ROUGH_LIMIT_US 12000    /* what a first picture may take, a tile */
#define ROUGH_LEAST 16          /* columns that tell something of a tile */
#define GLANCE_LIMIT_US 3000000 /* a tile by glances that takes longer is not worth it */

struct MgTileMaker {
  MgSampleReader *reader;
  MgStft *stft;
  MgMelFilters *filters;
  MgTileWorld world;
  double exponent; /* of mel's magnitudes */
  gboolean reflect, edge;
  size_t block_frames, room; /* frames transformed from one buffer, and its samples */
  float *samples, *power, *column[MG_N_LAYERS], *mel;
};

/* The largest power that samples within ±1 can give: all of the window in phase. */
static void
set_ceilings(MgTileMaker *maker, const MgParams *params)
{
  size_t n_fft = maker->world.n_fft, n = mg_params_int_or(params, "win_length", n_fft);
  g_autofree float *window = g_new(float, n);
  double sum = 0, heaviest = 1e-30;
  mg_window_fill(mg_params_text(params, "window"), window, n);
  for (size_t i = 0; i < n; i++)
    sum += fabsf(window[i]);
  g_autoptr(MgMatrix) dense = maker->filters ? mg_mel_filters_dense(maker->filters) : NULL;
  for (size_t m = 0; dense && m < dense->rows; m++) {
    double weight = 0;
    for (size_t bin = 0; bin < dense->cols; bin++)
      weight += mg_matrix_row(dense, m)[bin];
    heaviest = MAX(heaviest, weight);
  }
  maker->world.ceiling[MG_LAYER_STFT] = 20 * log10(sum);
  maker->world.ceiling[MG_LAYER_MEL] = 10 * maker->exponent * log10(sum) + 10 * log10(heaviest);
}

static void
set_world(MgTileMaker *maker, const MgParams *params, guint layers)
{
  MgTileWorld *world = &maker->world;
  world->sr = mg_sample_reader_sr(maker->reader);
  world->length = mg_sample_reader_length(maker->reader);
  world->frames = mg_stft_frames(maker->stft, world->length);
  world->hop = mg_stft_hop(maker->stft);
  world->n_fft = mg_stft_n_fft(maker->stft);
  world->center = mg_stft_center(maker->stft);
  world->high_hz[MG_LAYER_STFT] = world->sr / 2.0;
  if (layers & MG_LAYER_BIT(MG_LAYER_STFT))
    world->bins[MG_LAYER_STFT] = mg_stft_bins(maker->stft);
  if (!maker->filters)
    return;
  world->bins[MG_LAYER_MEL] = mg_mel_filters_n(maker->filters);
  world->low_hz[MG_LAYER_MEL] = mg_params_float(params, "fmin");
  world->high_hz[MG_LAYER_MEL] = mg_params_float_or(params, "fmax", world->sr / 2.0);
}

static void
make_buffers(MgTileMaker *maker)
{
  const MgTileWorld *world = &maker->world;
  maker->block_frames = MAX(1, BLOCK_SAMPLES / world->hop);
  maker->room = (maker->block_frames - 1) * world->hop + world->n_fft;
  maker->samples = g_new(float, maker->room);
  maker->power = g_new(float, mg_stft_bins(maker->stft));
  maker->mel = g_new(float, world->bins[MG_LAYER_MEL]);
  for (int layer = 0; layer < MG_N_LAYERS; layer++)
    maker->column[layer] = g_new(float, world->bins[layer]);
}

MgTileMaker *
mg_tile_maker_new(const char *path, const MgParams *params, guint layers, GError **error)
{
  int sr;
  if (!mg_audio_params_sr(params, &sr, error))
    return NULL;
  MgTileMaker *maker = g_new0(MgTileMaker, 1);
  maker->reader = mg_sample_reader_open(path, sr, error);
  maker->stft = maker->reader ? mg_stft_new(params, error) : NULL;
  gboolean mel = layers & MG_LAYER_BIT(MG_LAYER_MEL);
  if (maker->stft && mel)
    maker->filters = mg_mel_filters_new(params, mg_sample_reader_sr(maker->reader), mg_stft_n_fft(maker->stft), error);
  if (!maker->stft || (mel && !maker->filters)) {
    mg_tile_maker_free(maker);
    return NULL;
  }
  maker->exponent = mel ? mg_params_float(params, "power") : 2;
  maker->reflect = g_str_equal(mg_params_text(params, "pad_mode"), "reflect");
  maker->edge = g_str_equal(mg_params_text(params, "pad_mode"), "edge");
  set_world(maker, params, layers);
  set_ceilings(maker, params);
  make_buffers(maker);
  return maker;
}

const MgTileWorld *
mg_tile_maker_world(const MgTileMaker *maker)
{
  return &maker->world;
}

static MgTile *
new_tile(const MgTileWorld *world, int level, gint64 index)
{
  MgTile *tile = g_new0(MgTile, 1);
  tile->level = level;
  tile->index = index;
  for (int layer = 0; layer < MG_N_LAYERS; layer++)
    tile->levels[layer] = g_malloc0(MG_TILE_COLUMNS * world->bins[layer]);
  return tile;
}

size_t
mg_tile_bytes(const MgTileWorld *world)
{
  size_t bytes = sizeof(MgTile);
  for (int layer = 0; layer < MG_N_LAYERS; layer++)
    bytes += MG_TILE_COLUMNS * world->bins[layer];
  return bytes;
}

void
mg_tile_free(MgTile *tile)
{
  if (!tile)
    return;
  for (int layer = 0; layer < MG_N_LAYERS; layer++)
    g_free(tile->levels[layer]);
  g_free(tile);
}

static gint64
origin_of(const MgTileWorld *world, gint64 frame)
{
  return frame * (gint64)world->hop - (world->center ? (gint64)world->n_fft / 2 : 0);
}

/* Where a sample beyond the signal comes from, or -1 for silence. */
static gint64
padded_place(const MgTileMaker *maker, gint64 place)
{
  gint64 last = maker->world.length - 1;
  if (maker->edge)
    return CLAMP(place, 0, last);
  if (!maker->reflect || last < 1)
    return -1;
  gint64 period = 2 * last, folded = ((place % period) + period) % period;
  return folded > last ? period - folded : folded;
}

static void
pad(MgTileMaker *maker, gint64 first, size_t n)
{
  if ((!maker->reflect && !maker->edge) || (first >= 0 && first + (gint64)n <= maker->world.length))
    return;
  for (size_t i = 0; i < n; i++) {
    gint64 place = first + (gint64)i;
    if (place >= 0 && place < maker->world.length)
      continue;
    gint64 from = padded_place(maker, place) - first;
    if (from >= 0 && from < (gint64)n)
      maker->samples[i] = maker->samples[from];
  }
}

static void
clear_columns(MgTileMaker *maker)
{
  for (int layer = 0; layer < MG_N_LAYERS; layer++)
    if (maker->world.bins[layer] > 0)
      memset(maker->column[layer], 0, maker->world.bins[layer] * sizeof(float));
}

static void
keep_larger(float *restrict column, const float *restrict values, size_t n)
{
  for (size_t i = 0; i < n; i++)
    column[i] = column[i] > values[i] ? column[i] : values[i];
}

static void
add_frame(MgTileMaker *maker, const float *samples)
{
  const MgTileWorld *world = &maker->world;
  mg_rest_while_frame();
  mg_stft_power_of(maker->stft, samples, maker->power);
  keep_larger(maker->column[MG_LAYER_STFT], maker->power, world->bins[MG_LAYER_STFT]);
  if (!maker->filters)
    return;
  if (maker->exponent != 2)
    mg_power_raise(maker->power, mg_stft_bins(maker->stft), maker->exponent);
  mg_mel_filters_apply(maker->filters, maker->power, maker->mel);
  keep_larger(maker->column[MG_LAYER_MEL], maker->mel, world->bins[MG_LAYER_MEL]);
}

static guint8
quantised(float power, double ceiling)
{
  double level = 255.5 + 2 * (10 * log10f(power + 1e-30f) - ceiling);
  return level < 0 ? 0 : level > 255 ? 255 : (guint8)level;
}

static void
finish_column(MgTileMaker *maker, MgTile *tile, size_t column)
{
  for (int layer = 0; layer < MG_N_LAYERS; layer++) {
    size_t bins = maker->world.bins[layer];
    guint8 *levels = tile->levels[layer] + column * bins, loudest = tile->loudest[layer];
    for (size_t bin = 0; bin < bins; bin++) {
      levels[bin] = quantised(maker->column[layer][bin], maker->world.ceiling[layer]);
      loudest = MAX(loudest, levels[bin]);
    }
    tile->loudest[layer] = loudest;
  }
  clear_columns(maker);
}

/* Lays out the samples for `n` frames from `frame` on. Those that the last block had already (`kept` of them, at the
 * end of what it laid out) are moved, so that the reader never has to go back. */
static gboolean
lay_out(MgTileMaker *maker, gint64 frame, size_t n, size_t kept, GError **error)
{
  const MgTileWorld *world = &maker->world;
  size_t needed = (n - 1) * world->hop + world->n_fft;
  gint64 first = origin_of(world, frame);
  if (kept > 0)
    memmove(maker->samples, maker->samples + maker->block_frames * world->hop, kept * sizeof(float));
  if (needed > kept &&
      !mg_sample_reader_read(maker->reader, first + (gint64)kept, maker->samples + kept, needed - kept, error))
    return FALSE;
  pad(maker, first, needed);
  return TRUE;
}

static gboolean
fill_exactly(MgTileMaker *maker, MgTile *tile, const gint *cancelled, GError **error)
{
  const MgTileWorld *world = &maker->world;
  gint64 group = (gint64)1 << tile->level, start = tile->index * MG_TILE_COLUMNS * group;
  gint64 end = MIN(start + MG_TILE_COLUMNS * group, world->frames);
  size_t overlap = world->n_fft > world->hop ? world->n_fft - world->hop : 0, kept = 0;
  clear_columns(maker);
  for (gint64 frame = start; frame < end; frame += maker->block_frames) {
    size_t n = MIN((gint64)maker->block_frames, end - frame);
    if (g_atomic_int_get(cancelled) || !lay_out(maker, frame, n, kept, error))
      return FALSE;
    kept = overlap;
    for (size_t i = 0; i < n; i++) {
      add_frame(maker, maker->samples + i * world->hop);
      gint64 next = frame + (gint64)i + 1;
      if (next % group == 0 || next == end)
        finish_column(maker, tile, (next - 1 - start) / group);
    }
  }
  return TRUE;
}

static gint64
columns_of(const MgTileWorld *world, const MgTile *tile)
{
  gint64 all = (world->frames + ((gint64)1 << tile->level) - 1) >> tile->level;
  return MIN(MG_TILE_COLUMNS, all - tile->index * MG_TILE_COLUMNS);
}

static gboolean
glance(MgTileMaker *maker, MgTile *tile, gint64 column, GError **error)
{
  const MgTileWorld *world = &maker->world;
  gint64 group = (gint64)1 << tile->level, frame = (tile->index * MG_TILE_COLUMNS + column) * group;
  frame = MIN(frame + group / 2, world->frames - 1);
  if (!mg_sample_reader_glance(maker->reader, origin_of(world, frame), maker->samples, world->n_fft, error))
    return FALSE;
  add_frame(maker, maker->samples);
  finish_column(maker, tile, column);
  return TRUE;
}

/* n columns from `column` on become like that one. */
static void
spread(MgTileMaker *maker, MgTile *tile, gint64 column, gint64 n)
{
  for (int layer = 0; layer < MG_N_LAYERS; layer++) {
    size_t bins = maker->world.bins[layer];
    guint8 *known = tile->levels[layer] + column * bins;
    for (gint64 i = 1; i < n; i++)
      memcpy(known + i * bins, known, bins);
  }
}

/* Every `step`th column that was not among every 2 `step`th. FALSE: given up, or there is no time for it. */
static gboolean
glance_every(MgTileMaker *maker, MgTile *tile, gint64 step, gint64 until, const gint *cancelled, GError **error)
{
  gint64 n = columns_of(&maker->world, tile);
  gboolean first = step == MG_TILE_COLUMNS / ROUGH_LEAST;
  for (gint64 column = first ? 0 : step; column < n; column += first ? step : 2 * step)
    if (g_atomic_int_get(cancelled) || g_get_monotonic_time() > until || !glance(maker, tile, column, error))
      return FALSE;
  return TRUE;
}

/* Ever more columns, as long as there is time (`limit` us); what is between those is spread. */
static gboolean
fill_by_glances(MgTileMaker *maker, MgTile *tile, gint64 limit, const gint *cancelled, GError **error)
{
  gint64 began = g_get_monotonic_time(), n = columns_of(&maker->world, tile), step = MG_TILE_COLUMNS / ROUGH_LEAST;
  g_autoptr(GError) cause = NULL;
  clear_columns(maker);
  if (!glance_every(maker, tile, step, began + GLANCE_LIMIT_US, cancelled, error))
    return FALSE;
  while (step > 1 && glance_every(maker, tile, step / 2, began + limit, cancelled, &cause))
    step /= 2;
  gboolean failed = cause != NULL;
  if (failed)
    g_propagate_error(error, g_steal_pointer(&cause));
  if (failed || g_atomic_int_get(cancelled))
    return FALSE;
  tile->quality = step > 1 ? MG_TILE_ROUGH : MG_TILE_GLANCED;
  for (gint64 column = 0; column < n && step > 1; column += step)
    spread(maker, tile, column, MIN(step, n - column));
  return TRUE;
}

MgTile *
mg_tile_maker_make(MgTileMaker *maker, int level, gint64 index, MgTileQuality quality, const gint *cancelled,
                   GError **error)
{
  MgTile *tile = new_tile(&maker->world, level, index);
  gint64 limit = quality == MG_TILE_ROUGH ? ROUGH_LIMIT_US : GLANCE_LIMIT_US;
  tile->quality = quality;
  gboolean done = quality == MG_TILE_EXACT ? fill_exactly(maker, tile, cancelled, error)
                                           : fill_by_glances(maker, tile, limit, cancelled, error);
  if (done)
    return tile;
  mg_tile_free(tile);
  return NULL;
}

/* Columns 2i and 2i + 1 of `from` into column first + i of `into`. */
static void
join_half(guint8 *into, const guint8 *from, size_t first, size_t bins)
{
  for (size_t i = 0; i < MG_TILE_COLUMNS / 2; i++) {
    const guint8 *restrict one = from + 2 * i * bins, *restrict two = one + bins;
    guint8 *restrict out = into + (first + i) * bins;
    for (size_t bin = 0; bin < bins; bin++)
      out[bin] = one[bin] > two[bin] ? one[bin] : two[bin];
  }
}

MgTile *
mg_tile_join(const MgTileWorld *world, const MgTile *first, const MgTile *second)
{
  MgTile *tile = new_tile(world, first->level + 1, first->index / 2);
  tile->quality = MG_TILE_EXACT;
  for (int layer = 0; layer < MG_N_LAYERS; layer++) {
    join_half(tile->levels[layer], first->levels[layer], 0, world->bins[layer]);
    if (second)
      join_half(tile->levels[layer], second->levels[layer], MG_TILE_COLUMNS / 2, world->bins[layer]);
    tile->loudest[layer] = MAX(first->loudest[layer], second ? second->loudest[layer] : 0);
  }
  return tile;
}

void
mg_tile_maker_free(MgTileMaker *maker)
{
  if (!maker)
    return;
  mg_sample_reader_free(maker->reader);
  mg_stft_free(maker->stft);
  mg_mel_filters_free(maker->filters);
  g_free(maker->samples);
  g_free(maker->power);
  g_free(maker->mel);
  for (int layer = 0; layer < MG_N_LAYERS; layer++)
    g_free(maker->column[layer]);
  g_free(maker);
}
