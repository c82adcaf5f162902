#include "base/error.h"
#include "base/parallel.h"
#include "dsp/samples.h"
#include "dsp/stft.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

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
  float **block; /* a worker's own: (BLOCK, stride of rows); with lanes_func (rows, BLOCK), (bins, BLOCK) and
                    (BLOCK, stride of bins); strides are those of column_stride() */
  const float *samples;
  size_t n, frames;
  MgStftFrameFunc func;
  MgStftLanesFunc lanes_func; /* in place of func */
  gpointer data;
  gboolean precise, in_blocks; /* the result: a row a block, as lanes_func gives it */
  MgMatrix *result;
  GMutex lock;     /* guards what follows */
  float *repaired; /* the signal where some of it is not usable, once that is known */
} Spectrogram;

/* The signal as frames first … first + count - 1 take it. Their samples are looked at here, as they come into the cache
 * anyway. */
static const float *
usable_samples(Spectrogram *job, const MgStft *stft, size_t first, size_t count, GError **error)
{
  size_t hop = mg_stft_hop(stft), n_fft = mg_stft_n_fft(stft), start = first * hop;
  size_t from = MIN(start - MIN(start, n_fft), job->n), end = MIN(start + (count - 1) * hop + n_fft, job->n);
  if (mg_samples_usable(job->samples + from, end - from))
    return job->samples;
  g_mutex_lock(&job->lock);
  if (!job->repaired)
    job->repaired = mg_samples_repair(job->samples, job->n, error);
  g_mutex_unlock(&job->lock);
  return job->repaired;
}

/* From one column of a block to the next: an odd number of cache lines, so that values side by side do not displace
 * each other from the cache. */
static size_t
column_stride(size_t rows)
{
  return ((rows + MG_LANES - 1) / MG_LANES | 1) * MG_LANES;
}

static size_t
block_values(const Spectrogram *job)
{
  return job->in_blocks ? 0 : BLOCK * column_stride(job->result->rows);
}

/* Eight rows of eight values, turned: three rounds of taking two rows' values in turn. */
G_ALWAYS_INLINE static inline void
turn_tile(const float *from, size_t from_stride, float *to, size_t to_stride)
{
  MgEight row[8], next[8];
  for (int i = 0; i < 8; i++)
    row[i] = *(const MgEight *)(from + i * from_stride);
  for (int round = 0; round < 3; round++) {
    for (int i = 0; i < 4; i++) {
      next[2 * i] = __builtin_shufflevector(row[i], row[i + 4], 0, 8, 1, 9, 2, 10, 3, 11);
      next[2 * i + 1] = __builtin_shufflevector(row[i], row[i + 4], 4, 12, 5, 13, 6, 14, 7, 15);
    }
    memcpy(row, next, sizeof row);
  }
  for (int i = 0; i < 8; i++)
    *(MgEight *)(to + i * to_stride) = row[i];
}

/* Columns into rows of the result, in tiles as far as there are whole ones. */
MG_VECTOR static void
store_block(const float *block, size_t frames, size_t first, MgMatrix *result)
{
  size_t rows = result->rows, stride = column_stride(rows), tiled = frames == BLOCK ? rows / 8 * 8 : 0;
  for (size_t row = 0; row < tiled; row += 8)
    for (size_t f = 0; f < BLOCK; f += 8)
      turn_tile(block + f * stride + row, stride, mg_matrix_row(result, row) + first + f, result->cols);
  for (size_t row = tiled; row < rows; row++)
    for (size_t f = 0; f < frames; f++)
      mg_matrix_row(result, row)[first + f] = block[f * stride + row];
}

/* Frames (BLOCK, stride) into lanes (bins, BLOCK). */
MG_VECTOR static void
make_lanes(const float *restrict power, size_t bins, size_t stride, float *restrict lanes)
{
  size_t tiled = bins / 8 * 8;
  for (size_t bin = 0; bin < tiled; bin += 8)
    for (size_t f = 0; f < BLOCK; f += 8)
      turn_tile(power + f * stride + bin, stride, lanes + bin * BLOCK + f, BLOCK);
  for (size_t bin = tiled; bin < bins; bin++)
    for (size_t f = 0; f < BLOCK; f++)
      lanes[bin * BLOCK + f] = power[f * stride + bin];
}

MG_VECTOR static void
store_lanes(const float *lanes, size_t frames, size_t first, MgMatrix *result)
{
  for (size_t row = 0; row < result->rows; row++)
    if (frames == BLOCK) /* a known size is copied by a few instructions */
      memcpy(mg_matrix_row(result, row) + first, lanes + row * BLOCK, BLOCK * sizeof *lanes);
    else
      memcpy(mg_matrix_row(result, row) + first, lanes + row * BLOCK, frames * sizeof *lanes);
}

