#include "plot/raster.h"
#include <math.h>
#include <string.h>

static const float line_bias = 0.004f; /* of depth */

static void
clear_depth(MgRaster *raster)
{
  for (size_t i = 0; i < (size_t)raster->width * raster->height; i++)
    raster->depth[i] = INFINITY;
}

MgRaster *
mg_raster_new(int width, int height)
{
  MgRaster *raster = g_new(MgRaster, 1);
  size_t n = (size_t)width * height;
  *raster = (MgRaster){width, height, g_new0(guint32, n), g_new(float, n)};
  clear_depth(raster);
  return raster;
}

MgRaster *
mg_raster_renew(MgRaster *raster, int width, int height)
{
  if (!raster || raster->width != width || raster->height != height) {
    mg_raster_free(raster);
    return mg_raster_new(width, height);
  }
  memset(raster->argb, 0, (size_t)width * height * sizeof *raster->argb);
  clear_depth(raster);
  return raster;
}

void
mg_raster_free(MgRaster *raster)
{
  if (!raster)
    return;
  g_free(raster->argb);
  g_free(raster->depth);
  g_free(raster);
}

static float
least(float a, float b, float c)
{
  return MIN(a, MIN(b, c));
}

static float
most(float a, float b, float c)
{
  return MAX(a, MAX(b, c));
}

/* A triangle is drawn in runs of pixels along its longer side, which are fewer and longer: of the steep slopes of a
 * spectrogram, columns. `x` runs along the run, `y` from one run to the next, whichever of them lies across. */
typedef struct {
  int end_x, end_y;
  size_t stride_x, stride_y; /* pixels */
} Grid;

/* A quantity that is linear over the triangle: its value at the corner a, and how it grows with x and y. */
typedef struct {
  float at_a, dx, dy;
} Plane;

static Plane
plane_through(MgVertex a, MgVertex b, MgVertex c, float scale, float at_a, float at_b, float at_c)
{
  float to_b = (at_b - at_a) * scale, to_c = (at_c - at_a) * scale;
  return (Plane){at_a, to_b * (c.y - a.y) - to_c * (b.y - a.y), to_c * (b.x - a.x) - to_b * (c.x - a.x)};
}

/* The first pixel whose centre is at or beyond `at`, and the one after the last before it; from 0 to `end`.
 * Without ceilf(), which is a function call on the oldest processors that the program runs on. */
static int
pixel_at(float at, int end)
{
  return (int)(MIN(MAX(at, 0), (float)end) + 0.5f);
}

/* What bounds the runs of a triangle at one side: where an edge crosses the middle of a run, and how far it goes on to
 * the next. */
typedef struct {
  float x, slope;
} Bound;

typedef struct {
  Bound left[2], right[2];
} Bounds;

/* The inside is where the edge function is positive: an edge that goes up bounds it at the left. */
static void
add_bound(Bounds *bounds, int *lefts, int *rights, MgVertex a, MgVertex b, float y)
{
  float dy = b.y - a.y;
  if (dy == 0)
    return;
  float slope = (b.x - a.x) / dy;
  Bound bound = {a.x + (y - a.y) * slope, slope};
  if (dy < 0)
    bounds->left[(*lefts)++] = bound;
  else
    bounds->right[(*rights)++] = bound;
}

/* At the middle `y` of the first run; a triangle has at most two edges at a side. */
static Bounds
bounds_of(MgVertex a, MgVertex b, MgVertex c, float leftmost, float rightmost, float y)
{
  Bounds bounds = {{{leftmost, 0}, {leftmost, 0}}, {{rightmost, 0}, {rightmost, 0}}};
  int lefts = 0, rights = 0;
  add_bound(&bounds, &lefts, &rights, a, b, y);
  add_bound(&bounds, &lefts, &rights, b, c, y);
  add_bound(&bounds, &lefts, &rights, c, a, y);
  return bounds;
}

static void
go_to_next_run(Bounds *bounds)
{
  for (int i = 0; i < 2; i++) {
    bounds->left[i].x += bounds->left[i].slope;
    bounds->right[i].x += bounds->right[i].slope;
  }
}

/* `x` and `y` lead from the corner a to the first pixel's centre. */
static void
fill_run(guint32 *argb, float *nearest, size_t stride, int n, float x, float y, const Plane *depth, const Plane *level,
         const guint32 *colours)
{
  float z = depth->at_a + x * depth->dx + y * depth->dy;
  float v = level->at_a + x * level->dx + y * level->dy;
  for (size_t i = 0; n > 0; n--, i += stride, z += depth->dx, v += level->dx) {
    if (z >= nearest[i])
      continue;
    nearest[i] = z;
    argb[i] = colours[(int)MIN(MAX(v, 0), 255)];
  }
}

