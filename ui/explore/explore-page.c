#include "ui/explore/explore-page.h"
#include "ui/explore/export.h"
#include "ui/explore/page.h"
#include "ui/explore/views/ruler.h"
#include "ui/explore/similar-window.h"
#include "ui/explore/spectrum-window.h"
#include "ui/explore/views/wave-view.h"
#include "ui/widgets/format.h"
#include "ui/widgets/menu.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/stack.h"
#include "ui/window.h"
#include <glib/gi18n.h>

#define SPECTRUM_N_FFT 4096 /* samples of a frame of the spectrum, at least */
#define SIMILAR_SECONDS 1.0 /* what is looked for where nothing is selected */

G_DEFINE_FINAL_TYPE(Page, page, ADW_TYPE_BIN)

MgSelection *
mg_page_selection(Page *page)
{
  return mg_workspace_selection(page->workspace);
}

const char *
mg_page_path(Page *page)
{
  return page->sound ? mg_sound_path(page->sound) : NULL;
}

MgView *
mg_page_view(Page *page, guint i)
{
  return mg_pane_frame_view(mg_pane_stack_frame(page->frames, mg_pane_list_get(page->panes, i)));
}

/* Of the view that the pointer is over; NULL: none. g_free() it. */
static char *
read_views(Page *page, MgReadout detail)
{
  GtkWidget *const views[] = {page->overview, page->ruler};
  char *text = NULL;
  for (guint i = 0; i < mg_pane_list_n(page->panes) && !text; i++)
    text = mg_view_readout(mg_page_view(page, i), detail);
  for (size_t i = 0; i < G_N_ELEMENTS(views) && !text; i++)
    text = mg_view_readout(MG_VIEW(views[i]), detail);
  return text;
}

static void
tell_readout(Page *page)
{
  gboolean measured = mg_tools_measure(page->tools) != NULL;
  g_autofree char *whole = measured ? NULL : read_views(page, MG_READOUT_WHOLE);
  g_autofree char *shorter = whole ? read_views(page, MG_READOUT_PLAIN) : NULL;
  g_autofree char *shortest = whole ? read_views(page, MG_READOUT_BRIEF) : NULL;
  if (!whole) {
    g_autofree char *marks = mg_page_describe_marks(page, FALSE), *brief = mg_page_describe_marks(page, TRUE);
    mg_window_set_readout(GTK_WIDGET(page), marks, brief, NULL);
    return;
  }
  mg_window_set_readout(GTK_WIDGET(page), whole, shorter, shortest);
  g_free(page->values);
  page->values = g_steal_pointer(&whole);
}

static void
tell_cursor(Page *page)
{
  mg_window_set_time(GTK_WIDGET(page), mg_timeline_cursor(page->timeline), mg_timeline_duration(page->timeline));
}

static void
show_spectrum(GtkWidget *widget, const char *name, GVariant *parameter)
{
  Page *page = MG_EXPLORE_PAGE(widget);
  const MgParams *params = page->selected ? mg_pane_params(page->selected) : NULL;
  gint64 n_fft = params && mg_params_has(params, "n_fft") ? mg_params_int(params, "n_fft") : 0;
  if (!mg_page_path(page))
    return;
  if (!page->spectrum)
    g_set_weak_pointer(&page->spectrum,
                       mg_spectrum_window_new(GTK_WINDOW(gtk_widget_get_root(widget)), page->timeline,
                                              mg_page_selection(page), (size_t)MAX(n_fft, SPECTRUM_N_FFT)));
  gtk_window_present(GTK_WINDOW(page->spectrum));
}

/* Of the selection, else of what follows the cursor. */
static void
find_similar(GtkWidget *widget, const char *name, GVariant *parameter)
{
  Page *page = MG_EXPLORE_PAGE(widget);
  MgSelection *selection = mg_page_selection(page);
  double duration = mg_timeline_duration(page->timeline), start = mg_timeline_cursor(page->timeline);
  double end = MIN(start + SIMILAR_SECONDS, duration);
  if (!mg_page_path(page))
    return;
  if (mg_selection_is_stretch(selection)) {
    start = mg_selection_start(selection);
    end = mg_selection_end(selection);
  } else
    start = MAX(0, end - SIMILAR_SECONDS);
  if (!page->similar)
    g_set_weak_pointer(&page->similar, mg_similar_window_new(GTK_WINDOW(gtk_widget_get_root(widget)), page->workspace));
  mg_similar_window_look_for(MG_SIMILAR_WINDOW(page->similar), mg_page_path(page), start, end);
  gtk_window_present(GTK_WINDOW(page->similar));
}

