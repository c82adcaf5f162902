/* The window that classifies sounds, whatever way they come to it. */
#include "audio/decoder.h"
#include "ui/classify/classify-window.h"
#include "ui/window-private.h"
#include <glib/gi18n.h>

void
mg_window_classify(GtkWidget *widget, const char *model, const char *const *paths)
{
  GtkRoot *root = gtk_widget_get_root(widget);
  if (!MG_IS_WINDOW(root))
    return;
  MgWindow *window = MG_WINDOW(root);
  if (!window->classify)
    g_set_weak_pointer(&window->classify, mg_classify_window_new(GTK_WINDOW(window), window->workspace));
  gtk_window_present(GTK_WINDOW(window->classify));
  if (paths)
    mg_classify_window_start(MG_CLASSIFY_WINDOW(window->classify), model, paths);
}

static void
classify(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  mg_window_classify(data, NULL, NULL);
}

static void
classify_file(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  mg_window_classify(data, NULL, (const char *const[]){g_variant_get_string(parameter, NULL), NULL});
}

static void
classify_dropped(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  if (MG_WINDOW(data)->dropped)
    mg_window_classify(data, NULL, (const char *const *)MG_WINDOW(data)->dropped);
}

/* Sounds that were dropped are opened; they may have been meant to be classified. */
void
mg_window_offer_to_classify(MgWindow *window)
{
  g_autofree char *name = g_filename_display_basename(*window->dropped);
  g_autofree char *text = g_strdup_printf(_("%s is open; a model can tell what it is"), name);
  if (mg_decoder_accepts_name(*window->dropped))
    mg_window_toast_offer(GTK_WIDGET(window), text, _("_Classify"), "win.classify-dropped");
}

void
mg_window_set_up_classifying(MgWindow *window)
{
  static const GActionEntry actions[] = {
      {.name = "classify", .activate = classify},
      {.name = "classify-file", .activate = classify_file, .parameter_type = "s"},
      {.name = "classify-dropped", .activate = classify_dropped},
  };
  g_action_map_add_action_entries(G_ACTION_MAP(window), actions, G_N_ELEMENTS(actions), window);
}
