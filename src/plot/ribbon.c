#include "plot/ribbon.h"
#include "plot/axis.h"
#include "plot/text.h"
#include <math.h>

#define GAP 1   /* between segments and rows, user units */
#define HATCH 5 /* from one stroke to the next */
#define NAME_PADDING 3

typedef struct {
  double x, y, width, height;
} Box;

static Box
box_of(const MgGeometry *geometry, const MgRibbonSegment *segment, int row, int rows)
{
  double left = MAX(mg_geometry_to_x(geometry, segment->start), geometry->x);
  double right = MIN(mg_geometry_to_x(geometry, segment->end), geometry->x + geometry->width);
  double top = geometry->y + floor(geometry->height * row / rows);
  double bottom = geometry->y + floor(geometry->height * (row + 1) / rows);
  return (Box){left, top, MAX(right - left - GAP, 0.5), MAX(bottom - top - GAP, 0.5)};
}

static void
hatch(cairo_t *cr, const Box *box, const MgStyle *style)
{
  cairo_save(cr);
  cairo_rectangle(cr, box->x, box->y, box->width, box->height);
  cairo_clip(cr);
  mg_source_alpha(cr, style->background, 0.75);
  cairo_set_line_width(cr, 1.5);
  for (double x = box->x - box->height; x < box->x + box->width; x += HATCH) {
    cairo_move_to(cr, x, box->y + box->height);
    cairo_line_to(cr, x + box->height, box->y);
  }
  cairo_stroke(cr);
  cairo_restore(cr);
}

static void
draw_number(cairo_t *cr, const Box *box, const MgStyle *style, double strength)
{
  char text[16];
  double width, height;
  g_snprintf(text, sizeof text, "%.2f", strength);
  mg_text_measure(style, text, &(MgTextLook){0}, &width, &height);
  if (width + 6 <= box->width && height <= box->height)
    mg_text_draw(cr, style, text, box->x + box->width / 2, box->y + box->height / 2, 0.5, 0.5, 0);
}

static void
draw_cell(cairo_t *cr, const MgGeometry *geometry, const MgStyle *style, const MgRibbonSegment *segment, int row,
          int rows)
{
  Box box = box_of(geometry, segment, row, rows);
  double rgb[3];
  mg_hue_on(style, row, rgb);
  mg_source_alpha(cr, rgb, 0.08 + 0.72 * CLAMP((double)segment->strengths[row], 0, 1));
  cairo_rectangle(cr, box.x, box.y, box.width, box.height);
  cairo_fill(cr);
  if (row == segment->chosen && segment->truth >= 0 && segment->truth != row)
    hatch(cr, &box, style);
  if (row == segment->truth && box.width > 4 && box.height > 4) {
    mg_source(cr, style->foreground);
    mg_line_frame(cr, box.x + 1, box.y + 1, box.width - 2, box.height - 2, 1);
  }
  if (row == segment->chosen)
    draw_number(cr, &box, style, segment->strengths[row]);
}

void
mg_ribbon_draw(cairo_t *cr, const MgGeometry *geometry, const MgStyle *style, const MgRibbonSegment *segments, size_t n,
               int rows)
{
  for (size_t i = 0; i < n; i++)
    if (segments[i].end > geometry->x0 && segments[i].start < geometry->x1)
      for (int row = 0; row < rows; row++)
        draw_cell(cr, geometry, style, &segments[i], row, rows);
}

/* A name that is wider than its room goes on over the ribbon, on a ground of its own, to `most` at most. */
static void
draw_name(cairo_t *cr, const MgStyle *style, const char *name, double end, double middle, double room, double most)
{
  MgTextLook look = {.max_width = most};
  double width, height, left = end - room;
  mg_text_measure(style, name, &look, &width, &height);
  if (width > room) {
    mg_source_alpha(cr, style->background, 0.8);
    cairo_rectangle(cr, left, middle - height / 2, width + NAME_PADDING, height);
    cairo_fill(cr);
  }
  mg_text_draw_look(cr, style, name, width > room ? left : end, middle, width > room ? 0 : 1, 0.5, &look);
}

void
mg_ribbon_draw_names(cairo_t *cr, const MgGeometry *geometry, const MgStyle *style, const char *const *names, int rows,
                     double room)
{
  double line = mg_text_line(style), high = geometry->height / rows;
  int every = MAX(1, (int)ceil(line / MAX(high, 0.1))); /* some of them where not all have room */
  for (int row = 0; row < rows; row += every)
    draw_name(cr, style, names[row], geometry->x - 6, geometry->y + (row + 0.5) * high, room,
              room + geometry->width / 3);
}
