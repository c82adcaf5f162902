#include "ui/library/library-pane.h"
#include "ui/widgets/format.h"
#include "ui/widgets/stack.h"
#include "ui/window.h"
#include <adwaita.h>
#include <glib/gi18n.h>

enum { MOST_OPEN = 2000 }; /* tracks up to which all classes are open at first */

struct _MgLibraryPane {
  GtkWidget parent;
  MgWorkspace *workspace;
  GtkTreeListModel *tree;
  GtkSingleSelection *chosen;
  GtkWidget *stack;   /* the list, or what to do while it is empty */
  GtkWidget *menu;    /* of a row */
  gboolean following; /* the shared selection is being shown */
};

G_DEFINE_FINAL_TYPE(MgLibraryPane, mg_library_pane, GTK_TYPE_WIDGET)

static GListModel *
tracks_of(gpointer item, gpointer data)
{
  return MG_IS_TRACK_GROUP(item) ? G_LIST_MODEL(g_object_ref(item)) : NULL;
}

/* The menu of a track's row; `widget` is the row's. */
static void
open_menu(GtkGestureClick *click, int n, double x, double y, GtkListItem *list_item)
{
  GtkWidget *widget = gtk_event_controller_get_widget(GTK_EVENT_CONTROLLER(click));
  MgLibraryPane *pane = MG_LIBRARY_PANE(gtk_widget_get_ancestor(widget, MG_TYPE_LIBRARY_PANE));
  g_autoptr(GObject) item = gtk_tree_list_row_get_item(gtk_list_item_get_item(list_item));
  g_autoptr(GMenu) menu = g_menu_new();
  double left, top;
  if (!MG_IS_TRACK_ITEM(item))
    return;
  g_autoptr(GMenuItem) classify = g_menu_item_new(_("_Classify"), NULL);
  g_menu_item_set_action_and_target(classify, "win.classify-file", "s", mg_track_item_path(MG_TRACK_ITEM(item)));
  g_menu_append_item(menu, classify);
  g_autoptr(GMenuItem) remove = g_menu_item_new(_("_Remove from the library"), NULL);
  g_menu_item_set_action_and_target(remove, "library.remove", "s", mg_track_item_path(MG_TRACK_ITEM(item)));
  g_menu_append_item(menu, remove);
  gtk_popover_menu_set_menu_model(GTK_POPOVER_MENU(pane->menu), G_MENU_MODEL(menu));
  gtk_widget_translate_coordinates(widget, GTK_WIDGET(pane), x, y, &left, &top);
  gtk_popover_set_pointing_to(GTK_POPOVER(pane->menu), &(GdkRectangle){(int)left, (int)top, 1, 1});
  gtk_popover_popup(GTK_POPOVER(pane->menu));
}

static void
set_up_row(GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer data)
{
  GtkGesture *click = gtk_gesture_click_new();
  GtkWidget *expander = gtk_tree_expander_new();
  gtk_tree_expander_set_indent_for_icon(GTK_TREE_EXPANDER(expander), FALSE);
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *name = gtk_label_new(NULL), *detail = gtk_label_new(NULL);
  gtk_label_set_xalign(GTK_LABEL(name), 0);
  gtk_label_set_ellipsize(GTK_LABEL(name), PANGO_ELLIPSIZE_MIDDLE);
  gtk_widget_set_hexpand(name, TRUE);
  gtk_widget_add_css_class(detail, "dim-label");
  gtk_widget_add_css_class(detail, "numeric");
  gtk_widget_add_css_class(detail, "caption");
  gtk_box_append(GTK_BOX(box), name);
  gtk_box_append(GTK_BOX(box), detail);
  gtk_tree_expander_set_child(GTK_TREE_EXPANDER(expander), box);
  gtk_gesture_single_set_button(GTK_GESTURE_SINGLE(click), GDK_BUTTON_SECONDARY);
  g_signal_connect(click, "pressed", G_CALLBACK(open_menu), list_item);
  gtk_widget_add_controller(expander, GTK_EVENT_CONTROLLER(click));
  gtk_list_item_set_child(list_item, expander);
}

static void
show_count(MgTrackGroup *group, GtkLabel *detail)
{
  g_autofree char *count = g_strdup_printf("%u", g_list_model_get_n_items(G_LIST_MODEL(group)));
  gtk_label_set_text(detail, count);
}

static void
recount(MgTrackGroup *group, guint position, guint removed, guint added, GtkLabel *detail)
{
  show_count(group, detail);
}

static void
show_group(MgTrackGroup *group, GtkLabel *name, GtkLabel *detail)
{
  const char *label = mg_track_group_label(group);
  gtk_label_set_text(name, label ? label : _("Tracks"));
  show_count(group, detail);
  g_signal_connect_object(group, "items-changed", G_CALLBACK(recount), detail, 0);
  gtk_widget_add_css_class(GTK_WIDGET(name), "heading");
}

