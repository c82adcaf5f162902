#include "learn/lesson-facts.h"
#include "dsp/decibel.h"
#include "dsp/mel.h"
#include "dsp/mfcc.h"
#include "dsp/stft.h"
#include <math.h>

#define SILENCE_DB (-160.0f)
#define LEVEL_TOLERANCE 4.0 /* dB: what falls between two bins is up to 3.9 dB lower with a rectangular window */
#define DIP 3.0             /* dB between two tones that are seen as two */
#define BESIDE 3            /* bands and frames beside a tone and a click that still belong to it */

MgParams *
mg_lesson_params(const MgLessonState *state)
{
  MgParams *params =
      mg_params_new((const MgParamTable *const[]){&mg_stft_params, &mg_mel_params, &mg_mfcc_params, NULL});
  for (const MgParamTable *const *table = mg_params_tables(params); *table; table++)
    for (size_t i = 0; i < (*table)->n; i++) {
      const char *name = (*table)->specs[i].name, *text = mg_lesson_state_get(state, name);
      if (text && !mg_params_set(params, name, text, NULL))
        g_debug("%s=%s does not fit", name, text);
    }
  return params;
}

/* Spectra. */

MgMatrix *
mg_lesson_spectrum(const MgLessonState *state, GError **error)
{
  const MgLessonSamples *samples = mg_lesson_state_samples(state);
  g_autoptr(MgParams) params = mg_lesson_params(state);
  g_autoptr(MgStft) stft = samples ? mg_stft_new(params, error) : NULL;
  if (!stft)
    return NULL;
  size_t n_fft = mg_stft_n_fft(stft), bins = mg_stft_bins(stft);
  g_autofree float *frame = g_new0(float, n_fft);
  gssize first = (gssize)(samples->n / 2) - (gssize)(n_fft / 2);
  for (size_t i = 0; i < n_fft; i++)
    if (first + (gssize)i >= 0 && first + (gssize)i < (gssize)samples->n)
      frame[i] = samples->samples[first + (gssize)i];
  double sum = 0;
  for (size_t i = 0; i < n_fft; i++)
    sum += (double)mg_stft_window(stft)[i];
  MgMatrix *spectrum = mg_matrix_new(1, bins, error);
  if (!spectrum)
    return NULL;
  mg_stft_power_of(stft, frame, spectrum->data);
  for (size_t bin = 0; bin < bins; bin++) {
    double power = (double)spectrum->data[bin] / (sum * sum / 4);
    spectrum->data[bin] = power > 0 ? MAX((float)(10 * log10(power)), SILENCE_DB) : SILENCE_DB;
  }
  return spectrum;
}

MgMatrix *
mg_lesson_mel(const MgLessonState *state, GError **error)
{
  const MgLessonSamples *samples = mg_lesson_state_samples(state);
  g_autoptr(MgParams) params = mg_lesson_params(state);
  if (!samples)
    return NULL;
  MgMatrix *mel = mg_mel_spectrogram(samples->samples, samples->n, samples->sr, params, 0, error);
  if (mel)
    mg_matrix_power_to_db_max(mel, 80);
  return mel;
}

MgMatrix *
mg_lesson_cepstrum(const MgLessonState *state, GError **error)
{
  g_autoptr(MgMatrix) mel = mg_lesson_mel(state, error);
  g_autoptr(MgParams) params = mg_lesson_params(state);
  if (!mel)
    return NULL;
  size_t bands = mel->rows, kept = MIN((size_t)mg_params_int(params, "n_mfcc"), bands);
  g_autoptr(MgMatrix) dct = mg_dct_matrix(kept, bands, error);
  MgMatrix *both = dct ? mg_matrix_new(2, bands, error) : NULL;
  if (!both)
    return NULL;
  float *level = mg_matrix_row(both, 0), *back = mg_matrix_row(both, 1);
  for (size_t band = 0; band < bands; band++)
    level[band] = mg_matrix_row(mel, band)[mel->cols / 2];
  for (size_t c = 0; c < kept; c++) {
    const float *basis = mg_matrix_row(dct, c);
    float coefficient = 0;
    for (size_t band = 0; band < bands; band++)
      coefficient += basis[band] * level[band];
    for (size_t band = 0; band < bands; band++)
      back[band] += coefficient * basis[band];
  }
  return both;
}

