#include "dsp/stft.h"
#include "base/error.h"
#include "base/parallel.h"
#include "dsp/fft.h"
#include "dsp/pad.h"
#include "dsp/precise-fft.h"
#include "dsp/window.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static const MgParamSpec specs[] = {
    {"n_fft", MG_PARAM_INT, "2048", 16, 262144, NULL, "samples", NULL, N_("Length of the transformed frame")},
    {"hop_length", MG_PARAM_INT, "auto", 1, 1048576, NULL, "samples", N_("win_length / 4"),
     N_("Samples from one frame to the next")},
    {"win_length", MG_PARAM_INT, "auto", 1, 262144, NULL, "samples", N_("n_fft"),
     N_("Length of the window, padded with zeros to n_fft")},
    {"window", MG_PARAM_CHOICE, "hann", 0, 0, MG_WINDOW_CHOICES, NULL, NULL, N_("Window function, periodic")},
    {"center", MG_PARAM_BOOL, "true", 0, 0, NULL, NULL, NULL,
     N_("Frames are centred on their time; the signal is padded at both ends")},
    {"pad_mode", MG_PARAM_CHOICE, "constant", 0, 0, MG_PAD_CHOICES, NULL, NULL,
     N_("What the signal is padded with: zeros, its mirror image or its end value")},
};
const MgParamTable mg_stft_params = MG_PARAM_TABLE("stft", N_("STFT"), specs);

struct MgStft {
  MgFft *fft;
  float *window;          /* win_length values centred in n_fft */
  MgPreciseFft *precise;  /* or NULL */
  double *precise_window; /* the same, not rounded */
  float *padded;          /* (n_fft) */
  size_t n_fft, hop;
  gboolean center;
  MgPadMode pad_mode;
};

MgStft *
mg_stft_new(const MgParams *params, GError **error)
{
  gint64 n_fft = mg_params_int(params, "n_fft");
  gint64 win_length = mg_params_int_or(params, "win_length", n_fft);
  if (win_length > n_fft) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE,
                "win_length=%" G_GINT64_FORMAT ": expected at most n_fft, which is %" G_GINT64_FORMAT, win_length,
                n_fft);
    return NULL;
  }
  MgStft *stft = g_new0(MgStft, 1);
  stft->n_fft = n_fft;
  stft->hop = mg_params_int_or(params, "hop_length", MAX(1, win_length / 4));
  stft->center = mg_params_bool(params, "center");
  stft->pad_mode = mg_pad_mode_of(mg_params_text(params, "pad_mode"));
  stft->fft = mg_fft_new(n_fft);
  stft->window = g_aligned_alloc0(n_fft, sizeof(float), 64);
  mg_window_fill(mg_params_text(params, "window"), stft->window + (n_fft - win_length) / 2, win_length);
  return stft;
}

/* From now on mg_stft_power_frame() transforms in double precision. */
static void
make_precise(MgStft *stft, const MgParams *params)
{
  size_t n_fft = stft->n_fft, win_length = mg_params_int_or(params, "win_length", n_fft);
  stft->precise = mg_precise_fft_new(n_fft);
  stft->precise_window = g_new0(double, n_fft);
  stft->padded = g_new(float, n_fft);
  mg_window_fill_double(mg_params_text(params, "window"), stft->precise_window + (n_fft - win_length) / 2, win_length);
}

void
mg_stft_free(MgStft *stft)
{
  if (!stft)
    return;
  mg_fft_free(stft->fft);
  mg_precise_fft_free(stft->precise);
  g_aligned_free(stft->window);
  g_free(stft->precise_window);
  g_free(stft->padded);
  g_free(stft);
}

size_t
mg_stft_bins(const MgStft *stft)
{
  return stft->n_fft / 2 + 1;
}

size_t
mg_stft_n_fft(const MgStft *stft)
{
  return stft->n_fft;
}

size_t
mg_stft_hop(const MgStft *stft)
{
  return stft->hop;
}

gboolean
mg_stft_center(const MgStft *stft)
{
  return stft->center;
}

const float *
mg_stft_window(const MgStft *stft)
{
  return stft->window;
}

size_t
mg_stft_frames(const MgStft *stft, size_t n)
{
  size_t padded = n + (stft->center ? stft->n_fft / 2 * 2 : 0);
  return n == 0 || padded < stft->n_fft ? 0 : 1 + (padded - stft->n_fft) / stft->hop;
}

MG_VECTOR static void
load(MgStft *stft, const float *n_fft_samples)
{
  float *input = mg_fft_input(stft->fft); /* may be n_fft_samples */
  const float *window = stft->window;
  for (size_t i = 0; i < stft->n_fft; i++)
    input[i] = n_fft_samples[i] * window[i];
}

