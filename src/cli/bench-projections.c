/* How long each projection takes to lay rows out in the plane, on one thread and on all, and how true neighbourhoods
 * stay. */
#include "cli/bench.h"
#include "base/npy.h"
#include "base/rng.h"
#include "ml/projection.h"
#include <stdlib.h>

enum { ROWS = 2000, FEATURES = 128, CLOUDS = 10, NEIGHBOURS = 12 };

/* Clouds that overlap. */
static MgMatrix *
make_rows(void)
{
  MgMatrix *x = mg_matrix_new(ROWS, FEATURES, NULL);
  g_autoptr(MgMatrix) middles = mg_matrix_new(CLOUDS, FEATURES, NULL);
  MgRng rng = mg_rng_new(1);
  for (size_t i = 0; i < CLOUDS * FEATURES; i++)
    middles->data[i] = 0.6f * mg_rng_normal(&rng);
  for (size_t row = 0; row < ROWS; row++)
    for (size_t f = 0; f < FEATURES; f++)
      mg_matrix_row(x, row)[f] = mg_matrix_row(middles, row % CLOUDS)[f] + mg_rng_normal(&rng);
  return x;
}

typedef struct {
  double distance;
  size_t row;
} Other;

static int
nearer(const void *a, const void *b)
{
  const Other *left = a, *right = b;
  return (left->distance > right->distance) - (left->distance < right->distance);
}

/* All rows by their distance from one of them, which is the first. */
static void
sort_around(const MgMatrix *x, size_t row, Other *others)
{
  for (size_t r = 0; r < x->rows; r++) {
    double sum = r == row ? -1 : 0;
    for (size_t f = 0; r != row && f < x->cols; f++) {
      double difference = (double)mg_matrix_row(x, r)[f] - mg_matrix_row(x, row)[f];
      sum += difference * difference;
    }
    others[r] = (Other){sum, r};
  }
  qsort(others, x->rows, sizeof *others, nearer);
}

/* sklearn.manifold.trustworthiness (Venna and Kaski, 2001): what neighbours in the plane rank among the true ones. */
static double
trustworthiness(const MgMatrix *x, const MgMatrix *plane)
{
  size_t n = x->rows, k = NEIGHBOURS;
  g_autofree Other *there = g_new(Other, n), *here = g_new(Other, n);
  g_autofree size_t *rank = g_new(size_t, n);
  double lost = 0;
  for (size_t row = 0; row < n; row++) {
    sort_around(x, row, there);
    sort_around(plane, row, here);
    for (size_t i = 0; i < n; i++)
      rank[there[i].row] = i;
    for (size_t i = 1; i <= k; i++)
      if (rank[here[i].row] > k)
        lost += (double)(rank[here[i].row] - k);
  }
  return 1 - 2 * lost / ((double)n * (double)k * (2 * (double)n - 3 * (double)k - 1));
}

static gboolean
measure(const MgProjection *projection, const MgMatrix *x, int threads, int repeats, GError **error)
{
  g_autoptr(MgParams) params = mg_projection_params(projection);
  g_autoptr(MgMatrix) plane = NULL;
  g_autofree double *seconds = g_new(double, repeats);
  for (int i = 0; i < repeats; i++) {
    double start = mg_bench_seconds();
    g_clear_pointer(&plane, mg_matrix_free);
    plane = mg_project(projection, x, params, 0, threads, NULL, error);
    if (!plane)
      return FALSE;
    seconds[i] = mg_bench_seconds() - start;
  }
  mg_bench_report(json_pack("{s:s, s:I, s:I, s:i, s:f, s:f}", "projection", projection->name, "rows",
                            (json_int_t)x->rows, "features", (json_int_t)x->cols, "threads", threads, "ms",
                            mg_bench_median_ms(seconds, repeats), "trustworthiness", trustworthiness(x, plane)));
  return TRUE;
}

static gboolean
run(const MgBenchOptions *options, GError **error)
{
  g_autoptr(MgMatrix) x = NULL;
  for (int i = 0; i < options->n_parts; i++)
    if (!mg_projection_find(options->parts[i], error))
      return FALSE;
  x = options->table ? mg_npy_load(options->table, error) : make_rows();
  gboolean good = x != NULL;
  for (const MgProjection *const *projection = mg_projections(); *projection; projection++)
    for (int threads = 1; good && mg_bench_wants(options, (*projection)->name) && threads <= options->threads;
         threads += MAX(1, options->threads - 1)) {
      mg_bench_use_processors(threads);
      good = measure(*projection, x, threads, options->repeats, error);
    }
  return good;
}

const MgBench mg_bench_projections = {"projections", "rows into the plane", run};
