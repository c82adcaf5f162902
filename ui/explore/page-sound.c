#include "ui/explore/page.h"
#include "ui/explore/views/wave-view.h"
#include "ui/trace.h"
#include "ui/widgets/format.h"
#include "ui/window.h"
#include <math.h>

/* A file may turn out shorter than its header says. */
static void
follow_length(Page *page)
{
  if (!mg_page_path(page))
    return;
  double duration = mg_sound_duration(page->sound);
  if (mg_sound_complete(page->sound) && fabs(duration - mg_timeline_duration(page->timeline)) > 0.05)
    mg_timeline_set_duration(page->timeline, duration);
}

/* Keys belong to the picture, unless a hand is walking through the library. */
static void
take_focus(Page *page)
{
  GtkRoot *root = gtk_widget_get_root(GTK_WIDGET(page));
  GtkWidget *focus = root ? gtk_root_get_focus(root) : NULL;
  if (!focus || gtk_widget_is_ancestor(focus, GTK_WIDGET(page)))
    gtk_widget_grab_focus(GTK_WIDGET(page));
}

static void
take_sound(Page *page, MgSound *sound)
{
  mg_page_close_sound(page);
  page->sound = sound;
  mg_timeline_set_duration(page->timeline, mg_sound_duration(sound));
  g_signal_connect_object(sound, "changed", G_CALLBACK(follow_length), page, G_CONNECT_SWAPPED);
  mg_wave_view_set_sound(MG_WAVE_VIEW(page->overview), sound);
  mg_page_watch_file(page);
  mg_page_change_file(page);
  gtk_stack_set_visible_child_name(page->stack, "track");
  take_focus(page);
}

static void
show_failure(Page *page, const char *message)
{
  g_autofree char *sentence = mg_format_sentence(message), *text = g_markup_escape_text(sentence, -1);
  adw_status_page_set_description(ADW_STATUS_PAGE(page->failed), text);
  gtk_stack_set_visible_child_name(page->stack, "failed");
}

static void
show_selected_stretch(Page *page)
{
  MgSelection *selection = mg_page_selection(page);
  double start = mg_selection_start(selection), end = mg_selection_end(selection);
  if (!mg_selection_is_stretch(selection))
    return;
  if (start < mg_timeline_from(page->timeline) || end > mg_timeline_to(page->timeline))
    mg_timeline_show(page->timeline, start - (end - start), end + (end - start));
  mg_timeline_set_cursor(page->timeline, start);
}

static void
finish_opening(GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(Page) page = data;
  g_autoptr(GError) error = NULL;
  MgSound *sound = mg_sound_open_finish(result, &error);
  if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_handle_id(&page->patience, g_source_remove);
  g_clear_object(&page->opening);
  if (!sound) {
    show_failure(page, error->message);
    return;
  }
  take_sound(page, sound);
  if (!mg_workspace_add_track(page->workspace, mg_sound_path(sound), NULL, mg_sound_duration(sound), mg_sound_sr(sound),
                              mg_sound_channels(sound), &error))
    mg_window_toast(GTK_WIDGET(page), error->message);
  show_selected_stretch(page);
}

static gboolean
show_spinner(gpointer data)
{
  Page *page = data;
  page->patience = 0;
  gtk_stack_set_visible_child_name(page->stack, "loading");
  return G_SOURCE_REMOVE;
}

static void
open_track(Page *page, const char *track)
{
  mg_trace("open", -1);
  page->opening = g_cancellable_new();
  page->patience = g_timeout_add(100, show_spinner, page);
  mg_sound_open_async(track, page->opening, finish_opening, g_object_ref(page));
}

static void
stop_opening(Page *page)
{
  g_cancellable_cancel(page->opening);
  g_clear_object(&page->opening);
  g_clear_handle_id(&page->patience, g_source_remove);
}

void
mg_page_open_again(Page *page)
{
  g_autofree char *path = g_strdup(mg_page_path(page));
  if (!path)
    return;
  stop_opening(page);
  open_track(page, path);
}

void
mg_page_open_selected(Page *page)
{
  const char *track = mg_selection_track(mg_page_selection(page));
  stop_opening(page);
  if (!track) {
    gtk_stack_set_visible_child_name(page->stack, "empty");
    return;
  }
  if (g_strcmp0(mg_page_path(page), track) == 0) {
    gtk_stack_set_visible_child_name(page->stack, "track");
    return;
  }
  open_track(page, track);
}

/* Another page (or this one) has selected a stretch of the track that is shown. */
static void
follow_stretch(Page *page)
{
  MgSelection *selection = mg_page_selection(page);
  if (page->opening || !mg_selection_is_stretch(selection))
    return;
  double end = mg_selection_end(selection), start = mg_selection_start(selection);
  if (end <= mg_timeline_from(page->timeline) || start >= mg_timeline_to(page->timeline))
    show_selected_stretch(page);
}

/* While it records, the waveform grows; afterwards the file is opened like any other. */
static void
grow(Page *page)
{
  if (page->sound)
    mg_timeline_grow(page->timeline, mg_sound_duration(page->sound));
}

static void
follow_recording(Page *page)
{
  MgSound *sound = mg_recording_sound(mg_workspace_recording(page->workspace));
  if (!sound || sound == page->sound)
    return;
  mg_player_stop(mg_workspace_player(page->workspace));
  mg_selection_set(mg_page_selection(page), NULL, 0, 0);
  take_sound(page, g_object_ref(sound));
  g_signal_connect_object(sound, "changed", G_CALLBACK(grow), page, G_CONNECT_SWAPPED);
}

static void
open_recording(MgRecording *recording, const char *path, const GError *error, Page *page)
{
  if (path)
    mg_selection_set(mg_page_selection(page), path, 0, 0);
  else if (!mg_page_path(page))
    mg_page_open_selected(page);
}

void
mg_page_set_up_sound(Page *page)
{
  MgSelection *selection = mg_page_selection(page);
  MgRecording *recording = mg_workspace_recording(page->workspace);
  g_signal_connect_object(selection, "notify::track", G_CALLBACK(mg_page_open_selected), page, G_CONNECT_SWAPPED);
  g_signal_connect_object(selection, "notify", G_CALLBACK(follow_stretch), page, G_CONNECT_SWAPPED);
  g_signal_connect_object(recording, "notify::active", G_CALLBACK(follow_recording), page, G_CONNECT_SWAPPED);
  g_signal_connect_object(recording, "ended", G_CALLBACK(open_recording), page, 0);
}

void
mg_page_close_sound(Page *page)
{
  if (page->sound)
    mg_sound_stop(page->sound);
  g_clear_object(&page->sound);
}
