#include "dsp/spectral.h"

typedef struct {
  MgSpectralAxis axis;
  double exponent;
  MgSpectralFunc func;
  gconstpointer data;
} Job;

static void
make_value(float *power, size_t bins, float *out, gpointer data)
{
  const Job *job = data;
  mg_power_raise(power, bins, job->exponent);
  *out = job->func(power, &job->axis, job->data);
}

MgMatrix *
mg_spectral_curve(const float *samples, size_t n, int sr, const MgParams *params, gboolean precise, double exponent,
                  MgSpectralFunc func, gconstpointer data, GError **error)
{
  gint64 n_fft = mg_params_int(params, "n_fft");
  size_t bins = n_fft / 2 + 1;
  g_autofree float *bin = g_new(float, bins);
  for (size_t i = 0; i < bins; i++)
    bin[i] = i;
  Job job = {{bins, (double)sr / n_fft, bin}, exponent, func, data};
  return (precise ? mg_stft_map_frames_precise : mg_stft_map_frames)(samples, n, params, 1, make_value, &job, 0, error);
}
