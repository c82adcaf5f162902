#include "plot/confusion.h"
#include "plot/text.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdio.h>

static const double gap = 8, right_margin = 8;

typedef struct {
  double x, y, cell_width, cell_height;
  double label_width; /* of the longest label, as it is shown at the left */
  double below;       /* height of the labels below */
  gboolean turned;    /* labels below stand upright */
  double label_size;
} Layout;

/* Of the labels with the most letters, since measuring all of fifty takes a millisecond at each move of the pointer. */
static double
longest_label(const MgStyle *style, const char *const *labels, int classes, double size)
{
  double longest = 0;
  glong most = 0;
  for (int i = 0; i < classes; i++)
    most = MAX(most, g_utf8_strlen(labels[i], -1));
  int measured = 0;
  for (int i = 0; i < classes && measured < 4; i++) {
    double width, height;
    if (g_utf8_strlen(labels[i], -1) < most * 0.9)
      continue;
    mg_text_measure(style, labels[i], &(MgTextLook){.size = size}, &width, &height);
    longest = MAX(longest, width * 1.05);
    measured++;
  }
  return longest;
}

static Layout
lay_out(double width, double height, const MgStyle *style, int classes, const char *const *labels)
{
  Layout layout = {0};
  double line = mg_text_line(style), title = line + gap;
  layout.label_size = CLAMP(0.8 * MIN(width, height) / (classes + 2), 6, style->font_size);
  double longest = longest_label(style, labels, classes, layout.label_size);
  layout.label_width = MIN(longest, width * 0.28);
  double left = title + layout.label_width + gap;
  double cell_width = MAX(1, (width - left - right_margin) / classes);
  layout.turned = longest + gap > cell_width;
  layout.below = (layout.turned ? MIN(longest, height * 0.28) : line) + gap;
  double cell_height = MAX(1, (height - right_margin - layout.below - title) / classes);
  layout.cell_height = MIN(cell_height, cell_width * 1.2);
  layout.cell_width = MIN(cell_width, layout.cell_height * 1.2); /* nearly square */
  if (layout.cell_width >= 4 && layout.cell_height >= 4) {       /* whole units keep the gaps even */
    layout.cell_width = floor(layout.cell_width);
    layout.cell_height = floor(layout.cell_height);
  }
  double used_width = left + classes * layout.cell_width, used_height = classes * layout.cell_height;
  layout.x = floor(left + MAX(0, (width - right_margin - used_width) / 2));
  layout.y = floor(MAX(right_margin, (height - used_height - layout.below - title) / 2));
  return layout;
}

static void
mix(const double a[3], const double b[3], double share, double out[3])
{
  for (int c = 0; c < 3; c++)
    out[c] = a[c] + (b[c] - a[c]) * share;
}

static double
luminance(const double rgb[3])
{
  return 0.2126 * pow(rgb[0], 2.2) + 0.7152 * pow(rgb[1], 2.2) + 0.0722 * pow(rgb[2], 2.2);
}

static void
cell_colour(const MgStyle *style, gboolean right, guint count, double share, double out[3])
{
  double hue[3], paper[3];
  mg_hue_on(style, right ? 0 : 1, hue);
  mix(style->background, style->foreground, 0.05, paper);
  mix(paper, hue, count == 0 ? 0 : 0.15 + 0.85 * share, out);
}

/* Errors carry a folded corner, so that they are told from the diagonal without colour. */
static void
draw_corner(cairo_t *cr, const Layout *layout, double x, double y, const double ink[3])
{
  double size = CLAMP(0.2 * MIN(layout->cell_width, layout->cell_height), 2, 9);
  double right = x + layout->cell_width - 1;
  cairo_move_to(cr, right - size, y + 1);
  cairo_line_to(cr, right, y + 1);
  cairo_line_to(cr, right, y + 1 + size);
  cairo_close_path(cr);
  mg_source_alpha(cr, ink, 0.7);
  cairo_fill(cr);
}

