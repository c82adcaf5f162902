/* What the files of a view share: what it looks at and how it is read (view.c), what it paints (view-paint.c). */
#pragma once
#include "ui/explore/views/overlays.h"
#include "ui/explore/views/view.h"

typedef struct {
  MgTimeline *timeline;
  MgSelection *selection;
  MgTools *tools;
  double y0, y1;          /* which part of the vertical axis is seen */
  GskRenderNode *picture; /* of MgViewClass.draw, cached for `drawn` */
  MgGeometry drawn;
  gboolean drawn_dark;
  GskRenderNode *axes; /* cached */
  int axes_width, axes_height;
  gboolean axes_dark;
  double pointer_x, pointer_y; /* negative: away */
  guint describing, wish;
  MgGeometry wished;    /* what was asked for last */
  MgOverlays *overlays; /* NULL: none */
  GskRenderNode *over;  /* cached for `drawn_over` */
  MgGeometry drawn_over;
} MgViewPrivate;

MgViewPrivate *mg_view_private(MgView *view);
void mg_view_own_geometry(MgView *view, MgGeometry *geometry); /* of the whole widget */

void mg_view_snapshot(GtkWidget *widget, GtkSnapshot *snapshot);
void mg_view_forget_paint(MgView *view); /* what is kept of it, and the overlays */
