/* UMAP (McInnes, Healy and Melville, 2018): a fuzzy graph of neighbours laid out by sampled attraction and repulsion.
 * The points begin at the principal components (umap-learn's init="pca"). */
#include "base/error.h"
#include "base/rng.h"
#include "ml/neighbours.h"
#include "ml/pca.h"
#include "ml/projection-table.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static const MgParamSpec specs[] = {
    {"n_neighbors", MG_PARAM_INT, "15", 2, 1000, NULL, NULL, NULL, N_("How many neighbours a point minds")},
    {"min_dist", MG_PARAM_FLOAT, "0.1", 0, 1, NULL, NULL, NULL, N_("How close points may lie together")},
    {"n_epochs", MG_PARAM_INT, "auto", 1, 100000, NULL, NULL, N_("500 up to 10,000 rows, else 200"),
     N_("Rounds of moving the points")},
};
static const MgParamTable table = MG_PARAM_TABLE("umap", N_("UMAP"), specs);
static const MgParamTable *const tables[] = {&table, NULL};

enum { NEGATIVES = 5 }; /* points that a point is pushed off for one that it is drawn to */

typedef struct {
  guint32 from, to;
  float weight;
} Edge;

/* a and b of 1 / (1 + a d^2b), fitted to 1 up to min_dist and exp(min_dist - d) behind it: Gauss and Newton with
 * damping.
 */
static void
fit_curve(double min_dist, double *a, double *b)
{
  enum { POINTS = 300 };
  double damping = 1e-3, last = INFINITY;
  *a = *b = 1;
  for (int round = 0; round < 200; round++) {
    double aa = 0, ab = 0, bb = 0, ga = 0, gb = 0, error = 0;
    for (int i = 1; i < POINTS; i++) {
      double d = 3.0 * i / (POINTS - 1), wanted = d < min_dist ? 1 : exp(min_dist - d);
      double power = pow(d, 2 * *b), value = 1 / (1 + *a * power), rest = wanted - value;
      double by_a = -power * value * value, by_b = -*a * power * 2 * log(d) * value * value;
      aa += by_a * by_a;
      ab += by_a * by_b;
      bb += by_b * by_b;
      ga += by_a * rest;
      gb += by_b * rest;
      error += rest * rest;
    }
    damping *= error < last ? 0.5 : 4;
    last = error;
    double determinant = (aa + damping) * (bb + damping) - ab * ab;
    *a = MAX(1e-3, *a + ((bb + damping) * ga - ab * gb) / determinant);
    *b = MAX(1e-3, *b + ((aa + damping) * gb - ab * ga) / determinant);
  }
}

/* Membership of each of the k neighbours: 1 for the nearest, falling so that they sum to log2 k. */
static void
fit_membership(const float *distance, size_t k, double mean_distance, float *weight)
{
  double nearest = 0, width = 1, low = 0, high = INFINITY, wanted = log2((double)k), own_mean = 0;
  for (size_t i = 0; i < k && nearest == 0; i++)
    nearest = distance[i];
  for (size_t i = 0; i < k; i++)
    own_mean += distance[i] / (double)k;
  for (int round = 0; round < 64; round++) {
    double sum = 0;
    for (size_t i = 0; i < k; i++)
      sum += distance[i] > nearest ? exp(-(distance[i] - nearest) / width) : 1;
    if (fabs(sum - wanted) < 1e-5)
      break;
    if (sum > wanted)
      high = width;
    else
      low = width;
    width = isfinite(high) ? (low + high) / 2 : width * 2;
  }
  width = MAX(width, 1e-3 * (nearest > 0 ? own_mean : mean_distance));
  for (size_t i = 0; i < k; i++)
    weight[i] = distance[i] > nearest ? (float)exp(-(distance[i] - nearest) / MAX(width, 1e-30)) : 1;
}

static float
weight_back(const guint32 *index, const float *weight, size_t k, guint32 from, guint32 to)
{
  for (size_t i = 0; i < k; i++)
    if (index[from * k + i] == to)
      return weight[from * k + i];
  return 0;
}

/* The union of both directions: w + w' - w w'. An edge once, from the lower number. */
static GArray *
make_edges(const guint32 *index, const float *weight, size_t n, size_t k)
{
  GArray *edges = g_array_new(FALSE, FALSE, sizeof(Edge));
  for (guint32 i = 0; i < n; i++)
    for (size_t e = 0; e < k; e++) {
      guint32 j = index[i * k + e];
      float there = weight[i * k + e], back = weight_back(index, weight, k, j, i);
      if (j < i && back > 0)
        continue; /* made from the other end */
      Edge edge = {i, j, there + back - there * back};
      g_array_append_val(edges, edge);
    }
  return edges;
}

