/* The Explore page in a real window: it opens a file, zooms, selects, exports. */
#include "audio/encoder.h"
#include "support.h"
#include "ui/explore/export.h"
#include "ui/explore/pane-stack.h"
#include "ui/explore/views/picture-view.h"
#include "ui/explore/views/ruler.h"
#include "ui/explore/surface/surface-view.h"
#include "ui/explore/views/wave-view.h"
#include "ui/library/library-pane.h"
#include "ui/widgets/format.h"
#include "ui/widgets/param-panel.h"
#include "ui/window.h"

#define SR 22050

static MgWindow *window;
static MgWorkspace *workspace;
static char *folder, *sound;

/* Of a text with narrow spaces between thousands and a minus sign of print. */
static double
number_of(const char *text)
{
  g_autoptr(GString) plain = g_string_new(text);
  g_string_replace(plain, "\u202f", "", 0);
  g_string_replace(plain, "\u2212", "-", 0);
  return g_ascii_strtod(plain->str, NULL);
}

/* The first widget of exactly this type. */
static GtkWidget *
find(GtkWidget *widget, GType type)
{
  if (G_OBJECT_TYPE(widget) == type)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child; child = gtk_widget_get_next_sibling(child)) {
    GtkWidget *found = find(child, type);
    if (found)
      return found;
  }
  return NULL;
}

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

/* Hands and views each watch the pointer. */
static void
tell_pointer(GtkWidget *widget, const char *signal, double x, double y)
{
  g_autoptr(GListModel) controllers = gtk_widget_observe_controllers(widget);
  for (guint i = 0; i < g_list_model_get_n_items(controllers); i++) {
    g_autoptr(GtkEventController) controller = g_list_model_get_item(controllers, i);
    if (GTK_IS_EVENT_CONTROLLER_MOTION(controller))
      g_signal_emit_by_name(controller, signal, x, y);
  }
}

static void
turn_until(gboolean (*done)(void))
{
  gint64 deadline = g_get_monotonic_time() + 30 * G_USEC_PER_SEC;
  while (!done() && g_get_monotonic_time() < deadline)
    if (!g_main_context_iteration(NULL, FALSE))
      g_usleep(1000);
  g_assert_true(done());
}

static GtkWidget *
stft(void)
{
  return find(GTK_WIDGET(window), MG_TYPE_PICTURE_VIEW);
}

static MgTimeline *
timeline(void)
{
  return mg_view_timeline(MG_VIEW(stft()));
}

static gboolean
track_is_shown(void)
{
  return gtk_widget_get_mapped(stft()) && gtk_widget_get_width(stft()) > 0 && mg_timeline_duration(timeline()) > 3.9;
}

static void
test_open(void)
{
  mg_window_open_paths(window, (const char *[]){sound, NULL});
  turn_until(track_is_shown);
  g_assert_cmpfloat_with_epsilon(mg_timeline_duration(timeline()), 4, 1e-6);
  g_assert_nonnull(mg_library_find(mg_workspace_library(workspace), sound));
  g_assert_cmpstr(mg_selection_track(mg_workspace_selection(workspace)), ==, sound);
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

static void
test_export(void)
{
  g_autoptr(GArray) panes = g_array_new(FALSE, FALSE, sizeof(MgExportPane));
  MgExportPane wave = {MG_VIEW(find(GTK_WIDGET(window), MG_TYPE_WAVE_VIEW)), "Waveform"};
  MgExportPane picture = {MG_VIEW(stft()), "STFT"};
  g_array_append_val(panes, wave);
  g_array_append_val(panes, picture);
  MgExportScene scene = {
      .ruler = MG_VIEW(find(GTK_WIDGET(window), MG_TYPE_RULER)), .panes = panes, .width = 800, .name = sound};
  static const char *const names[] = {"a.png", "a.svg", "a.pdf"}, *const starts[] = {"\x89PNG", "<?xml", "%PDF"};
  for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *path = g_build_filename(folder, names[i], NULL), *contents = NULL;
    g_autoptr(GError) error = NULL;
    gsize length;
    g_assert_true(mg_export_scene(&scene, path, &error));
    g_assert_true(g_file_get_contents(path, &contents, &length, NULL));
    g_assert_true(g_str_has_prefix(contents, starts[i]));
    g_assert_cmpuint(length, >, 5000);
  }
  g_autoptr(GError) error = NULL;
  g_assert_false(mg_export_scene(&scene, "/nowhere/a.png", &error));
  g_assert_nonnull(strstr(error->message, "/nowhere/a.png"));
}

