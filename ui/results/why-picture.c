#include "ui/results/why-picture.h"
#include "plot/axis.h"
#include "plot/image.h"
#include "plot/maps.h"
#include "plot/text.h"
#include <glib/gi18n.h>
#include <math.h>

static const double title_height = 22, input_height = 130, axis_left = 44, axis_below = 36, right = 4, gap = 10;
static const double usual_width = 256, map_width = 72, map_label = 22, painter_margin = 12; /* of mg_maps_draw() */

char *
mg_why_picture_input_title(const MgExplanation *why)
{
  return g_strdup(why->mel ? _("Input: mel spectrogram") : _("Input: spectrogram"));
}

char *
mg_why_picture_maps_title(const MgExplanation *why)
{
  return g_strdup_printf(_("Output of %s: %u maps"), why->layer, why->maps->len);
}

static double
above_maps(void)
{
  return title_height + input_height + axis_below + gap + title_height;
}

/* As high as maps of a legible width want to be. */
double
mg_why_picture_aspect(const MgExplanation *why)
{
  double shape = CLAMP((double)why->input->cols / MAX(why->input->rows, 1), 0.5, 2);
  double columns = floor(usual_width / map_width), rows = ceil(why->maps->len / columns);
  return (above_maps() + rows * (map_width / shape + map_label) + painter_margin) / usual_width;
}

static void
draw_title(cairo_t *cr, const MgStyle *style, const char *title, double y, double width)
{
  MgTextLook look = {.size = style->font_size * 1.1, .bold = TRUE, .max_width = width};
  mg_text_draw_look(cr, style, title, 0, y, 0, 0, &look);
}

/* Rows are told by frequency where it is known. */
static void
draw_frequency_axis(cairo_t *cr, MgGeometry geometry, const MgStyle *style, const MgExplanation *why)
{
  double low = why->mel ? mg_axis_mel(why->low_hz) : why->low_hz;
  double high = why->mel ? mg_axis_mel(why->high_hz) : why->high_hz;
  double half = (high - low) / MAX(1, (double)why->input->rows - 1) / 2; /* a row's middle is its frequency */
  if (high > low) {
    geometry.y0 = MAX(0, low - half);
    geometry.y1 = high + half;
  }
  mg_axis_draw_y(cr, &geometry, style,
                 !(high > low) ? MG_TICKS_INTEGER
                 : why->mel    ? MG_TICKS_MEL
                               : MG_TICKS_HZ,
                 high > low ? _("Hz") : _("band"), FALSE);
}

static void
draw_input(cairo_t *cr, double y, double width, const MgStyle *style, const MgExplanation *why)
{
  const MgMatrix *input = why->input;
  double step = (why->end - why->start) / MAX(input->cols, 1);
  MgImageSource source = {.values = input->data,
                          .bins = input->rows,
                          .frames = input->cols,
                          .first_time = why->start + step / 2,
                          .frame_step = step,
                          .mel_rows = TRUE};
  MgImageStyle image = {.colormap = mg_colormap_find("magma"), .scale = MG_SCALE_ROWS};
  float low, high;
  mg_matrix_range(input, &low, &high);
  image.low = low;
  image.high = high > low ? high : low + 1;
  MgGeometry geometry = {axis_left, y, width - axis_left - right, input_height, why->start, why->end, 0, input->rows};
  mg_image_draw(cr, &geometry, &source, &image);
  mg_axis_draw_x(cr, &geometry, style, MG_TICKS_TIME, _("time (min:s)"), FALSE, FALSE);
  draw_frequency_axis(cr, geometry, style, why);
}

static void
draw_maps(cairo_t *cr, double y, double width, double height, const MgStyle *style, const MgExplanation *why)
{
  cairo_save(cr);
  cairo_rectangle(cr, 0, y, width, height);
  cairo_clip(cr);
  cairo_translate(cr, -painter_margin, y - painter_margin);
  mg_maps_draw(cr, width + 2 * painter_margin, height + painter_margin, style, NULL,
               (MgMatrix *const *)why->maps->pdata, why->maps->len, NULL, mg_colormap_find("magma"));
  cairo_restore(cr);
}

void
mg_why_picture_draw(cairo_t *cr, double width, double height, const MgStyle *style, const MgExplanation *why)
{
  g_autofree char *input = mg_why_picture_input_title(why), *maps = mg_why_picture_maps_title(why);
  double y = above_maps();
  if (width < axis_left + right + 40 || height < y)
    return;
  draw_title(cr, style, input, 0, width);
  draw_input(cr, title_height, width, style, why);
  draw_title(cr, style, maps, y - title_height, width);
  draw_maps(cr, y, width, height - y, style, why);
}
