#include "ui/train/curve-view.h"
#include "plot/axis.h"
#include "plot/text.h"
#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

typedef struct {
  MgCurve curve;  /* as drawn: y is log2 of the value where the axis is logarithmic */
  double *values; /* as measured */
  double marked_x;
} Line;

struct MgCurveView {
  GtkWidget *drawing;
  char *title, *empty;
  GArray *lines;  /* of Line */
  GArray *curves; /* of MgCurve: the same, side by side, for the painter */
  double steps_per_epoch, smoothing;
  gboolean log, without_legend;
  double hover; /* step, or NaN */
  MgCurveView *linked;
};

enum { MOST_WITHIN = 4 }; /* names that stand among the curves */
static const size_t most_points = 3000;
static const double left = 46, right = 14, top = 30, bottom = 40;

static void
clear_line(gpointer data)
{
  Line *line = data;
  g_free((char *)line->curve.name);
  g_free((double *)line->curve.x);
  g_free((double *)line->curve.y);
  g_free(line->values);
}

/* A value that has no logarithm leaves a gap. */
static double
place_of(const MgCurveView *view, double value)
{
  if (!view->log)
    return value;
  return value > 0 ? log2(value) : NAN;
}

static void
place_lines(MgCurveView *view)
{
  g_array_set_size(view->curves, 0);
  for (guint i = 0; i < view->lines->len; i++) {
    Line *line = &g_array_index(view->lines, Line, i);
    double *y = (double *)line->curve.y;
    for (size_t k = 0; k < line->curve.n; k++)
      y[k] = place_of(view, line->values[k]);
    line->curve.marked_x = view->log ? NAN : line->marked_x; /* the painter writes y beside its mark */
    line->curve.smoothing = line->curve.dashed ? 0 : view->smoothing;
    g_array_append_val(view->curves, line->curve);
  }
}

static gboolean
has_points(const MgCurveView *view)
{
  for (guint i = 0; i < view->curves->len; i++)
    if (g_array_index(view->curves, MgCurve, i).n > 0)
      return TRUE;
  return FALSE;
}

static double
last_step(const MgCurveView *view)
{
  double last = 0;
  for (guint i = 0; i < view->curves->len; i++) {
    const MgCurve *curve = &g_array_index(view->curves, MgCurve, i);
    if (curve->n > 0)
      last = MAX(last, curve->x[curve->n - 1]);
  }
  return last;
}

/* Many names would hide the curves: they stand beside them. */
static double
legend_room(const MgCurveView *view, double width)
{
  return !view->without_legend && view->curves->len > MOST_WITHIN ? floor(width * 0.34) : 0;
}

static void
draw_legend(cairo_t *cr, const MgGeometry *geometry, const MgStyle *style, const MgCurveView *view, double width)
{
  double room = legend_room(view, width);
  MgGeometry place = *geometry;
  if (room > 0) {
    place.x = geometry->x + geometry->width + right; /* the last number of the axis reaches beyond it */
    place.y = 0;
    place.width = room - right;
    place.height = geometry->y + geometry->height + bottom;
  }
  if (!view->without_legend || view->curves->len <= 2)
    mg_curves_legend(cr, &place, style, (const MgCurve *)view->curves->data, view->curves->len);
}

/* Linked views show the same steps, so that what lies under one pointer lies under the other. */
static MgGeometry
geometry_of(const MgCurveView *view, double width, double height)
{
  MgGeometry geometry = {
      .x = left, .y = top, .width = width - left - right - legend_room(view, width), .height = height - top - bottom};
  mg_curves_limits((const MgCurve *)view->curves->data, view->curves->len, &geometry.x0, &geometry.x1, &geometry.y0,
                   &geometry.y1);
  double numbers = mg_axis_width_y(mg_drawing_style(), view->log ? MG_TICKS_LOG : MG_TICKS_LINEAR, geometry.y0,
                                   geometry.y1, geometry.height, NULL);
  if (numbers + 4 > left) { /* a learning rate has many digits */
    geometry.x = ceil(numbers + 4);
    geometry.width = width - geometry.x - right - legend_room(view, width);
  }
  geometry.x0 = 0;
  geometry.x1 = MAX(1, MAX(last_step(view), view->linked ? last_step(view->linked) : 0));
  return geometry;
}

