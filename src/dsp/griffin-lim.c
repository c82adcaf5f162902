#include "dsp/istft.h"
#include "base/error.h"
#include <float.h>
#include <glib/gi18n-lib.h>
#include <math.h>

static const MgParamSpec specs[] = {
    {"n_iter", MG_PARAM_INT, "32", 0, 10000, NULL, NULL, NULL, N_("Rounds in which the phases are improved")},
    {"momentum", MG_PARAM_FLOAT, "0.99", 0, 10, NULL, NULL, NULL,
     N_("How far a round goes on in the direction of the one before; 0 is the plain method")},
};
const MgParamTable mg_griffin_lim_params = MG_PARAM_TABLE("griffin_lim", N_("Griffin-Lim"), specs);

static void
random_phases(MgSpectra *spectra, const MgMatrix *magnitude, MgRng *rng)
{
  for (size_t frame = 0; frame < magnitude->cols; frame++)
    for (size_t bin = 0; bin < magnitude->rows; bin++) {
      float angle = mg_rng_between(rng, 0, (float)(2 * G_PI)), size = mg_matrix_row(magnitude, bin)[frame];
      mg_matrix_row(spectra->real, frame)[bin] = size * cosf(angle);
      mg_matrix_row(spectra->imaginary, frame)[bin] = size * sinf(angle);
    }
}

/* The phases of rebuilt - fraction * before, with the wanted magnitudes. */
static void
next_estimate(MgSpectra *estimate, const MgSpectra *rebuilt, const MgSpectra *before, float fraction,
              const MgMatrix *magnitude)
{
  for (size_t frame = 0; frame < magnitude->cols; frame++) {
    const float *re = mg_matrix_row(rebuilt->real, frame), *im = mg_matrix_row(rebuilt->imaginary, frame);
    const float *old_re = mg_matrix_row(before->real, frame), *old_im = mg_matrix_row(before->imaginary, frame);
    float *out_re = mg_matrix_row(estimate->real, frame), *out_im = mg_matrix_row(estimate->imaginary, frame);
    for (size_t bin = 0; bin < magnitude->rows; bin++) {
      float x = re[bin] - fraction * old_re[bin], y = im[bin] - fraction * old_im[bin];
      float scale = mg_matrix_row(magnitude, bin)[frame] / (sqrtf(x * x + y * y) + FLT_MIN);
      out_re[bin] = scale * x;
      out_im[bin] = scale * y;
    }
  }
}

static gboolean
improve(MgSpectra *estimate, MgSpectra *rebuilt, const MgSpectra *before, float fraction, const MgMatrix *magnitude,
        const MgParams *params, size_t length, int threads, GError **error)
{
  size_t n;
  g_autofree float *sound = mg_istft(estimate, params, length, threads, &n, error);
  if (!sound || !mg_stft_complex_into(rebuilt, sound, n, params, threads, error))
    return FALSE;
  next_estimate(estimate, rebuilt, before, fraction, magnitude);
  return TRUE;
}

/* Whether a sound of `length` samples (0: any) has as many frames and bins as the magnitudes. */
static gboolean
check(const MgMatrix *magnitude, const MgParams *params, size_t length, GError **error)
{
  g_autoptr(MgStft) stft = mg_stft_new(params, error);
  if (!stft)
    return FALSE;
  size_t frames = length ? mg_stft_frames(stft, length) : magnitude->cols;
  if (mg_stft_bins(stft) == magnitude->rows && frames == magnitude->cols)
    return TRUE;
  g_set_error(error, MG_ERROR, MG_ERROR_USAGE,
              _("n_fft=%zu: magnitudes of %zu x %zu bins and frames do not fit; expected %zu x %zu"),
              mg_stft_n_fft(stft), magnitude->rows, magnitude->cols, mg_stft_bins(stft), frames);
  return FALSE;
}

float *
mg_griffin_lim(const MgMatrix *magnitude, const MgParams *params, size_t length, MgRng *rng, int threads, size_t *n_out,
               GError **error)
{
  if (!check(magnitude, params, length, error))
    return NULL;
  size_t frames = magnitude->cols, bins = magnitude->rows;
  g_autoptr(MgSpectra) estimate = mg_spectra_new(frames, bins, error);
  g_autoptr(MgSpectra) rebuilt = estimate ? mg_spectra_new(frames, bins, error) : NULL;
  g_autoptr(MgSpectra) before = rebuilt ? mg_spectra_new(frames, bins, error) : NULL;
  if (!before)
    return NULL;
  double momentum = mg_params_float(params, "momentum");
  random_phases(estimate, magnitude, rng);
  for (gint64 i = 0; i < mg_params_int(params, "n_iter"); i++) {
    if (!improve(estimate, rebuilt, before, (float)(momentum / (1 + momentum)), magnitude, params, length, threads,
                 error))
      return NULL;
    MgSpectra *swapped = rebuilt;
    rebuilt = before;
    before = swapped;
  }
  return mg_istft(estimate, params, length, threads, n_out, error);
}
