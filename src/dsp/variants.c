#include "dsp/variants.h"
#include "base/error.h"
#include "dsp/decibel.h"
#include "dsp/feature.h"
#include "dsp/mel.h"
#include "dsp/stft.h"
#include <glib/gi18n-lib.h>

#define VALUES 6

static const struct {
  const char *name;
  gint64 values[VALUES];
} ladders[] = {
    {"n_mels", {16, 32, 64, 128, 256, 512}},
    {"n_fft", {256, 512, 1024, 2048, 4096, 8192}},
};

static void
free_variant(gpointer data)
{
  MgVariant *variant = data;
  mg_matrix_free(variant->levels);
  g_free(variant);
}

MgParams *
mg_variants_params(void)
{
  static const MgParamTable *const tables[] = {&mg_audio_params, &mg_stft_params, &mg_mel_params, &mg_decibel_params,
                                               NULL};
  return mg_params_new(tables);
}

static const gint64 *
find_ladder(const char *over, GError **error)
{
  for (size_t i = 0; i < G_N_ELEMENTS(ladders); i++)
    if (g_strcmp0(ladders[i].name, over) == 0)
      return ladders[i].values;
  g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("%s: expected n_mels or n_fft"), over ? over : "");
  return NULL;
}

static MgVariant *
new_variant(const float *samples, size_t n, int sr, const MgParams *params, gint64 value, GError **error)
{
  gboolean amplitude = mg_params_float(params, "power") == 1;
  g_autoptr(MgMatrix) levels = mg_mel_spectrogram(samples, n, sr, params, 0, error);
  g_autoptr(MgMelFilters) filters =
      levels ? mg_mel_filters_new(params, sr, (size_t)mg_params_int(params, "n_fft"), error) : NULL;
  if (!filters || !mg_matrix_to_db(levels, amplitude, params, error))
    return NULL;
  MgVariant *variant = g_new0(MgVariant, 1);
  variant->value = value;
  variant->empty = mg_mel_filters_empty(filters);
  variant->first_time = mg_feature_frame_seconds(params, sr, 0);
  variant->frame_step = mg_feature_frame_seconds(params, sr, 1) - variant->first_time;
  variant->levels = g_steal_pointer(&levels);
  return variant;
}

GPtrArray *
mg_variants_new(const float *samples, size_t n, int sr, const MgParams *params, const char *over, MgProgress *progress,
                GError **error)
{
  g_autoptr(GPtrArray) variants = g_ptr_array_new_with_free_func(free_variant);
  const gint64 *values = find_ladder(over, error);
  for (int i = 0; values && i < VALUES; i++) {
    g_autoptr(MgParams) changed = mg_variants_params();
    mg_params_take(changed, params);
    mg_params_set_int(changed, over, values[i]);
    if (g_str_equal(over, "n_fft") && mg_params_int_or(changed, "win_length", 0) > values[i])
      mg_params_set(changed, "win_length", "auto", NULL); /* a window fits into its transform */
    MgVariant *variant =
        mg_progress_go_on(progress, error) ? new_variant(samples, n, sr, changed, values[i], error) : NULL;
    if (!variant)
      return NULL;
    g_ptr_array_add(variants, variant);
    mg_progress_report(progress, (i + 1.0) / VALUES, NULL);
  }
  return values ? g_steal_pointer(&variants) : NULL;
}
