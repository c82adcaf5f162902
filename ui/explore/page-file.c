/* The file that is open has changed or gone: that is said above the panes, with what to do. */
#include "ui/explore/page.h"
#include "ui/widgets/notice.h"
#include <glib/gi18n.h>

static void
tell(Page *page)
{
  MgFileState state = page->watch ? mg_file_watch_state(page->watch) : MG_FILE_SAME;
  g_autofree char *name = page->watch ? g_filename_display_basename(mg_page_path(page)) : NULL, *text = NULL;
  if (state == MG_FILE_CHANGED)
    text = g_strdup_printf(_("%s has changed since it was opened: what is seen is older"), name);
  else if (state == MG_FILE_GONE)
    text = g_strdup_printf(
        _("%s is no longer there: what is seen was read before. Put it back, or choose another track"), name);
  mg_notice_set(page->changed, MG_NOTICE_WARNING, text);
  gtk_widget_set_visible(page->changed_bar, text != NULL);
}

void
mg_page_watch_file(Page *page)
{
  g_clear_object(&page->watch);
  if (mg_page_path(page)) {
    page->watch = mg_file_watch_new(mg_page_path(page));
    g_signal_connect_object(page->watch, "changed", G_CALLBACK(tell), page, G_CONNECT_SWAPPED);
  }
  if (page->changed_bar)
    tell(page);
}

static void
reload(GtkWidget *widget, const char *name, GVariant *parameter)
{
  mg_page_open_again(MG_EXPLORE_PAGE(widget));
}

GtkWidget *
mg_page_new_file_bar(Page *page)
{
  GtkWidget *bar = page->changed_bar = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *button = mg_button_new(NULL, _("_Reload"), _("Read the file again (Ctrl+R)"));
  page->changed = mg_notice_new();
  gtk_widget_set_hexpand(page->changed, TRUE);
  gtk_widget_set_valign(page->changed, GTK_ALIGN_CENTER);
  gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
  gtk_actionable_set_action_name(GTK_ACTIONABLE(button), "explore.reload");
  gtk_widget_add_css_class(bar, "brush-bar");
  gtk_box_append(GTK_BOX(bar), page->changed);
  gtk_box_append(GTK_BOX(bar), button);
  gtk_widget_set_visible(bar, FALSE);
  return bar;
}

void
mg_page_install_file_actions(GtkWidgetClass *class)
{
  gtk_widget_class_install_action(class, "explore.reload", NULL, reload);
}
