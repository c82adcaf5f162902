/* The Explore page in a real window: it opens a file, zooms, selects, remembers. */
#include "explore-fixture.h"
#include "session/layouts.h"
#include "ui/explore/views/ruler.h"
#include "ui/explore/views/wave-view.h"
#include "ui/library/library-pane.h"
#include "ui/widgets/format.h"
#include "ui/widgets/param-panel.h"

static GtkEventController *
controller_of(GtkWidget *widget, GType type)
{
  g_autoptr(GListModel) controllers = gtk_widget_observe_controllers(widget);
  for (guint i = 0; i < g_list_model_get_n_items(controllers); i++) {
    g_autoptr(GtkEventController) controller = g_list_model_get_item(controllers, i);
    if (g_type_is_a(G_OBJECT_TYPE(controller), type))
      return controller;
  }
  return NULL;
}

static gboolean
tone_is_seen(void)
{
  GdkPaintable *paintable = gtk_widget_paintable_new(stft());
  GtkSnapshot *snapshot = gtk_snapshot_new();
  int width = gtk_widget_get_width(stft()), height = gtk_widget_get_height(stft());
  gdk_paintable_snapshot(paintable, snapshot, width, height);
  g_object_unref(paintable);
  GskRenderNode *node = gtk_snapshot_free_to_node(snapshot);
  if (!node)
    return FALSE;
  g_autoptr(GdkTexture) texture = gsk_renderer_render_texture(gtk_native_get_renderer(GTK_NATIVE(window)), node,
                                                              &GRAPHENE_RECT_INIT(0, 0, width, height));
  g_autofree guint32 *pixels = g_new(guint32, (size_t)width * height);
  gdk_texture_download(texture, (guchar *)pixels, (gsize)width * 4);
  gsk_render_node_unref(node);
  /* 5512 Hz is the middle of the axis: bright there, dark a quarter above. */
  guint32 middle = pixels[(size_t)(height / 2) * width + width / 2];
  guint32 above = pixels[(size_t)(height / 4) * width + width / 2];
  return (middle >> 16 & 255) > 200 && (above >> 16 & 255) < 120;
}

static void
test_picture(void)
{
  turn_until(tone_is_seen);
}

static void
test_keys_and_wheel(void)
{
  gboolean taken = FALSE;
  GtkEventController *key = controller_of(stft(), GTK_TYPE_EVENT_CONTROLLER_KEY);
  GtkEventController *wheel = controller_of(stft(), GTK_TYPE_EVENT_CONTROLLER_SCROLL);
  mg_timeline_set_cursor(timeline(), 2);
  g_signal_emit_by_name(key, "key-pressed", GDK_KEY_plus, 0, 0, &taken);
  g_assert_true(taken);
  g_assert_cmpfloat_with_epsilon(mg_timeline_to(timeline()) - mg_timeline_from(timeline()), 3.2, 1e-6);
  double from = mg_timeline_from(timeline());
  g_signal_emit_by_name(wheel, "scroll", 0.0, 1.0, &taken);
  g_assert_cmpfloat(mg_timeline_from(timeline()), >, from);
  g_signal_emit_by_name(key, "key-pressed", GDK_KEY_Home, 0, 0, &taken);
  g_assert_cmpfloat(mg_timeline_cursor(timeline()), ==, 0);
  g_signal_emit_by_name(key, "key-pressed", GDK_KEY_f, 0, GDK_CONTROL_MASK, &taken);
  g_assert_cmpfloat(mg_timeline_from(timeline()), ==, 0);
  g_assert_cmpfloat_with_epsilon(mg_timeline_to(timeline()), 4, 1e-6);
  g_signal_emit_by_name(key, "key-pressed", GDK_KEY_x, 0, 0, &taken);
  g_assert_false(taken);
}

static void
test_selection(void)
{
  gboolean taken = FALSE;
  MgSelection *selection = mg_workspace_selection(workspace);
  GtkEventController *key = controller_of(stft(), GTK_TYPE_EVENT_CONTROLLER_KEY);
  mg_selection_set(selection, sound, 1, 2);
  g_signal_emit_by_name(key, "key-pressed", GDK_KEY_e, 0, GDK_CONTROL_MASK, &taken);
  g_assert_cmpfloat_with_epsilon(mg_timeline_from(timeline()), 1, 1e-6);
  g_assert_cmpfloat_with_epsilon(mg_timeline_to(timeline()), 2, 1e-6);
  g_signal_emit_by_name(key, "key-pressed", GDK_KEY_Escape, 0, 0, &taken);
  g_assert_false(mg_selection_is_stretch(selection));
  mg_selection_set(selection, sound, 3, 3.5); /* as another page does */
  g_assert_cmpfloat(mg_timeline_from(timeline()), <=, 3);
  g_assert_cmpfloat(mg_timeline_to(timeline()), >=, 3.5);
}

