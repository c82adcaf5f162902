#include "ui/widgets/copy-menu.h"
#include <glib/gi18n.h>

typedef struct {
  GtkWidget *widget, *menu;
  const MgCopyFuncs *funcs;
  GSimpleActionGroup *actions;
  char *row; /* of the place where the menu was opened */
} CopyMenu;

char *
mg_copy_join(GPtrArray *cells)
{
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < cells->len; i++) {
    if (i > 0)
      g_string_append_c(text, '\t');
    for (const char *c = cells->pdata[i]; *c; c++)
      g_string_append_c(text, *c == '\t' || *c == '\n' ? ' ' : *c);
  }
  return g_string_free(text, FALSE);
}

static void
take(CopyMenu *menu, const char *text)
{
  if (text)
    gdk_clipboard_set_text(gtk_widget_get_clipboard(menu->widget), text);
}

static void
copy_row(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  take(data, ((CopyMenu *)data)->row);
}

static void
copy_table(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  CopyMenu *menu = data;
  g_autofree char *text = menu->funcs->table(menu->widget);
  take(menu, text);
}

/* The lines of a table with tabs as one of Markdown. */
static char *
as_markdown(const char *text)
{
  GString *markdown = g_string_new(NULL);
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  for (guint i = 0; lines[i] && *lines[i]; i++) {
    g_auto(GStrv) cells = g_strsplit(lines[i], "\t", -1);
    for (guint c = 0; cells[c]; c++) {
      g_auto(GStrv) parts = g_strsplit(cells[c], "|", -1);
      g_autofree char *cell = g_strjoinv("\\|", parts);
      g_string_append_printf(markdown, "| %s ", cell);
    }
    g_string_append(markdown, "|\n");
    for (guint c = 0; i == 0 && cells[c]; c++)
      g_string_append_printf(markdown, "|---%s", cells[c + 1] ? "" : "|\n");
  }
  return g_string_free(markdown, FALSE);
}

static void
copy_markdown(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  CopyMenu *menu = data;
  g_autofree char *text = menu->funcs->table(menu->widget), *markdown = as_markdown(text);
  take(menu, markdown);
}

gpointer
mg_copy_row_at(GtkWidget *widget, double x, double y, const char *key)
{
  GtkWidget *at = gtk_widget_pick(widget, x, y, GTK_PICK_DEFAULT);
  while (at && at != widget && g_strcmp0(gtk_widget_get_css_name(at), "row") != 0)
    at = gtk_widget_get_parent(at);
  for (at = at == widget ? NULL : at; at; at = gtk_widget_get_first_child(at)) {
    gpointer row = g_object_get_data(G_OBJECT(at), key);
    if (row)
      return row;
  }
  return NULL;
}

static void
remember_row(CopyMenu *menu, double x, double y)
{
  g_free(menu->row);
  menu->row = menu->funcs->row(menu->widget, x, y);
  GAction *action = g_action_map_lookup_action(G_ACTION_MAP(menu->actions), "row");
  g_simple_action_set_enabled(G_SIMPLE_ACTION(action), menu->row != NULL);
}

static void
pop_up(CopyMenu *menu, double x, double y)
{
  remember_row(menu, x, y);
  if (!menu->menu) {
    g_autoptr(GMenu) model = g_menu_new();
    g_menu_append(model, _("Copy row"), "copy.row");
    g_menu_append(model, _("Copy table"), "copy.table");
    g_menu_append(model, _("Copy table as Markdown"), "copy.markdown");
    g_set_weak_pointer(&menu->menu, gtk_popover_menu_new_from_model(G_MENU_MODEL(model)));
    gtk_popover_set_has_arrow(GTK_POPOVER(menu->menu), FALSE);
    gtk_widget_set_halign(menu->menu, GTK_ALIGN_START);
    gtk_widget_set_parent(menu->menu, gtk_widget_get_parent(menu->widget));
    gtk_widget_insert_action_group(menu->menu, "copy", G_ACTION_GROUP(menu->actions));
  }
  gtk_widget_translate_coordinates(menu->widget, gtk_widget_get_parent(menu->widget), MAX(x, 12), MAX(y, 12), &x, &y);
  GdkRectangle at = {(int)x, (int)y, 1, 1};
  gtk_popover_set_pointing_to(GTK_POPOVER(menu->menu), &at);
  gtk_popover_popup(GTK_POPOVER(menu->menu));
}

static void
on_click(GtkGestureClick *gesture, int n, double x, double y, CopyMenu *menu)
{
  gtk_gesture_set_state(GTK_GESTURE(gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  pop_up(menu, x, y);
}

static gboolean
on_menu_key(GtkWidget *widget, GVariant *arguments, gpointer data)
{
  pop_up(data, -1, -1);
  return TRUE;
}

static gboolean
on_copy_key(GtkWidget *widget, GVariant *arguments, gpointer data)
{
  CopyMenu *menu = data;
  remember_row(menu, -1, -1);
  take(menu, menu->row);
  return menu->row != NULL;
}

static void
add_shortcut(GtkEventController *controller, guint key, GdkModifierType modifiers, GtkShortcutFunc func, gpointer data)
{
  gtk_shortcut_controller_add_shortcut(
      GTK_SHORTCUT_CONTROLLER(controller),
      gtk_shortcut_new(gtk_keyval_trigger_new(key, modifiers), gtk_callback_action_new(func, data, NULL)));
}

/* The menu hangs on the widget's parent, which lays it out; it goes with the widget. */
static void
on_destroy(CopyMenu *menu)
{
  if (menu->menu)
    gtk_widget_unparent(menu->menu);
}

static void
free_menu(gpointer data)
{
  CopyMenu *menu = data;
  g_clear_weak_pointer(&menu->menu);
  g_object_unref(menu->actions);
  g_free(menu->row);
  g_free(menu);
}

void
mg_copy_menu_add(GtkWidget *widget, const MgCopyFuncs *funcs)
{
  static const GActionEntry entries[] = {{.name = "row", .activate = copy_row},
                                         {.name = "table", .activate = copy_table},
                                         {.name = "markdown", .activate = copy_markdown}};
  CopyMenu *menu = g_new0(CopyMenu, 1);
  menu->widget = widget;
  menu->funcs = funcs;
  menu->actions = g_simple_action_group_new();
  g_action_map_add_action_entries(G_ACTION_MAP(menu->actions), entries, G_N_ELEMENTS(entries), menu);
  GtkGesture *click = gtk_gesture_click_new();
  gtk_gesture_single_set_button(GTK_GESTURE_SINGLE(click), GDK_BUTTON_SECONDARY);
  g_signal_connect(click, "pressed", G_CALLBACK(on_click), menu);
  gtk_widget_add_controller(widget, GTK_EVENT_CONTROLLER(click));
  GtkEventController *keys = gtk_shortcut_controller_new();
  add_shortcut(keys, GDK_KEY_Menu, 0, on_menu_key, menu);
  add_shortcut(keys, GDK_KEY_F10, GDK_SHIFT_MASK, on_menu_key, menu);
  add_shortcut(keys, GDK_KEY_c, GDK_CONTROL_MASK, on_copy_key, menu);
  gtk_widget_add_controller(widget, keys);
  g_signal_connect_swapped(widget, "destroy", G_CALLBACK(on_destroy), menu);
  g_object_set_data_full(G_OBJECT(widget), "copy-menu", menu, free_menu);
}
