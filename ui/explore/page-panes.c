#include "ui/explore/page.h"
#include "session/run-list.h"
#include "ui/explore/gallery-window.h"
#include "ui/explore/presets.h"
#include "ui/widgets/param-panel.h"
#include "ui/window.h"
#include <glib/gi18n.h>

#define MEMORY_KEY "explore-panes"
#define HEIGHT_STEP 1.25 /* a press of the key that makes a pane taller */

static const char *const without_row[] = {
    "ref",    "amin",                      /* levels are relative to the loudest place */
    "pan_x",  "pan_y", "steady", "smooth", /* a surface is shifted by hand, and its size and edges are the window's */
    "beside", NULL};

static gboolean
remember(gpointer data)
{
  Page *page = data;
  g_autofree char *text = mg_pane_list_save(page->panes);
  page->memory = 0;
  mg_workspace_remember(page->workspace, MEMORY_KEY, text);
  return G_SOURCE_REMOVE;
}

static void
remember_soon(Page *page)
{
  if (!page->memory)
    page->memory = g_idle_add(remember, page);
}

static void
supply(Page *page, MgPane *pane)
{
  MgPaneFrame *frame = mg_pane_stack_frame(page->frames, pane);
  g_autofree char *runs = mg_workspace_path(page->workspace, "runs");
  MgPaneSources sources = {mg_page_path(page),
                           page->sound,
                           page->tiles,
                           page->analyses,
                           page->labels,
                           runs,
                           mg_workspace_library(page->workspace)};
  if (frame)
    mg_pane_frame_supply(frame, &sources);
}

static void
supply_all(Page *page)
{
  if (page->tiles)
    mg_tiles_store_update(page->tiles, page->panes);
  for (guint i = 0; i < mg_pane_list_n(page->panes); i++)
    supply(page, mg_pane_list_get(page->panes, i));
}

void
mg_page_change_file(Page *page)
{
  MgTilesStore *former = g_steal_pointer(&page->tiles);
  mg_page_drop_part(page);
  mg_page_drop_search(page);
  g_clear_object(&page->analyses);
  g_clear_object(&page->labels);
  if (mg_page_path(page)) {
    g_autoptr(GError) error = NULL;
    page->labels = mg_label_track_of(page->workspace, mg_page_path(page), &error);
    if (error)
      mg_window_toast(GTK_WIDGET(page), error->message);
    page->tiles = mg_tiles_store_new(mg_page_path(page));
    page->analyses =
        mg_analysis_store_new(mg_page_path(page), mg_sound_duration(page->sound), mg_sound_sr(page->sound));
  }
  supply_all(page);
  mg_tiles_store_free(former);
}

/* Tiles are dealt anew among all panes; everything else is a pane's own. */
static void
follow_params(Page *page, MgPane *pane)
{
  if (mg_pane_shows(pane) == MG_PANE_TILES)
    supply_all(page);
  else
    supply(page, pane);
  remember_soon(page);
}

/* Turned by hand, a surface changes its own parameters. */
static void
show_params(Page *page, MgPane *pane)
{
  MgParamPanel *panel = g_hash_table_lookup(page->by_pane, pane);
  g_autofree char *shown = panel ? mg_params_key(mg_param_panel_params(panel), NULL) : NULL;
  g_autofree char *own = mg_params_key(mg_pane_params(pane), NULL);
  if (panel && !g_str_equal(shown, own))
    mg_param_panel_take(panel, mg_pane_params(pane));
}

static void
follow_pane(MgPane *pane, Page *page)
{
  show_params(page, pane);
  follow_params(page, pane);
  mg_page_note_panes(page);
}

static void
follow_overlays(MgPane *pane, Page *page)
{
  mg_page_note_panes(page);
  supply(page, pane);
  remember_soon(page);
}

static void
apply_params(MgParamPanel *panel, Page *page)
{
  GHashTableIter iter;
  gpointer pane, other;
  g_hash_table_iter_init(&iter, page->by_pane);
  while (g_hash_table_iter_next(&iter, &pane, &other))
    if (other == panel) {
      mg_pane_take(pane, mg_param_panel_params(panel));
      return;
    }
}

