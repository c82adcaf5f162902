#include "ui/window-private.h"
#include "session/urgency.h"
#include "ui/library/library-pane.h"
#include "ui/pages.h"
#include "ui/recent.h"
#include "ui/settings.h"
#include "ui/trace-labels.h"
#include "ui/trace.h"
#include "ui/widgets/drawing.h"
#include "ui/widgets/elastic.h"
#include "ui/widgets/format.h"
#include "ui/widgets/stack.h"
#include <glib/gi18n.h>
#include <time.h>

#define NARROW 900 /* logical pixels under which the side panes lie over the page */
#define TOAST_REST_MS 600
#define TINY 480 /* … under which the transport bar shows what is most needed */

G_DEFINE_FINAL_TYPE(MgWindow, mg_window, ADW_TYPE_APPLICATION_WINDOW)

MgWorkspace *
mg_window_workspace(MgWindow *window)
{
  return window->workspace;
}

static AdwToast *
show_toast(GtkWidget *widget, const char *text)
{
  GtkRoot *root = gtk_widget_get_root(widget);
  g_autofree char *sentence = mg_format_sentence(text), *escaped = g_markup_escape_text(sentence, -1);
  if (!MG_IS_WINDOW(root))
    return NULL;
  AdwToast *toast = adw_toast_new(escaped);
  adw_toast_set_timeout(toast, 10);
  adw_toast_overlay_add_toast(MG_WINDOW(root)->toasts, toast);
  return toast;
}

void
mg_window_toast(GtkWidget *widget, const char *text)
{
  show_toast(widget, text);
}

static AdwToast *
show_offer(GtkWidget *widget, const char *text, const char *button, const char *action)
{
  AdwToast *toast = show_toast(widget, text);
  if (!toast)
    return NULL;
  adw_toast_set_button_label(toast, button);
  adw_toast_set_detailed_action_name(toast, action);
  return toast;
}

void
mg_window_toast_offer(GtkWidget *widget, const char *text, const char *button, const char *action)
{
  show_offer(widget, text, button, action);
}

static void
on_undo_dismissed(MgWindow *window)
{
  g_clear_weak_pointer(&window->undo_toast);
}

static gboolean
dismiss_undo(gpointer data)
{
  MgWindow *window = data;
  window->dismissing = 0;
  if (window->undo_toast)
    adw_toast_dismiss(window->undo_toast);
  return G_SOURCE_REMOVE;
}

/* libadwaita 1.2 frees a toast twice where it goes while it still comes or while the one before is going. */
static void
dismiss_undo_later(MgWindow *window)
{
  if (window->undo_toast && !window->dismissing)
    window->dismissing = g_timeout_add(TOAST_REST_MS, dismiss_undo, window);
}

/* One toast tells what was done last, which is what undo takes back: several would queue up, ten seconds each. */
void
mg_window_toast_undo(GtkWidget *widget, const char *text)
{
  GtkRoot *root = gtk_widget_get_root(widget);
  AdwToast *former = MG_IS_WINDOW(root) ? MG_WINDOW(root)->undo_toast : NULL;
  if (former) {
    g_autofree char *sentence = mg_format_sentence(text), *escaped = g_markup_escape_text(sentence, -1);
    g_clear_handle_id(&MG_WINDOW(root)->dismissing, g_source_remove);
    adw_toast_set_title(former, escaped);
    return;
  }
  AdwToast *toast = show_offer(widget, text, _("_Undo"), "win.undo");
  if (!toast)
    return;
  g_set_weak_pointer(&MG_WINDOW(root)->undo_toast, toast);
  g_signal_connect_object(toast, "dismissed", G_CALLBACK(on_undo_dismissed), root, G_CONNECT_SWAPPED);
}

void
mg_window_toast_action(GtkWidget *widget, const char *text, const char *button, const char *action)
{
  AdwToast *toast = show_offer(widget, text, button, action);
  if (toast)
    adw_toast_set_timeout(toast, 0);
}

