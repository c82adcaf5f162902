#include "ui/explore/pane-frame.h"
#include "ui/explore/surface/beside-button.h"
#include "ui/explore/views/feature-view.h"
#include "ui/explore/views/label-view.h"
#include "ui/explore/views/line-view.h"
#include "ui/explore/views/overlays.h"
#include "ui/explore/views/picture-view.h"
#include "ui/explore/views/ribbon-view.h"
#include "ui/explore/run-button.h"
#include "ui/explore/surface/surface-view.h"
#include "ui/explore/views/wave-view.h"
#include "ui/widgets/format.h"
#include "ui/widgets/menu.h"
#include <glib/gi18n.h>

#define HEAD_HEIGHT 26 /* logical pixels */
#define MUCH_FULL 0.05 /* share of the time at full scale that is told */

struct _MgPaneFrame {
  AdwBin parent;
  MgPane *pane;
  MgView *view;
  GtkWidget *head, *handle, *legend, *differences, *notice, *play, *progress, *beside, *over;
  MgOverlays *overlays; /* the view's */
  GSimpleActionGroup *actions;
  gboolean supplied; /* there is a file */
};

G_DEFINE_FINAL_TYPE(MgPaneFrame, mg_pane_frame, ADW_TYPE_BIN)

enum { SELECTED, ACT, DRAGGED, N_SIGNALS };
static guint signals[N_SIGNALS];

MgPane *
mg_pane_frame_pane(MgPaneFrame *frame)
{
  return frame->pane;
}

MgView *
mg_pane_frame_view(MgPaneFrame *frame)
{
  return frame->view;
}

int
mg_pane_frame_least(MgPaneFrame *frame)
{
  int least;
  gtk_widget_measure(GTK_WIDGET(frame), GTK_ORIENTATION_VERTICAL, -1, &least, NULL, NULL, NULL);
  return least;
}

static GtkWidget *
new_view(MgPane *pane)
{
  switch (mg_pane_shows(pane)) {
  case MG_PANE_TILES:
    return mg_picture_view_new(mg_tiles_layer_of(pane));
  case MG_PANE_PICTURE:
    return mg_feature_view_new(pane);
  case MG_PANE_CURVE:
    return mg_line_view_new(pane);
  case MG_PANE_MARKS:
    return mg_label_view_new();
  case MG_PANE_RIBBON:
    return mg_ribbon_view_new(pane);
  case MG_PANE_SURFACE:
    return mg_surface_view_new(pane);
  default:
    return mg_wave_view_new();
  }
}

static void
show_differences(MgPaneFrame *frame)
{
  g_autofree char *text = mg_pane_differences(frame->pane);
  gtk_label_set_text(GTK_LABEL(frame->differences), text ? text : "");
  gtk_widget_set_tooltip_text(frame->differences, text);
}

/* What is odd about a waveform. */
static void
show_loudness(MgSound *sound, MgPaneFrame *frame)
{
  double peak, full;
  g_autofree char *text = NULL;
  const char *advice = NULL;
  if (mg_sound_loudness(sound, &peak, &full) && peak == 0) {
    text = g_strdup(_("silent"));
    advice = _("Every sample is 0: was the microphone on, is it the right channel?");
  } else if (full >= MUCH_FULL) {
    text = g_strdup_printf(_("full scale in %.0f %% of its length: clipped?"), 100 * full);
    advice = _("What was cut off cannot be brought back: record it quieter");
  }
  gtk_label_set_text(GTK_LABEL(frame->differences), text ? text : "");
  gtk_widget_set_tooltip_text(frame->differences, advice);
}

static void
supply_sound(MgPaneFrame *frame, MgSound *sound)
{
  mg_wave_view_set_sound(MG_WAVE_VIEW(frame->view), sound);
  if (!sound)
    return;
  g_signal_handlers_disconnect_by_func(sound, show_loudness, frame);
  g_signal_connect_object(sound, "changed", G_CALLBACK(show_loudness), frame, 0);
  show_loudness(sound, frame);
}

