#include "dsp/cqt.h"
#include "base/error.h"
#include "base/parallel.h"
#include "dsp/fft.h"
#include "dsp/resample.h"
#include "dsp/wavelet.h"
#include "dsp/window.h"
#include <glib/gi18n-lib.h>
#include <math.h>

static const MgParamSpec specs[] = {
    {"hop_length", MG_PARAM_INT, "512", 1, 1048576, NULL, "samples", NULL, N_("Samples from one frame to the next")},
    {"fmin", MG_PARAM_FLOAT, "auto", 1, 96000, NULL, "Hz", N_("32.7 Hz, the note C1"),
     N_("Frequency of the lowest bin")},
    {"n_bins", MG_PARAM_INT, "84", 1, 1024, NULL, NULL, NULL, N_("Number of bins")},
    {"bins_per_octave", MG_PARAM_INT, "12", 1, 192, NULL, NULL, NULL, N_("Bins in an octave")},
    {"tuning", MG_PARAM_FLOAT, "0", -12, 12, NULL, "bins", N_("estimated from the sound"),
     N_("How far the sound's notes lie above those of A = 440 Hz")},
    {"filter_scale", MG_PARAM_FLOAT, "1", 0.01, 16, NULL, NULL, NULL,
     N_("Length of the filters: below 1 times are sharper, above 1 frequencies are")},
    {"norm", MG_PARAM_CHOICE, "1", 0, 0, MG_NORM_CHOICES, NULL, NULL, N_("Norm to which each filter is brought")},
    {"sparsity", MG_PARAM_FLOAT, "0.01", 0, 0.99, NULL, NULL, NULL,
     N_("Part of each filter's spectrum that is left out")},
    {"window", MG_PARAM_CHOICE, "hann", 0, 0, MG_WINDOW_CHOICES, NULL, NULL, N_("Window function of the filters")},
    {"scale", MG_PARAM_BOOL, "true", 0, 0, NULL, NULL, NULL, N_("Divide by the square root of the filter's length")},
    {"pad_mode", MG_PARAM_CHOICE, "constant", 0, 0, MG_PAD_CHOICES, NULL, NULL,
     N_("What the signal is padded with: zeros, its mirror image or its end value")},
};
const MgParamTable mg_cqt_params = MG_PARAM_TABLE("cqt", N_("Constant-Q transform"), specs);

static const double c1_hz = 32.70319566257483;

MgCqtSpec
mg_cqt_spec(const MgParams *params)
{
  static const MgParamTable *const tables[] = {&mg_cqt_params, NULL};
  g_autoptr(MgParams) defaults = mg_params_new(tables);
  if (!params)
    params = defaults;
  return (MgCqtSpec){
      .hop_length = mg_params_int(params, "hop_length"),
      .n_bins = mg_params_int(params, "n_bins"),
      .bins_per_octave = (int)mg_params_int(params, "bins_per_octave"),
      .fmin = mg_params_float_or(params, "fmin", c1_hz),
      .tuning = mg_params_float_or(params, "tuning", 0),
      .filter_scale = mg_params_float(params, "filter_scale"),
      .sparsity = mg_params_float(params, "sparsity"),
      .norm = mg_norm_of(mg_params_text(params, "norm")),
      .window = g_intern_string(mg_params_text(params, "window")),
      .scale = mg_params_bool(params, "scale"),
      .pad_mode = mg_pad_mode_of(mg_params_text(params, "pad_mode")),
  };
}

enum { BLOCK = 16, BLOCKS_PER_ITEM = 16, LONGEST_FFT = 1 << 22 };

/* Bins of one octave and the signal at the rate at which their filters are short. */
typedef struct {
  const float *samples;
  size_t n, hop;
  size_t first_bin;
  float gain; /* of the signal: halving its rate takes energy away */
  const MgWavelets *wavelets;
} Octave;

