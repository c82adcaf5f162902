/* Colour maps (a table): magma, viridis, inferno, cividis, grey, made from their published control values; and cyclic,
 * whose ends are one colour, for phases. */
#pragma once
#include <glib.h>

#define MG_COLORMAP_CHOICES "magma|viridis|inferno|cividis|grey|cyclic"

typedef struct {
  const char *name;
  guint32 argb[256]; /* CAIRO_FORMAT_RGB24 / ARGB32 pixels, opaque */
} MgColormap;

const MgColormap *mg_colormap_find(const char *name); /* NULL where there is none */
const MgColormap *const *mg_colormaps(void);          /* NULL-terminated */
/* Okabe and Ito's eight hues for runs and classes; RGB 0 to 1. */
void mg_hue(int i, double rgb[3]);
