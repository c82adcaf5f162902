#include "ui/widgets/list-button.h"

typedef struct {
  GPtrArray *checks; /* GtkCheckButton, owned by the popover */
  MgListButtonFunc changed;
  gpointer data;
} ListButton;

static const char key[] = "mg-list-button";

static ListButton *
parts_of(GtkWidget *button)
{
  return g_object_get_data(G_OBJECT(button), key);
}

static void
free_parts(gpointer data)
{
  ListButton *parts = data;
  g_ptr_array_unref(parts->checks);
  g_free(parts);
}

char *
mg_list_button_get(GtkWidget *button)
{
  const GPtrArray *checks = parts_of(button)->checks;
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < checks->len; i++)
    if (gtk_check_button_get_active(checks->pdata[i]))
      g_string_append_printf(text, "%s%s", text->len ? "," : "", gtk_check_button_get_label(checks->pdata[i]));
  if (text->len == 0)
    g_string_append(text, "none");
  return g_string_free(text, FALSE);
}

static void
show_chosen(GtkWidget *button)
{
  g_autofree char *text = mg_list_button_get(button);
  g_auto(GStrv) names = g_strsplit(text, ",", -1);
  g_autofree char *shown = g_strjoinv(", ", names);
  gtk_label_set_text(GTK_LABEL(gtk_menu_button_get_child(GTK_MENU_BUTTON(button))), shown);
}

static void
take_toggle(GtkCheckButton *check, GtkWidget *button)
{
  const ListButton *parts = parts_of(button);
  show_chosen(button);
  parts->changed(button, parts->data);
}

void
mg_list_button_set(GtkWidget *button, const char *text)
{
  g_auto(GStrv) names = g_strsplit(text, ",", -1);
  const GPtrArray *checks = parts_of(button)->checks;
  for (guint i = 0; i < checks->len; i++) {
    const char *name = gtk_check_button_get_label(checks->pdata[i]);
    g_signal_handlers_block_by_func(checks->pdata[i], take_toggle, button);
    gtk_check_button_set_active(checks->pdata[i], g_strv_contains((const char *const *)names, name));
    g_signal_handlers_unblock_by_func(checks->pdata[i], take_toggle, button);
  }
  show_chosen(button);
}

static GtkWidget *
make_popover(GtkWidget *button, const char *choices)
{
  g_auto(GStrv) names = g_strsplit(choices, "|", -1);
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6), *popover = gtk_popover_new();
  for (char **name = names; *name; name++) {
    GtkWidget *check = gtk_check_button_new_with_label(*name);
    g_signal_connect(check, "toggled", G_CALLBACK(take_toggle), button);
    gtk_box_append(GTK_BOX(box), check);
    g_ptr_array_add(parts_of(button)->checks, check);
  }
  gtk_popover_set_child(GTK_POPOVER(popover), box);
  return popover;
}

GtkWidget *
mg_list_button_new(const char *choices, MgListButtonFunc changed, gpointer data)
{
  GtkWidget *button = gtk_menu_button_new(), *label = gtk_label_new(NULL);
  ListButton *parts = g_new(ListButton, 1);
  *parts = (ListButton){g_ptr_array_new(), changed, data};
  g_object_set_data_full(G_OBJECT(button), key, parts, free_parts);
  gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars(GTK_LABEL(label), 14);
  gtk_menu_button_set_child(GTK_MENU_BUTTON(button), label);
  gtk_widget_add_css_class(button, "flat");
  gtk_menu_button_set_always_show_arrow(GTK_MENU_BUTTON(button), TRUE);
  gtk_menu_button_set_popover(GTK_MENU_BUTTON(button), make_popover(button, choices));
  show_chosen(button);
  return button;
}
