#include "plot/curve.h"
#include "plot/axis.h"
#include "plot/colormap.h"
#include "plot/text.h"
#include <math.h>
#include <stdio.h>

/* The line as it is drawn: smoothed, or the values themselves. An exponential moving average that starts without a bias
 * towards zero (as Adam's: divided by 1 - smoothing^n); gaps (NaN) are passed over. */
static double *
smoothed(const MgCurve *curve)
{
  double *line = g_new(double, MAX(curve->n, 1));
  double mean = 0, weight = 0, keep = CLAMP(curve->smoothing, 0, 0.9999);
  for (size_t i = 0; i < curve->n; i++) {
    if (!isfinite(curve->y[i])) {
      line[i] = NAN;
      continue;
    }
    mean = keep * mean + (1 - keep) * curve->y[i];
    weight = keep * weight + (1 - keep);
    line[i] = mean / weight;
  }
  return line;
}

typedef struct {
  double low, high;
} Limits;

static void
widen(Limits *limits, double value)
{
  if (!isfinite(value))
    return;
  limits->low = MIN(limits->low, value);
  limits->high = MAX(limits->high, value);
}

/* Round ends a little beyond the data; shares and accuracies stay within 0 … 1. */
static void
round_limits(Limits *limits, double *from, double *to)
{
  if (!(limits->low <= limits->high))
    *limits = (Limits){0, 1};
  double low = limits->low, high = limits->high;
  gboolean share = low >= 0 && high <= 1;
  double span = high - low > 0 ? high - low : MAX(fabs(high), 1) * 0.1;
  double step = mg_round_step(span / 8);
  *from = floor((low - 0.03 * span) / step + 1e-9) * step;
  *to = ceil((high + 0.03 * span) / step - 1e-9) * step;
  if (low >= 0)
    *from = MAX(*from, 0);
  if (share)
    *to = MIN(*to, 1);
  if (!(*to > *from))
    *to = *from + step;
}

void
mg_curves_limits(const MgCurve *curves, size_t n, double *x0, double *x1, double *y0, double *y1)
{
  Limits x = {INFINITY, -INFINITY}, y = {INFINITY, -INFINITY};
  for (size_t c = 0; c < n; c++)
    for (size_t i = 0; i < curves[c].n; i++) {
      if (!isfinite(curves[c].x[i]) || !isfinite(curves[c].y[i]))
        continue;
      widen(&x, curves[c].x[i]);
      widen(&y, curves[c].y[i]);
    }
  gboolean any = x.low <= x.high;
  *x0 = any ? x.low : 0;
  *x1 = any && x.high > x.low ? x.high : *x0 + 1;
  round_limits(&y, y0, y1);
}

/* Many points a pixel: the first, lowest, highest and last of each half pixel draw the same line. */
typedef struct {
  cairo_t *cr;
  gboolean started;
  double column, low, high, last;
  double x;
} Pen;

static void
pen_to(Pen *pen, double x, double y)
{
  if (pen->started)
    cairo_line_to(pen->cr, x, y);
  else
    cairo_move_to(pen->cr, x, y);
  pen->started = TRUE;
}

static void
pen_flush(Pen *pen)
{
  if (isnan(pen->column))
    return;
  pen_to(pen, pen->x, pen->low);
  if (pen->high != pen->low)
    pen_to(pen, pen->x, pen->high);
  if (pen->last != pen->high)
    pen_to(pen, pen->x, pen->last);
  pen->column = NAN;
}

static void
pen_add(Pen *pen, double x, double y)
{
  double column = floor(x * 2);
  if (column != pen->column) {
    pen_flush(pen);
    pen->column = column;
    pen->x = x;
    pen->low = pen->high = y;
  }
  pen->low = MIN(pen->low, y);
  pen->high = MAX(pen->high, y);
  pen->last = y;
}

/* Lone points between gaps become dots. */
static void
trace(cairo_t *cr, const MgGeometry *g, const double *x, const double *y, size_t n)
{
  Pen pen = {.cr = cr, .column = NAN};
  size_t run = 0;
  double far = 1e6;
  for (size_t i = 0; i <= n; i++) {
    gboolean good = i < n && isfinite(x[i]) && isfinite(y[i]);
    if (good) {
      pen_add(&pen, CLAMP(mg_geometry_to_x(g, x[i]), -far, far), CLAMP(mg_geometry_to_y(g, y[i]), -far, far));
      run++;
      continue;
    }
    if (run == 1) {
      cairo_new_sub_path(cr);
      cairo_arc(cr, pen.x, pen.last, 1, 0, 2 * G_PI);
      pen.column = NAN;
    }
    pen_flush(&pen);
    pen.started = FALSE;
    run = 0;
  }
}