/* The values of this pane's tables go to all panes that have the same tables. */
static void
share_params(GtkButton *button, Page *page)
{
  g_autoptr(MgParams) params = page->selected ? mg_params_copy(mg_pane_params(page->selected)) : NULL;
  mg_page_note_together(page, TRUE);
  for (guint i = 0; params && i < mg_pane_list_n(page->panes); i++) {
    MgPane *pane = mg_pane_list_get(page->panes, i);
    if (pane == page->selected)
      continue;
    g_autoptr(MgParams) theirs = mg_params_copy(mg_pane_params(pane));
    mg_params_take_tables(theirs, params);
    mg_pane_take(pane, theirs);
    MgParamPanel *panel = g_hash_table_lookup(page->by_pane, pane);
    if (panel)
      mg_param_panel_take(panel, theirs);
  }
  mg_page_note_together(page, FALSE);
}

static AdwPreferencesGroup *
new_title_group(Page *page, MgPane *pane)
{
  GtkWidget *group = adw_preferences_group_new();
  gboolean any = mg_pane_has_params(pane);
  adw_preferences_group_set_title(ADW_PREFERENCES_GROUP(group), mg_pane_title(pane));
  gtk_widget_set_tooltip_text(group, mg_pane_title(pane));
  if (!any)
    adw_preferences_group_set_description(ADW_PREFERENCES_GROUP(group), _("Nothing to set here: choose another pane"));
  if (any) {
    GtkWidget *button = gtk_button_new_with_label(_("Use in all"));
    gtk_widget_set_tooltip_text(button, _("Give these values to all panes that have the same parameters"));
    gtk_widget_add_css_class(button, "flat");
    gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
    g_signal_connect_object(button, "clicked", G_CALLBACK(share_params), page, 0);
    adw_preferences_group_set_header_suffix(ADW_PREFERENCES_GROUP(group), button);
  }
  return ADW_PREFERENCES_GROUP(group);
}

static GtkWidget *
panel_of(Page *page, MgPane *pane)
{
  GtkWidget *panel = g_hash_table_lookup(page->by_pane, pane);
  if (panel)
    return panel;
  panel = g_object_ref_sink(mg_param_panel_new(mg_pane_params(pane), without_row));
  if (mg_params_has(mg_pane_params(pane), "n_fft"))
    mg_param_panel_add(MG_PARAM_PANEL(panel), mg_presets_new(MG_PARAM_PANEL(panel)), TRUE);
  mg_param_panel_add(MG_PARAM_PANEL(panel), new_title_group(page, pane), TRUE);
  g_signal_connect_object(panel, "changed", G_CALLBACK(apply_params), page, 0);
  g_hash_table_insert(page->by_pane, pane, panel);
  return panel;
}

static void
select_pane(Page *page, MgPane *pane)
{
  g_set_object(&page->selected, pane);
  mg_pane_stack_select(page->frames, pane);
  if (page->panels)
    adw_bin_set_child(ADW_BIN(page->panels), pane ? panel_of(page, pane) : NULL);
}

/* The waveform has no parameters: those of the pane before stay in view. */
static void
follow_selected(MgPaneStack *stack, MgPane *pane, Page *page)
{
  if (pane != page->selected && mg_pane_has_params(pane))
    select_pane(page, pane);
}

/* The first pane that has parameters. */
static MgPane *
first_choice(Page *page)
{
  for (guint i = 0; i < mg_pane_list_n(page->panes); i++)
    if (mg_pane_has_params(mg_pane_list_get(page->panes, i)))
      return mg_pane_list_get(page->panes, i);
  return mg_pane_list_get(page->panes, 0);
}

static void
watch_panes(Page *page)
{
  for (guint i = 0; i < mg_pane_list_n(page->panes); i++) {
    MgPane *pane = mg_pane_list_get(page->panes, i);
    g_signal_handlers_disconnect_by_data(pane, page);
    g_signal_connect_object(pane, "changed", G_CALLBACK(follow_pane), page, 0);
    g_signal_connect_object(pane, "overlays", G_CALLBACK(follow_overlays), page, 0);
  }
}

