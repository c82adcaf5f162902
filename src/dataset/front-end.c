#include "dataset/front-end.h"
#include "base/error.h"
#include "dsp/decibel.h"
#include "dsp/delta.h"
#include "dsp/feature.h"
#include "dsp/mel.h"
#include "dsp/resample.h"
#include "dsp/stft.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static const size_t most_values = 1 << 28; /* of a segment, of a picture: 1 GiB */

/* Never changed once made: clones share it. */
typedef struct {
  MgParams *params;
  const MgFeature *feature; /* NULL: the (mel) spectrogram, made here frame by frame */
  MgParams *feature_params;
  MgMelFilters *mel;        /* NULL: the picture is the spectrum itself */
  double exponent;          /* of the magnitude before the mel bands */
  double ref, amin, top_db; /* ref 0: the largest value */
  int sr;
  size_t samples, bins, frames;
} Plan;

struct MgFrontEnd {
  Plan *plan;     /* counted */
  MgStft *stft;   /* NULL where there is a feature */
  float *padded;  /* samples values; like those below made when first needed: reading a model asks for sizes alone */
  float *power;   /* one frame of the spectrum */
  float *columns; /* (frames, bins) */
};

static void
clear_plan(gpointer data)
{
  Plan *plan = data;
  mg_params_free(plan->params);
  mg_params_free(plan->feature_params);
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
  g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("ref=%s: expected max or a number above 0"), ref);
  return FALSE;
}

static gboolean
size_segment(Plan *plan, GError **error)
{
  plan->samples = (size_t)llrint(mg_params_float(plan->params, "segment_seconds") * plan->sr);
  const char *seconds = mg_params_text(plan->params, "segment_seconds");
  if (plan->samples == 0)
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("segment_seconds=%s: less than a sample at sr=%d"), seconds,
                plan->sr);
  else if (plan->samples > most_values)
    g_set_error(error, MG_ERROR, MG_ERROR_LIMIT, _("segment_seconds=%s: %zu samples at sr=%d are beyond 1 GiB"),
                seconds, plan->samples, plan->sr);
  else
    return TRUE;
  return FALSE;
}

static gboolean
check_picture(const Plan *plan, size_t n_fft, GError **error)
{
  const char *seconds = mg_params_text(plan->params, "segment_seconds");
  if (plan->frames == 0)
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("segment_seconds=%s: too short for a frame of n_fft=%zu at sr=%d"),
                seconds, n_fft, plan->sr);
  else if (plan->bins > most_values / plan->frames)
    g_set_error(error, MG_ERROR, MG_ERROR_LIMIT, _("segment_seconds=%s: a picture of %zu x %zu values is beyond 1 GiB"),
                seconds, plan->bins, plan->frames);
  else
    return TRUE;
  return FALSE;
}

static gboolean
plan_spectrum(Plan *plan, const MgStft *stft, gboolean mel, GError **error)
{
  plan->exponent = mg_params_float(plan->params, "power");
  if (mel && !(plan->mel = mg_mel_filters_new(plan->params, plan->sr, mg_stft_n_fft(stft), error)))
    return FALSE;
  plan->frames = mg_stft_frames(stft, plan->samples);
  plan->bins = plan->mel ? mg_mel_filters_n(plan->mel) : mg_stft_bins(stft);
  return check_picture(plan, mg_stft_n_fft(stft), error);
}

/* The values of a feature for one segment, in decibels where that is what it is looked at in. */
static MgMatrix *
feature_values(const Plan *plan, const float *samples, GError **error)
{
  g_autoptr(MgMatrix) values =
      mg_feature_compute(plan->feature, samples, plan->samples, plan->sr, plan->feature_params, error);
  MgFeatureScale scale = plan->feature->scale;
  if (values && scale != MG_SCALE_LINEAR && !mg_matrix_to_db(values, scale == MG_SCALE_AMPLITUDE, plan->params, error))
    return NULL;
  return g_steal_pointer(&values);
}

/* The values with their changes over time below them. */
static MgMatrix *
with_deltas(const Plan *plan, const float *samples, GError **error)
{
  g_autoptr(MgMatrix) values = feature_values(plan, samples, error);
  int orders = (int)mg_params_int(plan->params, "deltas");
  if (!values || orders == 0)
    return g_steal_pointer(&values);
  g_autoptr(MgMatrix) all = mg_matrix_new(values->rows * (1 + orders), values->cols, error);
  if (!all)
    return NULL;
  size_t n = values->rows * values->cols;
  memcpy(all->data, values->data, n * sizeof *all->data);
  for (int order = 1; order <= orders; order++) {
    g_autoptr(MgMatrix) delta = mg_delta(values, mg_params_int(plan->params, "width"), order, error);
    if (!delta)
      return NULL;
    memcpy(all->data + order * n, delta->data, n * sizeof *all->data);
  }
  return g_steal_pointer(&all);
}