/* The panes as they are seen; g_array_unref() `panes`. */
static MgExportScene
scene_of(Page *page)
{
  MgExportScene scene = {.ruler = MG_VIEW(page->ruler), .panes = g_array_new(FALSE, FALSE, sizeof(MgExportPane))};
  scene.name = mg_page_path(page);
  for (guint i = 0; i < mg_pane_list_n(page->panes); i++) {
    MgPane *pane = mg_pane_list_get(page->panes, i);
    MgExportPane one = {mg_page_view(page, i), mg_pane_title(pane)};
    g_array_append_val(scene.panes, one);
    scene.width = gtk_widget_get_width(GTK_WIDGET(one.view));
  }
  return scene;
}

static void
export_picture(GtkWidget *widget, const char *name, GVariant *parameter)
{
  MgExportScene scene = scene_of(MG_EXPLORE_PAGE(widget));
  if (scene.name)
    mg_export_ask(widget, &scene);
  g_array_unref(scene.panes);
}

static void
copy_picture(GtkWidget *widget, const char *name, GVariant *parameter)
{
  MgExportScene scene = scene_of(MG_EXPLORE_PAGE(widget));
  if (scene.name)
    mg_export_copy(widget, &scene);
  g_array_unref(scene.panes);
}

static void
copy_values(GtkWidget *widget, const char *name, GVariant *parameter)
{
  const char *values = MG_EXPLORE_PAGE(widget)->values, *text = values ? values : mg_window_readout(widget);
  gdk_clipboard_set_text(gtk_widget_get_clipboard(widget), text ? text : "");
}

static void
open_menu(GtkGestureClick *click, int n, double x, double y, Page *page)
{
  gtk_popover_set_pointing_to(GTK_POPOVER(page->menu), &(GdkRectangle){(int)x, (int)y, 1, 1});
  gtk_popover_popup(GTK_POPOVER(page->menu));
}

/* In the middle of the picture with the focus. */
static void
open_menu_by_key(GtkWidget *widget, const char *name, GVariant *parameter)
{
  Page *page = MG_EXPLORE_PAGE(widget);
  GtkWidget *focus = gtk_root_get_focus(gtk_widget_get_root(widget)), *parent = gtk_widget_get_parent(page->menu);
  GtkWidget *middle = focus && gtk_widget_is_ancestor(focus, parent) ? focus : parent;
  double x, y;
  if (gtk_widget_translate_coordinates(middle, parent, gtk_widget_get_width(middle) / 2.0,
                                       gtk_widget_get_height(middle) / 2.0, &x, &y))
    open_menu(NULL, 1, x, y, page);
}

static void
open_pane_menu(GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_menu_button_popup(GTK_MENU_BUTTON(MG_EXPLORE_PAGE(widget)->pane_button));
}

