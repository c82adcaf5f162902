#include "dataset/front-end.h"
#include "base/error.h"
#include "dataset/segment.h"
#include "dsp/decibel.h"
#include "dsp/mel.h"
#include "dsp/stft.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static const MgParamSpec specs[] = {
    {"feature", MG_PARAM_CHOICE, "melspectrogram", 0, 0, "melspectrogram|stft", NULL, NULL,
     N_("Picture that a network sees")},
    {"sr", MG_PARAM_INT, "22050", 1000, 192000, NULL, "Hz", NULL, N_("Sample rate to which the sound is brought")},
};

const MgParamTable mg_front_end_params = MG_PARAM_TABLE("front-end", N_("Front end"), specs);

const MgParamTable *const *
mg_front_end_tables(void)
{
  static const MgParamTable *const tables[] = {&mg_front_end_params, &mg_stft_params,    &mg_mel_params,
                                               &mg_decibel_params,   &mg_segment_params, NULL};
  return tables;
}

/* Never changed once made: clones share it. */
typedef struct {
  MgParams *params;
  MgMelFilters *mel;        /* NULL: the picture is the spectrum itself */
  double exponent;          /* of the magnitude before the mel bands */
  double ref, amin, top_db; /* ref 0: the largest value */
  int sr;
  size_t samples, bins, frames;
} Plan;

struct MgFrontEnd {
  Plan *plan; /* counted */
  MgStft *stft;
  float *padded;  /* samples values */
  float *power;   /* one frame of the spectrum */
  float *columns; /* (frames, bins) */
};

static void
clear_plan(gpointer data)
{
  Plan *plan = data;
  mg_params_free(plan->params);
  mg_mel_filters_free(plan->mel);
}

static gboolean
read_decibels(Plan *plan, const MgParams *params, GError **error)
{
  const char *ref = mg_params_text(params, "ref");
  char *rest;
  plan->amin = mg_params_float_or(params, "amin", 1e-10);
  plan->top_db = mg_params_float_or(params, "top_db", -1);
  if (g_str_equal(ref, "max"))
    return TRUE;
  plan->ref = g_ascii_strtod(ref, &rest);
  if (rest != ref && !*rest && isfinite(plan->ref) && plan->ref > 0)
    return TRUE;
  g_set_error(error, MG_ERROR, MG_ERROR_USAGE, "ref=%s: expected max or a number above 0", ref);
  return FALSE;
}

static gboolean
size_picture(Plan *plan, const MgStft *stft, GError **error)
{
  const char *seconds = mg_params_text(plan->params, "segment_seconds");
  plan->samples = (size_t)llrint(mg_params_float(plan->params, "segment_seconds") * plan->sr);
  plan->frames = plan->samples ? mg_stft_frames(stft, plan->samples) : 0;
  plan->bins = plan->mel ? mg_mel_filters_n(plan->mel) : mg_stft_bins(stft);
  if (plan->frames == 0)
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, "segment_seconds=%s: too short for a frame of n_fft=%zu at sr=%d",
                seconds, mg_stft_n_fft(stft), plan->sr);
  else if (plan->bins > ((size_t)1 << 28) / plan->frames)
    g_set_error(error, MG_ERROR, MG_ERROR_LIMIT, "segment_seconds=%s: a picture of %zu x %zu values is beyond 1 GiB",
                seconds, plan->bins, plan->frames);
  else
    return TRUE;
  return FALSE;
}

static MgFrontEnd *
with_buffers(Plan *plan, MgStft *stft)
{
  MgFrontEnd *front_end = g_new0(MgFrontEnd, 1);
  front_end->plan = plan;
  front_end->stft = stft;
  front_end->padded = g_new(float, plan->samples);
  front_end->power = g_new(float, mg_stft_bins(stft));
  front_end->columns = g_new(float, plan->bins * plan->frames);
  return front_end;
}

