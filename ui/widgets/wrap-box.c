#include "ui/widgets/wrap-box.h"

struct _MgWrapBox {
  GtkWidget parent_instance;
  int spacing;
};

G_DEFINE_FINAL_TYPE(MgWrapBox, mg_wrap_box, GTK_TYPE_WIDGET)

enum { ENDLESS = G_MAXINT / 2 }; /* a width that nothing needs */

typedef struct {
  GtkWidget *first, *end; /* the children [first, end) */
  int width, height, n_expanding;
} Line;

static int
width_of(GtkWidget *child, int most)
{
  int least, natural;
  gtk_widget_measure(child, GTK_ORIENTATION_HORIZONTAL, -1, &least, &natural, NULL, NULL);
  return MAX(least, MIN(natural, most));
}

/* What a line has left for those of its children that expand. */
typedef struct {
  int rest, expanding;
} Room;

static Room
room_in(const Line *line, int width)
{
  return (Room){width < ENDLESS ? MAX(0, width - line->width) : 0, line->n_expanding};
}

/* The children of a line are asked in their order. */
static int
take_room(Room *room, GtkWidget *child, int most)
{
  int share = 0;
  if (room->expanding > 0 && gtk_widget_compute_expand(child, GTK_ORIENTATION_HORIZONTAL))
    share = room->rest / room->expanding--;
  room->rest -= share;
  return width_of(child, most) + share;
}

/* At the width that each child will have: a picture is as high as it is wide. */
static int
height_of(const Line *line, int most)
{
  Room room = room_in(line, most);
  int height = 0;
  for (GtkWidget *child = line->first; child != line->end; child = gtk_widget_get_next_sibling(child)) {
    int child_height;
    if (!gtk_widget_should_layout(child))
      continue;
    gtk_widget_measure(child, GTK_ORIENTATION_VERTICAL, take_room(&room, child, most), NULL, &child_height, NULL, NULL);
    height = MAX(height, child_height);
  }
  return height;
}

/* The line that begins with `child`, within `most` pixels. */
static Line
take_line(MgWrapBox *box, GtkWidget *child, int most)
{
  Line line = {.first = child};
  gboolean any = FALSE;
  for (; child; child = gtk_widget_get_next_sibling(child)) {
    if (!gtk_widget_should_layout(child))
      continue;
    int longer = line.width + (any ? box->spacing : 0) + width_of(child, most);
    if (any && longer > most)
      break;
    any = TRUE;
    line.width = longer;
    line.n_expanding += gtk_widget_compute_expand(child, GTK_ORIENTATION_HORIZONTAL);
  }
  line.end = child;
  line.height = height_of(&line, most);
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
    *minimum = *natural = height_for(box, for_size < 0 ? ENDLESS : for_size);
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
  Room room = room_in(line, width);
  int x = 0;
  for (GtkWidget *child = line->first; child != line->end; child = gtk_widget_get_next_sibling(child)) {
    if (!gtk_widget_should_layout(child))
      continue;
    int child_width = take_room(&room, child, width);
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
