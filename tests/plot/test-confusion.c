#include "canvas.h"
#include "support.h"
#include "plot/confusion.h"

static char **
names(int classes, const char *of)
{
  char **labels = g_new0(char *, classes + 1);
  for (int i = 0; i < classes; i++)
    labels[i] = g_strdup_printf("%s %d", of, i);
  return labels;
}

static const char *const lengths[] = {"a", "crackling fire",
                                      "Концерт для скрипки с оркестром фа минор, соч. 8, «Зима»"};

/* Every cell can be hit, in order, and lies within the picture. */
static void
test_cells(void)
{
  for (int classes = 2; classes <= 50; classes += 24)
    for (size_t l = 0; l < G_N_ELEMENTS(lengths); l++) {
      g_auto(GStrv) labels = names(classes, lengths[l]);
      g_autofree gboolean *hit = g_new0(gboolean, classes * classes);
      int last = -1;
      for (double y = 0.5; y < 500; y += 6)
        for (double x = 0.5; x < 600; x += 6) {
          int cell = mg_confusion_cell(600, 500, &mg_style_light, classes, (const char *const *)labels, x, y);
          g_assert_cmpint(cell, <, classes * classes);
          if (cell >= 0)
            hit[cell] = TRUE;
          last = MAX(last, cell);
        }
      for (int i = 0; i < classes * classes; i++)
        g_assert_true(hit[i]);
      g_assert_cmpint(last, ==, classes * classes - 1);
    }
}

static void
test_any_size(void)
{
  static const int sizes[][2] = {{1, 1}, {40, 40}, {200, 90}, {90, 400}, {900, 700}};
  for (int classes = 1; classes <= 50; classes += 7)
    for (size_t s = 0; s < G_N_ELEMENTS(sizes); s++) {
      g_auto(GStrv) labels = names(classes, lengths[s % 3]);
      g_autofree guint *matrix = g_new(guint, classes * classes);
      for (int i = 0; i < classes * classes; i++)
        matrix[i] = i % 3 ? i * 100000 : 0;
      Canvas canvas = canvas_new(sizes[s][0], sizes[s][1]);
      mg_confusion_draw(canvas.cr, sizes[s][0], sizes[s][1], &mg_style_dark, matrix, classes,
                        (const char *const *)labels, classes);
      g_assert_cmpint(cairo_status(canvas.cr), ==, CAIRO_STATUS_SUCCESS);
      canvas_free(&canvas);
    }
  Canvas canvas = canvas_new(40, 40);
  mg_confusion_draw(canvas.cr, 40, 40, &mg_style_light, NULL, 0, NULL, -1); /* no class at all */
  canvas_free(&canvas);
}

static guint32
grey_of(guint32 argb)
{
  return ((argb >> 16 & 255) * 3 + (argb >> 8 & 255) * 6 + (argb & 255)) / 10;
}

/* Where a cell's top right corner is, and its colour there and at its lower left, in grey. */
static void
corner_greys(Canvas *canvas, int cell, const char *const *labels, guint32 *corner, guint32 *rest)
{
  int right = -1, top = 1000, left = 1000, bottom = -1;
  for (int y = 0; y < canvas->height; y++)
    for (int x = 0; x < canvas->width; x++)
      if (mg_confusion_cell(canvas->width, canvas->height, &mg_style_light, 2, labels, x + 0.5, y + 0.5) == cell) {
        right = MAX(right, x);
        left = MIN(left, x);
        top = MIN(top, y);
        bottom = MAX(bottom, y);
      }
  *corner = grey_of(canvas_pixel(canvas, right - 3, top + 2));
  *rest = grey_of(canvas_pixel(canvas, left + 3, bottom - 4));
}

/* Errors can be told without colour: their corner is marked, that of the diagonal is not. */
static void
test_errors_by_shape(void)
{
  const char *const labels[] = {"classique", "rap", NULL};
  guint matrix[] = {20, 3, 4, 30};
  Canvas canvas = canvas_new(300, 260);
  mg_confusion_draw(canvas.cr, 300, 260, &mg_style_light, matrix, 2, labels, -1);
  for (int cell = 0; cell < 4; cell++) {
    guint32 corner, rest;
    corner_greys(&canvas, cell, labels, &corner, &rest);
    if (cell == 1 || cell == 2)
      g_assert_cmpint(ABS((int)corner - (int)rest), >, 60);
    else
      g_assert_cmpint(ABS((int)corner - (int)rest), <, 10);
  }
  canvas_free(&canvas);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/confusion/cells", test_cells);
  g_test_add_func("/confusion/any-size", test_any_size);
  g_test_add_func("/confusion/errors-by-shape", test_errors_by_shape);
  return g_test_run();
}
