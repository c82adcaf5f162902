/* The titles of a table. */
#include "ui/widgets/table-private.h"

struct _MgTableHeader {
  GtkWidget parent;
  MgTableLayout *layout;
  GPtrArray *titles; /* GtkButton, one a column */
  int width;         /* of a row */
  double offset;     /* of it, out of sight */
  guint sorted;      /* the column; G_MAXUINT: none */
  gboolean descending;
  guint dragged; /* the column whose edge is dragged */
  int width_before;
};

G_DEFINE_FINAL_TYPE(MgTableHeader, mg_table_header, GTK_TYPE_WIDGET)

enum { EDGE = 5, LEAST_WIDTH = 32 };

/* Sorting */

static GtkWidget *
arrow_of(GtkWidget *button)
{
  return gtk_widget_get_last_child(gtk_button_get_child(GTK_BUTTON(button)));
}

static void
show_order(MgTableHeader *header)
{
  for (guint i = 0; i < header->titles->len; i++) {
    GtkWidget *arrow = arrow_of(header->titles->pdata[i]);
    gboolean sorted = i == header->sorted;
    gtk_widget_set_visible(arrow, sorted);
    gtk_image_set_from_icon_name(GTK_IMAGE(arrow), header->descending ? "pan-down-symbolic" : "pan-up-symbolic");
    gtk_accessible_update_property(header->titles->pdata[i], GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   mg_table_layout_column(header->layout, i)->title, -1);
  }
}

static void
on_clicked(GtkButton *button, MgTableHeader *header)
{
  guint column;
  if (!g_ptr_array_find(header->titles, button, &column) || !mg_table_layout_column(header->layout, column)->told.sorts)
    return;
  header->descending = header->sorted == column && !header->descending;
  header->sorted = column;
  show_order(header);
  g_signal_emit_by_name(header, "sorted");
}

gboolean
mg_table_header_sorted(MgTableHeader *header, guint *column, gboolean *descending)
{
  if (header->sorted >= header->layout->columns->len)
    return FALSE;
  *column = mg_table_layout_column(header->layout, header->sorted)->told.id;
  *descending = header->descending;
  return TRUE;
}

/* Edges */

static double
place_in_row(MgTableHeader *header, double x)
{
  gboolean mirrored = gtk_widget_get_direction(GTK_WIDGET(header)) == GTK_TEXT_DIR_RTL;
  return mirrored ? header->width - (x + header->offset) : x + header->offset;
}

/* The column whose end is at x; G_MAXUINT: none. */
static guint
edge_at(MgTableHeader *header, double x)
{
  double at = place_in_row(header, x);
  for (guint i = 0; i < header->layout->columns->len; i++) {
    const MgColumnPlace *column = mg_table_layout_column(header->layout, i);
    if (ABS(at - column->x - column->width) <= EDGE)
      return i;
  }
  return G_MAXUINT;
}

