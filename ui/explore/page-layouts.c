#include "ui/explore/page.h"
#include "session/layouts.h"
#include "ui/window.h"
#include <glib/gi18n.h>

#define LAYOUTS_KEY "explore-layouts"

/* One line a layout that comes with the program. */
static const struct {
  const char *name; /* N_() */
  const char *panes;
} ready[] = {
    {N_("Short and long windows"),
     "[1]\ntype=waveform\nheight=1\n[2]\ntype=stft\nheight=2\nset=frequency_axis=log;n_fft=512;\n"
     "[3]\ntype=stft\nheight=2\nset=frequency_axis=log;n_fft=8192;hop_length=512;\n"},
    {N_("Notes"), "[1]\ntype=waveform\nheight=1\n[2]\ntype=cqt\nheight=3\noverlays=onset_detect;\n"
                  "[3]\ntype=chroma_cqt\nheight=1.5\n"},
    {N_("Rhythm"), "[1]\ntype=waveform\nheight=1\noverlays=beat_track;\n[2]\ntype=onset_strength\nheight=1\n"
                   "[3]\ntype=tempogram\nheight=2\noverlays=tempo;\n"},
    {N_("Harmonic and percussive"), "[1]\ntype=stft\nheight=1\nset=frequency_axis=log;\n"
                                    "[2]\ntype=harmonic\nheight=1\nset=frequency_axis=log;\n"
                                    "[3]\ntype=percussive\nheight=1\nset=frequency_axis=log;\n"},
};

static char *
kept(Page *page)
{
  return mg_workspace_recall(page->workspace, LAYOUTS_KEY);
}

static void
append(GMenu *menu, const char *name, const char *action)
{
  g_autoptr(GMenuItem) item = g_menu_item_new(name, NULL);
  g_menu_item_set_action_and_target(item, action, "s", name);
  g_menu_append_item(menu, item);
}

/* Names are a person's: an underscore in one marks no key. */
static void
append_own(GMenu *menu, const char *name, const char *action)
{
  g_auto(GStrv) parts = g_strsplit(name, "_", -1);
  g_autofree char *label = g_strjoinv("__", parts);
  g_autoptr(GMenuItem) item = g_menu_item_new(label, NULL);
  g_menu_item_set_action_and_target(item, action, "s", name);
  g_menu_append_item(menu, item);
}

void
mg_page_fill_layout_menu(Page *page)
{
  g_autofree char *text = kept(page);
  g_auto(GStrv) names = mg_layouts_names(text);
  g_autoptr(GMenu) shipped = g_menu_new(), own = g_menu_new(), removal = g_menu_new(), edit = g_menu_new();
  for (size_t i = 0; i < G_N_ELEMENTS(ready); i++)
    append(shipped, _(ready[i].name), "explore.ready-layout");
  for (char **name = names; *name; name++) {
    append_own(own, *name, "explore.layout");
    append_own(removal, *name, "explore.remove-layout");
  }
  g_menu_append(edit, _("_Keep these panes…"), "explore.keep-layout");
  if (*names)
    g_menu_append_submenu(edit, _("_Forget a layout"), G_MENU_MODEL(removal));
  g_menu_remove_all(page->layouts);
  g_menu_append_section(page->layouts, NULL, G_MENU_MODEL(own));
  g_menu_append_section(page->layouts, NULL, G_MENU_MODEL(shipped));
  g_menu_append_section(page->layouts, NULL, G_MENU_MODEL(edit));
}

static void
show(Page *page, const char *panes)
{
  if (!panes || !mg_pane_list_load(page->panes, panes)) {
    mg_window_toast(GTK_WIDGET(page), _("This layout holds no pane that is known here"));
    return;
  }
  mg_window_toast_undo(GTK_WIDGET(page), _("The panes were replaced"));
}

static void
show_ready(GtkWidget *widget, const char *name, GVariant *parameter)
{
  const char *wanted = g_variant_get_string(parameter, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS(ready); i++)
    if (g_str_equal(_(ready[i].name), wanted))
      show(MG_EXPLORE_PAGE(widget), ready[i].panes);
}