static void
show_track(MgTrackItem *item, GtkLabel *name, GtkLabel *detail)
{
  double duration = mg_track_item_duration(item);
  g_autofree char *text = duration > 0 ? mg_format_clock(duration, 0) : g_strdup("");
  gtk_label_set_text(name, mg_track_item_name(item));
  gtk_label_set_text(detail, text);
  gtk_widget_remove_css_class(GTK_WIDGET(name), "heading");
}

static void
bind_row(GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer data)
{
  GtkTreeExpander *expander = GTK_TREE_EXPANDER(gtk_list_item_get_child(list_item));
  GtkTreeListRow *row = gtk_list_item_get_item(list_item);
  g_autoptr(GObject) item = gtk_tree_list_row_get_item(row);
  GtkWidget *name = gtk_widget_get_first_child(gtk_tree_expander_get_child(expander));
  GtkLabel *detail = GTK_LABEL(gtk_widget_get_next_sibling(name));
  gtk_tree_expander_set_list_row(expander, row);
  if (MG_IS_TRACK_GROUP(item))
    show_group(MG_TRACK_GROUP(item), GTK_LABEL(name), detail);
  else
    show_track(MG_TRACK_ITEM(item), GTK_LABEL(name), detail);
  const char *path = MG_IS_TRACK_ITEM(item) ? mg_track_item_path(MG_TRACK_ITEM(item)) : NULL;
  gtk_widget_set_tooltip_text(name, path);
}

static void
unbind_row(GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer data)
{
  g_autoptr(GObject) item = gtk_tree_list_row_get_item(gtk_list_item_get_item(list_item));
  GtkTreeExpander *expander = GTK_TREE_EXPANDER(gtk_list_item_get_child(list_item));
  GtkWidget *name = gtk_widget_get_first_child(gtk_tree_expander_get_child(expander));
  if (MG_IS_TRACK_GROUP(item))
    g_signal_handlers_disconnect_by_func(item, recount, gtk_widget_get_next_sibling(name));
}

static void
choose(MgLibraryPane *pane)
{
  GtkTreeListRow *row = gtk_single_selection_get_selected_item(pane->chosen);
  g_autoptr(GObject) item = row ? gtk_tree_list_row_get_item(row) : NULL;
  if (pane->following || !MG_IS_TRACK_ITEM(item))
    return;
  MgSelection *selection = mg_workspace_selection(pane->workspace);
  const char *path = mg_track_item_path(MG_TRACK_ITEM(item));
  if (g_strcmp0(mg_selection_track(selection), path) != 0)
    mg_selection_set(selection, path, 0, 0);
}

typedef struct {
  MgLibraryPane *pane;
  char *path;
} Removal;

static void
free_removal(gpointer data)
{
  Removal *removal = data;
  g_free(removal->path);
  g_free(removal);
}

/* The file stays. A track that is shown is so no longer, else it would come back. */
static gboolean
take_out(MgLibraryPane *pane, const char *path)
{
  MgSelection *selection = mg_workspace_selection(pane->workspace);
  g_autoptr(GError) error = NULL;
  gboolean shown = g_strcmp0(mg_selection_track(selection), path) == 0;
  if (shown) { /* before: the list would choose the track's neighbour */
    mg_player_stop(mg_workspace_player(pane->workspace));
    mg_selection_set(selection, NULL, 0, 0);
  }
  if (!mg_workspace_remove_track(pane->workspace, path, &error))
    mg_window_toast(GTK_WIDGET(pane), error->message);
  return error == NULL;
}

static void
turn_removal(gpointer data, gboolean again)
{
  Removal *removal = data;
  g_autoptr(GError) error = NULL;
  if (again)
    take_out(removal->pane, removal->path);
  else if (!mg_workspace_undo_remove(removal->pane->workspace, &error) && error)
    mg_window_toast(GTK_WIDGET(removal->pane), error->message);
}

static void
remove_track(MgLibraryPane *pane, const char *path)
{
  g_autofree char *kept = g_strdup(path), *name = g_path_get_basename(path);
  g_autofree char *text = g_strdup_printf(_("%s removed from the library"), name);
  if (!take_out(pane, kept))
    return;
  Removal *removal = g_new(Removal, 1);
  *removal = (Removal){pane, g_steal_pointer(&kept)};
  mg_history_add(mg_workspace_history(pane->workspace), pane, turn_removal, removal, free_removal);
  mg_window_toast_undo(GTK_WIDGET(pane), text);
}

static void
act_on_remove(GtkWidget *widget, const char *name, GVariant *parameter)
{
  remove_track(MG_LIBRARY_PANE(widget), g_variant_get_string(parameter, NULL));
}

