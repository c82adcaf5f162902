#include "train/predictor-class.h"
#include "train/table-model.h"
#include "audio/decoder.h"
#include "base/error.h"
#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct {
  MgPredictor base;
  MgTableModel *model;
  char *path;
} Predictor;

static MgPredictor *
load(const char *path, int threads, GError **error)
{
  MgTableModel *model = mg_table_model_load(path, error);
  if (!model)
    return NULL;
  Predictor *self = g_new(Predictor, 1);
  double seconds = model->source ? model->source->seconds : 0;
  *self = (Predictor){{&mg_predictor_table, model->labels, model->provenance, threads, seconds}, model, g_strdup(path)};
  return &self->base;
}

static GArray *
cut(const MgPredictor *base, const MgManifest *manifest)
{
  return mg_table_model_cut(((const Predictor *)base)->model, manifest);
}

static gboolean
predict_segments(MgPredictor *base, const MgManifest *manifest, const GArray *segments, MgPredictions *predictions,
                 MgProgress *progress, GError **error)
{
  Predictor *self = (Predictor *)base;
  g_autoptr(GArray) own = g_array_copy((GArray *)segments);
  g_autoptr(MgMatrix) x = mg_table_model_rows(self->model, self->path, manifest, own, base->threads, progress, error);
  if (!x)
    return FALSE;
  g_autoptr(MgMatrix) probabilities = mg_table_model_predict(self->model, x);
  for (guint i = 0; i < own->len; i++) {
    const MgSegment *segment = &g_array_index(own, MgSegment, i);
    const MgTrack *track = mg_manifest_track(manifest, segment->track);
    if (!mg_predictor_add(predictions, track->path, track->label, segment, mg_matrix_row(probabilities, i), error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
takes_sound(const Predictor *self, GError **error)
{
  if (!self->model->source)
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE,
                _("%s: learned from a table of numbers, not from sound; predict --table F.csv classifies such rows"),
                self->path);
  return self->model->source != NULL;
}

/* One file as a data set of one track, of no class. */
static MgManifest *
manifest_of(const char *path, GError **error)
{
  g_autoptr(MgDecoder) decoder = mg_decoder_open(path, error);
  if (!decoder)
    return NULL;
  double duration = mg_decoder_info(decoder)->duration;
  if (duration <= 0) {
    g_set_error(error, MG_ERROR, MG_ERROR_DATA, _("%s: no sound in it"), path);
    return NULL;
  }
  g_autofree char *absolute = g_canonicalize_filename(path, NULL);
  MgManifest *manifest = mg_manifest_new(absolute);
  mg_manifest_add(manifest, absolute, -1)->duration = duration;
  return manifest;
}

static gboolean
predict_file(MgPredictor *base, const char *path, MgPredictions *predictions, MgProgress *progress, GError **error)
{
  Predictor *self = (Predictor *)base;
  g_autoptr(MgManifest) manifest = takes_sound(self, error) ? manifest_of(path, error) : NULL;
  if (!manifest)
    return FALSE;
  g_autoptr(GArray) segments = cut(base, manifest);
  return predict_segments(base, manifest, segments, predictions, progress, error);
}

static gboolean
predict_sound(MgPredictor *base, const float *samples, size_t n, int sr, float *probabilities, GError **error)
{
  Predictor *self = (Predictor *)base;
  g_autoptr(MgMatrix) x = takes_sound(self, error) ? mg_matrix_new(1, self->model->columns->len, error) : NULL;
  if (!x || !mg_table_source_row(self->model->source, samples, n, sr, x->data, error))
    return FALSE;
  g_autoptr(MgMatrix) answer = mg_table_model_predict(self->model, x);
  memcpy(probabilities, answer->data, answer->cols * sizeof *probabilities);
  return TRUE;
}

static void
free_predictor(MgPredictor *base)
{
  Predictor *self = (Predictor *)base;
  mg_table_model_free(self->model);
  g_free(self->path);
  g_free(self);
}

const MgPredictorClass mg_predictor_table = {.kind = "table",
                                             .load = load,
                                             .cut = cut,
                                             .segments = predict_segments,
                                             .file = predict_file,
                                             .sound = predict_sound,
                                             .free = free_predictor};
