#include "ui/train/learning-view.h"
#include "plot/confusion.h"
#include "plot/maps.h"
#include "plot/summary.h"
#include "ui/train/curve-view.h"
#include "ui/widgets/drawing.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/wrap-box.h"
#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define MOST_CLASSES 8 /* curves that can be told apart */

struct _MgLearningView {
  AdwBin parent_instance;
  MgRun *run;
  MgLearning *learning;
  MgCurveView *rate, *recall;
  GtkWidget *confusion, *filters, *maps; /* MgDrawing */
  GtkWidget *confusion_box, *filters_box, *maps_box;
  GtkWidget *confusion_title, *filters_title, *maps_title, *track, *part, *notice;
  gboolean filling;
};

G_DEFINE_FINAL_TYPE(MgLearningView, mg_learning_view, ADW_TYPE_BIN)

/* Curves. */

static double
steps_per_epoch(MgRun *run)
{
  const MgRunStatus *status = mg_run_status(run);
  return status->epochs > 0 ? (double)status->steps / status->epochs : 0;
}

static MgCurve
curve_of(MgRun *run, const char *split, const char *metric, const char *name, int hue)
{
  MgRunSeries series = mg_run_series(run, split, metric);
  return (MgCurve){.name = name, .x = series.step, .y = series.value, .n = series.n, .hue = hue, .marked_x = NAN};
}

static int
compare_recalls(gconstpointer a, gconstpointer b, gpointer run)
{
  double one = mg_run_last(run, "val", *(const char *const *)a),
         other = mg_run_last(run, "val", *(const char *const *)b);
  return (one > other) - (one < other);
}

/* The weakest classes, weakest first, where there are more than can be told apart. */
static void
show_curves(MgLearningView *view)
{
  MgRun *run = view->run;
  MgCurve rate = curve_of(run, "train", "learning_rate", _("learning rate"), 0), recalls[MOST_CLASSES];
  mg_curve_view_set(view->rate, &rate, 1, steps_per_epoch(run));
  g_auto(GStrv) names = mg_run_metrics(run, "val", "recall:");
  guint n = g_strv_length(names);
  if (n > MOST_CLASSES)
    g_qsort_with_data(names, (int)n, sizeof *names, compare_recalls, run);
  n = MIN(n, MOST_CLASSES);
  for (guint i = 0; i < n; i++)
    recalls[i] = curve_of(run, "val", names[i], names[i] + strlen("recall:"), (int)i);
  mg_curve_view_set(view->recall, recalls, n, steps_per_epoch(run));
}

/* Pictures. */

static void
draw_confusion(cairo_t *cr, double width, double height, const MgStyle *style, gboolean vector, gpointer data)
{
  const char *const *labels;
  int epoch;
  const guint *matrix = mg_learning_confusion(data, &labels, &epoch);
  if (matrix)
    mg_confusion_draw(cr, width, height, style, matrix, (int)g_strv_length((char **)labels), labels, -1);
}

static void
draw_filters(cairo_t *cr, double width, double height, const MgStyle *style, gboolean vector, gpointer data)
{
  const GPtrArray *filters = mg_learning_filters(data);
  if (filters)
    mg_maps_draw(cr, width, height, style, NULL, (MgMatrix *const *)filters->pdata, filters->len, NULL,
                 mg_colormap_find("viridis"));
}

static void
draw_maps(cairo_t *cr, double width, double height, const MgStyle *style, gboolean vector, gpointer data)
{
  const GPtrArray *maps = mg_learning_maps(data);
  if (maps)
    mg_maps_draw(cr, width, height, style, mg_learning_input(data), (MgMatrix *const *)maps->pdata, maps->len, NULL,
                 mg_colormap_find("magma"));
}

static void
show_picture(GtkWidget *box, GtkWidget *title, GtkWidget *drawing, gboolean any, const char *text, const char *figures)
{
  gtk_widget_set_visible(box, any);
  gtk_label_set_text(GTK_LABEL(title), text);
  mg_drawing_set_text(MG_DRAWING(drawing), text, figures);
  mg_drawing_changed(MG_DRAWING(drawing));
}

