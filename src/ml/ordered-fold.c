#include "ml/ordered-fold.h"
#include "nn/loss.h"
#include <math.h>
#include <string.h>

static void
find_gradient(const MgOrderedFold *fold, MgSegment *segment, const int *y)
{
  size_t classes = (size_t)fold->classes;
  mg_softmax(segment->scores, (int)segment->tail, fold->classes, segment->gradient);
  for (size_t i = 0; i < segment->tail * classes; i++)
    segment->gradient[i] = -segment->gradient[i];
  for (size_t i = 0; i < segment->tail; i++)
    segment->gradient[i * classes + (size_t)y[fold->order[i]]] += 1;
}

static void
add_segment(MgOrderedFold *fold, size_t body, size_t tail, const int *y)
{
  size_t cells = tail * (size_t)fold->classes;
  MgSegment *segment = &fold->segments[fold->n++];
  *segment = (MgSegment){body, tail, g_new0(float, cells), g_new(float, cells)};
  find_gradient(fold, segment, y);
}

/* CatBoost's choice: the first body of large data is a fiftieth of it, but at most 100 rows. */
static size_t
first_body(size_t rows)
{
  return rows > 500 ? MIN(rows / 50, 100) : 1;
}

MgOrderedFold *
mg_ordered_fold_new(size_t rows, const int *y, int classes, MgRng *rng)
{
  MgOrderedFold *fold = g_new(MgOrderedFold, 1);
  *fold = (MgOrderedFold){rows, classes, g_new(guint32, rows), 0, g_new(MgSegment, 64)};
  for (size_t row = 0; row < rows; row++)
    fold->order[row] = (guint32)row;
  if (!rng) {
    add_segment(fold, rows, rows, y);
    return fold;
  }
  mg_rng_shuffle(rng, fold->order, rows);
  for (size_t body = first_body(rows); body < rows; body *= 2)
    add_segment(fold, body, MIN(2 * body, rows), y);
  return fold;
}

void
mg_ordered_fold_free(MgOrderedFold *fold)
{
  if (!fold)
    return;
  for (guint i = 0; i < fold->n; i++) {
    g_free(fold->segments[i].scores);
    g_free(fold->segments[i].gradient);
  }
  g_free(fold->segments);
  g_free(fold->order);
  g_free(fold);
}

/* The curvature of a class's score is p (1 - p), which its gradient tells as well, whether that is 1 - p or -p. */
static void
find_steps(const MgOrderedFold *fold, const MgSegment *segment, const guint16 *leaf, guint leaves, double learning_rate,
           double l2, double *slope, double *curvature, float *steps)
{
  size_t classes = (size_t)fold->classes, cells = leaves * classes;
  memset(slope, 0, cells * sizeof *slope);
  memset(curvature, 0, cells * sizeof *curvature);
  for (size_t i = 0; i < segment->body; i++) {
    const float *gradient = segment->gradient + i * classes;
    size_t first = leaf[fold->order[i]] * classes;
    for (size_t c = 0; c < classes; c++) {
      slope[first + c] += gradient[c];
      curvature[first + c] += fabsf(gradient[c]) * (1 - fabsf(gradient[c]));
    }
  }
  for (size_t i = 0; i < cells; i++) {
    double below = curvature[i] + l2;
    steps[i] = below > 1e-30 ? (float)(learning_rate * slope[i] / below) : 0;
  }
}

void
mg_ordered_fold_add(MgOrderedFold *fold, const int *y, const guint16 *leaf, guint leaves, double learning_rate,
                    double l2, float *steps)
{
  size_t classes = (size_t)fold->classes, cells = leaves * classes;
  g_autofree double *slope = g_new(double, cells), *curvature = g_new(double, cells);
  g_autofree float *step = g_new(float, cells);
  for (guint s = 0; s < fold->n; s++) {
    MgSegment *segment = &fold->segments[s];
    find_steps(fold, segment, leaf, leaves, learning_rate, l2, slope, curvature, step);
    for (size_t i = 0; i < segment->tail; i++)
      for (size_t c = 0; c < classes; c++)
        segment->scores[i * classes + c] += step[leaf[fold->order[i]] * classes + c];
    find_gradient(fold, segment, y);
  }
  if (steps)
    memcpy(steps, step, cells * sizeof *steps);
}
