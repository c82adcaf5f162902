#include "session/analysis-block.h"
#include "base/error.h"
#include "dsp/settling.h"
#include "dsp/stft.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static const double whole_seconds = 90, block_seconds = 45; /* of pictures and curves */
static const double whole_events_seconds = 1200, events_block_seconds = 900;
static const double settling_seconds = 30; /* read at once */
static const size_t usual_frame = 2048;

static gboolean
is_of_long_stretches(const MgFeature *feature)
{
  gboolean whole = FALSE;
  for (const MgFeature *each = feature; each; each = each->source)
    whole |= (each->whole & MG_WHOLE_ALL) != 0;
  return whole || feature->kind == MG_FEATURE_EVENTS || feature->kind == MG_FEATURE_NUMBER;
}

gboolean
mg_block_grid_init(MgBlockGrid *grid, double duration, int native_sr, const MgFeature *feature, const MgParams *params,
                   GError **error)
{
  int sr;
  if (!mg_audio_params_sr(params, &sr, error))
    return FALSE;
  gboolean slow = is_of_long_stretches(feature);
  *grid = (MgBlockGrid){.sr = sr > 0 ? sr : native_sr, .hop = MAX(1, mg_feature_hop(params))};
  grid->length = (gint64)ceil(duration * grid->sr);
  grid->frames = grid->length / (gint64)grid->hop + 1;
  grid->first_time = mg_feature_frame_seconds(params, grid->sr, 0);
  double seconds = duration <= (slow ? whole_events_seconds : whole_seconds) ? duration
                   : slow                                                    ? events_block_seconds
                                                                             : block_seconds;
  double frames = duration <= seconds ? (double)grid->frames : seconds * grid->sr / grid->hop;
  grid->exponent = CLAMP((int)ceil(log2(MAX(frames, 1))), 0, MG_BLOCK_LEVELS - 1);
  return TRUE;
}

gboolean
mg_block_in_decibels(const MgFeature *feature, const MgParams *params, gboolean *amplitude)
{
  gboolean of_one = mg_params_has(params, "power") && mg_params_float(params, "power") == 1;
  *amplitude = feature->kind == MG_FEATURE_PICTURE && (feature->scale == MG_SCALE_AMPLITUDE || of_one);
  return feature->kind == MG_FEATURE_SOUND ||
         (feature->kind == MG_FEATURE_PICTURE && feature->scale != MG_SCALE_LINEAR);
}

size_t
mg_block_context(const MgFeature *feature, int sr, const MgParams *params)
{
  const char *length = mg_params_has(params, "n_fft") ? "n_fft" : "frame_length";
  size_t frame = mg_params_has(params, length) ? (size_t)mg_params_int(params, length) : usual_frame;
  if (feature->derive)
    return (feature->context ? feature->context(sr, params) * mg_feature_hop(params) : 0) +
           mg_block_context(feature->source, sr, params);
  return MAX(frame, feature->context ? feature->context(sr, params) : 0) + frame;
}

typedef struct {
  gint64 first, end; /* frames of the block */
  gint64 from, to;   /* samples to read */
  gint64 before;     /* frames that are computed and not kept */
} Stretch;

static Stretch
stretch_of(const MgBlockGrid *grid, const MgFeature *feature, const MgParams *params, gint64 index)
{
  gint64 hop = (gint64)grid->hop, margin = (gint64)(mg_block_context(feature, grid->sr, params) / grid->hop) + 1;
  Stretch s = {.first = index << grid->exponent, .end = (index + 1) << grid->exponent};
  gboolean last = s.end >= grid->frames;
  s.from = MAX(0, s.first - margin) * hop;
  s.to = last ? grid->length : MIN(grid->length, (s.end + margin) * hop);
  s.before = s.first - s.from / hop;
  return s;
}