static GtkWidget *
new_context_menu(GtkWidget *parent)
{
  g_autoptr(GMenu) menu = g_menu_new(), zoom = g_menu_new(), picture = g_menu_new();
  mg_menu_append(zoom, _("_Play"), "explore.play", "space");
  mg_menu_append(zoom, _("Zoom to the _selection"), "explore.zoom-selection", "<Control>e");
  mg_menu_append(zoom, _("_Fit all"), "explore.fit", "<Control>f");
  mg_menu_append(zoom, _("_Clear the selection"), "explore.clear", "Escape");
  mg_menu_append(zoom, _("_Label"), "explore.add-label", "<Control>b");
  mg_menu_append(zoom, _("Sp_ectrum"), "explore.spectrum", "s");
  mg_menu_append(zoom, _("Find si_milar places…"), "explore.find-similar", "<Shift>s");
  g_menu_append(zoom, _("_Save the selected band…"), "explore.save-part");
  g_menu_append(picture, _("Copy _values"), "explore.copy-values");
  mg_menu_append(picture, _("C_opy the picture"), "explore.copy", "<Control>c");
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
  GtkWidget *status = adw_status_page_new(), *add = mg_button_new(NULL, _("_Add sound files…"), NULL);
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
new_pane_button(Page *page)
{
  g_autoptr(GMenuModel) menu = mg_page_new_pane_menu(page);
  GtkWidget *button = page->pane_button = gtk_menu_button_new();
  gtk_menu_button_set_icon_name(GTK_MENU_BUTTON(button), "list-add-symbolic");
  gtk_menu_button_set_menu_model(GTK_MENU_BUTTON(button), menu);
  gtk_widget_set_tooltip_text(button, _("Add a pane (A)"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Add a pane"), -1);
  gtk_widget_set_halign(button, GTK_ALIGN_START);
  gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class(button, "flat");
  gtk_widget_add_css_class(button, "add-pane");
  return button;
}

static GtkWidget *
new_track_view(Page *page)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0), *top = gtk_overlay_new();
  GtkWidget *scroller = gtk_scrolled_window_new();
  mg_view_set_up(MG_VIEW(page->overview = mg_overview_new()), page->timeline, mg_page_selection(page), page->tools);
  mg_view_set_up(MG_VIEW(page->ruler = mg_ruler_new()), page->timeline, mg_page_selection(page), page->tools);
  gtk_overlay_set_child(GTK_OVERLAY(top), page->ruler);
  gtk_overlay_add_overlay(GTK_OVERLAY(top), new_pane_button(page));
  gtk_overlay_add_overlay(GTK_OVERLAY(top), mg_page_new_tool_button(page));
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), GTK_WIDGET(page->frames));
  gtk_widget_set_vexpand(scroller, TRUE);
  gtk_box_append(GTK_BOX(box), page->overview);
  gtk_box_append(GTK_BOX(box), top);
  gtk_box_append(GTK_BOX(box), mg_page_new_file_bar(page));
  gtk_box_append(GTK_BOX(box), mg_page_new_brush_bar(page));
  gtk_box_append(GTK_BOX(box), scroller);
  GtkGesture *click = gtk_gesture_click_new();
  gtk_gesture_single_set_button(GTK_GESTURE_SINGLE(click), GDK_BUTTON_SECONDARY);
  g_signal_connect(click, "pressed", G_CALLBACK(open_menu), page);
  gtk_widget_add_controller(box, GTK_EVENT_CONTROLLER(click));
  page->menu = new_context_menu(box);
  return box;
}