/* The n_fft samples of a frame: the signal's own, or a copy in `padded` where the frame reaches beyond it. */
static const float *
find_frame(const MgStft *stft, const float *samples, size_t n, size_t frame, float *padded)
{
  gint64 start = (gint64)(frame * stft->hop) - (stft->center ? (gint64)(stft->n_fft / 2) : 0);
  if (start < 0 || start + stft->n_fft > n) {
    mg_pad_load(stft->pad_mode, samples, n, start, stft->n_fft, padded);
    return padded;
  }
  size_t ahead = MIN(stft->hop, stft->n_fft), from = start + stft->n_fft + ahead, end = MIN(n, from + ahead);
  for (size_t at = from; at < end; at += 16) /* comes from memory while this frame and the next are worked */
    __builtin_prefetch(samples + at, 0, 2);
  return samples + start;
}

static void
load_frame(MgStft *stft, const float *samples, size_t n, size_t frame)
{
  load(stft, find_frame(stft, samples, n, frame, mg_fft_input(stft->fft)));
}

MG_VECTOR static void
load_precisely(MgStft *stft, const float *n_fft_samples)
{
  double *restrict input = mg_precise_fft_input(stft->precise);
  for (size_t i = 0; i < stft->n_fft; i++)
    input[i] = n_fft_samples[i] * stft->precise_window[i];
}

void
mg_stft_power_of(MgStft *stft, const float *n_fft_samples, float *power)
{
  load(stft, n_fft_samples);
  mg_fft_power(stft->fft, power);
}

void
mg_stft_power_frame(MgStft *stft, const float *samples, size_t n, size_t frame, float *power)
{
  if (stft->precise) {
    load_precisely(stft, find_frame(stft, samples, n, frame, stft->padded));
    mg_precise_fft_power(stft->precise, power);
    return;
  }
  load_frame(stft, samples, n, frame);
  mg_fft_power(stft->fft, power);
}

void
mg_stft_complex_frame(MgStft *stft, const float *samples, size_t n, size_t frame, const float **real,
                      const float **imaginary)
{
  load_frame(stft, samples, n, frame);
  mg_fft_forward(stft->fft, real, imaginary);
}

static int
count_workers(size_t items, int threads)
{
  return (int)MIN(items, (size_t)(threads < 1 ? mg_processors() : threads));
}

static MgStft **
new_workers(const MgParams *params, int workers)
{
  MgStft **stft = g_new(MgStft *, workers);
  for (int i = 0; i < workers; i++)
    stft[i] = mg_stft_new(params, NULL); /* the caller has made one of the same before */
  return stft;
}

static void
free_workers(MgStft **stft, int workers)
{
  for (int i = 0; i < workers; i++)
    mg_stft_free(stft[i]);
  g_free(stft);
}

/* Frames are made in blocks: a block stays in the cache, and its columns are whole cache lines of the
 * result's rows. */
enum { BLOCK = MG_LANES, BLOCKS_PER_ITEM = 16 };

typedef struct {
  MgStft **stft; /* a worker's own */
  float **block; /* a worker's own: (BLOCK, rows), then (bins); with lanes_func (rows, BLOCK), (bins, BLOCK), (BLOCK,
                    bins) */
  const float *samples;
  size_t n, frames;
  MgStftFrameFunc func;
  MgStftLanesFunc lanes_func; /* in place of func */
  gpointer data;
  gboolean precise;
  MgMatrix *result;
} Spectrogram;

/* Eight rows of eight values, turned: three rounds of taking two rows' values in turn. */
typedef float Eight __attribute__((vector_size(8 * sizeof(float)), aligned(sizeof(float)), may_alias));

G_ALWAYS_INLINE static inline void
turn_tile(const float *from, size_t from_stride, float *to, size_t to_stride)
{
  Eight row[8], next[8];
  for (int i = 0; i < 8; i++)
    row[i] = *(const Eight *)(from + i * from_stride);
  for (int round = 0; round < 3; round++) {
    for (int i = 0; i < 4; i++) {
      next[2 * i] = __builtin_shufflevector(row[i], row[i + 4], 0, 8, 1, 9, 2, 10, 3, 11);
      next[2 * i + 1] = __builtin_shufflevector(row[i], row[i + 4], 4, 12, 5, 13, 6, 14, 7, 15);
    }
    memcpy(row, next, sizeof row);
  }
  for (int i = 0; i < 8; i++)
    *(Eight *)(to + i * to_stride) = row[i];
}

