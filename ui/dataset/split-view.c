#include "ui/dataset/split-view.h"
#include "session/track-edits.h"
#include "ui/dataset/histograms.h"
#include "ui/dataset/n-table.h"
#include "ui/dataset/split-editor.h"
#include "ui/trace.h"
#include "ui/widgets/format.h"
#include "ui/widgets/notice.h"
#include "ui/window.h"
#include <adwaita.h>
#include <glib/gi18n.h>

typedef struct {
  GtkWidget *scroller; /* holds all of it */
  GtkWidget *facts, *leaky, *leaks, *table_place, *keep, *problems_title, *problems;
  MgWorkspace *workspace;
  MgDatasetModel *model;
} View;

static void
free_view(gpointer data)
{
  View *view = data;
  g_signal_handlers_disconnect_by_data(view->model, view);
  g_object_unref(view->workspace);
  g_object_unref(view->model);
  g_free(view);
}

/* The sides that the tracks have now stay theirs, for “As the data set says”. */
static void
keep_split(View *view)
{
  const MgManifest *manifest = mg_dataset_model_manifest(view->model);
  g_autoptr(GArray) values = g_array_new(FALSE, FALSE, sizeof(MgTrackValue));
  g_autoptr(GError) error = NULL;
  for (guint i = 0; manifest && i < manifest->tracks->len; i++) {
    const MgTrack *track = mg_manifest_track(manifest, i);
    MgTrackValue value = {track->id, MG_FIELD_SPLIT,
                          track->split == MG_SPLIT_NONE ? NULL : mg_split_name(track->split)};
    g_array_append_val(values, value);
  }
  if (mg_workspace_edit_values(view->workspace, (const MgTrackValue *)values->data, values->len, _("Split kept"),
                               &error))
    mg_window_toast_undo(view->scroller, _("Each track keeps its side, as the data set’s own split"));
  else
    mg_window_toast(view->scroller, error ? error->message : _("Each track has this side already"));
}

static char *
summary_of(MgDatasetModel *model)
{
  guint tracks = 0, segments = 0;
  double seconds = 0;
  size_t classes = mg_dataset_model_n_classes(model);
  for (size_t i = 0; i < classes; i++) {
    const MgDatasetClass *class = mg_dataset_model_class(model, i);
    tracks += class->tracks;
    seconds += class->seconds;
    segments += class->segments[0] + class->segments[1] + class->segments[2];
  }
  g_autofree char *clock = mg_format_clock(seconds, 0);
  g_autofree char *many_tracks = mg_format_count(tracks), *many_segments = mg_format_count(segments);
  return g_strdup_printf(_("%zu classes · %s tracks · %s · %s segments of %s\u202fs"), classes, many_tracks, clock,
                         many_segments, mg_params_text(mg_dataset_model_params(model), "segment_seconds"));
}

/* Without the data set's own path, which stands above. */
static const char *
short_problem(View *view, const char *problem)
{
  const char *folder = mg_dataset_model_path(view->model);
  size_t length = folder ? strlen(folder) : 0;
  if (!folder)
    return problem;
  return g_str_has_prefix(problem, folder) && problem[length] == '/' ? problem + length + 1 : problem;
}

static void
show_problems(View *view)
{
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child(view->problems)))
    gtk_list_box_remove(GTK_LIST_BOX(view->problems), child);
  guint n = 0;
  for (const char *const *problem = mg_dataset_model_problems(view->model); *problem; problem++, n++) {
    GtkWidget *notice = mg_notice_new();
    mg_notice_set(notice, MG_NOTICE_WARNING, short_problem(view, *problem));
    gtk_widget_set_margin_start(notice, 12);
    gtk_widget_set_margin_end(notice, 12);
    gtk_widget_set_margin_top(notice, 10);
    gtk_widget_set_margin_bottom(notice, 10);
    gtk_list_box_append(GTK_LIST_BOX(view->problems), notice);
  }
  for (child = gtk_widget_get_first_child(view->problems); child; child = gtk_widget_get_next_sibling(child))
    gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(child), FALSE);
  g_autofree char *title = g_strdup_printf(ngettext("%u problem found", "%u problems found", n), n);
  gtk_label_set_text(GTK_LABEL(view->problems_title), title);
  gtk_widget_set_visible(view->problems_title, n > 0);
  gtk_widget_set_visible(view->problems, n > 0);
}