static gboolean
remove_chosen(GtkWidget *widget, GVariant *parameter, gpointer data)
{
  GtkTreeListRow *row = gtk_single_selection_get_selected_item(MG_LIBRARY_PANE(widget)->chosen);
  g_autoptr(GObject) item = row ? gtk_tree_list_row_get_item(row) : NULL;
  if (!MG_IS_TRACK_ITEM(item))
    return FALSE;
  remove_track(MG_LIBRARY_PANE(widget), mg_track_item_path(MG_TRACK_ITEM(item)));
  return TRUE;
}

/* Opens or closes a class; a track is shown on the Explore page. */
static void
activate(GtkListView *view, guint position, MgLibraryPane *pane)
{
  g_autoptr(GtkTreeListRow) row = gtk_tree_list_model_get_row(pane->tree, position);
  if (gtk_tree_list_row_is_expandable(row))
    gtk_tree_list_row_set_expanded(row, !gtk_tree_list_row_get_expanded(row));
  else
    gtk_widget_activate_action(GTK_WIDGET(pane), "win.page", "s", "explore");
}

/* The position of a track's row; invalid where it is not there, or its class is closed. */
static guint
row_of(MgLibraryPane *pane, const char *path)
{
  MgLibrary *library = mg_workspace_library(pane->workspace);
  guint group, item;
  if (!mg_library_group_of(library, path, &group))
    return GTK_INVALID_LIST_POSITION;
  g_autoptr(GtkTreeListRow) class_row = gtk_tree_list_model_get_child_row(pane->tree, group);
  if (!class_row || !gtk_tree_list_row_get_expanded(class_row) || !mg_library_place(library, path, &group, &item))
    return GTK_INVALID_LIST_POSITION;
  g_autoptr(GtkTreeListRow) row = gtk_tree_list_row_get_child_row(class_row, item);
  return row ? gtk_tree_list_row_get_position(row) : GTK_INVALID_LIST_POSITION;
}

static void
follow_selection(MgLibraryPane *pane)
{
  const char *track = mg_selection_track(mg_workspace_selection(pane->workspace));
  guint wanted = track ? row_of(pane, track) : GTK_INVALID_LIST_POSITION;
  pane->following = TRUE;
  gtk_single_selection_set_selected(pane->chosen, wanted);
  pane->following = FALSE;
}

static void
show_emptiness(MgLibraryPane *pane)
{
  gboolean empty = mg_library_n_tracks(mg_workspace_library(pane->workspace)) == 0;
  gtk_stack_set_visible_child_name(GTK_STACK(pane->stack), empty ? "empty" : "list");
}

static GtkWidget *
new_list(MgLibraryPane *pane)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new();
  g_signal_connect(factory, "setup", G_CALLBACK(set_up_row), NULL);
  g_signal_connect(factory, "bind", G_CALLBACK(bind_row), NULL);
  g_signal_connect(factory, "unbind", G_CALLBACK(unbind_row), NULL);
  GtkWidget *list = gtk_list_view_new(GTK_SELECTION_MODEL(g_object_ref(pane->chosen)), factory);
  gtk_widget_add_css_class(list, "navigation-sidebar");
  gtk_accessible_update_property(GTK_ACCESSIBLE(list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Library"), -1);
  g_signal_connect(list, "activate", G_CALLBACK(activate), pane);
  GtkWidget *scroller = gtk_scrolled_window_new();
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), list);
  return scroller;
}

static GtkWidget *
new_hint(void)
{
  GtkWidget *hint = gtk_label_new(_("Tracks that you add or record are listed here, by class."));
  gtk_label_set_wrap(GTK_LABEL(hint), TRUE);
  gtk_label_set_max_width_chars(GTK_LABEL(hint), 24);
  gtk_label_set_justify(GTK_LABEL(hint), GTK_JUSTIFY_CENTER);
  gtk_widget_add_css_class(hint, "dim-label");
  gtk_widget_set_margin_start(hint, 18);
  gtk_widget_set_margin_end(hint, 18);
  return hint;
}

