#include "ui/dataset/suggest-view.h"
#include "dataset/store-suggestions.h"
#include "session/background.h"
#include "session/track-edits.h"
#include "ui/dataset/tracks-view.h"
#include "ui/train/shared.h"
#include "ui/widgets/format.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/wrap-box.h"
#include "ui/window.h"
#include <glib/gi18n.h>

enum { SAMPLE = 30 }; /* of what is taken over, to be checked */

typedef struct {
  GtkWidget *box, *runs, *start, *bar, *cancel, *surer, *take, *facts, *error, *open, *check, *tracks;
  GPtrArray *folders; /* char *: of the runs in the list */
  MgWorkspace *workspace;
  MgBackground *suggesting;
} View;

static const char view_key[] = "suggest-view";

static void
free_view(gpointer data)
{
  View *view = data;
  g_signal_handlers_disconnect_by_data(view->suggesting, view);
  g_signal_handlers_disconnect_by_data(view->workspace, view);
  g_object_unref(view->suggesting);
  g_object_unref(view->workspace);
  g_ptr_array_unref(view->folders);
  g_free(view);
}

static double
least_probability(View *view)
{
  return gtk_spin_button_get_value(GTK_SPIN_BUTTON(view->surer)) / 100;
}

/* Showing */

static char *
check_text(const MgSuggestionCheck *check)
{
  if (check->taken == 0)
    return g_strdup("");
  if (check->checked == 0)
    return g_strdup_printf(_("%u labels were taken over unseen. Check the sample of %u to learn how many are wrong."),
                           check->taken, check->to_check);
  return g_strdup_printf(_("%u labels were taken over unseen. Of %u checked %u are wrong: %.1f\u202f%% "
                           "(95\u202f%% interval %.1f–%.1f\u202f%%), %u still to check."),
                         check->taken, check->checked, check->wrong, check->error * 100, check->low * 100,
                         check->high * 100, check->to_check);
}

static void
show(View *view)
{
  MgStore *store = mg_workspace_store(view->workspace);
  MgSuggestionCheck check = mg_store_suggestion_check(store);
  guint open = mg_store_open_suggestions(store, 0), sure = mg_store_open_suggestions(store, least_probability(view));
  gboolean running = mg_background_is_running(view->suggesting);
  g_autofree char *facts = check_text(&check), *opened = g_strdup_printf(_("To decide: %u"), open);
  g_autofree char *checked = g_strdup_printf(_("To check: %u"), check.to_check);
  g_autofree char *taken = g_strdup_printf(_("_Take over %u"), sure);
  gtk_label_set_text(GTK_LABEL(view->facts), facts);
  gtk_widget_set_visible(view->facts, *facts);
  gtk_button_set_label(GTK_BUTTON(view->open), opened);
  gtk_button_set_label(GTK_BUTTON(view->check), checked);
  mg_button_set(view->take, NULL, taken);
  gtk_widget_set_sensitive(view->take, sure > 0);
  gtk_widget_set_sensitive(view->start, !running && view->folders->len > 0);
  gtk_widget_set_visible(view->bar, running);
  gtk_widget_set_visible(view->cancel, running);
  mg_notice_set(view->error, MG_NOTICE_ERROR, mg_background_message(view->suggesting));
  if (view->folders->len == 0)
    mg_notice_set(view->error, MG_NOTICE_INFO,
                  _("No run of this workspace has a model yet. Train one on the tracks that have a class."));
}

static void
on_changed(View *view)
{
  if (!mg_background_is_running(view->suggesting))
    mg_workspace_tell_edit(view->workspace, 0);
  show(view);
}

