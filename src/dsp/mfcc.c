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

enum { BLOCKS_PER_ITEM = 64 };

typedef struct {
  const MgMatrix *dct;
  MgMatrix *mel;    /* (blocks, n_mels x MG_LANES), of which decibels are made */
  MgMatrix *result; /* (n_mfcc, frames) */
  double amin;
  float floor_db;
} Job;

/* Four coefficients of a block: rows k … k + 3 of the transform. */
static inline void
transform_four(const MgMatrix *dct, size_t k, const MgLanes *db, MgLanes out[4])
{
  const float *a = mg_matrix_row(dct, k), *b = mg_matrix_row(dct, MIN(k + 1, dct->rows - 1)),
              *c = mg_matrix_row(dct, MIN(k + 2, dct->rows - 1)), *d = mg_matrix_row(dct, MIN(k + 3, dct->rows - 1));
  MgLanes sum_a = {0}, sum_b = {0}, sum_c = {0}, sum_d = {0};
  for (size_t m = 0; m < dct->cols; m++) {
    sum_a += a[m] * db[m];
    sum_b += b[m] * db[m];
    sum_c += c[m] * db[m];
    sum_d += d[m] * db[m];
  }
  out[0] = sum_a;
  out[1] = sum_b;
  out[2] = sum_c;
  out[3] = sum_d;
}

MG_VECTOR static void
transform_block(const MgMatrix *dct, const MgLanes *db, size_t first, MgMatrix *result)
{
  size_t count = MIN(MG_LANES, result->cols - first);
  for (size_t k = 0; k < dct->rows; k += 4) {
    MgLanes coefficient[4];
    transform_four(dct, k, db, coefficient);
    for (size_t i = 0; i < 4 && k + i < dct->rows; i++)
      if (count == MG_LANES) /* a known size is copied by a few instructions */
        memcpy(mg_matrix_row(result, k + i) + first, &coefficient[i], sizeof coefficient[i]);
      else
        memcpy(mg_matrix_row(result, k + i) + first, &coefficient[i], count * sizeof(float));
  }
}

static gboolean
make_blocks(size_t item, int worker, gpointer data, GError **error)
{
  const Job *job = data;
  size_t end = MIN(job->mel->rows, (item + 1) * BLOCKS_PER_ITEM);
  for (size_t block = item * BLOCKS_PER_ITEM; block < end; block++) {
    float *db = mg_matrix_row(job->mel, block);
    mg_power_to_db_above(db, job->mel->cols, 1, job->amin, job->floor_db);
    transform_block(job->dct, (const MgLanes *)db, block * MG_LANES, job->result);
  }
  return TRUE;
}

MgMatrix *
mg_mfcc(const float *samples, size_t n, int sr, const MgParams *params, int threads, GError **error)
{
  size_t frames, n_mels = mg_params_int(params, "n_mels"),
                 n_mfcc = MIN((size_t)mg_params_int(params, "n_mfcc"), n_mels);
  g_autoptr(MgMatrix) mel = mg_mel_blocks(samples, n, sr, params, threads, &frames, error);
  g_autoptr(MgMatrix) dct = mel ? mg_dct_matrix(n_mfcc, n_mels, error) : NULL;
  g_autoptr(MgMatrix) result = dct ? mg_matrix_new(n_mfcc, frames, error) : NULL;
  if (!result)
    return NULL;
  lift(dct, mg_params_float(params, "lifter"));
  Job job = {.dct = dct, .mel = mel, .result = result, .amin = mg_params_float(params, "amin")};
  float largest = mg_largest(mel->data, mel->rows * mel->cols);
  job.floor_db = mg_floor_db(largest, 1, job.amin, mg_params_float_or(params, "top_db", -1));
  size_t items = (mel->rows + BLOCKS_PER_ITEM - 1) / BLOCKS_PER_ITEM;
  return mg_parallel_for(items, threads, make_blocks, &job, NULL, error) ? g_steal_pointer(&result) : NULL;
}
