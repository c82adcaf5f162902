#include "ui/dataset/problems-view.h"
#include "ui/widgets/format.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/work-row.h"
#include "ui/window.h"
#include <adwaita.h>
#include <glib/gi18n.h>

enum { MOST_ROWS = 50 }; /* of one kind; fixing all does the others, too */

typedef struct {
  GtkWidget *box; /* holds all of it */
  GtkWidget *facts, *error, *listen, *kinds;
  MgWorkRow *progress;
  MgWorkspace *workspace;
  MgProblemList *list;
} View;

static void
free_view(gpointer data)
{
  View *view = data;
  g_signal_handlers_disconnect_by_data(view->list, view);
  g_object_unref(view->workspace);
  g_object_unref(view->list);
  g_free(view);
}

/* Fixing */

/* What a button does; kept by the button. */
typedef struct {
  View *view;
  const MgProblem *problem; /* NULL: all of the kind */
  MgProblemKind kind;
  MgFix fix;
} Deed;

static void
fix(GtkButton *button, Deed *deed)
{
  View *view = deed->view;
  g_autoptr(GError) error = NULL;
  if (mg_problem_list_fix(view->list, deed->problem, deed->kind, deed->fix, &error))
    mg_window_toast_undo(view->box, deed->problem ? _("Problem fixed") : _("All problems of this kind fixed"));
  else if (error)
    mg_window_toast(view->box, error->message);
}

static void
free_deed(gpointer data, GClosure *closure)
{
  g_free(data);
}

static GtkWidget *
new_fix(View *view, const MgProblem *problem, MgProblemKind kind, MgFix fix_wanted, const char *label)
{
  GtkWidget *button = gtk_button_new_with_label(label);
  Deed *deed = g_new(Deed, 1);
  *deed = (Deed){view, problem, kind, fix_wanted};
  g_signal_connect_data(button, "clicked", G_CALLBACK(fix), deed, free_deed, 0);
  gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
  return button;
}

/* Hearing */

static void
play(GtkButton *button, View *view)
{
  const char *path = g_object_get_data(G_OBJECT(button), "path");
  mg_player_play(mg_workspace_player(view->workspace), path, 0, 0, 0);
}

static GtkWidget *
new_play(View *view, const MgTrack *track)
{
  g_autofree char *tooltip = g_strdup_printf(_("Play %s"), track->name);
  GtkWidget *button = mg_button_new("media-playback-start-symbolic", NULL, tooltip);
  g_object_set_data_full(G_OBJECT(button), "path", g_strdup(track->path), g_free);
  g_signal_connect(button, "clicked", G_CALLBACK(play), view);
  gtk_widget_add_css_class(button, "flat");
  gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
  return button;
}

/* Showing */

static char *
title_of(const MgProblem *problem, const MgManifest *manifest)
{
  const MgTrack *first = mg_manifest_track(manifest, g_array_index(problem->tracks, guint, 0));
  if (problem->tracks->len > 1)
    return g_strdup(problem->text);
  return g_strdup_printf("%s (%s)", first->name, mg_manifest_label(manifest, first->label));
}

static GtkWidget *
new_row(View *view, const MgProblem *problem)
{
  const MgManifest *manifest = mg_problem_list_manifest(view->list);
  const MgProblemClass *class = mg_problem_class(problem->kind);
  GtkWidget *row = adw_action_row_new();
  g_autofree char *title = title_of(problem, manifest);
  adw_preferences_row_set_use_markup(ADW_PREFERENCES_ROW(row), FALSE);
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), title);
  adw_action_row_set_title_lines(ADW_ACTION_ROW(row), 4);
  if (problem->tracks->len == 1)
    adw_action_row_set_subtitle(ADW_ACTION_ROW(row), problem->text);
  for (guint i = 0; i < problem->tracks->len && i < 3; i++)
    adw_action_row_add_suffix(ADW_ACTION_ROW(row),
                              new_play(view, mg_manifest_track(manifest, g_array_index(problem->tracks, guint, i))));
  for (guint i = 0; i < class->n_fixes; i++)
    adw_action_row_add_suffix(ADW_ACTION_ROW(row),
                              new_fix(view, problem, problem->kind, class->fixes[i], _(mg_fix_title(class->fixes[i]))));
  return row;
}

static GtkWidget *
new_kind(View *view, const GPtrArray *problems, guint from, guint to)
{
  MgProblemKind kind = ((const MgProblem *)problems->pdata[from])->kind;
  const MgProblemClass *class = mg_problem_class(kind);
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP(adw_preferences_group_new());
  g_autofree char *title = g_strdup_printf("%s · %u", _(class->title), to - from);
  GString *help = g_string_new(_(class->help));
  if (to - from > MOST_ROWS) {
    g_string_append(help, ". ");
    g_string_append_printf(help, _("The first %u are shown."), MOST_ROWS);
  }
  adw_preferences_group_set_title(group, title);
  adw_preferences_group_set_description(group, help->str);
  g_string_free(help, TRUE);
  if (to - from > 1) {
    g_autofree char *label = g_strdup_printf(_("All: %s"), _(mg_fix_title(class->fixes[0])));
    adw_preferences_group_set_header_suffix(group, new_fix(view, NULL, kind, class->fixes[0], label));
  }
  for (guint i = from; i < to && i < from + MOST_ROWS; i++)
    adw_preferences_group_add(group, new_row(view, problems->pdata[i]));
  return GTK_WIDGET(group);
}

