/* Playing: the window's actions, its keys and recording's, and what is said when a device fails. */
#include "ui/pages.h"
#include "ui/widgets/device-button.h"
#include "ui/window-private.h"
#include <glib/gi18n.h>

/* Keys that act wherever the focus is, unless what has it takes them for itself. */
static gboolean
press(GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state, MgWindow *window)
{
  static const struct {
    guint key;
    const char *action;
  } keys[] = {{GDK_KEY_space, "win.play"},
              {GDK_KEY_p, "win.pause"},
              {GDK_KEY_l, "win.loop"},
              {GDK_KEY_r, "win.record"},
              {GDK_KEY_m, "win.mark-recording"}};
  if (state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK))
    return FALSE;
  for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
    if (gdk_keyval_to_lower(key) == keys[i].key)
      return gtk_widget_activate_action(GTK_WIDGET(window), keys[i].action, NULL);
  return FALSE;
}

/* Before a picture takes it for its selection. */
static gboolean
end_presentation(GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state, MgWindow *window)
{
  if (key != GDK_KEY_Escape || !window->presenting)
    return FALSE;
  g_action_group_change_action_state(G_ACTION_GROUP(window), "present", g_variant_new_boolean(FALSE));
  return TRUE;
}

static void
play_selection(MgWindow *window)
{
  MgSelection *selection = mg_workspace_selection(window->workspace);
  if (mg_selection_track(selection))
    mg_player_play(mg_workspace_player(window->workspace), mg_selection_track(selection), mg_selection_start(selection),
                   mg_selection_start(selection), mg_selection_end(selection));
}

static void
play_or_stop(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  MgWindow *window = data;
  MgPlayer *player = mg_workspace_player(window->workspace);
  const MgPage *page = mg_page_find(adw_view_stack_get_visible_child_name(window->stack));
  if (mg_player_state(player) == MG_PLAYER_PLAYING)
    mg_player_stop(player);
  else if (page && page->play_action)
    gtk_widget_activate_action(adw_view_stack_get_visible_child(window->stack), page->play_action, NULL);
  else
    play_selection(window);
}

static void
pause_or_go_on(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  MgPlayer *player = mg_workspace_player(MG_WINDOW(data)->workspace);
  MgRecording *recording = mg_workspace_recording(MG_WINDOW(data)->workspace);
  if (mg_recording_path(recording)) {
    mg_recording_pause(recording, !mg_recording_paused(recording));
    return;
  }
  mg_player_pause(player, mg_player_state(player) == MG_PLAYER_PLAYING);
}

static void
change_loop(GSimpleAction *action, GVariant *state, gpointer data)
{
  mg_player_set_loop(mg_workspace_player(MG_WINDOW(data)->workspace), g_variant_get_boolean(state));
  g_simple_action_set_state(action, state);
}

static void
to_start(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  MgWindow *window = data;
  mg_player_stop(mg_workspace_player(window->workspace));
  gtk_widget_activate_action(adw_view_stack_get_visible_child(window->stack), "explore.to-start", NULL);
}

static void
tell_player_failure(MgPlayer *player, const GError *error, MgWindow *window)
{
  mg_window_toast(GTK_WIDGET(window), mg_device_error_text(error));
}

void
mg_window_set_up_playback(MgWindow *window)
{
  static const GActionEntry actions[] = {
      {.name = "play", .activate = play_or_stop},
      {.name = "pause", .activate = pause_or_go_on},
      {.name = "loop", .state = "false", .change_state = change_loop},
      {.name = "to-start", .activate = to_start},
  };
  g_action_map_add_action_entries(G_ACTION_MAP(window), actions, G_N_ELEMENTS(actions), window);
  g_signal_connect_object(mg_workspace_player(window->workspace), "failed", G_CALLBACK(tell_player_failure), window, 0);
  GtkEventController *key = gtk_event_controller_key_new();
  g_signal_connect(key, "key-pressed", G_CALLBACK(press), window);
  gtk_widget_add_controller(GTK_WIDGET(window), key);
  GtkEventController *escape = gtk_event_controller_key_new();
  gtk_event_controller_set_propagation_phase(escape, GTK_PHASE_CAPTURE);
  g_signal_connect(escape, "key-pressed", G_CALLBACK(end_presentation), window);
  gtk_widget_add_controller(GTK_WIDGET(window), escape);
}