static void
draw_empty(cairo_t *cr, double width, double height, const MgStyle *style, const MgCurveView *view)
{
  MgStyle faint = *style;
  faint.foreground[3] = 0.55;
  mg_text_draw(cr, style, view->title, left, 6, 0, 0, style->font_size + 1);
  MgTextLook look = {.size = style->font_size + 1, .max_width = width - 2 * right};
  mg_text_draw_look(cr, &faint, view->empty, width / 2, height / 2, 0.5, 0.5, &look);
}

static gssize
nearest(const MgCurve *curve, double step)
{
  gssize best = -1;
  size_t low = 0, high = curve->n;
  while (low < high) { /* first point at or beyond the step */
    size_t middle = (low + high) / 2;
    if (curve->x[middle] < step)
      low = middle + 1;
    else
      high = middle;
  }
  for (size_t i = low > 0 ? low - 1 : 0; i < MIN(low + 1, curve->n); i++)
    if (best < 0 || fabs(curve->x[i] - step) < fabs(curve->x[best] - step))
      best = i;
  return best;
}

/* The best epochs where the axis is logarithmic: the value itself is written, not its place. */
static void
draw_log_marks(cairo_t *cr, const MgGeometry *geometry, const MgStyle *style, const MgCurveView *view)
{
  for (guint i = 0; i < view->lines->len && view->log; i++) {
    const Line *line = &g_array_index(view->lines, Line, i);
    gssize at = isfinite(line->marked_x) ? nearest(&line->curve, line->marked_x) : -1;
    double rgb[3];
    if (at < 0 || !isfinite(line->curve.y[at]))
      continue;
    double x = mg_geometry_to_x(geometry, line->curve.x[at]), y = mg_geometry_to_y(geometry, line->curve.y[at]);
    g_autofree char *text = g_strdup_printf("%.3g", line->values[at]);
    mg_hue_on(style, line->curve.hue, rgb);
    cairo_set_source_rgb(cr, rgb[0], rgb[1], rgb[2]);
    cairo_move_to(cr, x, y - 4);
    cairo_line_to(cr, x + 4, y);
    cairo_line_to(cr, x, y + 4);
    cairo_line_to(cr, x - 4, y);
    cairo_fill(cr);
    mg_text_draw(cr, style, text, x - 6, y - 6, 1, 1, style->font_size);
  }
}

static void
draw(cairo_t *cr, double width, double height, const MgStyle *style, gboolean vector, gpointer data)
{
  const MgCurveView *view = data;
  if (width < left + right + 40 || height < top + bottom + 30)
    return;
  if (!has_points(view)) {
    draw_empty(cr, width, height, style, view);
    return;
  }
  MgGeometry geometry = geometry_of(view, width, height);
  mg_text_draw(cr, style, view->title, left, 6, 0, 0, style->font_size + 1);
  mg_axis_draw_x(cr, &geometry, style, MG_TICKS_INTEGER, _("step"), TRUE, FALSE);
  mg_axis_draw_y(cr, &geometry, style, view->log ? MG_TICKS_LOG : MG_TICKS_LINEAR, NULL, TRUE);
  mg_curves_draw(cr, &geometry, style, (const MgCurve *)view->curves->data, view->curves->len);
  draw_log_marks(cr, &geometry, style, view);
  draw_legend(cr, &geometry, style, view, width);
}

static GPtrArray *
readout(const MgCurveView *view)
{
  GPtrArray *texts = g_ptr_array_new_with_free_func(g_free);
  if (view->steps_per_epoch > 0)
    g_ptr_array_add(texts, g_strdup_printf(_("step %.0f · epoch %.0f"), view->hover,
                                           ceil(MAX(view->hover, 1) / view->steps_per_epoch)));
  else
    g_ptr_array_add(texts, g_strdup_printf(_("step %.0f"), view->hover));
  for (guint i = 0; i < view->lines->len; i++) {
    const Line *line = &g_array_index(view->lines, Line, i);
    gssize at = nearest(&line->curve, view->hover);
    if (at >= 0)
      g_ptr_array_add(texts, g_strdup_printf("%s  %.4g", line->curve.name, line->values[at]));
  }
  return texts;
}