static void
follow_list(Page *page)
{
  GHashTableIter iter;
  gpointer pane;
  watch_panes(page);
  if (!page->selected || mg_pane_list_find(page->panes, page->selected) == mg_pane_list_n(page->panes))
    select_pane(page, first_choice(page));
  else
    mg_pane_stack_select(page->frames, page->selected);
  g_hash_table_iter_init(&iter, page->by_pane);
  while (g_hash_table_iter_next(&iter, &pane, NULL))
    if (mg_pane_list_find(page->panes, pane) == mg_pane_list_n(page->panes))
      g_hash_table_iter_remove(&iter);
  supply_all(page);
  remember_soon(page);
  mg_page_note_panes(page);
}

static void
follow_heights(Page *page)
{
  remember_soon(page);
  mg_page_note_panes(page);
}

/* Actions */

static gboolean
grab_selected(gpointer data)
{
  Page *page = data;
  page->focusing = 0;
  gtk_widget_grab_focus(GTK_WIDGET(page));
  return G_SOURCE_REMOVE;
}

/* The menu that asked for the pane closes first: it would lose its grab to the focus. */
static void
insert_pane(Page *page, MgPane *pane)
{
  guint place = page->selected ? mg_pane_list_find(page->panes, page->selected) + 1 : mg_pane_list_n(page->panes);
  mg_pane_list_insert(page->panes, place, pane);
  select_pane(page, pane);
  if (!page->focusing)
    page->focusing = g_timeout_add(50, grab_selected, page);
}

/* The run that was worked on last. */
static void
choose_run(Page *page, MgPane *pane)
{
  if (mg_pane_shows(pane) != MG_PANE_RIBBON)
    return;
  g_autofree char *folder = mg_workspace_path(page->workspace, "runs");
  g_autoptr(MgRunList) runs = mg_run_list_new(folder);
  g_autoptr(MgRun) run = g_list_model_get_item(G_LIST_MODEL(runs), 0);
  g_autoptr(MgParams) params = mg_params_copy(mg_pane_params(pane));
  if (run && mg_params_set(params, "run", mg_run_name(run), NULL))
    mg_pane_take(pane, params);
}

static void
add_pane(GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(MgPane) pane = mg_pane_new(g_variant_get_string(parameter, NULL), &error);
  if (pane) {
    choose_run(MG_EXPLORE_PAGE(widget), pane);
    insert_pane(MG_EXPLORE_PAGE(widget), pane);
  } else
    mg_window_toast(widget, error->message);
}

static void
duplicate(Page *page, MgPane *pane)
{
  g_autoptr(MgPane) copy = mg_pane_new(mg_pane_type(pane), NULL);
  mg_pane_take(copy, mg_pane_params(pane));
  mg_pane_set_height(copy, mg_pane_height(pane));
  for (const char *const *overlay = mg_pane_overlays(pane); *overlay; overlay++)
    mg_pane_set_overlay(copy, *overlay, TRUE);
  select_pane(page, pane);
  insert_pane(page, copy);
}

static void
remove_pane(Page *page, MgPane *pane)
{
  g_autofree char *text = g_strdup_printf(_("%s removed"), mg_pane_title(pane));
  if (mg_pane_list_n(page->panes) < 2) {
    mg_window_toast(GTK_WIDGET(page), _("The last pane stays"));
    return;
  }
  mg_pane_list_remove(page->panes, pane);
  gtk_widget_grab_focus(GTK_WIDGET(page));
  mg_window_toast_undo(GTK_WIDGET(page), text);
}

static void
reset_panes(GtkWidget *widget, const char *name, GVariant *parameter)
{
  Page *page = MG_EXPLORE_PAGE(widget);
  mg_pane_list_reset(page->panes);
  mg_window_toast_undo(widget, _("The panes were replaced"));
}

/* The parameters of a mel pane: of the selected one, else of the first. */
static const MgParams *
mel_params(Page *page)
{
  const MgParams *params = page->selected ? mg_pane_params(page->selected) : NULL;
  for (guint i = 0; i < mg_pane_list_n(page->panes) && !(params && mg_params_has(params, "n_mels")); i++)
    params = mg_pane_params(mg_pane_list_get(page->panes, i));
  return params;
}

