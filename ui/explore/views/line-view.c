#include "ui/explore/views/line-view.h"
#include "plot/axis.h"
#include "plot/overlay.h"
#include "ui/explore/views/progress-text.h"
#include "ui/widgets/format.h"
#include <glib/gi18n.h>
#include <math.h>

struct _MgLineView {
  MgView parent;
  MgPane *pane;
  MgAnalysis *analysis;
  MgProgressText progress;
  GskRenderNode *line; /* cached for `drawn` */
  MgGeometry drawn;
  gboolean drawn_dark;
  double low, high; /* of the axis */
};

G_DEFINE_FINAL_TYPE(MgLineView, mg_line_view, MG_TYPE_VIEW)

GtkWidget *
mg_line_view_new(MgPane *pane)
{
  MgLineView *self = g_object_new(MG_TYPE_LINE_VIEW, NULL);
  self->pane = g_object_ref(pane);
  return GTK_WIDGET(self);
}

static gboolean
is_in_hz(MgLineView *self)
{
  return g_strcmp0(mg_pane_feature(self->pane)->unit, "Hz") == 0;
}

/* The axis' ends: round ones where they come from the values. */
static void
find_limits(MgLineView *self, double *low, double *high)
{
  const MgParams *params = mg_pane_params(self->pane);
  *low = 0;
  *high = 1;
  if (self->analysis && mg_analysis_range(self->analysis, low, high)) {
    if (*low > 0 && *low < *high * 0.5) /* what is a small part of the whole begins at nothing */
      *low = 0;
    double step = mg_round_step(MAX((*high - *low) / 8, 1e-9));
    *low = floor(*low / step) * step;
    *high = ceil(*high / step + 1e-9) * step;
  }
  *low = mg_params_float_or(params, "lowest", *low);
  *high = mg_params_float_or(params, "highest", *high);
  if (!(*high > *low))
    *high = *low + 1;
}

static void
limits(MgView *view, double *y0, double *y1)
{
  find_limits(MG_LINE_VIEW(view), y0, y1);
}

static void
draw(MgView *view, cairo_t *cr, const MgGeometry *geometry, const MgStyle *style)
{
  MgLineView *self = MG_LINE_VIEW(view);
  double first, step;
  if (!self->analysis)
    return;
  mg_analysis_times(self->analysis, 0, &first, &step);
  gint64 from = (gint64)MAX(0, floor((geometry->x0 - first) / step) - 1);
  gint64 to = MIN(mg_analysis_columns(self->analysis, 0), (gint64)ceil((geometry->x1 - first) / step) + 2);
  if (to <= from)
    return;
  g_autofree float *values = g_new(float, to - from);
  mg_analysis_values(self->analysis, from, (size_t)(to - from), values);
  MgOverlayCurve curve = {
      .values = values, .n = (size_t)(to - from), .first_time = first + (double)from * step, .frame_step = step};
  memcpy(curve.colour, style->accent, sizeof curve.colour);
  mg_overlay_curve_draw(cr, geometry, &curve);
}

static void
paint(MgView *view, GtkSnapshot *snapshot, const MgGeometry *geometry, const MgStyle *style)
{
  MgLineView *self = MG_LINE_VIEW(view);
  if (self->drawn_dark != style->dark || memcmp(&self->drawn, geometry, sizeof *geometry) != 0)
    g_clear_pointer(&self->line, gsk_render_node_unref);
  if (!self->line) {
    self->line = gsk_cairo_node_new(
        &GRAPHENE_RECT_INIT((float)geometry->x, (float)geometry->y, (float)geometry->width, (float)geometry->height));
    cairo_t *cr = gsk_cairo_node_get_draw_context(self->line);
    draw(view, cr, geometry, style);
    cairo_destroy(cr);
    self->drawn = *geometry;
    self->drawn_dark = style->dark;
  }
  gtk_snapshot_append_node(snapshot, self->line);
}

static void
draw_axes(MgView *view, cairo_t *cr, const MgGeometry *geometry, const MgStyle *style)
{
  MgLineView *self = MG_LINE_VIEW(view);
  const char *unit = mg_pane_feature(self->pane)->unit;
  mg_view_draw_titles(cr, geometry, style, unit ? _(unit) : NULL, NULL);
  mg_axis_draw_y(cr, geometry, style, is_in_hz(self) ? MG_TICKS_HZ : MG_TICKS_LINEAR, NULL, TRUE);
}

static double
of_hz(MgView *view, double hz)
{
  return is_in_hz(MG_LINE_VIEW(view)) ? hz : NAN;
}

static double
to_hz(MgView *view, double y)
{
  return y;
}

static void
read_place(MgView *view, double seconds, double y, GString *text)
{
  MgLineView *self = MG_LINE_VIEW(view);
  double first, step;
  float value;
  if (!self->analysis)
    return;
  mg_analysis_times(self->analysis, 0, &first, &step);
  mg_analysis_values(self->analysis, (gint64)floor((seconds - first) / step + 0.5), 1, &value);
  if (!isfinite(value))
    return;
  g_autofree char *number = mg_format_value(value, mg_pane_feature(self->pane)->unit);
  g_string_append_printf(text, " · %s %s", mg_pane_title(self->pane), number);
}

