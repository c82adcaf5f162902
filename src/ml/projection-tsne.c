/* t-SNE (van der Maaten and Hinton, 2008) with Barnes and Hut's trees (van der Maaten, 2014), as sklearn.manifold.TSNE
 * with init="pca" and learning_rate="auto". */
#include "base/error.h"
#include "base/parallel.h"
#include "base/rng.h"
#include "ml/neighbours.h"
#include "ml/pca.h"
#include "ml/projection-table.h"
#include "ml/quadtree.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static const MgParamSpec specs[] = {
    {"perplexity", MG_PARAM_FLOAT, "30", 1, 1000, NULL, NULL, NULL, N_("How many neighbours a point minds")},
    {"early_exaggeration", MG_PARAM_FLOAT, "12", 1, 100, NULL, NULL, NULL,
     N_("How much stronger neighbours attract in the first 250 rounds")},
    {"n_iter", MG_PARAM_INT, "1000", 250, 100000, NULL, NULL, NULL, N_("Rounds of moving the points")},
    {"angle", MG_PARAM_FLOAT, "0.5", 0, 1, NULL, NULL, NULL,
     N_("Breadth over distance below which far points count as one; 0 is exact")},
};
static const MgParamTable table = MG_PARAM_TABLE("tsne", N_("t-SNE"), specs);
static const MgParamTable *const tables[] = {&table, NULL};

enum { EXPLORING = 250, CHUNK = 64 };

/* Probabilities that points are neighbours, symmetric: row i has entries start[i] … start[i + 1] - 1. */
typedef struct {
  size_t n;
  size_t *start;
  guint32 *other;
  float *probability;
} Affinities;

typedef struct {
  Affinities p;
  MgQuadtree *tree;
  float *y;                /* (n, 2) */
  double *attract, *repel; /* (n, 2) */
  double *sums;            /* [n]: of q */
  float *speed, *gain;     /* (n, 2) */
  double angle, exaggeration, learning_rate, momentum;
  int threads;
} Layout;

/* The precision at which the row's k distances have the wanted perplexity; fills the probabilities. */
static void
fit_perplexity(const float *distance, size_t k, double perplexity, float *probability)
{
  double precision = 1, low = 0, high = INFINITY, wanted = log(perplexity), nearest = distance[0] * (double)distance[0];
  for (int round = 0; round < 100; round++) {
    double sum = 0, mean = 0;
    for (size_t i = 0; i < k; i++) {
      double square = distance[i] * (double)distance[i] - nearest;
      probability[i] = (float)exp(-precision * square);
      sum += probability[i];
      mean += square * probability[i];
    }
    double entropy = log(sum) + precision * mean / sum;
    for (size_t i = 0; i < k; i++)
      probability[i] /= (float)sum;
    if (fabs(entropy - wanted) < 1e-5)
      return;
    if (entropy > wanted) {
      low = precision;
      precision = isfinite(high) ? (precision + high) / 2 : precision * 2;
    } else {
      high = precision;
      precision = (precision + low) / 2;
    }
  }
}

/* P = (C + C') / (2 n) of the conditional probabilities of each row's k neighbours. */
static void
make_affinities(Affinities *p, const guint32 *index, const float *conditional, size_t n, size_t k)
{
  g_autofree size_t *degree = g_new0(size_t, n + 1);
  for (size_t i = 0; i < n; i++)
    for (size_t e = 0; e < k; e++) {
      degree[i]++;
      degree[index[i * k + e]]++;
    }
  p->n = n;
  p->start = g_new0(size_t, n + 1);
  for (size_t i = 0; i < n; i++)
    p->start[i + 1] = p->start[i] + degree[i];
  p->other = g_new(guint32, p->start[n] + 1);
  p->probability = g_new(float, p->start[n] + 1);
  memset(degree, 0, (n + 1) * sizeof *degree);
  float scale = (float)(1 / (2.0 * (double)n));
  for (guint32 i = 0; i < n; i++) /* a pair of mutual neighbours has two entries, which add up */
    for (size_t e = 0; e < k; e++) {
      guint32 j = index[i * k + e];
      size_t one = p->start[i] + degree[i]++, other = p->start[j] + degree[j]++;
      p->other[one] = j;
      p->other[other] = i;
      p->probability[one] = p->probability[other] = conditional[i * k + e] * scale;
    }
}

static void
find_affinities(Affinities *p, const MgMatrix *x, double perplexity, int threads)
{
  size_t n = x->rows, k = (size_t)MIN((double)n - 1, 3 * perplexity + 1);
  g_autofree guint32 *index = g_new(guint32, n * k);
  g_autofree float *distance = g_new(float, n *k), *conditional = g_new(float, n *k);
  mg_neighbours_find(x, x->data, n, TRUE, k, threads, index, distance);
  for (size_t i = 0; i < n; i++)
    fit_perplexity(distance + i * k, k, MIN(perplexity, (double)k * 0.9), conditional + i * k);
  make_affinities(p, index, conditional, n, k);
}

