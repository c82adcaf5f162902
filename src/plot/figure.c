#include "plot/figure.h"
#include "plot/axis.h"
#include "plot/confusion.h"
#include "plot/maps.h"
#include "plot/text.h"
#include "plot/waveform.h"
#include <glib/gi18n-lib.h>
#include <math.h>

static const double margin = 18;

/* Paints the background and the title; the height that they take. */
static double
begin(cairo_t *cr, double width, double height, const MgStyle *style, const char *title)
{
  mg_background(cr, style, width, height);
  if (!title || !*title)
    return margin;
  MgTextLook look = {.size = style->font_size * 1.25, .bold = TRUE, .max_width = MAX(1, width - 2 * margin)};
  double title_width, title_height;
  mg_text_measure(style, title, &look, &title_width, &title_height);
  mg_text_draw_look(cr, style, title, margin, margin * 0.8, 0, 0, &look);
  return margin * 0.8 + title_height + 10;
}

static void
draw_frame(cairo_t *cr, const MgGeometry *g, const MgStyle *style)
{
  mg_source_alpha(cr, style->foreground, 0.25);
  mg_line_frame(cr, g->x, g->y, g->width, g->height, 1);
}

/* Lays the plot area out within the page, once the world is known. `right` is kept free for what stands beside it, and
 * `left` for the vertical axis; 0: as much as its numbers need. */
static gboolean
lay_out(MgGeometry *g, double width, double height, double top, double right, double left, const MgStyle *style,
        MgTicks ticks_y, const char *x_title, const char *y_title)
{
  g->y = ceil(top);
  g->height = floor(height - g->y - mg_axis_height_x(style, x_title) - margin * 0.8);
  if (!(left > 0))
    left = mg_axis_width_y(style, ticks_y, g->y0, g->y1, g->height, y_title);
  g->x = ceil(margin * 0.6 + left);
  g->width = floor(width - g->x - MAX(right, margin * 1.5));
  return g->width >= 1 && g->height >= 1;
}

typedef struct {
  MgTicks ticks;
  const char *title; /* N_() */
} FrequencyAxis;

static const FrequencyAxis frequency_axes[] = {
    [MG_SCALE_LINEAR_HZ] = {MG_TICKS_HZ, N_("Frequency (Hz)")},
    [MG_SCALE_LOG_HZ] = {MG_TICKS_LOG, N_("Frequency (Hz)")},
    [MG_SCALE_MEL_HZ] = {MG_TICKS_MEL, N_("Frequency (Hz)")},
    [MG_SCALE_ROWS] = {MG_TICKS_INTEGER, N_("Row")},
};

void
mg_figure_spectrogram(cairo_t *cr, double width, double height, const MgStyle *style, const char *title,
                      const MgImageSource *source, const MgImageStyle *image, const char *unit, const MgRowAxis *rows,
                      const char *rows_title)
{
  double top = begin(cr, width, height, style, title);
  if (unit)
    top = MAX(top, margin * 0.5 + mg_text_line(style) + 6);
  gboolean named = rows && (image->scale == MG_SCALE_ROWS || image->scale == MG_SCALE_TEMPO);
  FrequencyAxis axis = frequency_axes[named ? MG_SCALE_ROWS : image->scale];
  double bar_width = 14, numbers, bar_gap = 14;
  numbers = mg_axis_width_y(style, MG_TICKS_DB, image->low, image->high, height - top, NULL);
  MgGeometry g = {.x0 = source->first_time - source->frame_step / 2};
  g.x1 = g.x0 + source->frame_step * MAX(1, source->frames);
  if (g.x0 < 0 && g.x0 > -source->frame_step)
    g.x0 = 0;
  mg_image_limits(source, image->scale, &g.y0, &g.y1);
  double left = named ? mg_row_axis_width(style, rows, rows_title) : 0;
  if (!lay_out(&g, width, height, top, bar_gap + bar_width + numbers + margin * 0.8, left, style, axis.ticks, _("Time"),
               _(axis.title)))
    return;
  mg_image_draw(cr, &g, source, image);
  draw_frame(cr, &g, style);
  mg_axis_draw_x(cr, &g, style, MG_TICKS_TIME, _("Time"), FALSE, FALSE);
  if (named)
    mg_row_axis_draw(cr, &g, style, rows, rows_title);
  else
    mg_axis_draw_y(cr, &g, style, axis.ticks, _(axis.title), FALSE);
  MgGeometry bar = {.x = g.x + g.width + bar_gap, .y = g.y, .width = bar_width, .height = g.height};
  mg_colorbar_draw(cr, &bar, style, image, unit);
}

