#include "ml/quadtree.h"
#include <math.h>

enum { MOST_DEPTH = 48 }; /* points that lie closer than that share a leaf */

typedef struct {
  float middle[2], centre[2], half; /* of the points; of the square and half its side */
  guint32 points;
  guint32 children; /* number of the first of four; 0: a leaf */
} Cell;

struct MgQuadtree {
  GArray *cells; /* Cell */
  const float *points;
};

MgQuadtree *
mg_quadtree_new(void)
{
  MgQuadtree *tree = g_new0(MgQuadtree, 1);
  tree->cells = g_array_new(FALSE, TRUE, sizeof(Cell));
  return tree;
}

void
mg_quadtree_free(MgQuadtree *tree)
{
  if (!tree)
    return;
  g_array_unref(tree->cells);
  g_free(tree);
}

static Cell *
cell(const MgQuadtree *tree, guint32 number)
{
  return &g_array_index(tree->cells, Cell, number);
}

static void
divide(MgQuadtree *tree, guint32 number)
{
  guint32 first = tree->cells->len;
  g_array_set_size(tree->cells, first + 4);
  Cell *parent = cell(tree, number);
  parent->children = first;
  for (guint32 quarter = 0; quarter < 4; quarter++) {
    Cell *child = cell(tree, first + quarter);
    child->half = parent->half / 2;
    child->centre[0] = parent->centre[0] + (quarter & 1 ? child->half : -child->half);
    child->centre[1] = parent->centre[1] + (quarter & 2 ? child->half : -child->half);
  }
}

static guint32
child_for(const MgQuadtree *tree, guint32 number, const float *point)
{
  const Cell *parent = cell(tree, number);
  return parent->children + (point[0] > parent->centre[0]) + 2 * (point[1] > parent->centre[1]);
}

static void
add_to(Cell *to, const float *point, guint32 count)
{
  float share = (float)count / (float)(to->points + count);
  to->middle[0] += (point[0] - to->middle[0]) * share;
  to->middle[1] += (point[1] - to->middle[1]) * share;
  to->points += count;
}

static void
insert(MgQuadtree *tree, const float *point)
{
  guint32 at = 0;
  for (int depth = 0;; depth++) {
    Cell *here = cell(tree, at);
    gboolean leaf = here->children == 0;
    if (leaf &&
        (here->points == 0 || depth == MOST_DEPTH || (here->middle[0] == point[0] && here->middle[1] == point[1]))) {
      add_to(here, point, 1);
      return;
    }
    if (leaf) { /* what it held moves down */
      float held[2] = {here->middle[0], here->middle[1]};
      guint32 count = here->points;
      divide(tree, at);
      add_to(cell(tree, child_for(tree, at, held)), held, count);
    }
    add_to(cell(tree, at), point, 1);
    at = child_for(tree, at, point);
  }
}

void
mg_quadtree_build(MgQuadtree *tree, const float *points, size_t n)
{
  float low[2] = {INFINITY, INFINITY}, high[2] = {-INFINITY, -INFINITY};
  for (size_t i = 0; i < 2 * n; i++) {
    low[i & 1] = MIN(low[i & 1], points[i]);
    high[i & 1] = MAX(high[i & 1], points[i]);
  }
  tree->points = points;
  g_array_set_size(tree->cells, 0);
  g_array_set_size(tree->cells, 1);
  Cell *root = cell(tree, 0);
  root->centre[0] = (low[0] + high[0]) / 2;
  root->centre[1] = (low[1] + high[1]) / 2;
  root->half = MAX(high[0] - low[0], high[1] - low[1]) / 2 * 1.0001f + 1e-20f;
  for (size_t i = 0; i < n; i++)
    insert(tree, points + 2 * i);
}

double
mg_quadtree_repulsion(const MgQuadtree *tree, size_t point, double angle, double force[2])
{
  guint32 stack[4 * MOST_DEPTH + 4];
  int held = 1;
  const float *own = tree->points + 2 * point;
  double sum = 0, x = own[0], y = own[1], limit = angle * angle;
  stack[0] = 0;
  while (held > 0) {
    const Cell *here = cell(tree, stack[--held]);
    double dx = x - here->middle[0], dy = y - here->middle[1], square = dx * dx + dy * dy;
    double side = 2 * (double)here->half;
    if (here->children == 0 || side * side < limit * square) {
      guint32 others = here->points - (square == 0 && here->points > 0); /* not itself */
      double q = 1 / (1 + square), all = others * q;
      sum += all;
      force[0] += all * q * dx;
      force[1] += all * q * dy;
    } else {
      for (guint32 quarter = 0; quarter < 4; quarter++)
        if (cell(tree, here->children + quarter)->points > 0)
          stack[held++] = here->children + quarter;
    }
  }
  return sum;
}
