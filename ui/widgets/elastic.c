#include "ui/widgets/elastic.h"

struct _MgElastic {
  AdwBin parent;
};

G_DEFINE_FINAL_TYPE(MgElastic, mg_elastic, ADW_TYPE_BIN)

GtkWidget *
mg_elastic_new(GtkWidget *child)
{
  return g_object_new(MG_TYPE_ELASTIC, "child", child, "overflow", GTK_OVERFLOW_HIDDEN, NULL);
}

static int
least_width(GtkWidget *child)
{
  int width;
  gtk_widget_measure(child, GTK_ORIENTATION_HORIZONTAL, -1, &width, NULL, NULL, NULL);
  return width;
}

static GtkSizeRequestMode
request_mode(GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline,
        int *natural_baseline)
{
  GtkWidget *child = adw_bin_get_child(ADW_BIN(widget));
  *minimum_baseline = *natural_baseline = -1;
  if (orientation == GTK_ORIENTATION_VERTICAL && for_size >= 0)
    for_size = MAX(for_size, least_width(child));
  gtk_widget_measure(child, orientation, for_size, minimum, natural, NULL, NULL);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *minimum = 0;
}

static void
size_allocate(GtkWidget *widget, int width, int height, int baseline)
{
  GtkWidget *child = adw_bin_get_child(ADW_BIN(widget));
  gtk_widget_allocate(child, MAX(width, least_width(child)), height, baseline, NULL);
}

static void
mg_elastic_class_init(MgElasticClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);
  widget->get_request_mode = request_mode;
  widget->measure = measure;
  widget->size_allocate = size_allocate;
}

static void
mg_elastic_init(MgElastic *elastic)
{
  gtk_widget_set_layout_manager(GTK_WIDGET(elastic), NULL); /* measures and allocates itself */
}