static void
open_gallery(GtkWidget *widget, const char *name, GVariant *parameter)
{
  Page *page = MG_EXPLORE_PAGE(widget);
  MgSelection *selection = mg_page_selection(page);
  double start = mg_timeline_from(page->timeline), end = mg_timeline_to(page->timeline);
  if (!mg_page_path(page))
    return;
  if (mg_selection_is_stretch(selection)) {
    start = mg_selection_start(selection);
    end = mg_selection_end(selection);
  }
  mg_gallery_window_show(GTK_WINDOW(gtk_widget_get_root(widget)), mg_page_path(page), start, end, mel_params(page),
                         g_variant_get_string(parameter, NULL));
}

static void
act(MgPaneStack *stack, MgPane *pane, const char *what, Page *page)
{
  g_autoptr(MgPane) alive = g_object_ref(pane);
  if (g_str_equal(what, "remove"))
    remove_pane(page, pane);
  else if (g_str_equal(what, "up"))
    mg_pane_list_move(page->panes, pane, -1);
  else if (g_str_equal(what, "down"))
    mg_pane_list_move(page->panes, pane, 1);
  else if (g_str_equal(what, "taller"))
    mg_pane_stack_scale(page->frames, pane, HEIGHT_STEP);
  else if (g_str_equal(what, "lower"))
    mg_pane_stack_scale(page->frames, pane, 1 / HEIGHT_STEP);
  else if (g_str_equal(what, "duplicate"))
    duplicate(page, pane);
  else if (g_str_equal(what, "drag") || g_str_equal(what, "drop"))
    mg_page_note_together(page, g_str_equal(what, "drag"));
  else if (g_str_equal(what, "play"))
    mg_page_play_part(page, pane);
}

/* Features by what their pictures are of: one line a group, in the menu's order. */
static const struct {
  const char *title; /* N_() */
  guint axes;        /* of pictures, one bit an axis */
  gboolean sounds, curves;
} groups[] = {
    {N_("_Spectrogram"), 1u << MG_AXIS_HZ | 1u << MG_AXIS_MEL, FALSE, FALSE},
    {N_("_Part of the sound"), 0, TRUE, FALSE},
    {N_("_Notes and harmony"), 1u << MG_AXIS_NOTE | 1u << MG_AXIS_CHROMA | 1u << MG_AXIS_TONNETZ, FALSE, FALSE},
    {N_("_Coefficients"), 1u << MG_AXIS_INDEX | 1u << MG_AXIS_TIME, FALSE, FALSE},
    {N_("_Rhythm"), 1u << MG_AXIS_TEMPO, FALSE, FALSE},
    {N_("C_urve"), 0, FALSE, TRUE},
};

static gboolean
is_in_group(const MgFeature *feature, size_t group)
{
  if (feature->kind == MG_FEATURE_SOUND || feature->kind == MG_FEATURE_CURVE)
    return feature->kind == MG_FEATURE_SOUND ? groups[group].sounds : groups[group].curves;
  return feature->kind == MG_FEATURE_PICTURE && groups[group].axes >> feature->axis & 1;
}

static void
append_type(GMenu *menu, const char *title, const char *type)
{
  g_autoptr(GMenuItem) item = g_menu_item_new(title, NULL);
  g_menu_item_set_action_and_target(item, "explore.add-pane", "s", type);
  g_menu_append_item(menu, item);
}