static void
refresh(MgPaneFrame *frame)
{
  g_autofree char *markup = frame->overlays ? mg_overlays_legend(frame->overlays) : NULL;
  gtk_label_set_markup(GTK_LABEL(frame->legend), markup ? markup : "");
  gtk_widget_set_tooltip_markup(frame->legend, markup); /* there may be no room for all of it */
}

/* What does not fit leaves the former picture, and is explained in the pane. */
static void
show_notice(MgPaneFrame *frame, const char *text)
{
  g_autofree char *sentence = text ? mg_format_sentence(text) : NULL;
  gtk_label_set_text(GTK_LABEL(frame->notice), sentence ? sentence : "");
  gtk_widget_set_visible(frame->notice, text != NULL);
}

static void
follow_tile_failure(MgTiles *tiles, const char *message, MgPaneFrame *frame)
{
  show_notice(frame, message);
}

static void
supply_tiles(MgPaneFrame *frame, MgTilesStore *store)
{
  const char *failure = NULL;
  MgTiles *tiles = store ? mg_tiles_store_get(store, frame->pane, &failure) : NULL;
  show_notice(frame, failure);
  if (tiles) {
    g_signal_handlers_disconnect_by_func(tiles, follow_tile_failure, frame);
    g_signal_connect_object(tiles, "failed", G_CALLBACK(follow_tile_failure), frame, 0);
  }
  if (!failure)
    mg_picture_view_set(MG_PICTURE_VIEW(frame->view), tiles, mg_pane_params(frame->pane));
}

static void
supply_analysis(MgPaneFrame *frame, MgAnalysisStore *store)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(MgAnalysis) analysis = NULL;
  if (store)
    analysis = mg_analysis_store_get(store, mg_pane_feature(frame->pane), mg_pane_params(frame->pane), &error);
  show_notice(frame, error ? error->message : NULL);
  if (error)
    return;
  if (MG_IS_FEATURE_VIEW(frame->view))
    mg_feature_view_set(MG_FEATURE_VIEW(frame->view), analysis);
  else
    mg_line_view_set(MG_LINE_VIEW(frame->view), analysis);
}

static void
supply_ribbon(MgPaneFrame *frame, const MgPaneSources *sources)
{
  const char *run = mg_params_text(mg_pane_params(frame->pane), "run");
  g_autofree char *folder = g_canonicalize_filename(run, sources->runs);
  mg_ribbon_view_set(MG_RIBBON_VIEW(frame->view), *run ? folder : NULL, sources->path);
  if (frame->beside)
    return;
  frame->beside = mg_run_button_new(frame->pane, sources->runs);
  gtk_box_insert_child_after(GTK_BOX(frame->head), frame->beside, frame->legend);
}

static void
supply_surface(MgPaneFrame *frame, const MgPaneSources *sources)
{
  g_autoptr(GError) error = NULL;
  mg_surface_view_set(MG_SURFACE_VIEW(frame->view), sources->path, &error);
  show_notice(frame, error ? error->message : NULL);
  if (frame->beside)
    return;
  frame->beside = mg_beside_button_new(frame->pane, sources->library);
  gtk_box_insert_child_after(GTK_BOX(frame->head), frame->beside, frame->legend);
}

static void
supply_overlays(MgPaneFrame *frame, MgAnalysisStore *store)
{
  gboolean any = store && *mg_pane_overlays(frame->pane);
  frame->overlays = any ? mg_overlays_new(frame->view, frame->pane, store) : NULL;
  mg_view_set_overlays(frame->view, frame->overlays);
  refresh(frame);
}