static GtkWidget *
new_spinner(void)
{
  GtkWidget *spinner = gtk_spinner_new();
  gtk_spinner_start(GTK_SPINNER(spinner));
  gtk_widget_set_size_request(spinner, 32, 32);
  gtk_widget_set_halign(spinner, GTK_ALIGN_CENTER);
  gtk_widget_set_valign(spinner, GTK_ALIGN_CENTER);
  gtk_accessible_update_property(GTK_ACCESSIBLE(spinner), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Opening"), -1);
  return spinner;
}

static void
build(Page *page)
{
  page->stack = GTK_STACK(mg_stack_new());
  page->failed = new_status("dialog-warning-symbolic", _("This cannot be opened"), NULL);
  gtk_widget_set_vexpand(GTK_WIDGET(page->stack), TRUE);
  gtk_stack_add_named(page->stack,
                      new_status("folder-music-symbolic", _("No track"),
                                 _("Drop sound files or folders here, or choose a track in the library.")),
                      "empty");
  gtk_stack_add_named(page->stack, new_spinner(), "loading");
  gtk_stack_add_named(page->stack, page->failed, "failed");
  gtk_stack_add_named(page->stack, new_track_view(page), "track");
  adw_bin_set_child(ADW_BIN(page), GTK_WIDGET(page->stack));
}

static GtkWidget *
create(MgWorkspace *workspace)
{
  Page *page = g_object_new(TYPE_PAGE, NULL);
  page->workspace = g_object_ref(workspace);
  mg_page_set_up_panes(page);
  build(page);
  MgSelection *selection = mg_page_selection(page);
  mg_page_set_up_sound(page);
  mg_page_set_up_playback(page);
  g_signal_connect_object(selection, "notify", G_CALLBACK(tell_readout), page, G_CONNECT_SWAPPED);
  g_signal_connect_object(page->timeline, "moved", G_CALLBACK(tell_readout), page, G_CONNECT_SWAPPED);
  g_signal_connect_object(page->tools, "changed", G_CALLBACK(tell_readout), page, G_CONNECT_SWAPPED);
  g_signal_connect_object(page->timeline, "moved", G_CALLBACK(tell_cursor), page, G_CONNECT_SWAPPED);
  mg_page_open_selected(page);
  return GTK_WIDGET(page);
}

static GtkWidget *
parameters(GtkWidget *widget)
{
  return mg_page_parameters(MG_EXPLORE_PAGE(widget));
}

static gboolean
open_path(GtkWidget *widget, const char *path)
{
  if (g_file_test(path, G_FILE_TEST_IS_DIR) || g_str_has_suffix(path, ".csv")) /* tables are for other pages */
    return FALSE;
  Page *page = MG_EXPLORE_PAGE(widget);
  g_autofree char *absolute = g_canonicalize_filename(path, NULL);
  mg_selection_set(mg_page_selection(page), absolute, 0, 0);
  return TRUE;
}

static gboolean
grab_focus(GtkWidget *widget)
{
  Page *page = MG_EXPLORE_PAGE(widget);
  MgPaneFrame *frame = page->selected ? mg_pane_stack_frame(page->frames, page->selected) : NULL;
  return frame && gtk_widget_get_mapped(GTK_WIDGET(frame)) && gtk_widget_grab_focus(GTK_WIDGET(frame));
}

static void
dispose(GObject *object)
{
  Page *page = MG_EXPLORE_PAGE(object);
  g_cancellable_cancel(page->opening);
  g_clear_object(&page->opening);
  g_clear_handle_id(&page->patience, g_source_remove);
  if (page->panes)
    mg_page_drop_panes(page);
  mg_page_close_sound(page);
  g_clear_object(&page->watch);
  g_clear_pointer(&page->menu, gtk_widget_unparent);
  mg_page_drop_search(page);
  g_clear_weak_pointer(&page->spectrum);
  g_clear_weak_pointer(&page->similar);
  g_clear_object(&page->hand);
  if (page->saved)
    mg_part_stop(page->saved);
  g_clear_object(&page->saved);
  g_clear_object(&page->workspace);
  G_OBJECT_CLASS(page_parent_class)->dispose(object);
}

static void
finalize(GObject *object)
{
  Page *page = MG_EXPLORE_PAGE(object);
  g_free(page->values);
  g_object_unref(page->timeline);
  g_object_unref(page->tools);
  G_OBJECT_CLASS(page_parent_class)->finalize(object);
}

static void
page_class_init(PageClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = dispose;
  G_OBJECT_CLASS(class)->finalize = finalize;
  widget->grab_focus = grab_focus;
  mg_page_install_pane_actions(widget);
  mg_page_install_layout_actions(widget);
  mg_page_install_tool_actions(widget);
  mg_page_install_brush_actions(widget);
  mg_page_install_search_actions(widget);
  mg_page_install_label_actions(widget);
  mg_page_install_file_actions(widget);
  gtk_widget_class_install_action(widget, "explore.spectrum", NULL, show_spectrum);
  gtk_widget_class_install_action(widget, "explore.find-similar", NULL, find_similar);
  mg_page_install_playback_actions(widget);
  gtk_widget_class_install_action(widget, "explore.export", NULL, export_picture);
  gtk_widget_class_install_action(widget, "explore.copy", NULL, copy_picture);
  gtk_widget_class_install_action(widget, "explore.copy-values", NULL, copy_values);
  gtk_widget_class_install_action(widget, "explore.menu", NULL, open_menu_by_key);
  gtk_widget_class_install_action(widget, "explore.pane-menu", NULL, open_pane_menu);
}

static void
page_init(Page *page)
{
  page->timeline = mg_timeline_new();
  page->tools = mg_tools_new();
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
