#include "plot/text.h"
#include "plot/axis.h"
#include "plot/colormap.h"
#include <math.h>
#include <pango/pangocairo.h>

#define MOST_LAYOUTS 512 /* kept */

/* One a thread: painters run on the window's thread, on exporting ones, and on those that turn surfaces. The same
 * numbers are drawn again and again, and laying a text out takes most of the time. */
typedef struct {
  PangoContext *context;
  GHashTable *layouts; /* look and text -> PangoLayout */
} Fonts;

static void
free_fonts(gpointer data)
{
  Fonts *fonts = data;
  g_hash_table_unref(fonts->layouts);
  g_object_unref(fonts->context);
  g_free(fonts);
}

static GPrivate fonts_of_thread = G_PRIVATE_INIT(free_fonts);

static PangoContext *
new_context(void)
{
  PangoContext *context = pango_font_map_create_context(pango_cairo_font_map_get_default());
  cairo_font_options_t *options = cairo_font_options_create();
  cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF); /* the same layout at every scale */
  cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_SLIGHT);
  cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
  pango_cairo_context_set_font_options(context, options);
  cairo_font_options_destroy(options);
  return context;
}

static Fonts *
own_fonts(void)
{
  Fonts *fonts = g_private_get(&fonts_of_thread);
  if (fonts)
    return fonts;
  fonts = g_new(Fonts, 1);
  *fonts = (Fonts){new_context(), g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_object_unref)};
  g_private_set(&fonts_of_thread, fonts);
  return fonts;
}

static PangoLayout *
new_layout(PangoContext *context, const MgStyle *style, const char *text, const MgTextLook *look)
{
  PangoLayout *layout = pango_layout_new(context);
  PangoFontDescription *font = pango_font_description_new();
  pango_font_description_set_family(font, style->font);
  pango_font_description_set_absolute_size(font, (look->size > 0 ? look->size : style->font_size) * PANGO_SCALE);
  pango_font_description_set_weight(font, look->bold ? PANGO_WEIGHT_SEMIBOLD : PANGO_WEIGHT_NORMAL);
  pango_layout_set_font_description(layout, font);
  pango_font_description_free(font);
  PangoAttrList *attributes = pango_attr_list_new();
  pango_attr_list_insert(attributes, pango_attr_font_features_new("tnum=1"));
  pango_layout_set_attributes(layout, attributes);
  pango_attr_list_unref(attributes);
  pango_layout_set_single_paragraph_mode(layout, TRUE);
  g_autofree char *valid = g_utf8_make_valid(text, -1); /* file names may hold anything */
  pango_layout_set_text(layout, valid, -1);
  if (look->max_width > 0) {
    pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
    pango_layout_set_width(layout, (int)(look->max_width * PANGO_SCALE));
  }
  return layout;
}

/* Borrowed until the next call. */
static PangoLayout *
layout_of(const MgStyle *style, const char *text, const MgTextLook *look)
{
  Fonts *fonts = own_fonts();
  g_autofree char *key = g_strdup_printf("%g %g %d %s\n%s", look->size > 0 ? look->size : style->font_size,
                                         look->max_width, look->bold, style->font, text);
  PangoLayout *layout = g_hash_table_lookup(fonts->layouts, key);
  if (layout)
    return layout;
  if (g_hash_table_size(fonts->layouts) >= MOST_LAYOUTS)
    g_hash_table_remove_all(fonts->layouts);
  layout = new_layout(fonts->context, style, text, look);
  g_hash_table_insert(fonts->layouts, g_steal_pointer(&key), layout);
  return layout;
}

static void
layout_size(PangoLayout *layout, double *width, double *height)
{
  PangoRectangle extents;
  pango_layout_get_extents(layout, NULL, &extents);
  *width = extents.width / (double)PANGO_SCALE;
  *height = extents.height / (double)PANGO_SCALE;
}

void
mg_text_measure(const MgStyle *style, const char *text, const MgTextLook *look, double *width, double *height)
{
  layout_size(layout_of(style, text, look), width, height);
}