/* World limits with a margin above and below; 0 is kept where all values lie above it. */
static void
find_limits(const MgOverlayCurve *curve, double *low, double *high)
{
  *low = INFINITY;
  *high = -INFINITY;
  for (size_t i = 0; i < curve->n; i++)
    if (isfinite(curve->values[i])) {
      *low = MIN(*low, curve->values[i]);
      *high = MAX(*high, curve->values[i]);
    }
  if (!(*low <= *high))
    *low = *high = 0;
  double gap = *high > *low ? (*high - *low) * 0.05 : MAX(fabs(*high) * 0.05, 0.5);
  *low = *low >= 0 ? 0 : *low - gap;
  *high += gap;
}

void
mg_figure_line(cairo_t *cr, double width, double height, const MgStyle *style, const char *title, const char *y_title,
               const MgOverlayCurve *curve, double seconds)
{
  double top = begin(cr, width, height, style, title);
  MgGeometry g = {.x1 = MAX(seconds, 1e-3)};
  find_limits(curve, &g.y0, &g.y1);
  if (!lay_out(&g, width, height, top, margin, 0, style, MG_TICKS_LINEAR, _("Time"), y_title))
    return;
  mg_axis_draw_x(cr, &g, style, MG_TICKS_TIME, _("Time"), TRUE, FALSE);
  mg_axis_draw_y(cr, &g, style, MG_TICKS_LINEAR, y_title, TRUE);
  draw_frame(cr, &g, style);
  mg_overlay_curve_draw(cr, &g, curve);
}

void
mg_figure_events(cairo_t *cr, double width, double height, const MgStyle *style, const char *title, const double *times,
                 size_t n, double seconds)
{
  double top = begin(cr, width, height, style, title), colour[3];
  MgGeometry g = {.x = margin, .y = ceil(top), .width = width - 2 * margin, .x1 = MAX(seconds, 1e-3), .y1 = 1};
  g.height = floor(height - g.y - mg_axis_height_x(style, _("Time")) - margin * 0.8);
  if (g.width < 1 || g.height < 1)
    return;
  mg_hue_on(style, 0, colour);
  mg_axis_draw_x(cr, &g, style, MG_TICKS_TIME, _("Time"), TRUE, FALSE);
  draw_frame(cr, &g, style);
  mg_overlay_events_draw(cr, &g, times, n, colour, FALSE);
}

/* Smallest, largest value and root mean square of each column's samples. */
static void
measure_columns(const float *samples, size_t n, size_t columns, float *low, float *high, float *rms)
{
  for (size_t c = 0; c < columns; c++) {
    size_t from = (size_t)((double)c * n / columns), to = (size_t)((double)(c + 1) * n / columns);
    double energy = 0;
    low[c] = INFINITY;
    high[c] = -INFINITY;
    to = MIN(n, MAX(to, from + 1));
    for (size_t i = from; i < to; i++) {
      low[c] = MIN(low[c], samples[i]);
      high[c] = MAX(high[c], samples[i]);
      energy += (double)samples[i] * samples[i];
    }
    rms[c] = to > from ? (float)sqrt(energy / (to - from)) : 0;
  }
}

static void
draw_samples(cairo_t *cr, const MgGeometry *g, const MgStyle *style, const float *samples, size_t n)
{
  size_t columns = (size_t)ceil(g->width * mg_pixels_per_unit(cr));
  float *low = g_new(float, 3 * columns), *high = low + columns, *rms = high + columns;
  measure_columns(samples, n, columns, low, high, rms);
  mg_waveform_draw(cr, g, style, low, high, rms, columns);
  g_free(low);
}