static GtkWidget *
surface(void)
{
  return find(GTK_WIDGET(window), MG_TYPE_SURFACE_VIEW);
}

/* Somewhere the pointer reads what is not silent. */
static gboolean
surface_is_read(void)
{
  if (!surface() || !gtk_widget_get_mapped(surface()))
    return FALSE;
  while (g_main_context_iteration(NULL, FALSE)) /* so many motions leave no time for what is less urgent */
    ;
  double width = gtk_widget_get_width(surface()), height = gtk_widget_get_height(surface());
  for (int place = 0; place < 20 * 20; place++) {
    tell_pointer(surface(), "motion", width * (0.3 + 0.02 * (place % 20)), height * (0.05 + 0.045 * (int)(place / 20)));
    g_autofree char *text = mg_view_readout(MG_VIEW(surface()), TRUE);
    const char *level = text ? strrchr(text, '\xb7') : NULL; /* the last dot between two values */
    if (level && number_of(level + 2) > -40)
      return TRUE;
  }
  return FALSE;
}

/* A 3D pane turns, keeps within its limits, comes back, and goes into files, as paths where they have none. */
static void
test_surface(void)
{
  GtkWidget *page = gtk_widget_get_ancestor(stft(), GTK_TYPE_STACK);
  mg_selection_set(mg_workspace_selection(workspace), sound, 0, 0);
  mg_timeline_fit(timeline());
  g_assert_true(gtk_widget_activate_action(page, "explore.add-pane", "s", MG_PANE_3D));
  turn_until(surface_is_read);
  MgSurfaceView *view = MG_SURFACE_VIEW(surface());
  mg_surface_view_turn(view, "azimuth", 500);
  mg_surface_view_turn(view, "elevation", 120);
  g_assert_cmpfloat(mg_surface_view_get(view, "azimuth"), ==, 140);
  g_assert_cmpfloat(mg_surface_view_get(view, "elevation"), ==, 90);
  mg_surface_view_reset(view);
  g_assert_cmpfloat(mg_surface_view_get(view, "azimuth"), ==, -32);
  turn_until(surface_is_read);
  g_autoptr(GArray) panes = g_array_new(FALSE, FALSE, sizeof(MgExportPane));
  MgExportPane one = {MG_VIEW(view), "3D"};
  g_array_append_val(panes, one);
  MgExportScene scene = {
      .ruler = MG_VIEW(find(GTK_WIDGET(window), MG_TYPE_RULER)), .panes = panes, .width = 600, .name = sound};
  static const char *const names[] = {"3d.png", "3d.svg", "3d.pdf"};
  for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *path = g_build_filename(folder, names[i], NULL), *contents = NULL;
    gsize length;
    g_assert_true(mg_export_scene(&scene, path, NULL));
    g_assert_true(g_file_get_contents(path, &contents, &length, NULL));
    g_assert_cmpuint(length, >, 5000);
    if (g_str_has_suffix(path, ".svg"))
      g_assert_cmpuint(length, >, 500000); /* a path for each of 160 x 80 faces */
  }
  g_assert_true(gtk_widget_activate_action(GTK_WIDGET(view), "pane.remove", NULL));
  g_assert_null(surface());
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

static char *dropped;

static gboolean
dropped_is_in_library(void)
{
  return is_in_library(dropped);
}