static void
show_progress(View *view)
{
  double left = mg_background_seconds_left(view->suggesting);
  g_autofree char *clock = left >= 0 ? mg_format_clock(left, 0) : NULL;
  g_autofree char *text = clock ? g_strdup_printf(_("%s left"), clock) : g_strdup(_("Listening…"));
  gtk_progress_bar_set_fraction(GTK_PROGRESS_BAR(view->bar), CLAMP(mg_background_fraction(view->suggesting), 0, 1));
  gtk_progress_bar_set_text(GTK_PROGRESS_BAR(view->bar), text);
}

static void
list_runs(View *view)
{
  GListModel *runs = G_LIST_MODEL(mg_shared_runs(view->workspace));
  g_autoptr(GtkStringList) names = gtk_string_list_new(NULL);
  guint chosen = gtk_drop_down_get_selected(GTK_DROP_DOWN(view->runs));
  g_ptr_array_set_size(view->folders, 0);
  for (guint i = 0; i < g_list_model_get_n_items(runs); i++) {
    g_autoptr(MgRun) run = g_list_model_get_item(runs, i);
    if (!mg_run_has_model(run) || mg_run_is_search(run))
      continue;
    g_ptr_array_add(view->folders, g_strdup(mg_run_folder(run)));
    gtk_string_list_append(names, mg_run_name(run));
  }
  gtk_drop_down_set_model(GTK_DROP_DOWN(view->runs), G_LIST_MODEL(names));
  if (chosen < view->folders->len)
    gtk_drop_down_set_selected(GTK_DROP_DOWN(view->runs), chosen);
  gtk_widget_set_sensitive(view->runs, view->folders->len > 0);
  show(view);
}

/* Doing */

static void
start(View *view)
{
  guint chosen = gtk_drop_down_get_selected(GTK_DROP_DOWN(view->runs));
  if (chosen >= view->folders->len)
    return;
  const char *const arguments[] = {
      "dataset", mg_workspace_folder(view->workspace), "--suggest", view->folders->pdata[chosen], "--progress", NULL};
  mg_background_start(view->suggesting, arguments);
}

static void
cancel(View *view)
{
  mg_background_cancel(view->suggesting);
}

static void
take(View *view)
{
  g_autoptr(GError) error = NULL;
  guint n = mg_store_open_suggestions(mg_workspace_store(view->workspace), least_probability(view));
  guint64 seed = (guint64)g_get_real_time(); /* another sample each time */
  if (mg_workspace_take_suggestions(view->workspace, least_probability(view), SAMPLE, seed, &error)) {
    g_autofree char *text = g_strdup_printf(ngettext("%u label taken over", "%u labels taken over", n), n);
    mg_window_toast_undo(view->box, text);
    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(view->check), TRUE);
  } else if (error) {
    mg_window_toast(view->box, error->message);
  }
}

static void
on_toggled(GtkToggleButton *button, View *view)
{
  gboolean check = gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(view->check));
  mg_tracks_view_show_kind(MG_TRACKS_VIEW(view->tracks), check ? MG_TRACKS_TO_CHECK : MG_TRACKS_SUGGESTED);
}

void
mg_suggest_view_play(GtkWidget *widget)
{
  View *view = g_object_get_data(G_OBJECT(widget), view_key);
  mg_tracks_view_play(MG_TRACKS_VIEW(view->tracks));
}

/* Building */

static GtkWidget *
new_button(View *view, const char *label, const char *tooltip, void (*clicked)(View *))
{
  GtkWidget *button = mg_button_new(NULL, label, tooltip);
  g_signal_connect_swapped(button, "clicked", G_CALLBACK(clicked), view);
  return button;
}

static GtkWidget *
new_kinds(View *view)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
  view->open = gtk_toggle_button_new();
  view->check = gtk_toggle_button_new();
  gtk_widget_set_tooltip_text(view->open,
                              _("Tracks with a suggestion, the most uncertain first: Return takes it, a key "
                                "gives another class"));
  gtk_widget_set_tooltip_text(view->check,
                              _("Labels taken over unseen that were drawn to be checked: Return where it is "
                                "right, a key where it is another class"));
  gtk_toggle_button_set_group(GTK_TOGGLE_BUTTON(view->check), GTK_TOGGLE_BUTTON(view->open));
  gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(view->open), TRUE);
  gtk_widget_add_css_class(box, "linked");
  gtk_box_append(GTK_BOX(box), view->open);
  gtk_box_append(GTK_BOX(box), view->check);
  g_signal_connect(view->check, "toggled", G_CALLBACK(on_toggled), view);
  return box;
}