/* Only where they are others: the list must not close under the hand. */
static void
fill_tracks(MgLearningView *view)
{
  const char *const *tracks = mg_learning_tracks(view->learning);
  GListModel *model = gtk_drop_down_get_model(GTK_DROP_DOWN(view->track));
  guint n = model ? g_list_model_get_n_items(model) : 0;
  gboolean same = n == g_strv_length((char **)tracks);
  g_autoptr(GtkStringList) names = gtk_string_list_new(NULL);
  for (guint i = 0; tracks[i]; i++) {
    g_autofree char *name = g_filename_display_basename(tracks[i]);
    gtk_string_list_append(names, name);
    same = same && g_str_equal(gtk_string_list_get_string(GTK_STRING_LIST(model), i), name);
  }
  view->filling = TRUE;
  if (!same)
    gtk_drop_down_set_model(GTK_DROP_DOWN(view->track), G_LIST_MODEL(names));
  gtk_drop_down_set_selected(GTK_DROP_DOWN(view->track), mg_learning_track(view->learning));
  gtk_spin_button_set_range(GTK_SPIN_BUTTON(view->part), 1, MAX(mg_learning_n_parts(view->learning), 1));
  gtk_spin_button_set_value(GTK_SPIN_BUTTON(view->part), mg_learning_part(view->learning));
  view->filling = FALSE;
}

static void
show_pictures(MgLearningView *view)
{
  const char *const *labels;
  int epoch = 0;
  const GPtrArray *filters = mg_learning_filters(view->learning), *maps = mg_learning_maps(view->learning);
  const guint *matrix = mg_learning_confusion(view->learning, &labels, &epoch);
  guint n = filters ? filters->len : 0, n_maps = maps ? maps->len : 0;
  const char *layer = mg_learning_layer(view->learning);
  g_autofree char *confusion = g_strdup_printf(_("Validation segments after epoch %d"), epoch);
  g_autofree char *filters_text = g_strdup_printf(ngettext("%u filter of %s", "%u filters of %s", n), n, layer);
  g_autofree char *maps_text =
      g_strdup_printf(ngettext("Output of %s: %u map", "Output of %s: %u maps", n_maps), layer, n_maps);
  g_autofree char *answers = mg_confusion_summary(matrix, matrix ? (int)g_strv_length((char **)labels) : 0, labels);
  g_autofree char *weights = n > 0 ? mg_maps_summary((MgMatrix *const *)filters->pdata, n) : NULL;
  g_autofree char *outputs = n_maps > 0 ? mg_maps_summary((MgMatrix *const *)maps->pdata, n_maps) : NULL;
  show_picture(view->confusion_box, view->confusion_title, view->confusion, matrix != NULL, confusion, answers);
  show_picture(view->filters_box, view->filters_title, view->filters, n > 0, filters_text, weights);
  show_picture(view->maps_box, view->maps_title, view->maps, n_maps > 0, maps_text, outputs);
  mg_notice_set(view->notice, MG_NOTICE_WARNING, mg_learning_message(view->learning));
  fill_tracks(view);
}

static void
on_choice(MgLearningView *view)
{
  guint track = gtk_drop_down_get_selected(GTK_DROP_DOWN(view->track));
  if (!view->filling && track != GTK_INVALID_LIST_POSITION)
    mg_learning_choose(view->learning, track, gtk_spin_button_get_value_as_int(GTK_SPIN_BUTTON(view->part)));
}

static void
on_track(MgLearningView *view)
{
  gboolean filling = view->filling;
  view->filling = TRUE; /* another track begins at its first part */
  if (!filling)
    gtk_spin_button_set_value(GTK_SPIN_BUTTON(view->part), 1);
  view->filling = filling;
  on_choice(view);
}

/* Following. */

static void
follow(MgLearningView *view)
{
  gboolean seen = gtk_widget_get_mapped(GTK_WIDGET(view));
  gboolean network = view->run && !mg_run_is_table(view->run) && !mg_run_is_search(view->run);
  mg_learning_follow(view->learning, seen && network ? view->run : NULL);
  if (seen && view->run)
    show_curves(view);
}

void
mg_learning_view_show(MgLearningView *view, MgRun *run)
{
  g_set_object(&view->run, run);
  follow(view);
}

static void
mg_learning_view_map(GtkWidget *widget)
{
  GTK_WIDGET_CLASS(mg_learning_view_parent_class)->map(widget);
  follow(MG_LEARNING_VIEW(widget));
}