static gboolean
find_forces(size_t item, int worker, gpointer data, GError **error)
{
  Layout *layout = data;
  size_t end = MIN(layout->p.n, (item + 1) * CHUNK);
  for (size_t i = item * CHUNK; i < end; i++) {
    double *attract = layout->attract + 2 * i, *repel = layout->repel + 2 * i;
    const float *own = layout->y + 2 * i;
    attract[0] = attract[1] = repel[0] = repel[1] = 0;
    for (size_t e = layout->p.start[i]; e < layout->p.start[i + 1]; e++) {
      const float *other = layout->y + 2 * layout->p.other[e];
      double dx = own[0] - other[0], dy = own[1] - other[1];
      double pull = layout->p.probability[e] / (1 + dx * dx + dy * dy);
      attract[0] += pull * dx;
      attract[1] += pull * dy;
    }
    layout->sums[i] = mg_quadtree_repulsion(layout->tree, i, layout->angle, repel);
  }
  return TRUE;
}

static void
move_points(Layout *layout)
{
  size_t n = layout->p.n;
  double sum = 0, middle[2] = {0};
  for (size_t i = 0; i < n; i++)
    sum += layout->sums[i];
  for (size_t i = 0; i < 2 * n; i++) {
    double slope = 4 * (layout->exaggeration * layout->attract[i] - layout->repel[i] / sum);
    gboolean onwards = slope * layout->speed[i] < 0;
    layout->gain[i] = MAX(0.01f, onwards ? layout->gain[i] + 0.2f : layout->gain[i] * 0.8f);
    layout->speed[i] = (float)(layout->momentum * layout->speed[i] - layout->learning_rate * layout->gain[i] * slope);
    layout->y[i] += layout->speed[i];
    middle[i & 1] += layout->y[i] / (double)n;
  }
  for (size_t i = 0; i < 2 * n; i++)
    layout->y[i] -= (float)middle[i & 1];
}

static gboolean
run(Layout *layout, int rounds, MgProgress *progress, GError **error)
{
  size_t chunks = (layout->p.n + CHUNK - 1) / CHUNK;
  double exaggeration = layout->exaggeration;
  for (int round = 0; round < rounds; round++) {
    layout->exaggeration = round < EXPLORING ? exaggeration : 1;
    layout->momentum = round < EXPLORING ? 0.5 : 0.8;
    mg_quadtree_build(layout->tree, layout->y, layout->p.n);
    if (!mg_parallel_for(chunks, layout->threads, find_forces, layout, NULL, error) ||
        !mg_progress_go_on(progress, error))
      return FALSE;
    move_points(layout);
    mg_progress_report(progress, (round + 1.0) / rounds, NULL);
  }
  return TRUE;
}

/* The first two principal components, small: of deviation 1e-4. */
static void
start_at_components(const MgMatrix *x, guint64 seed, MgMatrix *out)
{
  g_autoptr(MgMatrix) scores = mg_pca(x, 2, seed);
  MgRng rng = mg_rng_new(seed);
  double square = 0;
  for (size_t row = 0; row < x->rows; row++)
    square += scores->data[2 * row] * (double)scores->data[2 * row] / (double)x->rows;
  float scale = square > 0 ? (float)(1e-4 / sqrt(square)) : 0;
  for (size_t i = 0; i < 2 * x->rows; i++) /* equal rows must be able to part */
    out->data[i] = scores->data[i] * scale + 1e-6f * mg_rng_normal(&rng);
}

static gboolean
project(const MgMatrix *x, const MgParams *params, guint64 seed, int threads, MgMatrix *out, MgProgress *progress,
        GError **error)
{
  size_t n = x->rows;
  Layout layout = {.y = out->data, .threads = threads};
  layout.angle = mg_params_float(params, "angle");
  layout.exaggeration = mg_params_float(params, "early_exaggeration");
  layout.learning_rate = MAX((double)n / layout.exaggeration / 4, 50);
  find_affinities(&layout.p, x, mg_params_float(params, "perplexity"), threads);
  start_at_components(x, seed, out);
  layout.tree = mg_quadtree_new();
  layout.attract = g_new0(double, 2 * n);
  layout.repel = g_new0(double, 2 * n);
  layout.sums = g_new0(double, n);
  layout.speed = g_new0(float, 2 * n);
  layout.gain = g_new(float, 2 * n);
  for (size_t i = 0; i < 2 * n; i++)
    layout.gain[i] = 1;
  gboolean good = run(&layout, (int)mg_params_int(params, "n_iter"), progress, error);
  mg_quadtree_free(layout.tree);
  g_free(layout.attract);
  g_free(layout.repel);
  g_free(layout.sums);
  g_free(layout.speed);
  g_free(layout.gain);
  g_free(layout.p.start);
  g_free(layout.p.other);
  g_free(layout.p.probability);
  return good;
}

const MgProjection mg_projection_tsne = {.name = "tsne", .title = N_("t-SNE"), .tables = tables, .project = project};
