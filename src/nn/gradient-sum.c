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
  GPtrArray *statistics; /* MgTensor * */
  float *buffer;         /* of all that is not sent from where it is */
  size_t filled, sent;
  GArray *passengers; /* Passenger */
};

/* What is a bucket by itself is sent from where it is. */
static gboolean
goes_alone(const MgTensor *tensor)
{
  return tensor->gradient && tensor->n >= BUCKET;
}

MgGradientSum *
mg_gradient_sum_new(MgRanks *ranks, const GPtrArray *tensors, gboolean statistics)
{
  if (!ranks)
    return NULL;
  MgGradientSum *sum = g_new0(MgGradientSum, 1);
  size_t size = 0;
  sum->ranks = ranks;
  sum->statistics = statistics ? mg_tensors_that_learn(tensors, FALSE) : g_ptr_array_new();
  sum->passengers = g_array_new(FALSE, FALSE, sizeof(Passenger));
  for (guint i = 0; i < tensors->len; i++) {
    const MgTensor *tensor = tensors->pdata[i];
    size += goes_alone(tensor) ? 0 : tensor->n;
  }
  sum->buffer = g_new(float, size);
  return sum;
}

void
mg_gradient_sum_free(MgGradientSum *sum)
{
  if (!sum)
    return;
  g_free(sum->buffer);
  g_ptr_array_unref(sum->statistics);
  g_array_unref(sum->passengers);
  g_free(sum);
}

static void
send(MgGradientSum *sum)
{
  if (sum->filled > sum->sent)
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
  if (goes_alone(tensor))
    mg_ranks_sum_begin(sum->ranks, tensor->gradient, tensor->n);
  else
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
mg_gradient_sum_end(MgGradientSum *sum)
{
  pack_statistics(sum);
  send(sum);
  mg_ranks_sum_end(sum->ranks);
  unpack(sum);
}
