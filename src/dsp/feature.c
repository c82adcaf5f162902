#include "dsp/feature.h"
#include "base/error.h"
#include "dsp/feature-table.h"
#include "dsp/samples.h"
#include "dsp/stft.h"
#include <glib/gi18n-lib.h>

static const MgParamSpec audio_specs[] = {
    {"sr", MG_PARAM_TEXT, "22050", 0, 0, NULL, "Hz", NULL,
     N_("Sample rate to which the sound is brought; native leaves the file's own")},
};
const MgParamTable mg_audio_params = MG_PARAM_TABLE("audio", N_("Sound"), audio_specs);

/* One line a feature. */
static const MgFeature *const features[] = {
    &mg_feature_stft,
    &mg_feature_phase,
    &mg_feature_melspectrogram,
    &mg_feature_chroma_stft,
    &mg_feature_chroma_cqt,
    &mg_feature_chroma_cens,
    &mg_feature_cqt,
    &mg_feature_tonnetz,
    &mg_feature_mfcc,
    &mg_feature_delta,
    &mg_feature_spectral_centroid,
    &mg_feature_spectral_bandwidth,
    &mg_feature_spectral_rolloff,
    &mg_feature_spectral_contrast,
    &mg_feature_spectral_flatness,
    &mg_feature_zero_crossing_rate,
    &mg_feature_rms,
    &mg_feature_onset_strength,
    &mg_feature_onset_detect,
    &mg_feature_tempogram,
    &mg_feature_tempo,
    &mg_feature_beat_track,
    &mg_feature_hpss_harmonic,
    &mg_feature_hpss_percussive,
    &mg_feature_harmonic,
    &mg_feature_percussive,
    &mg_feature_harmonic_power,
    &mg_feature_percussive_power,
    &mg_feature_yin,
    &mg_feature_pyin,
    NULL,
};

const MgFeature *const *
mg_features(void)
{
  return features;
}

const MgFeature *
mg_feature_find(const char *name, GError **error)
{
  g_autoptr(GString) names = g_string_new(NULL);
  for (size_t i = 0; features[i]; i++) {
    if (g_str_equal(features[i]->name, name))
      return features[i];
    g_string_append_printf(names, "%s%s", i ? ", " : "", features[i]->name);
  }
  g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("there is no feature “%s”; expected one of %s"), name, names->str);
  return NULL;
}

MgParams *
mg_feature_params(const MgFeature *feature)
{
  g_autoptr(GPtrArray) tables = g_ptr_array_new();
  g_ptr_array_add(tables, (gpointer)&mg_audio_params);
  for (size_t i = 0; feature->tables[i]; i++)
    g_ptr_array_add(tables, (gpointer)feature->tables[i]);
  g_ptr_array_add(tables, NULL);
  return mg_params_new((const MgParamTable *const *)tables->pdata);
}

gboolean
mg_audio_params_sr(const MgParams *params, int *sr, GError **error)
{
  const char *text = mg_params_text(params, "sr");
  *sr = 0;
  if (g_str_equal(text, "native"))
    return TRUE;
  guint64 value;
  if (g_ascii_string_to_unsigned(text, 10, 100, 768000, &value, NULL)) {
    *sr = (int)value;
    return TRUE;
  }
  g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("sr=%s: expected a whole number from 100 to 768000, or native"), text);
  return FALSE;
}

MgMatrix *
mg_feature_compute(const MgFeature *feature, const float *samples, size_t n, int sr, const MgParams *params,
                   GError **error)
{
  if (n == 0) {
    g_set_error(error, MG_ERROR, MG_ERROR_DATA, _("%s: expected at least one sample, there is none"), feature->name);
    return NULL;
  }
  if (feature->derive) {
    g_autoptr(MgMatrix) source = mg_feature_compute(feature->source, samples, n, sr, params, error);
    return source ? feature->derive(source, sr, params, error) : NULL;
  }
  g_autofree float *copy = NULL;
  if (!feature->repairs && !mg_samples_usable(samples, n) && !(samples = copy = mg_samples_repair(samples, n, error)))
    return NULL;
  return feature->compute(samples, n, sr, params, error);
}

size_t
mg_feature_hop(const MgParams *params)
{
  gint64 quarter = 512; /* librosa's hop_length where there is no n_fft to take a quarter of */
  if (mg_params_has(params, "n_fft")) {
    gint64 n_fft = mg_params_int(params, "n_fft");
    quarter = MAX(1, mg_params_int_or(params, "win_length", n_fft) / 4);
  }
  return mg_params_int_or(params, "hop_length", quarter);
}

double
mg_feature_frame_seconds(const MgParams *params, int sr, size_t frame)
{
  gboolean center = !mg_params_has(params, "center") || mg_params_bool(params, "center");
  const char *length = mg_params_has(params, "n_fft") ? "n_fft" : "frame_length";
  double first = center ? 0 : mg_params_int(params, length) / 2.0;
  return (first + (double)frame * mg_feature_hop(params)) / sr;
}
