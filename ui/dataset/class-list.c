#include "ui/dataset/class-list.h"
#include "ui/dataset/class-rename.h"
#include "ui/widgets/format.h"
#include "ui/widgets/notice.h"
#include <glib/gi18n.h>
#include <string.h>

/* Without p, l and r, which play and record. */
static const char keys[] = "1234567890qweasdzxctyfghvbnuijkom";

struct _MgClassList {
  GtkWidget parent;
  MgWorkspace *workspace;
  GtkListBox *box;
  GtkWidget *scroller, *menu;
  GPtrArray *names; /* char *: the classes, in their order */
  char *chosen;     /* a class; NULL: one of the rows above */
  MgTracksKind kind;
  gboolean filling, stale; /* rows are being made; what they tell may be different now */
};

G_DEFINE_FINAL_TYPE(MgClassList, mg_class_list, GTK_TYPE_WIDGET)

static guint chosen_signal;
static const char label_key[] = "class-label", kind_key[] = "tracks-kind";

MgTracksKind
mg_class_list_kind(MgClassList *list)
{
  return list->kind;
}

const char *
mg_class_list_label(MgClassList *list)
{
  return list->chosen;
}

const char *
mg_class_list_of_key(MgClassList *list, guint key)
{
  gunichar letter = gdk_keyval_to_unicode(gdk_keyval_to_lower(key));
  const char *place = letter && letter < 128 ? strchr(keys, (int)letter) : NULL;
  size_t number = place ? (size_t)(place - keys) : sizeof keys;
  return number < list->names->len ? list->names->pdata[number] : NULL;
}

/* Rows */

static GtkWidget *
new_key(size_t number)
{
  g_autofree char *text = number + 1 < sizeof keys ? g_strndup(keys + number, 1) : g_strdup("");
  GtkWidget *label = gtk_label_new(text);
  gtk_label_set_width_chars(GTK_LABEL(label), 2);
  gtk_widget_add_css_class(label, "class-key");
  gtk_widget_set_valign(label, GTK_ALIGN_CENTER);
  gtk_widget_set_opacity(label, *text ? 1 : 0);
  return label;
}

/* How much of the longest class there is. */
static GtkWidget *
new_balance(double share)
{
  GtkWidget *bar = gtk_progress_bar_new();
  gtk_progress_bar_set_fraction(GTK_PROGRESS_BAR(bar), CLAMP(share, 0, 1));
  gtk_widget_add_css_class(bar, "balance");
  return bar;
}

