/* A network as boxes, from top to bottom: name, layers, shape and number of parameters, which also gives the depth of a
 * box's colour. Blocks are frames around their boxes, with ×n where they are repeated. */
#pragma once
#include "plot/geometry.h"
#include "base/graph.h"

/* The size that the boxes (MgGraphNode *) take, in user units. */
void mg_diagram_measure(const MgStyle *style, const GPtrArray *graph, double *width, double *height);
/* Fills width x height, the background included; `title` ("ResNet-18: 11,689,512 parameters") and `input` (its shape)
 * are written on top. */
void mg_diagram_draw(cairo_t *cr, double width, double height, const MgStyle *style, const char *title,
                     const char *input, const GPtrArray *graph);