MgMatrix *
mg_lesson_convolve(const MgMatrix *picture, const char *name)
{
  static const struct {
    const char *name;
    float weights[9];
  } kernels[] = {{"along", {-1, 0, 1, -2, 0, 2, -1, 0, 1}},
                 {"across", {-1, -2, -1, 0, 0, 0, 1, 2, 1}},
                 {"blur", {1 / 9.f, 1 / 9.f, 1 / 9.f, 1 / 9.f, 1 / 9.f, 1 / 9.f, 1 / 9.f, 1 / 9.f, 1 / 9.f}},
                 {"same", {0, 0, 0, 0, 1, 0, 0, 0, 0}}};
  const float *weights = NULL;
  for (size_t i = 0; i < G_N_ELEMENTS(kernels); i++)
    if (g_strcmp0(kernels[i].name, name) == 0)
      weights = kernels[i].weights;
  MgMatrix *out = weights ? mg_matrix_new(picture->rows, picture->cols, NULL) : NULL;
  gssize rows = (gssize)picture->rows, cols = (gssize)picture->cols;
  for (gssize r = 0; out && r < rows; r++)
    for (gssize c = 0; c < cols; c++) {
      float sum = 0;
      for (gssize k = 0; k < 9; k++)
        sum += weights[k] *
               mg_matrix_row(picture, (size_t)CLAMP(r + k / 3 - 1, 0, rows - 1))[CLAMP(c + k % 3 - 1, 0, cols - 1)];
      mg_matrix_row(out, (size_t)r)[c] = sum;
    }
  return out;
}

/* Facts. */

static gboolean
find_peak_db(const MgLessonState *state, double *value)
{
  const MgLessonSamples *samples = mg_lesson_state_samples(state);
  float largest = 0;
  for (size_t i = 0; samples && i < samples->n; i++)
    largest = MAX(largest, fabsf(samples->samples[i]));
  *value = largest > 0 ? 20 * log10((double)largest) : (double)SILENCE_DB;
  return samples != NULL;
}

/* How far the sum is from its target, as a share of the target's size. */
static gboolean
find_difference(const MgLessonState *state, double *value)
{
  const MgLessonSamples *samples = mg_lesson_state_samples(state);
  double difference = 0, size = 0;
  if (!samples || !samples->target)
    return FALSE;
  for (size_t i = 0; i < samples->n; i++) {
    double off = (double)samples->samples[i] - (double)samples->target[i];
    difference += off * off;
    size += (double)samples->target[i] * (double)samples->target[i];
  }
  *value = size > 0 ? sqrt(difference / size) : 0;
  return TRUE;
}

static double
bin_width(const MgLessonState *state, const MgMatrix *spectrum)
{
  return mg_lesson_state_samples(state)->sr / 2.0 / (double)(spectrum->cols - 1);
}

/* The place of the loudest bin, by a parabola through it and its neighbours. */
static gboolean
find_loudest_hz(const MgLessonState *state, double *value)
{
  g_autoptr(MgMatrix) spectrum = mg_lesson_spectrum(state, NULL);
  size_t best = 1;
  if (!spectrum)
    return FALSE;
  for (size_t bin = 1; bin + 1 < spectrum->cols; bin++)
    if (spectrum->data[bin] > spectrum->data[best])
      best = bin;
  double left = (double)spectrum->data[best - 1], middle = (double)spectrum->data[best];
  double right = (double)spectrum->data[best + 1], bend = left - 2 * middle + right;
  double off = bend < 0 ? 0.5 * (left - right) / bend : 0;
  *value = ((double)best + CLAMP(off, -0.5, 0.5)) * bin_width(state, spectrum);
  return TRUE;
}

