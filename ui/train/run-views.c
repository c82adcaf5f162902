#include "ui/train/run-views.h"
#include "ui/train/compare-view.h"
#include "ui/train/curve-view.h"
#include "ui/train/learning-view.h"
#include "ui/train/search-view.h"
#include "ui/train/train-figures.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/stack.h"
#include "ui/widgets/wrap-box.h"
#include <glib/gi18n.h>

struct _MgRunViews {
  AdwBin parent_instance;
  GtkWidget *views;              /* switcher and stack; hidden while a search is selected */
  GtkStack *stack;               /* "curves", "learning" or "compare" */
  GtkWidget *curves, *no_curves; /* of networks; what to know of a classifier on rows, which has none */
  MgCurveView *loss, *accuracy;
  MgLearningView *learning;
  MgCompareView *compare;
  MgSearchView *search;
};

G_DEFINE_FINAL_TYPE(MgRunViews, mg_run_views, ADW_TYPE_BIN)

static guint open_signal;

void
mg_run_views_show(MgRunViews *views, MgRunTable *table)
{
  MgRun *run = mg_run_table_selected(table);
  gboolean search = run && mg_run_is_search(run);
  gtk_widget_set_visible(views->views, !search);
  gtk_widget_set_visible(GTK_WIDGET(views->search), search);
  gtk_widget_set_visible(views->curves, !run || !mg_run_is_table(run));
  gtk_widget_set_visible(views->no_curves, run && mg_run_is_table(run));
  mg_search_view_show(views->search, search ? run : NULL);
  mg_train_show_curves(views->loss, table, "loss");
  mg_train_show_curves(views->accuracy, table, "accuracy");
  mg_learning_view_show(views->learning, run);
  mg_compare_view_refresh(views->compare);
}

static void
on_log_toggled(GtkCheckButton *button, MgRunViews *views)
{
  mg_curve_view_set_log(views->loss, gtk_check_button_get_active(button));
}

static void
on_smoothing(GtkRange *range, MgRunViews *views)
{
  mg_curve_view_set_smoothing(views->loss, gtk_range_get_value(range));
}

static GtkWidget *
new_plot_controls(MgRunViews *views)
{
  GtkWidget *box = mg_wrap_box_new(6);
  GtkWidget *scale = gtk_scale_new_with_range(GTK_ORIENTATION_HORIZONTAL, 0, 0.98, 0.02);
  GtkWidget *log = gtk_check_button_new_with_label(_("Log loss")), *label = gtk_label_new(_("Smoothing"));
  gtk_widget_set_size_request(scale, 120, -1);
  gtk_range_set_value(GTK_RANGE(scale), 0.8);
  gtk_accessible_update_property(GTK_ACCESSIBLE(scale), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Smoothing"), -1);
  gtk_widget_set_tooltip_text(scale,
                              _("Moving average over the training loss of each step; the measured line stays faint"));
  gtk_widget_set_tooltip_text(log, _("Logarithmic loss axis"));
  gtk_widget_add_css_class(label, "dim-label");
  g_signal_connect(scale, "value-changed", G_CALLBACK(on_smoothing), views);
  g_signal_connect(log, "toggled", G_CALLBACK(on_log_toggled), views);
  GtkWidget *smoothing = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_box_append(GTK_BOX(smoothing), label);
  gtk_box_append(GTK_BOX(smoothing), scale);
  gtk_widget_set_halign(smoothing, GTK_ALIGN_END);
  gtk_widget_set_hexpand(smoothing, TRUE);
  mg_wrap_box_append(MG_WRAP_BOX(box), log);
  mg_wrap_box_append(MG_WRAP_BOX(box), smoothing);
  return box;
}

static GtkWidget *
new_curves(MgRunViews *views)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12), *plots = mg_wrap_box_new(12);
  views->loss = mg_curve_view_new(_("Loss"), "loss", _("Loss by step will appear here"));
  views->accuracy = mg_curve_view_new(_("Accuracy"), "accuracy", _("Accuracy by epoch will appear here"));
  mg_curve_view_set_smoothing(views->loss, 0.8);
  mg_curve_view_link(views->loss, views->accuracy);
  mg_wrap_box_append(MG_WRAP_BOX(plots), mg_curve_view_widget(views->loss));
  mg_wrap_box_append(MG_WRAP_BOX(plots), mg_curve_view_widget(views->accuracy));
  views->curves = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
  views->no_curves = mg_notice_new();
  mg_notice_set(views->no_curves, MG_NOTICE_INFO,
                _("A classifier on rows leaves no curves: its figures are above and in the table, its answers on the "
                  "Results page."));
  gtk_box_append(GTK_BOX(views->curves), new_plot_controls(views));
  gtk_box_append(GTK_BOX(views->curves), plots);
  gtk_box_append(GTK_BOX(box), views->no_curves);
  gtk_box_append(GTK_BOX(box), views->curves);
  return box;
}

static void
on_open(GtkWidget *view, const char *folder, MgRunViews *views)
{
  g_signal_emit(views, open_signal, 0, folder);
}

static void
mg_run_views_class_init(MgRunViewsClass *klass)
{
  open_signal = g_signal_new("open", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                             G_TYPE_STRING);
}

static void
mg_run_views_init(MgRunViews *views)
{
}

GtkWidget *
mg_run_views_new(MgRunList *list)
{
  MgRunViews *views = g_object_new(MG_TYPE_RUN_VIEWS, NULL);
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0), *switcher = gtk_stack_switcher_new();
  views->stack = GTK_STACK(mg_stack_new());
  views->views = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
  views->learning = MG_LEARNING_VIEW(mg_learning_view_new());
  views->compare = MG_COMPARE_VIEW(mg_compare_view_new(list));
  views->search = MG_SEARCH_VIEW(mg_search_view_new());
  gtk_stack_set_vhomogeneous(views->stack, FALSE);
  gtk_stack_add_titled(views->stack, new_curves(views), "curves", _("Curves"));
  gtk_stack_add_titled(views->stack, GTK_WIDGET(views->learning), "learning", _("What it learns"));
  gtk_stack_add_titled(views->stack, GTK_WIDGET(views->compare), "compare", _("Compare"));
  gtk_stack_switcher_set_stack(GTK_STACK_SWITCHER(switcher), views->stack);
  gtk_widget_set_halign(switcher, GTK_ALIGN_START);
  gtk_box_append(GTK_BOX(views->views), switcher);
  gtk_box_append(GTK_BOX(views->views), GTK_WIDGET(views->stack));
  gtk_box_append(GTK_BOX(box), views->views);
  gtk_box_append(GTK_BOX(box), GTK_WIDGET(views->search));
  adw_bin_set_child(ADW_BIN(views), box);
  g_signal_connect_object(views->search, "open", G_CALLBACK(on_open), views, 0);
  g_signal_connect_object(views->compare, "open", G_CALLBACK(on_open), views, 0);
  return GTK_WIDGET(views);
}