static void
to_decibels(float *values, size_t n, gboolean amplitude)
{
  for (size_t i = 0; i < n; i++) {
    float power = amplitude ? values[i] * values[i] : values[i];
    values[i] = 10 * log10f(power > 1e-10f ? power : 1e-10f);
  }
}

/* Rows of (bins, frames) into columns, and each row's smallest and largest value. */
static void
keep_columns(MgBlock *block, const MgMatrix *matrix, size_t before, size_t cols)
{
  float *out = block->level[0] = g_new(float, MAX(1, matrix->rows * cols));
  block->bins = matrix->rows;
  block->cols = cols;
  block->row_low = g_new(float, matrix->rows);
  block->row_high = g_new(float, matrix->rows);
  for (size_t bin = 0; bin < matrix->rows; bin++) {
    const float *row = mg_matrix_row(matrix, bin) + before;
    float low = INFINITY, high = -INFINITY;
    for (size_t c = 0; c < cols; c++) {
      out[c * matrix->rows + bin] = row[c];
      low = row[c] < low ? row[c] : low;
      high = row[c] > high ? row[c] : high;
    }
    block->row_low[bin] = low;
    block->row_high[bin] = high;
  }
}

size_t
mg_block_level_columns(const MgBlock *block, int level)
{
  return (block->cols + ((size_t)1 << level) - 1) >> level;
}

static float *
pooled(const float *from, size_t n, size_t bins)
{
  size_t halves = (n + 1) / 2;
  float *out = g_new(float, halves *bins);
  for (size_t c = 0; c < halves; c++) {
    const float *one = from + 2 * c * bins, *two = 2 * c + 1 < n ? one + bins : one;
    for (size_t bin = 0; bin < bins; bin++)
      out[c * bins + bin] = one[bin] > two[bin] ? one[bin] : two[bin];
  }
  return out;
}

static void
build_pyramid(MgBlock *block, int exponent)
{
  for (int level = 1; level <= exponent; level++) {
    block->level[level] = pooled(block->level[level - 1], mg_block_level_columns(block, level - 1), block->bins);
    if (level <= block->base)
      g_clear_pointer(&block->level[level - 1], g_free);
  }
}

/* The picture of a sound is its STFT. */
static MgMatrix *
picture_of_sound(const MgMatrix *sound, const MgParams *params, GError **error)
{
  return mg_stft_spectrogram(sound->data, sound->cols, params, 2, 1, error);
}

static void
keep_events(MgBlock *block, const MgMatrix *matrix, const MgBlockGrid *grid, const Stretch *stretch)
{
  block->events = g_new(double, MAX(1, matrix->cols));
  for (size_t i = 0; i < matrix->cols; i++) {
    gint64 frame = (gint64)matrix->data[i] + stretch->from / (gint64)grid->hop;
    if (frame >= stretch->first && frame < stretch->end)
      block->events[block->n_events++] = grid->first_time + (double)frame * grid->hop / grid->sr;
  }
}

static void
keep_picture(MgBlock *block, MgMatrix *matrix, const MgBlockGrid *grid, const Stretch *stretch,
             const MgFeature *feature, const MgParams *params)
{
  gboolean amplitude;
  gint64 there = (gint64)matrix->cols - stretch->before;
  if (mg_block_in_decibels(feature, params, &amplitude))
    to_decibels(matrix->data, matrix->rows * matrix->cols, amplitude);
  keep_columns(block, matrix, (size_t)stretch->before, (size_t)CLAMP(there, 0, stretch->end - stretch->first));
  if (feature->kind != MG_FEATURE_CURVE)
    build_pyramid(block, grid->exponent);
}