void
mg_figure_waveform(cairo_t *cr, double width, double height, const MgStyle *style, const char *title,
                   const float *samples, size_t n, double sr)
{
  double top = begin(cr, width, height, style, title);
  MgGeometry g = {.x0 = 0, .x1 = n > 0 ? n / sr : 1, .y0 = -1, .y1 = 1};
  if (!lay_out(&g, width, height, top, margin, 0, style, MG_TICKS_LINEAR, _("Time"), _("Amplitude")))
    return;
  mg_axis_draw_x(cr, &g, style, MG_TICKS_TIME, _("Time"), TRUE, FALSE);
  mg_axis_draw_y(cr, &g, style, MG_TICKS_LINEAR, _("Amplitude"), TRUE);
  if (n > 0)
    draw_samples(cr, &g, style, samples, n);
  draw_frame(cr, &g, style);
}

void
mg_figure_curves(cairo_t *cr, double width, double height, const MgStyle *style, const char *title, const char *x_title,
                 const char *y_title, const MgCurve *curves, size_t n)
{
  double top = begin(cr, width, height, style, title);
  MgGeometry g = {0};
  mg_curves_limits(curves, n, &g.x0, &g.x1, &g.y0, &g.y1);
  if (!lay_out(&g, width, height, top, margin, 0, style, MG_TICKS_LINEAR, x_title, y_title))
    return;
  mg_axis_draw_x(cr, &g, style, MG_TICKS_INTEGER, x_title, TRUE, FALSE);
  mg_axis_draw_y(cr, &g, style, MG_TICKS_LINEAR, y_title, TRUE);
  draw_frame(cr, &g, style);
  mg_curves_draw(cr, &g, style, curves, n);
  mg_curves_legend(cr, &g, style, curves, n);
}

/* For painters that fill a whole area. */
static gboolean
begin_area(cairo_t *cr, double *width, double *height, const MgStyle *style, const char *title)
{
  double top = begin(cr, *width, *height, style, title);
  cairo_save(cr);
  cairo_translate(cr, margin / 2, top);
  *width -= margin;
  *height -= top + margin / 2;
  return *width >= 1 && *height >= 1;
}

void
mg_figure_confusion(cairo_t *cr, double width, double height, const MgStyle *style, const char *title,
                    const guint *matrix, int classes, const char *const *labels)
{
  if (begin_area(cr, &width, &height, style, title))
    mg_confusion_draw(cr, width, height, style, matrix, classes, labels, -1);
  cairo_restore(cr);
}

void
mg_figure_bars(cairo_t *cr, double width, double height, const MgStyle *style, const char *title, const MgBars *bars)
{
  if (begin_area(cr, &width, &height, style, title))
    mg_bars_draw(cr, width, height, style, bars, -1);
  cairo_restore(cr);
}

void
mg_figure_scatter(cairo_t *cr, double width, double height, const MgStyle *style, const char *title,
                  const MgScatter *scatter)
{
  if (begin_area(cr, &width, &height, style, title))
    mg_scatter_draw(cr, width, height, style, scatter);
  cairo_restore(cr);
}

void
mg_figure_maps(cairo_t *cr, double width, double height, const MgStyle *style, const char *title, const MgMatrix *input,
               MgMatrix *const *maps, size_t n, const MgColormap *colormap)
{
  mg_maps_draw(cr, width, height, style, input, maps, n, title, colormap);
}

void
mg_figure_surface(cairo_t *cr, double width, double height, const MgStyle *style, const char *title,
                  const MgMatrix *values, const MgSurfaceWorld *world, const MgParams *params, gboolean vector)
{
  if (begin_area(cr, &width, &height, style, title))
    mg_surface_draw(cr, width, height, style, values, world, params, vector);
  cairo_restore(cr);
}
