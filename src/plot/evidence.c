#include "plot/evidence.h"
#include "plot/axis.h"
#include "plot/colormap.h"
#include "plot/image.h"
#include "plot/text.h"
#include <glib/gi18n-lib.h>
#include <math.h>

static const double right = 6, top = 4, margin = 18;

/* Okabe and Ito's orange and sky blue: both stand out from grey. */
const double *
mg_evidence_hue(gboolean speaks_for)
{
  static const double hues[2][3] = {{0.34, 0.71, 0.91}, {0.90, 0.60, 0}};
  return hues[speaks_for ? 1 : 0];
}

/* The row (fractional) at which a frequency lies. */
static double
row_of(const MgEvidencePicture *evidence, double hz)
{
  size_t row = 0, rows = evidence->picture->rows;
  while (row + 1 < rows && evidence->edges[row + 1] < hz)
    row++;
  double low = evidence->edges[row], high = evidence->edges[row + 1];
  return row + (high > low ? CLAMP((hz - low) / (high - low), 0, 1) : 0);
}

/* Round frequencies at the rows where they lie. */
static GArray *
make_ticks(const MgEvidencePicture *evidence, const MgStyle *style, double height)
{
  size_t rows = evidence->picture->rows;
  double spacing = mg_text_line(style) * 1.3;
  if (!evidence->edges)
    return mg_ticks(MG_TICKS_INTEGER, 0, rows, height, spacing);
  double low = evidence->edges[0], high = evidence->edges[rows];
  GArray *ticks = evidence->mel ? mg_ticks(MG_TICKS_MEL, mg_axis_mel(low), mg_axis_mel(high), height, spacing)
                                : mg_ticks(MG_TICKS_HZ, low, high, height, spacing);
  for (guint i = 0; i < ticks->len; i++) {
    MgTick *tick = &g_array_index(ticks, MgTick, i);
    tick->at = row_of(evidence, evidence->mel ? mg_axis_mel_hz(tick->at) : tick->at);
  }
  return ticks;
}

static const char *
rows_title(const MgEvidencePicture *evidence)
{
  return evidence->edges ? _("Frequency (Hz)") : _("Row");
}

MgGeometry
mg_evidence_layout(const MgEvidencePicture *evidence, const MgStyle *style, double width, double height)
{
  MgGeometry g = {.y = top, .x0 = evidence->start, .x1 = evidence->end, .y0 = 0, .y1 = evidence->picture->rows};
  g.height = floor(MAX(height - top - mg_axis_height_x(style, _("Time")), 1));
  double low = evidence->edges ? evidence->edges[0] : 0;
  double high = evidence->edges ? evidence->edges[evidence->picture->rows] : evidence->picture->rows;
  g.x = ceil(mg_axis_width_y(style, evidence->edges ? MG_TICKS_HZ : MG_TICKS_INTEGER, low, high, g.height,
                             rows_title(evidence)));
  g.width = floor(MAX(width - g.x - right, 1));
  return g;
}

static void
draw_picture(cairo_t *cr, const MgGeometry *g, const MgEvidencePicture *evidence)
{
  const MgMatrix *picture = evidence->picture;
  double step = (evidence->end - evidence->start) / MAX(picture->cols, 1);
  float low, high;
  mg_matrix_range(picture, &low, &high);
  MgImageSource source = {.values = picture->data,
                          .bins = picture->rows,
                          .frames = picture->cols,
                          .first_time = evidence->start + step / 2,
                          .frame_step = step,
                          .mel_rows = TRUE};
  gboolean bare = !evidence->map || evidence->strength <= 0;
  MgImageStyle style = {low, high > low ? high : low + 1, mg_colormap_find(bare ? "magma" : "grey"), MG_SCALE_ROWS};
  mg_image_draw(cr, g, &source, &style);
}

/* A pixel a place: `colour` as opaque as `alpha` says, premultiplied. */
static guint32
pixel(const double colour[3], double alpha)
{
  guint32 a = (guint32)(255 * CLAMP(alpha, 0, 1) + 0.5), argb = a << 24;
  for (int c = 0; c < 3; c++)
    argb |= (guint32)(a * colour[c] + 0.5) << (16 - 8 * c);
  return argb;
}

typedef guint32 (*PixelFunc)(float value, double scale, double strength);

static guint32
evidence_pixel(float value, double scale, double strength)
{
  double share = fabs(value) / scale;
  return pixel(mg_evidence_hue(value > 0), strength * (value > 0 ? 1 : 0.7) * pow(share, 0.75));
}