static void
press(guint key, GdkModifierType modifiers)
{
  gboolean taken = FALSE;
  g_signal_emit_by_name(controller_of(stft(), GTK_TYPE_EVENT_CONTROLLER_KEY), "key-pressed", key, 0, modifiers, &taken);
  g_assert_true(taken);
}

static GtkWidget *
menu_with(GtkWidget *widget, GType type)
{
  GtkWidget *found = G_TYPE_CHECK_INSTANCE_TYPE(widget, type) && gtk_widget_get_visible(widget) ? widget : NULL;
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child && !found;
       child = gtk_widget_get_next_sibling(child))
    found = menu_with(child, type);
  return found;
}

/* The keys for menus open that of a picture. */
static void
test_menu(void)
{
  static const struct {
    guint key;
    GdkModifierType modifiers;
  } keys[] = {{GDK_KEY_F10, GDK_SHIFT_MASK}, {GDK_KEY_Menu, 0}};
  GtkWidget *page = gtk_widget_get_ancestor(stft(), g_type_from_name("Page"));
  for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
    g_assert_null(menu_with(page, GTK_TYPE_POPOVER_MENU));
    press(keys[i].key, keys[i].modifiers);
    GtkWidget *menu = menu_with(page, GTK_TYPE_POPOVER_MENU);
    g_assert_nonnull(menu);
    gtk_popover_popdown(GTK_POPOVER(menu));
  }
}

/* Frequencies are zoomed and selected without a mouse. */
static void
test_frequencies(void)
{
  MgSelection *selection = mg_workspace_selection(workspace);
  MgView *view = MG_VIEW(stft());
  double y0, y1;
  for (int i = 0; i < 4; i++)
    press(GDK_KEY_plus, GDK_CONTROL_MASK);
  mg_view_zoom(view, &y0, &y1);
  g_assert_cmpfloat_with_epsilon(y1 - y0, pow(0.8, 4), 1e-9);
  g_assert_cmpfloat_with_epsilon(y0 + y1, 1, 1e-9);
  press(GDK_KEY_Up, GDK_CONTROL_MASK);
  double former = y0;
  mg_view_zoom(view, &y0, &y1);
  g_assert_cmpfloat(y0, >, former);
  press(GDK_KEY_f, GDK_CONTROL_MASK);
  mg_view_zoom(view, &y0, &y1);
  g_assert_cmpfloat(y1 - y0, ==, 1);

  mg_selection_set(selection, sound, 0, 0);
  mg_timeline_set_cursor(timeline(), 1);
  press(GDK_KEY_Right, GDK_SHIFT_MASK);
  press(GDK_KEY_Right, GDK_SHIFT_MASK);
  g_assert_cmpfloat_with_epsilon(mg_selection_start(selection), 1, 1e-6);
  g_assert_cmpfloat(mg_selection_end(selection), >, 1.1);
  press(GDK_KEY_Up, GDK_SHIFT_MASK); /* the middle of what is seen */
  g_assert_true(mg_selection_is_box(selection));
  double low = mg_selection_low(selection), high = mg_selection_high(selection);
  g_assert_cmpfloat_with_epsilon(low, 11025 / 4.0, 30);
  press(GDK_KEY_Up, GDK_SHIFT_MASK); /* a semitone */
  g_assert_cmpfloat_with_epsilon(mg_selection_high(selection), high * pow(2, 1 / 12.0), 1);
  press(GDK_KEY_e, GDK_CONTROL_MASK);
  g_assert_cmpfloat_with_epsilon(mg_view_hz_at(view, gtk_widget_get_height(stft()) - 4), low, 1);
  press(GDK_KEY_f, GDK_CONTROL_MASK);
  press(GDK_KEY_Escape, 0);
  g_assert_false(mg_selection_is_stretch(selection));
}