typedef struct {
  MgFft **fft;             /* an octave's; the next one's where that has the same length */
  float *real, *imaginary; /* (bins that the filters use, BLOCK) */
} Scratch;

typedef struct {
  const MgCqtSpec *spec;
  GArray *octaves;     /* Octave, the highest first */
  GPtrArray *signals;  /* float *, owned */
  GPtrArray *wavelets; /* MgWavelets *, owned */
  Scratch *scratch;    /* a worker's own */
  size_t frames;
  const guint8 *row_of;
  MgMatrix *result;
} Cqt;

static size_t
n_octaves_of(const MgCqtSpec *spec)
{
  return (spec->n_bins + (size_t)spec->bins_per_octave - 1) / (size_t)spec->bins_per_octave;
}

static double
bin_hz(const MgCqtSpec *spec, size_t bin)
{
  return spec->fmin * exp2((spec->tuning + (double)bin) / spec->bins_per_octave);
}

static MgWaveletSpec
wavelet_spec(const MgCqtSpec *spec, double sr)
{
  return (MgWaveletSpec){.sr = sr,
                         .filter_scale = spec->filter_scale,
                         .sparsity = spec->sparsity,
                         .bins_per_octave = spec->bins_per_octave,
                         .norm = spec->norm,
                         .window = spec->window};
}

static gboolean
check_range(const MgCqtSpec *spec, int sr, double *cutoff, GError **error)
{
  MgWaveletSpec wavelet = wavelet_spec(spec, sr);
  *cutoff = mg_wavelet_cutoff(&wavelet, bin_hz(spec, spec->n_bins - 1));
  if (*cutoff <= sr / 2.0)
    return TRUE;
  g_set_error(error, MG_ERROR, MG_ERROR_USAGE,
              "%zu bins from fmin = %.5g Hz reach up to %.5g Hz: expected at most sr / 2, which is %g Hz", spec->n_bins,
              spec->fmin, *cutoff, sr / 2.0);
  return FALSE;
}

/* How often the rate may be halved before the highest octave: as long as the signal stays twice as wide as it needs to
 * be, and the hop whole in all octaves. */
static int
early_halvings(const MgCqtSpec *spec, int sr, double cutoff)
{
  int by_rate = (int)ceil(log2(sr / 2.0 / cutoff)) - 2;
  int by_hop = (int)g_bit_nth_lsf(spec->hop_length, -1) - (int)n_octaves_of(spec) + 1;
  return MAX(0, MIN(by_rate, by_hop));
}

/* The signal at 1 / factor of its rate, owned by the job. */
static gboolean
lower_rate(Cqt *job, Octave *octave, int factor, GError **error)
{
  float *lower = mg_resample(octave->samples, octave->n, factor, 1, &octave->n, error);
  octave->samples = lower;
  if (lower)
    g_ptr_array_add(job->signals, lower);
  return lower != NULL;
}

static gboolean
add_wavelets(Cqt *job, Octave *octave, size_t rows, double sr, GError **error)
{
  MgWaveletSpec spec = wavelet_spec(job->spec, sr);
  double longest = mg_wavelet_length(&spec, bin_hz(job->spec, octave->first_bin));
  if (longest > LONGEST_FFT) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE,
                "the longest filter has %.0f samples: expected at most %d; lower filter_scale, or raise fmin", longest,
                LONGEST_FFT);
    return FALSE;
  }
  g_autofree double *hz = g_new(double, rows), *gain = g_new(double, rows);
  for (size_t row = 0; row < rows; row++) {
    hz[row] = bin_hz(job->spec, octave->first_bin + row);
    gain[row] = job->spec->scale ? 1 / sqrt(mg_wavelet_length(&spec, hz[row])) : 1;
  }
  g_ptr_array_add(job->wavelets, mg_wavelets_new(&spec, hz, gain, rows));
  octave->wavelets = g_ptr_array_index(job->wavelets, job->wavelets->len - 1);
  return TRUE;
}

