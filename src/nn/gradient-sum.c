#include "nn/gradient-sum.h"
#include <string.h>

enum { BUCKET = 1 << 18 }; /* floats */

/* A tensor's values, on their way in the buffer. */
typedef struct {
  float *values;
  size_t n, at;
} Passenger;

struct MgGradientSum {
  MgRanks *ranks;
  GPtrArray *tensors;    /* MgTensor *: that learn */
  GPtrArray *statistics; /* MgTensor * */
  float *buffer;         /* of all that is not sent from where it is; in common memory where there is some */
  size_t filled, sent;
  GArray *passengers; /* Passenger */
  float **common;     /* each rank's gradients, then its buffer; NULL: they are sent as messages */
  size_t size;        /* floats of a rank there */
};

/* What is a bucket by itself is sent from where it is. */
static gboolean
goes_alone(const MgTensor *tensor)
{
  return tensor->gradient && tensor->n >= BUCKET;
}

/* Common memory */

enum { LINE = 16, PIECE = 2048 }; /* floats: of a line of the caches; that are added up at a time */

static size_t
whole_lines(size_t n)
{
  return (n + LINE - 1) & ~(size_t)(LINE - 1);
}

static float *
lend(MgGradientSum *sum, size_t *used, size_t n)
{
  float *place = sum->common[mg_ranks_rank(sum->ranks)] + *used;
  *used += whole_lines(n);
  return place;
}

static size_t
count_values(const GPtrArray *tensors, size_t (*rounded)(size_t))
{
  size_t n = 0;
  for (guint i = 0; i < tensors->len; i++)
    n += rounded(((const MgTensor *)tensors->pdata[i])->n);
  return n;
}

/* Gradients are made where all ranks see them. */
static gboolean
settle(MgGradientSum *sum)
{
  size_t used = 0;
  sum->size = count_values(sum->tensors, whole_lines) + count_values(sum->statistics, whole_lines);
  sum->common = g_new0(float *, mg_ranks_size(sum->ranks));
  if (!mg_ranks_common(sum->ranks, sum->size, sum->common)) {
    g_clear_pointer(&sum->common, g_free);
    return FALSE;
  }
  for (guint i = 0; i < sum->tensors->len; i++) {
    MgTensor *tensor = sum->tensors->pdata[i];
    mg_buffer_free(tensor->gradient);
    tensor->gradient = lend(sum, &used, tensor->n);
  }
  sum->buffer = lend(sum, &used, 0);
  return TRUE;
}

static void
leave(MgGradientSum *sum)
{
  for (guint i = 0; i < sum->tensors->len; i++) {
    MgTensor *tensor = sum->tensors->pdata[i];
    float *place = tensor->gradient;
    tensor->gradient = mg_buffer_new(tensor->n * sizeof *place);
    memcpy(tensor->gradient, place, tensor->n * sizeof *place);
  }
  g_free(sum->common);
}

/* Every rank adds up its share of the values, for all. */
static void
add_up(MgGradientSum *sum, int threads)
{
  size_t rank = (size_t)mg_ranks_rank(sum->ranks), ranks = (size_t)mg_ranks_size(sum->ranks);
  size_t pieces = (sum->size + PIECE - 1) / PIECE;
#pragma omp parallel for schedule(static) num_threads(threads)
  for (size_t piece = pieces * rank / ranks; piece < pieces * (rank + 1) / ranks; piece++) {
    size_t at = piece * PIECE, n = MIN(PIECE, sum->size - at);
    float *total = sum->common[0] + at;
    for (size_t r = 1; r < ranks; r++) {
      const float *more = sum->common[r] + at;
#pragma omp simd
      for (size_t i = 0; i < n; i++)
        total[i] += more[i];
    }
    for (size_t r = 1; r < ranks; r++)
      memcpy(sum->common[r] + at, total, n * sizeof *total);
  }
}

/* Both */

MgGradientSum *
mg_gradient_sum_new(MgRanks *ranks, const GPtrArray *tensors, gboolean statistics)
{
  if (!ranks)
    return NULL;
  MgGradientSum *sum = g_new0(MgGradientSum, 1);
  size_t size = 0;
  sum->ranks = ranks;
  sum->tensors = g_ptr_array_new();
  sum->statistics = g_ptr_array_new();
  sum->passengers = g_array_new(FALSE, FALSE, sizeof(Passenger));
  for (guint i = 0; i < tensors->len; i++) {
    MgTensor *tensor = tensors->pdata[i];
    size += goes_alone(tensor) ? 0 : tensor->n;
    if (tensor->gradient)
      g_ptr_array_add(sum->tensors, tensor);
    else if (statistics)
      g_ptr_array_add(sum->statistics, tensor);
  }
  if (!settle(sum))
    sum->buffer = g_new(float, size);
  return sum;
}

void
mg_gradient_sum_free(MgGradientSum *sum)
{
  if (!sum)
    return;
  if (sum->common)
    leave(sum);
  else
    g_free(sum->buffer);
  g_ptr_array_unref(sum->tensors);
  g_ptr_array_unref(sum->statistics);
  g_array_unref(sum->passengers);
  g_free(sum);
}

static void
send(MgGradientSum *sum)
{
  if (sum->filled > sum->sent && !sum->common)
    mg_ranks_sum_begin(sum->ranks, sum->buffer + sum->sent, sum->filled - sum->sent);
  sum->sent = sum->filled;
}

static void
pack(MgGradientSum *sum, float *values, size_t n)
{
  Passenger passenger = {values, n, sum->filled};
  g_array_append_val(sum->passengers, passenger);
  memcpy(sum->buffer + sum->filled, values, n * sizeof *values);
  sum->filled += n;
  if (sum->filled - sum->sent >= BUCKET)
    send(sum);
}

void
mg_gradient_sum_take(MgTensor *tensor, gpointer data)
{
  MgGradientSum *sum = data;
  if (!sum->common && goes_alone(tensor))
    mg_ranks_sum_begin(sum->ranks, tensor->gradient, tensor->n);
  else if (!sum->common)
    pack(sum, tensor->gradient, tensor->n);
  mg_ranks_move(sum->ranks);
}

static void
pack_statistics(MgGradientSum *sum)
{
  float share = 1.0F / (float)mg_ranks_size(sum->ranks);
  for (guint i = 0; i < sum->statistics->len; i++) {
    MgTensor *tensor = sum->statistics->pdata[i];
    for (size_t k = 0; k < tensor->n; k++)
      tensor->data[k] *= share;
    pack(sum, tensor->data, tensor->n);
  }
}

static void
unpack(MgGradientSum *sum)
{
  for (guint i = 0; i < sum->passengers->len; i++) {
    const Passenger *passenger = &g_array_index(sum->passengers, Passenger, i);
    memcpy(passenger->values, sum->buffer + passenger->at, passenger->n * sizeof *passenger->values);
  }
  g_array_set_size(sum->passengers, 0);
  sum->filled = sum->sent = 0;
}

void
mg_gradient_sum_end(MgGradientSum *sum, int threads)
{
  pack_statistics(sum);
  send(sum);
  mg_ranks_sum_end(sum->ranks);
  if (sum->common) {
    mg_ranks_meet(sum->ranks);
    add_up(sum, threads);
    mg_ranks_meet(sum->ranks);
  }
  unpack(sum);
}
