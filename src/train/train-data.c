#include "train/train-data.h"
#include "base/rng.h"
#include "dataset/augment.h"
#include "dataset/segment.h"
#include "dataset/split.h"
#include <math.h>
#include <string.h>

static const guint64 augment_stream = 0xa16e37; /* keeps its draws apart from the other uses of the seed */

GArray *
mg_train_segments(const MgManifest *manifest, const MgParams *params)
{
  GArray *segments = mg_segments_cut(manifest, params);
  if (mg_split_is_leaky(params))
    mg_split_segments(segments, manifest, params);
  return segments;
}

gboolean
mg_train_side_load(MgTrainSide *side, const MgManifest *manifest, const GArray *segments, MgSplit split,
                   const MgParams *params, MgProgress *progress, GError **error)
{
  *side = (MgTrainSide){.segments = g_array_new(FALSE, FALSE, sizeof(MgSegment))};
  for (guint i = 0; i < segments->len; i++)
    if (g_array_index(segments, MgSegment, i).split == split)
      g_array_append_val(side->segments, g_array_index(segments, MgSegment, i));
  side->labels = g_new(int, side->segments->len);
  for (guint i = 0; i < side->segments->len; i++)
    side->labels[i] = mg_manifest_track(manifest, g_array_index(side->segments, MgSegment, i).track)->label;
  if (side->segments->len == 0)
    return TRUE;
  int threads = (int)mg_params_int_or(params, "threads", 0);
  side->pictures = mg_pictures_load(manifest, side->segments, params, threads, progress, error);
  return side->pictures != NULL;
}

void
mg_train_side_clear(MgTrainSide *side)
{
  g_clear_pointer(&side->pictures, mg_pictures_free);
  g_clear_pointer(&side->segments, g_array_unref);
  g_clear_pointer(&side->labels, g_free);
}

/* Mean and deviation of the values from `first` on in all pictures. */
static void
measure(const MgTrainSide *side, size_t first, size_t size, float *mean_out, float *deviation)
{
  size_t n = mg_pictures_n(side->pictures);
  double sum = 0, squares = 0;
  for (size_t i = 0; i < n; i++) {
    const float *picture = mg_pictures_get(side->pictures, i) + first;
    double picture_sum = 0, picture_squares = 0;
    for (size_t k = 0; k < size; k++) {
      picture_sum += picture[k];
      picture_squares += (double)picture[k] * picture[k];
    }
    sum += picture_sum / size;
    squares += picture_squares / size;
  }
  double mean = sum / n, variance = squares / n - mean * mean;
  *mean_out = (float)mean;
  *deviation = variance > 1e-8 ? (float)sqrt(variance) : 1; /* equal values everywhere: nothing to scale */
}

void
mg_train_side_measure(const MgTrainSide *side, MgModel *model)
{
  size_t size = mg_pictures_bins(side->pictures) * mg_pictures_frames(side->pictures) / model->scales;
  for (size_t i = 0; i < model->scales; i++)
    measure(side, i * size, size, &model->means[i], &model->deviations[i]);
}

float
mg_train_silence(const float *picture, size_t n, double top_db)
{
  float smallest = picture[0], largest = picture[0];
  for (size_t i = 1; i < n; i++) {
    smallest = MIN(smallest, picture[i]);
    largest = MAX(largest, picture[i]);
  }
  return top_db > 0 ? largest - (float)top_db : smallest;
}

MgTrainBatch
mg_train_batch_new(const MgTrainSide *side, size_t most)
{
  size_t size = mg_pictures_bins(side->pictures) * mg_pictures_frames(side->pictures);
  return (MgTrainBatch){.x = g_new(float, size *(most + 1)), /* the last one for the other part of a mixture */
                        .labels = g_new(int, most),
                        .others = g_new(int, most),
                        .shares = g_new(float, most),
                        .n = 0};
}

void
mg_train_batch_clear(MgTrainBatch *batch)
{
  g_free(batch->x);
  g_free(batch->labels);
  g_free(batch->others);
  g_free(batch->shares);
}

typedef struct {
  const MgTrainSide *side;
  const MgModel *model;
  const MgParams *params;
  size_t bins, frames;
  double top_db;
  gboolean decibels;
} Maker;

/* Segment `number` as it is drawn for this place. The rows of other features than decibels have no common silence: what
 * comes free there takes each row's mean, 0 after normalisation. */
static void
draw_picture(const Maker *maker, guint32 number, MgRng *rng, float *out)
{
  size_t size = maker->bins * maker->frames;
  memcpy(out, mg_pictures_get(maker->side->pictures, number), size * sizeof *out);
  if (!maker->decibels)
    mg_model_normalise(maker->model, out, size, out);
  float fill = maker->decibels ? mg_train_silence(out, size, maker->top_db) : 0;
  mg_augment_picture(out, maker->bins, maker->frames, fill, maker->params, rng);
  if (maker->decibels)
    mg_model_normalise(maker->model, out, size, out);
}

/* Any segment of the training set may be the other part, each drawn anew. */
static void
mix(const Maker *maker, MgTrainBatch *batch, size_t i, float *other, MgRng *rng)
{
  size_t size = maker->bins * maker->frames;
  float share = batch->shares[i] = mg_augment_mixup_share(maker->params, rng), *x = batch->x + i * size;
  batch->others[i] = batch->labels[i];
  if (share == 1)
    return;
  guint32 number = mg_rng_below(rng, maker->side->segments->len);
  batch->others[i] = maker->side->labels[number];
  draw_picture(maker, number, rng, other);
  for (size_t k = 0; k < size; k++)
    x[k] = share * x[k] + (1 - share) * other[k];
}

void
mg_train_batch_fill(MgTrainBatch *batch, const MgTrainSide *side, const MgModel *model, const MgParams *params,
                    int epoch, const guint32 *numbers, size_t n)
{
  Maker maker = {.side = side,
                 .model = model,
                 .params = params,
                 .bins = mg_pictures_bins(side->pictures),
                 .frames = mg_pictures_frames(side->pictures),
                 .top_db = mg_params_float_or(params, "top_db", -1),
                 .decibels = mg_front_end_gives_decibels(params)};
  size_t size = maker.bins * maker.frames;
  guint64 seed = (guint64)mg_params_int(params, "seed") ^ augment_stream << 32;
  batch->n = (int)n;
  for (size_t i = 0; i < n; i++) {
    MgRng rng = mg_rng_stream(seed, (guint64)epoch << 32 | numbers[i]);
    draw_picture(&maker, numbers[i], &rng, batch->x + i * size);
    batch->labels[i] = side->labels[numbers[i]];
    mix(&maker, batch, i, batch->x + n * size, &rng);
  }
}