/* The count, and below it the share of the row, as large as the cell lets them be. */
static void
draw_numbers(cairo_t *cr, const MgStyle *style, const Layout *layout, double x, double y, guint count, double share,
             const double ink[3])
{
  char number[16], percent[16];
  snprintf(number, sizeof number, "%u", count);
  snprintf(percent, sizeof percent, share > 0 && share < 0.01 ? "<1\u2009%%" : "%.0f\u2009%%", share * 100);
  double middle_x = x + layout->cell_width / 2, middle_y = y + layout->cell_height / 2;
  double large = CLAMP(layout->cell_height * 0.28, style->font_size * 0.9, style->font_size * 1.7);
  double width, height, small_width, small_height, small = MAX(large * 0.7, style->font_size * 0.8);
  MgTextLook look = {.size = large, .bold = TRUE, .colour = ink, .alpha = count ? 1 : 0.35};
  mg_text_measure(style, number, &look, &width, &height);
  MgTextLook small_look = {.size = small, .colour = ink, .alpha = 0.8};
  mg_text_measure(style, percent, &small_look, &small_width, &small_height);
  double room = layout->cell_width - 4;
  if (count > 0 && height + small_height + 4 <= layout->cell_height && MAX(width, small_width) <= room) {
    mg_text_draw_look(cr, style, number, middle_x, middle_y + 1, 0.5, 0.85, &look);
    mg_text_draw_look(cr, style, percent, middle_x, middle_y + height * 0.15, 0.5, 0, &small_look);
    return;
  }
  look.size = MIN(large, MIN(layout->cell_height * 0.62, large * room / MAX(width, 1)));
  if (look.size >= 6)
    mg_text_draw_look(cr, style, number, middle_x, middle_y, 0.5, 0.5, &look);
}

static void
draw_cell(cairo_t *cr, const MgStyle *style, const Layout *layout, int truth, int prediction, guint count, double share)
{
  double x = layout->x + prediction * layout->cell_width, y = layout->y + truth * layout->cell_height;
  double edge = layout->cell_width >= 8 ? 1 : 0, fill[3];
  static const double black[3] = {0.08, 0.08, 0.08}, white[3] = {1, 1, 1};
  cell_colour(style, truth == prediction, count, share, fill);
  cairo_rectangle(cr, x, y, layout->cell_width - edge, layout->cell_height - edge);
  mg_source_alpha(cr, fill, 1);
  cairo_fill(cr);
  const double *ink = luminance(fill) > 0.22 ? black : white;
  if (truth != prediction && count > 0)
    draw_corner(cr, layout, x, y - 1, ink);
  if (count > 0 || truth == prediction)
    draw_numbers(cr, style, layout, x, y, count, share, ink);
}

static void
draw_labels(cairo_t *cr, const MgStyle *style, const Layout *layout, int classes, const char *const *labels)
{
  double bottom = layout->y + classes * layout->cell_height + gap;
  for (int i = 0; i < classes; i++) {
    MgTextLook look = {.size = layout->label_size, .max_width = layout->label_width + 1};
    mg_text_draw_look(cr, style, labels[i], layout->x - gap, layout->y + (i + 0.5) * layout->cell_height, 1, 0.5,
                      &look);
    double middle = layout->x + (i + 0.5) * layout->cell_width;
    look.max_width = layout->turned ? layout->below - gap + 1 : layout->cell_width;
    look.angle = layout->turned ? -G_PI / 2 : 0;
    mg_text_draw_look(cr, style, labels[i], middle, bottom, layout->turned ? 1 : 0.5, layout->turned ? 0.5 : 0, &look);
  }
  MgTextLook look = {.alpha = 0.75};
  double middle_x = layout->x + classes * layout->cell_width / 2,
         middle_y = layout->y + classes * layout->cell_height / 2;
  mg_text_draw_look(cr, style, _("Prediction"), middle_x, bottom + layout->below, 0.5, 0, &look);
  look.angle = -G_PI / 2;
  mg_text_draw_look(cr, style, _("Truth"), layout->x - layout->label_width - 2 * gap, middle_y, 0.5, 1, &look);
}

void
mg_confusion_draw(cairo_t *cr, double width, double height, const MgStyle *style, const guint *matrix, int classes,
                  const char *const *labels, int highlight)
{
  mg_background(cr, style, width, height);
  if (classes < 1)
    return;
  Layout layout = lay_out(width, height, style, classes, labels);
  for (int truth = 0; truth < classes; truth++) {
    double total = 0;
    for (int i = 0; i < classes; i++)
      total += matrix[truth * classes + i];
    for (int i = 0; i < classes; i++) {
      guint count = matrix[truth * classes + i];
      draw_cell(cr, style, &layout, truth, i, count, total > 0 ? count / total : 0);
    }
  }
  draw_labels(cr, style, &layout, classes, labels);
  if (highlight < 0 || highlight >= classes * classes)
    return;
  mg_source(cr, style->foreground);
  mg_line_frame(cr, layout.x + highlight % classes * layout.cell_width,
                layout.y + highlight / classes * layout.cell_height, layout.cell_width - 1, layout.cell_height - 1, 2);
}

int
mg_confusion_cell(double width, double height, const MgStyle *style, int classes, const char *const *labels, double x,
                  double y)
{
  if (classes < 1)
    return -1;
  Layout layout = lay_out(width, height, style, classes, labels);
  double column = floor((x - layout.x) / layout.cell_width), row = floor((y - layout.y) / layout.cell_height);
  if (!(column >= 0 && column < classes && row >= 0 && row < classes))
    return -1;
  return (int)row * classes + (int)column;
}