void
mg_window_set_time(GtkWidget *widget, double seconds, double duration)
{
  GtkRoot *root = gtk_widget_get_root(widget);
  if (MG_IS_WINDOW(root))
    mg_transport_set_time(MG_WINDOW(root)->transport, seconds, duration);
}

void
mg_window_set_readout(GtkWidget *widget, const char *text, const char *shorter, const char *shortest)
{
  GtkRoot *root = gtk_widget_get_root(widget);
  if (MG_IS_WINDOW(root))
    mg_transport_set_readout(MG_WINDOW(root)->transport, text, shorter, shortest);
}

const char *
mg_window_readout(GtkWidget *widget)
{
  GtkRoot *root = gtk_widget_get_root(widget);
  return MG_IS_WINDOW(root) ? mg_transport_readout(MG_WINDOW(root)->transport) : NULL;
}

static void
undo(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  MgWindow *window = data;
  mg_history_undo(mg_workspace_history(window->workspace));
  dismiss_undo_later(window);
}

static void
redo(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  mg_history_redo(mg_workspace_history(MG_WINDOW(data)->workspace));
}

static void
turn_to_page(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  const char *name = g_variant_get_string(parameter, NULL);
  GtkWidget *page = adw_view_stack_get_child_by_name(MG_WINDOW(data)->stack, name);
  if (!page)
    return;
  adw_view_stack_set_visible_child(MG_WINDOW(data)->stack, page);
  gtk_widget_grab_focus(page);
}

/* Shows the parameters of the page that is seen; they are made at the first time. */
static void
show_parameters_of_page(MgWindow *window)
{
  const char *name = adw_view_stack_get_visible_child_name(window->stack);
  const MgPage *page = mg_page_find(name);
  GAction *action = g_action_map_lookup_action(G_ACTION_MAP(window), "parameters");
  gboolean any = page && page->parameters;
  if (any && !gtk_stack_get_child_by_name(window->panels, name))
    gtk_stack_add_named(window->panels, page->parameters(adw_view_stack_get_visible_child(window->stack)), name);
  if (any)
    gtk_stack_set_visible_child_name(window->panels, name);
  if (action)
    g_simple_action_set_enabled(G_SIMPLE_ACTION(action), any);
  adw_flap_set_reveal_flap(window->parameters,
                           any && window->parameters_wanted && !window->narrow && !window->presenting);
}

/* The page alone, on the whole screen and in large type: for a room. */
static void
change_presenting(GSimpleAction *action, GVariant *state, gpointer data)
{
  MgWindow *window = data;
  gboolean on = window->presenting = g_variant_get_boolean(state);
  g_simple_action_set_state(action, state);
  gtk_widget_set_visible(window->header, !on);
  gtk_widget_set_visible(GTK_WIDGET(window->transport), !on);
  gtk_widget_set_visible(window->switcher_bar, !on);
  if (on) {
    adw_flap_set_reveal_flap(window->library, FALSE);
    adw_flap_set_reveal_flap(window->parameters, FALSE);
    gtk_widget_add_css_class(GTK_WIDGET(window), "presentation");
    gtk_window_fullscreen(GTK_WINDOW(window));
  } else {
    gtk_widget_remove_css_class(GTK_WIDGET(window), "presentation");
    gtk_window_unfullscreen(GTK_WINDOW(window));
    adw_flap_set_reveal_flap(window->library, !window->narrow && window->library_wanted);
    show_parameters_of_page(window);
  }
  mg_style_set_large(on);
}

static void
change_pane(GSimpleAction *action, GVariant *state, gpointer data)
{
  MgWindow *window = data;
  gboolean shown = g_variant_get_boolean(state);
  gboolean library = g_str_equal(g_action_get_name(G_ACTION(action)), "library");
  adw_flap_set_reveal_flap(library ? window->library : window->parameters, shown);
  if (window->narrow || window->presenting)
    return;
  *(library ? &window->library_wanted : &window->parameters_wanted) = shown;
  if (mg_settings())
    g_settings_set_boolean(mg_settings(), g_action_get_name(G_ACTION(action)), shown);
}

/* The state of the actions follows the panes, which may also be closed by a click beside them; and so does what a
 * screen reader finds. */
