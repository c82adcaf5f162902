#include "ui/explore/explore-page.h"
#include "audio/decoder.h"
#include "dsp/decibel.h"
#include "dsp/feature.h"
#include "dsp/mel.h"
#include "dsp/stft.h"
#include "session/sound.h"
#include "session/tiles.h"
#include "ui/explore/export.h"
#include "ui/explore/picture-view.h"
#include "ui/explore/presets.h"
#include "ui/explore/ruler.h"
#include "ui/explore/wave-view.h"
#include "ui/trace.h"
#include "ui/widgets/format.h"
#include "ui/widgets/param-panel.h"
#include "ui/window.h"
#include <glib/gi18n.h>
#include <math.h>

#define TYPE_PAGE (page_get_type())
G_DECLARE_FINAL_TYPE(Page, page, MG, EXPLORE_PAGE, AdwBin)

struct _Page {
  AdwBin parent;
  MgWorkspace *workspace;
  MgTimeline *timeline;
  MgSound *sound;
  MgTiles *tiles;
  MgParams *params;
  GtkStack *stack; /* "empty", "loading", "failed" or "track" */
  GtkWidget *failed, *spinner, *notice, *notice_text;
  GtkWidget *overview, *ruler, *wave, *stft, *mel;
  GtkWidget *panel, *menu;
  GCancellable *opening;
  guint patience; /* until the spinner is shown */
  guint tick;
  gint64 frame_began;
};

G_DEFINE_FINAL_TYPE(Page, page, ADW_TYPE_BIN)

static const MgParamTable *const tables[] = {&mg_picture_params, &mg_decibel_params, &mg_stft_params,
                                             &mg_mel_params,     &mg_audio_params,   NULL};
static const char *const without_row[] = {"ref", "amin", NULL}; /* levels are relative to the loudest place */

static MgSelection *
selection_of(Page *page)
{
  return mg_workspace_selection(page->workspace);
}

/* Says under the header what is wrong with the parameters; NULL: nothing is. */
static void
show_notice(Page *page, const char *text)
{
  gtk_label_set_text(GTK_LABEL(page->notice_text), text ? text : "");
  gtk_revealer_set_reveal_child(GTK_REVEALER(page->notice), text != NULL);
}

static void
show_tile_failure(MgTiles *tiles, const char *message, Page *page)
{
  show_notice(page, message);
}

static void
drop_tiles(Page *page)
{
  if (!page->tiles)
    return;
  g_signal_handlers_disconnect_by_data(page->tiles, page);
  mg_tiles_stop(page->tiles);
  g_clear_object(&page->tiles);
}

static void
give_tiles_to_views(Page *page)
{
  mg_picture_view_set(MG_PICTURE_VIEW(page->stft), page->tiles, page->params);
  mg_picture_view_set(MG_PICTURE_VIEW(page->mel), page->tiles, page->params);
}

/* Parameters that do not fit together leave the former pictures, and are explained. */
static void
make_tiles(Page *page)
{
  g_autoptr(GError) error = NULL;
  if (!page->sound || !mg_sound_path(page->sound))
    return;
  MgTiles *tiles = mg_tiles_new(mg_sound_path(page->sound), page->params, &error);
  show_notice(page, error ? error->message : NULL);
  if (!tiles)
    return;
  drop_tiles(page);
  page->tiles = tiles;
  g_signal_connect(tiles, "failed", G_CALLBACK(show_tile_failure), page);
  give_tiles_to_views(page);
}

/* One "name=value" a line. */
static void
remember_params(Page *page)
{
  g_autoptr(GString) text = g_string_new(NULL);
  for (const MgParamTable *const *table = tables; *table; table++)
    for (size_t i = 0; i < (*table)->n; i++) {
      const char *name = (*table)->specs[i].name;
      g_string_append_printf(text, "%s=%s\n", name, mg_params_text(page->params, name));
    }
  mg_workspace_remember(page->workspace, "explore", text->str);
}

/* What no longer fits, of another version, is passed over. */
static void
recall_params(Page *page)
{
  g_autofree char *text = mg_workspace_recall(page->workspace, "explore");
  g_auto(GStrv) lines = g_strsplit(text ? text : "", "\n", -1);
  for (char **line = lines; *line; line++) {
    g_autoptr(GError) error = NULL;
    if (**line && !mg_params_assign(page->params, *line, &error))
      g_debug("%s", error->message);
  }
}