/* What was brushed comes and goes with undo and redo; a tone in the band is heard, and read off the measure. */
static void
test_tools(void)
{
  MgTools *tools = mg_view_tools(MG_VIEW(stft()));
  MgRegion region = {0.5, 1, 5000, 6000};
  size_t n;
  press(GDK_KEY_5, 0);
  g_assert_cmpint(mg_tools_current(tools), ==, MG_TOOL_BRUSH);
  g_assert_true(gtk_widget_activate_action(stft(), "explore.note-brush", NULL));
  mg_tools_paint(tools, &region);
  g_assert_true(gtk_widget_activate_action(stft(), "win.undo", NULL));
  mg_tools_regions(tools, &n);
  g_assert_cmpuint(n, ==, 0);
  g_assert_true(gtk_widget_activate_action(stft(), "win.redo", NULL));
  mg_tools_regions(tools, &n);
  g_assert_cmpuint(n, ==, 1);
  g_assert_true(gtk_widget_activate_action(stft(), "explore.clear-brushed", NULL));
  mg_tools_regions(tools, &n);
  g_assert_cmpuint(n, ==, 0);
  press(GDK_KEY_1, 0);
  g_assert_cmpint(mg_tools_current(tools), ==, MG_TOOL_TIME);
}

static gboolean
failure_is_said(void)
{
  GtkWidget *stack = gtk_widget_get_ancestor(stft(), GTK_TYPE_STACK);
  return g_strcmp0(gtk_stack_get_visible_child_name(GTK_STACK(stack)), "failed") == 0;
}

static void
test_unreadable(void)
{
  g_autofree char *bad = g_build_filename(folder, "bad.wav", NULL);
  g_assert_true(g_file_set_contents(bad, "no sound", -1, NULL));
  mg_window_open_paths(window, (const char *[]){bad, NULL});
  turn_until(failure_is_said);
  GtkWidget *stack = gtk_widget_get_ancestor(stft(), GTK_TYPE_STACK);
  GtkWidget *page = gtk_stack_get_visible_child(GTK_STACK(stack));
  g_assert_nonnull(strstr(adw_status_page_get_description(ADW_STATUS_PAGE(page)), "bad.wav"));
  mg_window_open_paths(window, (const char *[]){sound, NULL});
  turn_until(track_is_shown);
  g_assert_false(failure_is_said());
}

static gboolean
is_in_library(const char *path)
{
  return mg_library_find(mg_workspace_library(workspace), path) != NULL;
}

static void
test_removal(void)
{
  GtkWidget *pane = find(GTK_WIDGET(window), MG_TYPE_LIBRARY_PANE);
  g_assert_true(is_in_library(sound));
  g_assert_true(gtk_widget_activate_action(pane, "library.remove", "s", sound));
  g_assert_false(is_in_library(sound));
  g_assert_true(g_file_test(sound, G_FILE_TEST_IS_REGULAR));
  g_assert_null(mg_selection_track(mg_workspace_selection(workspace)));
  g_assert_cmpstr(mg_workspace_recall(workspace, "track"), ==, NULL);
  g_assert_true(gtk_widget_activate_action(pane, "win.undo", NULL));
  g_assert_true(is_in_library(sound));
  g_assert_true(gtk_widget_activate_action(pane, "win.redo", NULL));
  g_assert_false(is_in_library(sound));
  g_assert_true(gtk_widget_activate_action(pane, "win.undo", NULL));
  g_assert_cmpfloat(mg_track_item_duration(mg_library_find(mg_workspace_library(workspace), sound)), ==, 4);
}

static gboolean
drop(const char *path)
{
  g_autoptr(GFile) file = g_file_new_for_path(path);
  GSList list = {.data = file};
  GdkFileList *files = gdk_file_list_new_from_list(&list);
  GValue value = G_VALUE_INIT;
  gboolean taken = FALSE;
  g_value_init(&value, GDK_TYPE_FILE_LIST);
  g_value_take_boxed(&value, files);
  g_signal_emit_by_name(controller_of(GTK_WIDGET(window), GTK_TYPE_DROP_TARGET), "drop", &value, 5.0, 5.0, &taken);
  g_value_unset(&value);
  return taken;
}

/* The window over the one of the tests; NULL: none. */
static GtkWindow *
dialog(void)
{
  g_autoptr(GListModel) all = g_object_ref(gtk_window_get_toplevels());
  for (guint i = 0; i < g_list_model_get_n_items(all); i++) {
    g_autoptr(GtkWindow) one = g_list_model_get_item(all, i);
    if (gtk_window_get_transient_for(one) == GTK_WINDOW(window))
      return one;
  }
  return NULL;
}

static gboolean
import_is_offered(void)
{
  return dialog() && gtk_widget_get_mapped(GTK_WIDGET(dialog()));
}