static gboolean
sounds_in_the_middle(const MgLessonSamples *samples, const MgLessonPart *part)
{
  double middle = (double)samples->n / samples->sr / 2;
  return part->kind == MG_PART_TONE && part->amplitude != 0 && part->from <= middle && part->to > middle;
}

/* The tones of the middle, in the order of their frequencies. */
static GArray *
tones_of(const MgLessonSamples *samples)
{
  GArray *tones = g_array_new(FALSE, FALSE, sizeof(MgLessonPart));
  for (guint i = 0; i < samples->sound->parts->len; i++) {
    MgLessonPart part = g_array_index(samples->sound->parts, MgLessonPart, i);
    guint place = 0;
    if (!sounds_in_the_middle(samples, &part))
      continue;
    while (place < tones->len && g_array_index(tones, MgLessonPart, place).hz < part.hz)
      place++;
    g_array_insert_val(tones, place, part);
  }
  return tones;
}

static double
level_at(const MgMatrix *spectrum, double bin)
{
  size_t near = (size_t)CLAMP(bin + 0.5, 1, (double)spectrum->cols - 2);
  return (double)MAX(MAX(spectrum->data[near - 1], spectrum->data[near]), spectrum->data[near + 1]);
}

static gboolean
has_dip(const MgMatrix *spectrum, double from, double to)
{
  float lowest = INFINITY;
  for (size_t bin = (size_t)ceil(from); bin <= (size_t)to && bin < spectrum->cols; bin++)
    lowest = MIN(lowest, spectrum->data[bin]);
  return (double)lowest < MIN(level_at(spectrum, from), level_at(spectrum, to)) - DIP;
}

/* Tones whose level in the spectrum is their own, and that a dip parts from their neighbours. */
static gboolean
find_tones_seen(const MgLessonState *state, double *value)
{
  g_autoptr(MgMatrix) spectrum = mg_lesson_spectrum(state, NULL);
  if (!spectrum)
    return FALSE;
  g_autoptr(GArray) tones = tones_of(mg_lesson_state_samples(state));
  double bin = 1 / bin_width(state, spectrum);
  *value = 0;
  for (guint i = 0; i < tones->len; i++) {
    const MgLessonPart *tone = &g_array_index(tones, MgLessonPart, i);
    gboolean own = fabs(level_at(spectrum, tone->hz * bin) - 20 * log10(fabs(tone->amplitude))) < LEVEL_TOLERANCE;
    gboolean left = i == 0 || has_dip(spectrum, tone[-1].hz * bin, tone->hz * bin);
    gboolean right = i + 1 == tones->len || has_dip(spectrum, tone->hz * bin, tone[1].hz * bin);
    *value += own && left && right;
  }
  return TRUE;
}

static gboolean
find_bands(const MgLessonState *state, double *empty, double *low)
{
  g_autoptr(MgParams) params = mg_lesson_params(state);
  const char *sr = mg_lesson_state_get(state, "sr");
  const MgLessonSamples *samples = mg_lesson_state_samples(state);
  g_autoptr(MgMelFilters) filters = mg_mel_filters_new(params,
                                                       samples ? samples->sr
                                                       : sr    ? (int)g_ascii_strtod(sr, NULL)
                                                               : 22050,
                                                       (size_t)mg_params_int(params, "n_fft"), NULL);
  if (!filters)
    return FALSE;
  size_t below = 0, n = mg_mel_filters_n(filters);
  for (size_t band = 0; band < n; band++)
    below += mg_mel_filters_centre(filters, band) < 1000;
  *empty = (double)mg_mel_filters_empty(filters);
  *low = (double)below / (double)n;
  return TRUE;
}

static gboolean
find_empty_bands(const MgLessonState *state, double *value)
{
  double other;
  return find_bands(state, value, &other);
}

static gboolean
find_share_below_1000(const MgLessonState *state, double *value)
{
  double other;
  return find_bands(state, &other, value);
}

