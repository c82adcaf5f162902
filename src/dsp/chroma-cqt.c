#include "dsp/chroma-cqt.h"
#include "base/error.h"
#include "dsp/chroma.h"
#include "dsp/cqt.h"
#include "dsp/tuning.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static const MgParamSpec cq_specs[] = {
    {"hop_length", MG_PARAM_INT, "512", 32, 1048576, NULL, "samples", NULL, N_("Samples from one frame to the next")},
    {"fmin", MG_PARAM_FLOAT, "auto", 1, 96000, NULL, "Hz", N_("32.7 Hz, the note C1"),
     N_("Frequency of the lowest bin")},
    {"n_octaves", MG_PARAM_INT, "7", 1, 10, NULL, NULL, NULL, N_("Octaves that are looked at")},
    {"bins_per_octave", MG_PARAM_INT, "36", 12, 96, NULL, NULL, NULL, N_("Bins in an octave, a multiple of 12")},
    {"tuning", MG_PARAM_FLOAT, "auto", -12, 12, NULL, "bins", N_("estimated from the sound"),
     N_("How far the sound's notes lie above those of A = 440 Hz")},
};
const MgParamTable mg_cq_params = MG_PARAM_TABLE("cqt", N_("Constant-Q transform"), cq_specs);

static const MgParamSpec chroma_specs[] = {
    {"norm", MG_PARAM_CHOICE, "inf", 0, 0, MG_NORM_CHOICES, NULL, NULL,
     N_("What is 1 in every frame: inf the largest value, 1 the sum, 2 the length, none nothing")},
    {"threshold", MG_PARAM_FLOAT, "0", 0, 1000, NULL, NULL, NULL, N_("Energies below this count as 0")},
};
const MgParamTable mg_chroma_cqt_params = MG_PARAM_TABLE("chroma_cqt", N_("Chroma"), chroma_specs);

static const MgParamSpec cens_specs[] = {
    {"norm", MG_PARAM_CHOICE, "2", 0, 0, MG_NORM_CHOICES, NULL, NULL,
     N_("What is 1 in every frame: inf the largest value, 1 the sum, 2 the length, none nothing")},
    {"win_len_smooth", MG_PARAM_INT, "41", 0, 10000, NULL, "frames", NULL,
     N_("Length of the window that smooths over time; 0 does not smooth")},
};
const MgParamTable mg_chroma_cens_params = MG_PARAM_TABLE("chroma_cens", N_("Chroma"), cens_specs);

static MgCqtSpec
read_spec(const MgParams *params)
{
  MgCqtSpec spec = mg_cqt_spec(NULL);
  spec.hop_length = mg_params_int(params, "hop_length");
  spec.fmin = mg_params_float_or(params, "fmin", spec.fmin);
  spec.bins_per_octave = (int)mg_params_int(params, "bins_per_octave");
  spec.n_bins = (size_t)(mg_params_int(params, "n_octaves") * spec.bins_per_octave);
  return spec;
}

/* librosa.filters.cq_to_chroma: the bins nearest to each note of the equal temperament. */
static guint8 *
class_of_bins(const MgCqtSpec *spec)
{
  int merge = spec->bins_per_octave / MG_CHROMA;
  double note = 12 * log2(spec->fmin / 440) + 69;
  int lowest = (int)rint(note - 12 * floor(note / 12));
  guint8 *classes = g_new(guint8, spec->n_bins);
  for (size_t bin = 0; bin < spec->n_bins; bin++)
    classes[bin] = (guint8)(((bin + (size_t)merge / 2) / merge + lowest) % MG_CHROMA);
  return classes;
}

/* Sums of the magnitudes of each pitch class. */
static MgMatrix *
class_magnitudes(const float *samples, size_t n, int sr, const MgParams *params, int threads, GError **error)
{
  MgCqtSpec spec = read_spec(params);
  if (spec.bins_per_octave % MG_CHROMA != 0) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("bins_per_octave=%d: expected a multiple of %d"),
                spec.bins_per_octave, MG_CHROMA);
    return NULL;
  }
  if (!mg_tuning_read(params, samples, n, sr, threads, &spec.tuning, error))
    return NULL;
  g_autofree guint8 *classes = class_of_bins(&spec);
  return mg_cqt(samples, n, sr, &spec, classes, MG_CHROMA, threads, error);
}

