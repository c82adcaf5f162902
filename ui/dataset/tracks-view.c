#include "ui/dataset/tracks-view-private.h"
#include "ui/dataset/class-list.h"
#include "ui/dataset/track-views.h"
#include "ui/trace.h"
#include "ui/widgets/drawing.h"
#include "ui/widgets/format.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/stack.h"
#include "ui/widgets/wrap-box.h"
#include <glib/gi18n.h>

enum { TYPING_MS = 40 }; /* between two letters, after which an answer is looked for; a new letter ends the search */

G_DEFINE_FINAL_TYPE(MgTracksView, mg_tracks_view, GTK_TYPE_WIDGET)

/* What is selected */

MgTrackRow *
mg_tracks_view_first(MgTracksView *view)
{
  g_autoptr(GtkBitset) set = gtk_selection_model_get_selection(GTK_SELECTION_MODEL(view->selection));
  return gtk_bitset_is_empty(set) ? NULL : g_list_model_get_item(G_LIST_MODEL(view->list), gtk_bitset_get_minimum(set));
}

static void
play_row(MgTracksView *view, MgTrackRow *row)
{
  const MgStoreTrack *track = mg_track_row_track(row);
  mg_player_play(mg_workspace_player(view->workspace), track->path, track->start, track->start, track->end);
}

void
mg_tracks_view_play(MgTracksView *view)
{
  g_autoptr(MgTrackRow) row = mg_tracks_view_first(view);
  if (row)
    play_row(view, row);
}

static gboolean
listens(MgTracksView *view)
{
  return gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(view->listen));
}

static void
hear(MgTrackRow *row, gpointer data)
{
  MgTracksView *view = data;
  if (row && listens(view))
    play_row(view, row);
  else if (!row)
    mg_player_stop(mg_workspace_player(view->workspace));
}

/* The track that all pages share is the one that is selected alone. */
static void
on_selected(MgTracksView *view)
{
  g_autoptr(GtkBitset) set = gtk_selection_model_get_selection(GTK_SELECTION_MODEL(view->selection));
  g_autoptr(MgTrackRow) row = gtk_bitset_get_size(set) == 1 ? mg_tracks_view_first(view) : NULL;
  if (!row)
    return;
  const MgStoreTrack *track = mg_track_row_track(row);
  mg_selection_set(mg_workspace_selection(view->workspace), track->path, track->start, track->end);
  if (listens(view))
    play_row(view, row);
}

static void
scroll_to(MgTracksView *view, guint position)
{
  mg_table_view_scroll_to(MG_TABLE_VIEW(view->table), position);
  mg_item_view_scroll_to(MG_ITEM_VIEW(view->wall), position);
}

void
mg_tracks_view_go_on(MgTracksView *view)
{
  guint position = view->wanted ? mg_track_list_find(view->list, view->wanted) : G_MAXUINT;
  view->wanted = 0;
  if (position == G_MAXUINT)
    return;
  gtk_selection_model_select_item(GTK_SELECTION_MODEL(view->selection), position, TRUE);
  scroll_to(view, position);
}

/* Showing */

static void
show_count(MgTracksView *view)
{
  guint n = g_list_model_get_n_items(G_LIST_MODEL(view->list));
  g_autoptr(GtkBitset) set = gtk_selection_model_get_selection(GTK_SELECTION_MODEL(view->selection));
  guint chosen = (guint)gtk_bitset_get_size(set);
  g_autofree char *all = mg_format_count(n), *some = mg_format_count(chosen);
  g_autofree char *tracks = g_strdup_printf(ngettext("%s track", "%s tracks", n), all);
  g_autofree char *text = chosen > 1 ? g_strdup_printf(_("%s, %s selected"), tracks, some) : g_strdup(tracks);
  gtk_label_set_text(GTK_LABEL(view->count), text);
}

static const char *
emptiness(MgTracksView *view)
{
  const MgTracksQuery *query = mg_track_list_query(view->list);
  if (query->text && *query->text)
    return _("No track’s name, class or group holds this text.");
  switch (query->kind) {
  case MG_TRACKS_UNLABELLED:
    return _("Every track has a class.");
  case MG_TRACKS_EXCLUDED:
    return _("No track is excluded.");
  case MG_TRACKS_SUGGESTED:
    return _("Nothing is suggested that is not decided.");
  case MG_TRACKS_TO_CHECK:
    return _("The whole sample has been checked.");
  default:
    return _("There are no tracks yet. Drop files or a folder here.");
  }
}

static void
on_refreshed(MgTracksView *view)
{
  gboolean none = g_list_model_get_n_items(G_LIST_MODEL(view->list)) == 0;
  mg_trace("tracks-found", (g_get_monotonic_time() - view->asked) / 1000.0);
  mg_tracks_view_go_on(view);
  show_count(view);
  gtk_widget_set_visible(view->empty, none);
  gtk_label_set_text(GTK_LABEL(view->empty), emptiness(view));
}