/* Each octave's filters are those of the one above at half the rate, where the hop can be halved. */
static gboolean
add_octaves(Cqt *job, const float *samples, size_t n, int sr, int early, GError **error)
{
  const MgCqtSpec *spec = job->spec;
  size_t filters = MIN((size_t)spec->bins_per_octave, spec->n_bins);
  Octave octave = {.samples = samples, .n = n, .hop = spec->hop_length >> early, .first_bin = spec->n_bins};
  double halved = 1 << early;
  gboolean same = FALSE;
  if (early && !lower_rate(job, &octave, 1 << early, error))
    return FALSE;
  while (octave.first_bin > 0) {
    size_t rows = MIN(filters, octave.first_bin);
    octave.first_bin -= rows;
    octave.gain = (float)(spec->scale ? sqrt(halved) : halved);
    if (!(same && octave.wavelets->rows == rows) && !add_wavelets(job, &octave, rows, sr / halved, error))
      return FALSE;
    g_array_append_val(job->octaves, octave);
    job->frames = MIN(job->frames, 1 + octave.n / octave.hop);
    same = octave.hop % 2 == 0;
    if (!same || octave.first_bin == 0)
      continue;
    if (!lower_rate(job, &octave, 2, error))
      return FALSE;
    octave.hop /= 2;
    halved *= 2;
  }
  return TRUE;
}

/* Spectra of `count` frames from `first` on, a bin's values side by side. */
static void
transform_block(const Cqt *job, const Octave *octave, MgFft *fft, Scratch *scratch, size_t first, size_t count)
{
  const MgWavelets *wavelets = octave->wavelets;
  for (size_t f = 0; f < count; f++) {
    const float *re, *im;
    gint64 start = (gint64)((first + f) * octave->hop) - (gint64)(wavelets->n_fft / 2);
    mg_pad_load(job->spec->pad_mode, octave->samples, octave->n, start, wavelets->n_fft, mg_fft_input(fft));
    mg_fft_forward(fft, &re, &im);
    for (size_t bin = wavelets->first; bin < wavelets->end; bin++) {
      scratch->real[(bin - wavelets->first) * BLOCK + f] = re[bin];
      scratch->imaginary[(bin - wavelets->first) * BLOCK + f] = im[bin];
    }
  }
}

/* |row of the filters times spectra| of a block. */
static void
filter_row(const MgWavelets *wavelets, size_t row, const Scratch *scratch, float gain, float *restrict out)
{
  float real[BLOCK] = {0}, imaginary[BLOCK] = {0};
  for (size_t i = wavelets->start[row]; i < wavelets->start[row + 1]; i++) {
    const float *restrict x = scratch->real + (size_t)wavelets->bin[i] * BLOCK;
    const float *restrict y = scratch->imaginary + (size_t)wavelets->bin[i] * BLOCK;
    float a = wavelets->real[i], b = wavelets->imaginary[i];
    for (int f = 0; f < BLOCK; f++) {
      real[f] += a * x[f] - b * y[f];
      imaginary[f] += a * y[f] + b * x[f];
    }
  }
  for (int f = 0; f < BLOCK; f++)
    out[f] = gain * sqrtf(real[f] * real[f] + imaginary[f] * imaginary[f]);
}

static void
make_block(const Cqt *job, Scratch *scratch, size_t first, size_t count)
{
  for (guint o = 0; o < job->octaves->len; o++) {
    const Octave *octave = &g_array_index(job->octaves, Octave, o);
    transform_block(job, octave, scratch->fft[o], scratch, first, count);
    for (size_t row = 0; row < octave->wavelets->rows; row++) {
      float magnitude[BLOCK];
      size_t bin = octave->first_bin + row;
      float *out = mg_matrix_row(job->result, job->row_of ? job->row_of[bin] : bin) + first;
      filter_row(octave->wavelets, row, scratch, octave->gain, magnitude);
      for (size_t f = 0; f < count; f++)
        out[f] += magnitude[f];
    }
  }
}