/* `key` and `bar` may be NULL. */
static GtkWidget *
new_row(GtkWidget *key, const char *name, const char *detail, GtkWidget *bar)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6), *texts = gtk_box_new(GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6), *title = gtk_label_new(name);
  GtkWidget *figures = mg_figure_label_new(1);
  gtk_label_set_xalign(GTK_LABEL(title), 0);
  gtk_label_set_ellipsize(GTK_LABEL(title), PANGO_ELLIPSIZE_MIDDLE);
  gtk_widget_set_hexpand(title, TRUE);
  gtk_label_set_text(GTK_LABEL(figures), detail);
  gtk_widget_add_css_class(figures, "dim-label");
  gtk_widget_add_css_class(figures, "caption");
  gtk_box_append(GTK_BOX(line), title);
  gtk_box_append(GTK_BOX(line), figures);
  gtk_box_append(GTK_BOX(texts), line);
  if (bar)
    gtk_box_append(GTK_BOX(texts), bar);
  if (key)
    gtk_box_append(GTK_BOX(box), key);
  gtk_widget_set_valign(texts, GTK_ALIGN_CENTER);
  gtk_box_append(GTK_BOX(box), texts);
  GtkWidget *row = gtk_list_box_row_new();
  gtk_list_box_row_set_child(GTK_LIST_BOX_ROW(row), box);
  gtk_widget_set_tooltip_text(row, name);
  gtk_accessible_update_property(GTK_ACCESSIBLE(row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return row;
}

static void
add_row(MgClassList *list, GtkWidget *row, MgTracksKind kind, const char *label)
{
  g_object_set_data(G_OBJECT(row), kind_key, GINT_TO_POINTER(kind));
  g_object_set_data_full(G_OBJECT(row), label_key, g_strdup(label), g_free);
  gtk_list_box_append(list->box, row);
  if (kind == list->kind && g_strcmp0(label, list->chosen) == 0)
    gtk_list_box_select_row(list->box, GTK_LIST_BOX_ROW(row));
}

static void
add_fixed(MgClassList *list, const char *name, guint n, MgTracksKind kind)
{
  g_autofree char *count = mg_format_count(n);
  add_row(list, new_row(NULL, name, count, NULL), kind, NULL);
}

static void
add_classes(MgClassList *list, const GPtrArray *classes)
{
  double most = 0;
  for (guint i = 0; i < classes->len; i++)
    most = MAX(most, ((const MgStoreClass *)classes->pdata[i])->seconds);
  for (guint i = 0; i < classes->len; i++) {
    const MgStoreClass *class = classes->pdata[i];
    if (!class->label)
      continue;
    g_autofree char *count = mg_format_count(class->tracks - class->excluded);
    g_autofree char *clock = mg_format_clock(class->seconds, 0);
    g_autofree char *detail = g_strdup_printf("%s · %s", count, clock);
    GtkWidget *bar = new_balance(most > 0 ? class->seconds / most : 0);
    add_row(list, new_row(new_key(list->names->len), class->label, detail, bar), MG_TRACKS_ALL, class->label);
    g_ptr_array_add(list->names, g_strdup(class->label));
  }
}

static void
fill(MgClassList *list)
{
  g_autoptr(GPtrArray) classes = mg_store_classes(mg_workspace_store(list->workspace), NULL);
  guint tracks = 0, unlabelled = 0, excluded = 0;
  gboolean there = list->chosen == NULL;
  GtkListBoxRow *row;
  list->stale = FALSE;
  if (!classes)
    return;
  for (guint i = 0; i < classes->len; i++) {
    const MgStoreClass *class = classes->pdata[i];
    tracks += class->tracks;
    excluded += class->excluded;
    unlabelled += class->label ? 0 : class->tracks;
    there |= g_strcmp0(class->label, list->chosen) == 0;
  }
  if (!there)
    g_clear_pointer(&list->chosen, g_free);
  list->filling = TRUE;
  while ((row = gtk_list_box_get_row_at_index(list->box, 0)))
    gtk_list_box_remove(list->box, GTK_WIDGET(row));
  g_ptr_array_set_size(list->names, 0);
  add_fixed(list, _("All tracks"), tracks, MG_TRACKS_ALL);
  add_fixed(list, _("Without a class"), unlabelled, MG_TRACKS_UNLABELLED);
  add_fixed(list, _("Excluded"), excluded, MG_TRACKS_EXCLUDED);
  add_classes(list, classes);
  list->filling = FALSE;
  if (!there)
    g_signal_emit(list, chosen_signal, 0);
}

/* What nobody sees is counted when it is seen. */
static void
on_tracks_changed(MgClassList *list)
{
  list->stale = TRUE;
  if (gtk_widget_get_mapped(GTK_WIDGET(list)))
    fill(list);
}

static void
map(GtkWidget *widget)
{
  MgClassList *list = MG_CLASS_LIST(widget);
  GTK_WIDGET_CLASS(mg_class_list_parent_class)->map(widget);
  if (list->stale)
    fill(list);
}

static void
on_selected(GtkListBox *box, GtkListBoxRow *row, MgClassList *list)
{
  if (list->filling || !row)
    return;
  g_free(list->chosen);
  list->chosen = g_strdup(g_object_get_data(G_OBJECT(row), label_key));
  list->kind = GPOINTER_TO_INT(g_object_get_data(G_OBJECT(row), kind_key));
  g_signal_emit(list, chosen_signal, 0);
}

static void
rename_chosen(GtkWidget *widget, const char *name, GVariant *parameter)
{
  MgClassList *list = MG_CLASS_LIST(widget);
  if (list->chosen)
    mg_class_rename_ask(widget, list->workspace, list->chosen);
}

static void
open_menu(GtkGestureClick *click, int n, double x, double y, MgClassList *list)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_y(list->box, (int)y);
  double left, top;
  if (!row || !g_object_get_data(G_OBJECT(row), label_key))
    return;
  gtk_list_box_select_row(list->box, row);
  gtk_widget_translate_coordinates(GTK_WIDGET(list->box), GTK_WIDGET(list), x, y, &left, &top);
  gtk_popover_set_pointing_to(GTK_POPOVER(list->menu), &(GdkRectangle){(int)left, (int)top, 1, 1});
  gtk_popover_popup(GTK_POPOVER(list->menu));
}

