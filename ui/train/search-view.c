#include "ui/train/search-view.h"
#include "plot/bars.h"
#include "plot/parallel.h"
#include "plot/summary.h"
#include "plot/text.h"
#include "plot/trials.h"
#include "session/search-trials.h"
#include "ui/train/search-table.h"
#include "ui/widgets/drawing.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/wrap-box.h"
#include <glib/gi18n.h>
#include <math.h>

struct _MgSearchView {
  AdwBin parent_instance;
  MgSearchTrials *trials;
  GtkWidget *best, *open, *scores, *importance, *lines, *message;
  MgSearchTable *table;
  MgBar *bars;
  MgParallelAxis *axes;
  MgParallelLine *rows;
  int marked; /* trial; -1: none */
};

G_DEFINE_FINAL_TYPE(MgSearchView, mg_search_view, ADW_TYPE_BIN)

static guint open_signal;
static const double reach = 8;                                  /* of the pointer */
enum { MOST_LINES = 500, AXIS_WIDTH = 84, LINES_HEIGHT = 240 }; /* at least: narrower, names could not be read */

/* What the painters take. */

static MgTrialsPlot
trials_plot(const MgSearchRecord *record)
{
  guint n = record->search->trials->len;
  return (MgTrialsPlot){record->scores, record->whole, n, MAX(n, record->search->planned), _("Trial"), _("Macro F1")};
}

/* Of a search of thousands the best are drawn: more would hide each other. */
static guint
lines_shown(const MgSearchRecord *record)
{
  return MIN(record->ranking->len, MOST_LINES);
}

static guint
first_line(const MgSearchRecord *record)
{
  return record->ranking->len - lines_shown(record);
}

static MgParallel
parallel_of(const MgSearchView *view, const MgSearchRecord *record)
{
  return (MgParallel){view->axes, record->scales->len, view->rows, lines_shown(record)};
}

static gssize
line_of(const MgSearchRecord *record, int trial)
{
  for (guint i = first_line(record); i < record->ranking->len; i++)
    if ((int)g_array_index(record->ranking, guint, i) == trial)
      return i - first_line(record);
  return -1;
}

static gboolean
has_scores(const MgSearchRecord *record)
{
  return record && record->ranking->len > 0;
}

static void
draw_scores(cairo_t *cr, double width, double height, const MgStyle *style, gboolean vector, gpointer data)
{
  const MgSearchRecord *record = mg_search_trials_record(((MgSearchView *)data)->trials);
  if (!has_scores(record)) {
    MgTextLook look = {.max_width = width, .alpha = 0.55};
    mg_text_draw_look(cr, style, _("Scores will appear here"), width / 2, height / 2, 0.5, 0.5, &look);
    return;
  }
  MgTrialsPlot plot = trials_plot(record);
  mg_trials_draw(cr, width, height, style, &plot, mg_search_best(record->search));
}

static void
draw_scores_mark(cairo_t *cr, double width, double height, const MgStyle *style, gboolean vector, gpointer data)
{
  const MgSearchView *view = data;
  const MgSearchRecord *record = mg_search_trials_record(view->trials);
  if (!has_scores(record))
    return;
  MgTrialsPlot plot = trials_plot(record);
  mg_trials_draw_mark(cr, width, height, style, &plot, view->marked);
}

static void
draw_importance(cairo_t *cr, double width, double height, const MgStyle *style, gboolean vector, gpointer data)
{
  const MgSearchView *view = data;
  const MgSearchRecord *record = mg_search_trials_record(view->trials);
  if (!has_scores(record))
    return;
  MgBars bars = {view->bars, record->params->len, _("Share of the score's variance"), 0};
  mg_bars_draw(cr, width, height, style, &bars, -1);
}

static void
draw_lines(cairo_t *cr, double width, double height, const MgStyle *style, gboolean vector, gpointer data)
{
  const MgSearchView *view = data;
  const MgSearchRecord *record = mg_search_trials_record(view->trials);
  if (!has_scores(record))
    return;
  MgParallel parallel = parallel_of(view, record);
  mg_parallel_draw(cr, width, height, style, &parallel, line_of(record, mg_search_best(record->search)));
}

