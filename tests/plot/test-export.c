#include "support.h"
#include "base/error.h"
#include "base/file.h"
#include "plot/export.h"
#include "plot/figure.h"
#include <string.h>

static void
draw_curves(cairo_t *cr, double width, double height, gboolean vector, gpointer data)
{
  double x[] = {0, 1, 2}, y[] = {2, 1, 0.5};
  MgCurve curve = {.name = "Потери", .x = x, .y = y, .n = 3, .marked_x = 2};
  mg_figure_curves(cr, width, height, &mg_style_light, "Обучение", "Epoch", "Loss", &curve, 1);
  if (data)
    *(gboolean *)data = vector;
}

static void
test_formats(void)
{
  static const struct {
    const char *name, *magic;
    gboolean vector;
  } formats[] = {{"a.png", "\x89PNG", FALSE}, {"a.svg", "<?xml", TRUE}, {"a.PDF", "%PDF-", TRUE}};
  char *folder = test_folder();
  for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(folder, formats[i].name, NULL);
    gboolean vector = !formats[i].vector;
    g_assert_true(mg_export(path, 320, 200, 2, draw_curves, &vector, &error));
    g_assert_no_error(error);
    g_assert_cmpint(vector, ==, formats[i].vector);
    size_t length;
    g_autofree char *contents = mg_file_read(path, 10000000, &length, &error);
    g_assert_no_error(error);
    g_assert_cmpmem(contents, strlen(formats[i].magic), formats[i].magic, strlen(formats[i].magic));
    g_assert_cmpuint(length, >, 500);
  }
  test_remove(folder);
}

static void
test_png_size(void)
{
  char *folder = test_folder();
  g_autofree char *path = g_build_filename(folder, "a.png", NULL);
  g_assert_true(mg_export(path, 320, 200, 1.5, draw_curves, NULL, NULL));
  cairo_surface_t *surface = cairo_image_surface_create_from_png(path);
  g_assert_cmpint(cairo_image_surface_get_width(surface), ==, 480);
  g_assert_cmpint(cairo_image_surface_get_height(surface), ==, 300);
  cairo_surface_destroy(surface);
  test_remove(folder);
}

static void
test_refusals(void)
{
  char *folder = test_folder();
  static const struct {
    const char *name;
    double width;
    int code;
  } cases[] = {{"a.gif", 320, MG_ERROR_USAGE}, {"png", 320, MG_ERROR_USAGE}, {"missing/a.png", 320, MG_ERROR_IO},
               {"a.png", 1e6, MG_ERROR_LIMIT}, {"a.pdf", 0, MG_ERROR_LIMIT}, {"a.svg", NAN, MG_ERROR_LIMIT}};
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(folder, cases[i].name, NULL);
    g_assert_false(mg_export(path, cases[i].width, 200, 1, draw_curves, NULL, &error));
    g_assert_error(error, MG_ERROR, cases[i].code);
    g_assert_nonnull(strstr(error->message, cases[i].name));
  }
  test_remove(folder);
}

/* A full disk: an error that says so, and no trace of the file. */
static void
test_full_disk(void)
{
  static const char *const names[] = {"a.png", "a.svg", "a.pdf"};
  for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
    char *folder = test_folder();
    g_autofree char *path = g_build_filename(folder, names[i], NULL);
    g_autoptr(GError) error = NULL;
    mg_file_fail_after(300);
    g_assert_false(mg_export(path, 320, 200, 1, draw_curves, NULL, &error));
    mg_file_fail_after(-1);
    g_assert_error(error, MG_ERROR, MG_ERROR_IO);
    g_assert_nonnull(strstr(error->message, g_strerror(ENOSPC)));
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    g_assert_null(g_dir_read_name(dir));
    test_remove(folder);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/export/formats", test_formats);
  g_test_add_func("/export/png-size", test_png_size);
  g_test_add_func("/export/refusals", test_refusals);
  g_test_add_func("/export/full-disk", test_full_disk);
  return g_test_run();
}
