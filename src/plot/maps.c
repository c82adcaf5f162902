#include "plot/maps.h"
#include "plot/image.h"
#include "plot/text.h"
#include <math.h>
#include <stdio.h>

static const double margin = 12, spacing = 6, label_gap = 2;

/* Each picture over its own range: a map's pattern matters, not its size. */
static void
draw_matrix(cairo_t *cr, const MgMatrix *matrix, const MgColormap *colormap, double x, double y, double width,
            double height)
{
  float low, high;
  mg_matrix_range(matrix, &low, &high);
  MgImageSource source = {.values = matrix->data, .bins = matrix->rows, .frames = matrix->cols, .frame_step = 1};
  MgImageStyle style = {.low = low, .high = high, .colormap = colormap, .scale = MG_SCALE_ROWS};
  MgGeometry g = {x, y, width, height, -0.5, matrix->cols - 0.5, 0, matrix->rows};
  mg_image_draw(cr, &g, &source, &style);
}

typedef struct {
  int columns, rows;
  double width, height; /* of a map */
} Grid;

/* The number of columns that makes maps of the given shape (width / height) largest; they may be stretched a little. */
static Grid
best_grid(size_t n, double width, double height, double shape, double label)
{
  Grid best = {.columns = 1, .rows = (int)n};
  for (int columns = 1; columns <= (int)n; columns++) {
    int rows = (int)((n + columns - 1) / columns);
    double cell_width = (width - (columns - 1) * spacing) / columns;
    double cell_height = (height - (rows - 1) * spacing) / rows - label;
    double fit_width = MIN(cell_width, cell_height * shape * 1.4),
           fit_height = MIN(cell_height, cell_width / shape * 1.4);
    if (fit_width > 0 && fit_height > 0 && fit_width * fit_height > best.width * best.height)
      best = (Grid){columns, rows, fit_width, fit_height};
  }
  return best;
}

static double
shape_of(const MgMatrix *matrix)
{
  double shape = matrix->rows > 0 && matrix->cols > 0 ? (double)matrix->cols / matrix->rows : 1;
  return CLAMP(shape, 0.5, 2); /* a map that is read matters more than its true proportions */
}

/* Where the grid lies below `top`, and its left edge. */
static Grid
lay_grid(const MgStyle *style, MgMatrix *const *maps, size_t n, double width, double height, double *label,
         double *left)
{
  *label = mg_text_line(style) * 0.9 + label_gap;
  Grid grid = best_grid(n, width, height, shape_of(maps[0]), *label);
  double total = grid.columns * grid.width + (grid.columns - 1) * spacing;
  *left = margin + (width - total) / 2;
  return grid;
}

/* The place of map number i, its number above it. */
static MgGeometry
cell_of(const Grid *grid, const MgMatrix *map, size_t i, double left, double top, double label)
{
  return (MgGeometry){floor(left + (i % grid->columns) * (grid->width + spacing)),
                      floor(top + (i / grid->columns) * (grid->height + label + spacing)) + label,
                      floor(grid->width),
                      floor(grid->height),
                      -0.5,
                      map->cols - 0.5,
                      0,
                      map->rows};
}

gboolean
mg_maps_cell(double width, double height, const MgStyle *style, MgMatrix *const *maps, size_t n, size_t i,
             MgGeometry *cell)
{
  double label, left, inner = width - 2 * margin;
  if (!(inner > 0) || !(height > 2 * margin) || i >= n)
    return FALSE;
  Grid grid = lay_grid(style, maps, n, inner, height - 2 * margin, &label, &left);
  *cell = cell_of(&grid, maps[i], i, left, margin, label);
  return TRUE;
}

static void
draw_grid(cairo_t *cr, const MgStyle *style, MgMatrix *const *maps, size_t n, const MgColormap *colormap, double top,
          double width, double height)
{
  double label, left;
  Grid grid = lay_grid(style, maps, n, width, height, &label, &left);
  gboolean labelled = grid.height > 20 && grid.width > 16;
  for (size_t i = 0; i < n; i++) {
    MgGeometry cell = cell_of(&grid, maps[i], i, left, top, label);
    char number[24];
    snprintf(number, sizeof number, "%zu", i + 1);
    MgTextLook look = {.size = style->font_size * 0.85, .alpha = 0.7};
    if (labelled)
      mg_text_draw_look(cr, style, number, cell.x, cell.y - label, 0, 0, &look);
    draw_matrix(cr, maps[i], colormap, cell.x, cell.y, cell.width, cell.height);
  }
}

void
mg_maps_draw(cairo_t *cr, double width, double height, const MgStyle *style, const MgMatrix *input,
             MgMatrix *const *maps, size_t n, const char *title, const MgColormap *colormap)
{
  mg_background(cr, style, width, height);
  double y = margin, inner = width - 2 * margin;
  if (!(inner > 0) || !(height > 2 * margin))
    return;
  if (title) {
    MgTextLook look = {.size = style->font_size * 1.15, .bold = TRUE, .max_width = inner};
    mg_text_draw_look(cr, style, title, margin, y, 0, 0, &look);
    y += mg_text_line(style) * 1.15 + spacing;
  }
  double rest = height - margin - y;
  if (input) {
    double share = n > 0 ? rest * 0.3 : rest;
    double input_width = MIN(inner, share * shape_of(input) * 1.6);
    draw_matrix(cr, input, colormap, floor(margin + (inner - input_width) / 2), floor(y), floor(input_width),
                floor(share));
    y += share + 2 * spacing;
  }
  if (n > 0)
    draw_grid(cr, style, maps, n, colormap, y, inner, height - margin - y);
}