static GArray *
find_edges(const MgMatrix *x, size_t k, int threads)
{
  size_t n = x->rows;
  g_autofree guint32 *index = g_new(guint32, n * k);
  g_autofree float *distance = g_new(float, n *k), *weight = g_new(float, n *k);
  mg_neighbours_find(x, x->data, n, TRUE, k, threads, index, distance);
  double mean = 0;
  for (size_t i = 0; i < n * k; i++)
    mean += distance[i] / (double)(n * k);
  for (size_t i = 0; i < n; i++)
    fit_membership(distance + i * k, k, mean, weight + i * k);
  return make_edges(index, weight, n, k);
}

/* The principal components, ten wide. */
static void
start_at_components(const MgMatrix *x, guint64 seed, MgMatrix *out)
{
  g_autoptr(MgMatrix) scores = mg_pca(x, 2, seed);
  MgRng rng = mg_rng_new(seed);
  float low, high;
  mg_matrix_range(scores, &low, &high);
  float scale = MAX(fabsf(low), fabsf(high)) > 0 ? 10 / MAX(fabsf(low), fabsf(high)) : 0;
  for (size_t i = 0; i < 2 * x->rows; i++)
    out->data[i] = scores->data[i] * scale + 1e-4f * mg_rng_normal(&rng);
}

static float
clip(double value)
{
  return (float)CLAMP(value, -4, 4);
}

static void
attract(float *one, float *other, double a, double b, double rate)
{
  double dx = one[0] - other[0], dy = one[1] - other[1], square = dx * dx + dy * dy;
  if (square <= 0)
    return;
  double pull = -2 * a * b * pow(square, b - 1) / (a * pow(square, b) + 1);
  float move[2] = {clip(pull * dx) * (float)rate, clip(pull * dy) * (float)rate};
  for (int d = 0; d < 2; d++) {
    one[d] += move[d];
    other[d] -= move[d];
  }
}

static void
repel(float *one, const float *other, double a, double b, double rate)
{
  double dx = one[0] - other[0], dy = one[1] - other[1], square = dx * dx + dy * dy;
  if (square <= 0)
    return;
  double push = 2 * b / ((0.001 + square) * (a * pow(square, b) + 1));
  one[0] += clip(push * dx) * (float)rate;
  one[1] += clip(push * dy) * (float)rate;
}

/* An edge is worked as often as its weight asks: the heaviest in every round. */
static gboolean
lay_out(const GArray *edges, MgMatrix *out, double a, double b, int epochs, guint64 seed, MgProgress *progress,
        GError **error)
{
  MgRng rng = mg_rng_stream(seed, 1);
  float heaviest = 0;
  for (guint e = 0; e < edges->len; e++)
    heaviest = MAX(heaviest, g_array_index(edges, Edge, e).weight);
  g_autofree float *due = g_new0(float, edges->len + 1);
  for (int epoch = 0; epoch < epochs; epoch++) {
    double rate = 1 - (double)epoch / epochs;
    for (guint e = 0; e < edges->len; e++) {
      const Edge *edge = &g_array_index(edges, Edge, e);
      due[e] += edge->weight / heaviest;
      if (due[e] < 1)
        continue;
      due[e] -= 1;
      guint32 ends[2] = {edge->from, edge->to};
      for (int end = 0; end < 2; end++) {
        float *own = mg_matrix_row(out, ends[end]);
        attract(own, mg_matrix_row(out, ends[1 - end]), a, b, rate);
        for (int i = 0; i < NEGATIVES; i++) {
          guint32 other = mg_rng_below(&rng, (guint32)out->rows);
          if (other != ends[end])
            repel(own, mg_matrix_row(out, other), a, b, rate);
        }
      }
    }
    if (!mg_progress_go_on(progress, error))
      return FALSE;
    mg_progress_report(progress, (epoch + 1.0) / epochs, NULL);
  }
  return TRUE;
}

static gboolean
project(const MgMatrix *x, const MgParams *params, guint64 seed, int threads, MgMatrix *out, MgProgress *progress,
        GError **error)
{
  double a, b;
  size_t k = MIN((size_t)mg_params_int(params, "n_neighbors"), x->rows - 1);
  int epochs = (int)mg_params_int_or(params, "n_epochs", x->rows <= 10000 ? 500 : 200);
  g_autoptr(GArray) edges = find_edges(x, k, threads);
  fit_curve(mg_params_float(params, "min_dist"), &a, &b);
  start_at_components(x, seed, out);
  return lay_out(edges, out, a, b, epochs, seed, progress, error);
}

const MgProjection mg_projection_umap = {.name = "umap", .title = N_("UMAP"), .tables = tables, .project = project};