static gboolean
find_mfcc_error(const MgLessonState *state, double *value)
{
  g_autoptr(MgMatrix) both = mg_lesson_cepstrum(state, NULL);
  double sum = 0;
  for (size_t band = 0; both && band < both->cols; band++) {
    double off = (double)mg_matrix_row(both, 0)[band] - (double)mg_matrix_row(both, 1)[band];
    sum += off * off;
  }
  *value = both ? sqrt(sum / (double)both->cols) : 0;
  return both != NULL;
}

/* The mean size of what the kernel gives in the bands of the tone, or in the frames of the clicks, and not in both. */
static gboolean
find_response(const MgLessonState *state, gboolean clicks, double *value)
{
  const MgLessonSection *view = mg_lesson_section(mg_lesson_state_file(state), "view", "kernel");
  const char *kernel = mg_lesson_state_value(state, view, "kernel");
  const MgLessonSamples *samples = mg_lesson_state_samples(state);
  g_autoptr(MgMatrix) mel = kernel ? mg_lesson_mel(state, NULL) : NULL;
  g_autoptr(MgMatrix) map = mel ? mg_lesson_convolve(mel, kernel) : NULL;
  if (!map)
    return FALSE;
  g_autofree gboolean *loud = g_new0(gboolean, map->cols);
  size_t loudest = 0, n = 0;
  for (guint i = 0; i < samples->sound->parts->len; i++) {
    const MgLessonPart *part = &g_array_index(samples->sound->parts, MgLessonPart, i);
    gssize at = (gssize)(part->from * samples->sr / samples->n * (double)map->cols);
    for (gssize c = at - BESIDE; part->kind == MG_PART_CLICK && c <= at + BESIDE; c++)
      if (c >= 0 && c < (gssize)map->cols)
        loud[c] = TRUE;
  }
  for (size_t band = 0; band < mel->rows; band++)
    if (mg_matrix_row(mel, band)[mel->cols / 2] > mg_matrix_row(mel, loudest)[mel->cols / 2])
      loudest = band;
  *value = 0;
  for (size_t band = 0; band < map->rows; band++)
    for (size_t c = BESIDE; c + BESIDE < map->cols; c++) {
      gboolean in_tone = labs((long)band - (long)loudest) <= BESIDE;
      if (in_tone == clicks || loud[c] != clicks)
        continue;
      *value += fabs((double)mg_matrix_row(map, band)[c]);
      n++;
    }
  *value = n ? *value / (double)n : 0;
  return TRUE;
}

static gboolean
find_click_response(const MgLessonState *state, double *value)
{
  return find_response(state, TRUE, value);
}

static gboolean
find_tone_response(const MgLessonState *state, double *value)
{
  return find_response(state, FALSE, value);
}

const MgLessonFact mg_lesson_facts[] = {
    {"peak_db", "the largest sample, in dB of full scale", find_peak_db},
    {"difference", "how far the sum is from its target, as a share of the target's size", find_difference},
    {"loudest_hz", "the frequency of the highest peak of the spectrum, Hz", find_loudest_hz},
    {"tones_seen", "how many of the tones that sound in the middle can be told apart in the spectrum", find_tones_seen},
    {"empty_bands", "mel bands that hold no bin of the STFT", find_empty_bands},
    {"share_below_1000", "the share of mel bands whose centre lies below 1000 Hz", find_share_below_1000},
    {"mfcc_error", "what n_mfcc coefficients leave out of the mel spectrum, dB (root mean square)", find_mfcc_error},
    {"click_response", "the mean size of what the kernel makes of clicks", find_click_response},
    {"tone_response", "the mean size of what the kernel makes of the loudest tone", find_tone_response},
    {NULL},
};

const MgLessonFact *
mg_lesson_fact(const char *name)
{
  for (const MgLessonFact *fact = mg_lesson_facts; fact->name; fact++)
    if (g_str_equal(fact->name, name))
      return fact;
  return NULL;
}