static void
mg_learning_view_dispose(GObject *object)
{
  MgLearningView *view = MG_LEARNING_VIEW(object);
  if (view->learning)
    g_signal_handlers_disconnect_by_data(view->learning, view);
  g_clear_object(&view->learning);
  g_clear_object(&view->run);
  G_OBJECT_CLASS(mg_learning_view_parent_class)->dispose(object);
}

static void
mg_learning_view_class_init(MgLearningViewClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = mg_learning_view_dispose;
  GTK_WIDGET_CLASS(klass)->map = mg_learning_view_map;
}

static void
mg_learning_view_init(MgLearningView *view)
{
}

/* Building. */

static GtkWidget *
new_picture(MgLearningView *view, const char *file_name, MgDrawingFunc draw, double aspect, GtkWidget **drawing,
            GtkWidget **title)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  *title = mg_figure_label_new(0);
  *drawing = mg_drawing_new(file_name, 240, 200);
  gtk_label_set_ellipsize(GTK_LABEL(*title), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class(*title, "heading");
  mg_drawing_set_funcs(MG_DRAWING(*drawing), draw, NULL, view->learning);
  mg_drawing_set_aspect(MG_DRAWING(*drawing), aspect);
  gtk_widget_set_hexpand(box, TRUE);
  gtk_box_append(GTK_BOX(box), *title);
  gtk_box_append(GTK_BOX(box), *drawing);
  return box;
}

static GtkWidget *
new_choice(MgLearningView *view)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  view->track = gtk_drop_down_new(NULL, NULL);
  view->part = gtk_spin_button_new_with_range(1, 1, 1);
  gtk_widget_set_tooltip_text(view->track, _("Validation track that is shown"));
  gtk_widget_set_tooltip_text(view->part, _("Its segment"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(view->track), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 _("Validation track that is shown"), -1);
  gtk_accessible_update_property(GTK_ACCESSIBLE(view->part), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Its segment"), -1);
  gtk_widget_set_hexpand(view->track, TRUE);
  gtk_box_append(GTK_BOX(box), view->track);
  gtk_box_append(GTK_BOX(box), view->part);
  g_signal_connect_swapped(view->track, "notify::selected", G_CALLBACK(on_track), view);
  g_signal_connect_swapped(view->part, "value-changed", G_CALLBACK(on_choice), view);
  return box;
}

static GtkWidget *
new_pair(GtkWidget *one, GtkWidget *other)
{
  GtkWidget *box = mg_wrap_box_new(12);
  mg_wrap_box_append(MG_WRAP_BOX(box), one);
  mg_wrap_box_append(MG_WRAP_BOX(box), other);
  return box;
}

GtkWidget *
mg_learning_view_new(void)
{
  MgLearningView *view = g_object_new(MG_TYPE_LEARNING_VIEW, NULL);
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
  view->learning = mg_learning_new();
  view->notice = mg_notice_new();
  view->rate = mg_curve_view_new(_("Learning rate"), "learning-rate", _("The learning rate by step will appear here"));
  view->recall = mg_curve_view_new(_("Recall by class"), "recall", _("The recall of the classes will appear here"));
  mg_curve_view_link(view->recall, view->rate); /* the classes are named in the first one */
  view->confusion_box = new_picture(view, "confusion", draw_confusion, 0.75, &view->confusion, &view->confusion_title);
  view->filters_box = new_picture(view, "filters", draw_filters, 0.6, &view->filters, &view->filters_title);
  view->maps_box = new_picture(view, "feature-maps", draw_maps, 0.75, &view->maps, &view->maps_title);
  gtk_box_append(GTK_BOX(view->maps_box), new_choice(view));
  gtk_box_append(GTK_BOX(box), new_pair(mg_curve_view_widget(view->recall), mg_curve_view_widget(view->rate)));
  gtk_box_append(GTK_BOX(box), view->notice);
  gtk_box_append(GTK_BOX(box), new_pair(view->confusion_box, view->filters_box));
  gtk_box_append(GTK_BOX(box), view->maps_box);
  adw_bin_set_child(ADW_BIN(view), box);
  g_signal_connect_swapped(view->learning, "changed", G_CALLBACK(show_pictures), view);
  show_pictures(view);
  return GTK_WIDGET(view);
}
