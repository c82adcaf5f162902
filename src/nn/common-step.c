#include "nn/common-step.h"
#include <math.h>
#include <string.h>

enum { LINE = 16, PIECE = 4096 }; /* floats: of a line of the caches; that are moved at a time, while they are cached */

/* A part of a tensor. */
typedef struct {
  guint tensor;
  size_t first, n; /* in the tensor */
  size_t at;       /* in a rank's memory */
} Piece;

struct MgCommonStep {
  MgRanks *ranks;
  MgOptimizer *optimizer;
  GPtrArray *tensors;    /* MgTensor *: that learn */
  GPtrArray *statistics; /* MgTensor * */
  GArray *pieces;        /* Piece, of all ranks; each has a stretch of them */
  double *squares;       /* sum over each piece, to clip by */
  float **common;        /* each rank's gradients, then its statistics; rank 0's then has the optimizer's state */
  size_t statistics_at;
};

static size_t
whole_lines(size_t n)
{
  return (n + LINE - 1) & ~(size_t)(LINE - 1);
}

static size_t
count_values(const GPtrArray *tensors, guint from)
{
  size_t n = 0;
  for (guint i = from; i < tensors->len; i++)
    n += whole_lines(((const MgTensor *)tensors->pdata[i])->n);
  return n;
}

static void
cut(MgCommonStep *step)
{
  size_t at = 0;
  for (guint i = 0; i < step->tensors->len; i++) {
    const MgTensor *tensor = step->tensors->pdata[i];
    for (size_t first = 0; first < tensor->n; first += PIECE) {
      Piece piece = {i, first, MIN(PIECE, tensor->n - first), at + first};
      g_array_append_val(step->pieces, piece);
    }
    at += whole_lines(tensor->n);
  }
  step->statistics_at = at;
}

/* Where the pieces of a rank begin. */
static guint
share_of(const MgCommonStep *step, int rank)
{
  return (guint)((guint64)step->pieces->len * (guint64)rank / (guint64)mg_ranks_size(step->ranks));
}

static const Piece *
piece_at(const MgCommonStep *step, guint i)
{
  return &g_array_index(step->pieces, Piece, i);
}

/* The arrays of tensors are taken there one after the other, and back into memory of their own. */

static void
take_there(float **array, size_t n, float **place, gboolean fill)
{
  if (fill)
    memcpy(*place, *array, n * sizeof **array);
  mg_buffer_free(*array);
  *array = *place;
  *place += whole_lines(n);
}

static void
take_back(float **array, size_t n)
{
  float *place = *array;
  *array = mg_buffer_new(n * sizeof *place);
  memcpy(*array, place, n * sizeof *place);
}

/* The optimizer's first state is the count of steps, which every rank keeps by itself. */
static void
settle(MgCommonStep *step)
{
  const GPtrArray *state = mg_optimizer_state(step->optimizer);
  float *gradients = step->common[mg_ranks_rank(step->ranks)];
  float *kept = step->common[0] + step->statistics_at + count_values(step->statistics, 0);
  for (guint i = 0; i < step->tensors->len; i++) {
    MgTensor *tensor = step->tensors->pdata[i];
    take_there(&tensor->gradient, tensor->n, &gradients, FALSE);
  }
  for (guint i = 1; i < state->len; i++) {
    MgTensor *tensor = state->pdata[i];
    take_there(&tensor->data, tensor->n, &kept, mg_ranks_leads(step->ranks));
  }
  mg_ranks_meet(step->ranks);
}

static void
leave(MgCommonStep *step)
{
  const GPtrArray *state = mg_optimizer_state(step->optimizer);
  for (guint i = 0; i < step->tensors->len; i++) {
    MgTensor *tensor = step->tensors->pdata[i];
    take_back(&tensor->gradient, tensor->n);
  }
  for (guint i = 1; i < state->len; i++) {
    MgTensor *tensor = state->pdata[i];
    take_back(&tensor->data, tensor->n);
  }
}

MgCommonStep *
mg_common_step_new(MgRanks *ranks, const GPtrArray *tensors, gboolean statistics, MgOptimizer *optimizer)
{
  if (!ranks)
    return NULL;
  MgCommonStep *step = g_new0(MgCommonStep, 1);
  step->ranks = ranks;
  step->optimizer = optimizer;
  step->tensors = mg_tensors_that_learn(tensors, TRUE);
  step->statistics = statistics ? mg_tensors_that_learn(tensors, FALSE) : g_ptr_array_new();
  step->pieces = g_array_new(FALSE, FALSE, sizeof(Piece));
  cut(step);
  step->squares = g_new(double, step->pieces->len);
  size_t size = step->statistics_at + count_values(step->statistics, 0);
  if (mg_ranks_leads(ranks))
    size += count_values(mg_optimizer_state(optimizer), 1);
  float **common = g_new0(float *, mg_ranks_size(ranks));
  if (mg_ranks_common(ranks, size, common)) {
    step->common = common;
    settle(step);
    return step;
  }
  g_free(common);
  mg_common_step_free(step);
  return NULL;
}