static void
ask(MgTracksView *view)
{
  MgTracksQuery query = *mg_track_list_query(view->list);
  gboolean own = view->kind != MG_TRACKS_ALL;
  query.kind = own ? view->kind : mg_class_list_kind(MG_CLASS_LIST(view->classes));
  query.label = own ? NULL : mg_class_list_label(MG_CLASS_LIST(view->classes));
  query.text = gtk_editable_get_text(GTK_EDITABLE(view->search));
  if (view->kind == MG_TRACKS_SUGGESTED)
    query.order = MG_TRACKS_BY_CERTAINTY;
  else if (query.order == MG_TRACKS_BY_CERTAINTY)
    query.order = MG_TRACKS_BY_CLASS;
  view->asked = view->typed ? view->typed : g_get_monotonic_time();
  view->typed = 0;
  mg_track_list_set_query(view->list, &query);
}

static void
on_typed(MgTracksView *view)
{
  view->typed = g_get_monotonic_time();
}

static void
on_class_chosen(MgTracksView *view)
{
  view->kind = MG_TRACKS_ALL;
  ask(view);
}

void
mg_tracks_view_show_kind(MgTracksView *view, MgTracksKind kind)
{
  view->kind = kind;
  ask(view);
}

/* Building */

/* Only what is seen has tracks: hidden, the wall would go on making pictures of all that the table shows. */
static void
show_as(GtkToggleButton *button, MgTracksView *view)
{
  gboolean wall = gtk_toggle_button_get_active(button);
  GtkSelectionModel *model = GTK_SELECTION_MODEL(view->selection);
  mg_table_view_set_model(MG_TABLE_VIEW(view->table), wall ? NULL : model);
  mg_item_view_set_model(MG_ITEM_VIEW(view->wall), wall ? model : NULL);
  gtk_stack_set_visible_child_name(GTK_STACK(view->stack), wall ? "wall" : "table");
  g_autoptr(MgTrackRow) first = mg_tracks_view_first(view);
  if (first)
    scroll_to(view, mg_track_list_find(view->list, mg_track_row_track(first)->id));
}

static GtkWidget *
new_toggle(const char *icon, const char *tooltip)
{
  GtkWidget *button = gtk_toggle_button_new();
  gtk_button_set_icon_name(GTK_BUTTON(button), icon);
  gtk_widget_set_tooltip_text(button, tooltip);
  gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, tooltip, -1);
  return button;
}

static GtkWidget *
new_looks(MgTracksView *view)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *table = new_toggle("view-list-symbolic", _("Show as a table"));
  GtkWidget *wall = new_toggle("view-grid-symbolic", _("Show as pictures"));
  gtk_toggle_button_set_group(GTK_TOGGLE_BUTTON(wall), GTK_TOGGLE_BUTTON(table));
  gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(table), TRUE);
  g_signal_connect(wall, "toggled", G_CALLBACK(show_as), view);
  gtk_widget_add_css_class(box, "linked");
  gtk_box_append(GTK_BOX(box), table);
  gtk_box_append(GTK_BOX(box), wall);
  return box;
}

static GtkWidget *
new_action(const char *label, const char *tooltip, const char *action)
{
  GtkWidget *button = mg_button_new(NULL, label, tooltip);
  gtk_actionable_set_action_name(GTK_ACTIONABLE(button), action);
  return button;
}

static GtkWidget *
new_bar(MgTracksView *view)
{
  GtkWidget *bar = mg_wrap_box_new(6);
  view->search = gtk_search_entry_new();
  g_object_set(view->search, "placeholder-text", _("Name, class or group"), "search-delay", TYPING_MS, NULL);
  gtk_accessible_update_property(GTK_ACCESSIBLE(view->search), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Search for tracks"),
                                 -1);
  gtk_widget_set_hexpand(view->search, TRUE);
  view->listen =
      new_toggle("audio-speakers-symbolic", _("Play each track as it is chosen, or the pointer rests on it"));
  gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(view->listen), TRUE);
  GtkWidget *const parts[] = {
      view->search,
      new_action(_("_Class…"), _("Give the selected tracks a class; the keys beside the classes do it at once"),
                 "tracks.class"),
      new_action(_("E_xclude"), _("Learn nothing from the selected tracks, or take them again (Delete)"),
                 "tracks.exclude"),
      view->listen,
      new_looks(view),
  };
  for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
    mg_wrap_box_append(MG_WRAP_BOX(bar), parts[i]);
  return bar;
}