void
mg_pane_frame_supply(MgPaneFrame *frame, const MgPaneSources *sources)
{
  frame->supplied = sources->path != NULL;
  show_differences(frame);
  if (MG_IS_WAVE_VIEW(frame->view))
    supply_sound(frame, sources->sound);
  else if (MG_IS_PICTURE_VIEW(frame->view))
    supply_tiles(frame, sources->tiles);
  else if (MG_IS_LABEL_VIEW(frame->view))
    mg_label_view_set(MG_LABEL_VIEW(frame->view), sources->labels);
  else if (MG_IS_RIBBON_VIEW(frame->view))
    supply_ribbon(frame, sources);
  else if (MG_IS_SURFACE_VIEW(frame->view))
    supply_surface(frame, sources);
  else
    supply_analysis(frame, sources->analyses);
  supply_overlays(frame, sources->analyses);
  if (frame->play)
    gtk_widget_set_sensitive(frame->play, frame->supplied);
}

void
mg_pane_frame_set_selected(MgPaneFrame *frame, gboolean selected)
{
  if (selected)
    gtk_widget_add_css_class(frame->head, "selected");
  else
    gtk_widget_remove_css_class(frame->head, "selected");
}

void
mg_pane_frame_set_playing(MgPaneFrame *frame, const char *progress)
{
  if (!frame->play)
    return;
  gtk_button_set_icon_name(GTK_BUTTON(frame->play),
                           progress ? "process-stop-symbolic" : "media-playback-start-symbolic");
  gtk_widget_set_tooltip_text(frame->play, progress ? _("Give up") : _("Play only this part of the sound"));
  gtk_label_set_text(GTK_LABEL(frame->progress), progress ? progress : "");
  gtk_widget_set_visible(frame->progress, progress != NULL);
}

static void
act(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_signal_emit(data, signals[ACT], 0, g_action_get_name(G_ACTION(action)));
}

static void
refresh_by_action(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  refresh(data);
}

/* Action names have no underscores. */
static char *
overlay_action(const char *feature)
{
  return g_strdelimit(g_strconcat("overlay-", feature, NULL), "_", '-');
}

static void
toggle_overlay(GSimpleAction *action, GVariant *state, gpointer data)
{
  MgPaneFrame *frame = data;
  mg_pane_set_overlay(frame->pane, g_object_get_data(G_OBJECT(action), "feature"), g_variant_get_boolean(state));
  g_simple_action_set_state(action, state);
}

static gboolean
fits_over(MgPane *pane, const MgFeature *feature)
{
  return mg_pane_can_overlay(feature) && mg_pane_shows(pane) != MG_PANE_SURFACE &&
         (feature->kind != MG_FEATURE_CURVE || mg_pane_has_frequencies(pane)) && feature != mg_pane_feature(pane);
}

static void
add_overlay_action(MgPaneFrame *frame, const MgFeature *feature)
{
  g_autofree char *name = overlay_action(feature->name);
  gboolean on = mg_pane_has_overlay(frame->pane, feature->name);
  g_autoptr(GSimpleAction) action = g_simple_action_new_stateful(name, NULL, g_variant_new_boolean(on));
  g_object_set_data(G_OBJECT(action), "feature", (gpointer)feature->name);
  g_signal_connect(action, "change-state", G_CALLBACK(toggle_overlay), frame);
  g_action_map_add_action(G_ACTION_MAP(frame->actions), G_ACTION(action));
}

static GMenu *
overlay_section(MgPaneFrame *frame, MgFeatureKind kind)
{
  GMenu *section = g_menu_new();
  for (const MgFeature *const *feature = mg_features(); *feature; feature++) {
    if ((*feature)->kind != kind || !fits_over(frame->pane, *feature))
      continue;
    g_autofree char *name = overlay_action((*feature)->name), *action = g_strconcat("pane.", name, NULL);
    add_overlay_action(frame, *feature);
    g_menu_append(section, _((*feature)->title), action);
  }
  return section;
}

static GMenuModel *
overlay_menu(MgPaneFrame *frame)
{
  static const struct {
    MgFeatureKind kind;
    const char *title;
  } sections[] = {{MG_FEATURE_CURVE, N_("Curves over the picture")},
                  {MG_FEATURE_EVENTS, N_("Marks in time")},
                  {MG_FEATURE_NUMBER, N_("Numbers")}};
  GMenu *menu = g_menu_new();
  for (size_t i = 0; i < G_N_ELEMENTS(sections); i++) {
    g_autoptr(GMenu) section = overlay_section(frame, sections[i].kind);
    if (g_menu_model_get_n_items(G_MENU_MODEL(section)) > 0)
      g_menu_append_section(menu, _(sections[i].title), G_MENU_MODEL(section));
  }
  return G_MENU_MODEL(menu);
}