static void
show_leaks(View *view)
{
  const MgLeakCheck *leaks = mg_dataset_model_leaks(view->model);
  g_autofree char *proof = leaks ? mg_leak_check_text(leaks) : NULL;
  mg_notice_set(view->leaks, leaks && !mg_leak_check_is_clean(leaks) ? MG_NOTICE_WARNING : MG_NOTICE_INFO, proof);
  mg_notice_set(view->leaky, MG_NOTICE_WARNING,
                mg_dataset_model_is_leaky(view->model)
                    ? _("This split is made segment by segment: pieces of one track are on both sides, so every "
                        "figure from it pretends. Use 6:2:2 to keep tracks whole.")
                    : NULL);
}

static void
show(View *view)
{
  gboolean any = mg_dataset_model_n_classes(view->model) > 0;
  g_autofree char *facts = any ? summary_of(view->model) : NULL;
  gtk_label_set_text(GTK_LABEL(view->facts), facts ? facts : "");
  gtk_widget_set_visible(view->facts, any);
  adw_bin_set_child(ADW_BIN(view->table_place), any ? mg_n_table_new(view->model) : NULL);
  gtk_widget_set_visible(view->table_place, any);
  gtk_widget_set_visible(
      view->keep, any && g_strcmp0(mg_dataset_model_path(view->model), mg_workspace_folder(view->workspace)) == 0);
  show_leaks(view);
  show_problems(view);
  if (mg_dataset_model_state(view->model) == MG_DATASET_READY)
    mg_trace("dataset-ready", -1);
}

static void
set_margins(GtkWidget *widget, int margin)
{
  gtk_widget_set_margin_start(widget, margin);
  gtk_widget_set_margin_end(widget, margin);
  gtk_widget_set_margin_top(widget, margin);
  gtk_widget_set_margin_bottom(widget, margin);
}

static GtkWidget *
new_table_card(View *view)
{
  GtkWidget *card = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0), *scroller = gtk_scrolled_window_new();
  view->table_place = adw_bin_new();
  set_margins(view->table_place, 18);
  gtk_widget_add_css_class(card, "card");
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_AUTOMATIC, GTK_POLICY_NEVER);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), view->table_place);
  gtk_box_append(GTK_BOX(card), scroller);
  g_object_bind_property(view->table_place, "visible", card, "visible", G_BINDING_SYNC_CREATE);
  return card;
}

GtkWidget *
mg_split_view_new(MgWorkspace *workspace, MgDatasetModel *model)
{
  View *view = g_new0(View, 1);
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 18), *clamp = adw_clamp_new();
  view->workspace = g_object_ref(workspace);
  view->model = g_object_ref(model);
  view->scroller = gtk_scrolled_window_new();
  view->facts = mg_figure_label_new(0);
  gtk_label_set_wrap(GTK_LABEL(view->facts), TRUE);
  view->leaky = mg_notice_new();
  view->leaks = mg_notice_new();
  view->keep =
      mg_button_new(NULL, _("_Keep this split"), _("Write each track’s side into the workspace; it can be taken back"));
  g_signal_connect_swapped(view->keep, "clicked", G_CALLBACK(keep_split), view);
  gtk_widget_set_halign(view->keep, GTK_ALIGN_START);
  view->problems_title = gtk_label_new(NULL);
  gtk_label_set_xalign(GTK_LABEL(view->problems_title), 0);
  gtk_widget_add_css_class(view->problems_title, "heading");
  view->problems = gtk_list_box_new();
  gtk_list_box_set_selection_mode(GTK_LIST_BOX(view->problems), GTK_SELECTION_NONE);
  gtk_widget_add_css_class(view->problems, "boxed-list");
  gtk_accessible_update_property(GTK_ACCESSIBLE(view->problems), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Problems found"),
                                 -1);
  GtkWidget *const parts[] = {view->facts,
                              mg_split_editor_new(model),
                              view->leaky,
                              view->leaks,
                              new_table_card(view),
                              view->keep,
                              view->problems_title,
                              view->problems,
                              mg_histograms_new(model)};
  for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
    gtk_box_append(GTK_BOX(box), parts[i]);
  set_margins(box, 24);
  adw_clamp_set_maximum_size(ADW_CLAMP(clamp), 860);
  adw_clamp_set_child(ADW_CLAMP(clamp), box);
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(view->scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(view->scroller), clamp);
  g_signal_connect_swapped(model, "changed", G_CALLBACK(show), view);
  g_object_set_data_full(G_OBJECT(view->scroller), "split-view", view, free_view);
  show(view);
  return view->scroller;
}