static void
follow_pane(AdwFlap *flap, GParamSpec *pspec, MgWindow *window)
{
  GAction *action =
      g_action_map_lookup_action(G_ACTION_MAP(window), flap == window->library ? "library" : "parameters");
  gboolean shown = adw_flap_get_reveal_flap(flap);
  g_simple_action_set_state(G_SIMPLE_ACTION(action), g_variant_new_boolean(shown));
  gtk_accessible_update_state(GTK_ACCESSIBLE(adw_flap_get_flap(flap)), GTK_ACCESSIBLE_STATE_HIDDEN, !shown, -1);
}

static gboolean
fit_panes(gpointer data)
{
  MgWindow *window = data;
  window->refit = 0;
  mg_transport_set_narrow(window->transport, window->tiny);
  AdwFlapFoldPolicy policy = window->narrow ? ADW_FLAP_FOLD_POLICY_ALWAYS : ADW_FLAP_FOLD_POLICY_NEVER;
  adw_flap_set_fold_policy(window->library, policy);
  adw_flap_set_fold_policy(window->parameters, policy);
  adw_flap_set_reveal_flap(window->library, !window->narrow && !window->presenting && window->library_wanted);
  show_parameters_of_page(window);
  return G_SOURCE_REMOVE;
}

static void
size_allocate(GtkWidget *widget, int width, int height, int baseline)
{
  MgWindow *window = MG_WINDOW(widget);
  GTK_WIDGET_CLASS(mg_window_parent_class)->size_allocate(widget, width, height, baseline);
  gboolean narrow = width < NARROW * mg_drawing_text_scale();
  if (window->narrow == narrow && window->tiny == (width < TINY))
    return;
  window->narrow = narrow;
  window->tiny = width < TINY;
  if (!window->refit)
    window->refit = g_idle_add_full(G_PRIORITY_HIGH_IDLE, fit_panes, window, NULL);
}

static GMenuModel *
new_menu(void)
{
  GMenu *menu = g_menu_new(), *files = g_menu_new(), *look = g_menu_new(), *style = g_menu_new();
  g_autoptr(GMenu) about = g_menu_new();
  g_menu_append(files, _("Add sound _files…"), "win.open");
  g_menu_append(files, _("Add a f_older…"), "win.add-folder");
  g_menu_append(style, _("_Follow the system"), "app.style::system");
  g_menu_append(style, _("_Light"), "app.style::light");
  g_menu_append(style, _("_Dark"), "app.style::dark");
  g_menu_append_submenu(look, _("_Style"), G_MENU_MODEL(style));
  g_menu_append(files, _("_Classify files…"), "win.classify");
  g_menu_append(files, _("Open a _workspace…"), "win.open-workspace");
  g_menu_append_submenu(files, _("Recent f_iles"), mg_recent_menu(MG_RECENT_FILES));
  g_menu_append_submenu(files, _("_Recent workspaces"), mg_recent_menu(MG_RECENT_WORKSPACES));
  g_menu_append(about, _("_Commands"), "win.palette");
  g_menu_append(about, _("_Preferences"), "win.preferences");
  g_menu_append(about, _("_Help"), "win.help");
  g_menu_append(about, _("_Keys and mouse"), "win.show-help-overlay");
  g_menu_append(about, _("_About Melograph"), "app.about");
  g_menu_append_section(menu, NULL, G_MENU_MODEL(files));
  g_menu_append_section(menu, NULL, G_MENU_MODEL(look));
  g_menu_append_section(menu, NULL, G_MENU_MODEL(about));
  g_object_unref(files);
  g_object_unref(look);
  g_object_unref(style);
  return G_MENU_MODEL(menu);
}

static GtkWidget *
new_toggle(const char *icon, const char *action, const char *label, const char *tooltip)
{
  GtkWidget *button = gtk_toggle_button_new();
  gtk_button_set_icon_name(GTK_BUTTON(button), icon);
  gtk_actionable_set_action_name(GTK_ACTIONABLE(button), action);
  gtk_widget_set_tooltip_text(button, tooltip);
  gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  return button;
}