/* The area is positive. */
static void
fill_triangle(MgRaster *raster, const Grid *grid, MgVertex a, MgVertex b, MgVertex c, float area,
              const guint32 *colours)
{
  float leftmost = least(a.x, b.x, c.x), rightmost = most(a.x, b.x, c.x), scale = 1 / area;
  int first = pixel_at(least(a.y, b.y, c.y), grid->end_y);
  int end = pixel_at(most(a.y, b.y, c.y), grid->end_y);
  if (first >= end || pixel_at(leftmost, grid->end_x) >= pixel_at(rightmost, grid->end_x))
    return;
  Plane depth = plane_through(a, b, c, scale, a.depth, b.depth, c.depth);
  Plane level = plane_through(a, b, c, scale, a.level, b.level, c.level);
  Bounds bounds = bounds_of(a, b, c, leftmost, rightmost, first + 0.5f);
  for (int y = first; y < end; y++, go_to_next_run(&bounds)) {
    float left = MAX(MAX(bounds.left[0].x, bounds.left[1].x), leftmost);
    float right = MIN(MIN(bounds.right[0].x, bounds.right[1].x), rightmost);
    int from = pixel_at(left, grid->end_x), n = pixel_at(right, grid->end_x) - from;
    size_t at = y * grid->stride_y + from * grid->stride_x;
    if (n > 0)
      fill_run(raster->argb + at, raster->depth + at, grid->stride_x, n, from + 0.5f - a.x, y + 0.5f - a.y, &depth,
               &level, colours);
  }
}

static MgVertex
turned(MgVertex v)
{
  return (MgVertex){v.y, v.x, v.depth, v.level};
}

void
mg_raster_triangle(MgRaster *raster, MgVertex a, MgVertex b, MgVertex c, const guint32 colours[256])
{
  float area = (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
  float top = least(a.y, b.y, c.y), bottom = most(a.y, b.y, c.y);
  gboolean tall = bottom - top > most(a.x, b.x, c.x) - least(a.x, b.x, c.x);
  if (!(fabsf(area) > 1e-4f) || bottom < 0 || top > raster->height)
    return;
  if (area < 0) {
    MgVertex t = b;
    b = c;
    c = t;
    area = -area;
  }
  Grid rows = {raster->width, raster->height, 1, (size_t)raster->width};
  Grid columns = {raster->height, raster->width, (size_t)raster->width, 1};
  if (tall)
    fill_triangle(raster, &columns, turned(a), turned(c), turned(b), area, colours);
  else
    fill_triangle(raster, &rows, a, b, c, area, colours);
}

static void
put(MgRaster *raster, int x, int y, float depth, guint32 colour)
{
  if (x < 0 || x >= raster->width || y < 0 || y >= raster->height)
    return;
  size_t at = (size_t)y * raster->width + x;
  if (depth >= raster->depth[at])
    return;
  raster->depth[at] = depth;
  raster->argb[at] = colour;
}

void
mg_raster_line(MgRaster *raster, MgVertex a, MgVertex b, const guint32 colours[256])
{
  if (MAX(a.y, b.y) < 0 || MIN(a.y, b.y) > raster->height || MAX(a.x, b.x) < 0 || MIN(a.x, b.x) > raster->width)
    return;
  float longest = MAX(fabsf(b.x - a.x), fabsf(b.y - a.y));
  int steps = (int)MIN(longest, 2.0f * (raster->width + raster->height)) + 1;
  for (int i = 0; i <= steps; i++) {
    float t = (float)i / steps, level = a.level + t * (b.level - a.level);
    put(raster, (int)floorf(a.x + t * (b.x - a.x)), (int)floorf(a.y + t * (b.y - a.y)),
        a.depth + t * (b.depth - a.depth) - line_bias, colours[(int)CLAMP(level, 0, 255)]);
  }
}

/* Two channels at a time: their sums of four have 10 bits. */
static guint32
mean_of_four(const guint32 *p, const guint32 *q)
{
  guint32 odd = 0x00ff00ff;
  guint32 low = (p[0] & odd) + (p[1] & odd) + (q[0] & odd) + (q[1] & odd) + 0x00020002;
  guint32 high = ((p[0] >> 8) & odd) + ((p[1] >> 8) & odd) + ((q[0] >> 8) & odd) + ((q[1] >> 8) & odd) + 0x00020002;
  return ((low >> 2) & odd) | (((high >> 2) & odd) << 8);
}

void
mg_raster_copy(const MgRaster *raster, int finer, guint32 *argb, size_t stride)
{
  for (int y = 0; y < raster->height / finer; y++) {
    const guint32 *p = raster->argb + (size_t)finer * y * raster->width;
    if (finer == 1)
      memcpy(argb + y * stride, p, raster->width * sizeof *p);
    for (int x = 0; finer == 2 && x < raster->width / 2; x++)
      argb[y * stride + x] = mean_of_four(p + 2 * x, p + raster->width + 2 * x);
  }
}
