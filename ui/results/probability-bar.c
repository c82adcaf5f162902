#include "ui/results/probability-bar.h"
#include "ui/widgets/notice.h"
#include <math.h>

struct _MgProbabilityBar {
  GtkWidget parent_instance;
  GtkWidget *label;
  double value;
  gboolean strong;
};

G_DEFINE_FINAL_TYPE(MgProbabilityBar, mg_probability_bar, GTK_TYPE_WIDGET)

static const int bar_height = 6, gap = 8, least_width = 36, natural_width = 72;

static void
mg_probability_bar_measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                           int *minimum_baseline, int *natural_baseline)
{
  int label_minimum, label_natural;
  gtk_widget_measure(MG_PROBABILITY_BAR(widget)->label, orientation, -1, &label_minimum, &label_natural, NULL, NULL);
  gboolean across = orientation == GTK_ORIENTATION_HORIZONTAL;
  *minimum = label_minimum + (across ? least_width + gap : 0);
  *natural = label_natural + (across ? natural_width + gap : 0);
}

static void
mg_probability_bar_size_allocate(GtkWidget *widget, int width, int height, int baseline)
{
  GtkWidget *label = MG_PROBABILITY_BAR(widget)->label;
  int label_width;
  gtk_widget_measure(label, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &label_width, NULL, NULL);
  GtkAllocation place = {width - label_width, 0, label_width, height};
  gtk_widget_size_allocate(label, &place, baseline);
}

static void
mg_probability_bar_snapshot(GtkWidget *widget, GtkSnapshot *snapshot)
{
  MgProbabilityBar *bar = MG_PROBABILITY_BAR(widget);
  GtkStyleContext *context = gtk_widget_get_style_context(widget);
  int width = gtk_widget_get_width(widget) - gtk_widget_get_width(bar->label) - gap;
  int y = (gtk_widget_get_height(widget) - bar_height) / 2;
  GdkRGBA colour, ground;
  gtk_style_context_get_color(context, &ground);
  colour = ground;
  if (bar->strong)
    gtk_style_context_lookup_color(context, "accent_color", &colour);
  else
    colour.alpha *= 0.45f;
  ground.alpha *= 0.12f;
  if (bar->value >= 0 && width > 0) {
    gtk_snapshot_append_color(snapshot, &ground, &GRAPHENE_RECT_INIT(0, y, width, bar_height));
    gtk_snapshot_append_color(snapshot, &colour,
                              &GRAPHENE_RECT_INIT(0, y, (float)(width * CLAMP(bar->value, 0, 1)), bar_height));
  }
  gtk_widget_snapshot_child(widget, bar->label, snapshot);
}

void
mg_probability_bar_set(MgProbabilityBar *bar, double value, gboolean strong)
{
  g_autofree char *text = value >= 0 ? g_strdup_printf("%.2f", value) : g_strdup("–");
  bar->value = value;
  bar->strong = strong;
  gtk_label_set_text(GTK_LABEL(bar->label), text);
  if (strong)
    gtk_widget_remove_css_class(bar->label, "dim-label");
  else
    gtk_widget_add_css_class(bar->label, "dim-label");
  gtk_widget_queue_draw(GTK_WIDGET(bar));
}

static void
mg_probability_bar_dispose(GObject *object)
{
  g_clear_pointer(&MG_PROBABILITY_BAR(object)->label, gtk_widget_unparent);
  G_OBJECT_CLASS(mg_probability_bar_parent_class)->dispose(object);
}

static void
mg_probability_bar_class_init(MgProbabilityBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
  G_OBJECT_CLASS(klass)->dispose = mg_probability_bar_dispose;
  widget_class->measure = mg_probability_bar_measure;
  widget_class->size_allocate = mg_probability_bar_size_allocate;
  widget_class->snapshot = mg_probability_bar_snapshot;
}

static void
mg_probability_bar_init(MgProbabilityBar *bar)
{
  bar->label = mg_figure_label_new(1);
  gtk_widget_set_parent(bar->label, GTK_WIDGET(bar));
}

GtkWidget *
mg_probability_bar_new(void)
{
  return g_object_new(MG_TYPE_PROBABILITY_BAR, NULL);
}