static GMenuModel *
pane_menu(MgPane *pane)
{
  GMenu *menu = g_menu_new();
  g_autoptr(GMenu) order = g_menu_new(), end = g_menu_new();
  mg_menu_append(order, _("Move _up"), "pane.up", "<Alt>Up");
  mg_menu_append(order, _("Move _down"), "pane.down", "<Alt>Down");
  mg_menu_append(order, _("_Taller"), "pane.taller", "<Alt>plus");
  mg_menu_append(order, _("_Lower"), "pane.lower", "<Alt>minus");
  g_menu_append(order, _("_Duplicate"), "pane.duplicate");
  mg_menu_append(end, _("_Remove"), "pane.remove", "Delete");
  if (mg_pane_shows(pane) == MG_PANE_MARKS) {
    g_autoptr(GMenu) files = g_menu_new();
    g_menu_append(files, _("_Import labels…"), "explore.import-labels");
    g_menu_append(files, _("_Export labels…"), "explore.export-labels");
    g_menu_append_section(menu, NULL, G_MENU_MODEL(files));
  }
  g_menu_append_section(menu, NULL, G_MENU_MODEL(order));
  g_menu_append_section(menu, NULL, G_MENU_MODEL(end));
  return G_MENU_MODEL(menu);
}

static GtkWidget *
new_menu_button(const char *icon, GMenuModel *model, const char *label, const char *tooltip)
{
  GtkWidget *button = gtk_menu_button_new();
  gtk_menu_button_set_icon_name(GTK_MENU_BUTTON(button), icon);
  gtk_menu_button_set_menu_model(GTK_MENU_BUTTON(button), model);
  gtk_widget_set_tooltip_text(button, tooltip);
  gtk_widget_add_css_class(button, "flat");
  gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
  gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  return button;
}

static void
drag(GtkGestureDrag *gesture, double dx, double dy, MgPaneFrame *frame)
{
  double x, y, across, down;
  gtk_gesture_drag_get_start_point(gesture, &x, &y);
  if (gtk_widget_translate_coordinates(frame->handle, GTK_WIDGET(frame), x + dx, y + dy, &across, &down))
    g_signal_emit(frame, signals[DRAGGED], 0, down);
}

static void
begin_drag(MgPaneFrame *frame)
{
  g_signal_emit(frame, signals[ACT], 0, "drag");
}

static void
end_drag(MgPaneFrame *frame)
{
  g_signal_emit(frame, signals[ACT], 0, "drop");
}

static GtkWidget *
new_handle(MgPaneFrame *frame)
{
  GtkGesture *gesture = gtk_gesture_drag_new();
  GtkWidget *handle = frame->handle = gtk_image_new_from_icon_name("list-drag-handle-symbolic");
  g_signal_connect_swapped(gesture, "drag-begin", G_CALLBACK(begin_drag), frame);
  g_signal_connect(gesture, "drag-update", G_CALLBACK(drag), frame);
  g_signal_connect_swapped(gesture, "drag-end", G_CALLBACK(end_drag), frame);
  gtk_widget_add_controller(handle, GTK_EVENT_CONTROLLER(gesture));
  gtk_widget_set_tooltip_text(handle, _("Drag to another place (Alt+Up, Alt+Down)"));
  gtk_widget_set_cursor_from_name(handle, "grab");
  gtk_widget_add_css_class(handle, "dim-label");
  return handle;
}

static GtkWidget *
new_label(const char *text, gboolean dim)
{
  GtkWidget *label = gtk_label_new(text);
  gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_widget_add_css_class(label, "caption");
  if (dim)
    gtk_widget_add_css_class(label, "dim-label");
  return label;
}