static void
draw_lines_mark(cairo_t *cr, double width, double height, const MgStyle *style, gboolean vector, gpointer data)
{
  const MgSearchView *view = data;
  const MgSearchRecord *record = mg_search_trials_record(view->trials);
  if (!has_scores(record))
    return;
  MgParallel parallel = parallel_of(view, record);
  mg_parallel_draw_mark(cr, width, height, style, &parallel, line_of(record, view->marked));
}

/* Marking. */

static void
mark(MgSearchView *view, int trial)
{
  if (trial == view->marked)
    return;
  view->marked = trial;
  mg_drawing_live_changed(MG_DRAWING(view->scores));
  mg_drawing_live_changed(MG_DRAWING(view->lines));
}

static int
trial_at(MgSearchView *view, GtkWidget *drawing, double x, double y)
{
  const MgSearchRecord *record = mg_search_trials_record(view->trials);
  double width = gtk_widget_get_width(drawing), height = gtk_widget_get_height(drawing);
  if (!has_scores(record))
    return -1;
  if (drawing == view->scores) {
    MgTrialsPlot plot = trials_plot(record);
    return (int)mg_trials_find(width, height, mg_drawing_style(), &plot, x, y, reach);
  }
  MgParallel parallel = parallel_of(view, record);
  gssize line = mg_parallel_find(width, height, mg_drawing_style(), &parallel, x, y, reach);
  return line < 0 ? -1 : (int)g_array_index(record->ranking, guint, first_line(record) + line);
}

static void
on_motion(GtkEventControllerMotion *motion, double x, double y, MgSearchView *view)
{
  int trial = trial_at(view, gtk_event_controller_get_widget(GTK_EVENT_CONTROLLER(motion)), x, y);
  mark(view, trial < 0 ? mg_search_table_selected(view->table) : trial);
}

static void
on_leave(GtkEventControllerMotion *motion, MgSearchView *view)
{
  mark(view, mg_search_table_selected(view->table));
}

static void
on_click(GtkGestureClick *click, int n, double x, double y, MgSearchView *view)
{
  mg_search_table_select(view->table,
                         trial_at(view, gtk_event_controller_get_widget(GTK_EVENT_CONTROLLER(click)), x, y));
}

static void
on_selected(MgSearchView *view)
{
  mark(view, mg_search_table_selected(view->table));
}

/* Showing. */

static void
take_pictures(MgSearchView *view, const MgSearchRecord *record)
{
  guint n = record->params->len;
  view->bars = g_renew(MgBar, view->bars, n + 1);
  view->axes = g_renew(MgParallelAxis, view->axes, n + 1);
  view->rows = g_renew(MgParallelLine, view->rows, MOST_LINES);
  for (guint i = 0; i <= n; i++) {
    const MgSearchScale *scale = &g_array_index(record->scales, MgSearchScale, i);
    guint param = i < n ? g_array_index(record->params, guint, i) : 0;
    const char *name = i < n ? mg_space_param(record->space, param)->name : _("Macro F1");
    view->axes[i] = (MgParallelAxis){name, (const char *const *)scale->labels, scale->places, scale->n};
  }
  for (guint i = 0; i < n; i++) {
    guint param = g_array_index(record->by_matter, guint, i);
    view->bars[i] = (MgBar){mg_space_param(record->space, param)->name, record->importance[param], NAN};
  }
  for (guint i = 0; i < lines_shown(record); i++)
    view->rows[i] =
        (MgParallelLine){record->places + (size_t)(first_line(record) + i) * (n + 1), (i + 1.0) / lines_shown(record)};
}

