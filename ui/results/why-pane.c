#include "ui/results/probability-bar.h"
#include "ui/results/vote-list.h"
#include "ui/results/why-private.h"
#include "ui/widgets/format.h"
#include "ui/widgets/stack.h"
#include <glib/gi18n.h>
#include <math.h>

#define MOST_BARS 10 /* classes with a bar: the likeliest */

G_DEFINE_FINAL_TYPE(MgWhyPane, mg_why_pane, ADW_TYPE_BIN)

/* What the parts share. */

/* Why there is no picture; NULL where there is one. */
static const char *
picture_missing(MgWhyPane *pane)
{
  MgRun *run = mg_results_run(pane->results);
  if (!mg_result_row_has_sound(pane->row))
    return _("A row of a table of numbers: there is no sound to play and no picture.");
  if (!run)
    return _("This table came without its run, so there is no model to look into.");
  if (mg_run_is_table(run))
    return _("This classifier sees a row of numbers for the segment, not a picture.");
  return NULL;
}

gboolean
mg_why_request(MgWhyPane *pane, MgExplainRequest *request)
{
  if (!pane->row || picture_missing(pane))
    return FALSE;
  const MgPrediction *prediction = mg_result_row_prediction(pane->row);
  *request = (MgExplainRequest){.run = mg_run_folder(mg_results_run(pane->results)),
                                .track = prediction->track,
                                .start = prediction->start,
                                .end = prediction->end};
  return TRUE;
}

GCancellable *
mg_why_restart(GCancellable **cancellable)
{
  if (*cancellable)
    g_cancellable_cancel(*cancellable);
  g_clear_object(cancellable);
  return *cancellable = g_cancellable_new();
}

void
mg_why_set_cursor(MgWhyPane *pane, double share)
{
  pane->cursor = share;
  mg_drawing_live_changed(MG_DRAWING(pane->evidence.picture));
  mg_drawing_live_changed(MG_DRAWING(pane->maps.picture));
}

void
mg_why_sound(MgWhyPane *pane, const char *path, double start, double end)
{
  MgPlayer *player = mg_workspace_player(pane->workspace);
  gboolean same = g_strcmp0(mg_player_path(player), path) == 0 && mg_player_began(player) == start;
  if (same && mg_player_state(player) == MG_PLAYER_PLAYING)
    mg_player_stop(player);
  else if (path)
    mg_player_play(player, path, start, start, end);
}

/* Texts. */

static int
compare_floats(gconstpointer a, gconstpointer b, gpointer data)
{
  const float *values = data;
  float first = values[*(const int *)a], second = values[*(const int *)b];
  return (first < second) - (first > second);
}

static void
add_bar(GtkWidget *grid, const char *text, double probability, gboolean first, int place)
{
  GtkWidget *name = gtk_label_new(text), *bar = mg_probability_bar_new();
  gtk_label_set_xalign(GTK_LABEL(name), 0);
  gtk_label_set_ellipsize(GTK_LABEL(name), PANGO_ELLIPSIZE_END);
  gtk_label_set_width_chars(GTK_LABEL(name), 10);
  gtk_label_set_max_width_chars(GTK_LABEL(name), 14);
  gtk_widget_set_hexpand(bar, TRUE);
  mg_probability_bar_set(MG_PROBABILITY_BAR(bar), probability, first);
  gtk_grid_attach(GTK_GRID(grid), name, 0, place, 1, 1);
  gtk_grid_attach(GTK_GRID(grid), bar, 1, place, 1, 1);
}

/* How much more or less it is than before. */
static void
add_change(GtkWidget *grid, double change, int place)
{
  const char *sign = change <= -0.005 ? "\u2212" : change >= 0.005 ? "+" : "";
  g_autofree char *text = g_strdup_printf("%s%.2f", sign, fabs(change));
  GtkWidget *label = mg_figure_label_new(1);
  gtk_label_set_text(GTK_LABEL(label), text);
  gtk_widget_set_tooltip_text(label, _("Change against the segment as it is"));
  gtk_grid_attach(GTK_GRID(grid), label, 2, place, 1, 1);
}