MgFrontEnd *
mg_front_end_new(const MgParams *params, GError **error)
{
  g_autoptr(MgStft) stft = mg_stft_new(params, error);
  if (!stft)
    return NULL;
  Plan *plan = g_atomic_rc_box_new0(Plan);
  plan->params = mg_params_copy(params);
  plan->sr = (int)mg_params_int(params, "sr");
  plan->exponent = mg_params_float(params, "power");
  gboolean mel = g_str_equal(mg_params_text(params, "feature"), "melspectrogram");
  gboolean good = read_decibels(plan, params, error);
  if (good && mel)
    good = (plan->mel = mg_mel_filters_new(params, plan->sr, mg_stft_n_fft(stft), error)) != NULL;
  if (!good || !size_picture(plan, stft, error)) {
    g_atomic_rc_box_release_full(plan, clear_plan);
    return NULL;
  }
  return with_buffers(plan, g_steal_pointer(&stft));
}

MgFrontEnd *
mg_front_end_clone(const MgFrontEnd *front_end)
{
  MgStft *stft = mg_stft_new(front_end->plan->params, NULL); /* has been made from the same before */
  return with_buffers(g_atomic_rc_box_acquire(front_end->plan), stft);
}

void
mg_front_end_free(MgFrontEnd *front_end)
{
  if (!front_end)
    return;
  g_atomic_rc_box_release_full(front_end->plan, clear_plan);
  mg_stft_free(front_end->stft);
  g_free(front_end->padded);
  g_free(front_end->power);
  g_free(front_end->columns);
  g_free(front_end);
}

int
mg_front_end_sr(const MgFrontEnd *front_end)
{
  return front_end->plan->sr;
}

size_t
mg_front_end_samples(const MgFrontEnd *front_end)
{
  return front_end->plan->samples;
}

size_t
mg_front_end_bins(const MgFrontEnd *front_end)
{
  return front_end->plan->bins;
}

size_t
mg_front_end_frames(const MgFrontEnd *front_end)
{
  return front_end->plan->frames;
}

static void
frame_to_column(const Plan *plan, float *power, size_t spectrum_bins, float *column)
{
  if (!plan->mel) {
    memcpy(column, power, plan->bins * sizeof *column);
    return;
  }
  for (size_t i = 0; plan->exponent != 2 && i < spectrum_bins; i++)
    power[i] = powf(power[i], (float)plan->exponent / 2);
  mg_mel_filters_apply(plan->mel, power, column);
}

static void
to_decibels(const Plan *plan, float *values, size_t n)
{
  float ref = (float)plan->ref;
  for (size_t i = 0; plan->ref == 0 && i < n; i++)
    ref = MAX(ref, values[i]);
  mg_power_to_db(values, n, ref, plan->amin, plan->top_db);
}

static void
transpose(const float *columns, size_t bins, size_t frames, float *out)
{
  enum { BLOCK = 16 };
  for (size_t first = 0; first < frames; first += BLOCK)
    for (size_t b = 0; b < bins; b++)
      for (size_t f = first; f < MIN(first + BLOCK, frames); f++)
        out[b * frames + f] = columns[f * bins + b];
}

void
mg_front_end_segment(MgFrontEnd *front_end, const float *samples, size_t n, float *out)
{
  const Plan *plan = front_end->plan;
  if (n < plan->samples) {
    if (n)
      memcpy(front_end->padded, samples, n * sizeof *samples);
    memset(front_end->padded + n, 0, (plan->samples - n) * sizeof *samples);
    samples = front_end->padded;
  }
  for (size_t f = 0; f < plan->frames; f++) {
    mg_stft_power_frame(front_end->stft, samples, plan->samples, f, front_end->power);
    frame_to_column(plan, front_end->power, mg_stft_bins(front_end->stft), front_end->columns + f * plan->bins);
  }
  to_decibels(plan, front_end->columns, plan->bins * plan->frames);
  transpose(front_end->columns, plan->bins, plan->frames, out);
}