static void
test_drop(void)
{
  g_autofree char *top = g_build_filename(folder, "classes", NULL), *class = g_build_filename(top, "tones", NULL);
  static const float silence[SR];
  dropped = g_build_filename(class, "short.wav", NULL);
  g_assert_cmpint(g_mkdir_with_parents(class, 0700), ==, 0);
  g_assert_true(mg_wav_write(dropped, silence, SR, 1, SR, FALSE, NULL));
  g_assert_true(drop(top)); /* a folder: its tracks join the library */
  turn_until(dropped_is_in_library);
  g_assert_cmpstr(mg_track_item_label(mg_library_find(mg_workspace_library(workspace), dropped)), ==, "tones");
  g_assert_true(drop(sound)); /* a file: it is shown */
  g_assert_cmpstr(mg_selection_track(mg_workspace_selection(workspace)), ==, sound);
  turn_until(track_is_shown);
  g_free(dropped);
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
  assert_text(mg_format_sentence("there is none"), "There is none");
  assert_text(mg_format_sentence("a.wav: not sound"), "a.wav: not sound");
}

/* A tone of 1000 Hz, 20 dB below the loudest one, reads so within half a bin where the picture is brightest. */
static void
test_tone_reads(void)
{
  GtkWidget *view = stft();
  MgGeometry geometry;
  double best_hz = 0, best_db = -INFINITY, bin = SR / 2048.0;
  mg_timeline_fit(timeline());
  mg_view_geometry(MG_VIEW(view), 0, 0, gtk_widget_get_width(view), gtk_widget_get_height(view), &geometry);
  double middle = mg_geometry_to_x(&geometry, 2);
  for (double hz = 700; hz < 1300; hz += 2) {
    double y = mg_geometry_to_y(&geometry, MG_VIEW_GET_CLASS(view)->of_hz(MG_VIEW(view), hz)), told_hz, told_db;
    tell_pointer(view, "motion", middle, y);
    g_autofree char *text = mg_view_readout(MG_VIEW(view), TRUE);
    g_assert_nonnull(text);
    g_auto(GStrv) parts = g_strsplit(text, " · ", -1);
    g_assert_cmpuint(g_strv_length(parts), ==, 5); /* time, Hz, note, mel, dB */
    g_assert_cmpfloat_with_epsilon(g_strtod(parts[0], NULL), 2, 0.02);
    told_hz = number_of(parts[1]);
    told_db = number_of(parts[4]);
    g_assert_cmpfloat_with_epsilon(told_hz, hz, 0.51);
    if (fabs(told_hz - 1000) < bin / 2)
      g_assert_cmpstr(parts[2], !=, "");
    if (told_db > best_db) {
      best_db = told_db;
      best_hz = told_hz;
    }
  }
  tell_pointer(view, "leave", 0, 0);
  g_assert_null(mg_view_readout(MG_VIEW(view), TRUE));
  g_assert_cmpfloat_with_epsilon(best_hz, 1000, bin / 2 + 2);
  g_assert_cmpfloat_with_epsilon(best_db, -20, 2); /* the window's scalloping takes up to 1.4 dB */
  g_autofree char *note = mg_format_note(1000);
  g_assert_cmpstr(note, ==, "B5 +21\u202fct");
}

static void
make_sound(void)
{
  g_autofree float *samples = g_new(float, SR * 4);
  for (int i = 0; i < SR * 4; i++)
    samples[i] = 0.5f * (float)sin(2 * G_PI * 5512 * i / SR) + 0.05f * (float)sin(2 * G_PI * 1000 * i / SR);
  folder = test_folder();
  sound = g_build_filename(folder, "tone.wav", NULL);
  g_assert_true(mg_wav_write(sound, samples, SR * 4, 1, SR, FALSE, NULL));
}