static MgMatrix *
compute(MgSampleReader *reader, const MgBlockGrid *grid, const MgFeature *feature, const MgParams *params,
        const Stretch *stretch, GError **error)
{
  size_t n = (size_t)MAX(0, stretch->to - stretch->from);
  g_autofree float *samples = g_try_new(float, MAX(1, n));
  if (!samples) {
    g_set_error(error, MG_ERROR, MG_ERROR_LIMIT, _("%s: %zu samples do not fit into memory"), feature->name, n);
    return NULL;
  }
  if (!mg_sample_reader_read(reader, stretch->from, samples, n, error))
    return NULL;
  MgMatrix *matrix = mg_feature_compute(feature, samples, n, grid->sr, params, error);
  if (!matrix || feature->kind != MG_FEATURE_SOUND)
    return matrix;
  MgMatrix *picture = picture_of_sound(matrix, params, error);
  mg_matrix_free(matrix);
  return picture;
}

MgBlock *
mg_block_make(MgSampleReader *reader, const MgBlockGrid *grid, const MgFeature *feature, const MgParams *params,
              gint64 index, int base, GError **error)
{
  gint64 began = g_get_monotonic_time();
  Stretch stretch = stretch_of(grid, feature, params, index);
  g_autoptr(MgMatrix) matrix = compute(reader, grid, feature, params, &stretch, error);
  if (!matrix)
    return NULL;
  MgBlock *block = g_new0(MgBlock, 1);
  block->index = index;
  block->number = NAN;
  block->base = feature->kind == MG_FEATURE_CURVE ? 0 : CLAMP(base, 0, grid->exponent);
  if (feature->kind == MG_FEATURE_EVENTS)
    keep_events(block, matrix, grid, &stretch);
  else if (feature->kind == MG_FEATURE_NUMBER)
    block->number = matrix->cols > 0 ? matrix->data[0] : NAN;
  else
    keep_picture(block, matrix, grid, &stretch, feature, params);
  block->took = (g_get_monotonic_time() - began) / 1e6;
  return block;
}

static gboolean
add_to_settling(MgSampleReader *reader, gint64 length, MgSettling *settling, gint64 start, gint64 end, GError **error)
{
  gint64 margin = (gint64)mg_settling_margin(settling), from = MAX(0, start - margin), to = MIN(length, end + margin);
  g_autofree float *samples = g_new(float, to - from);
  return mg_sample_reader_read(reader, from, samples, (size_t)(to - from), error) &&
         mg_settling_add(settling, samples, (size_t)(to - from), (size_t)(start - from),
                         end < length ? (size_t)(end - start) : G_MAXSIZE, error);
}

MgParams *
mg_block_settle(MgSampleReader *reader, const MgBlockGrid *grid, const MgFeature *feature, const MgParams *params,
                const gint *cancelled, gint *progress, GError **error)
{
  g_autoptr(MgSettling) settling = mg_settling_new(feature, params, grid->sr, error);
  if (!settling)
    return NULL;
  gint64 unit = (gint64)mg_settling_unit(settling), step = MAX(1, (gint64)(settling_seconds * grid->sr) / unit) * unit;
  for (gint64 start = 0; start < grid->length; start += step) {
    if (g_atomic_int_get(cancelled) ||
        !add_to_settling(reader, grid->length, settling, start, MIN(grid->length, start + step), error))
      return NULL;
    if (progress)
      g_atomic_int_set(progress, (gint)(1000 * (start + step) / (grid->length + step)));
  }
  MgParams *settled = mg_params_copy(params);
  mg_settling_finish(settling, settled);
  return settled;
}

size_t
mg_block_bytes(const MgBlock *block)
{
  size_t bytes = sizeof *block + block->n_events * sizeof(double) + 2 * block->bins * sizeof(float);
  for (int level = 0; level < MG_BLOCK_LEVELS; level++)
    if (block->level[level])
      bytes += mg_block_level_columns(block, level) * block->bins * sizeof(float);
  return bytes;
}

void
mg_block_free(MgBlock *block)
{
  if (!block)
    return;
  for (int level = 0; level < MG_BLOCK_LEVELS; level++)
    g_free(block->level[level]);
  g_free(block->row_low);
  g_free(block->row_high);
  g_free(block->events);
  g_free(block);
}
