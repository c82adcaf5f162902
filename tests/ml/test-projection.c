/* Every projection of the table keeps neighbours together, and gives the same picture for the same seed. */
#include "ml/projection.h"
#include "base/error.h"
#include "base/rng.h"
#include "ml/neighbours.h"
#include "ml/pca.h"
#include "ml/quadtree.h"
#include "support.h"

enum { ROWS = 400, FEATURES = 20, CLASSES = 5, K = 12 };

/* Clouds around middles of their own, in many dimensions. */
static MgMatrix *
make_clouds(void)
{
  MgMatrix *x = mg_matrix_new(ROWS, FEATURES, NULL);
  float middles[CLASSES][FEATURES];
  MgRng rng = mg_rng_new(2);
  for (int i = 0; i < CLASSES * FEATURES; i++)
    (&middles[0][0])[i] = 3 * mg_rng_normal(&rng);
  for (size_t row = 0; row < ROWS; row++)
    for (size_t f = 0; f < FEATURES; f++)
      mg_matrix_row(x, row)[f] = middles[row % CLASSES][f] + mg_rng_normal(&rng);
  return x;
}

/* The share of a row's K nearest in the plane that are of its own cloud. */
static double
purity(const MgMatrix *plane)
{
  guint32 index[ROWS * K];
  float distance[ROWS * K];
  int own = 0;
  mg_neighbours_find(plane, plane->data, ROWS, TRUE, K, 1, index, distance);
  for (size_t i = 0; i < ROWS * K; i++)
    own += index[i] % CLASSES == i / K % CLASSES;
  return own / (double)(ROWS * K);
}

static MgMatrix *
project(const MgProjection *projection, const MgMatrix *x, guint64 seed, int threads)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(MgParams) params = mg_projection_params(projection);
  MgMatrix *plane = mg_project(projection, x, params, seed, threads, NULL, &error);
  g_assert_no_error(error);
  return plane;
}

static void
test_clouds(gconstpointer projection)
{
  g_autoptr(MgMatrix) x = make_clouds(), plane = project(projection, x, 1, 2), same = project(projection, x, 1, 1);
  double share = purity(plane);
  g_test_message("%.3f of the nearest are of the same cloud", share);
  g_assert_cmpfloat(share, >, g_str_equal(((const MgProjection *)projection)->name, "pca") ? 0.7 : 0.98);
  for (size_t i = 0; i < 2 * ROWS; i++)
    g_assert_true(isfinite(plane->data[i]));
  g_assert_cmpmem(plane->data, 2 * ROWS * sizeof(float), same->data, 2 * ROWS * sizeof(float));
}

/* Few rows, equal rows, constant features: a picture, or one line. */
static void
test_odd(gconstpointer projection)
{
  g_autoptr(MgParams) params = mg_projection_params(projection);
  for (size_t rows = 1; rows < 8; rows++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(MgMatrix) x = mg_matrix_new(rows, 3, NULL), plane = mg_project(projection, x, params, 1, 1, NULL, &error);
    g_assert_true(rows < 4 ? g_error_matches(error, MG_ERROR, MG_ERROR_DATA) : plane != NULL);
    for (size_t i = 0; plane && i < 2 * rows; i++)
      g_assert_true(isfinite(plane->data[i]));
  }
}

static void
test_cancelled(gconstpointer projection)
{
  g_autoptr(MgMatrix) x = make_clouds();
  g_autoptr(MgParams) params = mg_projection_params(projection);
  g_autoptr(MgProgress) progress = mg_progress_new(NULL, NULL);
  g_autoptr(GError) error = NULL;
  mg_progress_cancel(progress);
  g_assert_null(mg_project(projection, x, params, 1, 1, progress, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_CANCELLED);
}

/* Points along a line in space, and across it a little. */
static void
test_components(void)
{
  MgRng rng = mg_rng_new(6);
  g_autoptr(MgMatrix) x = mg_matrix_new(200, 3, NULL);
  float along[200], across[200];
  for (size_t row = 0; row < 200; row++) {
    along[row] = 5 * mg_rng_normal(&rng);
    across[row] = mg_rng_normal(&rng);
    float *v = mg_matrix_row(x, row);
    v[0] = 0.6f * along[row] - 0.8f * across[row] + 100;
    v[1] = 0.8f * along[row] + 0.6f * across[row];
    v[2] = 7;
  }
  g_autoptr(MgMatrix) scores = mg_pca(x, 3, 1);
  double slopes[2] = {0}, squares[2] = {0}, rest = 0, cross = 0;
  for (size_t row = 0; row < 200; row++) {
    const float *s = mg_matrix_row(scores, row);
    slopes[0] += s[0] * along[row];
    slopes[1] += fabsf(s[1]) * fabsf(across[row]);
    squares[0] += s[0] * s[0];
    squares[1] += s[1] * s[1];
    rest += s[2] * s[2];
    cross += s[0] * s[1];
  }
  g_assert_cmpfloat(slopes[0] / squares[0], >, 0.99);
  g_assert_cmpfloat(squares[0], >, 15 * squares[1]);
  g_assert_cmpfloat(rest, <, 1e-4);
  g_assert_cmpfloat(fabs(cross), <, 1e-3 * squares[1]);
}

/* The tree's repulsion at angle 0 is the sum over all pairs; at 0.5 it is close. */
static void
test_quadtree(void)
{
  enum { N = 500 };
  float points[2 * N];
  MgRng rng = mg_rng_new(9);
  for (int i = 0; i < 2 * N; i++)
    points[i] = 10 * mg_rng_normal(&rng);
  memcpy(points + 2 * 7, points, 2 * sizeof(float)); /* the same place twice */
  g_autoptr(MgQuadtree) tree = mg_quadtree_new();
  mg_quadtree_build(tree, points, N);
  for (int i = 0; i < N; i++) {
    double expected[2] = {0}, sum = 0, force[2] = {0}, about[2] = {0};
    for (int j = 0; j < N; j++) {
      double dx = points[2 * i] - points[2 * j], dy = points[2 * i + 1] - points[2 * j + 1];
      double q = i == j ? 0 : 1 / (1 + dx * dx + dy * dy);
      sum += q;
      expected[0] += q * q * dx;
      expected[1] += q * q * dy;
    }
    g_assert_cmpfloat_with_epsilon(mg_quadtree_repulsion(tree, i, 0, force), sum, 1e-4 * sum);
    g_assert_cmpfloat_with_epsilon(mg_quadtree_repulsion(tree, i, 0.5, about), sum, 0.05 * sum);
    for (int d = 0; d < 2; d++)
      g_assert_cmpfloat_with_epsilon(force[d], expected[d], 1e-4);
  }
}

int
main(int argc, char **argv)
{
  static const struct {
    const char *name;
    GTestDataFunc func;
  } tests[] = {{"clouds", test_clouds}, {"odd", test_odd}, {"cancelled", test_cancelled}};
  g_test_init(&argc, &argv, NULL);
  for (const MgProjection *const *projection = mg_projections(); *projection; projection++)
    for (size_t i = 0; i < G_N_ELEMENTS(tests); i++) {
      g_autofree char *path = g_strdup_printf("/projection/%s/%s", (*projection)->name, tests[i].name);
      g_test_add_data_func(path, *projection, tests[i].func);
    }
  g_test_add_func("/projection/components", test_components);
  g_test_add_func("/projection/quadtree", test_quadtree);
  return g_test_run();
}
