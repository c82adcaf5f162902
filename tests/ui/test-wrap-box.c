/* Children beside each other where there is room, else below each other, each as high as its width asks for. */
#include "support.h"
#include "ui/widgets/drawing.h"
#include "ui/widgets/wrap-box.h"
#include <gtk/gtk.h>

enum { LEAST = 240, SPACING = 12 };

static const double aspect = 0.75;

/* Two pictures that take what room there is. */
static GtkWidget *
new_pair(void)
{
  GtkWidget *box = mg_wrap_box_new(SPACING);
  for (int i = 0; i < 2; i++) {
    GtkWidget *picture = mg_drawing_new("picture", LEAST, 100);
    mg_drawing_set_aspect(MG_DRAWING(picture), aspect);
    gtk_widget_set_hexpand(picture, TRUE);
    mg_wrap_box_append(MG_WRAP_BOX(box), picture);
  }
  return g_object_ref_sink(box);
}

static int
height_at(GtkWidget *box, int width)
{
  int height;
  gtk_widget_measure(box, GTK_ORIENTATION_VERTICAL, width, NULL, &height, NULL, NULL);
  return height;
}

static void
test_height(void)
{
  g_autoptr(GtkWidget) box = new_pair();
  g_assert_cmpint(height_at(box, 1000 + SPACING), ==, (int)(500 * aspect));
  g_assert_cmpint(height_at(box, 300), ==, 2 * (int)(300 * aspect) + SPACING);
  g_assert_cmpint(height_at(box, -1), ==, (int)(LEAST * aspect));
}

/* What is asked for is what they get. */
static void
test_place(void)
{
  g_autoptr(GtkWidget) box = new_pair();
  int width = 1000 + SPACING, height = height_at(box, width);
  gtk_widget_size_allocate(box, &(GtkAllocation){0, 0, width, height}, -1);
  for (GtkWidget *child = gtk_widget_get_first_child(box); child; child = gtk_widget_get_next_sibling(child)) {
    g_assert_cmpint(gtk_widget_get_width(child), ==, 500);
    g_assert_cmpint(gtk_widget_get_height(child), ==, (int)(500 * aspect));
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  gtk_init();
  g_test_add_func("/wrap-box/height", test_height);
  g_test_add_func("/wrap-box/place", test_place);
  return g_test_run();
}
