#include "ui/explore/views/label-view.h"
#include "plot/labels.h"
#include "ui/widgets/format.h"
#include "ui/window.h"
#include <glib/gi18n.h>
#include <math.h>

#define MOST_TOLD 8 /* labels in words */
#define EDGE 5      /* logical pixels beside an edge in which a hand takes it */

typedef enum { TAKEN_NONE, TAKEN_START, TAKEN_END, TAKEN_ALL } Taken;

struct _MgLabelView {
  MgView parent;
  MgLabelTrack *track;
  gint64 chosen; /* 0: none */
  Taken taken;
  MgLabel held;   /* what the drag makes of it; its text is the track's */
  double grabbed; /* s, where the drag began */
  gboolean moved;
  GtkWidget *editor, *entry; /* popover, made when asked for */
  guint editing;             /* source that opens the editor */
};

G_DEFINE_FINAL_TYPE(MgLabelView, mg_label_view, MG_TYPE_VIEW)

GtkWidget *
mg_label_view_new(void)
{
  return g_object_new(MG_TYPE_LABEL_VIEW, NULL);
}

static guint
count(MgLabelView *self)
{
  return self->track ? mg_label_track_n(self->track) : 0;
}

static void
redraw(MgLabelView *self)
{
  mg_view_redraw_picture(MG_VIEW(self));
  mg_view_describe_soon(MG_VIEW(self));
}

/* g_free() the spans; the one that is held is where the hand has it. */
static MgLabelSpan *
spans_of(MgLabelView *self, const MgGeometry *geometry, const MgStyle *style, int *rows)
{
  MgLabelSpan *spans = g_new(MgLabelSpan, count(self) + 1);
  for (guint i = 0; i < count(self); i++) {
    const MgLabel *label = mg_label_track_get(self->track, i);
    gboolean held = self->taken && self->moved && label->id == self->held.id;
    spans[i] = (MgLabelSpan){held ? self->held.start : label->start, held ? self->held.end : label->end, label->text,
                             label->id == self->chosen, 0};
  }
  *rows = mg_label_spans_stack(spans, count(self), geometry, style);
  return spans;
}

static void
draw(MgView *view, cairo_t *cr, const MgGeometry *geometry, const MgStyle *style)
{
  MgLabelView *self = MG_LABEL_VIEW(view);
  int rows;
  g_autofree MgLabelSpan *spans = spans_of(self, geometry, style, &rows);
  mg_label_spans_draw(cr, geometry, style, spans, count(self), rows);
}

static void
limits(MgView *view, double *y0, double *y1)
{
  *y0 = 0;
  *y1 = 1;
}

static char *
status(MgView *view)
{
  MgLabelView *self = MG_LABEL_VIEW(view);
  return self->track && count(self) == 0 ? g_strdup(_("No labels: select a stretch and press Ctrl+B")) : NULL;
}

static char *
describe(MgView *view, const char *range)
{
  MgLabelView *self = MG_LABEL_VIEW(view);
  const MgLabel *chosen = self->track ? mg_label_track_find(self->track, self->chosen) : NULL;
  g_autofree char *number = g_strdup_printf(ngettext("%u label", "%u labels", count(self)), count(self));
  return g_strdup_printf("%s, %s, %s%s%s", _("Labels"), range, number, chosen ? ", " : "", chosen ? chosen->text : "");
}

/* "intro 0:00.000–0:12.500, voice 0:13.000–0:20.000": the first of very many. */
static char *
summarise(MgView *view, const MgGeometry *geometry)
{
  MgLabelView *self = MG_LABEL_VIEW(view);
  g_autoptr(GString) text = g_string_new(NULL);
  for (guint i = 0, told = 0; i < count(self) && told < MOST_TOLD; i++) {
    const MgLabel *label = mg_label_track_get(self->track, i);
    if (label->end < geometry->x0 || label->start > geometry->x1)
      continue;
    g_autofree char *from = mg_format_clock(label->start, 3), *to = mg_format_clock(label->end, 3);
    g_string_append_printf(text, "%s%s %s–%s", told++ ? ", " : "", label->text, from, to);
  }
  return text->len ? g_string_free(g_steal_pointer(&text), FALSE) : NULL;
}

static void
read_place(MgView *view, double seconds, double y, GString *text)
{
  MgLabelView *self = MG_LABEL_VIEW(view);
  for (guint i = 0; i < count(self); i++) {
    const MgLabel *label = mg_label_track_get(self->track, i);
    if (seconds >= label->start && seconds <= label->end)
      g_string_append_printf(text, " · %s", label->text);
  }
}

/* The hand */