static void
draw_readout(cairo_t *cr, const MgGeometry *geometry, const MgStyle *style, const MgCurveView *view)
{
  g_autoptr(GPtrArray) texts = readout(view);
  double line_height = style->font_size + 5, x = mg_geometry_to_x(geometry, view->hover);
  size_t longest = 0;
  for (guint i = 0; i < texts->len; i++)
    longest = MAX(longest, (size_t)g_utf8_strlen(texts->pdata[i], -1));
  double width = longest * style->font_size * 0.58 + 16, height = texts->len * line_height + 10;
  double box_x = x + 10 + width > geometry->x + geometry->width ? x - 10 - width : x + 10;
  box_x = MAX(box_x, geometry->x + 4);
  cairo_set_source_rgba(cr, style->background[0], style->background[1], style->background[2], 0.96);
  cairo_rectangle(cr, floor(box_x) + 0.5, floor(geometry->y) + 4.5, width, height);
  cairo_fill_preserve(cr);
  cairo_set_source_rgba(cr, style->foreground[0], style->foreground[1], style->foreground[2], 0.25);
  cairo_set_line_width(cr, 1);
  cairo_stroke(cr);
  for (guint i = 0; i < texts->len; i++)
    mg_text_draw(cr, style, texts->pdata[i], box_x + 8, geometry->y + 9 + i * line_height, 0, 0, style->font_size);
}

static void
draw_marks(cairo_t *cr, const MgGeometry *geometry, const MgStyle *style, const MgCurveView *view)
{
  for (guint i = 0; i < view->curves->len; i++) {
    const MgCurve *curve = &g_array_index(view->curves, MgCurve, i);
    gssize at = nearest(curve, view->hover);
    double rgb[3];
    if (at < 0 || !isfinite(curve->y[at]))
      continue;
    mg_hue_on(style, curve->hue, rgb);
    cairo_set_source_rgb(cr, rgb[0], rgb[1], rgb[2]);
    cairo_arc(cr, mg_geometry_to_x(geometry, curve->x[at]), mg_geometry_to_y(geometry, curve->y[at]), 3, 0, 2 * G_PI);
    cairo_fill(cr);
  }
}

static void
draw_live(cairo_t *cr, double width, double height, const MgStyle *style, gboolean vector, gpointer data)
{
  const MgCurveView *view = data;
  if (!isfinite(view->hover) || !has_points(view) || width < left + right + 40)
    return;
  MgGeometry geometry = geometry_of(view, width, height);
  double x = floor(mg_geometry_to_x(&geometry, view->hover)) + 0.5;
  cairo_set_source_rgba(cr, style->foreground[0], style->foreground[1], style->foreground[2], 0.4);
  cairo_set_line_width(cr, 1);
  cairo_move_to(cr, x, geometry.y);
  cairo_line_to(cr, x, geometry.y + geometry.height);
  cairo_stroke(cr);
  draw_marks(cr, &geometry, style, view);
  draw_readout(cr, &geometry, style, view);
}

static void
set_hover(MgCurveView *view, double step)
{
  view->hover = step;
  mg_drawing_live_changed(MG_DRAWING(view->drawing));
}

static void
on_motion(GtkEventControllerMotion *motion, double x, double y, MgCurveView *view)
{
  if (!has_points(view))
    return;
  MgGeometry geometry = geometry_of(view, gtk_widget_get_width(view->drawing), gtk_widget_get_height(view->drawing));
  gboolean inside = x >= geometry.x && x <= geometry.x + geometry.width;
  double step = inside ? round(mg_geometry_from_x(&geometry, x)) : NAN;
  set_hover(view, step);
  if (view->linked)
    set_hover(view->linked, step);
}

static void
on_leave(GtkEventControllerMotion *motion, MgCurveView *view)
{
  set_hover(view, NAN);
  if (view->linked)
    set_hover(view->linked, NAN);
}

/* "Loss: train 0.231, validation 0.305 at epoch 7" */
static void
describe(MgCurveView *view)
{
  g_autoptr(GString) text = g_string_new(view->title);
  double last = 0;
  for (guint i = 0; i < view->lines->len; i++) {
    const Line *line = &g_array_index(view->lines, Line, i);
    if (line->curve.n == 0)
      continue;
    last = MAX(last, line->curve.x[line->curve.n - 1]);
    g_string_append_printf(text, "%s %s %.3f", last > 0 && text->str[text->len - 1] != ':' && i > 0 ? "," : ":",
                           line->curve.name, line->values[line->curve.n - 1]);
  }
  if (!has_points(view))
    g_string_append_printf(text, ": %s", view->empty);
  else if (view->steps_per_epoch > 0)
    g_string_append_printf(text, _(" at epoch %.0f"), ceil(last / view->steps_per_epoch));
  else
    g_string_append_printf(text, _(" at step %.0f"), last);
  mg_drawing_set_text(MG_DRAWING(view->drawing), text->str, NULL);
}

