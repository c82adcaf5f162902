/* A picture over the page's time axis: what overview, waveform, STFT and mel have in common. Margins, axes, cursor,
 * selection and the hand's habits live here; a kind of view fills in MgViewClass. */
#pragma once
#include "plot/geometry.h"
#include "session/selection.h"
#include "session/timeline.h"
#include <adwaita.h>

#define MG_TYPE_VIEW (mg_view_get_type())
G_DECLARE_DERIVABLE_TYPE(MgView, mg_view, MG, VIEW, GtkWidget)

#define MG_VIEW_LEFT 64 /* logical pixels beside the plot area, the same in all views so that they line up */
#define MG_VIEW_RIGHT 64

struct _MgViewClass {
  GtkWidgetClass parent_class;
  /* Appends what changes with time to the snapshot: the picture itself, `width` x `height` logical pixels at the
   * geometry's place. */
  void (*paint)(MgView *view, GtkSnapshot *snapshot, const MgGeometry *geometry, const MgStyle *style);
  /* Draws axes and scales beside the plot area; cached until mg_view_redraw_axes(). May be NULL. */
  void (*draw_axes)(MgView *view, cairo_t *cr, const MgGeometry *geometry, const MgStyle *style);
  /* Draws the picture into a file (axes come from draw_axes). NULL: the view is not exported. */
  void (*draw)(MgView *view, cairo_t *cr, const MgGeometry *geometry, const MgStyle *style);
  /* What is under the pointer: frequency and level, NaN where there is none. May be NULL. */
  void (*value_at)(MgView *view, double seconds, double y, double *hz, double *db);
  /* Text for assistive technologies: "STFT, 0:00–0:12, 0–11025 Hz, n_fft 2048". g_free() it. */
  char *(*describe)(MgView *view, const char *range);
  /* Limits of the vertical axis. */
  void (*limits)(MgView *view, double *y0, double *y1);
  gboolean whole;     /* shows the whole track whatever is zoomed; the hand moves the visible part */
  gboolean coloured;  /* colours mean something: the selection is a bar along the top */
  double top, bottom; /* margins above and below the plot area */
};

/* The page's; a view keeps references. */
void mg_view_set_up(MgView *view, MgTimeline *timeline, MgSelection *selection);
MgTimeline *mg_view_timeline(MgView *view);
void mg_view_redraw_axes(MgView *view);
void mg_view_describe_soon(MgView *view);
/* The plot area for a widget (or a part of a figure) of this size at (x, y). */
void mg_view_geometry(MgView *view, double x, double y, double width, double height, MgGeometry *geometry);
/* Draws picture and axes, for files. */
void mg_view_draw(MgView *view, cairo_t *cr, double x, double y, double width, double height, const MgStyle *style);
/* What the pointer is over; FALSE where it is over none of this view's plot area. */
gboolean mg_view_pointed(MgView *view, double *seconds, double *hz, double *db);
/* What a view's axes are of, along the outer edges of both margins: "STFT, Hz" at the left, "dB" at the right. Either
 * may be NULL; one that the plot area is too low for is left out. For MgViewClass.draw_axes. */
void mg_view_draw_titles(cairo_t *cr, const MgGeometry *geometry, const MgStyle *style, const char *left,
                         const char *right);
const MgStyle *mg_view_style(void); /* the window's, light or dark */