static GtkWidget *
new_lists(MgTracksView *view)
{
  GtkWidget *overlay = gtk_overlay_new(), *scroller = gtk_scrolled_window_new();
  view->table = mg_track_table_new(view->selection, view->list);
  view->wall = mg_track_wall_new(view->thumbnails, hear, view);
  view->stack = mg_stack_new();
  view->empty = gtk_label_new(NULL);
  gtk_label_set_wrap(GTK_LABEL(view->empty), TRUE);
  gtk_label_set_justify(GTK_LABEL(view->empty), GTK_JUSTIFY_CENTER);
  gtk_widget_add_css_class(view->empty, "dim-label");
  gtk_widget_set_halign(view->empty, GTK_ALIGN_CENTER);
  gtk_widget_set_valign(view->empty, GTK_ALIGN_CENTER);
  gtk_widget_set_visible(view->empty, FALSE);
  gtk_stack_add_named(GTK_STACK(view->stack), view->table, "table");
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), view->wall);
  gtk_stack_add_named(GTK_STACK(view->stack), scroller, "wall");
  gtk_widget_set_vexpand(view->stack, TRUE);
  gtk_overlay_set_child(GTK_OVERLAY(overlay), view->stack);
  gtk_overlay_add_overlay(GTK_OVERLAY(overlay), view->empty);
  return overlay;
}

static GtkWidget *
new_foot(MgTracksView *view)
{
  GtkWidget *foot = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *hint = gtk_label_new(_("Keys beside the classes give one and go on · Space plays · Delete excludes"));
  view->count = mg_figure_label_new(0);
  gtk_label_set_ellipsize(GTK_LABEL(hint), PANGO_ELLIPSIZE_END);
  gtk_widget_set_tooltip_text(hint, gtk_label_get_text(GTK_LABEL(hint)));
  gtk_label_set_xalign(GTK_LABEL(hint), 1);
  gtk_widget_set_hexpand(hint, TRUE);
  gtk_widget_add_css_class(hint, "dim-label");
  gtk_widget_add_css_class(hint, "caption");
  gtk_widget_add_css_class(view->count, "caption");
  gtk_box_append(GTK_BOX(foot), view->count);
  gtk_box_append(GTK_BOX(foot), hint);
  return foot;
}

static void
build(MgTracksView *view)
{
  GtkWidget *paned = gtk_paned_new(GTK_ORIENTATION_HORIZONTAL), *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  view->classes = mg_class_list_new(view->workspace);
  gtk_widget_set_size_request(view->classes, (int)(170 * mg_text_scale()), -1);
  gtk_box_append(GTK_BOX(box), new_bar(view));
  gtk_box_append(GTK_BOX(box), new_lists(view));
  gtk_box_append(GTK_BOX(box), new_foot(view));
  gtk_widget_set_margin_start(box, 12);
  gtk_widget_set_margin_end(box, 12);
  gtk_widget_set_margin_bottom(box, 6);
  gtk_paned_set_start_child(GTK_PANED(paned), view->classes);
  gtk_paned_set_end_child(GTK_PANED(paned), box);
  gtk_paned_set_resize_start_child(GTK_PANED(paned), FALSE);
  gtk_paned_set_shrink_start_child(GTK_PANED(paned), FALSE);
  gtk_paned_set_position(GTK_PANED(paned), 210);
  view->whole = paned;
  gtk_widget_set_parent(paned, GTK_WIDGET(view));
}

GtkWidget *
mg_tracks_view_new(MgWorkspace *workspace)
{
  MgTracksView *view = g_object_new(MG_TYPE_TRACKS_VIEW, NULL);
  view->workspace = g_object_ref(workspace);
  view->asked = g_get_monotonic_time();
  view->list = mg_track_list_new(workspace);
  view->thumbnails = mg_thumbnails_new();
  view->selection = gtk_multi_selection_new(G_LIST_MODEL(g_object_ref(view->list)));
  build(view);
  g_signal_connect_swapped(view->search, "changed", G_CALLBACK(on_typed), view);
  g_signal_connect_swapped(view->search, "search-changed", G_CALLBACK(ask), view);
  g_signal_connect_swapped(view->classes, "chosen", G_CALLBACK(on_class_chosen), view);
  g_signal_connect_swapped(view->list, "refreshed", G_CALLBACK(on_refreshed), view);
  g_signal_connect_swapped(view->selection, "selection-changed", G_CALLBACK(on_selected), view);
  g_signal_connect_swapped(view->selection, "selection-changed", G_CALLBACK(show_count), view);
  mg_tracks_view_add_keys(view);
  return GTK_WIDGET(view);
}

static void
dispose(GObject *object)
{
  MgTracksView *view = MG_TRACKS_VIEW(object);
  if (view->selection)
    g_signal_handlers_disconnect_by_data(view->selection, view);
  if (view->list)
    g_signal_handlers_disconnect_by_data(view->list, view);
  g_clear_pointer(&view->whole, gtk_widget_unparent);
  g_clear_object(&view->selection);
  g_clear_object(&view->list);
  g_clear_object(&view->thumbnails);
  g_clear_object(&view->workspace);
  G_OBJECT_CLASS(mg_tracks_view_parent_class)->dispose(object);
}

static void
mg_tracks_view_class_init(MgTracksViewClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = dispose;
  gtk_widget_class_set_layout_manager_type(widget, GTK_TYPE_BIN_LAYOUT);
  mg_tracks_view_install_edits(widget);
}

static void
mg_tracks_view_init(MgTracksView *view)
{
}