/* Beyond what a screen can tell apart, neighbouring points become their mean, so that drawing costs the same after a
 * day. */
static void
thin_out(MgCurve *curve, double *x, double *values)
{
  size_t bucket = (curve->n + most_points - 1) / most_points, n = 0;
  for (size_t from = 0; bucket > 1 && from < curve->n; from += bucket, n++) {
    size_t count = MIN(bucket, curve->n - from);
    double sum_x = 0, sum = 0;
    for (size_t i = from; i < from + count; i++) {
      sum_x += x[i];
      sum += values[i];
    }
    x[n] = sum_x / count;
    values[n] = sum / count;
  }
  if (bucket > 1)
    curve->n = n;
}

void
mg_curve_view_set(MgCurveView *view, const MgCurve *curves, size_t n, double steps_per_epoch)
{
  g_array_set_size(view->lines, 0);
  view->steps_per_epoch = steps_per_epoch;
  for (size_t i = 0; i < n; i++) {
    Line line = {.curve = curves[i]};
    size_t size = curves[i].n * sizeof(double);
    line.curve.name = g_strdup(curves[i].name);
    line.curve.x = g_memdup2(curves[i].x, size);
    line.curve.y = g_malloc(size);
    line.values = g_memdup2(curves[i].y, size);
    line.marked_x = curves[i].marked_x;
    thin_out(&line.curve, (double *)line.curve.x, line.values);
    g_array_append_val(view->lines, line);
  }
  place_lines(view);
  describe(view);
  mg_drawing_changed(MG_DRAWING(view->drawing));
}

void
mg_curve_view_set_log(MgCurveView *view, gboolean log)
{
  view->log = log;
  place_lines(view);
  mg_drawing_changed(MG_DRAWING(view->drawing));
}

void
mg_curve_view_set_smoothing(MgCurveView *view, double smoothing)
{
  view->smoothing = smoothing;
  place_lines(view);
  mg_drawing_changed(MG_DRAWING(view->drawing));
}

void
mg_curve_view_link(MgCurveView *view, MgCurveView *other)
{
  view->linked = other;
  other->linked = view;
  other->without_legend = TRUE; /* many runs are named in the first one only */
}

GtkWidget *
mg_curve_view_widget(MgCurveView *view)
{
  return view->drawing;
}

static void
view_free(gpointer data)
{
  MgCurveView *view = data;
  if (view->linked)
    view->linked->linked = NULL;
  g_array_unref(view->lines);
  g_array_unref(view->curves);
  g_free(view->title);
  g_free(view->empty);
  g_free(view);
}

MgCurveView *
mg_curve_view_new(const char *title, const char *file_name, const char *empty)
{
  MgCurveView *view = g_new0(MgCurveView, 1);
  view->title = g_strdup(title);
  view->empty = g_strdup(empty);
  view->hover = NAN;
  view->curves = g_array_new(FALSE, FALSE, sizeof(MgCurve));
  view->lines = g_array_new(FALSE, FALSE, sizeof(Line));
  g_array_set_clear_func(view->lines, clear_line);
  view->drawing = mg_drawing_new(file_name, 220, 190);
  g_object_set_data_full(G_OBJECT(view->drawing), "curve-view", view, view_free);
  mg_drawing_set_funcs(MG_DRAWING(view->drawing), draw, draw_live, view);
  GtkEventController *motion = gtk_event_controller_motion_new();
  g_signal_connect(motion, "motion", G_CALLBACK(on_motion), view);
  g_signal_connect(motion, "leave", G_CALLBACK(on_leave), view);
  gtk_widget_add_controller(view->drawing, motion);
  gtk_widget_set_hexpand(view->drawing, TRUE);
  gtk_widget_set_vexpand(view->drawing, TRUE);
  describe(view);
  return view;
}