static char *
analysis_key(const MgParams *params)
{
  g_autofree char *stft = mg_params_key(params, "stft"), *mel = mg_params_key(params, "mel");
  return g_strconcat(stft, mel, mg_params_text(params, "sr"), NULL);
}

/* Colours and axes change at once; the pictures are only made anew where the analysis changed. */
static void
apply_params(MgParamPanel *panel, Page *page)
{
  g_autofree char *before = analysis_key(page->params);
  mg_params_take(page->params, mg_param_panel_params(panel));
  g_autofree char *after = analysis_key(page->params);
  if (!g_str_equal(before, after))
    make_tiles(page);
  else
    give_tiles_to_views(page);
  remember_params(page);
}

static void
show_sound(Page *page)
{
  mg_wave_view_set_sound(MG_WAVE_VIEW(page->overview), page->sound);
  mg_wave_view_set_sound(MG_WAVE_VIEW(page->wave), page->sound);
}

/* A file may turn out shorter than its header says. */
static void
follow_length(Page *page)
{
  if (!page->sound || !mg_sound_path(page->sound))
    return;
  double duration = mg_sound_duration(page->sound);
  if (mg_sound_complete(page->sound) && fabs(duration - mg_timeline_duration(page->timeline)) > 0.05)
    mg_timeline_set_duration(page->timeline, duration);
}

