#include "plot/gallery.h"
#include "plot/axis.h"
#include "plot/text.h"
#include <glib/gi18n-lib.h>
#include <math.h>

static const double margin = 16, gap = 32, bar_width = 14, bar_gap = 14, least_width = 220;

/* Pictures keep at least a width at which a time axis can be read. */
static int
columns_for(size_t n, double width)
{
  int most = (int)MAX(1, (width - 2 * margin) / (least_width + gap));
  int columns = (int)MIN((size_t)MIN(most, 3), MAX(n, 1));
  return columns;
}

static void
draw_heading(cairo_t *cr, const MgGeometry *g, const MgStyle *style, const char *over, const MgGalleryPicture *picture)
{
  MgTextLook bold = {.bold = TRUE, .max_width = g->width}, dim = {.alpha = 0.75};
  double width, height;
  g_autofree char *title = g_strdup_printf("%s %" G_GINT64_FORMAT, over, picture->value);
  mg_text_measure(style, title, &bold, &width, &height);
  mg_text_draw_look(cr, style, title, g->x, g->y - 4, 0, 1, &bold);
  if (picture->empty == 0)
    return;
  g_autofree char *note = g_strdup_printf(
      g_dngettext(GETTEXT_PACKAGE, "%zu empty band", "%zu empty bands", picture->empty), picture->empty);
  dim.max_width = MAX(1, g->width - width - 10);
  mg_text_draw_look(cr, style, note, g->x + g->width, g->y - 4, 1, 1, &dim);
}

static MgImageSource
source_of(const MgGallery *gallery, const MgGalleryPicture *picture)
{
  return (MgImageSource){.values = picture->levels->data,
                         .bins = picture->levels->rows,
                         .frames = picture->levels->cols,
                         .first_time = gallery->x0 + picture->first_time,
                         .frame_step = picture->frame_step,
                         .mel_rows = TRUE,
                         .low_hz = gallery->low_hz,
                         .top_hz = gallery->top_hz,
                         .htk = gallery->htk};
}

static void
draw_picture(cairo_t *cr, const MgGeometry *g, const MgStyle *style, const MgGallery *gallery, size_t i,
             const MgImageStyle *image, gboolean left, gboolean bottom)
{
  MgImageSource source = source_of(gallery, &gallery->pictures[i]);
  mg_image_draw(cr, g, &source, image);
  mg_source_alpha(cr, style->foreground, 0.25);
  mg_line_frame(cr, g->x, g->y, g->width, g->height, 1);
  draw_heading(cr, g, style, gallery->over, &gallery->pictures[i]);
  if (left)
    mg_axis_draw_y(cr, g, style, MG_TICKS_MEL, _("Frequency (Hz)"), FALSE);
  if (bottom)
    mg_axis_draw_x(cr, g, style, MG_TICKS_TIME, NULL, FALSE, FALSE);
}

static double
draw_title(cairo_t *cr, double width, const MgStyle *style, const char *title)
{
  MgTextLook look = {.size = style->font_size * 1.25, .bold = TRUE, .max_width = MAX(1, width - 2 * margin)};
  double title_width, title_height;
  if (!title || !*title)
    return margin;
  mg_text_measure(style, title, &look, &title_width, &title_height);
  mg_text_draw_look(cr, style, title, margin, margin * 0.8, 0, 0, &look);
  return margin * 0.8 + title_height + 8;
}

void
mg_gallery_draw(cairo_t *cr, double width, double height, const MgStyle *style, const MgGallery *gallery,
                const MgImageStyle *image)
{
  size_t n = gallery->n;
  mg_background(cr, style, width, height);
  double top = draw_title(cr, width, style, gallery->title), heading = mg_text_line(style) + 6;
  MgGeometry g = {.x0 = gallery->x0, .x1 = gallery->x1};
  if (n == 0)
    return;
  MgImageSource first = source_of(gallery, &gallery->pictures[0]);
  mg_image_limits(&first, image->scale, &g.y0, &g.y1);
  double left = ceil(margin + mg_axis_width_y(style, MG_TICKS_MEL, g.y0, g.y1, height, "Hz"));
  double numbers = mg_axis_width_y(style, MG_TICKS_DB, image->low, image->high, height, NULL);
  double right = bar_gap + bar_width + numbers + margin, below = mg_axis_height_x(style, NULL) + margin;
  int columns = columns_for(n, width), rows = (int)((n + columns - 1) / columns);
  double between = heading + gap / 2;
  g.width = floor((width - left - right - (columns - 1) * gap) / columns);
  g.height = floor((height - top - below - heading - (rows - 1) * between) / rows);
  if (!(g.width >= 1) || !(g.height >= 1))
    return;
  for (size_t i = 0; i < n; i++) {
    int column = (int)i % columns, row = (int)i / columns;
    g.x = left + column * (g.width + gap);
    g.y = floor(top + heading + row * (g.height + between));
    draw_picture(cr, &g, style, gallery, i, image, column == 0, i + columns >= n);
  }
  MgGeometry bar = {.x = left + columns * g.width + (columns - 1) * gap + bar_gap,
                    .y = floor(top + heading),
                    .width = bar_width,
                    .height = rows * g.height + (rows - 1) * between};
  mg_colorbar_draw(cr, &bar, style, image, "dB");
}
