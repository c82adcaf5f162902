#include "dsp/chroma.h"
#include "dsp/normalize.h"
#include "dsp/stft.h"
#include "dsp/tuning.h"
#include "dsp/vector.h"
#include <glib/gi18n-lib.h>
#include <math.h>

static const MgParamSpec specs[] = {
    {"tuning", MG_PARAM_FLOAT, "auto", -12, 12, NULL, "semitones", N_("estimated from the sound"),
     N_("How far the sound's notes lie above those of A = 440 Hz")},
    {"norm", MG_PARAM_CHOICE, "inf", 0, 0, MG_NORM_CHOICES, NULL, NULL,
     N_("What is 1 in every frame: inf the largest value, 1 the sum, 2 the length, none nothing")},
    {"ctroct", MG_PARAM_FLOAT, "5", 0, 12, NULL, "octaves", NULL, N_("Octave that weighs most, above 27.5 Hz")},
    {"octwidth", MG_PARAM_FLOAT, "2", 0, 12, NULL, "octaves", NULL,
     N_("Half-width of the weights of octaves; 0 weighs all the same")},
};
const MgParamTable mg_chroma_stft_params = MG_PARAM_TABLE("chroma_stft", N_("Chroma"), specs);

struct MgChromaFilters {
  size_t bins;
  float *weights; /* (bins, MG_CHROMA) */
};

/* The bin's place in semitones above A0; the bin of 0 Hz counts as 1.5 octaves below the next one. */
static double
place_of_bin(size_t bin, double bin_hz, double tuning)
{
  return MG_CHROMA * mg_hz_to_octaves(MAX(1, bin) * bin_hz, tuning, MG_CHROMA) - (bin == 0 ? 1.5 * MG_CHROMA : 0);
}

/* A bump around each pitch class, as wide as the bin, of norm 2 over the classes. */
static void
fill_bump(double place, double width, double gain, float *weights)
{
  double bump[MG_CHROMA], sum = 0;
  for (int c = 0; c < MG_CHROMA; c++) {
    double distance = fmod(place - c + 6 + 10 * MG_CHROMA, MG_CHROMA);
    distance += (distance < 0 ? MG_CHROMA : 0) - 6;
    bump[c] = exp(-0.5 * (2 * distance / width) * (2 * distance / width));
    sum += bump[c] * bump[c];
  }
  for (int c = 0; c < MG_CHROMA; c++) /* classes count from A in `place`, from C in the result */
    weights[(c + MG_CHROMA - 3) % MG_CHROMA] = (float)(bump[c] / sqrt(sum) * gain);
}

MgChromaFilters *
mg_chroma_filters_new(int sr, size_t n_fft, double tuning, double ctroct, double octwidth)
{
  MgChromaFilters *filters = g_new0(MgChromaFilters, 1);
  filters->bins = n_fft / 2 + 1;
  filters->weights = g_new(float, filters->bins *MG_CHROMA);
  double bin_hz = (double)sr / n_fft;
  for (size_t bin = 0; bin < filters->bins; bin++) {
    double place = place_of_bin(bin, bin_hz, tuning), width = MAX(1, place_of_bin(bin + 1, bin_hz, tuning) - place);
    double off = octwidth > 0 ? (place / MG_CHROMA - ctroct) / octwidth : 0;
    fill_bump(place, width, exp(-0.5 * off * off), filters->weights + bin * MG_CHROMA);
  }
  return filters;
}

void
mg_chroma_filters_free(MgChromaFilters *filters)
{
  if (!filters)
    return;
  g_free(filters->weights);
  g_free(filters);
}

MG_VECTOR void
mg_chroma_filters_apply(const MgChromaFilters *filters, const float *restrict power, float *restrict chroma)
{
  float even[MG_CHROMA] = {0}, odd[MG_CHROMA] = {0};
  const float *restrict weights = filters->weights;
  size_t bin = 0;
  for (; bin + 2 <= filters->bins; bin += 2, weights += 2 * MG_CHROMA)
    for (int c = 0; c < MG_CHROMA; c++) {
      even[c] += weights[c] * power[bin];
      odd[c] += weights[MG_CHROMA + c] * power[bin + 1];
    }
  for (int c = 0; c < MG_CHROMA; c++)
    chroma[c] = even[c] + odd[c] + (bin < filters->bins ? weights[c] * power[bin] : 0);
}

typedef struct {
  const MgChromaFilters *filters;
  MgNorm norm;
} ChromaFrames;

static void
chroma_frame(float *power, size_t bins, float *out, gpointer data)
{
  const ChromaFrames *job = data;
  mg_chroma_filters_apply(job->filters, power, out);
  mg_normalize(out, MG_CHROMA, 1, job->norm);
}

MgMatrix *
mg_chroma_stft(const float *samples, size_t n, int sr, const MgParams *params, int threads, GError **error)
{
  double tuning;
  if (!mg_tuning_read(params, samples, n, sr, threads, &tuning, error))
    return NULL;
  g_autoptr(MgChromaFilters) filters =
      mg_chroma_filters_new(sr, mg_params_int(params, "n_fft"), tuning, mg_params_float(params, "ctroct"),
                            mg_params_float(params, "octwidth"));
  ChromaFrames job = {filters, mg_norm_of(mg_params_text(params, "norm"))};
  return mg_stft_map_frames(samples, n, params, MG_CHROMA, chroma_frame, &job, threads, error);
}