GMenuModel *
mg_page_new_pane_menu(Page *page)
{
  GMenu *menu = g_menu_new();
  g_autoptr(GMenu) end = g_menu_new(), kinds = g_menu_new(), gallery = g_menu_new();
  append_type(kinds, _("_Waveform"), MG_PANE_WAVEFORM);
  append_type(kinds, _("_Labels"), MG_PANE_LABELS);
  append_type(kinds, _("_Predictions of a run"), MG_PANE_PREDICTIONS);
  append_type(kinds, _("_3D spectrogram"), MG_PANE_3D);
  for (size_t i = 0; i < G_N_ELEMENTS(groups); i++) {
    g_autoptr(GMenu) group = g_menu_new();
    for (const MgFeature *const *feature = mg_features(); *feature; feature++)
      if (is_in_group(*feature, i))
        append_type(group, _((*feature)->title), (*feature)->name);
    if (g_menu_model_get_n_items(G_MENU_MODEL(group)) > 0)
      g_menu_append_submenu(kinds, _(groups[i].title), G_MENU_MODEL(group));
  }
  g_menu_append(gallery, _("Several n__mels side by side…"), "explore.gallery::n_mels");
  g_menu_append(gallery, _("Several n__fft side by side…"), "explore.gallery::n_fft");
  g_menu_append(end, _("Back to the _usual panes"), "explore.reset-panes");
  g_menu_append_section(menu, _("Add a pane"), G_MENU_MODEL(kinds));
  g_menu_append_section(menu, _("Compare"), G_MENU_MODEL(gallery));
  g_menu_append_submenu(end, _("_Layouts"), G_MENU_MODEL(page->layouts));
  g_menu_append_section(menu, NULL, G_MENU_MODEL(end));
  return G_MENU_MODEL(menu);
}

void
mg_page_set_up_panes(Page *page)
{
  g_autofree char *text = mg_workspace_recall(page->workspace, MEMORY_KEY);
  page->panes = mg_pane_list_new();
  page->layouts = g_menu_new();
  mg_page_fill_layout_menu(page);
  page->by_pane = g_hash_table_new_full(NULL, NULL, NULL, g_object_unref);
  mg_pane_list_load(page->panes, text);
  page->frames = MG_PANE_STACK(mg_pane_stack_new(page->panes, page->timeline, mg_page_selection(page), page->tools));
  g_signal_connect(page->frames, "selected", G_CALLBACK(follow_selected), page);
  g_signal_connect(page->frames, "act", G_CALLBACK(act), page);
  g_signal_connect_swapped(page->frames, "resized", G_CALLBACK(follow_heights), page);
  g_signal_connect_swapped(page->frames, "changed", G_CALLBACK(follow_list), page);
  watch_panes(page);
  select_pane(page, first_choice(page));
  mg_page_set_up_history(page);
}

GtkWidget *
mg_page_parameters(Page *page)
{
  page->panels = adw_bin_new();
  g_object_add_weak_pointer(G_OBJECT(page->panels), (gpointer *)&page->panels);
  select_pane(page, page->selected);
  return page->panels;
}

void
mg_page_install_pane_actions(GtkWidgetClass *class)
{
  gtk_widget_class_install_action(class, "explore.add-pane", "s", add_pane);
  gtk_widget_class_install_action(class, "explore.gallery", "s", open_gallery);
  gtk_widget_class_install_action(class, "explore.reset-panes", NULL, reset_panes);
}

/* A change that has not been remembered yet is. */
void
mg_page_drop_panes(Page *page)
{
  if (page->memory) {
    g_source_remove(page->memory);
    remember(page);
  }
  g_clear_handle_id(&page->focusing, g_source_remove);
  mg_page_drop_part(page);
  if (page->frames)
    g_signal_handlers_disconnect_by_data(page->frames, page);
  page->frames = NULL;
  g_clear_object(&page->selected);
  /* Whoever holds a pane, as a step of the history does, may change it once more. */
  for (guint i = 0; i < mg_pane_list_n(page->panes); i++)
    g_signal_handlers_disconnect_by_data(mg_pane_list_get(page->panes, i), page);
  if (page->panels)
    g_object_remove_weak_pointer(G_OBJECT(page->panels), (gpointer *)&page->panels);
  page->panels = NULL;
  g_clear_pointer(&page->by_pane, g_hash_table_unref);
  g_clear_pointer(&page->tiles, mg_tiles_store_free);
  g_clear_object(&page->analyses);
  g_clear_object(&page->labels);
  mg_history_forget(mg_workspace_history(page->workspace), page);
  g_clear_pointer(&page->noted, mg_arrangement_free);
  g_clear_object(&page->layouts);
  g_clear_object(&page->panes);
}
