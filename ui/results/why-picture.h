/* What the network sees in a segment: its input with axes on top, and the grid of the first layer's outputs beneath. */
#pragma once
#include "plot/geometry.h"
#include "session/results-explain.h"

/* The height that goes with a width, as a factor. */
double mg_why_picture_aspect(const MgExplanation *why);
void mg_why_picture_draw(cairo_t *cr, double width, double height, const MgStyle *style, const MgExplanation *why);
/* The two titles. g_free() them. */
char *mg_why_picture_input_title(const MgExplanation *why);
char *mg_why_picture_maps_title(const MgExplanation *why);
