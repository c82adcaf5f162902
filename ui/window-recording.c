/* Recording: the window's actions, what is said while it goes on and when it ends, and what a crash has left. */
#include "base/file.h"
#include "dataset/store-labels.h"
#include "session/recovery.h"
#include "ui/widgets/ask-file.h"
#include "ui/widgets/device-button.h"
#include "ui/widgets/format.h"
#include "ui/window-private.h"
#include <glib/gi18n.h>
#include <glib/gstdio.h>

static const double pre_roll_seconds = 5;

static MgRecording *
recording_of(MgWindow *window)
{
  return mg_workspace_recording(window->workspace);
}

static void
record_or_stop(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  MgWindow *window = data;
  if (mg_recording_active(recording_of(window))) {
    mg_recording_stop(recording_of(window));
    return;
  }
  adw_view_stack_set_visible_child_name(window->stack, "explore");
  mg_recording_start(recording_of(window), mg_device_chosen(GTK_WIDGET(window)));
}

/* A label of the track that the recording will be, kept at once. */
static void
mark(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  MgWindow *window = data;
  const char *path = mg_recording_path(recording_of(window));
  double seconds = mg_recording_seconds(recording_of(window));
  if (!path)
    return;
  g_autoptr(GError) error = NULL;
  g_autofree char *clock = mg_format_clock(seconds, 1), *text = g_strdup_printf(_("Marked %s"), clock);
  MgLabel label = {.start = seconds, .end = seconds, .text = (char *)_("mark")};
  gboolean good = mg_store_put_label(mg_workspace_store(window->workspace), path, &label, &error);
  mg_window_toast(GTK_WIDGET(window), good ? text : error->message);
}

static void
change_pre_roll(GSimpleAction *action, GVariant *state, gpointer data)
{
  MgWindow *window = data;
  gboolean wanted = g_variant_get_boolean(state);
  g_simple_action_set_state(action, state);
  mg_recording_set_pre_roll(recording_of(window), mg_device_chosen(GTK_WIDGET(window)), wanted ? pre_roll_seconds : 0);
}

/* Another device listens, where one does. */
static void
follow_device(MgWindow *window)
{
  double seconds = mg_recording_pre_roll(recording_of(window));
  if (seconds > 0)
    mg_recording_set_pre_roll(recording_of(window), mg_device_chosen(GTK_WIDGET(window)), seconds);
}

/* Going on elsewhere. */

static void
go_on_in(GtkWidget *widget, const char *folder, gpointer data)
{
  mg_recording_go_on(recording_of(MG_WINDOW(widget)), folder);
}

static void
ask_where(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  mg_ask_file(GTK_WIDGET(data), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _("Go on recording in"), _("_Record here"), NULL,
              go_on_in, NULL, NULL);
}

static void
add_to_library(MgWindow *window, const char *path, double seconds)
{
  g_autoptr(GError) error = NULL;
  if (!mg_workspace_add_track(window->workspace, path, NULL, seconds, 0, 1, &error))
    mg_window_toast(GTK_WIDGET(window), error->message);
}

static void
on_interruption_read(AdwMessageDialog *dialog, const char *response, MgWindow *window)
{
  if (g_str_equal(response, "elsewhere"))
    ask_where(NULL, NULL, window);
}

