#include "ui/help-window.h"
#include "base/data-dir.h"
#include "base/file.h"
#include "ui/widgets/drawing.h"
#include "ui/widgets/format.h"
#include "ui/widgets/rich-text.h"
#include <glib/gi18n.h>
#include <string.h>

#define LARGEST ((size_t)1 << 20) /* bytes of a page */

/* In the order in which they are read. */
static const struct {
  const char *name, *title;
} pages[] = {
    {"tutorial", N_("Tutorial")},  {"lessons", N_("Lessons")},          {"teachers", N_("For teachers")},
    {"formats", N_("Files")},      {"cluster", N_("Several machines")}, {"performance", N_("Performance")},
    {"compare", N_("Comparison")},
};

typedef struct {
  GtkWidget *list, *scroller, *title;
} Help;

static gboolean
follow(const char *address, gpointer window)
{
  g_autofree char *base = g_path_get_basename(address);
  base[strcspn(base, ".#")] = 0;
  return mg_help_window_show(window, base);
}

gboolean
mg_help_window_show(GtkWidget *window, const char *page)
{
  Help *help = g_object_get_data(G_OBJECT(window), "help");
  g_autoptr(GError) error = NULL;
  g_autofree char *path = mg_data_dir_find_page(page, &error);
  g_autofree char *text = path ? mg_file_read(path, LARGEST, NULL, &error) : NULL;
  g_autofree char *folder = path ? g_path_get_dirname(path) : NULL;
  for (guint i = 0; i < G_N_ELEMENTS(pages); i++)
    if (g_str_equal(pages[i].name, page))
      gtk_list_box_select_row(GTK_LIST_BOX(help->list),
                              gtk_list_box_get_row_at_index(GTK_LIST_BOX(help->list), (int)i));
  g_autofree char *sentence = error ? mg_format_sentence(error->message) : NULL;
  GtkWidget *content = mg_rich_text_new(text ? text : sentence, folder, follow, window), *clamp = adw_clamp_new();
  gtk_widget_set_margin_start(content, 24);
  gtk_widget_set_margin_end(content, 24);
  gtk_widget_set_margin_top(content, 12);
  gtk_widget_set_margin_bottom(content, 24);
  adw_clamp_set_maximum_size(ADW_CLAMP(clamp), (int)(760 * mg_text_scale()));
  adw_clamp_set_child(ADW_CLAMP(clamp), content);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(help->scroller), clamp);
  return text != NULL;
}

static void
on_row(GtkListBox *list, GtkListBoxRow *row, GtkWidget *window)
{
  mg_help_window_show(window, pages[gtk_list_box_row_get_index(row)].name);
}

static GtkWidget *
new_list(GtkWidget *window)
{
  GtkWidget *list = gtk_list_box_new();
  for (size_t i = 0; i < G_N_ELEMENTS(pages); i++) {
    GtkWidget *label = gtk_label_new(_(pages[i].title));
    gtk_label_set_xalign(GTK_LABEL(label), 0);
    gtk_list_box_append(GTK_LIST_BOX(list), label);
  }
  gtk_widget_add_css_class(list, "navigation-sidebar");
  gtk_accessible_update_property(GTK_ACCESSIBLE(list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Pages of the guide"), -1);
  g_signal_connect(list, "row-activated", G_CALLBACK(on_row), window);
  return list;
}

static void
close_on_escape(GtkWidget *window)
{
  GtkEventController *keys = gtk_shortcut_controller_new();
  GtkShortcutTrigger *escape = gtk_keyval_trigger_new(GDK_KEY_Escape, 0);
  gtk_shortcut_controller_add_shortcut(GTK_SHORTCUT_CONTROLLER(keys),
                                       gtk_shortcut_new(escape, gtk_named_action_new("window.close")));
  gtk_widget_add_controller(window, keys);
}

GtkWidget *
mg_help_window_new(GtkWindow *parent, const char *page)
{
  Help *help = g_new0(Help, 1);
  GtkWidget *window = adw_window_new(), *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *both = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
  g_object_set_data_full(G_OBJECT(window), "help", help, g_free);
  gtk_window_set_title(GTK_WINDOW(window), _("Help"));
  gtk_window_set_transient_for(GTK_WINDOW(window), parent);
  gtk_window_set_destroy_with_parent(GTK_WINDOW(window), TRUE);
  mg_window_set_size(GTK_WINDOW(window), 960, 680);
  help->list = new_list(window);
  help->scroller = gtk_scrolled_window_new();
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(help->scroller), GTK_POLICY_AUTOMATIC, GTK_POLICY_AUTOMATIC);
  gtk_widget_set_size_request(help->list, 160, -1);
  gtk_widget_set_hexpand(help->scroller, TRUE);
  gtk_widget_set_vexpand(help->scroller, TRUE);
  gtk_box_append(GTK_BOX(both), help->list);
  gtk_box_append(GTK_BOX(both), gtk_separator_new(GTK_ORIENTATION_VERTICAL));
  gtk_box_append(GTK_BOX(both), help->scroller);
  gtk_box_append(GTK_BOX(box), adw_header_bar_new());
  gtk_box_append(GTK_BOX(box), both);
  adw_window_set_content(ADW_WINDOW(window), box);
  close_on_escape(window);
  mg_help_window_show(window, page);
  return window;
}
