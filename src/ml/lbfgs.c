#include "ml/lbfgs.h"
#include <math.h>
#include <string.h>

enum { MEMORY = 10, LINE_STEPS = 20 };

typedef struct {
  size_t n;
  MgObjective objective;
  gpointer data;
  double *x, *gradient, *direction; /* [n] */
  double *next_x, *next_gradient;
  double *moves, *changes; /* (MEMORY, n): of x and of the gradient in the latest steps */
  double curvature[MEMORY];
  int held, latest;
} Search;

static double
dot(const double *restrict a, const double *restrict b, size_t n)
{
  double sum = 0;
  for (size_t i = 0; i < n; i++)
    sum += a[i] * b[i];
  return sum;
}

static void
add(double factor, const double *restrict from, double *restrict to, size_t n)
{
  for (size_t i = 0; i < n; i++)
    to[i] += factor * from[i];
}

/* The downward direction by the two-loop recursion. */
static void
find_direction(Search *search)
{
  size_t n = search->n;
  double weights[MEMORY];
  for (size_t i = 0; i < n; i++)
    search->direction[i] = -search->gradient[i];
  for (int k = 0; k < search->held; k++) {
    int at = (search->latest - k + MEMORY) % MEMORY;
    weights[at] = dot(search->moves + at * n, search->direction, n) / search->curvature[at];
    add(-weights[at], search->changes + at * n, search->direction, n);
  }
  if (search->held > 0) {
    const double *change = search->changes + search->latest * n;
    double scale = search->curvature[search->latest] / dot(change, change, n);
    for (size_t i = 0; i < n; i++)
      search->direction[i] *= scale;
  }
  for (int k = search->held - 1; k >= 0; k--) {
    int at = (search->latest - k + MEMORY) % MEMORY;
    double weight = dot(search->changes + at * n, search->direction, n) / search->curvature[at];
    add(weights[at] - weight, search->moves + at * n, search->direction, n);
  }
}

/* The value and slope a step along the direction; next_x and next_gradient are left there. */
static double
probe(Search *search, double step, double *slope)
{
  memcpy(search->next_x, search->x, search->n * sizeof *search->x);
  add(step, search->direction, search->next_x, search->n);
  double value = search->objective(search->next_x, search->next_gradient, search->data);
  *slope = dot(search->next_gradient, search->direction, search->n);
  return value;
}

/* A step that meets the strong Wolfe conditions (c1 1e-4, c2 0.9), between `low`, the best end so far, and `high`.
 * FALSE where none was found; the search then stands at the last one probed. */
static gboolean
search_line(Search *search, double value, double slope, double first, double *new_value)
{
  double low = 0, low_value = value, low_slope = slope, high = INFINITY, step = first, new_slope;
  for (int i = 0; i < LINE_STEPS; i++) {
    *new_value = probe(search, step, &new_slope);
    if (!(*new_value <= value + 1e-4 * step * slope) || (*new_value >= low_value && low > 0)) {
      high = step;
    } else {
      if (fabs(new_slope) <= -0.9 * slope)
        return TRUE;
      if (new_slope > 0 || (isfinite(high) && new_slope * (high - low) >= 0))
        high = low;
      low = step;
      low_value = *new_value;
      low_slope = new_slope;
    }
    if (!isfinite(high)) {
      step = 2 * step;
    } else {
      /* the minimum of the parabola by the low end's value and slope, kept off the ends */
      double width = high - low, far = high == step ? *new_value : low_value + low_slope * width;
      double curve = (far - low_value - low_slope * width) / (width * width);
      double inner = curve > 0 ? -low_slope / (2 * curve) / width : 0.5;
      step = low + CLAMP(inner, 0.1, 0.9) * width;
    }
  }
  return *new_value < value;
}

static void
remember(Search *search)
{
  size_t n = search->n;
  int at = (search->latest + 1) % MEMORY;
  double *move = search->moves + at * n, *change = search->changes + at * n;
  for (size_t i = 0; i < n; i++) {
    move[i] = search->next_x[i] - search->x[i];
    change[i] = search->next_gradient[i] - search->gradient[i];
  }
  double curvature = dot(move, change, n);
  if (curvature > 1e-12 * dot(change, change, n)) {
    search->curvature[at] = curvature;
    search->latest = at;
    search->held = MIN(search->held + 1, MEMORY);
  }
  memcpy(search->x, search->next_x, n * sizeof *search->x);
  memcpy(search->gradient, search->next_gradient, n * sizeof *search->gradient);
}

static double
largest(const double *values, size_t n)
{
  double most = 0;
  for (size_t i = 0; i < n; i++)
    most = MAX(most, fabs(values[i]));
  return most;
}

static int
descend(Search *search, double tolerance, int max_iter, MgProgress *progress)
{
  double value = search->objective(search->x, search->gradient, search->data), next;
  int steps = 0;
  while (steps < max_iter && largest(search->gradient, search->n) > tolerance && !mg_progress_cancelled(progress)) {
    find_direction(search);
    double slope = dot(search->gradient, search->direction, search->n);
    if (slope >= 0) { /* rounding has spoilt what was remembered */
      search->held = 0;
      find_direction(search);
      slope = dot(search->gradient, search->direction, search->n);
    }
    double first = search->held > 0 ? 1 : 1 / MAX(1, sqrt(-slope));
    if (!search_line(search, value, slope, first, &next))
      break;
    remember(search);
    steps++;
    mg_progress_report(progress, (double)steps / max_iter, NULL);
    if (value - next <= 1e-10 * MAX(fabs(value), fabs(next)))
      break;
    value = next;
  }
  return steps;
}

int
mg_lbfgs(double *x, size_t n, MgObjective objective, gpointer data, double tolerance, int max_iter,
         MgProgress *progress)
{
  g_autofree double *memory = g_new0(double, n *(4 + 2 * MEMORY));
  Search search = {.n = n, .objective = objective, .data = data, .x = x};
  search.gradient = memory;
  search.direction = memory + n;
  search.next_x = memory + 2 * n;
  search.next_gradient = memory + 3 * n;
  search.moves = memory + 4 * n;
  search.changes = memory + (4 + MEMORY) * n;
  return descend(&search, tolerance, max_iter, progress);
}