static GtkWidget *
new_header(MgWindow *window, GtkWidget *switcher)
{
  GtkWidget *bar = adw_header_bar_new(), *menu = gtk_menu_button_new();
  g_autoptr(GMenuModel) model = new_menu();
  adw_header_bar_set_centering_policy(ADW_HEADER_BAR(bar), ADW_CENTERING_POLICY_LOOSE);
  adw_header_bar_set_title_widget(ADW_HEADER_BAR(bar), switcher);
  adw_header_bar_pack_start(ADW_HEADER_BAR(bar), new_toggle("sidebar-show-symbolic", "win.library", _("Library"),
                                                            _("Show the library (F9)")));
  gtk_menu_button_set_icon_name(GTK_MENU_BUTTON(menu), "open-menu-symbolic");
  gtk_menu_button_set_menu_model(GTK_MENU_BUTTON(menu), model);
  gtk_menu_button_set_primary(GTK_MENU_BUTTON(menu), TRUE);
  gtk_widget_set_tooltip_text(menu, _("Main menu (F10)"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(menu), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Main menu"), -1);
  adw_header_bar_pack_end(ADW_HEADER_BAR(bar), menu);
  adw_header_bar_pack_end(ADW_HEADER_BAR(bar), new_toggle("sidebar-show-right-symbolic", "win.parameters",
                                                          _("Parameters"), _("Show the parameters (Shift+F9)")));
  return bar;
}

static AdwFlap *
new_flap(GtkWidget *content, GtkWidget *pane, GtkPackType side, int width)
{
  AdwFlap *flap = ADW_FLAP(adw_flap_new());
  gtk_widget_set_size_request(pane, (int)(width * mg_drawing_text_scale()), -1);
  gtk_widget_set_hexpand(pane, FALSE);
  gtk_widget_set_hexpand(content, TRUE);
  gtk_widget_add_css_class(pane, "background");
  adw_flap_set_content(flap, content);
  adw_flap_set_flap(flap, pane);
  adw_flap_set_flap_position(flap, side);
  adw_flap_set_separator(flap, gtk_separator_new(GTK_ORIENTATION_VERTICAL));
  adw_flap_set_fold_policy(flap, ADW_FLAP_FOLD_POLICY_NEVER);
  adw_flap_set_swipe_to_open(flap, FALSE); /* a sideways swipe scrolls time */
  adw_flap_set_swipe_to_close(flap, FALSE);
  return flap;
}

static void
add_pages(MgWindow *window)
{
  for (const MgPage *const *page = mg_pages; *page; page++) {
    GtkWidget *child = (*page)->create(window->workspace);
    adw_view_stack_add_titled(window->stack, child, (*page)->name, _((*page)->title));
    adw_view_stack_page_set_icon_name(adw_view_stack_get_page(window->stack, child), (*page)->icon);
  }
}

/* Pages that need more width than there is are scrolled sideways. */
static GtkWidget *
new_scroller(GtkWidget *pages)
{
  GtkWidget *scroller = gtk_scrolled_window_new();
  gtk_widget_set_name(scroller, MG_PAGE_SCROLLER);
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_AUTOMATIC, GTK_POLICY_NEVER);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), pages);
  return scroller;
}

