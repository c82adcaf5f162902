#include "dsp/mfcc.h"
#include "base/parallel.h"
#include "dsp/decibel.h"
#include "dsp/mel.h"
#include "dsp/vector.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static const MgParamSpec specs[] = {
    {"n_mfcc", MG_PARAM_INT, "20", 1, 2048, NULL, NULL, NULL, N_("Number of coefficients, at most n_mels")},
    {"lifter", MG_PARAM_FLOAT, "0", 0, 10000, NULL, NULL, NULL,
     N_("Length of the sine that lifts the higher coefficients; 0 leaves them as they are")},
    {"amin", MG_PARAM_FLOAT, "1e-10", 1e-30, 1, NULL, NULL, NULL, N_("Values below this count as this")},
    {"top_db", MG_PARAM_FLOAT, "80", 1, 400, NULL, "dB", N_("no limit"), N_("Range below the largest value")},
};
const MgParamTable mg_mfcc_params = MG_PARAM_TABLE("mfcc", N_("MFCC"), specs);

MgMatrix *
mg_dct_matrix(size_t n_out, size_t n, GError **error)
{
  MgMatrix *dct = mg_matrix_new(n_out, n, error);
  for (size_t k = 0; dct && k < n_out; k++)
    for (size_t i = 0; i < n; i++)
      mg_matrix_row(dct, k)[i] = (float)(sqrt((k == 0 ? 1.0 : 2.0) / n) * cos(G_PI * k * (2 * i + 1) / (2.0 * n)));
  return dct;
}

static void
lift(MgMatrix *dct, double lifter)
{
  for (size_t k = 0; lifter > 0 && k < dct->rows; k++)
    for (size_t i = 0; i < dct->cols; i++)
      mg_matrix_row(dct, k)[i] *= (float)(1 + lifter / 2 * sin(G_PI * (k + 1) / lifter));
}

/* Frames are worked in tiles that stay in the cache. */
enum { TILE = 64, TILES_PER_ITEM = 16 };

typedef struct {
  const MgMatrix *dct, *mel;
  MgMatrix *result;
  double amin;
  float floor_db;
  float **tile; /* a worker's own: decibels, (n_mels, TILE) */
} Job;

/* Four coefficients of MG_LANES frames: rows k … k + 3 of the transform. */
static inline void
transform_four(const MgMatrix *dct, size_t k, const float *tile, float *out)
{
  const float *a = mg_matrix_row(dct, k), *b = mg_matrix_row(dct, MIN(k + 1, dct->rows - 1)),
              *c = mg_matrix_row(dct, MIN(k + 2, dct->rows - 1)), *d = mg_matrix_row(dct, MIN(k + 3, dct->rows - 1));
  MgLanes sum_a = {0}, sum_b = {0}, sum_c = {0}, sum_d = {0};
  for (size_t m = 0; m < dct->cols; m++) {
    const MgLanes *x = (const MgLanes *)(tile + m * TILE);
    sum_a += a[m] * *x;
    sum_b += b[m] * *x;
    sum_c += c[m] * *x;
    sum_d += d[m] * *x;
  }
  *(MgLanes *)out = sum_a;
  *(MgLanes *)(out + 1 * TILE) = sum_b;
  *(MgLanes *)(out + 2 * TILE) = sum_c;
  *(MgLanes *)(out + 3 * TILE) = sum_d;
}

/* Of a row of a tile: copies of a known size are a few instructions, others go byte by byte. */
static inline void
copy_frames(const float *from, size_t count, float *to)
{
  if (count == TILE)
    memcpy(to, from, TILE * sizeof *to);
  else
    memcpy(to, from, count * sizeof *to);
}

MG_VECTOR static void
load_tile(const MgMatrix *mel, size_t first, size_t count, float *tile)
{
  for (size_t m = 0; m < mel->rows; m++)
    copy_frames(mg_matrix_row(mel, m) + first, count, tile + m * TILE);
}

MG_VECTOR static void
transform_tile(const MgMatrix *dct, const float *tile, size_t first, size_t count, MgMatrix *result)
{
  for (size_t k = 0; k < dct->rows; k += 4) {
    float coefficient[4 * TILE];
    for (size_t f = 0; f < TILE; f += MG_LANES)
      transform_four(dct, k, tile + f, coefficient + f);
    for (size_t i = 0; i < 4 && k + i < dct->rows; i++)
      copy_frames(coefficient + i * TILE, count, mg_matrix_row(result, k + i) + first);
  }
}

static gboolean
make_tiles(size_t item, int worker, gpointer data, GError **error)
{
  const Job *job = data;
  float *tile = job->tile[worker];
  size_t n_mels = job->mel->rows, end = MIN(job->mel->cols, (item + 1) * TILE * TILES_PER_ITEM);
  for (size_t first = item * TILE * TILES_PER_ITEM; first < end; first += TILE) {
    size_t count = MIN(TILE, end - first);
    load_tile(job->mel, first, count, tile);
    mg_power_to_db_above(tile, n_mels * TILE, 1, job->amin, job->floor_db);
    transform_tile(job->dct, tile, first, count, job->result);
  }
  return TRUE;
}

static gboolean
run(Job *job, int threads, GError **error)
{
  size_t items = (job->mel->cols + TILE * TILES_PER_ITEM - 1) / (TILE * TILES_PER_ITEM);
  int workers = (int)MIN(items, (size_t)(threads < 1 ? mg_processors() : threads));
  job->tile = g_new(float *, workers);
  for (int i = 0; i < workers; i++)
    job->tile[i] = g_new0(float, job->mel->rows *TILE);
  gboolean good = mg_parallel_for(items, workers, make_tiles, job, NULL, error);
  for (int i = 0; i < workers; i++)
    g_free(job->tile[i]);
  g_free(job->tile);
  return good;
}

MgMatrix *
mg_mfcc_of_mel(const MgMatrix *mel, float largest, const MgParams *params, int threads, GError **error)
{
  double amin = mg_params_float(params, "amin");
  size_t n_mfcc = MIN((size_t)mg_params_int(params, "n_mfcc"), mel->rows);
  g_autoptr(MgMatrix) dct = mg_dct_matrix(n_mfcc, mel->rows, error);
  g_autoptr(MgMatrix) result = dct ? mg_matrix_new(n_mfcc, mel->cols, error) : NULL;
  if (!result)
    return NULL;
  lift(dct, mg_params_float(params, "lifter"));
  Job job = {.dct = dct, .mel = mel, .result = result, .amin = amin};
  job.floor_db = mg_floor_db(largest, 1, amin, mg_params_float_or(params, "top_db", -1));
  return run(&job, threads, error) ? g_steal_pointer(&result) : NULL;
}

MgMatrix *
mg_mfcc(const float *samples, size_t n, int sr, const MgParams *params, int threads, GError **error)
{
  g_autoptr(MgMatrix) mel = mg_mel_spectrogram(samples, n, sr, params, threads, error);
  return mel ? mg_mfcc_of_mel(mel, mg_largest(mel->data, mel->rows * mel->cols), params, threads, error) : NULL;
}