static void
work_lanes(const Spectrogram *job, MgStft *stft, const float *samples, size_t first, size_t count, float *block)
{
  size_t bins = mg_stft_bins(stft), stride = column_stride(bins);
  float *lanes = block + block_values(job), *power = lanes + BLOCK * bins;
  for (size_t f = 0; f < count; f++)
    mg_stft_power_frame(stft, samples, job->n, first + f, power + f * stride);
  memset(power + count * stride, 0, (BLOCK - count) * stride * sizeof *power);
  make_lanes(power, bins, stride, lanes);
  if (job->in_blocks)
    block = mg_matrix_row(job->result, first / BLOCK);
  job->lanes_func((MgLanes *)lanes, bins, (MgLanes *)block, job->data);
  if (!job->in_blocks)
    store_lanes(block, count, first, job->result);
}

static void
work_frames(const Spectrogram *job, MgStft *stft, const float *samples, size_t first, size_t count, float *block)
{
  size_t stride = column_stride(job->result->rows);
  float *power = mg_stft_scratch(stft);
  for (size_t f = 0; f < count; f++) {
    mg_stft_power_frame(stft, samples, job->n, first + f, power);
    job->func(power, mg_stft_bins(stft), block + f * stride, job->data);
  }
  store_block(block, count, first, job->result);
}

static gboolean
make_blocks(size_t item, int worker, gpointer data, GError **error)
{
  Spectrogram *job = data;
  MgStft *stft = job->stft[worker];
  size_t end = MIN(job->frames, (item + 1) * BLOCK * BLOCKS_PER_ITEM);
  for (size_t first = item * BLOCK * BLOCKS_PER_ITEM; first < end; first += BLOCK) {
    size_t count = MIN(BLOCK, end - first);
    const float *samples = usable_samples(job, stft, first, count, error);
    if (!samples)
      return FALSE;
    (job->lanes_func ? work_lanes : work_frames)(job, stft, samples, first, count, job->block[worker]);
  }
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
    mg_stft_make_precise(job->stft[i], params);
  for (int i = 0; i < workers; i++) {
    size_t bins = mg_stft_bins(job->stft[i]);
    size_t values = block_values(job);
    if (job->lanes_func)
      values += BLOCK * (bins + column_stride(bins));
    job->block[i] = g_aligned_alloc(values, sizeof(float), 64);
  }
  g_mutex_init(&job->lock);
  gboolean good = mg_parallel_for(items, workers, make_blocks, job, NULL, error);
  g_mutex_clear(&job->lock);
  g_free(job->repaired);
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
                _("%zu samples give no frame: expected at least n_fft = %zu of them, or center=true"), n,
                mg_stft_n_fft(stft));
  return frames;
}

static MgMatrix *
map_frames(Spectrogram *job, const MgParams *params, size_t rows, int threads, GError **error)
{
  size_t bins;
  job->frames = count_frames(job->n, params, &bins, error);
  size_t blocks = (job->frames + BLOCK - 1) / BLOCK;
  g_autoptr(MgMatrix) result = NULL;
  if (job->frames > 0)
    result = job->in_blocks ? mg_matrix_new(blocks, rows * BLOCK, error)
                            : mg_matrix_new(rows ? rows : bins, job->frames, error);
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
mg_stft_map_lanes(const float *samples, size_t n, const MgParams *params, size_t rows, MgStftLanesFunc func,
                  gpointer data, int threads, GError **error)
{
  Spectrogram job = {.samples = samples, .n = n, .lanes_func = func, .data = data};
  return map_frames(&job, params, rows, threads, error);
}

MgMatrix *
mg_stft_map_blocks(const float *samples, size_t n, const MgParams *params, size_t rows, MgStftLanesFunc func,
                   gpointer data, int threads, size_t *frames, GError **error)
{
  Spectrogram job = {.samples = samples, .n = n, .lanes_func = func, .data = data, .in_blocks = TRUE};
  MgMatrix *blocks = map_frames(&job, params, rows, threads, error);
  *frames = job.frames;
  return blocks;
}

MgMatrix *
mg_stft_map_lanes_precise(const float *samples, size_t n, const MgParams *params, size_t rows, MgStftLanesFunc func,
                          gpointer data, int threads, GError **error)
{
  Spectrogram job = {.samples = samples, .n = n, .lanes_func = func, .data = data, .precise = TRUE};
  return map_frames(&job, params, rows, threads, error);
}

MG_VECTOR static void
take_roots(const float *values, size_t n, float *roots)
{
  for (size_t i = 0; i < n; i++)
    roots[i] = sqrtf(values[i]);
}

void
mg_power_raise(float *power, size_t n, double exponent)
{
  if (exponent == 1)
    take_roots(power, n, power);
  else if (exponent != 2)
    for (size_t i = 0; i < n; i++)
      power[i] = powf(power[i], (float)(exponent / 2));
}

static void
raise_frame(float *power, size_t bins, float *out, gpointer data)
{
  const double *exponent = data;
  if (*exponent == 1) {
    take_roots(power, bins, out);
    return;
  }
  mg_power_raise(power, bins, *exponent);
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