static void
build(MgWindow *window)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *switcher = adw_view_switcher_title_new(), *narrow_switcher = adw_view_switcher_bar_new();
  window->stack = ADW_VIEW_STACK(adw_view_stack_new());
  adw_view_stack_set_hhomogeneous(window->stack, FALSE);
  adw_view_stack_set_vhomogeneous(window->stack, FALSE);
  mg_stack_hide_others(GTK_WIDGET(window->stack));
  window->panels = GTK_STACK(mg_stack_new());
  window->toasts = ADW_TOAST_OVERLAY(adw_toast_overlay_new());
  adw_view_switcher_title_set_stack(ADW_VIEW_SWITCHER_TITLE(switcher), window->stack);
  adw_view_switcher_title_set_title(ADW_VIEW_SWITCHER_TITLE(switcher), "Melograph");
  adw_view_switcher_bar_set_stack(ADW_VIEW_SWITCHER_BAR(narrow_switcher), window->stack);
  g_object_bind_property(switcher, "title-visible", narrow_switcher, "reveal", G_BINDING_SYNC_CREATE);
  window->parameters = new_flap(new_scroller(GTK_WIDGET(window->stack)), GTK_WIDGET(window->panels), GTK_PACK_END, 280);
  window->library =
      new_flap(GTK_WIDGET(window->parameters), mg_library_pane_new(window->workspace), GTK_PACK_START, 220);
  adw_toast_overlay_set_child(window->toasts, GTK_WIDGET(window->library));
  gtk_widget_set_vexpand(GTK_WIDGET(window->toasts), TRUE);
  gtk_box_append(GTK_BOX(box), window->header = new_header(window, switcher));
  gtk_box_append(GTK_BOX(box), mg_elastic_new(GTK_WIDGET(window->toasts)));
  window->transport = MG_TRANSPORT(mg_transport_new(window->workspace));
  gtk_box_append(GTK_BOX(box), GTK_WIDGET(window->transport));
  gtk_box_append(GTK_BOX(box), window->switcher_bar = narrow_switcher);
  adw_application_window_set_content(ADW_APPLICATION_WINDOW(window), box);
}