static const double dashes[] = {5, 3};

static void
stroke_curve(cairo_t *cr, const MgGeometry *g, const MgCurve *curve, const double *y, const double rgb[3], double alpha,
             double width)
{
  trace(cr, g, curve->x, y, curve->n);
  mg_source_alpha(cr, rgb, alpha);
  cairo_set_line_width(cr, width);
  cairo_set_dash(cr, dashes, curve->dashed && alpha == 1 ? 2 : 0, 0);
  cairo_stroke(cr);
}

static void
diamond(cairo_t *cr, double x, double y, double size)
{
  cairo_move_to(cr, x, y - size);
  cairo_line_to(cr, x + size, y);
  cairo_line_to(cr, x, y + size);
  cairo_line_to(cr, x - size, y);
  cairo_close_path(cr);
}

/* Text with a rim of the background's colour, so that a line behind it does not cut through. */
static void
draw_label(cairo_t *cr, const MgGeometry *g, const MgStyle *style, const char *text, double x, double y,
           const double *colour)
{
  double width, height;
  MgTextLook look = {.bold = TRUE, .colour = colour};
  mg_text_measure(style, text, &look, &width, &height);
  double left = CLAMP(x - width / 2, g->x + 2, MAX(g->x + 2, g->x + g->width - width - 2));
  gboolean above = y - 8 - height >= g->y;
  double top = above ? y - 8 - height : y + 8;
  cairo_rectangle(cr, left - 2, top, width + 4, height);
  mg_source_alpha(cr, style->background, 0.8);
  cairo_fill(cr);
  mg_text_draw_look(cr, style, text, left, top, 0, 0, &look);
}

static void
draw_mark(cairo_t *cr, const MgGeometry *g, const MgStyle *style, const MgCurve *curve, const double *line,
          const double rgb[3])
{
  size_t at = curve->n;
  for (size_t i = 0; i < curve->n; i++)
    if (isfinite(line[i]) &&
        (at == curve->n || fabs(curve->x[i] - curve->marked_x) < fabs(curve->x[at] - curve->marked_x)))
      at = i;
  if (at == curve->n)
    return;
  double x = mg_geometry_to_x(g, curve->x[at]), y = mg_geometry_to_y(g, line[at]);
  if (!(x >= g->x - 1 && x <= g->x + g->width + 1 && y >= g->y - 1 && y <= g->y + g->height + 1))
    return;
  diamond(cr, x, y, 5);
  mg_source_alpha(cr, rgb, 1);
  cairo_fill_preserve(cr);
  mg_source(cr, style->background);
  cairo_set_dash(cr, NULL, 0, 0);
  cairo_set_line_width(cr, 1.2);
  cairo_stroke(cr);
  char text[32];
  snprintf(text, sizeof text, "%.3g", curve->y[at]);
  draw_label(cr, g, style, text, x, y, rgb);
}

void
mg_curves_draw(cairo_t *cr, const MgGeometry *g, const MgStyle *style, const MgCurve *curves, size_t n)
{
  if (!(g->x1 != g->x0) || !(g->y1 != g->y0))
    return;
  cairo_save(cr);
  cairo_rectangle(cr, g->x - 1, g->y - 1, g->width + 2, g->height + 2);
  cairo_clip(cr);
  cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
  double **lines = g_new(double *, MAX(n, 1));
  for (size_t c = 0; c < n; c++) { /* every faint line beneath every strong one */
    double rgb[3];
    mg_hue_on(style, curves[c].hue, rgb);
    lines[c] = smoothed(&curves[c]);
    if (curves[c].smoothing > 0)
      stroke_curve(cr, g, &curves[c], curves[c].y, rgb, 0.28, 1);
  }
  for (size_t c = 0; c < n; c++) {
    double rgb[3];
    mg_hue_on(style, curves[c].hue, rgb);
    stroke_curve(cr, g, &curves[c], lines[c], rgb, 1, 1.75);
  }
  for (size_t c = 0; c < n; c++) {
    double rgb[3];
    mg_hue_on(style, curves[c].hue, rgb);
    if (isfinite(curves[c].marked_x))
      draw_mark(cr, g, style, &curves[c], lines[c], rgb);
    g_free(lines[c]);
  }
  g_free(lines);
  cairo_restore(cr);
}

