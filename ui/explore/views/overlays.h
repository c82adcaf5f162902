/* What lies over a view: curves in Hz, marks of events, numbers; each one feature from the table. */
#pragma once
#include "session/analysis-store.h"
#include "session/pane.h"
#include "ui/explore/views/view.h"

/* The overlays of a pane. What the parameters do not allow is left out, and told by mg_overlays_status(). */
MgOverlays *mg_overlays_new(MgView *view, MgPane *pane, MgAnalysisStore *store);
void mg_overlays_free(MgOverlays *overlays); /* accepts NULL */
void mg_overlays_draw(MgOverlays *overlays, cairo_t *cr, const MgGeometry *geometry);
void mg_overlays_want(MgOverlays *overlays, const MgGeometry *geometry, double seconds_per_pixel);
/* Appends their values at a time: " · centroid 2 345 Hz". */
void mg_overlays_read(MgOverlays *overlays, double seconds, GString *text);
/* The same beside the pointer, each where its curve is and in its colour. */
void mg_overlays_append_values(MgOverlays *overlays, GtkSnapshot *snapshot, const MgGeometry *geometry,
                               const MgStyle *style, double seconds);
/* Names in their colours as Pango markup, with the number for one, and what is being computed or went wrong; NULL where
 * there are none. g_free() it. */
char *mg_overlays_legend(MgOverlays *overlays);
