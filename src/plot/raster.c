#include "plot/raster.h"
#include <math.h>
#include <string.h>

MgRaster *
mg_raster_new(int width, int height)
{
  MgRaster *raster = g_new(MgRaster, 1);
  size_t n = (size_t)width * height;
  *raster = (MgRaster){width, height, g_new0(guint32, n), g_new(float, n)};
  for (size_t i = 0; i < n; i++)
    raster->depth[i] = INFINITY;
  return raster;
}

void
mg_raster_free(MgRaster *raster)
{
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

/* The first pixel whose centre is at or beyond `at`, and the one after the last before it; from 0 to `most`. Without
 * ceilf(), which is a function call on the oldest processors that the program runs on. */
static int
pixel_at(float at, int most)
{
  return at > 0 ? at < most ? (int)(at + 0.5f) : most : 0;
}

/* Where the edge from a to b crosses the row y narrows [*left, *right]; the inside is where the edge function is
 * positive. */
static void
cut_by_edge(MgVertex a, MgVertex b, float y, float *left, float *right)
{
  float dy = b.y - a.y;
  if (dy == 0)
    return;
  float x = a.x + (y - a.y) / dy * (b.x - a.x);
  if (dy < 0)
    *left = MAX(*left, x);
  else
    *right = MIN(*right, x);
}

/* `x` and `y` lead from the corner a to the first pixel's centre. */
static void
fill_row(guint32 *argb, float *nearest, int n, float x, float y, Plane depth, Plane level, const guint32 *colours)
{
  float z = depth.at_a + x * depth.dx + y * depth.dy;
  float v = level.at_a + x * level.dx + y * level.dy;
  for (int i = 0; i < n; i++, z += depth.dx, v += level.dx) {
    if (z >= nearest[i])
      continue;
    nearest[i] = z;
    argb[i] = colours[(int)CLAMP(v, 0, 255)];
  }
}

void
mg_raster_triangle(MgRaster *raster, MgVertex a, MgVertex b, MgVertex c, const guint32 colours[256])
{
  float area = (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
  if (!(fabsf(area) > 1e-4f))
    return;
  if (area < 0) {
    MgVertex t = b;
    b = c;
    c = t;
    area = -area;
  }
  int top = pixel_at(least(a.y, b.y, c.y), raster->height), bottom = pixel_at(most(a.y, b.y, c.y), raster->height);
  float leftmost = least(a.x, b.x, c.x), rightmost = most(a.x, b.x, c.x), scale = 1 / area;
  if (top >= bottom || pixel_at(leftmost, raster->width) >= pixel_at(rightmost, raster->width))
    return;
  Plane depth = plane_through(a, b, c, scale, a.depth, b.depth, c.depth);
  Plane level = plane_through(a, b, c, scale, a.level, b.level, c.level);
  for (int y = top; y < bottom; y++) {
    float left = leftmost, right = rightmost, middle = y + 0.5f;
    cut_by_edge(a, b, middle, &left, &right);
    cut_by_edge(b, c, middle, &left, &right);
    cut_by_edge(c, a, middle, &left, &right);
    int from = pixel_at(left, raster->width), n = pixel_at(right, raster->width) - from;
    size_t at = (size_t)y * raster->width + from;
    if (n > 0)
      fill_row(raster->argb + at, raster->depth + at, n, from + 0.5f - a.x, middle - a.y, depth, level, colours);
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