static void
normalize_frames(MgMatrix *chroma, MgNorm norm)
{
  for (size_t frame = 0; frame < chroma->cols; frame++)
    mg_normalize(chroma->data + frame, chroma->rows, chroma->cols, norm);
}

MgMatrix *
mg_chroma_cqt(const float *samples, size_t n, int sr, const MgParams *params, int threads, GError **error)
{
  MgMatrix *chroma = class_magnitudes(samples, n, sr, params, threads, error);
  if (!chroma)
    return NULL;
  float threshold = (float)mg_params_float(params, "threshold");
  for (size_t i = 0; i < chroma->rows * chroma->cols; i++)
    chroma->data[i] = chroma->data[i] < threshold ? 0 : chroma->data[i];
  normalize_frames(chroma, mg_norm_of(mg_params_text(params, "norm")));
  return chroma;
}

/* A quarter for each of the steps that a share of the frame's energy passes. */
static void
quantise(MgMatrix *chroma)
{
  for (size_t i = 0; i < chroma->rows * chroma->cols; i++) {
    float share = chroma->data[i];
    chroma->data[i] = 0.25f * ((share > 0.4f) + (share > 0.2f) + (share > 0.1f) + (share > 0.05f));
  }
}

/* Each row with a symmetric Hann window of length + 2 values (two of them 0) whose sum is 1; zeros beyond the ends. */
static void
smooth(MgMatrix *chroma, gint64 length)
{
  gint64 n = length + 2, half = n / 2, cols = (gint64)chroma->cols;
  g_autofree double *window = g_new(double, n);
  g_autofree float *row = g_new(float, cols);
  double sum = 0;
  for (gint64 i = 0; i < n; i++)
    sum += window[i] = 0.5 - 0.5 * cos(2 * G_PI * i / (n - 1));
  for (size_t r = 0; r < chroma->rows; r++) {
    float *out = mg_matrix_row(chroma, r);
    memcpy(row, out, (size_t)cols * sizeof *row);
    for (gint64 at = 0; at < cols; at++) {
      double total = 0;
      for (gint64 i = MAX(0, at + half - cols + 1); i < MIN(n, at + half + 1); i++)
        total += window[i] / sum * row[at + half - i];
      out[at] = (float)total;
    }
  }
}

MgMatrix *
mg_chroma_cens(const float *samples, size_t n, int sr, const MgParams *params, int threads, GError **error)
{
  MgMatrix *chroma = class_magnitudes(samples, n, sr, params, threads, error);
  if (!chroma)
    return NULL;
  normalize_frames(chroma, MG_NORM_1);
  quantise(chroma);
  if (mg_params_int(params, "win_len_smooth") > 0)
    smooth(chroma, mg_params_int(params, "win_len_smooth"));
  normalize_frames(chroma, mg_norm_of(mg_params_text(params, "norm")));
  return chroma;
}

/* Harte, Sandler, Gasser 2006: fifths, minor thirds, major thirds, each a circle of its own radius. */
static void
fill_directions(double directions[6][MG_CHROMA])
{
  static const double turns[3] = {7.0 / 6, 3.0 / 2, 2.0 / 3}, radius[3] = {1, 1, 0.5};
  for (int row = 0; row < 6; row++)
    for (int c = 0; c < MG_CHROMA; c++)
      directions[row][c] = radius[row / 2] * cos(G_PI * (turns[row / 2] * c - (row % 2 ? 0 : 0.5)));
}

MgMatrix *
mg_tonnetz(const float *samples, size_t n, int sr, const MgParams *params, int threads, GError **error)
{
  g_autoptr(MgMatrix) chroma = class_magnitudes(samples, n, sr, params, threads, error);
  MgMatrix *tonnetz = chroma ? mg_matrix_new(6, chroma->cols, error) : NULL;
  if (!tonnetz)
    return NULL;
  double directions[6][MG_CHROMA];
  fill_directions(directions);
  normalize_frames(chroma, MG_NORM_1);
  for (size_t row = 0; row < 6; row++)
    for (size_t c = 0; c < MG_CHROMA; c++)
      for (size_t frame = 0; frame < chroma->cols; frame++)
        mg_matrix_row(tonnetz, row)[frame] += (float)(directions[row][c] * mg_matrix_row(chroma, c)[frame]);
  return tonnetz;
}

size_t
mg_chroma_cqt_context(int sr, const MgParams *params)
{
  MgCqtSpec spec = read_spec(params);
  return mg_cqt_context(&spec, sr);
}