void
mg_why_fill_bars(GtkWidget *grid, MgResultRow *row, const float *probabilities, const float *before)
{
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child(grid)))
    gtk_grid_remove(GTK_GRID(grid), child);
  int n = mg_result_row_n_classes(row);
  g_autofree int *order = g_new(int, n);
  for (int i = 0; i < n; i++)
    order[i] = i;
  g_qsort_with_data(order, n, sizeof *order, compare_floats, (gpointer)probabilities);
  for (int i = 0; i < MIN(n, MOST_BARS); i++) {
    add_bar(grid, mg_result_row_class(row, order[i]), probabilities[order[i]], i == 0, i);
    if (before)
      add_change(grid, probabilities[order[i]] - before[order[i]], i);
  }
}

static void
show_verdict(MgWhyPane *pane)
{
  const MgPrediction *prediction = mg_result_row_prediction(pane->row);
  const char *predicted = mg_result_row_class(pane->row, prediction->y_pred);
  gboolean wrong = mg_result_row_is_wrong(pane->row), known = prediction->y_test >= 0;
  g_autofree char *text = !known  ? g_strdup_printf(_("Heard as %s"), predicted)
                          : wrong ? g_strdup_printf(_("Wrong: %s heard as %s"), prediction->genre, predicted)
                                  : g_strdup_printf(_("Right: %s"), predicted);
  gtk_label_set_text(GTK_LABEL(pane->verdict), text);
  gtk_image_set_from_icon_name(GTK_IMAGE(pane->verdict_icon),
                               wrong ? "window-close-symbolic" : "object-select-symbolic");
  gtk_widget_set_visible(pane->verdict_icon, known);
  GtkWidget *box = gtk_widget_get_parent(pane->verdict);
  gtk_widget_remove_css_class(box, "error");
  if (wrong)
    gtk_widget_add_css_class(box, "error");
}

static void
show_texts(MgWhyPane *pane)
{
  const MgPrediction *prediction = mg_result_row_prediction(pane->row);
  const MgVote *vote = mg_result_row_vote(pane->row);
  g_autofree char *name = g_path_get_basename(prediction->track);
  g_autofree char *from = mg_format_clock(prediction->start, 1), *to = mg_format_clock(prediction->end, 1);
  g_autofree char *place = g_strdup_printf(_("Part %d · %s – %s"), prediction->part, from, to);
  g_autofree char *count = mg_vote_text(vote, mg_results_labels(pane->results));
  g_autofree char *text = g_strdup_printf(_("Track vote: %s"), count);
  gtk_widget_set_visible(pane->place, mg_result_row_has_sound(pane->row));
  gtk_widget_set_visible(pane->vote, mg_result_row_has_sound(pane->row));
  gtk_widget_set_visible(pane->actions, mg_result_row_has_sound(pane->row));
  gtk_label_set_text(GTK_LABEL(pane->name), name);
  gtk_label_set_text(GTK_LABEL(pane->place), place);
  gtk_label_set_text(GTK_LABEL(pane->vote), text);
}

static void
forget(MgWhyPane *pane)
{
  mg_why_maps_forget(pane);
  mg_why_evidence_forget(pane);
  mg_why_change_forget(pane);
  mg_why_nearest_forget(pane);
  mg_why_row_forget(pane);
  g_clear_pointer(&pane->explanation, mg_explanation_free);
}

void
mg_why_pane_show(MgWhyPane *pane, MgResultRow *row)
{
  forget(pane);
  g_set_object(&pane->row, row);
  pane->cursor = -1;
  gtk_stack_set_visible_child_name(pane->stack, row ? "segment" : "empty");
  if (!row)
    return;
  show_texts(pane);
  show_verdict(pane);
  mg_why_fill_bars(pane->bars, row, mg_result_row_prediction(row)->probabilities, NULL);
  mg_notice_set(pane->problem, MG_NOTICE_INFO, picture_missing(pane));
  mg_why_row_show(pane);
  mg_why_maps_show(pane);
  mg_why_evidence_show(pane);
  mg_why_change_reset(pane);
  mg_why_nearest_show(pane);
}