static void
show_own(GtkWidget *widget, const char *name, GVariant *parameter)
{
  Page *page = MG_EXPLORE_PAGE(widget);
  g_autofree char *text = kept(page), *panes = mg_layouts_get(text, g_variant_get_string(parameter, NULL));
  show(page, panes);
}

/* The layouts of a person were others. */
typedef struct {
  Page *page;
  char *before, *after;
} Change;

static void
free_change(gpointer data)
{
  Change *change = data;
  g_free(change->before);
  g_free(change->after);
  g_free(change);
}

static void
turn(gpointer data, gboolean again)
{
  Change *change = data;
  mg_workspace_remember(change->page->workspace, LAYOUTS_KEY, again ? change->after : change->before);
  mg_page_fill_layout_menu(change->page);
}

static void
put(Page *page, const char *name, const char *panes)
{
  Change *change = g_new(Change, 1);
  char *before = kept(page);
  *change = (Change){page, before ? before : g_strdup(""), mg_layouts_put(before, name, panes)};
  turn(change, TRUE);
  mg_history_add(mg_workspace_history(page->workspace), page, turn, change, free_change);
}

static void
forget(GtkWidget *widget, const char *name, GVariant *parameter)
{
  const char *layout = g_variant_get_string(parameter, NULL);
  g_autofree char *text = g_strdup_printf(_("Layout “%s” forgotten"), layout);
  put(MG_EXPLORE_PAGE(widget), layout, NULL);
  mg_window_toast_undo(widget, text);
}

static void
answer(AdwMessageDialog *dialog, const char *response, GtkEditable *entry)
{
  Page *page = g_object_get_data(G_OBJECT(dialog), "page");
  g_autofree char *name = g_strstrip(g_strdup(gtk_editable_get_text(entry)));
  g_autofree char *panes = mg_pane_list_save(page->panes);
  if (g_str_equal(response, "keep") && *name)
    put(page, name, panes);
}

static void
follow_name(GtkEditable *entry, AdwMessageDialog *dialog)
{
  g_autofree char *name = g_strstrip(g_strdup(gtk_editable_get_text(entry)));
  adw_message_dialog_set_response_enabled(dialog, "keep", *name != 0);
}

static void
keep(GtkWidget *widget, const char *name, GVariant *parameter)
{
  GtkWidget *dialog = adw_message_dialog_new(GTK_WINDOW(gtk_widget_get_root(widget)), _("Keep these panes"),
                                             _("A layout of the same name is replaced."));
  GtkWidget *entry = gtk_entry_new();
  AdwMessageDialog *message = ADW_MESSAGE_DIALOG(dialog);
  adw_message_dialog_add_responses(message, "cancel", _("_Cancel"), "keep", _("_Keep"), NULL);
  adw_message_dialog_set_response_appearance(message, "keep", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response(message, "keep");
  adw_message_dialog_set_close_response(message, "cancel");
  adw_message_dialog_set_response_enabled(message, "keep", FALSE);
  gtk_entry_set_activates_default(GTK_ENTRY(entry), TRUE);
  gtk_entry_set_placeholder_text(GTK_ENTRY(entry), _("Name of the layout"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Name of the layout"), -1);
  adw_message_dialog_set_extra_child(message, entry);
  g_object_set_data_full(G_OBJECT(dialog), "page", g_object_ref(widget), g_object_unref);
  g_signal_connect(entry, "changed", G_CALLBACK(follow_name), dialog);
  g_signal_connect(dialog, "response", G_CALLBACK(answer), entry);
  gtk_window_present(GTK_WINDOW(dialog));
}

void
mg_page_install_layout_actions(GtkWidgetClass *class)
{
  gtk_widget_class_install_action(class, "explore.ready-layout", "s", show_ready);
  gtk_widget_class_install_action(class, "explore.layout", "s", show_own);
  gtk_widget_class_install_action(class, "explore.remove-layout", "s", forget);
  gtk_widget_class_install_action(class, "explore.keep-layout", NULL, keep);
}