static GtkWidget *
new_bar(View *view)
{
  GtkWidget *bar = mg_wrap_box_new(6), *sure = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  view->runs = gtk_drop_down_new(NULL, NULL);
  gtk_widget_set_tooltip_text(view->runs, _("The run that proposes labels"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(view->runs), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 _("The run that proposes labels"), -1);
  view->start = new_button(view, _("_Suggest labels"), _("Let the run listen to the tracks without a class"), start);
  view->bar = gtk_progress_bar_new();
  gtk_progress_bar_set_show_text(GTK_PROGRESS_BAR(view->bar), TRUE);
  gtk_widget_set_valign(view->bar, GTK_ALIGN_CENTER);
  view->cancel = new_button(view, _("_Cancel"), _("Stop; what was suggested is kept"), cancel);
  view->surer = gtk_spin_button_new_with_range(50, 100, 1);
  gtk_spin_button_set_value(GTK_SPIN_BUTTON(view->surer), 95);
  gtk_accessible_update_property(GTK_ACCESSIBLE(view->surer), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 _("Least probability in percent"), -1);
  g_signal_connect_swapped(view->surer, "value-changed", G_CALLBACK(show), view);
  view->take =
      new_button(view, "", _("Give all that are as sure as this their label; a sample is drawn to be checked"), take);
  gtk_box_append(GTK_BOX(sure), gtk_label_new(_("Surer than, %")));
  gtk_box_append(GTK_BOX(sure), view->surer);
  gtk_box_append(GTK_BOX(sure), view->take);
  GtkWidget *const parts[] = {view->runs, view->start, view->bar, view->cancel, sure, new_kinds(view)};
  for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
    mg_wrap_box_append(MG_WRAP_BOX(bar), parts[i]);
  return bar;
}

GtkWidget *
mg_suggest_view_new(MgWorkspace *workspace)
{
  View *view = g_new0(View, 1);
  GtkWidget *head = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  view->workspace = g_object_ref(workspace);
  view->suggesting = mg_background_new();
  view->folders = g_ptr_array_new_with_free_func(g_free);
  view->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  view->tracks = mg_tracks_view_new(workspace);
  gtk_box_append(GTK_BOX(head), new_bar(view));
  view->facts = mg_figure_label_new(0);
  gtk_label_set_wrap(GTK_LABEL(view->facts), TRUE);
  view->error = mg_notice_new();
  gtk_box_append(GTK_BOX(head), view->facts);
  gtk_box_append(GTK_BOX(head), view->error);
  gtk_widget_set_margin_start(head, 12);
  gtk_widget_set_margin_end(head, 12);
  gtk_box_append(GTK_BOX(view->box), head);
  gtk_widget_set_vexpand(view->tracks, TRUE);
  gtk_box_append(GTK_BOX(view->box), view->tracks);
  mg_tracks_view_show_kind(MG_TRACKS_VIEW(view->tracks), MG_TRACKS_SUGGESTED);
  g_signal_connect_swapped(view->suggesting, "changed", G_CALLBACK(on_changed), view);
  g_signal_connect_swapped(view->suggesting, "progress", G_CALLBACK(show_progress), view);
  g_signal_connect_swapped(workspace, "tracks-changed", G_CALLBACK(show), view);
  g_signal_connect_swapped(view->box, "map", G_CALLBACK(list_runs), view);
  g_object_set_data_full(G_OBJECT(view->box), view_key, view, free_view);
  show(view);
  return view->box;
}
