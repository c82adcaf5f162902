#include "plot/regions.h"
#include "plot/text.h"
#include <math.h>

static const double least_alpha = 0.06, most_alpha = 0.34, line_alpha = 0.45;

/* The place before a fractional one on a side of n places, and how far beyond it. */
static int
place_before(double at, int n, float *beyond)
{
  int place = (int)CLAMP(floor(at), 0, MAX(n - 2, 0));
  *beyond = (float)CLAMP(at - place, 0, 1);
  return place;
}

/* The most probable class between four places, and how probable it is. */
static int
winner(const MgRegions *regions, double column, double row, float *probability)
{
  float right, up;
  int c = place_before(column, regions->cols, &right), r = place_before(row, regions->rows, &up);
  size_t across = regions->cols > 1 ? (size_t)regions->classes : 0;
  size_t along = regions->rows > 1 ? (size_t)regions->classes * regions->cols : 0;
  const float *p = regions->probabilities + ((size_t)r * regions->cols + c) * regions->classes;
  int best = 0;
  *probability = -INFINITY;
  for (int i = 0; i < regions->classes; i++) {
    float below = p[i] + right * (p[i + across] - p[i]);
    float above = p[i + along] + right * (p[i + along + across] - p[i + along]);
    float value = below + up * (above - below);
    if (value > *probability) {
      *probability = value;
      best = i;
    }
  }
  return best;
}

static guint32
premultiplied(const double rgb[3], double alpha)
{
  guint32 pixel = (guint32)lround(alpha * 255) << 24;
  for (int c = 0; c < 3; c++)
    pixel |= (guint32)lround(alpha * rgb[c] * 255) << (16 - 8 * c);
  return pixel;
}

/* A step of certainty has one colour a class. */
enum { STEPS = 64 };

static guint32 *
new_palette(const MgStyle *style, int classes)
{
  guint32 *palette = g_new(guint32, (size_t)(classes + 1) * STEPS);
  for (int i = 0; i < classes; i++) {
    double rgb[3];
    mg_class_hue(style, i, rgb);
    for (int step = 0; step < STEPS; step++)
      palette[i * STEPS + step] =
          premultiplied(rgb, least_alpha + (most_alpha - least_alpha) * step / (double)(STEPS - 1));
  }
  palette[classes * STEPS] = premultiplied(style->dark ? (double[]){1, 1, 1} : (double[]){0, 0, 0}, line_alpha);
  return palette;
}

typedef struct {
  int width, height;
  int *class; /* [width * height] */
  guint32 *argb;
  size_t stride;
} Picture;

static void
fill_classes(Picture *picture, const MgGeometry *g, const MgRegions *regions, const guint32 *palette)
{
  float even = 1.0f / (float)regions->classes, probability;
  double column_scale = (regions->cols - 1) / (regions->x1 - regions->x0),
         row_scale = (regions->rows - 1) / (regions->y1 - regions->y0);
  for (int y = 0; y < picture->height; y++) {
    double world_y = g->y1 + (y + 0.5) / picture->height * (g->y0 - g->y1);
    for (int x = 0; x < picture->width; x++) {
      double world_x = g->x0 + (x + 0.5) / picture->width * (g->x1 - g->x0);
      int best =
          winner(regions, (world_x - regions->x0) * column_scale, (world_y - regions->y0) * row_scale, &probability);
      int step = (int)(CLAMP((probability - even) / (1 - even), 0, 1) * (STEPS - 1));
      picture->class[y * picture->width + x] = best;
      picture->argb[y * picture->stride + x] = palette[best * STEPS + step];
    }
  }
}

static void
draw_lines(Picture *picture, guint32 line)
{
  for (int y = 0; y + 1 < picture->height; y++)
    for (int x = 0; x + 1 < picture->width; x++) {
      const int *class = picture->class + y * picture->width + x;
      if (class[0] != class[1] || class[0] != class[picture->width])
        picture->argb[y * picture->stride + x] = line;
    }
}

void
mg_regions_draw(cairo_t *cr, const MgGeometry *g, const MgStyle *style, const MgRegions *regions)
{
  double scale = mg_pixels_per_unit(cr);
  Picture picture = {.width = (int)ceil(g->width * scale), .height = (int)ceil(g->height * scale)};
  if (picture.width < 1 || picture.height < 1 || regions->classes < 2)
    return;
  cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, picture.width, picture.height);
  g_autofree guint32 *palette = new_palette(style, regions->classes);
  picture.class = g_new(int, (size_t)picture.width *picture.height);
  picture.argb = (guint32 *)(gpointer)cairo_image_surface_get_data(surface);
  picture.stride = (size_t)cairo_image_surface_get_stride(surface) / sizeof(guint32);
  fill_classes(&picture, g, regions, palette);
  draw_lines(&picture, palette[regions->classes * STEPS]);
  g_free(picture.class);
  cairo_surface_mark_dirty(surface);
  cairo_save(cr);
  cairo_translate(cr, g->x, g->y);
  cairo_scale(cr, g->width / picture.width, g->height / picture.height);
  cairo_set_source_surface(cr, surface, 0, 0);
  cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_NEAREST);
  cairo_rectangle(cr, 0, 0, picture.width, picture.height);
  cairo_fill(cr);
  cairo_restore(cr);
  cairo_surface_destroy(surface);
}