/* Columns into rows of the result, in tiles as far as there are whole ones. */
MG_VECTOR static void
store_block(const float *block, size_t frames, size_t first, MgMatrix *result)
{
  size_t rows = result->rows, tiled = frames == BLOCK ? rows / 8 * 8 : 0;
  for (size_t row = 0; row < tiled; row += 8)
    for (size_t f = 0; f < BLOCK; f += 8)
      turn_tile(block + f * rows + row, rows, mg_matrix_row(result, row) + first + f, result->cols);
  for (size_t row = tiled; row < rows; row++)
    for (size_t f = 0; f < frames; f++)
      mg_matrix_row(result, row)[first + f] = block[f * rows + row];
}

/* Frames into lanes: those that are not there are zeros. */
MG_VECTOR static void
make_lanes(const float *restrict power, size_t bins, size_t frames, float *restrict lanes)
{
  for (size_t bin = 0; bin < bins; bin++)
    for (size_t f = 0; f < BLOCK; f++)
      lanes[bin * BLOCK + f] = f < frames ? power[f * bins + bin] : 0;
}

static void
work_lanes(const Spectrogram *job, MgStft *stft, size_t first, size_t count, float *block)
{
  size_t bins = mg_stft_bins(stft), rows = job->result->rows;
  float *lanes = block + BLOCK * rows, *power = lanes + BLOCK * bins;
  for (size_t f = 0; f < count; f++)
    mg_stft_power_frame(stft, job->samples, job->n, first + f, power + f * bins);
  mg_power_raise(power, bins * count, 1);
  make_lanes(power, bins, count, lanes);
  job->lanes_func((const MgLanes *)lanes, bins, (MgLanes *)block, job->data);
  for (size_t row = 0; row < rows; row++)
    memcpy(mg_matrix_row(job->result, row) + first, block + row * BLOCK, count * sizeof *block);
}

static void
work_frames(const Spectrogram *job, MgStft *stft, size_t first, size_t count, float *block)
{
  size_t rows = job->result->rows;
  float *power = block + BLOCK * rows;
  for (size_t f = 0; f < count; f++) {
    mg_stft_power_frame(stft, job->samples, job->n, first + f, power);
    job->func(power, mg_stft_bins(stft), block + f * rows, job->data);
  }
  store_block(block, count, first, job->result);
}

static gboolean
make_blocks(size_t item, int worker, gpointer data, GError **error)
{
  const Spectrogram *job = data;
  size_t end = MIN(job->frames, (item + 1) * BLOCK * BLOCKS_PER_ITEM);
  for (size_t first = item * BLOCK * BLOCKS_PER_ITEM; first < end; first += BLOCK)
    (job->lanes_func ? work_lanes : work_frames)(job, job->stft[worker], first, MIN(BLOCK, end - first),
                                                 job->block[worker]);
  return TRUE;
}

static gboolean
run(Spectrogram *job, const MgParams *params, int threads, GError **error)
{
  size_t items = (job->frames + BLOCK * BLOCKS_PER_ITEM - 1) / (BLOCK * BLOCKS_PER_ITEM);
  int workers = count_workers(items, threads);
  job->stft = new_workers(params, workers);
  job->block = g_new0(float *, workers);
  for (int i = 0; i < workers && job->precise; i++)
    make_precise(job->stft[i], params);
  for (int i = 0; i < workers; i++) {
    size_t bins = mg_stft_bins(job->stft[i]);
    size_t values = BLOCK * job->result->rows + (job->lanes_func ? 2 * BLOCK * bins : bins);
    job->block[i] = g_aligned_alloc(values, sizeof(float), 64);
  }
  gboolean good = mg_parallel_for(items, workers, make_blocks, job, NULL, error);
  free_workers(job->stft, workers);
  for (int i = 0; i < workers; i++)
    g_aligned_free(job->block[i]);
  g_free(job->block);
  return good;
}

/* How many frames there are and, in *bins, their bins; 0 where the parameters or the signal do not allow any. */
static size_t
count_frames(size_t n, const MgParams *params, size_t *bins, GError **error)
{
  g_autoptr(MgStft) stft = mg_stft_new(params, error);
  if (!stft)
    return 0;
  *bins = mg_stft_bins(stft);
  size_t frames = mg_stft_frames(stft, n);
  if (frames == 0)
    g_set_error(error, MG_ERROR, MG_ERROR_DATA,
                "%zu samples give no frame: expected at least n_fft = %zu of them, or center=true", n, stft->n_fft);
  return frames;
}

static MgMatrix *
map_frames(Spectrogram *job, const MgParams *params, size_t rows, int threads, GError **error)
{
  size_t bins;
  job->frames = count_frames(job->n, params, &bins, error);
  g_autoptr(MgMatrix) result = job->frames ? mg_matrix_new(rows ? rows : bins, job->frames, error) : NULL;
  job->result = result;
  return result && run(job, params, threads, error) ? g_steal_pointer(&result) : NULL;
}