static GtkWidget *
new_add_buttons(void)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *add = gtk_button_new_from_icon_name("list-add-symbolic");
  GtkWidget *content = adw_button_content_new();
  adw_button_content_set_icon_name(ADW_BUTTON_CONTENT(content), "list-add-symbolic");
  adw_button_content_set_label(ADW_BUTTON_CONTENT(content), _("Add…"));
  gtk_button_set_child(GTK_BUTTON(add), content);
  gtk_widget_add_css_class(add, "flat");
  gtk_actionable_set_action_name(GTK_ACTIONABLE(add), "win.open");
  gtk_widget_set_tooltip_text(add, _("Add sound files (Ctrl+O)"));
  GtkWidget *folder = gtk_button_new_from_icon_name("folder-new-symbolic");
  gtk_widget_add_css_class(folder, "flat");
  gtk_actionable_set_action_name(GTK_ACTIONABLE(folder), "win.add-folder");
  gtk_widget_set_tooltip_text(folder, _("Add a folder; its sub-folders become classes"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(folder), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Add a folder"), -1);
  gtk_widget_set_hexpand(add, TRUE);
  gtk_widget_set_halign(add, GTK_ALIGN_START);
  gtk_box_append(GTK_BOX(box), add);
  gtk_box_append(GTK_BOX(box), folder);
  gtk_widget_add_css_class(box, "pane-foot");
  return box;
}

GtkWidget *
mg_library_pane_new(MgWorkspace *workspace)
{
  MgLibraryPane *pane = g_object_new(MG_TYPE_LIBRARY_PANE, NULL);
  MgLibrary *library = mg_workspace_library(workspace);
  pane->workspace = g_object_ref(workspace);
  gboolean few = mg_library_n_tracks(library) <= MOST_OPEN;
  pane->tree = gtk_tree_list_model_new(G_LIST_MODEL(g_object_ref(library)), FALSE, few, tracks_of, NULL, NULL);
  pane->chosen = gtk_single_selection_new(G_LIST_MODEL(g_object_ref(pane->tree)));
  gtk_single_selection_set_autoselect(pane->chosen, FALSE);
  gtk_single_selection_set_can_unselect(pane->chosen, TRUE);
  gtk_single_selection_set_selected(pane->chosen, GTK_INVALID_LIST_POSITION);
  gtk_stack_add_named(GTK_STACK(pane->stack), new_hint(), "empty");
  gtk_stack_add_named(GTK_STACK(pane->stack), new_list(pane), "list");
  g_signal_connect_swapped(pane->chosen, "notify::selected", G_CALLBACK(choose), pane);
  g_signal_connect_object(library, "items-changed", G_CALLBACK(show_emptiness), pane, G_CONNECT_SWAPPED);
  g_signal_connect_object(pane->tree, "items-changed", G_CALLBACK(follow_selection), pane,
                          G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object(mg_workspace_selection(workspace), "notify::track", G_CALLBACK(follow_selection), pane,
                          G_CONNECT_SWAPPED);
  show_emptiness(pane);
  follow_selection(pane);
  return GTK_WIDGET(pane);
}

static void
dispose(GObject *object)
{
  MgLibraryPane *pane = MG_LIBRARY_PANE(object);
  GtkWidget *child;
  if (pane->chosen)
    g_signal_handlers_disconnect_by_data(pane->chosen, pane);
  while ((child = gtk_widget_get_first_child(GTK_WIDGET(pane))))
    gtk_widget_unparent(child);
  g_clear_object(&pane->chosen);
  g_clear_object(&pane->tree);
  if (pane->workspace)
    mg_history_forget(mg_workspace_history(pane->workspace), pane);
  g_clear_object(&pane->workspace);
  G_OBJECT_CLASS(mg_library_pane_parent_class)->dispose(object);
}

/* Tab leaves the list: GTK would go on to the next row, of which there may be many, among which arrows go. */
static gboolean
move_focus(GtkWidget *widget, GtkDirectionType direction)
{
  GtkWidget *stack = MG_LIBRARY_PANE(widget)->stack;
  gboolean in_list = gtk_widget_get_focus_child(stack) != NULL;
  if (in_list && direction == GTK_DIR_TAB_FORWARD)
    return gtk_widget_child_focus(gtk_widget_get_next_sibling(stack), direction);
  if (in_list && direction == GTK_DIR_TAB_BACKWARD)
    return FALSE;
  return GTK_WIDGET_CLASS(mg_library_pane_parent_class)->focus(widget, direction);
}

static void
mg_library_pane_class_init(MgLibraryPaneClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = dispose;
  widget->focus = move_focus;
  gtk_widget_class_set_layout_manager_type(widget, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_install_action(widget, "library.remove", "s", act_on_remove);
  gtk_widget_class_add_binding(widget, GDK_KEY_Delete, 0, remove_chosen, NULL);
}

static void
mg_library_pane_init(MgLibraryPane *pane)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  pane->stack = mg_stack_new();
  gtk_widget_set_vexpand(pane->stack, TRUE);
  gtk_box_append(GTK_BOX(box), pane->stack);
  gtk_box_append(GTK_BOX(box), new_add_buttons());
  gtk_widget_set_parent(box, GTK_WIDGET(pane));
  pane->menu = gtk_popover_menu_new_from_model(NULL);
  gtk_popover_set_has_arrow(GTK_POPOVER(pane->menu), FALSE);
  gtk_widget_set_halign(pane->menu, GTK_ALIGN_START);
  gtk_widget_set_parent(pane->menu, GTK_WIDGET(pane));
}
