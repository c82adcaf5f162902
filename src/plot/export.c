#include "plot/export.h"
#include "base/error.h"
#include "base/file.h"
#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <glib/gi18n-lib.h>
#include <math.h>

typedef struct {
  MgFileWriter *writer;
  GError *error; /* the first one */
} Sink;

static cairo_status_t
write_to_sink(void *closure, const unsigned char *data, unsigned int length)
{
  Sink *sink = closure;
  if (sink->error || !mg_file_writer_write(sink->writer, data, length, &sink->error))
    return CAIRO_STATUS_WRITE_ERROR;
  return CAIRO_STATUS_SUCCESS;
}

typedef struct {
  const char *path;
  double width, height, scale;
  MgDrawFunc draw;
  gpointer data;
} Drawing;

static void
draw_on(cairo_surface_t *surface, const Drawing *drawing, double scale, gboolean vector)
{
  cairo_t *cr = cairo_create(surface);
  cairo_scale(cr, scale, scale);
  cairo_rectangle(cr, 0, 0, drawing->width, drawing->height);
  cairo_clip(cr);
  drawing->draw(cr, drawing->width, drawing->height, vector, drawing->data);
  cairo_destroy(cr);
}

static cairo_status_t
export_png(const Drawing *drawing, Sink *sink)
{
  int width = (int)lround(drawing->width * drawing->scale), height = (int)lround(drawing->height * drawing->scale);
  cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height);
  draw_on(surface, drawing, drawing->scale, FALSE);
  cairo_status_t status = cairo_surface_status(surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_write_to_png_stream(surface, write_to_sink, sink);
  cairo_surface_destroy(surface);
  return status;
}

static cairo_status_t
finish_vector(cairo_surface_t *surface, const Drawing *drawing)
{
  draw_on(surface, drawing, 1, TRUE);
  cairo_surface_finish(surface);
  cairo_status_t status = cairo_surface_status(surface);
  cairo_surface_destroy(surface);
  return status;
}

static cairo_status_t
export_svg(const Drawing *drawing, Sink *sink)
{
  cairo_surface_t *surface = cairo_svg_surface_create_for_stream(write_to_sink, sink, drawing->width, drawing->height);
  cairo_svg_surface_set_document_unit(surface, CAIRO_SVG_UNIT_PX);
  return finish_vector(surface, drawing);
}

static cairo_status_t
export_pdf(const Drawing *drawing, Sink *sink)
{
  return finish_vector(cairo_pdf_surface_create_for_stream(write_to_sink, sink, drawing->width, drawing->height),
                       drawing);
}

typedef struct {
  const char *ending;
  cairo_status_t (*write)(const Drawing *drawing, Sink *sink);
} Format;

static const Format formats[] = {{".png", export_png}, {".svg", export_svg}, {".pdf", export_pdf}};

static const Format *
find_format(const char *path, GError **error)
{
  g_autofree char *lower = g_ascii_strdown(path, -1);
  for (size_t i = 0; i < G_N_ELEMENTS(formats); i++)
    if (g_str_has_suffix(lower, formats[i].ending))
      return &formats[i];
  g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("%s: a picture's name ends in .png, .svg or .pdf"), path);
  return NULL;
}

gboolean
mg_export_check(const char *path, GError **error)
{
  return find_format(path, error) != NULL;
}

static const double largest_side = 32767; /* Cairo's */

static gboolean
check_size(const Drawing *drawing, GError **error)
{
  double pixels_x = drawing->width * drawing->scale, pixels_y = drawing->height * drawing->scale;
  if (pixels_x >= 1 && pixels_x <= largest_side && pixels_y >= 1 && pixels_y <= largest_side) /* NaN is neither */
    return TRUE;
  g_set_error(error, MG_ERROR, MG_ERROR_LIMIT,
              _("%s: a picture of %g x %g at scale %g; sides from 1 to %g pixels are possible"), drawing->path,
              drawing->width, drawing->height, drawing->scale, largest_side);
  return FALSE;
}

gboolean
mg_export(const char *path, double width, double height, double scale, MgDrawFunc draw, gpointer data, GError **error)
{
  Drawing drawing = {path, width, height, scale, draw, data};
  const Format *format = find_format(path, error);
  if (!format || !check_size(&drawing, error))
    return FALSE;
  g_autoptr(MgFileWriter) writer = mg_file_writer_new(path, error);
  if (!writer)
    return FALSE;
  Sink sink = {.writer = writer};
  cairo_status_t status = format->write(&drawing, &sink);
  if (sink.error) {
    g_propagate_error(error, sink.error);
    return FALSE;
  }
  if (status != CAIRO_STATUS_SUCCESS) {
    g_set_error(error, MG_ERROR, MG_ERROR_IO, _("%s: cannot draw: %s"), path, cairo_status_to_string(status));
    return FALSE;
  }
  return mg_file_writer_finish(writer, error);
}