static char *
best_text(const MgSearchRecord *record)
{
  int best = mg_search_best(record->search);
  if (best < 0)
    return g_strdup(_("No trial has a score yet"));
  double deviation = g_array_index(record->costs, MgTrialCost, best).deviation;
  g_autofree char *values = mg_space_describe(record->space, mg_search_trial(record->search, (guint)best)->values);
  g_autofree char *around = isfinite(deviation) ? g_strdup_printf(" ± %.4f", deviation) : g_strdup("");
  return g_strdup_printf(_("Best so far: trial %d, macro F1 %.4f%s, with %s"), best + 1, record->scores[best], around,
                         values);
}

static char *
best_folder(MgSearchView *view)
{
  const char *folder = mg_search_trials_folder(view->trials);
  return folder ? g_build_filename(folder, "best", NULL) : NULL;
}

/* The best learns again when the trials are over, and their file grows no more. */
static void
show_open(MgSearchView *view)
{
  g_autofree char *best = best_folder(view);
  g_autofree char *model = best ? g_build_filename(best, "checkpoints", "best.safetensors", NULL) : NULL;
  gtk_widget_set_visible(view->open, model && g_file_test(model, G_FILE_TEST_EXISTS));
}

static void
tell_importance(MgSearchView *view, const MgSearchRecord *record)
{
  MgBars bars = {view->bars, has_scores(record) ? record->params->len : 0, NULL, 0};
  g_autofree char *text = mg_bars_summary(&bars);
  mg_drawing_set_text(MG_DRAWING(view->importance), _("How much each parameter matters by itself"), text);
}

static void
update(MgSearchView *view)
{
  const MgSearchRecord *record = mg_search_trials_record(view->trials);
  const char *message = mg_search_trials_message(view->trials);
  gboolean nested = record && record->job->nested;
  g_autofree char *text = record ? best_text(record) : g_strdup("");
  if (record)
    take_pictures(view, record);
  gtk_widget_set_size_request(view->lines, record ? AXIS_WIDTH * (int)record->scales->len : -1, LINES_HEIGHT);
  gtk_label_set_text(GTK_LABEL(view->best), text);
  show_open(view);
  mg_notice_set(view->message, message ? MG_NOTICE_ERROR : MG_NOTICE_INFO,
                nested ? _("A nested search: the trials of each fold are in its own folder, fold-1, fold-2 …")
                       : message);
  mg_search_table_set(view->table, record);
  view->marked = mg_search_table_selected(view->table);
  mg_drawing_set_text(MG_DRAWING(view->scores), _("Scores of the trials"), text);
  mg_drawing_set_text(MG_DRAWING(view->lines), _("The trials over parallel axes, a parameter each"), text);
  tell_importance(view, record);
  mg_drawing_changed(MG_DRAWING(view->scores));
  mg_drawing_changed(MG_DRAWING(view->importance));
  mg_drawing_changed(MG_DRAWING(view->lines));
}

void
mg_search_view_show(MgSearchView *view, MgRun *run)
{
  mg_search_trials_open(view->trials, run ? mg_run_folder(run) : NULL);
  show_open(view);
}

static void
open_best(MgSearchView *view)
{
  g_autofree char *folder = best_folder(view);
  g_signal_emit(view, open_signal, 0, folder);
}

/* Building. */

static GtkWidget *
new_drawing(MgSearchView *view, const char *name, const char *text, int width, int height, MgDrawingFunc draw,
            MgDrawingFunc live)
{
  GtkWidget *drawing = mg_drawing_new(name, width, height);
  mg_drawing_set_funcs(MG_DRAWING(drawing), draw, live, view);
  mg_drawing_set_text(MG_DRAWING(drawing), text, NULL);
  gtk_widget_set_hexpand(drawing, TRUE);
  if (!live)
    return drawing;
  GtkEventController *motion = gtk_event_controller_motion_new();
  GtkGesture *click = gtk_gesture_click_new();
  g_signal_connect(motion, "motion", G_CALLBACK(on_motion), view);
  g_signal_connect(motion, "leave", G_CALLBACK(on_leave), view);
  g_signal_connect(click, "pressed", G_CALLBACK(on_click), view);
  gtk_widget_add_controller(drawing, motion);
  gtk_widget_add_controller(drawing, GTK_EVENT_CONTROLLER(click));
  return drawing;
}