static void
take_sound(Page *page, MgSound *sound)
{
  drop_tiles(page);
  if (page->sound)
    mg_sound_stop(page->sound);
  g_clear_object(&page->sound);
  page->sound = sound;
  mg_timeline_set_duration(page->timeline, mg_sound_duration(sound));
  g_signal_connect_object(sound, "changed", G_CALLBACK(follow_length), page, G_CONNECT_SWAPPED);
  give_tiles_to_views(page);
  show_sound(page);
  make_tiles(page);
  gtk_stack_set_visible_child_name(page->stack, "track");
  /* Keys belong to the picture, unless a hand is walking through the library. */
  GtkRoot *root = gtk_widget_get_root(GTK_WIDGET(page));
  GtkWidget *focus = root ? gtk_root_get_focus(root) : NULL;
  if (!focus || gtk_widget_is_ancestor(focus, GTK_WIDGET(page)))
    gtk_widget_grab_focus(GTK_WIDGET(page));
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
  MgSelection *selection = selection_of(page);
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
open_selected(Page *page)
{
  const char *track = mg_selection_track(selection_of(page));
  g_cancellable_cancel(page->opening);
  g_clear_object(&page->opening);
  g_clear_handle_id(&page->patience, g_source_remove);
  if (!track) {
    gtk_stack_set_visible_child_name(page->stack, "empty");
    return;
  }
  if (page->sound && g_strcmp0(mg_sound_path(page->sound), track) == 0) {
    gtk_stack_set_visible_child_name(page->stack, "track");
    return;
  }
  page->opening = g_cancellable_new();
  page->patience = g_timeout_add(100, show_spinner, page);
  mg_sound_open_async(track, page->opening, finish_opening, g_object_ref(page));
}

/* Another page (or this one) has selected a stretch of the track that is shown. */
static void
follow_stretch(Page *page)
{
  MgSelection *selection = selection_of(page);
  if (page->opening || !mg_selection_is_stretch(selection))
    return;
  double end = mg_selection_end(selection), start = mg_selection_start(selection);
  if (end <= mg_timeline_from(page->timeline) || start >= mg_timeline_to(page->timeline))
    show_selected_stretch(page);
}

static void
tell_readout(Page *page)
{
  GtkWidget *const views[] = {page->stft, page->mel, page->wave, page->overview, page->ruler};
  double seconds, hz, db;
  g_autofree char *text = NULL;
  for (size_t i = 0; i < G_N_ELEMENTS(views) && !text; i++)
    if (mg_view_pointed(MG_VIEW(views[i]), &seconds, &hz, &db))
      text = mg_format_readout(seconds, hz, db);
  MgSelection *selection = selection_of(page);
  if (!text && mg_selection_is_stretch(selection)) {
    g_autofree char *from = mg_format_clock(mg_selection_start(selection), 3);
    g_autofree char *to = mg_format_clock(mg_selection_end(selection), 3);
    text = g_strdup_printf("%s–%s, %.3f\u202f%s", from, to, mg_selection_end(selection) - mg_selection_start(selection),
                           _("s"));
  }
  mg_window_set_readout(GTK_WIDGET(page), text);
}

static void
tell_cursor(Page *page)
{
  mg_window_set_time(GTK_WIDGET(page), mg_timeline_cursor(page->timeline), mg_timeline_duration(page->timeline));
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
  MgSelection *selection = selection_of(page);
  mg_player_stop(mg_workspace_player(page->workspace));
  mg_selection_set(selection, NULL, 0, 0);
  take_sound(page, g_object_ref(sound));
  g_signal_connect_object(sound, "changed", G_CALLBACK(grow), page, G_CONNECT_SWAPPED);
}

static void
open_recording(MgRecording *recording, const char *path, const char *message, Page *page)
{
  if (path)
    mg_selection_set(selection_of(page), path, 0, 0);
  else if (!page->sound || !mg_sound_path(page->sound))
    open_selected(page);
}

static gboolean
follow_player(GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  Page *page = MG_EXPLORE_PAGE(widget);
  MgPlayer *player = mg_workspace_player(page->workspace);
  gboolean ours = page->sound && g_strcmp0(mg_player_path(player), mg_sound_path(page->sound)) == 0;
  if (ours && mg_player_state(player) == MG_PLAYER_PLAYING) {
    mg_timeline_set_cursor(page->timeline, mg_player_position(player));
    mg_timeline_follow_cursor(page->timeline);
    return G_SOURCE_CONTINUE;
  }
  page->tick = 0;
  return G_SOURCE_REMOVE;
}

static void
follow_player_state(Page *page)
{
  MgPlayer *player = mg_workspace_player(page->workspace);
  MgPlayerState state = mg_player_state(player);
  if (state == MG_PLAYER_PLAYING && !page->tick)
    page->tick = gtk_widget_add_tick_callback(GTK_WIDGET(page), follow_player, NULL, NULL);
  if (state == MG_PLAYER_STOPPED && page->sound && g_strcmp0(mg_player_path(player), mg_sound_path(page->sound)) == 0)
    mg_timeline_set_cursor(page->timeline, mg_player_began(player));
}

static void
fit(GtkWidget *widget, const char *name, GVariant *parameter)
{
  mg_timeline_fit(MG_EXPLORE_PAGE(widget)->timeline);
}

static void
zoom_to_selection(GtkWidget *widget, const char *name, GVariant *parameter)
{
  Page *page = MG_EXPLORE_PAGE(widget);
  MgSelection *selection = selection_of(page);
  if (mg_selection_is_stretch(selection))
    mg_timeline_show(page->timeline, mg_selection_start(selection), mg_selection_end(selection));
}

static void
clear_selection(GtkWidget *widget, const char *name, GVariant *parameter)
{
  MgSelection *selection = selection_of(MG_EXPLORE_PAGE(widget));
  mg_selection_set(selection, mg_selection_track(selection), 0, 0);
}

/* Space plays the selection, or from the cursor on. */
static void
play(GtkWidget *widget, const char *name, GVariant *parameter)
{
  Page *page = MG_EXPLORE_PAGE(widget);
  MgSelection *selection = selection_of(page);
  double cursor = mg_timeline_cursor(page->timeline), start = 0, end = 0;
  if (!page->sound || !mg_sound_path(page->sound))
    return;
  if (mg_selection_is_stretch(selection)) {
    start = mg_selection_start(selection);
    end = mg_selection_end(selection);
    if (cursor < start || cursor >= end)
      cursor = start;
  } else if (cursor >= mg_timeline_duration(page->timeline) - 0.01)
    cursor = 0;
  mg_player_play(mg_workspace_player(page->workspace), mg_sound_path(page->sound), cursor, start, end);
}

/* The cursor was moved by hand: what plays goes on from there. */
static void
seek(GtkWidget *widget, const char *name, GVariant *parameter)
{
  Page *page = MG_EXPLORE_PAGE(widget);
  MgPlayer *player = mg_workspace_player(page->workspace);
  if (mg_player_state(player) == MG_PLAYER_PLAYING)
    play(widget, NULL, NULL);
  else if (mg_player_state(player) == MG_PLAYER_PAUSED) {
    double cursor = mg_timeline_cursor(page->timeline);
    mg_player_stop(player);
    mg_timeline_set_cursor(page->timeline, cursor);
  }
}

static void
to_start(GtkWidget *widget, const char *name, GVariant *parameter)
{
  Page *page = MG_EXPLORE_PAGE(widget);
  mg_timeline_set_cursor(page->timeline, 0);
  mg_timeline_follow_cursor(page->timeline);
  seek(widget, NULL, NULL);
}

static MgExportScene
scene_of(Page *page)
{
  return (MgExportScene){
      .ruler = MG_VIEW(page->ruler),
      .panes = {MG_VIEW(page->wave), MG_VIEW(page->stft), MG_VIEW(page->mel)},
      .width = gtk_widget_get_width(page->stft),
      .name = page->sound ? mg_sound_path(page->sound) : NULL,
  };
}

static void
export_picture(GtkWidget *widget, const char *name, GVariant *parameter)
{
  MgExportScene scene = scene_of(MG_EXPLORE_PAGE(widget));
  if (scene.name)
    mg_export_ask(widget, &scene);
}

static void
copy_picture(GtkWidget *widget, const char *name, GVariant *parameter)
{
  MgExportScene scene = scene_of(MG_EXPLORE_PAGE(widget));
  if (scene.name)
    mg_export_copy(widget, &scene);
}

static void
copy_values(GtkWidget *widget, const char *name, GVariant *parameter)
{
  const char *text = mg_window_readout(widget);
  gdk_clipboard_set_text(gtk_widget_get_clipboard(widget), text ? text : "");
}

static void
open_menu(GtkGestureClick *click, int n, double x, double y, Page *page)
{
  gtk_popover_set_pointing_to(GTK_POPOVER(page->menu), &(GdkRectangle){(int)x, (int)y, 1, 1});
  gtk_popover_popup(GTK_POPOVER(page->menu));
}

static GtkWidget *
new_menu(GtkWidget *parent)
{
  g_autoptr(GMenu) menu = g_menu_new(), zoom = g_menu_new(), picture = g_menu_new();
  g_menu_append(zoom, _("_Play"), "explore.play");
  g_menu_append(zoom, _("Zoom to the _selection"), "explore.zoom-selection");
  g_menu_append(zoom, _("_Fit all"), "explore.fit");
  g_menu_append(zoom, _("_Clear the selection"), "explore.clear");
  g_menu_append(picture, _("Copy _values"), "explore.copy-values");
  g_menu_append(picture, _("C_opy the picture"), "explore.copy");
  g_menu_append(picture, _("_Export the picture…"), "explore.export");
  g_menu_append_section(menu, NULL, G_MENU_MODEL(zoom));
  g_menu_append_section(menu, NULL, G_MENU_MODEL(picture));
  GtkWidget *popover = gtk_popover_menu_new_from_model(G_MENU_MODEL(menu));
  gtk_popover_set_has_arrow(GTK_POPOVER(popover), FALSE);
  gtk_widget_set_halign(popover, GTK_ALIGN_START);
  gtk_widget_set_parent(popover, parent);
  return popover;
}

static GtkWidget *
new_status(const char *icon, const char *title, const char *description)
{
  GtkWidget *status = adw_status_page_new(), *add = gtk_button_new_with_mnemonic(_("_Add sound files…"));
  adw_status_page_set_icon_name(ADW_STATUS_PAGE(status), icon);
  adw_status_page_set_title(ADW_STATUS_PAGE(status), title);
  adw_status_page_set_description(ADW_STATUS_PAGE(status), description);
  gtk_actionable_set_action_name(GTK_ACTIONABLE(add), "win.open");
  gtk_widget_set_halign(add, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class(add, "pill");
  adw_status_page_set_child(ADW_STATUS_PAGE(status), add);
  return status;
}

static GtkWidget *
new_notice(Page *page)
{
  page->notice = gtk_revealer_new();
  page->notice_text = gtk_label_new(NULL);
  gtk_label_set_wrap(GTK_LABEL(page->notice_text), TRUE);
  gtk_widget_add_css_class(page->notice_text, "notice");
  gtk_revealer_set_child(GTK_REVEALER(page->notice), page->notice_text);
  return page->notice;
}

static GtkWidget *
new_paned(GtkWidget *above, GtkWidget *below)
{
  GtkWidget *paned = gtk_paned_new(GTK_ORIENTATION_VERTICAL);
  gtk_paned_set_start_child(GTK_PANED(paned), above);
  gtk_paned_set_end_child(GTK_PANED(paned), below);
  gtk_paned_set_shrink_start_child(GTK_PANED(paned), FALSE);
  gtk_paned_set_shrink_end_child(GTK_PANED(paned), FALSE);
  gtk_widget_set_vexpand(paned, TRUE);
  return paned;
}

static GtkWidget *
new_track_view(Page *page)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  MgSelection *selection = selection_of(page);
  page->overview = mg_overview_new();
  page->ruler = mg_ruler_new();
  page->wave = mg_wave_view_new();
  page->stft = mg_picture_view_new(MG_LAYER_STFT);
  page->mel = mg_picture_view_new(MG_LAYER_MEL);
  GtkWidget *const views[] = {page->overview, page->ruler, page->wave, page->stft, page->mel};
  for (size_t i = 0; i < G_N_ELEMENTS(views); i++)
    mg_view_set_up(MG_VIEW(views[i]), page->timeline, selection);
  gtk_widget_set_size_request(page->wave, -1, 48);
  gtk_widget_set_size_request(page->stft, -1, 72);
  gtk_widget_set_size_request(page->mel, -1, 72);
  GtkWidget *pictures = new_paned(page->stft, page->mel), *panes = new_paned(page->wave, pictures);
  gtk_paned_set_resize_start_child(GTK_PANED(panes), FALSE);
  gtk_paned_set_position(GTK_PANED(panes), 112);
  gtk_box_append(GTK_BOX(box), page->overview);
  gtk_box_append(GTK_BOX(box), page->ruler);
  gtk_box_append(GTK_BOX(box), panes);
  gtk_widget_add_css_class(box, "panes");
  GtkGesture *click = gtk_gesture_click_new();
  gtk_gesture_single_set_button(GTK_GESTURE_SINGLE(click), GDK_BUTTON_SECONDARY);
  g_signal_connect(click, "pressed", G_CALLBACK(open_menu), page);
  gtk_widget_add_controller(box, GTK_EVENT_CONTROLLER(click));
  page->menu = new_menu(box);
  return box;
}

static GtkWidget *
new_spinner(Page *page)
{
  page->spinner = gtk_spinner_new();
  gtk_spinner_start(GTK_SPINNER(page->spinner));
  gtk_widget_set_size_request(page->spinner, 32, 32);
  gtk_widget_set_halign(page->spinner, GTK_ALIGN_CENTER);
  gtk_widget_set_valign(page->spinner, GTK_ALIGN_CENTER);
  gtk_accessible_update_property(GTK_ACCESSIBLE(page->spinner), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Opening"), -1);
  return page->spinner;
}

static void
build(Page *page)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  page->stack = GTK_STACK(gtk_stack_new());
  page->failed = new_status("dialog-warning-symbolic", _("This cannot be opened"), NULL);
  gtk_widget_set_vexpand(GTK_WIDGET(page->stack), TRUE);
  gtk_stack_add_named(page->stack,
                      new_status("folder-music-symbolic", _("No track"),
                                 _("Drop sound files or folders here, or choose a track in the library.")),
                      "empty");
  gtk_stack_add_named(page->stack, new_spinner(page), "loading");
  gtk_stack_add_named(page->stack, page->failed, "failed");
  gtk_stack_add_named(page->stack, new_track_view(page), "track");
  gtk_box_append(GTK_BOX(box), new_notice(page));
  gtk_box_append(GTK_BOX(box), GTK_WIDGET(page->stack));
  adw_bin_set_child(ADW_BIN(page), box);
}

static GtkWidget *
create(MgWorkspace *workspace)
{
  Page *page = g_object_new(TYPE_PAGE, NULL);
  page->workspace = g_object_ref(workspace);
  page->params = mg_params_new(tables);
  recall_params(page);
  build(page);
  MgSelection *selection = selection_of(page);
  g_signal_connect_object(selection, "notify::track", G_CALLBACK(open_selected), page, G_CONNECT_SWAPPED);
  g_signal_connect_object(selection, "notify", G_CALLBACK(follow_stretch), page, G_CONNECT_SWAPPED);
  g_signal_connect_object(selection, "notify", G_CALLBACK(tell_readout), page, G_CONNECT_SWAPPED);
  g_signal_connect_object(page->timeline, "moved", G_CALLBACK(tell_readout), page, G_CONNECT_SWAPPED);
  g_signal_connect_object(page->timeline, "moved", G_CALLBACK(tell_cursor), page, G_CONNECT_SWAPPED);
  g_signal_connect_object(mg_workspace_player(workspace), "notify::state", G_CALLBACK(follow_player_state), page,
                          G_CONNECT_SWAPPED);
  MgRecording *recording = mg_workspace_recording(workspace);
  g_signal_connect_object(recording, "notify::active", G_CALLBACK(follow_recording), page, G_CONNECT_SWAPPED);
  g_signal_connect_object(recording, "ended", G_CALLBACK(open_recording), page, 0);
  open_selected(page);
  return GTK_WIDGET(page);
}

static GtkWidget *
parameters(GtkWidget *widget)
{
  Page *page = MG_EXPLORE_PAGE(widget);
  page->panel = mg_param_panel_new(page->params, without_row);
  mg_param_panel_add(MG_PARAM_PANEL(page->panel), mg_presets_new(MG_PARAM_PANEL(page->panel)), TRUE);
  g_signal_connect_object(page->panel, "changed", G_CALLBACK(apply_params), page, 0);
  return page->panel;
}

static gboolean
open_path(GtkWidget *widget, const char *path)
{
  if (g_file_test(path, G_FILE_TEST_IS_DIR) || g_str_has_suffix(path, ".csv")) /* tables are for other pages */
    return FALSE;
  Page *page = MG_EXPLORE_PAGE(widget);
  g_autofree char *absolute = g_canonicalize_filename(path, NULL);
  mg_selection_set(selection_of(page), absolute, 0, 0);
  return TRUE;
}

static gboolean
grab_focus(GtkWidget *widget)
{
  Page *page = MG_EXPLORE_PAGE(widget);
  return gtk_widget_get_mapped(page->stft) && gtk_widget_grab_focus(page->stft);
}

static void
dispose(GObject *object)
{
  Page *page = MG_EXPLORE_PAGE(object);
  g_cancellable_cancel(page->opening);
  g_clear_object(&page->opening);
  g_clear_handle_id(&page->patience, g_source_remove);
  drop_tiles(page);
  if (page->sound)
    mg_sound_stop(page->sound);
  g_clear_pointer(&page->menu, gtk_widget_unparent);
  g_clear_object(&page->sound);
  g_clear_object(&page->workspace);
  G_OBJECT_CLASS(page_parent_class)->dispose(object);
}

static void
finalize(GObject *object)
{
  Page *page = MG_EXPLORE_PAGE(object);
  g_object_unref(page->timeline);
  mg_params_free(page->params);
  G_OBJECT_CLASS(page_parent_class)->finalize(object);
}

static void
page_class_init(PageClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = dispose;
  G_OBJECT_CLASS(class)->finalize = finalize;
  widget->grab_focus = grab_focus;
  gtk_widget_class_install_action(widget, "explore.fit", NULL, fit);
  gtk_widget_class_install_action(widget, "explore.zoom-selection", NULL, zoom_to_selection);
  gtk_widget_class_install_action(widget, "explore.clear", NULL, clear_selection);
  gtk_widget_class_install_action(widget, "explore.play", NULL, play);
  gtk_widget_class_install_action(widget, "explore.seek", NULL, seek);
  gtk_widget_class_install_action(widget, "explore.to-start", NULL, to_start);
  gtk_widget_class_install_action(widget, "explore.export", NULL, export_picture);
  gtk_widget_class_install_action(widget, "explore.copy", NULL, copy_picture);
  gtk_widget_class_install_action(widget, "explore.copy-values", NULL, copy_values);
}

static void
page_init(Page *page)
{
  page->timeline = mg_timeline_new();
}

const MgPage mg_explore_page = {
    .name = "explore",
    .title = N_("Explore"),
    .icon = "melograph-explore-symbolic",
    .create = create,
    .parameters = parameters,
    .open = open_path,
    .play_action = "explore.play",
};