static char *
describe(MgView *view, const char *range)
{
  MgLineView *self = MG_LINE_VIEW(view);
  g_autofree char *differences = mg_pane_differences(self->pane);
  return g_strdup_printf("%s, %s%s%s", mg_pane_title(self->pane), range, differences ? ", " : "",
                         differences ? differences : "");
}

static char *
summarise(MgView *view, const MgGeometry *geometry)
{
  MgLineView *self = MG_LINE_VIEW(view);
  double first, step, sum = 0;
  gint64 low = -1, high = -1, known = 0;
  if (!self->analysis)
    return NULL;
  mg_analysis_times(self->analysis, 0, &first, &step);
  gint64 from = (gint64)MAX(0, ceil((geometry->x0 - first) / step));
  gint64 n = MIN(mg_analysis_columns(self->analysis, 0), (gint64)floor((geometry->x1 - first) / step) + 1) - from;
  g_autofree float *values = g_new(float, MAX(n, 1));
  if (n > 0)
    mg_analysis_values(self->analysis, from, (size_t)n, values);
  for (gint64 i = 0; i < n; i++) {
    if (!isfinite(values[i]))
      continue;
    low = low < 0 || values[i] < values[low] ? i : low;
    high = high < 0 || values[i] > values[high] ? i : high;
    sum += (double)values[i];
    known++;
  }
  if (known == 0)
    return NULL;
  const char *unit = mg_pane_feature(self->pane)->unit;
  g_autofree char *least = mg_format_value((double)values[low], unit),
                  *most = mg_format_value((double)values[high], unit);
  g_autofree char *mean = mg_format_value(sum / (double)known, unit);
  g_autofree char *time = mg_format_clock(first + (double)(from + high) * step, 3);
  return g_strdup_printf(_("From %s to %s, %s in the mean, largest at %s"), least, most, mean, time);
}

static void
want(MgView *view, const MgGeometry *geometry, double seconds_per_pixel)
{
  MgLineView *self = MG_LINE_VIEW(view);
  if (self->analysis)
    mg_analysis_want(self->analysis, 0, geometry->x0, geometry->x1);
  gtk_widget_queue_draw(GTK_WIDGET(view));
}

static char *
status(MgView *view)
{
  MgLineView *self = MG_LINE_VIEW(view);
  if (!self->analysis)
    return g_strdup(_("The curve is made when the recording ends"));
  return mg_progress_text(&self->progress, self->analysis, GTK_WIDGET(view));
}

static void
follow(MgLineView *self)
{
  double low, high;
  find_limits(self, &low, &high);
  if (low != self->low || high != self->high) {
    self->low = low;
    self->high = high;
    mg_view_redraw_axes(MG_VIEW(self));
  }
  g_clear_pointer(&self->line, gsk_render_node_unref);
  gtk_widget_queue_draw(GTK_WIDGET(self));
  mg_view_describe_soon(MG_VIEW(self));
}

void
mg_line_view_set(MgLineView *self, MgAnalysis *analysis)
{
  if (analysis != self->analysis) {
    if (self->analysis)
      g_signal_handlers_disconnect_by_data(self->analysis, self);
    g_set_object(&self->analysis, analysis);
    mg_progress_text_clear(&self->progress);
    if (analysis)
      g_signal_connect_object(analysis, "changed", G_CALLBACK(follow), self, G_CONNECT_SWAPPED);
  }
  g_clear_pointer(&self->line, gsk_render_node_unref);
  mg_view_redraw_axes(MG_VIEW(self));
  mg_view_redraw_overlays(MG_VIEW(self));
  mg_view_want_soon(MG_VIEW(self));
  mg_view_describe_soon(MG_VIEW(self));
}

static void
dispose(GObject *object)
{
  MgLineView *self = MG_LINE_VIEW(object);
  mg_progress_text_clear(&self->progress);
  g_clear_pointer(&self->line, gsk_render_node_unref);
  g_clear_object(&self->analysis);
  G_OBJECT_CLASS(mg_line_view_parent_class)->dispose(object);
}

static void
finalize(GObject *object)
{
  g_object_unref(MG_LINE_VIEW(object)->pane);
  G_OBJECT_CLASS(mg_line_view_parent_class)->finalize(object);
}

static void
mg_line_view_class_init(MgLineViewClass *class)
{
  MgViewClass *view = MG_VIEW_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = dispose;
  G_OBJECT_CLASS(class)->finalize = finalize;
  view->paint = paint;
  view->draw = draw;
  view->draw_axes = draw_axes;
  view->limits = limits;
  view->of_hz = of_hz;
  view->to_hz = to_hz;
  view->read = read_place;
  view->describe = describe;
  view->summarise = summarise;
  view->want = want;
  view->status = status;
}

static void
mg_line_view_init(MgLineView *self)
{
}