static guint32
muted_pixel(float value, double scale, double strength)
{
  static const double dark[3] = {0.05, 0.05, 0.07};
  return pixel(dark, strength * (1 - value));
}

/* A layer of pixels, one a place, over the picture; the lowest row at the bottom. */
static void
draw_layer(cairo_t *cr, const MgGeometry *g, const MgMatrix *values, PixelFunc func, double scale, double strength)
{
  int width = (int)values->cols, height = (int)values->rows;
  cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height);
  int stride = cairo_image_surface_get_stride(surface) / 4;
  guint32 *pixels = (guint32 *)(gpointer)cairo_image_surface_get_data(surface);
  for (int r = 0; pixels && r < height; r++)
    for (int c = 0; c < width; c++)
      pixels[(size_t)(height - 1 - r) * stride + c] = func(mg_matrix_row(values, r)[c], scale, strength);
  cairo_surface_mark_dirty(surface);
  cairo_save(cr);
  cairo_rectangle(cr, g->x, g->y, g->width, g->height);
  cairo_clip(cr);
  cairo_translate(cr, g->x, g->y);
  cairo_scale(cr, g->width / width, g->height / height);
  cairo_set_source_surface(cr, surface, 0, 0);
  cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_BILINEAR);
  cairo_pattern_set_extend(cairo_get_source(cr), CAIRO_EXTEND_PAD);
  cairo_paint(cr);
  cairo_restore(cr);
  cairo_surface_destroy(surface);
}

void
mg_evidence_draw(cairo_t *cr, const MgGeometry *g, const MgStyle *style, const MgEvidencePicture *evidence)
{
  draw_picture(cr, g, evidence);
  if (evidence->map && evidence->strength > 0) {
    float low, high;
    mg_matrix_range(evidence->map, &low, &high);
    double scale = MAX(MAX(fabs(low), fabs(high)), 1e-30);
    draw_layer(cr, g, evidence->map, evidence_pixel, scale, evidence->strength);
  }
  if (evidence->kept)
    draw_layer(cr, g, evidence->kept, muted_pixel, 1, 0.85);
  mg_axis_draw_x(cr, g, style, MG_TICKS_TIME, _("Time"), FALSE, FALSE);
  g_autoptr(GArray) ticks = make_ticks(evidence, style, g->height);
  mg_axis_draw_y_ticks(cr, g, style, ticks, rows_title(evidence), FALSE);
}

/* A square of a hue and what it says; the width that both take. */
static double
draw_key(cairo_t *cr, const MgStyle *style, gboolean speaks_for, double x, double y)
{
  const char *text = speaks_for ? _("speaks for it") : _("speaks against it");
  double size = style->font_size * 0.9, width, height;
  mg_source_alpha(cr, mg_evidence_hue(speaks_for), 1);
  cairo_rectangle(cr, x, y - size / 2, size, size);
  cairo_fill(cr);
  mg_text_measure(style, text, &(MgTextLook){0}, &width, &height);
  mg_text_draw(cr, style, text, x + size + 5, y, 0, 0.5, 0);
  return size + 5 + width;
}

void
mg_evidence_figure(cairo_t *cr, double width, double height, const MgStyle *style, const char *title, const char *line,
                   const MgEvidencePicture *evidence)
{
  MgTextLook large = {.size = style->font_size * 1.25, .bold = TRUE, .max_width = MAX(1, width - 2 * margin)};
  MgTextLook plain = {.max_width = large.max_width, .alpha = 0.85};
  double y = margin * 0.8, step = mg_text_line(style);
  mg_background(cr, style, width, height);
  mg_text_draw_look(cr, style, title, margin, y, 0, 0, &large);
  mg_text_draw_look(cr, style, line, margin, y + step * 1.6, 0, 0, &plain);
  y += step * 3.4;
  double key = draw_key(cr, style, TRUE, margin, y + step / 2);
  float low, high;
  mg_matrix_range(evidence->map, &low, &high);
  if (low < 0)
    draw_key(cr, style, FALSE, margin + key + margin, y + step / 2);
  y += step * 1.6;
  MgGeometry g = mg_evidence_layout(evidence, style, width - 2 * margin, height - y - margin * 0.8);
  g.x += margin;
  g.y += y;
  if (g.width > 1 && g.height > 1)
    mg_evidence_draw(cr, &g, style, evidence);
}