static void
grab_view(GtkGestureClick *click, int n, double x, double y, MgPaneFrame *frame)
{
  gtk_widget_grab_focus(GTK_WIDGET(frame->view));
}

static void
add_play(MgPaneFrame *frame)
{
  const MgFeature *feature = mg_pane_feature(frame->pane);
  if (!feature || feature->kind != MG_FEATURE_SOUND)
    return;
  frame->progress = new_label(NULL, TRUE);
  gtk_widget_add_css_class(frame->progress, "numeric");
  frame->play = gtk_button_new_from_icon_name("media-playback-start-symbolic");
  gtk_actionable_set_action_name(GTK_ACTIONABLE(frame->play), "pane.play");
  gtk_widget_add_css_class(frame->play, "flat");
  gtk_accessible_update_property(GTK_ACCESSIBLE(frame->play), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Play only this part"),
                                 -1);
  mg_pane_frame_set_playing(frame, NULL);
  gtk_box_append(GTK_BOX(frame->head), frame->progress);
  gtk_box_append(GTK_BOX(frame->head), frame->play);
}

static GtkWidget *
new_head(MgPaneFrame *frame)
{
  g_autoptr(GMenuModel) overlays = overlay_menu(frame), menu = pane_menu(frame->pane);
  GtkWidget *head = frame->head = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  GtkGesture *click = gtk_gesture_click_new();
  GtkWidget *title = new_label(mg_pane_title(frame->pane), FALSE);
  gtk_widget_add_css_class(head, "pane-head");
  gtk_widget_add_css_class(title, "heading");
  gtk_widget_set_size_request(head, -1, HEAD_HEIGHT);
  frame->differences = new_label(NULL, TRUE);
  frame->legend = new_label(NULL, FALSE);
  gtk_widget_set_hexpand(frame->legend, TRUE);
  gtk_label_set_xalign(GTK_LABEL(frame->legend), 1);
  gtk_box_append(GTK_BOX(head), new_handle(frame));
  gtk_box_append(GTK_BOX(head), title);
  gtk_box_append(GTK_BOX(head), frame->differences);
  gtk_box_append(GTK_BOX(head), frame->legend);
  add_play(frame);
  if (g_menu_model_get_n_items(overlays) > 0) {
    frame->over = new_menu_button("melograph-overlay-symbolic", overlays, _("Lay over the picture"),
                                  _("Lay curves, onsets and beats over the picture (O)"));
    gtk_box_append(GTK_BOX(head), frame->over);
  }
  gtk_box_append(GTK_BOX(head), new_menu_button("view-more-symbolic", menu, _("Pane"),
                                                _("Move, duplicate or remove the pane (Alt+Up, Alt+Down, Delete)")));
  g_signal_connect(click, "pressed", G_CALLBACK(grab_view), frame);
  gtk_widget_add_controller(head, GTK_EVENT_CONTROLLER(click));
  return head;
}

static gboolean
press(GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state, MgPaneFrame *frame)
{
  static const struct {
    guint key;
    GdkModifierType modifiers;
    const char *act;
  } keys[] = {{GDK_KEY_Up, GDK_ALT_MASK, "up"},        {GDK_KEY_Down, GDK_ALT_MASK, "down"},
              {GDK_KEY_Delete, 0, "remove"},           {GDK_KEY_plus, GDK_ALT_MASK, "taller"},
              {GDK_KEY_equal, GDK_ALT_MASK, "taller"}, {GDK_KEY_KP_Add, GDK_ALT_MASK, "taller"},
              {GDK_KEY_minus, GDK_ALT_MASK, "lower"},  {GDK_KEY_KP_Subtract, GDK_ALT_MASK, "lower"}};
  gboolean shift_makes_it = key == GDK_KEY_plus;
  GdkModifierType modifiers =
      state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK | (shift_makes_it ? 0 : GDK_SHIFT_MASK));
  for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
    if (key == keys[i].key && modifiers == keys[i].modifiers) {
      g_signal_emit(frame, signals[ACT], 0, keys[i].act);
      return TRUE;
    }
  if (key != GDK_KEY_o || modifiers || !frame->over)
    return FALSE;
  gtk_menu_button_popup(GTK_MENU_BUTTON(frame->over));
  return TRUE;
}

