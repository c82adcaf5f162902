#include "ui/train/importances-view.h"
#include "plot/summary.h"
#include "session/study-importances.h"
#include "ui/widgets/drawing.h"
#include "ui/widgets/format.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/stack.h"
#include <glib/gi18n.h>

struct _MgImportancesView {
  AdwBin parent_instance;
  MgStudyImportances *importances;
  MgStudyRow *row;
  MgBars bars;
  gssize hovered;
  GtkStack *stack; /* "bars" or "none" */
  GtkWidget *title, *none, *failure;
  GtkWidget *measure, *progress, *cancel;
  MgDrawing *drawing;
};

G_DEFINE_FINAL_TYPE(MgImportancesView, mg_importances_view, ADW_TYPE_BIN)

static void
draw(cairo_t *cr, double width, double height, const MgStyle *style, gboolean vector, gpointer data)
{
  const MgImportancesView *view = data;
  if (view->bars.n > 0)
    mg_bars_draw(cr, width, height, style, &view->bars, view->hovered);
}

static char *
none_text(MgImportancesView *view)
{
  const char *message = mg_study_importances_message(view->importances);
  if (!view->row)
    return g_strdup(_("Choose a classifier in the table"));
  if (mg_study_importances_is_reading(view->importances))
    return g_strdup(_("Reading the model…"));
  if (*message)
    return mg_format_sentence(message);
  return g_strdup_printf(_("%s weighs no features by itself; shuffling them measures it"),
                         mg_study_row_text(view->row, MG_STUDY_MODEL));
}

static void
show_measuring(MgImportancesView *view)
{
  gboolean measuring = mg_study_importances_is_measuring(view->importances);
  gboolean could = view->row && !mg_study_importances_is_reading(view->importances) &&
                   !mg_study_importances_are_permuted(view->importances);
  const char *failure = mg_study_importances_failure(view->importances);
  gtk_widget_set_visible(view->measure, could && !measuring);
  gtk_widget_set_visible(view->progress, measuring);
  gtk_widget_set_visible(view->cancel, measuring);
  gtk_progress_bar_set_fraction(GTK_PROGRESS_BAR(view->progress), mg_study_importances_fraction(view->importances));
  mg_notice_set(view->failure, MG_NOTICE_ERROR, failure);
}

static void
measure(MgImportancesView *view)
{
  g_autoptr(GError) error = NULL;
  if (!mg_study_importances_measure(view->importances, &error))
    mg_notice_set(view->failure, MG_NOTICE_ERROR, error->message);
}

static void
show(MgImportancesView *view)
{
  show_measuring(view);
  gboolean permuted = mg_study_importances_are_permuted(view->importances);
  view->bars = (MgBars){.title = permuted ? _("Fall of macro F1 when shuffled") : _("Importance")};
  view->bars.bars = mg_study_importances_bars(view->importances, &view->bars.n);
  view->hovered = -1;
  g_autofree char *none = none_text(view), *title = NULL;
  if (view->row)
    title = g_strdup_printf("%s · %s", mg_study_row_text(view->row, MG_STUDY_DATA),
                            mg_study_row_text(view->row, MG_STUDY_MODEL));
  gboolean any = view->bars.n > 0;
  gtk_label_set_text(GTK_LABEL(view->none), none);
  gtk_label_set_text(GTK_LABEL(view->title), title ? title : "");
  gtk_stack_set_visible_child_name(view->stack, any ? "bars" : "none");
  gtk_widget_set_size_request(GTK_WIDGET(view->drawing), -1,
                              any ? (int)mg_bars_height(mg_drawing_style(), &view->bars) : 0);
  g_autofree char *label = any ? g_strdup_printf(_("Importances: %s %.3f first of %zu features"),
                                                 view->bars.bars[0].name, view->bars.bars[0].value, view->bars.n)
                               : g_strdup(_("Importances"));
  g_autofree char *text = mg_bars_summary(&view->bars);
  mg_drawing_set_text(view->drawing, label, text);
  mg_drawing_changed(view->drawing);
}

void
mg_importances_view_show(MgImportancesView *view, MgStudyRow *row)
{
  MgStudyRow *done = row && mg_study_row_state(row) == MG_STUDY_DONE ? row : NULL;
  g_set_object(&view->row, done);
  mg_study_importances_open(view->importances, done ? mg_study_row_folder(done) : NULL);
}