/* Only the feature itself knows its size: silence tells. */
static gboolean
plan_feature(Plan *plan, const MgFeature *feature, GError **error)
{
  plan->feature = feature;
  plan->feature_params = mg_feature_params(feature);
  char sr[16];
  g_snprintf(sr, sizeof sr, "%d", plan->sr);
  if (!mg_params_take_changed(plan->feature_params, plan->params, error) ||
      !mg_params_set(plan->feature_params, "sr", sr, error))
    return FALSE;
  g_autofree float *silence = g_new0(float, plan->samples);
  g_autoptr(MgMatrix) values = with_deltas(plan, silence, error);
  if (!values) {
    g_prefix_error(error, "feature=%s, segment_seconds=%s: ", feature->name,
                   mg_params_text(plan->params, "segment_seconds"));
    return FALSE;
  }
  plan->bins = values->rows;
  plan->frames = values->cols;
  return TRUE;
}

static MgFrontEnd *
with_plan(Plan *plan, MgStft *stft)
{
  MgFrontEnd *front_end = g_new0(MgFrontEnd, 1);
  front_end->plan = plan;
  front_end->stft = stft;
  return front_end;
}

static gboolean
make_plan(Plan *plan, MgStft **stft, GError **error)
{
  const MgParams *params = plan->params;
  const MgFeature *feature = mg_feature_find(mg_params_text(params, "feature"), error);
  if (!feature || !read_decibels(plan, params, error) || !size_segment(plan, error))
    return FALSE;
  gboolean mel = g_str_equal(feature->name, "melspectrogram");
  if ((!mel && !g_str_equal(feature->name, "stft")) || mg_params_int(params, "deltas") > 0)
    return plan_feature(plan, feature, error);
  *stft = mg_stft_new(params, error);
  return *stft && plan_spectrum(plan, *stft, mel, error);
}

MgFrontEnd *
mg_front_end_new(const MgParams *params, GError **error)
{
  g_autoptr(MgStft) stft = NULL;
  Plan *plan = g_atomic_rc_box_new0(Plan);
  plan->params = mg_params_copy(params);
  plan->sr = (int)mg_params_int(params, "sr");
  if (make_plan(plan, &stft, error))
    return with_plan(plan, g_steal_pointer(&stft));
  g_atomic_rc_box_release_full(plan, clear_plan);
  return NULL;
}

MgFrontEnd *
mg_front_end_clone(const MgFrontEnd *front_end)
{
  MgStft *stft = front_end->stft ? mg_stft_new(front_end->plan->params, NULL) : NULL; /* was made before */
  return with_plan(g_atomic_rc_box_acquire(front_end->plan), stft);
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

static void
spectrum_segment(MgFrontEnd *front_end, const float *samples, float *out)
{
  const Plan *plan = front_end->plan;
  if (!front_end->columns) {
    front_end->power = g_new(float, mg_stft_bins(front_end->stft));
    front_end->columns = g_new(float, plan->bins * plan->frames);
  }
  for (size_t f = 0; f < plan->frames; f++) {
    mg_stft_power_frame(front_end->stft, samples, plan->samples, f, front_end->power);
    frame_to_column(plan, front_end->power, mg_stft_bins(front_end->stft), front_end->columns + f * plan->bins);
  }
  to_decibels(plan, front_end->columns, plan->bins * plan->frames);
  transpose(front_end->columns, plan->bins, plan->frames, out);
}

/* Parameters and size have been tried on silence: what is missing is a feature's fault, and shows as zeros. */
static void
feature_segment(const Plan *plan, const float *samples, float *out)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(MgMatrix) values = with_deltas(plan, samples, &error);
  size_t n = plan->bins * plan->frames;
  gboolean fits = values && values->rows == plan->bins && values->cols == plan->frames;
  if (!fits)
    g_warning("%s: %s", plan->feature->name, error ? error->message : "another size for another sound");
  for (size_t i = 0; i < n; i++)
    out[i] = fits && isfinite(values->data[i]) ? values->data[i] : 0;
}

void
mg_front_end_segment(MgFrontEnd *front_end, const float *samples, size_t n, float *out)
{
  const Plan *plan = front_end->plan;
  if (n < plan->samples) {
    if (!front_end->padded)
      front_end->padded = g_new(float, plan->samples);
    if (n)
      memcpy(front_end->padded, samples, n * sizeof *samples);
    memset(front_end->padded + n, 0, (plan->samples - n) * sizeof *samples);
    samples = front_end->padded;
  }
  if (plan->feature)
    feature_segment(plan, samples, out);
  else
    spectrum_segment(front_end, samples, out);
}

gboolean
mg_front_end_sound(MgFrontEnd *front_end, const float *samples, size_t n, int sr, float *out, GError **error)
{
  size_t wanted = 0;
  g_autofree float *resampled = mg_resample(samples, n, sr, mg_front_end_sr(front_end), &wanted, error);
  if (!resampled)
    return FALSE;
  mg_front_end_segment(front_end, resampled, MIN(wanted, mg_front_end_samples(front_end)), out);
  return TRUE;
}
