#include "ui/explore/views/view-marks.h"
#include "plot/axis.h"
#include "plot/overlay.h"
#include "plot/text.h"
#include <math.h>

#define MOST_HARMONICS 64

/* Where a frequency is seen, kept to the plot area; NaN where the view has no frequencies. */
static double
y_of_hz(MgView *view, const MgGeometry *geometry, double hz)
{
  MgViewClass *class = MG_VIEW_GET_CLASS(view);
  double world = class->of_hz ? class->of_hz(view, MAX(hz, 1e-3)) : NAN;
  if (!isfinite(world))
    return NAN;
  return CLAMP(mg_geometry_to_y(geometry, world), geometry->y, geometry->y + geometry->height);
}

static void
append_rectangle(GtkSnapshot *snapshot, const MgGeometry *geometry, double x0, double x1, double y0, double y1,
                 const GdkRGBA *colour)
{
  double left = MAX(x0, geometry->x), right = MIN(x1, geometry->x + geometry->width);
  if (right > left && y1 > y0)
    gtk_snapshot_append_color(snapshot, colour, &GRAPHENE_RECT_INIT(left, y0, right - left, y1 - y0));
}

static void
append_region(MgView *view, GtkSnapshot *snapshot, const MgGeometry *geometry, const MgRegion *region,
              const GdkRGBA *colour)
{
  double top = y_of_hz(view, geometry, region->high), bottom = y_of_hz(view, geometry, region->low);
  append_rectangle(snapshot, geometry, mg_geometry_to_x(geometry, region->start),
                   mg_geometry_to_x(geometry, region->end), top, bottom, colour);
}

/* One layer for all: where they overlap they are not denser. */
static void
append_brushed(MgView *view, GtkSnapshot *snapshot, const MgGeometry *geometry)
{
  static const GdkRGBA green = {0.2f, 0.9f, 0.5f, 1};
  size_t n;
  const MgRegion *regions = mg_tools_regions(mg_view_tools(view), &n);
  if (n == 0)
    return;
  gtk_snapshot_push_opacity(snapshot, 0.4);
  for (size_t i = 0; i < n; i++)
    append_region(view, snapshot, geometry, &regions[i], &green);
  gtk_snapshot_pop(snapshot);
}

static void
append_box(MgView *view, GtkSnapshot *snapshot, const MgGeometry *geometry)
{
  static const GdkRGBA white = {1, 1, 1, 0.9f}, black = {0, 0, 0, 0.55f};
  MgSelection *selection = mg_view_selection(view);
  if (!mg_selection_is_box(selection))
    return;
  double left = floor(mg_geometry_to_x(geometry, mg_selection_start(selection)));
  double right = ceil(mg_geometry_to_x(geometry, mg_selection_end(selection)));
  double edges[] = {y_of_hz(view, geometry, mg_selection_high(selection)),
                    y_of_hz(view, geometry, mg_selection_low(selection))};
  for (size_t i = 0; i < G_N_ELEMENTS(edges); i++) {
    append_rectangle(snapshot, geometry, left, right, floor(edges[i]) - 1, floor(edges[i]) + 2, &black);
    append_rectangle(snapshot, geometry, left, right, floor(edges[i]), floor(edges[i]) + 1, &white);
  }
}

static void
halo_line(cairo_t *cr, double x0, double y0, double x1, double y1, const double rgb[3])
{
  cairo_move_to(cr, x0, y0);
  cairo_line_to(cr, x1, y1);
  mg_source(cr, mg_overlay_halo);
  cairo_set_line_width(cr, 3.5);
  cairo_stroke_preserve(cr);
  mg_source_alpha(cr, rgb, 1);
  cairo_set_line_width(cr, 1.25);
  cairo_stroke(cr);
}

static void
draw_comb(MgView *view, cairo_t *cr, const MgGeometry *geometry, double hz)
{
  double rgb[3], former = INFINITY;
  mg_overlay_hue(1, rgb);
  for (int k = 1; k <= MOST_HARMONICS; k++) {
    double world = MG_VIEW_GET_CLASS(view)->of_hz(view, k * hz), y = mg_geometry_to_y(geometry, world);
    if (!isfinite(world) || y < geometry->y || former - y < 3)
      break;
    former = y;
    if (y <= geometry->y + geometry->height)
      halo_line(cr, geometry->x, floor(y) + 0.5, geometry->x + geometry->width, floor(y) + 0.5, rgb);
  }
}

static void
draw_measure(MgView *view, cairo_t *cr, const MgGeometry *geometry, const MgMeasure *measure)
{
  double x[2], y[2], rgb[3];
  mg_overlay_hue(0, rgb);
  for (int i = 0; i < 2; i++) {
    x[i] = mg_geometry_to_x(geometry, measure->seconds[i]);
    y[i] = isfinite(measure->hz[i]) ? y_of_hz(view, geometry, measure->hz[i]) : NAN;
  }
  if (!isfinite(y[0]) || !isfinite(y[1]))
    y[0] = y[1] = geometry->y + geometry->height / 2;
  halo_line(cr, x[0], y[0], x[1], y[0], rgb);
  halo_line(cr, x[1], y[0], x[1], y[1], rgb);
  halo_line(cr, x[0], y[0], x[1], y[1], rgb);
}

static void
append_measure(MgView *view, GtkSnapshot *snapshot, const MgGeometry *geometry)
{
  MgTools *tools = mg_view_tools(view);
  const MgMeasure *measure = mg_tools_measure(tools);
  double comb = mg_tools_comb(tools);
  if (!measure && !isfinite(comb))
    return;
  cairo_t *cr =
      gtk_snapshot_append_cairo(snapshot, &GRAPHENE_RECT_INIT((float)geometry->x, (float)geometry->y,
                                                              (float)geometry->width, (float)geometry->height));
  if (isfinite(comb) && mg_view_has_hz(view))
    draw_comb(view, cr, geometry, comb);
  if (measure)
    draw_measure(view, cr, geometry, measure);
  cairo_destroy(cr);
}

void
mg_view_append_marks(MgView *view, GtkSnapshot *snapshot, const MgGeometry *geometry, const MgStyle *style)
{
  if (MG_VIEW_GET_CLASS(view)->whole)
    return;
  if (mg_view_has_hz(view)) {
    append_brushed(view, snapshot, geometry);
    append_box(view, snapshot, geometry);
  }
  append_measure(view, snapshot, geometry);
}