static void
on_drag_begin(GtkGestureDrag *gesture, double x, double y, MgTableHeader *header)
{
  header->dragged = edge_at(header, x);
  if (header->dragged == G_MAXUINT) {
    gtk_gesture_set_state(GTK_GESTURE(gesture), GTK_EVENT_SEQUENCE_DENIED);
    return;
  }
  gtk_gesture_set_state(GTK_GESTURE(gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  header->width_before = mg_table_layout_column(header->layout, header->dragged)->width;
}

static void
on_drag_update(GtkGestureDrag *gesture, double dx, double dy, MgTableHeader *header)
{
  gboolean mirrored = gtk_widget_get_direction(GTK_WIDGET(header)) == GTK_TEXT_DIR_RTL;
  if (header->dragged >= header->layout->columns->len)
    return;
  MgTableColumn *column = &mg_table_layout_column(header->layout, header->dragged)->told;
  column->width = MAX(LEAST_WIDTH, header->width_before + (int)(mirrored ? -dx : dx));
  column->expands = FALSE; /* the hand has said how wide it is */
  header->layout->laid_for = -1;
  gtk_widget_queue_allocate(GTK_WIDGET(header));
  g_signal_emit_by_name(header, "resized");
}

static void
on_motion(GtkEventControllerMotion *motion, double x, double y, MgTableHeader *header)
{
  gtk_widget_set_cursor_from_name(GTK_WIDGET(header), edge_at(header, x) != G_MAXUINT ? "col-resize" : NULL);
}

/* Building */

static GtkWidget *
new_title(MgTableHeader *header, const MgTableColumn *column)
{
  GtkWidget *button = gtk_button_new(), *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 3);
  GtkWidget *label = gtk_label_new(column->title), *arrow = gtk_image_new();
  gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign(GTK_LABEL(label), column->xalign);
  gtk_widget_set_hexpand(label, TRUE);
  gtk_box_append(GTK_BOX(box), label);
  gtk_box_append(GTK_BOX(box), arrow);
  gtk_button_set_child(GTK_BUTTON(button), box);
  gtk_widget_set_tooltip_text(button, column->title);
  g_signal_connect(button, "clicked", G_CALLBACK(on_clicked), header);
  gtk_widget_set_parent(button, GTK_WIDGET(header));
  return button;
}

static void
drop_titles(MgTableHeader *header)
{
  for (guint i = 0; i < header->titles->len; i++)
    gtk_widget_unparent(header->titles->pdata[i]);
  g_ptr_array_set_size(header->titles, 0);
}

void
mg_table_header_make(MgTableHeader *header)
{
  drop_titles(header);
  for (guint i = 0; i < header->layout->columns->len; i++)
    g_ptr_array_add(header->titles, new_title(header, &mg_table_layout_column(header->layout, i)->told));
  header->sorted = G_MAXUINT;
  show_order(header);
}

void
mg_table_header_follow(MgTableHeader *header, int width, double offset)
{
  header->width = width;
  header->offset = offset;
  gtk_widget_queue_allocate(GTK_WIDGET(header));
}

/* Class */

static void
measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline,
        int *natural_baseline)
{
  MgTableHeader *header = MG_TABLE_HEADER(widget);
  *minimum = *natural = 0;
  for (guint i = 0; orientation == GTK_ORIENTATION_VERTICAL && i < header->titles->len; i++) {
    int height;
    gtk_widget_measure(header->titles->pdata[i], orientation, -1, &height, NULL, NULL, NULL);
    *minimum = *natural = MAX(*minimum, height);
  }
}

static void
allocate(GtkWidget *widget, int width, int height, int baseline)
{
  MgTableHeader *header = MG_TABLE_HEADER(widget);
  int across = MAX(width, header->width);
  gboolean mirrored = gtk_widget_get_direction(widget) == GTK_TEXT_DIR_RTL;
  mg_table_layout_place(header->layout, across);
  for (guint i = 0; i < header->titles->len; i++) {
    const MgColumnPlace *column = mg_table_layout_column(header->layout, i);
    int least, x = mirrored ? across - column->x - column->width : column->x;
    gtk_widget_measure(header->titles->pdata[i], GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
    GtkAllocation place = {x - (int)header->offset, 0, MAX(column->width, least), height};
    gtk_widget_size_allocate(header->titles->pdata[i], &place, -1);
  }
}

static void
dispose(GObject *object)
{
  drop_titles(MG_TABLE_HEADER(object));
  G_OBJECT_CLASS(mg_table_header_parent_class)->dispose(object);
}

static void
finalize(GObject *object)
{
  g_ptr_array_unref(MG_TABLE_HEADER(object)->titles);
  G_OBJECT_CLASS(mg_table_header_parent_class)->finalize(object);
}

static void
mg_table_header_class_init(MgTableHeaderClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = dispose;
  G_OBJECT_CLASS(class)->finalize = finalize;
  widget->measure = measure;
  widget->size_allocate = allocate;
  g_signal_new("sorted", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  g_signal_new("resized", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_css_name(widget, "header");
}

static void
mg_table_header_init(MgTableHeader *header)
{
  GtkGesture *drag = gtk_gesture_drag_new();
  GtkEventController *motion = gtk_event_controller_motion_new();
  header->titles = g_ptr_array_new();
  header->sorted = header->dragged = G_MAXUINT;
  gtk_widget_set_overflow(GTK_WIDGET(header), GTK_OVERFLOW_HIDDEN);
  gtk_event_controller_set_propagation_phase(GTK_EVENT_CONTROLLER(drag), GTK_PHASE_CAPTURE);
  g_signal_connect(drag, "drag-begin", G_CALLBACK(on_drag_begin), header);
  g_signal_connect(drag, "drag-update", G_CALLBACK(on_drag_update), header);
  g_signal_connect(motion, "motion", G_CALLBACK(on_motion), header);
  gtk_widget_add_controller(GTK_WIDGET(header), GTK_EVENT_CONTROLLER(drag));
  gtk_widget_add_controller(GTK_WIDGET(header), motion);
}

GtkWidget *
mg_table_header_new(MgTableLayout *layout)
{
  MgTableHeader *header = g_object_new(MG_TYPE_TABLE_HEADER, NULL);
  header->layout = layout;
  return GTK_WIDGET(header);
}
