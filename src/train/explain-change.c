#include "train/explain-change.h"
#include "train/explain-evidence.h"
#include "base/error.h"
#include "dataset/clip.h"
#include "dataset/front-end.h"
#include "dsp/resample.h"
#include "nn/loss.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static const MgParamSpec specs[] = {
    {"gain", MG_PARAM_FLOAT, "0", -60, 60, NULL, "dB", NULL, N_("Makes the sound louder; it is clipped at full scale")},
    {"pitch", MG_PARAM_FLOAT, "0", -24, 24, NULL, N_("semitones"), NULL,
     N_("Plays the sound faster or slower: pitch and tempo change together")},
    {"offset", MG_PARAM_FLOAT, "0", -3600, 3600, NULL, "s", NULL, N_("Lets the segment begin later in the track")},
    {"n_mels", MG_PARAM_INT, "auto", 1, 4096, NULL, NULL, N_("as trained"),
     N_("Mel bands, where the network takes any number")},
};
const MgParamTable mg_explain_change_params = MG_PARAM_TABLE("change", N_("What if"), specs);

gboolean
mg_explain_unchanged(const MgParams *params)
{
  for (size_t i = 0; i < G_N_ELEMENTS(specs); i++)
    if (!mg_params_is_default(params, specs[i].name))
      return FALSE;
  return TRUE;
}

/* The sound as it is heard faster by `factor`. */
static gboolean
read_sound(MgClip *clip, const char *file, double start, double seconds, int sr, double factor, GError **error)
{
  if (!mg_clip_load(clip, file, start, start + seconds * factor, sr, error))
    return FALSE;
  int from = (int)lrint(sr * factor);
  size_t n;
  float *heard = from == sr ? NULL : mg_resample(clip->samples, clip->n, from, sr, &n, error);
  if (from == sr || !heard)
    return from == sr;
  g_free(clip->samples);
  clip->samples = heard;
  clip->n = n;
  return TRUE;
}

static void
amplify(MgClip *clip, double gain)
{
  float factor = (float)pow(10, gain / 20);
  for (size_t i = 0; gain != 0 && i < clip->n; i++)
    clip->samples[i] = CLAMP(factor * clip->samples[i], -1, 1);
}

/* What is muted in a picture that no sound can be made of takes the training pictures' mean. */
static void
mute_picture(MgSeen *seen, const MgMatrix *kept)
{
  size_t n = seen->x->rows * seen->x->cols, classes = seen->model->labels->len;
  for (size_t i = 0; i < n; i++)
    seen->x->data[i] *= kept->data[i];
  memcpy(seen->logits, mg_network_forward(seen->model->network, seen->x->data, 1, FALSE, NULL),
         classes * sizeof(float));
  mg_softmax(seen->logits, 1, (int)classes, seen->probabilities);
}

static MgSeen *
mute(MgSeen *seen, const MgMatrix *kept, GError **error)
{
  if (!mg_seen_has_bands(seen->model)) {
    mute_picture(seen, kept);
    return seen;
  }
  g_autoptr(MgSeen) whole = seen;
  g_autofree float *sound = mg_evidence_sound(whole, kept, error);
  return sound ? mg_seen_of_samples(whole->model, sound, whole->n_samples, error) : NULL;
}

MgSeen *
mg_explain_change(MgModel *model, const char *file, double start, const MgParams *params, const MgMatrix *kept,
                  GError **error)
{
  g_auto(MgClip) clip = {0};
  int sr = (int)mg_params_int(model->front_end, "sr");
  double seconds = mg_params_float(model->front_end, "segment_seconds");
  double factor = exp2(mg_params_float(params, "pitch") / 12);
  start = MAX(start + mg_params_float(params, "offset"), 0);
  if (!read_sound(&clip, file, start, seconds, sr, factor, error))
    return NULL;
  amplify(&clip, mg_params_float(params, "gain"));
  MgSeen *seen = mg_seen_of_samples(model, clip.samples, clip.n, error);
  if (seen && kept)
    seen = mute(seen, kept, error);
  if (seen) {
    seen->start = start;
    seen->end = start + seconds * factor;
  }
  return seen;
}

static gboolean
same_size(const MgTensor *a, const MgTensor *b)
{
  return a->dimensions == b->dimensions && memcmp(a->shape, b->shape, a->dimensions * sizeof *a->shape) == 0;
}

static gboolean
copy_weights(const MgModel *from, MgModel *to, int n_mels, GError **error)
{
  const GPtrArray *own = mg_network_tensors(from->network), *other = mg_network_tensors(to->network);
  for (guint i = 0; i < own->len; i++) {
    const MgTensor *tensor = own->pdata[i];
    if (i >= other->len || !same_size(tensor, other->pdata[i])) {
      g_set_error(error, MG_ERROR, MG_ERROR_USAGE,
                  _("n_mels=%d: “%s” is tied to the bands that the network was trained on; expected %d"), n_mels,
                  tensor->name, mg_network_input(from->network).height);
      return FALSE;
    }
    memcpy(((MgTensor *)other->pdata[i])->data, tensor->data, tensor->n * sizeof(float));
  }
  mg_network_tensors(to->network); /* plans forget the weights they were made of */
  return TRUE;
}

MgModel *
mg_explain_with_bands(const MgModel *model, int n_mels, GError **error)
{
  g_autoptr(MgParams) params = mg_params_copy(model->front_end);
  mg_params_set_int(params, "n_mels", n_mels);
  if (!g_str_equal(mg_params_text(params, "feature"), "melspectrogram") || model->scales != 1) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("n_mels=%d: the model's pictures are no mel spectrograms"), n_mels);
    return NULL;
  }
  g_autoptr(MgModel) other = mg_model_new(mg_network_description(model->network), mg_network_name(model->network),
                                          params, model->labels, 0, error);
  if (!other || !copy_weights(model, other, n_mels, error))
    return NULL;
  other->means[0] = model->means[0];
  other->deviations[0] = model->deviations[0];
  return g_steal_pointer(&other);
}