/* What ends a recording on its own stays until it is read: nobody may be at the screen, and other messages follow. */
static void
tell_interruption(MgWindow *window, MgRecording *recording, const GError *error)
{
  g_autofree char *sentence = mg_format_sentence(mg_device_error_text(error));
  GtkWidget *dialog = adw_message_dialog_new(GTK_WINDOW(window), _("The recording has stopped"), sentence);
  adw_message_dialog_add_responses(ADW_MESSAGE_DIALOG(dialog), "close", _("_Close"), "elsewhere",
                                   _("_Go on elsewhere…"), NULL);
  adw_message_dialog_set_response_appearance(ADW_MESSAGE_DIALOG(dialog), "elsewhere", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_response_enabled(ADW_MESSAGE_DIALOG(dialog), "elsewhere", mg_recording_can_go_on(recording));
  adw_message_dialog_set_default_response(ADW_MESSAGE_DIALOG(dialog), "elsewhere");
  adw_message_dialog_set_close_response(ADW_MESSAGE_DIALOG(dialog), "close");
  g_signal_connect_object(dialog, "response", G_CALLBACK(on_interruption_read), window, 0);
  gtk_window_present(GTK_WINDOW(dialog));
}

static void
tell_end(MgRecording *recording, const char *path, const GError *error, MgWindow *window)
{
  g_autofree char *name = path ? g_path_get_basename(path) : NULL;
  g_autofree char *text = name ? g_strdup_printf(_("Recorded %s"), name) : NULL;
  GAction *pre_roll = g_action_map_lookup_action(G_ACTION_MAP(window), "pre-roll");
  g_simple_action_set_state(G_SIMPLE_ACTION(pre_roll), g_variant_new_boolean(mg_recording_pre_roll(recording) > 0));
  if (error && path)
    tell_interruption(window, recording, error);
  else if (error || text)
    mg_window_toast(GTK_WIDGET(window), error ? mg_device_error_text(error) : text);
}

static void
tell_notice(MgRecording *recording, const char *message, MgWindow *window)
{
  mg_window_toast(GTK_WIDGET(window), message);
}

/* What a crash has left. */

typedef struct {
  MgWindow *window;
  GPtrArray *recovered; /* MgRecovered * */
} Offer;

static void
free_offer(gpointer data)
{
  Offer *offer = data;
  g_ptr_array_unref(offer->recovered);
  g_free(offer);
}

static void
throw_away(const char *path)
{
  g_autoptr(GFile) file = g_file_new_for_path(path);
  if (!g_file_trash(file, NULL, NULL))
    g_unlink(path);
}

static void
answer(AdwMessageDialog *dialog, const char *response, Offer *offer)
{
  gboolean keep = g_str_equal(response, "keep");
  if (!keep && !g_str_equal(response, "delete"))
    return; /* asked again at the next start */
  for (guint i = 0; i < offer->recovered->len; i++) {
    const MgRecovered *recovered = offer->recovered->pdata[i];
    mg_recovery_unmark(recovered->path);
    if (keep)
      add_to_library(offer->window, recovered->path, recovered->seconds);
    else
      throw_away(recovered->path);
    if (keep && i + 1 == offer->recovered->len)
      mg_selection_set(mg_workspace_selection(offer->window->workspace), recovered->path, 0, 0);
  }
}

static char *
describe(const GPtrArray *recovered)
{
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < recovered->len; i++) {
    const MgRecovered *one = recovered->pdata[i];
    g_autofree char *name = g_filename_display_basename(one->path), *clock = mg_format_clock(one->seconds, 1);
    g_string_append_printf(text, _("%s: %s of sound was saved"), name, clock);
    g_string_append_c(text, '\n');
  }
  g_string_truncate(text, text->len - 1);
  return g_string_free(text, FALSE);
}

static gboolean
offer_recovered(gpointer data)
{
  MgWindow *window = data;
  if (!window->workspace)
    return G_SOURCE_REMOVE; /* closed already */
  g_autofree char *folder = mg_workspace_path(window->workspace, "recordings");
  GPtrArray *recovered = mg_recovery_find(folder);
  if (recovered->len == 0) {
    g_ptr_array_unref(recovered);
    return G_SOURCE_REMOVE;
  }
  Offer *offer = g_new(Offer, 1);
  *offer = (Offer){window, recovered};
  g_autofree char *body = describe(recovered);
  const char *heading = g_dngettext(NULL, "A recording was interrupted", "Recordings were interrupted", recovered->len);
  GtkWidget *dialog = adw_message_dialog_new(GTK_WINDOW(window), heading, body);
  adw_message_dialog_add_responses(ADW_MESSAGE_DIALOG(dialog), "later", _("_Later"), "delete", _("_Delete"), "keep",
                                   _("_Keep it"), NULL);
  adw_message_dialog_set_response_appearance(ADW_MESSAGE_DIALOG(dialog), "delete", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_response_appearance(ADW_MESSAGE_DIALOG(dialog), "keep", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response(ADW_MESSAGE_DIALOG(dialog), "keep");
  adw_message_dialog_set_close_response(ADW_MESSAGE_DIALOG(dialog), "later");
  g_object_set_data_full(G_OBJECT(dialog), "offer", offer, free_offer);
  g_signal_connect(dialog, "response", G_CALLBACK(answer), offer);
  gtk_window_present(GTK_WINDOW(dialog));
  return G_SOURCE_REMOVE;
}

void
mg_window_offer_recovered(MgWindow *window)
{
  if (window->has_offered)
    return;
  window->has_offered = TRUE;
  g_idle_add_full(G_PRIORITY_LOW, offer_recovered, g_object_ref(window), g_object_unref);
}

void
mg_window_set_up_recording(MgWindow *window)
{
  static const GActionEntry actions[] = {
      {.name = "record", .activate = record_or_stop},
      {.name = "mark-recording", .activate = mark},
      {.name = "record-elsewhere", .activate = ask_where},
      {.name = "pre-roll", .state = "false", .change_state = change_pre_roll},
      {.name = "input-device", .parameter_type = "s", .state = "''"},
  };
  g_action_map_add_action_entries(G_ACTION_MAP(window), actions, G_N_ELEMENTS(actions), window);
  g_signal_connect(window, "action-state-changed::input-device", G_CALLBACK(follow_device), NULL);
  g_signal_connect_object(recording_of(window), "ended", G_CALLBACK(tell_end), window, 0);
  g_signal_connect_object(recording_of(window), "noticed", G_CALLBACK(tell_notice), window, 0);
}