static void
on_motion(GtkEventControllerMotion *motion, double x, double y, MgImportancesView *view)
{
  gssize bar = mg_bars_find(gtk_widget_get_height(GTK_WIDGET(view->drawing)), mg_drawing_style(), &view->bars, y);
  if (bar == view->hovered)
    return;
  view->hovered = bar;
  g_autofree char *text =
      bar < 0 ? NULL : g_strdup_printf("%s  %.4f", view->bars.bars[bar].name, view->bars.bars[bar].value);
  gtk_widget_set_tooltip_text(GTK_WIDGET(view->drawing), text);
  mg_drawing_changed(view->drawing);
}

static void
on_leave(GtkEventControllerMotion *motion, MgImportancesView *view)
{
  view->hovered = -1;
  mg_drawing_changed(view->drawing);
}

/* What is shown, and measuring it. */
static GtkWidget *
new_head(MgImportancesView *view)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
  view->title = gtk_label_new(NULL);
  gtk_label_set_xalign(GTK_LABEL(view->title), 0);
  gtk_label_set_ellipsize(GTK_LABEL(view->title), PANGO_ELLIPSIZE_MIDDLE);
  gtk_widget_add_css_class(view->title, "dim-label");
  gtk_widget_set_hexpand(view->title, TRUE);
  view->measure = mg_button_new(NULL, _("Measure by _shuffling"),
                                _("By how much macro F1 falls when the values of a feature are dealt out anew, on rows "
                                  "that were not learned from"));
  view->progress = gtk_progress_bar_new();
  gtk_widget_set_valign(view->progress, GTK_ALIGN_CENTER);
  gtk_accessible_update_property(GTK_ACCESSIBLE(view->progress), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 _("Measuring importances"), -1);
  view->cancel = mg_button_new("media-playback-stop-symbolic", _("_Cancel"), _("Stop measuring"));
  g_signal_connect_swapped(view->measure, "clicked", G_CALLBACK(measure), view);
  g_signal_connect_swapped(view->cancel, "clicked", G_CALLBACK(mg_study_importances_stop), view->importances);
  GtkWidget *const parts[] = {view->title, view->progress, view->measure, view->cancel};
  for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
    gtk_box_append(GTK_BOX(box), parts[i]);
  gtk_widget_set_margin_start(box, 18);
  gtk_widget_set_margin_end(box, 12);
  return box;
}

static GtkWidget *
new_bars(MgImportancesView *view)
{
  GtkWidget *scroller = gtk_scrolled_window_new();
  GtkEventController *motion = gtk_event_controller_motion_new();
  view->drawing = MG_DRAWING(mg_drawing_new("importances", 200, 120));
  mg_drawing_set_funcs(view->drawing, draw, NULL, view);
  g_signal_connect(motion, "motion", G_CALLBACK(on_motion), view);
  g_signal_connect(motion, "leave", G_CALLBACK(on_leave), view);
  gtk_widget_add_controller(GTK_WIDGET(view->drawing), motion);
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), GTK_WIDGET(view->drawing));
  gtk_widget_set_vexpand(scroller, TRUE);
  gtk_widget_set_size_request(scroller, -1, 140);
  return scroller;
}

static void
mg_importances_view_dispose(GObject *object)
{
  MgImportancesView *view = MG_IMPORTANCES_VIEW(object);
  if (view->importances)
    g_signal_handlers_disconnect_by_data(view->importances, view);
  g_clear_object(&view->importances);
  g_clear_object(&view->row);
  G_OBJECT_CLASS(mg_importances_view_parent_class)->dispose(object);
}

static void
mg_importances_view_class_init(MgImportancesViewClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = mg_importances_view_dispose;
}

static void
mg_importances_view_init(MgImportancesView *view)
{
  view->importances = mg_study_importances_new();
}

GtkWidget *
mg_importances_view_new(void)
{
  MgImportancesView *view = g_object_new(MG_TYPE_IMPORTANCES_VIEW, NULL);
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  view->stack = GTK_STACK(mg_stack_new());
  view->none = gtk_label_new(NULL);
  view->failure = mg_notice_new();
  gtk_label_set_wrap(GTK_LABEL(view->none), TRUE);
  gtk_widget_add_css_class(view->none, "dim-label");
  gtk_stack_add_named(view->stack, new_bars(view), "bars");
  gtk_stack_add_named(view->stack, view->none, "none");
  gtk_box_append(GTK_BOX(box), new_head(view));
  gtk_box_append(GTK_BOX(box), view->failure);
  gtk_box_append(GTK_BOX(box), GTK_WIDGET(view->stack));
  adw_bin_set_child(ADW_BIN(view), box);
  g_signal_connect_swapped(view->importances, "changed", G_CALLBACK(show), view);
  show(view);
  return GTK_WIDGET(view);
}