static gboolean
make_blocks(size_t item, int worker, gpointer data, GError **error)
{
  Cqt *job = data;
  size_t end = MIN(job->frames, (item + 1) * BLOCK * BLOCKS_PER_ITEM);
  for (size_t first = item * BLOCK * BLOCKS_PER_ITEM; first < end; first += BLOCK)
    make_block(job, &job->scratch[worker], first, MIN(BLOCK, end - first));
  return TRUE;
}

static void
make_scratch(const Cqt *job, Scratch *scratch)
{
  size_t bins = 0;
  scratch->fft = g_new0(MgFft *, job->octaves->len);
  for (guint o = 0; o < job->octaves->len; o++) {
    const MgWavelets *wavelets = g_array_index(job->octaves, Octave, o).wavelets;
    gboolean same = o > 0 && g_array_index(job->octaves, Octave, o - 1).wavelets->n_fft == wavelets->n_fft;
    scratch->fft[o] = same ? scratch->fft[o - 1] : mg_fft_new(wavelets->n_fft);
    bins = MAX(bins, wavelets->end - wavelets->first);
  }
  scratch->real = g_new0(float, bins *BLOCK);
  scratch->imaginary = g_new0(float, bins *BLOCK);
}

static void
clear_scratch(const Cqt *job, Scratch *scratch)
{
  for (guint o = 0; o < job->octaves->len; o++)
    if (o == 0 || scratch->fft[o] != scratch->fft[o - 1])
      mg_fft_free(scratch->fft[o]);
  g_free(scratch->fft);
  g_free(scratch->real);
  g_free(scratch->imaginary);
}

static gboolean
run(Cqt *job, int threads, GError **error)
{
  size_t items = (job->frames + BLOCK * BLOCKS_PER_ITEM - 1) / (BLOCK * BLOCKS_PER_ITEM);
  int workers = (int)MIN(items, (size_t)(threads < 1 ? mg_processors() : threads));
  job->scratch = g_new0(Scratch, workers);
  for (int i = 0; i < workers; i++)
    make_scratch(job, &job->scratch[i]);
  gboolean good = mg_parallel_for(items, workers, make_blocks, job, NULL, error);
  for (int i = 0; i < workers; i++)
    clear_scratch(job, &job->scratch[i]);
  g_free(job->scratch);
  return good;
}

MgMatrix *
mg_cqt(const float *samples, size_t n, int sr, const MgCqtSpec *spec, const guint8 *row_of, size_t rows, int threads,
       GError **error)
{
  double cutoff;
  if (!check_range(spec, sr, &cutoff, error))
    return NULL;
  g_autoptr(GArray) octaves = g_array_new(FALSE, FALSE, sizeof(Octave));
  g_autoptr(GPtrArray) signals = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GPtrArray) wavelets = g_ptr_array_new_with_free_func((GDestroyNotify)mg_wavelets_free);
  Cqt job = {.spec = spec,
             .octaves = octaves,
             .signals = signals,
             .wavelets = wavelets,
             .frames = G_MAXSIZE,
             .row_of = row_of};
  if (!add_octaves(&job, samples, n, sr, early_halvings(spec, sr, cutoff), error))
    return NULL;
  g_autoptr(MgMatrix) result = mg_matrix_new(row_of ? rows : spec->n_bins, job.frames, error);
  job.result = result;
  return result && run(&job, threads, error) ? g_steal_pointer(&result) : NULL;
}

size_t
mg_cqt_context(const MgCqtSpec *spec, int sr)
{
  enum { RESAMPLER = 256 }; /* samples that an output of the resampler depends on, on either side */
  MgWaveletSpec wavelet = wavelet_spec(spec, sr);
  double n_fft = exp2(ceil(log2(mg_wavelet_length(&wavelet, bin_hz(spec, 0))))); /* at the full rate */
  return (size_t)n_fft / 2 + ((size_t)RESAMPLER << (n_octaves_of(spec) + 1));
}