void
mg_text_draw_look(cairo_t *cr, const MgStyle *style, const char *text, double x, double y, double anchor_x,
                  double anchor_y, const MgTextLook *look)
{
  if (!text || !*text)
    return;
  PangoLayout *layout = layout_of(style, text, look);
  PangoRectangle extents;
  double width, height;
  layout_size(layout, &width, &height);
  pango_layout_get_extents(layout, NULL, &extents);
  double inset = extents.x / (double)PANGO_SCALE; /* a text from right to left ends where its room does */
  cairo_save(cr);
  mg_source_alpha(cr, look->colour ? look->colour : style->foreground, look->alpha > 0 ? look->alpha : 1);
  cairo_translate(cr, x, y);
  cairo_rotate(cr, look->angle);
  cairo_move_to(cr, -anchor_x * width - inset, -anchor_y * height);
  pango_cairo_show_layout(cr, layout);
  cairo_restore(cr);
  cairo_new_path(cr);
}

void
mg_text_draw(cairo_t *cr, const MgStyle *style, const char *text, double x, double y, double anchor_x, double anchor_y,
             double size)
{
  mg_text_draw_look(cr, style, text, x, y, anchor_x, anchor_y, &(MgTextLook){.size = size});
}

double
mg_text_line(const MgStyle *style)
{
  return 1.36 * style->font_size;
}

/* Fills the rectangle after moving its edges to whole device pixels; at least one pixel each way. */
static void
fill_snapped(cairo_t *cr, double x0, double y0, double x1, double y1)
{
  cairo_user_to_device(cr, &x0, &y0);
  cairo_user_to_device(cr, &x1, &y1);
  double left = round(MIN(x0, x1)), top = round(MIN(y0, y1));
  double right = MAX(left + 1, round(MAX(x0, x1))), bottom = MAX(top + 1, round(MAX(y0, y1)));
  cairo_save(cr);
  cairo_identity_matrix(cr);
  cairo_rectangle(cr, left, top, right - left, bottom - top);
  cairo_fill(cr);
  cairo_restore(cr);
}

void
mg_line_vertical(cairo_t *cr, double x, double y0, double y1)
{
  fill_snapped(cr, x - 0.5, y0, x + 0.5, y1);
}

void
mg_line_horizontal(cairo_t *cr, double x0, double x1, double y)
{
  fill_snapped(cr, x0, y - 0.5, x1, y + 0.5);
}

void
mg_line_frame(cairo_t *cr, double x, double y, double width, double height, double line)
{
  fill_snapped(cr, x - line, y - line, x + width + line, y);
  fill_snapped(cr, x - line, y + height, x + width + line, y + height + line);
  fill_snapped(cr, x - line, y, x, y + height);
  fill_snapped(cr, x + width, y, x + width + line, y + height);
}

void
mg_source(cairo_t *cr, const double rgba[4])
{
  cairo_set_source_rgba(cr, rgba[0], rgba[1], rgba[2], rgba[3]);
}

void
mg_background(cairo_t *cr, const MgStyle *style, double width, double height)
{
  mg_source(cr, style->background);
  cairo_rectangle(cr, 0, 0, width, height);
  cairo_fill(cr);
}

void
mg_source_alpha(cairo_t *cr, const double rgb[3], double alpha)
{
  cairo_set_source_rgba(cr, rgb[0], rgb[1], rgb[2], alpha);
}

void
mg_hue_on(const MgStyle *style, int i, double rgb[3])
{
  mg_hue(i, rgb);
  double luminance = 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2];
  for (int c = 0; c < 3; c++) {
    if (style->dark && luminance < 0.45)
      rgb[c] += 0.3 * (1 - rgb[c]);
    if (!style->dark && luminance > 0.7)
      rgb[c] *= 0.8;
  }
}

void
mg_class_hue(const MgStyle *style, int class, double rgb[3])
{
  mg_hue_on(style, class % MG_CLASS_HUES, rgb);
}

gboolean
mg_is_vector(cairo_t *cr)
{
  cairo_surface_type_t type = cairo_surface_get_type(cairo_get_target(cr));
  return type == CAIRO_SURFACE_TYPE_SVG || type == CAIRO_SURFACE_TYPE_PDF || type == CAIRO_SURFACE_TYPE_PS;
}

double
mg_pixels_per_unit(cairo_t *cr)
{
  if (mg_is_vector(cr))
    return 2;
  double dx = 1, dy = 0, scale_x = 1, scale_y = 1;
  cairo_user_to_device_distance(cr, &dx, &dy);
  cairo_surface_get_device_scale(cairo_get_target(cr), &scale_x, &scale_y);
  return MAX(1, hypot(dx, dy) * scale_x);
}