static void
show_kinds(View *view)
{
  const GPtrArray *problems = mg_problem_list_problems(view->list);
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child(view->kinds)))
    gtk_box_remove(GTK_BOX(view->kinds), child);
  for (guint from = 0, to; problems && from < problems->len; from = to) {
    MgProblemKind kind = ((const MgProblem *)problems->pdata[from])->kind;
    for (to = from + 1; to < problems->len && ((const MgProblem *)problems->pdata[to])->kind == kind;)
      to++;
    gtk_box_append(GTK_BOX(view->kinds), new_kind(view, problems, from, to));
  }
}

static char *
facts_of(View *view)
{
  const GPtrArray *problems = mg_problem_list_problems(view->list);
  guint n = problems ? problems->len : 0, unheard = mg_problem_list_n_unheard(view->list);
  g_autofree char *tracks = mg_format_count(mg_problem_list_n_tracks(view->list));
  if (!problems)
    return g_strdup(mg_problem_list_is_looking(view->list)
                        ? _("Looking…")
                        : _("There is no track with a class yet. Import a data set, or give tracks classes."));
  g_autofree char *found =
      n ? g_strdup_printf(ngettext("%u problem in %s tracks", "%u problems in %s tracks", n), n, tracks)
        : g_strdup_printf(_("No problem in %s tracks"), tracks);
  g_autofree char *waiting = mg_format_count(unheard);
  return unheard ? g_strdup_printf(ngettext("%s. %s track has not been listened to yet.",
                                            "%s. %s tracks have not been listened to yet.", unheard),
                                   found, waiting)
                 : g_strdup_printf(_("%s. All have been listened to."), found);
}

static void
show_progress(View *view)
{
  MgBackground *listening = mg_problem_list_listening(view->list);
  mg_work_row_set(view->progress, mg_background_is_running(listening), mg_background_fraction(listening),
                  mg_background_seconds_left(listening));
}

static void
show(View *view)
{
  if (gtk_widget_get_mapped(view->box))
    mg_problem_list_look(view->list);
  g_autofree char *facts = facts_of(view);
  gboolean listening = mg_background_is_running(mg_problem_list_listening(view->list));
  gtk_label_set_text(GTK_LABEL(view->facts), facts);
  gtk_widget_set_visible(view->listen, !listening && mg_problem_list_n_unheard(view->list) > 0);
  mg_notice_set(view->error, MG_NOTICE_ERROR, mg_background_message(mg_problem_list_listening(view->list)));
  show_progress(view);
  show_kinds(view);
}

/* Building */

static GtkWidget *
new_progress(View *view)
{
  GtkWidget *row = mg_work_row_new(_("Listening"), _("Stop listening; what was heard is kept"));
  g_signal_connect_swapped(row, "cancel", G_CALLBACK(mg_background_cancel), mg_problem_list_listening(view->list));
  view->progress = MG_WORK_ROW(row);
  return row;
}

GtkWidget *
mg_problems_view_new(MgWorkspace *workspace, MgProblemList *list)
{
  View *view = g_new0(View, 1);
  GtkWidget *scroller = gtk_scrolled_window_new(), *clamp = adw_clamp_new(), *box;
  view->box = scroller;
  view->workspace = g_object_ref(workspace);
  view->list = g_object_ref(list);
  view->facts = mg_figure_label_new(0);
  gtk_label_set_wrap(GTK_LABEL(view->facts), TRUE);
  view->error = mg_notice_new();
  view->listen = mg_button_new(NULL, _("_Listen to the tracks"),
                               _("Read every track once: copies, clipping, silence; goes on in the background"));
  gtk_widget_add_css_class(view->listen, "suggested-action");
  gtk_widget_set_halign(view->listen, GTK_ALIGN_START);
  g_signal_connect_swapped(view->listen, "clicked", G_CALLBACK(mg_problem_list_listen), list);
  view->kinds = gtk_box_new(GTK_ORIENTATION_VERTICAL, 18);
  box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *const parts[] = {view->facts, view->listen, new_progress(view), view->error, view->kinds};
  for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
    gtk_box_append(GTK_BOX(box), parts[i]);
  gtk_widget_set_margin_start(box, 24);
  gtk_widget_set_margin_end(box, 24);
  gtk_widget_set_margin_top(box, 12);
  gtk_widget_set_margin_bottom(box, 24);
  adw_clamp_set_maximum_size(ADW_CLAMP(clamp), 860);
  adw_clamp_set_child(ADW_CLAMP(clamp), box);
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), clamp);
  g_signal_connect_swapped(list, "changed", G_CALLBACK(show), view);
  g_signal_connect_swapped(list, "progress", G_CALLBACK(show_progress), view);
  g_signal_connect_swapped(scroller, "map", G_CALLBACK(show), view);
  g_object_set_data_full(G_OBJECT(scroller), "problems-view", view, free_view);
  show(view);
  return scroller;
}