static void
test_drop(void)
{
  g_autofree char *top = g_build_filename(folder, "classes", NULL), *class = g_build_filename(top, "tones", NULL);
  g_autofree char *dropped = g_build_filename(class, "short.wav", NULL);
  static const float silence[SR];
  g_assert_cmpint(g_mkdir_with_parents(class, 0700), ==, 0);
  g_assert_true(mg_wav_write(dropped, silence, SR, 1, SR, FALSE, NULL));
  g_assert_true(drop(top)); /* a folder: what it holds is shown before anything is done */
  turn_until(import_is_offered);
  g_assert_false(is_in_library(dropped));
  gtk_window_destroy(dialog());
  g_assert_true(drop(sound)); /* a file: it is shown */
  g_assert_cmpstr(mg_selection_track(mg_workspace_selection(workspace)), ==, sound);
  turn_until(track_is_shown);
}

static void
test_width(void)
{
  int least;
  gtk_widget_measure(GTK_WIDGET(window), GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
  g_assert_cmpint(least, <=, 380); /* 360, and what the decoration takes */
}

/* The second window on a workspace has the panes and parameters that the first one left. */
static void
test_memory(void)
{
  GtkWidget *panel = find(GTK_WIDGET(window), MG_TYPE_PARAM_PANEL);
  mg_param_panel_assign(MG_PARAM_PANEL(panel), (const char *[]){"n_fft=1024", NULL});
  g_autofree char *kept = NULL;
  while (!kept || !strstr(kept, "n_fft=1024")) {
    g_main_context_iteration(NULL, TRUE);
    g_free(kept);
    kept = mg_workspace_recall(workspace, "explore-panes");
  }
  MgWindow *other = g_object_ref_sink(mg_window_new(NULL, workspace));
  const MgParams *params = mg_param_panel_params(MG_PARAM_PANEL(find(GTK_WIDGET(other), MG_TYPE_PARAM_PANEL)));
  g_assert_cmpstr(mg_params_text(params, "n_fft"), ==, "1024");
  gtk_window_destroy(GTK_WINDOW(other));
  g_object_unref(other);
}

static GtkWidget *
stack(void)
{
  return find(GTK_WIDGET(window), MG_TYPE_PANE_STACK);
}

static guint
count(GType type)
{
  guint n = 0;
  for (GtkWidget *frame = gtk_widget_get_first_child(stack()); frame; frame = gtk_widget_get_next_sibling(frame))
    n += find(frame, type) != NULL;
  return n;
}

static const char *wanted;

static gboolean
wanted_has_focus(void)
{
  GtkWidget *focus = gtk_root_get_focus(GTK_ROOT(window));
  GtkWidget *frame = focus ? gtk_widget_get_ancestor(focus, MG_TYPE_PANE_FRAME) : NULL;
  return frame && g_str_equal(mg_pane_type(mg_pane_frame_pane(MG_PANE_FRAME(frame))), wanted);
}

/* Every feature of the table that can be a pane becomes one, and shows itself. */
static void
test_panes(void)
{
  guint before = count(MG_TYPE_PANE_FRAME);
  GtkWidget *page = gtk_widget_get_ancestor(stack(), GTK_TYPE_STACK);
  for (const MgFeature *const *feature = mg_features(); *feature; feature++) {
    if (!mg_pane_can_show(*feature))
      continue;
    g_assert_true(gtk_widget_activate_action(page, "explore.add-pane", "s", (*feature)->name));
    g_assert_cmpuint(count(MG_TYPE_PANE_FRAME), ==, before + 1);
    wanted = (*feature)->name;
    turn_until(wanted_has_focus);
    GtkWidget *frame = gtk_widget_get_ancestor(gtk_root_get_focus(GTK_ROOT(window)), MG_TYPE_PANE_FRAME);
    MgPane *pane = mg_pane_frame_pane(MG_PANE_FRAME(frame));
    for (const MgFeature *const *over = mg_features(); *over; over++)
      if (mg_pane_can_overlay(*over))
        mg_pane_set_overlay(pane, (*over)->name, TRUE);
    while (g_main_context_iteration(NULL, FALSE))
      ;
    g_assert_true(gtk_widget_activate_action(GTK_WIDGET(mg_pane_frame_view(MG_PANE_FRAME(frame))), "pane.up", NULL));
    g_assert_true(
        gtk_widget_activate_action(GTK_WIDGET(mg_pane_frame_view(MG_PANE_FRAME(frame))), "pane.remove", NULL));
    g_assert_cmpuint(count(MG_TYPE_PANE_FRAME), ==, before);
  }
  g_assert_true(gtk_widget_activate_action(stack(), "win.undo", NULL));
  g_assert_cmpuint(count(MG_TYPE_PANE_FRAME), ==, before + 1);
  g_assert_true(gtk_widget_activate_action(page, "explore.reset-panes", NULL));
  g_assert_cmpuint(count(MG_TYPE_PANE_FRAME), ==, 3);
}

static const char *
nth_type(guint n)
{
  GtkWidget *frame = gtk_widget_get_first_child(stack());
  while (!MG_IS_PANE_FRAME(frame) || n-- > 0) /* grips lie between */
    frame = gtk_widget_get_next_sibling(frame);
  return mg_pane_type(mg_pane_frame_pane(MG_PANE_FRAME(frame)));
}

static void
assert_layouts(const char *expected)
{
  g_autofree char *kept = mg_workspace_recall(workspace, "explore-layouts");
  g_assert_cmpstr(kept ? kept : "", ==, expected);
}

/* What was done to panes and layouts, the last first. */
static void
test_taken_back(void)
{
  GtkWidget *page = gtk_widget_get_ancestor(stack(), GTK_TYPE_STACK);
  g_autofree char *layouts = mg_layouts_put(NULL, "Mine", "[a]\ntype=cqt\n[b]\ntype=waveform\n");
  g_assert_cmpstr(nth_type(0), ==, MG_PANE_WAVEFORM);
  g_assert_true(gtk_widget_activate_action(stft(), "pane.up", NULL));
  g_assert_cmpstr(nth_type(0), ==, "stft");
  mg_workspace_remember(workspace, "explore-layouts", layouts);
  g_assert_true(gtk_widget_activate_action(page, "explore.layout", "s", "Mine"));
  g_assert_cmpuint(count(MG_TYPE_PANE_FRAME), ==, 2);
  g_assert_true(gtk_widget_activate_action(page, "explore.remove-layout", "s", "Mine"));
  assert_layouts("");
  g_assert_true(gtk_widget_activate_action(page, "win.undo", NULL));
  assert_layouts(layouts);
  g_assert_true(gtk_widget_activate_action(page, "win.undo", NULL));
  g_assert_cmpuint(count(MG_TYPE_PANE_FRAME), ==, 3);
  g_assert_cmpstr(nth_type(0), ==, "stft");
  g_assert_true(gtk_widget_activate_action(page, "win.undo", NULL));
  g_assert_cmpstr(nth_type(0), ==, MG_PANE_WAVEFORM);
}

static void
assert_text(char *text, const char *expected)
{
  g_assert_cmpstr(text, ==, expected);
  g_free(text);
}

static void
test_formats(void)
{
  assert_text(mg_format_clock(5, 0), "0:05");
  assert_text(mg_format_clock(59.9996, 3), "1:00.000");
  assert_text(mg_format_clock(3723.25, 2), "1:02:03.25");
  assert_text(mg_format_note(440), "A4 +0\u202fct");
  assert_text(mg_format_note(1318), "E6 \u22121\u202fct");
  g_assert_null(mg_format_note(0));
  assert_text(mg_format_count(1234567), "1\u202f234\u202f567");
  assert_text(mg_format_readout(1.5, NAN, -23), "1.500\u202fs · \u221223\u202fdB");
  g_autofree char *below = g_build_filename(g_get_home_dir(), "sounds", NULL);
  assert_text(mg_format_path(below), "~/sounds");
  assert_text(mg_format_path("/elsewhere/a.wav"), "/elsewhere/a.wav");
  assert_text(mg_format_sentence("there is none"), "There is none");
  assert_text(mg_format_sentence("a.wav: not sound"), "a.wav: not sound");
}

static void
add_tests(void)
{
  g_test_add_func("/explore/picture", test_picture);
  g_test_add_func("/explore/keys-and-wheel", test_keys_and_wheel);
  g_test_add_func("/explore/selection", test_selection);
  g_test_add_func("/explore/menu", test_menu);
  g_test_add_func("/explore/frequencies", test_frequencies);
  g_test_add_func("/explore/tools", test_tools);
  g_test_add_func("/explore/unreadable", test_unreadable);
  g_test_add_func("/explore/remove", test_removal);
  g_test_add_func("/explore/drop", test_drop);
  g_test_add_func("/explore/width", test_width);
  g_test_add_func("/explore/memory", test_memory);
  g_test_add_func("/explore/panes", test_panes);
  g_test_add_func("/explore/taken-back", test_taken_back);
  g_test_add_func("/explore/formats", test_formats);
}

int
main(int argc, char **argv)
{
  return run_in_window(argc, argv, add_tests);
}
