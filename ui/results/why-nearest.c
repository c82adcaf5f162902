#include "ui/results/why-private.h"
#include "ui/widgets/format.h"
#include <glib/gi18n.h>

static void
empty_list(MgWhyPane *pane)
{
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child(pane->nearest.list)))
    gtk_box_remove(GTK_BOX(pane->nearest.list), child);
}

static void
set_working(MgWhyPane *pane, gboolean working)
{
  mg_work_row_set(pane->nearest.working, working, 0, -1);
}

typedef struct {
  char *track;
  double start, end;
} Stretch;

static void
stretch_free(gpointer data, GClosure *closure)
{
  g_free(((Stretch *)data)->track);
  g_free(data);
}

static void
on_play(GtkButton *button, gpointer data)
{
  const Stretch *stretch = data;
  MgWhyPane *pane = MG_WHY_PANE(gtk_widget_get_ancestor(GTK_WIDGET(button), MG_TYPE_WHY_PANE));
  mg_why_sound(pane, stretch->track, stretch->start, stretch->end);
}

static void
add_near(MgWhyPane *pane, const MgExplainNear *near)
{
  GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6), *name = gtk_label_new(near->songname);
  g_autofree char *tip = g_strdup_printf(_("Hear %s"), near->songname);
  g_autofree char *distance = g_strdup_printf("%.3g", near->distance);
  GtkWidget *play = mg_button_new("media-playback-start-symbolic", NULL, tip), *figure = mg_figure_label_new(1);
  Stretch *stretch = g_new(Stretch, 1);
  *stretch = (Stretch){g_strdup(near->track), near->start, near->end};
  g_signal_connect_data(play, "clicked", G_CALLBACK(on_play), stretch, stretch_free, 0);
  gtk_widget_add_css_class(play, "flat");
  gtk_label_set_xalign(GTK_LABEL(name), 0);
  gtk_label_set_ellipsize(GTK_LABEL(name), PANGO_ELLIPSIZE_MIDDLE);
  gtk_widget_set_hexpand(name, TRUE);
  gtk_widget_set_tooltip_text(name, near->songname);
  gtk_label_set_text(GTK_LABEL(figure), distance);
  gtk_widget_set_tooltip_text(figure, _("Distance of the vectors before the logits"));
  gtk_widget_add_css_class(figure, "dim-label");
  gtk_box_append(GTK_BOX(row), play);
  gtk_box_append(GTK_BOX(row), name);
  gtk_box_append(GTK_BOX(row), figure);
  gtk_box_append(GTK_BOX(pane->nearest.list), row);
}

static void
add_class(MgWhyPane *pane, const GPtrArray *nearest)
{
  const char *genre = nearest->len ? ((MgExplainNear *)nearest->pdata[0])->genre : NULL;
  g_autofree char *title = genre ? g_strdup_printf(_("Of %s"), genre) : g_strdup(_("There is none."));
  GtkWidget *label = gtk_label_new(title);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_widget_add_css_class(label, "caption-heading");
  gtk_box_append(GTK_BOX(pane->nearest.list), label);
  for (guint i = 0; i < nearest->len; i++)
    add_near(pane, nearest->pdata[i]);
}

static void
on_progress(double fraction, MgMatrix *map, gpointer data)
{
  mg_work_row_set(((MgWhyPane *)data)->nearest.working, TRUE, fraction, -1);
}

static void
on_nearest(GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(MgWhyPane) pane = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) nearest = mg_explainer_nearest_finish(MG_EXPLAINER(source), result, &error);
  if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  set_working(pane, --pane->nearest.waiting > 0);
  if (nearest)
    add_class(pane, nearest);
  else
    mg_notice_set(pane->nearest.problem, MG_NOTICE_ERROR, error->message);
}

/* Of the predicted class, and of the true one where that is another. */
void
mg_why_nearest_show(MgWhyPane *pane)
{
  MgExplainRequest request;
  gboolean any = mg_why_request(pane, &request);
  gtk_widget_set_visible(pane->nearest.expander, any);
  GCancellable *cancellable = mg_why_restart(&pane->nearest.cancellable);
  empty_list(pane);
  set_working(pane, FALSE);
  mg_notice_set(pane->nearest.problem, MG_NOTICE_ERROR, NULL);
  pane->nearest.waiting = 0;
  if (!any || !gtk_expander_get_expanded(GTK_EXPANDER(pane->nearest.expander)))
    return;
  const MgPrediction *prediction = mg_result_row_prediction(pane->row);
  const int labels[] = {prediction->y_pred, prediction->y_test};
  set_working(pane, TRUE);
  for (size_t i = 0; i < G_N_ELEMENTS(labels); i++) {
    if (labels[i] < 0 || (i > 0 && labels[i] == labels[0]))
      continue;
    request.label = labels[i];
    pane->nearest.waiting++;
    mg_explainer_nearest_async(pane->explainer, &request, on_progress, cancellable, on_nearest, g_object_ref(pane));
  }
}

void
mg_why_nearest_forget(MgWhyPane *pane)
{
  if (pane->nearest.cancellable)
    g_cancellable_cancel(pane->nearest.cancellable);
  g_clear_object(&pane->nearest.cancellable);
}

static void
stop(MgWhyPane *pane)
{
  g_cancellable_cancel(pane->nearest.cancellable);
  set_working(pane, FALSE);
}

GtkWidget *
mg_why_nearest_new(MgWhyPane *pane)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  pane->nearest.list = gtk_box_new(GTK_ORIENTATION_VERTICAL, 3);
  pane->nearest.working = mg_why_working(_("Nearest training segments"), G_CALLBACK(stop), pane);
  pane->nearest.problem = mg_notice_new();
  gtk_box_append(GTK_BOX(box), GTK_WIDGET(pane->nearest.working));
  gtk_box_append(GTK_BOX(box), pane->nearest.problem);
  gtk_box_append(GTK_BOX(box), pane->nearest.list);
  pane->nearest.expander = mg_why_expander(_("Nearest training segments"), box);
  g_signal_connect_swapped(pane->nearest.expander, "notify::expanded", G_CALLBACK(mg_why_nearest_show), pane);
  return pane->nearest.expander;
}
