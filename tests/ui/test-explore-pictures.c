/* What Explore's pictures tell: readouts, files, the surface, large text, right to left. */
#include "explore-fixture.h"
#include "ui/explore/export.h"
#include "ui/explore/surface/surface-view.h"
#include "ui/explore/views/ruler.h"
#include "ui/explore/views/wave-view.h"
#include "ui/library/library-pane.h"
#include "ui/transport.h"
#include "ui/widgets/format.h"

/* Of a text with narrow spaces between thousands and a minus sign of print. */
static double
number_of(const char *text)
{
  g_autoptr(GString) plain = g_string_new(text);
  g_string_replace(plain, "\u202f", "", 0);
  g_string_replace(plain, "\u2212", "-", 0);
  return g_ascii_strtod(plain->str, NULL);
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

static gboolean
levels_are_known(void)
{
  GtkWidget *view = stft();
  return isfinite(mg_view_level_at(MG_VIEW(view), gtk_widget_get_width(view) / 2.0, gtk_widget_get_height(view) / 2.0));
}

/* A tone of 1000 Hz, 20 dB below the loudest one, reads so within half a bin where the picture is brightest. */
static void
test_tone_reads(void)
{
  GtkWidget *view = stft();
  MgGeometry geometry;
  double best_hz = 0, best_db = -INFINITY, bin = SR / 2048.0;
  mg_timeline_fit(timeline());
  turn_until(levels_are_known);
  mg_view_geometry(MG_VIEW(view), 0, 0, gtk_widget_get_width(view), gtk_widget_get_height(view), &geometry);
  double middle = mg_geometry_to_x(&geometry, 2);
  for (double hz = 700; hz < 1300; hz += 2) {
    double y = mg_geometry_to_y(&geometry, MG_VIEW_GET_CLASS(view)->of_hz(MG_VIEW(view), hz)), told_hz, told_db;
    tell_pointer(view, "motion", middle, y);
    g_autofree char *text = mg_view_readout(MG_VIEW(view), MG_READOUT_WHOLE);
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
  g_autofree char *brief = mg_view_readout(MG_VIEW(view), MG_READOUT_BRIEF);
  g_auto(GStrv) parts = g_strsplit(brief, " · ", -1);
  g_assert_cmpuint(g_strv_length(parts), ==, 3); /* time, Hz, dB */
  g_assert_cmpfloat_with_epsilon(number_of(parts[1]), 1298, 1);
  tell_pointer(view, "leave", 0, 0);
  g_assert_null(mg_view_readout(MG_VIEW(view), MG_READOUT_WHOLE));
  g_assert_cmpfloat_with_epsilon(best_hz, 1000, bin / 2 + 2);
  g_assert_cmpfloat_with_epsilon(best_db, -20, 2); /* the window's scalloping takes up to 1.4 dB */
  g_autofree char *note = mg_format_note(1000);
  g_assert_cmpstr(note, ==, "B5 +21\u202fct");
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
    g_autofree char *text = mg_view_readout(MG_VIEW(surface()), MG_READOUT_WHOLE);
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

/* The bar's readout is the longest that fits; where not even the shortest does, the time makes way for it. */
static void
test_readout_fits(void)
{
  GtkWidget *bar = find(GTK_WIDGET(window), MG_TYPE_TRANSPORT);
  g_autofree char *wide = g_strnfill(400, 'w'), *wider = g_strnfill(500, 'w');
  GtkWidget *time = gtk_widget_get_prev_sibling(gtk_widget_get_last_child(gtk_widget_get_first_child(bar)));
  mg_transport_set_readout(MG_TRANSPORT(bar), wide, "short", "s");
  g_assert_cmpstr(mg_transport_readout(MG_TRANSPORT(bar)), ==, "short");
  g_assert_true(gtk_widget_get_visible(time));
  mg_transport_set_readout(MG_TRANSPORT(bar), wider, wide, "s");
  g_assert_cmpstr(mg_transport_readout(MG_TRANSPORT(bar)), ==, "s");
  mg_transport_set_readout(MG_TRANSPORT(bar), wider, wider, wide);
  g_assert_cmpstr(mg_transport_readout(MG_TRANSPORT(bar)), ==, wide);
  g_assert_false(gtk_widget_get_visible(time));
  mg_transport_set_readout(MG_TRANSPORT(bar), wide, "text", NULL); /* a selection's: it stays for long */
  g_assert_cmpstr(mg_transport_readout(MG_TRANSPORT(bar)), ==, "text");
  g_assert_true(gtk_widget_get_visible(time));
  mg_transport_set_readout(MG_TRANSPORT(bar), NULL, NULL, NULL);
  g_assert_true(gtk_widget_get_visible(time));
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

static void
add_tests(void)
{
  g_test_add_func("/explore/tone-reads", test_tone_reads);
  g_test_add_func("/explore/export", test_export);
  g_test_add_func("/explore/surface", test_surface);
  g_test_add_func("/explore/large-text", test_large_text);
  g_test_add_func("/explore/readout-fits", test_readout_fits);
  g_test_add_func("/explore/right-to-left", test_right_to_left);
}

int
main(int argc, char **argv)
{
  return run_in_window(argc, argv, add_tests);
}