static void
choose(MgLabelView *self, const MgLabel *label)
{
  MgSelection *selection = mg_view_selection(MG_VIEW(self));
  self->chosen = label->id;
  mg_selection_set_box(selection, mg_selection_track(selection), label->start, label->end, label->low, label->high);
  mg_timeline_set_cursor(mg_view_timeline(MG_VIEW(self)), label->start);
  redraw(self);
}

/* Number of the label at a place, and what of it; -1: none. */
static int
find_at(MgLabelView *self, double at, double y, Taken *taken)
{
  MgGeometry geometry;
  int rows, found = -1;
  GtkWidget *widget = GTK_WIDGET(self);
  mg_view_geometry(MG_VIEW(self), 0, 0, gtk_widget_get_width(widget), gtk_widget_get_height(widget), &geometry);
  g_autofree MgLabelSpan *spans = spans_of(self, &geometry, mg_view_style(), &rows);
  for (guint i = 0; i < count(self); i++) {
    double left, top, width, height, x = mg_geometry_to_x(&geometry, at);
    mg_label_span_box(&spans[i], rows, &geometry, &left, &top, &width, &height);
    if (y < top || y > top + height || x < left - EDGE || x > left + width + EDGE)
      continue;
    found = (int)i;
    *taken = width < 2 * EDGE          ? TAKEN_ALL
             : x < left + EDGE         ? TAKEN_START
             : x > left + width - EDGE ? TAKEN_END
                                       : TAKEN_ALL;
  }
  return found;
}

static gboolean
press(MgView *view, double seconds, double y)
{
  MgLabelView *self = MG_LABEL_VIEW(view);
  Taken taken = TAKEN_NONE;
  int found = find_at(self, seconds, y, &taken);
  self->chosen = 0;
  redraw(self);
  if (found < 0)
    return FALSE;
  self->taken = taken;
  self->held = *mg_label_track_get(self->track, (guint)found);
  self->grabbed = seconds;
  self->moved = FALSE;
  choose(self, mg_label_track_get(self->track, (guint)found));
  return TRUE;
}

static void
drag(MgView *view, double seconds, double y)
{
  MgLabelView *self = MG_LABEL_VIEW(view);
  const MgLabel *former = mg_label_track_find(self->track, self->held.id);
  if (!former)
    return;
  double moved = seconds - self->grabbed, duration = mg_timeline_duration(mg_view_timeline(view));
  self->held = *former;
  if (self->taken == TAKEN_ALL) {
    moved = CLAMP(moved, -former->start, duration - former->end);
    self->held.start += moved;
    self->held.end += moved;
  } else if (self->taken == TAKEN_START)
    self->held.start = CLAMP(former->start + moved, 0, former->end);
  else
    self->held.end = CLAMP(former->end + moved, former->start, duration);
  self->moved = TRUE;
  redraw(self);
}

static void
commit(MgLabelView *self, const MgLabel *label)
{
  g_autoptr(GError) error = NULL;
  if (!mg_label_track_change(self->track, label, &error) && error)
    mg_window_toast(GTK_WIDGET(self), error->message);
}

static void
release(MgView *view)
{
  MgLabelView *self = MG_LABEL_VIEW(view);
  const MgLabel *label = mg_label_track_find(self->track, self->held.id);
  self->taken = TAKEN_NONE;
  if (!label || !self->moved)
    return;
  MgLabel changed = self->held;
  changed.text = label->text;
  g_autoptr(MgLabel) copy = mg_label_copy(&changed);
  commit(self, copy);
  choose(self, copy);
}

/* The text */

static void
take_text(GtkEntry *entry, MgLabelView *self)
{
  const MgLabel *label = self->track ? mg_label_track_find(self->track, self->chosen) : NULL;
  g_autofree char *text = g_strstrip(g_strdup(gtk_editable_get_text(GTK_EDITABLE(entry))));
  if (label && !g_str_equal(text, label->text)) {
    g_autoptr(MgLabel) copy = mg_label_copy(label);
    g_free(copy->text);
    copy->text = g_steal_pointer(&text);
    commit(self, copy);
  }
  gtk_popover_popdown(GTK_POPOVER(self->editor));
  gtk_widget_grab_focus(GTK_WIDGET(self));
}