static GtkWidget *
new_heading(MgSearchView *view)
{
  GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
  view->best = mg_figure_label_new(0);
  gtk_label_set_wrap(GTK_LABEL(view->best), TRUE);
  gtk_label_set_selectable(GTK_LABEL(view->best), TRUE);
  gtk_widget_set_hexpand(view->best, TRUE);
  view->open = mg_button_new(NULL, _("Show _best model"),
                             _("The run that learned again with the best parameters, from train and validation"));
  gtk_widget_set_valign(view->open, GTK_ALIGN_CENTER);
  g_signal_connect_swapped(view->open, "clicked", G_CALLBACK(open_best), view);
  gtk_box_append(GTK_BOX(line), view->best);
  gtk_box_append(GTK_BOX(line), view->open);
  return line;
}

/* Many axes go beyond the page. */
static GtkWidget *
new_scroller(GtkWidget *child)
{
  GtkWidget *scroller = gtk_scrolled_window_new();
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_AUTOMATIC, GTK_POLICY_NEVER);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), child);
  return scroller;
}

static GtkWidget *
new_content(MgSearchView *view)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12), *upper = mg_wrap_box_new(12);
  view->message = mg_notice_new();
  view->scores = new_drawing(view, "trials", _("Scores of the trials"), 300, 220, draw_scores, draw_scores_mark);
  view->importance =
      new_drawing(view, "importance", _("How much each parameter matters by itself"), 240, 220, draw_importance, NULL);
  view->lines = new_drawing(view, "parallel", _("The trials over parallel axes, a parameter each"), 300, 240,
                            draw_lines, draw_lines_mark);
  gtk_widget_set_tooltip_text(view->importance, _("How much each parameter matters by itself"));
  mg_drawing_keep_pixels(MG_DRAWING(view->scores));
  mg_drawing_keep_pixels(MG_DRAWING(view->lines));
  view->table = MG_SEARCH_TABLE(mg_search_table_new());
  g_signal_connect_swapped(view->table, "selected", G_CALLBACK(on_selected), view);
  mg_wrap_box_append(MG_WRAP_BOX(upper), view->scores);
  mg_wrap_box_append(MG_WRAP_BOX(upper), view->importance);
  gtk_box_append(GTK_BOX(box), new_heading(view));
  gtk_box_append(GTK_BOX(box), view->message);
  gtk_box_append(GTK_BOX(box), upper);
  gtk_box_append(GTK_BOX(box), new_scroller(view->lines));
  gtk_box_append(GTK_BOX(box), GTK_WIDGET(view->table));
  return box;
}

static void
mg_search_view_dispose(GObject *object)
{
  MgSearchView *view = MG_SEARCH_VIEW(object);
  if (view->trials)
    g_signal_handlers_disconnect_by_data(view->trials, view);
  if (view->table)
    g_signal_handlers_disconnect_by_data(view->table, view);
  view->table = NULL;
  G_OBJECT_CLASS(mg_search_view_parent_class)->dispose(object);
}

static void
mg_search_view_finalize(GObject *object)
{
  MgSearchView *view = MG_SEARCH_VIEW(object);
  g_clear_object(&view->trials);
  g_free(view->bars);
  g_free(view->axes);
  g_free(view->rows);
  G_OBJECT_CLASS(mg_search_view_parent_class)->finalize(object);
}

static void
mg_search_view_class_init(MgSearchViewClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = mg_search_view_dispose;
  G_OBJECT_CLASS(klass)->finalize = mg_search_view_finalize;
  open_signal = g_signal_new("open", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                             G_TYPE_STRING);
}

static void
mg_search_view_init(MgSearchView *view)
{
  view->trials = mg_search_trials_new();
  view->marked = -1;
  adw_bin_set_child(ADW_BIN(view), new_content(view));
  g_signal_connect_swapped(view->trials, "changed", G_CALLBACK(update), view);
}

GtkWidget *
mg_search_view_new(void)
{
  return g_object_new(MG_TYPE_SEARCH_VIEW, NULL);
}
