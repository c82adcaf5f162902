#include "ml/pca.h"
#include "base/rng.h"
#include "nn/compute.h"
#include <math.h>
#include <string.h>

/* Subspace iteration with a few directions more than are wanted, which makes it converge at the gap behind those. */
enum { EXTRA = 8, ROUNDS = 40, SWEEPS = 30, MOST = 16 + EXTRA };

typedef struct {
  size_t rows, features, n; /* n directions */
  float *centred;           /* (rows, features) */
  float *directions;        /* (n, features), orthonormal */
  float *scores;            /* (rows, n) */
} Subspace;

static void
centre(const MgMatrix *x, float *centred)
{
  for (size_t f = 0; f < x->cols; f++) {
    double sum = 0;
    for (size_t row = 0; row < x->rows; row++)
      sum += mg_matrix_row(x, row)[f];
    float mean = (float)(sum / (double)x->rows);
    for (size_t row = 0; row < x->rows; row++)
      centred[row * x->cols + f] = mg_matrix_row(x, row)[f] - mean;
  }
}

/* Gram and Schmidt, twice for accuracy; a direction that vanishes stays zero. */
static void
orthonormalise(Subspace *space)
{
  size_t features = space->features;
  for (size_t i = 0; i < space->n; i++) {
    float *own = space->directions + i * features;
    for (int again = 0; again < 2; again++)
      for (size_t j = 0; j < i; j++) {
        const float *other = space->directions + j * features;
        double product = 0;
        for (size_t f = 0; f < features; f++)
          product += (double)own[f] * other[f];
        for (size_t f = 0; f < features; f++)
          own[f] -= (float)product * other[f];
      }
    double square = 0;
    for (size_t f = 0; f < features; f++)
      square += (double)own[f] * own[f];
    float scale = square > 1e-30 ? (float)(1 / sqrt(square)) : 0;
    for (size_t f = 0; f < features; f++)
      own[f] *= scale;
  }
}

static void
project(Subspace *space)
{
  mg_compute_gemm(FALSE, TRUE, (int)space->rows, (int)space->n, (int)space->features, space->centred,
                  (int)space->features, space->directions, (int)space->features, 0, space->scores, (int)space->n);
}

/* directions = scores' · centred: the covariance applied to them. */
static void
apply_covariance(Subspace *space)
{
  project(space);
  mg_compute_gemm(TRUE, FALSE, (int)space->n, (int)space->features, (int)space->rows, space->scores, (int)space->n,
                  space->centred, (int)space->features, 0, space->directions, (int)space->features);
}

/* One of Jacobi's rotations of the symmetric a (n, n) and of the vectors (n, n) in columns. */
static void
rotate(double *a, double *vectors, size_t n, size_t p, size_t q)
{
  if (fabs(a[p * n + q]) < 1e-300)
    return;
  double theta = (a[q * n + q] - a[p * n + p]) / (2 * a[p * n + q]);
  double t = (theta >= 0 ? 1 : -1) / (fabs(theta) + sqrt(theta * theta + 1)), c = 1 / sqrt(t * t + 1), s = t * c;
  for (size_t i = 0; i < n; i++) {
    double ip = a[i * n + p], iq = a[i * n + q];
    a[i * n + p] = c * ip - s * iq;
    a[i * n + q] = s * ip + c * iq;
  }
  for (size_t i = 0; i < n; i++) {
    double pi = a[p * n + i], qi = a[q * n + i], vp = vectors[i * n + p], vq = vectors[i * n + q];
    a[p * n + i] = c * pi - s * qi;
    a[q * n + i] = s * pi + c * qi;
    vectors[i * n + p] = c * vp - s * vq;
    vectors[i * n + q] = s * vp + c * vq;
  }
}

/* The scores' own principal directions: order[i] is the column of `vectors` with the i-th largest variance. */
static void
diagonalise(const Subspace *space, double *vectors, size_t *order)
{
  size_t n = space->n;
  double covariance[MOST * MOST] = {0};
  for (size_t row = 0; row < space->rows; row++)
    for (size_t i = 0; i < n; i++)
      for (size_t j = 0; j < n; j++)
        covariance[i * n + j] += (double)space->scores[row * n + i] * space->scores[row * n + j];
  memset(vectors, 0, n * n * sizeof *vectors);
  for (size_t i = 0; i < n; i++)
    vectors[i * n + i] = 1;
  for (int sweep = 0; sweep < SWEEPS; sweep++)
    for (size_t p = 0; p < n; p++)
      for (size_t q = p + 1; q < n; q++)
        rotate(covariance, vectors, n, p, q);
  for (size_t i = 0; i < n; i++) {
    size_t at = i;
    for (; at > 0 && covariance[order[at - 1] * n + order[at - 1]] < covariance[i * n + i]; at--)
      order[at] = order[at - 1];
    order[at] = i;
  }
}

/* Of the direction that the column mixes: -1 where its largest weight is negative. */
static float
sign_of(const Subspace *space, const double *vectors, size_t column)
{
  double most = 0;
  for (size_t f = 0; f < space->features; f++) {
    double weight = 0;
    for (size_t i = 0; i < space->n; i++)
      weight += vectors[i * space->n + column] * space->directions[i * space->features + f];
    most = fabs(weight) > fabs(most) ? weight : most;
  }
  return most < 0 ? -1 : 1;
}

static void
fill_scores(const Subspace *space, MgMatrix *out)
{
  double vectors[MOST * MOST];
  size_t order[MOST];
  diagonalise(space, vectors, order);
  for (size_t component = 0; component < MIN(out->cols, space->n); component++) {
    size_t column = order[component];
    float sign = sign_of(space, vectors, column);
    for (size_t row = 0; row < space->rows; row++) {
      double sum = 0;
      for (size_t i = 0; i < space->n; i++)
        sum += vectors[i * space->n + column] * space->scores[row * space->n + i];
      mg_matrix_row(out, row)[component] = sign * (float)sum;
    }
  }
}

MgMatrix *
mg_pca(const MgMatrix *x, size_t k, guint64 seed)
{
  MgMatrix *out = mg_matrix_new(x->rows, k, NULL);
  Subspace space = {.rows = x->rows, .features = x->cols, .n = MIN(k + EXTRA, x->cols)};
  MgRng rng = mg_rng_new(seed);
  space.centred = g_new(float, x->rows * x->cols);
  space.directions = g_new(float, space.n * x->cols);
  space.scores = g_new(float, x->rows *space.n);
  centre(x, space.centred);
  for (size_t i = 0; i < space.n * x->cols; i++)
    space.directions[i] = mg_rng_normal(&rng);
  orthonormalise(&space);
  for (int round = 0; round < ROUNDS; round++) {
    apply_covariance(&space);
    orthonormalise(&space);
  }
  project(&space);
  fill_scores(&space, out);
  g_free(space.centred);
  g_free(space.directions);
  g_free(space.scores);
  return out;
}