void
mg_common_step_free(MgCommonStep *step)
{
  if (!step)
    return;
  if (step->common)
    leave(step);
  g_free(step->common);
  g_ptr_array_unref(step->tensors);
  g_ptr_array_unref(step->statistics);
  g_array_unref(step->pieces);
  g_free(step->squares);
  g_free(step);
}

void
mg_common_step_begin(MgCommonStep *step)
{
  mg_ranks_meet(step->ranks);
}

/* Its sum is this rank's own from then on. */
static float *
add_up(const MgCommonStep *step, const Piece *piece)
{
  int rank = mg_ranks_rank(step->ranks), ranks = mg_ranks_size(step->ranks);
  float *total = step->common[rank] + piece->at;
  for (int r = (rank + 1) % ranks; r != rank; r = (r + 1) % ranks) {
    const float *more = step->common[r] + piece->at;
#pragma omp simd
    for (size_t i = 0; i < piece->n; i++)
      total[i] += more[i];
  }
  return total;
}

/* What clipping makes of the gradients, whose length only all ranks together know. */
static float
clip(const MgCommonStep *step, guint from, guint to, int threads)
{
  double squares = 0;
#pragma omp parallel for schedule(static) num_threads(threads)
  for (guint i = from; i < to; i++) {
    const Piece *piece = piece_at(step, i);
    const float *total = add_up(step, piece);
    double sum = 0;
#pragma omp simd reduction(+ : sum)
    for (size_t k = 0; k < piece->n; k++)
      sum += (double)total[k] * total[k];
    step->squares[i] = sum;
  }
  for (guint i = from; i < to; i++)
    squares += step->squares[i]; /* in the same order by any number of threads */
  mg_ranks_sum(step->ranks, &squares, 1);
  return mg_optimizer_clip_factor(step->optimizer, sqrt(squares));
}

/* The weights go where the others find them, in the place of the gradients. */
static void
move(const MgCommonStep *step, const Piece *piece, float *gradient, float factor)
{
  const MgTensor *tensor = step->tensors->pdata[piece->tensor];
  if (factor < 1)
    for (size_t i = 0; i < piece->n; i++)
      gradient[i] *= factor;
  mg_optimizer_move(step->optimizer, piece->tensor, piece->first, piece->n, gradient);
  memcpy(gradient, tensor->data + piece->first, piece->n * sizeof *gradient);
}

static void
move_share(const MgCommonStep *step, int threads)
{
  int rank = mg_ranks_rank(step->ranks);
  guint from = share_of(step, rank), to = share_of(step, rank + 1);
  gboolean clips = mg_optimizer_clips(step->optimizer);
  float factor = clips ? clip(step, from, to, threads) : 1;
#pragma omp parallel for schedule(static) num_threads(threads)
  for (guint i = from; i < to; i++) {
    const Piece *piece = piece_at(step, i);
    move(step, piece, clips ? step->common[rank] + piece->at : add_up(step, piece), factor);
  }
}

static void
take_from(const MgCommonStep *step, int rank)
{
  for (guint i = share_of(step, rank); i < share_of(step, rank + 1); i++) {
    const Piece *piece = piece_at(step, i);
    const MgTensor *tensor = step->tensors->pdata[piece->tensor];
    memcpy(tensor->data + piece->first, step->common[rank] + piece->at, piece->n * sizeof(float));
  }
}

static void
show_statistics(const MgCommonStep *step)
{
  float *place = step->common[mg_ranks_rank(step->ranks)] + step->statistics_at;
  for (guint i = 0; i < step->statistics->len; i++) {
    const MgTensor *tensor = step->statistics->pdata[i];
    memcpy(place, tensor->data, tensor->n * sizeof *place);
    place += whole_lines(tensor->n);
  }
}

/* In the order of the ranks, so that all come to the same. */
static void
average_statistics(const MgCommonStep *step)
{
  int ranks = mg_ranks_size(step->ranks);
  size_t at = step->statistics_at;
  for (guint i = 0; i < step->statistics->len; i++) {
    const MgTensor *tensor = step->statistics->pdata[i];
    for (size_t k = 0; k < tensor->n; k++) {
      float sum = 0;
      for (int r = 0; r < ranks; r++)
        sum += step->common[r][at + k];
      tensor->data[k] = sum / (float)ranks;
    }
    at += whole_lines(tensor->n);
  }
}

void
mg_common_step_end(MgCommonStep *step, double learning_rate, int threads)
{
  int rank = mg_ranks_rank(step->ranks), ranks = mg_ranks_size(step->ranks);
  mg_optimizer_begin(step->optimizer, learning_rate);
  show_statistics(step);
  mg_ranks_meet(step->ranks);
  average_statistics(step);
  move_share(step, threads);
  mg_ranks_meet(step->ranks);
  for (int r = 0; r < ranks; r++)
    if (r != rank)
      take_from(step, r);
}
