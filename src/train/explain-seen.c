#include "train/explain-seen.h"
#include "train/file-segments.h"
#include "train/train-data.h"
#include "base/error.h"
#include "dataset/front-end.h"
#include "dsp/mel.h"
#include "nn/loss.h"
#include <glib/gi18n-lib.h>
#include <string.h>

void
mg_seen_free(MgSeen *seen)
{
  if (!seen)
    return;
  g_free(seen->samples);
  mg_matrix_free(seen->picture);
  mg_matrix_free(seen->x);
  g_free(seen->logits);
  g_free(seen->probabilities);
  g_free(seen);
}

/* The network's input is what the front end gives: the model was made so. */
static gboolean
look(MgSeen *seen, MgFrontEnd *front_end, GError **error)
{
  MgModel *model = seen->model;
  int classes = (int)model->labels->len;
  MgShape shape = mg_network_input(model->network);
  seen->picture = mg_matrix_new(shape.height, shape.width, error);
  if (!seen->picture)
    return FALSE;
  mg_front_end_segment(front_end, seen->samples, seen->n_samples, seen->picture->data);
  seen->x = mg_matrix_copy(seen->picture);
  mg_model_normalise(model, seen->picture->data, mg_shape_size(shape), seen->x->data);
  seen->logits = g_memdup2(mg_network_forward(model->network, seen->x->data, 1, FALSE, NULL), classes * sizeof(float));
  seen->probabilities = g_new(float, classes);
  mg_softmax(seen->logits, 1, classes, seen->probabilities);
  return TRUE;
}

MgSeen *
mg_seen_of_samples(MgModel *model, const float *samples, size_t n, GError **error)
{
  g_autoptr(MgFrontEnd) front_end = mg_front_end_new(model->front_end, error);
  if (!front_end)
    return NULL;
  g_autoptr(MgSeen) seen = g_new0(MgSeen, 1);
  seen->model = model;
  seen->n_samples = mg_front_end_samples(front_end);
  seen->samples = g_new0(float, seen->n_samples);
  if (n)
    memcpy(seen->samples, samples, MIN(n, seen->n_samples) * sizeof *samples);
  seen->end = seen->n_samples / (double)mg_front_end_sr(front_end);
  return look(seen, front_end, error) ? g_steal_pointer(&seen) : NULL;
}

MgSeen *
mg_seen_load(MgModel *model, const char *file, double track_start, double track_end, int part, GError **error)
{
  g_autoptr(MgFileSegments) segments = mg_file_segments_open(file, track_start, track_end, model->front_end, error);
  if (!segments)
    return NULL;
  size_t n = mg_file_segments_n(segments);
  if (part < 1 || (size_t)part > n) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("%s: there is no part %d; expected 1 to %zu"), file, part, n);
    return NULL;
  }
  g_auto(MgClip) clip = {0};
  if (!mg_file_segments_sound(segments, part - 1, &clip, error))
    return NULL;
  MgSeen *seen = mg_seen_of_samples(model, clip.samples, clip.n, error);
  if (seen) {
    seen->start = mg_file_segments_get(segments, part - 1)->start;
    seen->end += seen->start;
  }
  return seen;
}

void
mg_seen_fill_nothing(const MgSeen *seen, gboolean mean, float *x)
{
  const MgModel *model = seen->model;
  size_t n = seen->picture->rows * seen->picture->cols;
  gboolean decibels = mg_front_end_gives_decibels(model->front_end);
  float silence =
      decibels ? mg_train_silence(seen->picture->data, n, mg_params_float_or(model->front_end, "top_db", -1)) : 0;
  for (size_t i = 0; i < n; i++)
    x[i] = silence;
  if (mean || !decibels)
    memset(x, 0, n * sizeof *x);
  else
    mg_model_normalise(model, x, n, x);
}

gboolean
mg_seen_has_bands(const MgModel *model)
{
  const char *feature = mg_params_text(model->front_end, "feature");
  return mg_params_int(model->front_end, "deltas") == 0 &&
         (g_str_equal(feature, "melspectrogram") || g_str_equal(feature, "stft"));
}

/* A mel band reaches from the middle of the one below to the middle of the one above; rows meet half way. */
double
mg_seen_row_hz(const MgModel *model, double row)
{
  const MgParams *front_end = model->front_end;
  double half_rate = mg_params_float(front_end, "sr") / 2, rows = mg_network_input(model->network).height;
  if (!g_str_equal(mg_params_text(front_end, "feature"), "melspectrogram"))
    return CLAMP((row - 0.5) / (rows - 1), 0, 1) * half_rate;
  gboolean htk = mg_params_bool(front_end, "htk");
  double low = mg_hz_to_mel(mg_params_float(front_end, "fmin"), htk);
  double high = mg_hz_to_mel(MIN(mg_params_float_or(front_end, "fmax", half_rate), half_rate), htk);
  return mg_mel_to_hz(low + (row + 0.5) * (high - low) / (rows + 1), htk);
}

gboolean
mg_seen_find_class(const MgModel *model, const char *name, int *label, GError **error)
{
  g_autoptr(GString) names = g_string_new(NULL);
  for (guint i = 0; i < model->labels->len; i++) {
    const char *each = model->labels->pdata[i];
    *label = (int)i;
    if (g_str_equal(each, name))
      return TRUE;
    g_string_append_printf(names, "%s%s", i ? ", " : "", each);
  }
  g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("there is no class “%s”; the model has %s"), name, names->str);
  return FALSE;
}