GtkWidget *
mg_class_list_new(MgWorkspace *workspace)
{
  MgClassList *list = g_object_new(MG_TYPE_CLASS_LIST, NULL);
  list->workspace = g_object_ref(workspace);
  g_signal_connect_object(workspace, "tracks-changed", G_CALLBACK(on_tracks_changed), list, G_CONNECT_SWAPPED);
  list->stale = TRUE;
  return GTK_WIDGET(list);
}

static void
dispose(GObject *object)
{
  MgClassList *list = MG_CLASS_LIST(object);
  g_clear_pointer(&list->menu, gtk_widget_unparent);
  if (list->scroller) {
    g_signal_handlers_disconnect_by_data(list->box, list);
    g_clear_pointer(&list->scroller, gtk_widget_unparent);
  }
  g_clear_object(&list->workspace);
  G_OBJECT_CLASS(mg_class_list_parent_class)->dispose(object);
}

static void
finalize(GObject *object)
{
  MgClassList *list = MG_CLASS_LIST(object);
  g_ptr_array_unref(list->names);
  g_free(list->chosen);
  G_OBJECT_CLASS(mg_class_list_parent_class)->finalize(object);
}

static void
mg_class_list_class_init(MgClassListClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = dispose;
  G_OBJECT_CLASS(class)->finalize = finalize;
  widget->map = map;
  gtk_widget_class_set_layout_manager_type(widget, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_install_action(widget, "classes.rename", NULL, rename_chosen);
  gtk_widget_class_add_binding_action(widget, GDK_KEY_F2, GDK_SHIFT_MASK, "classes.rename", NULL);
  chosen_signal =
      g_signal_new("chosen", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
mg_class_list_init(MgClassList *list)
{
  g_autoptr(GMenu) menu = g_menu_new();
  GtkGesture *click = gtk_gesture_click_new();
  g_menu_append(menu, _("_Rename or merge…"), "classes.rename");
  list->names = g_ptr_array_new_with_free_func(g_free);
  list->box = GTK_LIST_BOX(gtk_list_box_new());
  gtk_widget_add_css_class(GTK_WIDGET(list->box), "navigation-sidebar");
  gtk_accessible_update_property(GTK_ACCESSIBLE(list->box), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Classes"), -1);
  gtk_gesture_single_set_button(GTK_GESTURE_SINGLE(click), GDK_BUTTON_SECONDARY);
  g_signal_connect(click, "pressed", G_CALLBACK(open_menu), list);
  gtk_widget_add_controller(GTK_WIDGET(list->box), GTK_EVENT_CONTROLLER(click));
  g_signal_connect(list->box, "row-selected", G_CALLBACK(on_selected), list);
  list->scroller = gtk_scrolled_window_new();
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(list->scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(list->scroller), GTK_WIDGET(list->box));
  gtk_widget_set_parent(list->scroller, GTK_WIDGET(list));
  list->menu = gtk_popover_menu_new_from_model(G_MENU_MODEL(menu));
  gtk_popover_set_has_arrow(GTK_POPOVER(list->menu), FALSE);
  gtk_widget_set_halign(list->menu, GTK_ALIGN_START);
  gtk_widget_set_parent(list->menu, GTK_WIDGET(list));
}
