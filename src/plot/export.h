/* Drawing into files. */
#pragma once
#include "plot/geometry.h"

typedef void (*MgDrawFunc)(cairo_t *cr, double width, double height, gboolean vector, gpointer data);

/* Draws width x height user units into a .png (at `scale` pixels a unit), .svg or .pdf, by the path's ending;
 * MG_ERROR_USAGE for another. The file appears at once or not at all. */
gboolean mg_export(const char *path, double width, double height, double scale, MgDrawFunc draw, gpointer data,
                   GError **error);
/* Whether the path's ending names one of these formats: for refusing before long work. */
gboolean mg_export_check(const char *path, GError **error);
