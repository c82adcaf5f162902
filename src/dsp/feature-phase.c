#include "dsp/feature-table.h"
#include "dsp/stft.h"
#include <glib/gi18n-lib.h>
#include <math.h>

static const MgParamTable *const tables[] = {&mg_stft_params, NULL};

/* numpy.angle(librosa.stft(…)). */
static MgMatrix *
compute(const float *samples, size_t n, int sr, const MgParams *params, GError **error)
{
  g_autoptr(MgSpectra) spectra = mg_stft_complex(samples, n, params, 0, error);
  MgMatrix *phase = spectra ? mg_matrix_new(spectra->real->cols, spectra->real->rows, error) : NULL;
  for (size_t frame = 0; phase && frame < phase->cols; frame++) {
    const float *real = mg_matrix_row(spectra->real, frame), *imaginary = mg_matrix_row(spectra->imaginary, frame);
    for (size_t bin = 0; bin < phase->rows; bin++)
      mg_matrix_row(phase, bin)[frame] = atan2f(imaginary[bin], real[bin]);
  }
  return phase;
}

const MgFeature mg_feature_phase = {
    .name = "phase",
    .title = N_("Phase"),
    .tables = tables,
    .kind = MG_FEATURE_PICTURE,
    .axis = MG_AXIS_HZ,
    .scale = MG_SCALE_LINEAR,
    .unit = "rad",
    .compute = compute,
};
