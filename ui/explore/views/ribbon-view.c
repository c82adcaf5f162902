#include "ui/explore/views/ribbon-view.h"
#include "plot/ribbon.h"
#include "plot/summary.h"
#include "ui/widgets/format.h"
#include <glib/gi18n.h>

struct _MgRibbonView {
  MgView parent;
  MgPane *pane;
  MgRibbon *ribbon;
};

G_DEFINE_FINAL_TYPE(MgRibbonView, mg_ribbon_view, MG_TYPE_VIEW)

GtkWidget *
mg_ribbon_view_new(MgPane *pane)
{
  MgRibbonView *self = g_object_new(MG_TYPE_RIBBON_VIEW, NULL);
  self->pane = g_object_ref(pane);
  return GTK_WIDGET(self);
}

static int
rows_of(MgRibbonView *self)
{
  return self->ribbon ? (int)mg_ribbon_n_classes(self->ribbon) : 0;
}

static void
draw(MgView *view, cairo_t *cr, const MgGeometry *geometry, const MgStyle *style)
{
  MgRibbonView *self = MG_RIBBON_VIEW(view);
  guint n = self->ribbon ? mg_ribbon_n(self->ribbon) : 0;
  g_autofree MgRibbonSegment *segments = g_new(MgRibbonSegment, n + 1);
  for (guint i = 0; i < n; i++) {
    const MgPrediction *segment = mg_ribbon_get(self->ribbon, i);
    segments[i] =
        (MgRibbonSegment){segment->start, segment->end, segment->probabilities, segment->y_pred, segment->y_test};
  }
  mg_ribbon_draw(cr, geometry, style, segments, n, rows_of(self));
}

static void
draw_axes(MgView *view, cairo_t *cr, const MgGeometry *geometry, const MgStyle *style)
{
  MgRibbonView *self = MG_RIBBON_VIEW(view);
  int rows = rows_of(self);
  g_autofree const char **names = g_new(const char *, rows + 1);
  for (int row = 0; row < rows; row++)
    names[row] = mg_ribbon_class(self->ribbon, (guint)row);
  mg_ribbon_draw_names(cr, geometry, style, names, rows, MG_VIEW_LEFT - 10);
}

static void
limits(MgView *view, double *y0, double *y1)
{
  *y0 = MAX(1, rows_of(MG_RIBBON_VIEW(view)));
  *y1 = 0;
}

static void
read_place(MgView *view, double seconds, double y, GString *text)
{
  MgRibbonView *self = MG_RIBBON_VIEW(view);
  const MgPrediction *segment = self->ribbon ? mg_ribbon_at(self->ribbon, seconds) : NULL;
  if (!segment || y < 0 || y >= rows_of(self))
    return;
  g_string_append_printf(text, " · %s %.2f · y_pred %s", mg_ribbon_class(self->ribbon, (guint)y),
                         segment->probabilities[(int)y], mg_ribbon_class(self->ribbon, (guint)segment->y_pred));
  if (segment->genre)
    g_string_append_printf(text, " · y_test %s", segment->genre);
}

static char *
status(MgView *view)
{
  MgRibbonView *self = MG_RIBBON_VIEW(view);
  if (!self->ribbon)
    return g_strdup(_("Choose a run above: one that was trained here, or a path at the right"));
  if (mg_ribbon_failure(self->ribbon))
    return mg_format_sentence(mg_ribbon_failure(self->ribbon));
  return mg_ribbon_working(self->ribbon) ? g_strdup(_("Asking the run’s model…")) : NULL;
}

static char *
describe(MgView *view, const char *range)
{
  MgRibbonView *self = MG_RIBBON_VIEW(view);
  return g_strdup_printf("%s, %s, %s", mg_pane_title(self->pane), mg_params_text(mg_pane_params(self->pane), "run"),
                         range);
}

/* "12 segments: rap 9, classique 3; 2 wrong" */
static char *
summarise(MgView *view, const MgGeometry *geometry)
{
  MgRibbonView *self = MG_RIBBON_VIEW(view);
  int rows = rows_of(self);
  guint n = self->ribbon ? mg_ribbon_n(self->ribbon) : 0, seen = 0, wrong = 0;
  g_autofree MgBar *answers = g_new0(MgBar, rows + 1);
  for (int row = 0; row < rows; row++)
    answers[row].name = mg_ribbon_class(self->ribbon, (guint)row);
  for (guint i = 0; i < n; i++) {
    const MgPrediction *segment = mg_ribbon_get(self->ribbon, i);
    if (segment->end <= geometry->x0 || segment->start >= geometry->x1)
      continue;
    answers[segment->y_pred].value++;
    wrong += segment->y_test >= 0 && segment->y_test != segment->y_pred;
    seen++;
  }
  if (seen == 0)
    return NULL;
  g_autofree char *classes = mg_bars_summary(&(MgBars){answers, (size_t)rows, NULL, 0});
  return g_strdup_printf(ngettext("%u segment: %s; wrong: %u", "%u segments: %s; wrong: %u", seen), seen, classes,
                         wrong);
}

static void
follow(MgView *view)
{
  mg_view_redraw_picture(view);
  mg_view_redraw_axes(view);
  mg_view_describe_soon(view);
}

void
mg_ribbon_view_set(MgRibbonView *self, const char *run, const char *track)
{
  if (run && track && self->ribbon && mg_ribbon_is_of(self->ribbon, run, track))
    return;
  if (self->ribbon)
    g_signal_handlers_disconnect_by_data(self->ribbon, self);
  g_clear_object(&self->ribbon);
  if (run && track) {
    self->ribbon = mg_ribbon_new(run, track);
    g_signal_connect_object(self->ribbon, "changed", G_CALLBACK(follow), self, G_CONNECT_SWAPPED);
  }
  follow(MG_VIEW(self));
}

static void
dispose(GObject *object)
{
  MgRibbonView *self = MG_RIBBON_VIEW(object);
  g_clear_object(&self->ribbon);
  g_clear_object(&self->pane);
  G_OBJECT_CLASS(mg_ribbon_view_parent_class)->dispose(object);
}

static void
mg_ribbon_view_class_init(MgRibbonViewClass *class)
{
  MgViewClass *view = MG_VIEW_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = dispose;
  view->draw = draw;
  view->draw_axes = draw_axes;
  view->limits = limits;
  view->read = read_place;
  view->status = status;
  view->describe = describe;
  view->summarise = summarise;
}

static void
mg_ribbon_view_init(MgRibbonView *self)
{
}
