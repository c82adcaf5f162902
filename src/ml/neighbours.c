#include "ml/neighbours.h"
#include "base/parallel.h"
#include "nn/compute.h"
#include <math.h>
#include <string.h>

enum { BLOCK = 128 };

typedef struct {
  const MgMatrix *x;
  const float *queries;
  size_t rows, k;
  gboolean self;
  float *lengths;   /* [x->rows]: squared, of the rows less the mean */
  float *shifted;   /* (x->rows, features): less the mean, so that the products do not cancel */
  float *mean;      /* [features] */
  float **products; /* a worker's own: (BLOCK, x->rows) */
  float **block;    /* a worker's own: (BLOCK, features) */
  guint32 *index;
  float *distance;
} Search;

typedef struct {
  float distance;
  guint32 index;
} Candidate;

static gboolean
further(Candidate a, Candidate b)
{
  return a.distance > b.distance || (a.distance == b.distance && a.index > b.index);
}

/* Moves heap[0] down to its place among n; the furthest is on top. */
static void
sink(Candidate *heap, size_t n)
{
  size_t at = 0;
  for (size_t child; (child = 2 * at + 1) < n; at = child) {
    if (child + 1 < n && further(heap[child + 1], heap[child]))
      child++;
    if (!further(heap[child], heap[at]))
      return;
    Candidate swapped = heap[at];
    heap[at] = heap[child];
    heap[child] = swapped;
  }
}

static void
rise(Candidate *heap, size_t at)
{
  for (; at > 0 && further(heap[at], heap[(at - 1) / 2]); at = (at - 1) / 2) {
    Candidate swapped = heap[at];
    heap[at] = heap[(at - 1) / 2];
    heap[(at - 1) / 2] = swapped;
  }
}

static float
exact_distance(const Search *search, size_t row, guint32 other)
{
  const float *a = search->queries + row * search->x->cols, *b = mg_matrix_row(search->x, other);
  float sum = 0;
  for (size_t f = 0; f < search->x->cols; f++)
    sum += (a[f] - b[f]) * (a[f] - b[f]);
  return sqrtf(sum);
}

/* The k nearest by squared distance less the query's own length, then sorted by the exact distance. */
static void
pick_nearest(const Search *search, size_t row, const float *products, Candidate *heap)
{
  size_t n = 0, k = search->k;
  for (guint32 other = 0; other < search->x->rows; other++) {
    if (search->self && other == row)
      continue;
    Candidate candidate = {search->lengths[other] - 2 * products[other], other};
    if (n < k) {
      heap[n] = candidate;
      rise(heap, n++);
    } else if (k > 0 && further(heap[0], candidate)) {
      heap[0] = candidate;
      sink(heap, n);
    }
  }
  for (size_t i = 0; i < n; i++)
    heap[i].distance = exact_distance(search, row, heap[i].index);
  for (size_t i = 1; i < n; i++) /* k is small, and the heap nearly in order */
    for (size_t j = i; j > 0 && further(heap[j - 1], heap[j]); j--) {
      Candidate swapped = heap[j];
      heap[j] = heap[j - 1];
      heap[j - 1] = swapped;
    }
  for (size_t i = 0; i < n; i++) {
    search->index[row * k + i] = heap[i].index;
    search->distance[row * k + i] = heap[i].distance;
  }
}

static gboolean
search_block(size_t item, int worker, gpointer data, GError **error)
{
  Search *search = data;
  size_t first = item * BLOCK, count = MIN(BLOCK, search->rows - first), features = search->x->cols;
  float *block = search->block[worker], *products = search->products[worker];
  for (size_t i = 0; i < count * features; i++)
    block[i] = search->queries[first * features + i] - search->mean[i % features];
  mg_compute_gemm(FALSE, TRUE, (int)count, (int)search->x->rows, (int)features, block, (int)features, search->shifted,
                  (int)features, 0, products, (int)search->x->rows);
  g_autofree Candidate *heap = g_new(Candidate, search->k + 1);
  for (size_t i = 0; i < count; i++)
    pick_nearest(search, first + i, products + i * search->x->rows, heap);
  return TRUE;
}

static void
measure_rows(Search *search)
{
  const MgMatrix *x = search->x;
  for (size_t f = 0; f < x->cols; f++) {
    double sum = 0;
    for (size_t row = 0; row < x->rows; row++)
      sum += mg_matrix_row(x, row)[f];
    search->mean[f] = (float)(sum / (double)x->rows);
  }
  for (size_t row = 0; row < x->rows; row++)
    for (size_t f = 0; f < x->cols; f++) {
      float value = mg_matrix_row(x, row)[f] - search->mean[f];
      search->shifted[row * x->cols + f] = value;
      search->lengths[row] += value * value;
    }
}

void
mg_neighbours_find(const MgMatrix *x, const float *queries, size_t rows, gboolean self, size_t k, int threads,
                   guint32 *index, float *distance)
{
  Search search = {
      .x = x, .queries = queries, .rows = rows, .k = k, .self = self, .index = index, .distance = distance};
  size_t blocks = (rows + BLOCK - 1) / BLOCK;
  search.lengths = g_new0(float, x->rows);
  search.shifted = g_new(float, x->rows * x->cols);
  search.mean = g_new(float, x->cols);
  search.products = g_new(float *, threads);
  search.block = g_new(float *, threads);
  for (int i = 0; i < threads; i++) {
    search.products[i] = g_new(float, BLOCK * x->rows);
    search.block[i] = g_new(float, BLOCK * x->cols);
  }
  measure_rows(&search);
  mg_parallel_for(blocks, threads, search_block, &search, NULL, NULL);
  for (int i = 0; i < threads; i++) {
    g_free(search.products[i]);
    g_free(search.block[i]);
  }
  g_free(search.products);
  g_free(search.block);
  g_free(search.mean);
  g_free(search.shifted);
  g_free(search.lengths);
}
