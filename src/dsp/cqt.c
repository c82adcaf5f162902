#include "dsp/cqt.h"
#include "base/error.h"
#include "base/parallel.h"
#include "dsp/fft.h"
#include "dsp/halve.h"
#include "dsp/resample.h"
#include "dsp/vector.h"
#include "dsp/wavelet.h"
#include "dsp/window.h"
#include <glib/gi18n-lib.h>
#include <math.h>

static const MgParamSpec specs[] = {
    {"hop_length", MG_PARAM_INT, "512", 32, 1048576, NULL, "samples", NULL, N_("Samples from one frame to the next")},
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

enum { BLOCK = 16, PAIRS = BLOCK / 2, FEW_FRAMES = 256, MANY_FRAMES = 1024, LONGEST_FFT = 1 << 22 };

/* Bins of one octave, which are looked for where the sample rate makes their filters short. */
typedef struct {
  size_t hop, first_bin;
  int halvings;    /* of the signal's rate */
  gboolean halved; /* against the octave before; the first: against the signal */
  float gain;      /* what lowering the rate takes away */
  const MgWavelets *wavelets;
} Octave;

/* Frames are made in stretches: of a stretch's samples, with what its frames depend on beside them, all lower rates
 * stay in the cache. */
typedef struct {
  MgHalver *halver;
  float **lower;           /* an octave's signal; NULL where that is the one before's */
  MgComplexFft **fft;      /* an octave's; the next one's where that has the same length */
  float *room;             /* (2, n_fft): frames at the ends of the signal */
  float *real, *imaginary; /* (bins that the filters use, BLOCK) */
} Scratch;

typedef struct {
  const float *samples;
  size_t n, hop;
} Signal;

typedef struct {
  const MgCqtSpec *spec;
  Signal signal;
  GArray *octaves;                /* Octave, the highest first */
  GPtrArray *wavelets;            /* MgWavelets *, owned */
  size_t frames, stretch, margin; /* stretch: frames; margin: samples beside it, whole hops */
  Scratch *scratch;               /* a worker's own */
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
              _("%zu bins from fmin = %.5g Hz reach up to %.5g Hz: expected at most sr / 2, which is %g Hz"),
              spec->n_bins, spec->fmin, *cutoff, sr / 2.0);
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

static gboolean
add_wavelets(Cqt *job, Octave *octave, size_t rows, double sr, GError **error)
{
  MgWaveletSpec spec = wavelet_spec(job->spec, sr);
  double longest = mg_wavelet_length(&spec, bin_hz(job->spec, octave->first_bin));
  if (longest > LONGEST_FFT) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE,
                _("the longest filter has %.0f samples: expected at most %d; lower filter_scale, or raise fmin"),
                longest, LONGEST_FFT);
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

/* Each octave's filters are those of the one above at half the rate, where the hop can be halved. `lowered`: the factor
 * by which the signal's rate is lower than sr already. */
static gboolean
add_octaves(Cqt *job, int sr, int early, double lowered, GError **error)
{
  const MgCqtSpec *spec = job->spec;
  size_t filters = MIN((size_t)spec->bins_per_octave, spec->n_bins);
  Octave octave = {.hop = job->signal.hop >> early, .first_bin = spec->n_bins, .halvings = early, .halved = early > 0};
  gboolean same = FALSE;
  job->frames = G_MAXSIZE;
  while (octave.first_bin > 0) {
    size_t rows = MIN(filters, octave.first_bin), length = ((job->signal.n - 1) >> octave.halvings) + 1;
    double factor = lowered * (1 << octave.halvings);
    octave.first_bin -= rows;
    octave.gain = (float)(spec->scale ? sqrt(factor) : factor);
    if (!(same && octave.wavelets->rows == rows) && !add_wavelets(job, &octave, rows, sr / factor, error))
      return FALSE;
    g_array_append_val(job->octaves, octave);
    job->frames = MIN(job->frames, 1 + length / octave.hop);
    same = octave.halved = octave.hop % 2 == 0;
    octave.hop /= same ? 2 : 1;
    octave.halvings += same;
  }
  return TRUE;
}

/* n_fft samples around the frame's middle: the signal's own, or a copy in `room` where it ends. */
static const float *
frame_samples(const Signal *signal, MgPadMode pad_mode, size_t n_fft, size_t frame, float *room)
{
  gint64 start = (gint64)(frame * signal->hop) - (gint64)(n_fft / 2);
  if (start >= 0 && (size_t)start + n_fft <= signal->n)
    return signal->samples + start;
  mg_pad_load(pad_mode, signal->samples, (gint64)signal->n, start, (gint64)n_fft, room);
  return room;
}

/* Twice the spectra of frames `frame` and `frame` + PAIRS of a block, the second one's turned by i, from those of both
 * at once: z and its mirror image. */
static void
store_pair(const MgWavelets *wavelets, const float *z, Scratch *scratch, size_t frame)
{
  for (size_t bin = wavelets->first; bin < wavelets->end; bin++) {
    const float *here = z + 2 * bin, *there = z + 2 * (bin ? wavelets->n_fft - bin : 0);
    float *real = scratch->real + (bin - wavelets->first) * BLOCK + frame;
    float *imaginary = scratch->imaginary + (bin - wavelets->first) * BLOCK + frame;
    real[0] = here[0] + there[0];
    real[PAIRS] = here[0] - there[0];
    imaginary[0] = here[1] - there[1];
    imaginary[PAIRS] = here[1] + there[1];
  }
}

/* Spectra of `count` frames from `first` on, a bin's values side by side. */
static void
transform_block(const Signal *signal, MgPadMode pad_mode, const MgWavelets *wavelets, MgComplexFft *fft,
                Scratch *scratch, size_t first, size_t count)
{
  size_t n_fft = wavelets->n_fft;
  for (size_t f = 0; f < PAIRS && f < count; f++) {
    const float *a = frame_samples(signal, pad_mode, n_fft, first + f, scratch->room), *b = a;
    if (f + PAIRS < count)
      b = frame_samples(signal, pad_mode, n_fft, first + f + PAIRS, scratch->room + n_fft);
    mg_complex_fft_load(fft, a, b);
    store_pair(wavelets, mg_complex_fft(fft), scratch, f);
  }
}

/* |row of the filters times spectra| of a block. */
MG_VECTOR static void
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

/* Adds an octave's magnitudes of `count` frames, of which the first is number `first` in the result. */
static void
store_block(const Cqt *job, const Octave *octave, const Scratch *scratch, size_t first, size_t count)
{
  for (size_t row = 0; row < octave->wavelets->rows; row++) {
    float magnitude[BLOCK];
    size_t bin = octave->first_bin + row;
    float *out = mg_matrix_row(job->result, job->row_of ? job->row_of[bin] : bin) + first;
    filter_row(octave->wavelets, row, scratch, octave->gain / 2, magnitude);
    for (size_t f = 0; f < count; f++)
      out[f] += magnitude[f];
  }
}

/* `signal`: the samples of the stretch and its margins, brought from one octave's rate to the next one's. */
static void
make_frames(const Cqt *job, Scratch *scratch, Signal signal, size_t first, size_t end, size_t before)
{
  for (guint o = 0; o < job->octaves->len; o++) {
    const Octave *octave = &g_array_index(job->octaves, Octave, o);
    if (octave->halved) {
      mg_halve(scratch->halver, signal.samples, signal.n, scratch->lower[o]);
      signal = (Signal){scratch->lower[o], (signal.n + 1) / 2, signal.hop};
    }
    signal.hop = octave->hop;
    for (size_t frame = first; frame < end; frame += BLOCK) {
      size_t count = MIN(BLOCK, end - frame);
      transform_block(&signal, job->spec->pad_mode, octave->wavelets, scratch->fft[o], scratch, frame - before, count);
      store_block(job, octave, scratch, frame, count);
    }
  }
}

static gboolean
make_stretch(size_t item, int worker, gpointer data, GError **error)
{
  Cqt *job = data;
  const Signal *whole = &job->signal;
  size_t first = item * job->stretch, end = MIN(job->frames, first + job->stretch);
  size_t from = first * whole->hop > job->margin ? first * whole->hop - job->margin : 0;
  size_t to = MIN(whole->n, end * whole->hop + job->margin);
  Signal signal = {whole->samples + from, to - from, whole->hop};
  make_frames(job, &job->scratch[worker], signal, first, end, from / whole->hop);
  return TRUE;
}

static void
make_scratch(const Cqt *job, Scratch *scratch)
{
  size_t bins = 0, n_fft = 0, samples = MIN(job->signal.n, job->stretch * job->signal.hop + 2 * job->margin);
  scratch->halver = mg_halver_new();
  scratch->lower = g_new0(float *, job->octaves->len);
  scratch->fft = g_new0(MgComplexFft *, job->octaves->len);
  for (guint o = 0; o < job->octaves->len; o++) {
    const Octave *octave = &g_array_index(job->octaves, Octave, o);
    const MgWavelets *wavelets = octave->wavelets;
    gboolean same = o > 0 && g_array_index(job->octaves, Octave, o - 1).wavelets->n_fft == wavelets->n_fft;
    scratch->fft[o] = same ? scratch->fft[o - 1] : mg_complex_fft_new(wavelets->n_fft, FALSE);
    bins = MAX(bins, wavelets->end - wavelets->first);
    n_fft = MAX(n_fft, wavelets->n_fft);
    if (octave->halved)
      scratch->lower[o] = g_new(float, (samples >> octave->halvings) + 2);
  }
  scratch->room = g_new(float, 2 * n_fft);
  size_t values = bins * BLOCK;
  scratch->real = g_new0(float, values);
  scratch->imaginary = g_new0(float, values);
}

static void
clear_scratch(const Cqt *job, Scratch *scratch)
{
  for (guint o = 0; o < job->octaves->len; o++) {
    if (o == 0 || scratch->fft[o] != scratch->fft[o - 1])
      mg_complex_fft_free(scratch->fft[o]);
    g_free(scratch->lower[o]);
  }
  mg_halver_free(scratch->halver);
  g_free(scratch->lower);
  g_free(scratch->fft);
  g_free(scratch->room);
  g_free(scratch->real);
  g_free(scratch->imaginary);
}

/* Samples on either side of a frame's middle that its values depend on. */
static size_t
reach(const Cqt *job)
{
  size_t most = 0;
  for (guint o = 0; o < job->octaves->len; o++) {
    const Octave *octave = &g_array_index(job->octaves, Octave, o);
    most = MAX(most, (octave->wavelets->n_fft / 2 + MG_HALVE_REACH) << octave->halvings);
  }
  return most;
}

static gboolean
run(Cqt *job, int threads, GError **error)
{
  job->stretch = job->frames < 4 * MANY_FRAMES ? FEW_FRAMES : MANY_FRAMES;
  job->margin = (reach(job) / job->signal.hop + 1) * job->signal.hop;
  size_t items = (job->frames + job->stretch - 1) / job->stretch;
  int workers = (int)MIN(items, (size_t)(threads < 1 ? mg_processors() : threads));
  job->scratch = g_new0(Scratch, workers);
  for (int i = 0; i < workers; i++)
    make_scratch(job, &job->scratch[i]);
  gboolean good = mg_parallel_for(items, workers, make_stretch, job, NULL, error);
  for (int i = 0; i < workers; i++)
    clear_scratch(job, &job->scratch[i]);
  g_free(job->scratch);
  return good;
}

/* More than one early halving goes in one step, as in librosa. */
static float *
lower_early(Cqt *job, int early, GError **error)
{
  float *lower = mg_resample(job->signal.samples, job->signal.n, 1 << early, 1, &job->signal.n, error);
  job->signal.samples = lower;
  job->signal.hop >>= early;
  return lower;
}

MgMatrix *
mg_cqt(const float *samples, size_t n, int sr, const MgCqtSpec *spec, const guint8 *row_of, size_t rows, int threads,
       GError **error)
{
  double cutoff;
  if (!check_range(spec, sr, &cutoff, error))
    return NULL;
  g_autoptr(GArray) octaves = g_array_new(FALSE, FALSE, sizeof(Octave));
  g_autoptr(GPtrArray) wavelets = g_ptr_array_new_with_free_func((GDestroyNotify)mg_wavelets_free);
  Cqt job = {.spec = spec,
             .signal = {samples, n, spec->hop_length},
             .octaves = octaves,
             .wavelets = wavelets,
             .row_of = row_of};
  int early = early_halvings(spec, sr, cutoff), at_once = early > 1 ? early : 0;
  g_autofree float *lower = at_once ? lower_early(&job, at_once, error) : NULL;
  if ((at_once && !lower) || !add_octaves(&job, sr, early - at_once, 1 << at_once, error))
    return NULL;
  g_autoptr(MgMatrix) result = mg_matrix_new(row_of ? rows : spec->n_bins, job.frames, error);
  job.result = result;
  return result && run(&job, threads, error) ? g_steal_pointer(&result) : NULL;
}

size_t
mg_cqt_context(const MgCqtSpec *spec, int sr)
{
  double cutoff, longest;
  if (!check_range(spec, sr, &cutoff, NULL))
    return 0;
  MgWaveletSpec wavelet = wavelet_spec(spec, sr);
  longest = exp2(ceil(log2(mg_wavelet_length(&wavelet, bin_hz(spec, 0))))); /* n_fft at the full rate */
  return (size_t)longest / 2 + ((size_t)MG_HALVE_REACH << (early_halvings(spec, sr, cutoff) + (int)n_octaves_of(spec)));
}