MgMatrix *
mg_stft_map_frames(const float *samples, size_t n, const MgParams *params, size_t rows, MgStftFrameFunc func,
                   gpointer data, int threads, GError **error)
{
  Spectrogram job = {.samples = samples, .n = n, .func = func, .data = data};
  return map_frames(&job, params, rows, threads, error);
}

MgMatrix *
mg_stft_map_frames_precise(const float *samples, size_t n, const MgParams *params, size_t rows, MgStftFrameFunc func,
                           gpointer data, int threads, GError **error)
{
  Spectrogram job = {.samples = samples, .n = n, .func = func, .data = data, .precise = TRUE};
  return map_frames(&job, params, rows, threads, error);
}

MgMatrix *
mg_stft_map_lanes_precise(const float *samples, size_t n, const MgParams *params, size_t rows, MgStftLanesFunc func,
                          gpointer data, int threads, GError **error)
{
  Spectrogram job = {.samples = samples, .n = n, .lanes_func = func, .data = data, .precise = TRUE};
  return map_frames(&job, params, rows, threads, error);
}

MG_VECTOR static void
take_roots(float *values, size_t n)
{
  for (size_t i = 0; i < n; i++)
    values[i] = sqrtf(values[i]);
}

void
mg_power_raise(float *power, size_t n, double exponent)
{
  if (exponent == 1)
    take_roots(power, n);
  else if (exponent != 2)
    for (size_t i = 0; i < n; i++)
      power[i] = powf(power[i], (float)(exponent / 2));
}

static void
raise_frame(float *power, size_t bins, float *out, gpointer data)
{
  mg_power_raise(power, bins, *(const double *)data);
  memcpy(out, power, bins * sizeof *power);
}

MgMatrix *
mg_stft_spectrogram(const float *samples, size_t n, const MgParams *params, double power, int threads, GError **error)
{
  return mg_stft_map_frames(samples, n, params, 0, raise_frame, &power, threads, error);
}

MgSpectra *
mg_spectra_new(size_t frames, size_t bins, GError **error)
{
  g_autoptr(MgSpectra) spectra = g_new0(MgSpectra, 1);
  if (!(spectra->real = mg_matrix_new(frames, bins, error)) ||
      !(spectra->imaginary = mg_matrix_new(frames, bins, error)))
    return NULL;
  return g_steal_pointer(&spectra);
}

void
mg_spectra_free(MgSpectra *spectra)
{
  if (!spectra)
    return;
  mg_matrix_free(spectra->real);
  mg_matrix_free(spectra->imaginary);
  g_free(spectra);
}

typedef struct {
  MgStft **stft; /* a worker's own */
  const float *samples;
  size_t n;
  MgSpectra *spectra;
} Transform;

enum { FRAMES_PER_ITEM = 256 };

static gboolean
make_spectra(size_t item, int worker, gpointer data, GError **error)
{
  Transform *job = data;
  MgSpectra *spectra = job->spectra;
  size_t end = MIN(spectra->real->rows, (item + 1) * FRAMES_PER_ITEM);
  for (size_t frame = item * FRAMES_PER_ITEM; frame < end; frame++) {
    const float *real, *imaginary;
    mg_stft_complex_frame(job->stft[worker], job->samples, job->n, frame, &real, &imaginary);
    memcpy(mg_matrix_row(spectra->real, frame), real, spectra->real->cols * sizeof *real);
    memcpy(mg_matrix_row(spectra->imaginary, frame), imaginary, spectra->real->cols * sizeof *real);
  }
  return TRUE;
}

gboolean
mg_stft_complex_into(MgSpectra *spectra, const float *samples, size_t n, const MgParams *params, int threads,
                     GError **error)
{
  size_t bins, frames = count_frames(n, params, &bins, error);
  if (frames == 0)
    return FALSE;
  g_return_val_if_fail(frames == spectra->real->rows && bins == spectra->real->cols, FALSE);
  size_t items = (frames + FRAMES_PER_ITEM - 1) / FRAMES_PER_ITEM;
  int workers = count_workers(items, threads);
  Transform job = {new_workers(params, workers), samples, n, spectra};
  gboolean good = mg_parallel_for(items, workers, make_spectra, &job, NULL, error);
  free_workers(job.stft, workers);
  return good;
}

MgSpectra *
mg_stft_complex(const float *samples, size_t n, const MgParams *params, int threads, GError **error)
{
  size_t bins, frames = count_frames(n, params, &bins, error);
  g_autoptr(MgSpectra) spectra = frames ? mg_spectra_new(frames, bins, error) : NULL;
  return spectra && mg_stft_complex_into(spectra, samples, n, params, threads, error) ? g_steal_pointer(&spectra)
                                                                                      : NULL;
}