/* Building. */

GtkWidget *
mg_why_heading(const char *text)
{
  GtkWidget *label = gtk_label_new(text);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_label_set_wrap(GTK_LABEL(label), TRUE);
  gtk_widget_add_css_class(label, "heading");
  return label;
}

GtkWidget *
mg_why_line(const char *css)
{
  GtkWidget *label = mg_figure_label_new(0);
  gtk_label_set_wrap(GTK_LABEL(label), TRUE);
  gtk_label_set_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR);
  if (css)
    gtk_widget_add_css_class(label, css);
  return label;
}

MgWorkRow *
mg_why_working(const char *what, GCallback cancel, MgWhyPane *pane)
{
  GtkWidget *row = mg_work_row_new(what, _("Cancel"));
  g_signal_connect_swapped(row, "cancel", cancel, pane);
  return MG_WORK_ROW(row);
}

GtkWidget *
mg_why_expander(const char *title, GtkWidget *child)
{
  GtkWidget *expander = gtk_expander_new(NULL), *label = mg_why_heading(title);
  gtk_expander_set_label_widget(GTK_EXPANDER(expander), label);
  gtk_expander_set_child(GTK_EXPANDER(expander), child);
  gtk_widget_set_margin_top(child, 6);
  gtk_accessible_update_property(GTK_ACCESSIBLE(expander), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  return expander;
}

void
mg_why_let_wheel_pass(GtkWidget *widget)
{
  g_autoptr(GListModel) controllers = gtk_widget_observe_controllers(widget);
  for (guint i = 0; i < g_list_model_get_n_items(controllers); i++) {
    g_autoptr(GtkEventController) each = g_list_model_get_item(controllers, i);
    if (GTK_IS_EVENT_CONTROLLER_SCROLL(each))
      gtk_event_controller_set_propagation_phase(each, GTK_PHASE_NONE);
  }
}

static GtkWidget *
new_verdict(MgWhyPane *pane)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  pane->verdict_icon = gtk_image_new();
  pane->verdict = mg_why_line(NULL);
  gtk_box_append(GTK_BOX(box), pane->verdict_icon);
  gtk_box_append(GTK_BOX(box), pane->verdict);
  return box;
}

void
mg_why_pane_play(MgWhyPane *pane)
{
  MgPlayer *player = mg_workspace_player(pane->workspace);
  if (!pane->row || !mg_result_row_has_sound(pane->row))
    return;
  const MgPrediction *prediction = mg_result_row_prediction(pane->row);
  mg_player_play(player, prediction->track, prediction->start, prediction->start, prediction->end);
}

static void
play_or_stop(MgWhyPane *pane)
{
  MgPlayer *player = mg_workspace_player(pane->workspace);
  if (mg_player_state(player) == MG_PLAYER_PLAYING)
    mg_player_stop(player);
  else
    mg_why_pane_play(pane);
}

