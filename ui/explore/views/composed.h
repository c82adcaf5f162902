/* A picture composed at device pixels and kept as a render node until its world changes. Not a texture, which cairo's
 * renderer converts anew for every frame. */
#pragma once
#include "plot/image.h"
#include <gtk/gtk.h>

typedef struct {
  GskRenderNode *node; /* NULL: nothing yet */
  MgGeometry of;
  int scale;
  gboolean outdated;
  double cost; /* ms that the last composition took */
} MgComposed;

gboolean mg_composed_is_for(const MgComposed *composed, const MgGeometry *geometry, int scale);
/* What is not there yet is painted like the page. */
void mg_composed_make(MgComposed *composed, const MgImageSource *source, const MgImageStyle *style,
                      const MgGeometry *geometry, int scale, const MgStyle *look);
/* Appends the picture; one that was made for another size is stretched. */
void mg_composed_append(const MgComposed *composed, GtkSnapshot *snapshot, const MgGeometry *geometry);
void mg_composed_clear(MgComposed *composed);
