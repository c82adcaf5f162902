#include "train/predictor-class.h"
#include "train/file-segments.h"
#include "train/train-data.h"
#include "base/error.h"
#include "dataset/front-end.h"

enum { CHUNK = 16 }; /* segments between two looks at whether to go on */

typedef struct {
  MgPredictor base;
  MgModel *model;
  MgFrontEnd *front_end; /* made when the first sound comes */
  float *picture;
} Predictor;

static MgPredictor *
load(const char *path, int threads, GError **error)
{
  MgModel *model = mg_model_load(path, error);
  if (!model)
    return NULL;
  mg_network_set_threads(model->network, threads);
  Predictor *self = g_new(Predictor, 1);
  double seconds = mg_params_float(model->front_end, "segment_seconds");
  *self = (Predictor){{&mg_predictor_network, model->labels, model->provenance, threads, seconds}, .model = model};
  return &self->base;
}

static GArray *
cut(const MgPredictor *base, const MgManifest *manifest)
{
  return mg_segments_cut(manifest, ((const Predictor *)base)->model->front_end);
}

static gboolean
predict_chunk(Predictor *self, const MgManifest *manifest, const GArray *segments, const MgPictures *pictures,
              size_t first, size_t count, MgPredictions *predictions, GError **error)
{
  const float *some[CHUNK];
  size_t classes = self->base.labels->len;
  g_autofree float *probabilities = g_new(float, count *classes);
  for (size_t i = 0; i < count; i++)
    some[i] = mg_pictures_get(pictures, first + i);
  mg_model_predict(self->model, some, count, probabilities);
  for (size_t i = 0; i < count; i++) {
    const MgSegment *segment = &g_array_index(segments, MgSegment, first + i);
    const MgTrack *track = mg_manifest_track(manifest, segment->track);
    if (!mg_predictor_add(predictions, track->path, track->label, segment, probabilities + i * classes, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
predict_segments(MgPredictor *base, const MgManifest *manifest, const GArray *segments, MgPredictions *predictions,
                 MgProgress *progress, GError **error)
{
  Predictor *self = (Predictor *)base;
  g_autoptr(MgPictures) pictures =
      mg_pictures_load(manifest, segments, self->model->front_end, base->threads, progress, error);
  if (!pictures)
    return FALSE;
  for (size_t first = 0; first < segments->len; first += CHUNK) {
    size_t count = MIN((size_t)CHUNK, segments->len - first);
    if (!mg_progress_go_on(progress, error) ||
        !predict_chunk(self, manifest, segments, pictures, first, count, predictions, error))
      return FALSE;
    mg_progress_report(progress, (first + count) / (double)segments->len, NULL);
  }
  return TRUE;
}

/* A file that ends before its header says so has the parts up to there. FALSE also where it is stopped. */
static gboolean
predict_file(MgPredictor *base, const char *path, MgPredictions *predictions, MgProgress *progress, GError **error)
{
  MgModel *model = ((Predictor *)base)->model;
  g_autoptr(MgFileSegments) segments = mg_file_segments_open(path, 0, 0, model->front_end, error);
  if (!segments)
    return FALSE;
  g_autofree char *absolute = g_canonicalize_filename(path, NULL);
  g_autofree float *picture = g_new(float, mg_shape_size(mg_network_input(model->network)));
  g_autofree float *probabilities = g_new(float, model->labels->len);
  for (size_t i = 0; i < mg_file_segments_n(segments); i++) {
    g_autoptr(GError) cause = NULL;
    if (!mg_progress_go_on(progress, &cause) || !mg_file_segments_picture(segments, i, picture, &cause)) {
      if (i > 0 && g_error_matches(cause, MG_ERROR, MG_ERROR_DATA))
        return TRUE;
      g_propagate_error(error, g_steal_pointer(&cause));
      return FALSE;
    }
    const float *pictures[] = {picture};
    mg_model_predict(model, pictures, 1, probabilities);
    if (!mg_predictor_add(predictions, absolute, -1, mg_file_segments_get(segments, i), probabilities, error))
      return FALSE;
    mg_progress_report(progress, (i + 1) / (double)mg_file_segments_n(segments), NULL);
  }
  return TRUE;
}

static gboolean
predict_sound(MgPredictor *base, const float *samples, size_t n, int sr, float *probabilities, GError **error)
{
  Predictor *self = (Predictor *)base;
  if (!self->front_end) {
    self->front_end = mg_front_end_new(self->model->front_end, error);
    self->picture = g_new(float, mg_shape_size(mg_network_input(self->model->network)));
  }
  if (!self->front_end || !mg_front_end_sound(self->front_end, samples, n, sr, self->picture, error))
    return FALSE;
  mg_model_predict(self->model, (const float *const[]){self->picture}, 1, probabilities);
  return TRUE;
}

static MgFeatureMaps *
maps_of_last(MgPredictor *base, GError **error)
{
  Predictor *self = (Predictor *)base;
  size_t n = mg_shape_size(mg_network_input(self->model->network));
  g_autofree float *x = g_new(float, n);
  mg_model_normalise(self->model, self->picture, n, x);
  return mg_feature_maps_of(self->model->network, x, NULL, error);
}

static void
free_predictor(MgPredictor *base)
{
  Predictor *self = (Predictor *)base;
  mg_model_free(self->model);
  g_clear_pointer(&self->front_end, mg_front_end_free);
  g_free(self->picture);
  g_free(self);
}

const MgPredictorClass mg_predictor_network = {.kind = "network",
                                               .load = load,
                                               .cut = cut,
                                               .segments = predict_segments,
                                               .file = predict_file,
                                               .sound = predict_sound,
                                               .maps = maps_of_last,
                                               .free = free_predictor};
