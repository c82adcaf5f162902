/* A sheet of feature maps: the input on top, the outputs of a layer's channels as a grid below. */
#pragma once
#include "plot/geometry.h"
#include "plot/colormap.h"
#include "base/matrix.h"

void mg_maps_draw(cairo_t *cr, double width, double height, const MgStyle *style, const MgMatrix *input,
                  MgMatrix *const *maps, size_t n, const char *title, const MgColormap *colormap);
/* Where map number i of such a sheet lies, without an input and a title: frames by rows. FALSE where there is no room.
 */
gboolean mg_maps_cell(double width, double height, const MgStyle *style, MgMatrix *const *maps, size_t n, size_t i,
                      MgGeometry *cell);