static void
make_editor(MgLabelView *self)
{
  self->editor = gtk_popover_new();
  self->entry = gtk_entry_new();
  gtk_entry_set_placeholder_text(GTK_ENTRY(self->entry), _("Text of the label"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Text of the label"),
                                 -1);
  g_signal_connect(self->entry, "activate", G_CALLBACK(take_text), self);
  gtk_popover_set_child(GTK_POPOVER(self->editor), self->entry);
  gtk_popover_set_position(GTK_POPOVER(self->editor), GTK_POS_TOP);
  gtk_widget_set_parent(self->editor, GTK_WIDGET(self));
}

static gboolean
open_editor(gpointer data)
{
  MgLabelView *self = data;
  GtkWidget *widget = GTK_WIDGET(self);
  const MgLabel *label = self->track ? mg_label_track_find(self->track, self->chosen) : NULL;
  MgGeometry geometry;
  if (label && !gtk_widget_get_mapped(widget))
    return G_SOURCE_CONTINUE; /* a new pane has not been laid out yet */
  self->editing = 0;
  if (!label)
    return G_SOURCE_REMOVE;
  if (!self->editor)
    make_editor(self);
  mg_view_geometry(MG_VIEW(self), 0, 0, gtk_widget_get_width(widget), gtk_widget_get_height(widget), &geometry);
  int x = (int)CLAMP(mg_geometry_to_x(&geometry, label->start), geometry.x, geometry.x + geometry.width);
  GdkRectangle at = {x, (int)geometry.y, 1, (int)geometry.height};
  gtk_popover_set_pointing_to(GTK_POPOVER(self->editor), &at);
  gtk_editable_set_text(GTK_EDITABLE(self->entry), label->text);
  gtk_popover_popup(GTK_POPOVER(self->editor));
  gtk_widget_grab_focus(self->entry);
  return G_SOURCE_REMOVE;
}

void
mg_label_view_choose(MgLabelView *self, gint64 id)
{
  self->chosen = id;
  redraw(self);
}

void
mg_label_view_edit(MgLabelView *self, gint64 id)
{
  self->chosen = id;
  redraw(self);
  if (!self->editing)
    self->editing = g_timeout_add(60, open_editor, self);
}

static void
click(GtkGestureClick *gesture, int n, double x, double y, MgLabelView *self)
{
  if (n == 2 && self->chosen)
    mg_label_view_edit(self, self->chosen);
}

static gboolean
key(MgView *view, guint value, GdkModifierType modifiers)
{
  MgLabelView *self = MG_LABEL_VIEW(view);
  g_autoptr(GError) error = NULL;
  if (modifiers || !self->track || !mg_label_track_find(self->track, self->chosen))
    return FALSE;
  if (value == GDK_KEY_Return || value == GDK_KEY_KP_Enter)
    mg_label_view_edit(self, self->chosen);
  else if (value != GDK_KEY_Delete && value != GDK_KEY_KP_Delete)
    return FALSE;
  else if (!mg_label_track_remove(self->track, self->chosen, &error) && error)
    mg_window_toast(GTK_WIDGET(self), error->message);
  return TRUE;
}

void
mg_label_view_set(MgLabelView *self, MgLabelTrack *track)
{
  if (track == self->track)
    return;
  if (self->track)
    g_signal_handlers_disconnect_by_data(self->track, self);
  g_set_object(&self->track, track);
  self->chosen = 0;
  self->taken = TAKEN_NONE;
  if (track)
    g_signal_connect_object(track, "changed", G_CALLBACK(redraw), self, G_CONNECT_SWAPPED);
  redraw(self);
}

static void
size_allocate(GtkWidget *widget, int width, int height, int baseline)
{
  GTK_WIDGET_CLASS(mg_label_view_parent_class)->size_allocate(widget, width, height, baseline);
  if (MG_LABEL_VIEW(widget)->editor)
    gtk_popover_present(GTK_POPOVER(MG_LABEL_VIEW(widget)->editor));
}

static void
dispose(GObject *object)
{
  MgLabelView *self = MG_LABEL_VIEW(object);
  g_clear_handle_id(&self->editing, g_source_remove);
  g_clear_pointer(&self->editor, gtk_widget_unparent);
  g_clear_object(&self->track);
  G_OBJECT_CLASS(mg_label_view_parent_class)->dispose(object);
}

static void
mg_label_view_class_init(MgLabelViewClass *class)
{
  MgViewClass *view = MG_VIEW_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = dispose;
  GTK_WIDGET_CLASS(class)->size_allocate = size_allocate;
  view->draw = draw;
  view->limits = limits;
  view->status = status;
  view->describe = describe;
  view->summarise = summarise;
  view->read = read_place;
  view->press = press;
  view->drag = drag;
  view->release = release;
  view->key = key;
}

static void
mg_label_view_init(MgLabelView *self)
{
  GtkGesture *clicks = gtk_gesture_click_new();
  g_signal_connect(clicks, "pressed", G_CALLBACK(click), self);
  gtk_widget_add_controller(GTK_WIDGET(self), GTK_EVENT_CONTROLLER(clicks));
}