static void
remember_size(MgWindow *window)
{
  GSettings *settings = mg_settings();
  if (!settings)
    return;
  g_settings_bind(settings, "width", window, "default-width", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind(settings, "height", window, "default-height", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind(settings, "maximized", window, "maximized", G_SETTINGS_BIND_DEFAULT);
}

/* The side panes as the user left them. */
static void
recall_panes(MgWindow *window)
{
  GSettings *settings = mg_settings();
  if (!settings)
    return;
  window->library_wanted = g_settings_get_boolean(settings, "library");
  window->parameters_wanted = g_settings_get_boolean(settings, "parameters");
  adw_flap_set_reveal_flap(window->library, window->library_wanted);
}

/* At once, because a session may end without a farewell. */
static void
remember_track(MgWindow *window)
{
  const char *track = window->workspace ? mg_selection_track(mg_workspace_selection(window->workspace)) : NULL;
  if (window->workspace)
    mg_workspace_remember(window->workspace, "track", track);
  if (track)
    mg_recent_add(MG_RECENT_FILES, track);
}

static void
remember_page(MgWindow *window)
{
  const char *name = adw_view_stack_get_visible_child_name(window->stack);
  if (window->workspace && name)
    mg_workspace_remember(window->workspace, "page", name);
}

MgWindow *
mg_window_new(GtkApplication *application, MgWorkspace *workspace)
{
  MgWindow *window = g_object_new(MG_TYPE_WINDOW, "application", application, "title", "Melograph", "default-width",
                                  1280, "default-height", 800, NULL);
  window->workspace = g_object_ref(workspace);
  build(window);
  g_signal_connect(window->library, "notify::reveal-flap", G_CALLBACK(follow_pane), window);
  g_signal_connect(window->parameters, "notify::reveal-flap", G_CALLBACK(follow_pane), window);
  g_signal_connect_swapped(window->stack, "notify::visible-child", G_CALLBACK(show_parameters_of_page), window);
  g_signal_connect_object(mg_workspace_selection(workspace), "notify::track", G_CALLBACK(remember_track), window,
                          G_CONNECT_SWAPPED);
  add_pages(window);
  recall_panes(window);
  show_parameters_of_page(window);
  mg_window_set_up_classifying(window);
  mg_window_set_up_files(window);
  mg_window_set_up_playback(window);
  mg_window_set_up_help(window);
  mg_window_set_up_recording(window);
  remember_size(window);
  g_signal_connect_swapped(window->stack, "notify::visible-child", G_CALLBACK(remember_page), window);
  return window;
}

/* What this thread has worked, in microseconds: other programs on the machine do not count. */
static gint64
thread_time(void)
{
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static void
begin_frame(GdkFrameClock *clock, MgWindow *window)
{
  mg_frame_begin();
  window->frame_began = g_get_monotonic_time();
  window->work_began = thread_time();
}

static void
end_frame(GdkFrameClock *clock, MgWindow *window)
{
  mg_frame_end();
  mg_trace("frame", (g_get_monotonic_time() - window->frame_began) / 1000.0);
  mg_trace("frame-work", (thread_time() - window->work_began) / 1000.0);
}

static void
realize(GtkWidget *widget)
{
  GTK_WIDGET_CLASS(mg_window_parent_class)->realize(widget);
  GdkFrameClock *clock = gtk_widget_get_frame_clock(widget);
  g_signal_connect_object(clock, "before-paint", G_CALLBACK(begin_frame), widget, 0);
  g_signal_connect_object(clock, "after-paint", G_CALLBACK(end_frame), widget, 0);
}

void
mg_window_restore(MgWindow *window)
{
  g_autofree char *start = mg_settings() ? g_settings_get_string(mg_settings(), "start") : NULL;
  if (g_strcmp0(start, "empty") == 0)
    return;
  g_autofree char *page = mg_workspace_recall(window->workspace, "page");
  if (page && mg_page_find(page))
    adw_view_stack_set_visible_child_name(window->stack, page);
  g_autofree char *track = mg_workspace_recall(window->workspace, "track");
  if (track && g_file_test(track, G_FILE_TEST_IS_REGULAR))
    mg_selection_set(mg_workspace_selection(window->workspace), track, 0, 0);
}

/* GTK gives the focus to the first button; the picture takes it when a track is open. */
static void
show(GtkWidget *widget)
{
  GTK_WIDGET_CLASS(mg_window_parent_class)->show(widget);
  gtk_window_set_focus(GTK_WINDOW(widget), NULL);
  gtk_window_set_focus_visible(GTK_WINDOW(widget), FALSE);
}

static void
map(GtkWidget *widget)
{
  GTK_WIDGET_CLASS(mg_window_parent_class)->map(widget);
  mg_trace("window", -1);
  mg_window_offer_recovered(MG_WINDOW(widget));
}

static void
dispose(GObject *object)
{
  MgWindow *window = MG_WINDOW(object);
  g_clear_handle_id(&window->refit, g_source_remove);
  if (window->stack) {
    g_signal_handlers_disconnect_by_data(window->stack, window);
    g_signal_handlers_disconnect_by_data(window->library, window);
    g_signal_handlers_disconnect_by_data(window->parameters, window);
    window->stack = NULL;
  }
  g_clear_object(&window->dialog);
  g_clear_handle_id(&window->dismissing, g_source_remove);
  g_clear_weak_pointer(&window->undo_toast);
  g_clear_weak_pointer(&window->classify);
  g_clear_pointer(&window->dropped, g_strfreev);
  g_clear_object(&window->workspace);
  G_OBJECT_CLASS(mg_window_parent_class)->dispose(object);
}

static void
mg_window_class_init(MgWindowClass *class)
{
  GTK_WIDGET_CLASS(class)->size_allocate = size_allocate;
  GTK_WIDGET_CLASS(class)->realize = realize;
  GTK_WIDGET_CLASS(class)->map = map;
  GTK_WIDGET_CLASS(class)->show = show;
  G_OBJECT_CLASS(class)->dispose = dispose;
}

static void
mg_window_init(MgWindow *window)
{
  static const GActionEntry actions[] = {
      {.name = "undo", .activate = undo},
      {.name = "redo", .activate = redo},
      {.name = "page", .activate = turn_to_page, .parameter_type = "s"},
      {.name = "library", .state = "true", .change_state = change_pane},
      {.name = "parameters", .state = "true", .change_state = change_pane},
      {.name = "present", .state = "false", .change_state = change_presenting},
  };
  window->library_wanted = window->parameters_wanted = TRUE;
  gtk_widget_set_size_request(GTK_WIDGET(window), 360, 294);
  g_action_map_add_action_entries(G_ACTION_MAP(window), actions, G_N_ELEMENTS(actions), window);
}