/* Text of double size: numbers beside the pictures grow, and the window still fits a small screen. */
static void
test_large_text(void)
{
  int former, narrow, wide;
  const MgStyle *style = mg_view_style();
  double usual = style->font_size;
  g_object_get(gtk_settings_get_default(), "gtk-xft-dpi", &former, NULL);
  gtk_widget_measure(GTK_WIDGET(window), GTK_ORIENTATION_HORIZONTAL, -1, &narrow, NULL, NULL, NULL);
  g_object_set(gtk_settings_get_default(), "gtk-xft-dpi", 2 * 96 * 1024, NULL);
  g_assert_cmpfloat(mg_view_style()->font_size, >=, 1.5 * usual);
  gtk_widget_measure(GTK_WIDGET(window), GTK_ORIENTATION_HORIZONTAL, -1, &wide, NULL, NULL, NULL);
  g_assert_cmpint(wide, >=, narrow);
  g_assert_cmpint(wide, <=, 1024);
  g_object_set(gtk_settings_get_default(), "gtk-xft-dpi", former, NULL);
  g_assert_cmpfloat(mg_view_style()->font_size, ==, usual);
}

static double
library_place(void)
{
  graphene_rect_t bounds;
  GtkWidget *library = find(GTK_WIDGET(window), MG_TYPE_LIBRARY_PANE);
  g_assert_true(gtk_widget_compute_bounds(library, GTK_WIDGET(window), &bounds));
  return bounds.origin.x;
}

static gboolean
library_is_right(void)
{
  return library_place() > gtk_widget_get_width(GTK_WIDGET(window)) / 2.0;
}

static gboolean
library_is_left(void)
{
  return library_place() < gtk_widget_get_width(GTK_WIDGET(window)) / 4.0;
}

/* What is read from right to left: the panes at the sides change places, time does not. */
static void
test_right_to_left(void)
{
  MgGeometry geometry;
  turn_until(library_is_left);
  gtk_widget_set_default_direction(GTK_TEXT_DIR_RTL);
  turn_until(library_is_right);
  mg_view_geometry(MG_VIEW(stft()), 0, 0, 600, 200, &geometry);
  g_assert_cmpfloat(mg_geometry_from_x(&geometry, geometry.x), <, mg_geometry_from_x(&geometry, geometry.x + 50));
  gtk_widget_set_default_direction(GTK_TEXT_DIR_LTR);
  turn_until(library_is_left);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  adw_init();
  make_sound();
  g_autofree char *home = g_build_filename(folder, "workspace", NULL);
  g_autoptr(GError) error = NULL;
  workspace = mg_workspace_open(home, &error);
  g_assert_no_error(error);
  window = g_object_ref_sink(mg_window_new(NULL, workspace));
  gtk_window_present(GTK_WINDOW(window));
  g_test_add_func("/explore/open", test_open);
  g_test_add_func("/explore/picture", test_picture);
  g_test_add_func("/explore/tone-reads", test_tone_reads);
  g_test_add_func("/explore/keys-and-wheel", test_keys_and_wheel);
  g_test_add_func("/explore/selection", test_selection);
  g_test_add_func("/explore/frequencies", test_frequencies);
  g_test_add_func("/explore/tools", test_tools);
  g_test_add_func("/explore/export", test_export);
  g_test_add_func("/explore/surface", test_surface);
  g_test_add_func("/explore/unreadable", test_unreadable);
  g_test_add_func("/explore/remove", test_removal);
  g_test_add_func("/explore/drop", test_drop);
  g_test_add_func("/explore/large-text", test_large_text);
  g_test_add_func("/explore/right-to-left", test_right_to_left);
  g_test_add_func("/explore/width", test_width);
  g_test_add_func("/explore/memory", test_memory);
  g_test_add_func("/explore/panes", test_panes);
  g_test_add_func("/explore/formats", test_formats);
  int failed = g_test_run();
  gtk_window_destroy(GTK_WINDOW(window));
  while (g_main_context_iteration(NULL, FALSE))
    ;
  g_object_unref(window);
  g_object_unref(workspace);
  test_remove(folder);
  g_free(sound);
  return failed;
}
