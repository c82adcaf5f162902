#include "ui/widgets/wrap-box.h"

struct _MgWrapBox {
  GtkWidget parent_instance;
  int spacing;
};

G_DEFINE_FINAL_TYPE(MgWrapBox, mg_wrap_box, GTK_TYPE_WIDGET)

typedef struct {
  GtkWidget *first, *end; /* the children [first, end) */
  int width, height, n_expanding;
} Line;

static void
measure_child(GtkWidget *child, int most, int *width, int *height)
{
  int least, natural;
  gtk_widget_measure(child, GTK_ORIENTATION_HORIZONTAL, -1, &least, &natural, NULL, NULL);
  *width = MAX(least, MIN(natural, most));
  gtk_widget_measure(child, GTK_ORIENTATION_VERTICAL, *width, NULL, height, NULL, NULL);
}

/* The line that begins with `child`, within `most` pixels. */
static Line
take_line(MgWrapBox *box, GtkWidget *child, int most)
{
  Line line = {.first = child};
  gboolean any = FALSE;
  for (; child; child = gtk_widget_get_next_sibling(child)) {
    int width, height;
    if (!gtk_widget_should_layout(child))
      continue;
    measure_child(child, most, &width, &height);
    int longer = line.width + (any ? box->spacing : 0) + width;
    if (any && longer > most)
      break;
    any = TRUE;
    line.width = longer;
    line.height = MAX(line.height, height);
    line.n_expanding += gtk_widget_compute_expand(child, GTK_ORIENTATION_HORIZONTAL);
  }
  line.end = child;
  return line;
}

static int
height_for(MgWrapBox *box, int width)
{
  int height = 0;
  GtkWidget *child = gtk_widget_get_first_child(GTK_WIDGET(box));
  while (child) {
    Line line = take_line(box, child, width);
    height += line.height + (height > 0 && line.height > 0 ? box->spacing : 0);
    child = line.end;
  }
  return height;
}

static int
n_lines(MgWrapBox *box, int width)
{
  int n = 0;
  for (GtkWidget *child = gtk_widget_get_first_child(GTK_WIDGET(box)); child;) {
    Line line = take_line(box, child, width);
    n += line.height > 0;
    child = line.end;
  }
  return n;
}

static void
mg_wrap_box_measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                    int *minimum_baseline, int *natural_baseline)
{
  MgWrapBox *box = MG_WRAP_BOX(widget);
  *minimum = *natural = 0;
  if (orientation == GTK_ORIENTATION_VERTICAL) {
    *minimum = *natural = height_for(box, for_size < 0 ? G_MAXINT / 2 : for_size);
    return;
  }
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child; child = gtk_widget_get_next_sibling(child)) {
    int least, most;
    if (!gtk_widget_should_layout(child))
      continue;
    gtk_widget_measure(child, orientation, -1, &least, &most, NULL, NULL);
    *minimum = MAX(*minimum, least);
    *natural += most + (*natural > 0 ? box->spacing : 0);
  }
}

static void
place_line(MgWrapBox *box, const Line *line, int width, int y, int height)
{
  gboolean mirrored = gtk_widget_get_direction(GTK_WIDGET(box)) == GTK_TEXT_DIR_RTL;
  int x = 0, rest = MAX(0, width - line->width), expanding = line->n_expanding;
  for (GtkWidget *child = line->first; child != line->end; child = gtk_widget_get_next_sibling(child)) {
    int child_width, child_height;
    if (!gtk_widget_should_layout(child))
      continue;
    measure_child(child, width, &child_width, &child_height);
    if (expanding > 0 && gtk_widget_compute_expand(child, GTK_ORIENTATION_HORIZONTAL)) {
      int share = rest / expanding--;
      child_width += share;
      rest -= share;
    }
    GtkAllocation place = {mirrored ? width - x - child_width : x, y, child_width, height};
    gtk_widget_size_allocate(child, &place, -1);
    x += child_width + box->spacing;
  }
}

static void
mg_wrap_box_size_allocate(GtkWidget *widget, int width, int height, int baseline)
{
  MgWrapBox *box = MG_WRAP_BOX(widget);
  GtkWidget *child = gtk_widget_get_first_child(widget);
  gboolean expand = gtk_widget_compute_expand(widget, GTK_ORIENTATION_VERTICAL);
  int y = 0, n = n_lines(box, width), extra = expand && n > 0 ? MAX(0, height - height_for(box, width)) / n : 0;
  while (child) {
    Line line = take_line(box, child, width);
    place_line(box, &line, width, y, line.height + extra);
    y += line.height > 0 ? line.height + extra + box->spacing : 0;
    child = line.end;
  }
}

/* As its children do. */
static void
mg_wrap_box_compute_expand(GtkWidget *widget, gboolean *across, gboolean *down)
{
  *across = *down = FALSE;
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child; child = gtk_widget_get_next_sibling(child)) {
    *across = gtk_widget_compute_expand(child, GTK_ORIENTATION_HORIZONTAL) || *across;
    *down = gtk_widget_compute_expand(child, GTK_ORIENTATION_VERTICAL) || *down;
  }
}

static GtkSizeRequestMode
mg_wrap_box_get_request_mode(GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
mg_wrap_box_dispose(GObject *object)
{
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child(GTK_WIDGET(object))))
    gtk_widget_unparent(child);
  G_OBJECT_CLASS(mg_wrap_box_parent_class)->dispose(object);
}

static void
mg_wrap_box_class_init(MgWrapBoxClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
  G_OBJECT_CLASS(klass)->dispose = mg_wrap_box_dispose;
  widget_class->measure = mg_wrap_box_measure;
  widget_class->size_allocate = mg_wrap_box_size_allocate;
  widget_class->compute_expand = mg_wrap_box_compute_expand;
  widget_class->get_request_mode = mg_wrap_box_get_request_mode;
}

static void
mg_wrap_box_init(MgWrapBox *box)
{
}

GtkWidget *
mg_wrap_box_new(int spacing)
{
  MgWrapBox *box = g_object_new(MG_TYPE_WRAP_BOX, NULL);
  box->spacing = spacing;
  return GTK_WIDGET(box);
}

void
mg_wrap_box_append(MgWrapBox *box, GtkWidget *child)
{
  gtk_widget_insert_before(child, GTK_WIDGET(box), NULL);
}