static void
enter(GtkEventControllerFocus *focus, MgPaneFrame *frame)
{
  g_signal_emit(frame, signals[SELECTED], 0);
}

static void
add_controllers(MgPaneFrame *frame)
{
  GtkEventController *key = gtk_event_controller_key_new(), *focus = gtk_event_controller_focus_new();
  g_signal_connect(key, "key-pressed", G_CALLBACK(press), frame);
  g_signal_connect(focus, "enter", G_CALLBACK(enter), frame);
  gtk_widget_add_controller(GTK_WIDGET(frame), key);
  gtk_widget_add_controller(GTK_WIDGET(frame), focus);
}

static void
add_actions(MgPaneFrame *frame)
{
  static const GActionEntry entries[] = {
      {.name = "remove", .activate = act}, {.name = "up", .activate = act},
      {.name = "down", .activate = act},   {.name = "duplicate", .activate = act},
      {.name = "taller", .activate = act}, {.name = "lower", .activate = act},
      {.name = "play", .activate = act},   {.name = "refresh", .activate = refresh_by_action}};
  frame->actions = g_simple_action_group_new();
  g_action_map_add_action_entries(G_ACTION_MAP(frame->actions), entries, G_N_ELEMENTS(entries), frame);
  gtk_widget_insert_action_group(GTK_WIDGET(frame), "pane", G_ACTION_GROUP(frame->actions));
}

/* Logical pixels that a view needs at least. */
static int
least_height(MgPane *pane)
{
  switch (mg_pane_shows(pane)) {
  case MG_PANE_WAVE:
  case MG_PANE_MARKS:
    return 44;
  case MG_PANE_SURFACE:
    return 160;
  default:
    return 60;
  }
}

GtkWidget *
mg_pane_frame_new(MgPane *pane, MgTimeline *timeline, MgSelection *selection, MgTools *tools)
{
  MgPaneFrame *frame = g_object_new(MG_TYPE_PANE_FRAME, NULL);
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0), *view = new_view(pane);
  frame->pane = g_object_ref(pane);
  frame->view = MG_VIEW(view);
  add_actions(frame);
  mg_view_set_up(frame->view, timeline, selection, tools);
  gtk_widget_set_size_request(view, -1, least_height(pane));
  gtk_widget_set_vexpand(view, TRUE);
  frame->notice = gtk_label_new(NULL);
  gtk_label_set_wrap(GTK_LABEL(frame->notice), TRUE);
  gtk_widget_add_css_class(frame->notice, "notice");
  gtk_widget_set_visible(frame->notice, FALSE);
  gtk_box_append(GTK_BOX(box), new_head(frame));
  gtk_box_append(GTK_BOX(box), frame->notice);
  gtk_box_append(GTK_BOX(box), view);
  adw_bin_set_child(ADW_BIN(frame), box);
  add_controllers(frame);
  show_differences(frame);
  return GTK_WIDGET(frame);
}

static gboolean
grab_focus(GtkWidget *widget)
{
  return gtk_widget_grab_focus(GTK_WIDGET(MG_PANE_FRAME(widget)->view));
}

static void
dispose(GObject *object)
{
  MgPaneFrame *frame = MG_PANE_FRAME(object);
  g_clear_object(&frame->actions);
  g_clear_object(&frame->pane);
  G_OBJECT_CLASS(mg_pane_frame_parent_class)->dispose(object);
}

static void
mg_pane_frame_class_init(MgPaneFrameClass *class)
{
  GType type = G_TYPE_FROM_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = dispose;
  GTK_WIDGET_CLASS(class)->grab_focus = grab_focus;
  signals[SELECTED] = g_signal_new("selected", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[ACT] = g_signal_new("act", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[DRAGGED] =
      g_signal_new("dragged", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_DOUBLE);
}

static void
mg_pane_frame_init(MgPaneFrame *frame)
{
}