static const double legend_padding = 8, legend_sample = 22, legend_inset = 8;

/* How much of the curves a box would hide. */
static size_t
points_within(const MgGeometry *g, const MgCurve *curves, size_t n, double x, double y, double width, double height)
{
  size_t hidden = 0;
  for (size_t c = 0; c < n; c++)
    for (size_t i = 0; i < curves[c].n; i++) {
      double at_x = mg_geometry_to_x(g, curves[c].x[i]), at_y = mg_geometry_to_y(g, curves[c].y[i]);
      hidden += at_x >= x && at_x <= x + width && at_y >= y && at_y <= y + height;
    }
  return hidden;
}

static void
place_legend(const MgGeometry *g, const MgCurve *curves, size_t n, double width, double height, double *x, double *y)
{
  double left = g->x + legend_inset, right = MAX(left, g->x + g->width - legend_inset - width);
  double top = g->y + legend_inset, bottom = MAX(top, g->y + g->height - legend_inset - height);
  const double corners[][2] = {{right, top}, {right, bottom}, {left, top}, {left, bottom}};
  size_t least = G_MAXSIZE;
  for (size_t i = 0; i < G_N_ELEMENTS(corners); i++) {
    size_t hidden = points_within(g, curves, n, corners[i][0], corners[i][1], width, height);
    if (hidden >= least)
      continue;
    least = hidden;
    *x = corners[i][0];
    *y = corners[i][1];
  }
}

static void
draw_legend_line(cairo_t *cr, const MgStyle *style, const MgCurve *curve, double x, double y)
{
  double rgb[3];
  mg_hue_on(style, curve->hue, rgb);
  mg_source_alpha(cr, rgb, 1);
  cairo_set_line_width(cr, 2);
  cairo_set_dash(cr, dashes, curve->dashed ? 2 : 0, 0);
  cairo_move_to(cr, x, y);
  cairo_line_to(cr, x + legend_sample, y);
  cairo_stroke(cr);
}

/* So many lines as fit; where there are more curves, the last one tells how many are not named. */
static size_t
legend_lines(const MgGeometry *g, size_t n, double line)
{
  double fit = floor((g->height - 2 * legend_inset - legend_padding) / line);
  return fit >= (double)n ? n : (size_t)MAX(1, fit);
}

void
mg_curves_legend(cairo_t *cr, const MgGeometry *g, const MgStyle *style, const MgCurve *curves, size_t n_curves)
{
  double line = mg_text_line(style) * 1.25, names = 0, x = g->x, y = g->y;
  if (n_curves == 0)
    return;
  size_t lines = legend_lines(g, n_curves, line), n = lines < n_curves && lines > 1 ? lines - 1 : lines;
  double most = MAX(24, g->width * 0.8 - 2 * legend_padding - legend_sample - 8);
  for (size_t c = 0; c < n; c++) {
    double width, height;
    mg_text_measure(style, curves[c].name ? curves[c].name : "", &(MgTextLook){0}, &width, &height);
    names = MAX(names, MIN(width, most));
  }
  double width = legend_sample + 8 + names + 2 * legend_padding, height = lines * line + legend_padding;
  place_legend(g, curves, n_curves, width, height, &x, &y);
  cairo_save(cr);
  cairo_rectangle(cr, x, y, width, height);
  mg_source_alpha(cr, style->background, 0.85);
  cairo_fill(cr);
  for (size_t c = 0; c < n; c++) {
    double middle = y + legend_padding / 2 + (c + 0.5) * line;
    draw_legend_line(cr, style, &curves[c], x + legend_padding, middle);
    MgTextLook look = {.max_width = names + 1};
    mg_text_draw_look(cr, style, curves[c].name, x + legend_padding + legend_sample + 8, middle, 0, 0.5, &look);
  }
  if (n < lines) {
    g_autofree char *more = g_strdup_printf("+\u202f%zu", n_curves - n);
    mg_text_draw(cr, style, more, x + legend_padding + legend_sample + 8, y + legend_padding / 2 + (n + 0.5) * line, 0,
                 0.5, style->font_size);
  }
  cairo_restore(cr);
}