static void
show_player(MgWhyPane *pane)
{
  gboolean playing = mg_player_state(mg_workspace_player(pane->workspace)) == MG_PLAYER_PLAYING;
  const char *text = playing ? _("Stop") : _("Play the segment");
  gtk_button_set_icon_name(GTK_BUTTON(pane->play),
                           playing ? "media-playback-stop-symbolic" : "media-playback-start-symbolic");
  gtk_widget_set_tooltip_text(pane->play, text);
  gtk_accessible_update_property(GTK_ACCESSIBLE(pane->play), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static GtkWidget *
new_actions(MgWhyPane *pane)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  pane->play = mg_button_new("media-playback-start-symbolic", NULL, _("Play the segment"));
  gtk_widget_add_css_class(pane->play, "suggested-action");
  g_signal_connect_swapped(pane->play, "clicked", G_CALLBACK(play_or_stop), pane);
  gtk_box_append(GTK_BOX(box), pane->play);
  GtkWidget *explore = mg_button_new(NULL, _("Show in _Explore"), _("The whole track with this segment selected"));
  gtk_actionable_set_action_name(GTK_ACTIONABLE(explore), "win.page");
  gtk_actionable_set_action_target(GTK_ACTIONABLE(explore), "s", "explore");
  gtk_box_append(GTK_BOX(box), explore);
  return box;
}

static GtkWidget *
new_segment(MgWhyPane *pane)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12), *scroller = gtk_scrolled_window_new();
  pane->name = mg_why_heading(NULL);
  gtk_label_set_wrap_mode(GTK_LABEL(pane->name), PANGO_WRAP_WORD_CHAR);
  pane->place = mg_why_line("dim-label");
  pane->bars = gtk_grid_new();
  gtk_grid_set_column_spacing(GTK_GRID(pane->bars), 12);
  gtk_grid_set_row_spacing(GTK_GRID(pane->bars), 6);
  gtk_accessible_update_property(GTK_ACCESSIBLE(pane->bars), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Probabilities"), -1);
  pane->vote = mg_why_line("dim-label");
  pane->problem = mg_notice_new();
  pane->actions = new_actions(pane);
  GtkWidget *evidence = mg_why_evidence_new(pane), *change = mg_why_change_new(pane);
  GtkWidget *const parts[] = {pane->name,
                              pane->place,
                              new_verdict(pane),
                              pane->actions,
                              pane->bars,
                              pane->vote,
                              pane->problem,
                              mg_why_row_new(pane),
                              evidence,
                              change,
                              mg_why_nearest_new(pane),
                              mg_why_maps_new(pane)};
  for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
    gtk_box_append(GTK_BOX(box), parts[i]);
  gtk_widget_set_margin_start(box, 12);
  gtk_widget_set_margin_end(box, 12);
  gtk_widget_set_margin_top(box, 12);
  gtk_widget_set_margin_bottom(box, 18);
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), box);
  return scroller;
}

static GtkWidget *
new_empty(void)
{
  GtkWidget *status = adw_status_page_new();
  gtk_widget_add_css_class(status, "compact");
  adw_status_page_set_icon_name(ADW_STATUS_PAGE(status), "dialog-question-symbolic");
  adw_status_page_set_title(ADW_STATUS_PAGE(status), _("Why?"));
  adw_status_page_set_description(ADW_STATUS_PAGE(status),
                                  _("Choose a segment in the table to hear it and to see what the network sees."));
  return status;
}

static void
mg_why_pane_dispose(GObject *object)
{
  MgWhyPane *pane = MG_WHY_PANE(object);
  forget(pane);
  g_clear_object(&pane->row);
  g_clear_object(&pane->explainer);
  g_clear_object(&pane->results);
  g_clear_object(&pane->workspace);
  G_OBJECT_CLASS(mg_why_pane_parent_class)->dispose(object);
}

static void
mg_why_pane_class_init(MgWhyPaneClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = mg_why_pane_dispose;
}

static void
mg_why_pane_init(MgWhyPane *pane)
{
  pane->explainer = mg_explainer_new();
}

GtkWidget *
mg_why_pane_new(MgWorkspace *workspace, MgResults *results)
{
  MgWhyPane *pane = g_object_new(MG_TYPE_WHY_PANE, NULL);
  pane->workspace = g_object_ref(workspace);
  pane->results = g_object_ref(results);
  pane->stack = GTK_STACK(mg_stack_new());
  gtk_stack_add_named(pane->stack, new_empty(), "empty");
  gtk_stack_add_named(pane->stack, new_segment(pane), "segment");
  adw_bin_set_child(ADW_BIN(pane), GTK_WIDGET(pane->stack));
  gtk_widget_set_hexpand(GTK_WIDGET(pane), FALSE); /* the page has the room */
  g_signal_connect_object(mg_workspace_player(workspace), "notify::state", G_CALLBACK(show_player), pane,
                          G_CONNECT_SWAPPED);
  mg_why_pane_show(pane, NULL);
  return GTK_WIDGET(pane);
}
