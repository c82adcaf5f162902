/* A picture over the page's time axis: what all panes, the ruler and the overview have in common. Margins, axes,
 * cursor, selection and the hand's habits live here; a kind of view fills in MgViewClass. */
#pragma once
#include "plot/geometry.h"
#include "session/selection.h"
#include "session/timeline.h"
#include "ui/explore/tools/tools.h"
#include <adwaita.h>

typedef struct MgOverlays MgOverlays;

typedef enum {
  MG_READOUT_WHOLE, /* … with what lies over the picture, which is also told beside the pointer */
  MG_READOUT_PLAIN,
  MG_READOUT_BRIEF, /* time, frequency and level alone */
} MgReadout;

#define MG_TYPE_VIEW (mg_view_get_type())
G_DECLARE_DERIVABLE_TYPE(MgView, mg_view, MG, VIEW, GtkWidget)

#define MG_VIEW_LEFT 64 /* logical pixels beside the plot area, the same in all views so that they line up */
#define MG_VIEW_RIGHT 64

struct _MgViewClass {
  GtkWidgetClass parent_class;
  /* Appends what changes with time to the snapshot: the picture itself, `width` x `height` logical pixels at the
   * geometry's place. NULL: what `draw` draws is kept until mg_view_redraw_picture(). */
  void (*paint)(MgView *view, GtkSnapshot *snapshot, const MgGeometry *geometry, const MgStyle *style);
  /* Draws axes and scales beside the plot area; cached until mg_view_redraw_axes(). May be NULL. */
  void (*draw_axes)(MgView *view, cairo_t *cr, const MgGeometry *geometry, const MgStyle *style);
  /* Draws the picture into a file (axes come from draw_axes). NULL: the view is not exported. */
  void (*draw)(MgView *view, cairo_t *cr, const MgGeometry *geometry, const MgStyle *style);
  /* Appends what is under the pointer to the readout: " · 1 318 Hz · −23 dB". May be NULL. */
  void (*read)(MgView *view, double seconds, double y, GString *text);
  /* Where a frequency lies on the vertical axis. NULL: the axis is of something else. */
  double (*of_hz)(MgView *view, double hz);
  double (*to_hz)(MgView *view, double y); /* and back; goes with it */
  /* The level at a place, dB; NaN where there is none. May be NULL. */
  double (*level)(MgView *view, double seconds, double y);
  /* Where time does not run across: what is at a place of the widget, as the timeline's seconds; FALSE: nothing. Such a
   * view fills the whole widget, shows cursor and pointer itself and has hands of its own. NULL: time runs across. */
  gboolean (*locate)(MgView *view, double x, double y, double *seconds);
  /* Asks for what is seen, outside of the drawing of a frame; called when that changes. May be NULL. */
  void (*want)(MgView *view, const MgGeometry *geometry, double seconds_per_pixel);
  /* Writes what keeps the picture from being whole ("Computing…", a reason) or returns NULL. g_free() it. May be NULL.
   */
  char *(*status)(MgView *view);
  /* Text for assistive technologies: "STFT, 0:00–0:12, 0–11025 Hz, n_fft 2048". g_free() it. */
  char *(*describe)(MgView *view, const char *range);
  /* What is seen, in figures: "Strongest at 0:01.250 · 440 Hz · −3 dB". g_free() it; NULL: nothing is known yet. May be
   * NULL. */
  char *(*summarise)(MgView *view, const MgGeometry *geometry);
  /* Things in the view that a hand can take: TRUE where there is one at this time and pixel. `drag` then moves it, and
   * `release` lets it go, without a drag too. All three or none. */
  gboolean (*press)(MgView *view, double seconds, double y);
  void (*drag)(MgView *view, double seconds, double y);
  void (*release)(MgView *view);
  /* A key before it means what it does everywhere. FALSE: not taken. May be NULL. */
  gboolean (*key)(MgView *view, guint key, GdkModifierType modifiers);
  /* Limits of the vertical axis. */
  void (*limits)(MgView *view, double *y0, double *y1);
  gboolean whole;     /* shows the whole track whatever is zoomed; the hand moves the visible part */
  gboolean coloured;  /* colours mean something: the selection is a bar along the top */
  double top, bottom; /* margins above and below the plot area */
};

/* The page's; a view keeps references. */
void mg_view_set_up(MgView *view, MgTimeline *timeline, MgSelection *selection, MgTools *tools);
MgTimeline *mg_view_timeline(MgView *view);
MgSelection *mg_view_selection(MgView *view);
MgTools *mg_view_tools(MgView *view);
gboolean mg_view_has_hz(MgView *view); /* its vertical axis is of frequencies */
/* The frequency, and the level (dB), at a pixel; NaN where there is none. */
double mg_view_hz_at(MgView *view, double y);
double mg_view_level_at(MgView *view, double x, double y);
/* Which part of the vertical axis is seen: 0 is its lower end, 1 its upper one. Only views with frequencies are zoomed.
 */
void mg_view_zoom(MgView *view, double *y0, double *y1);
void mg_view_set_zoom(MgView *view, double y0, double y1);
void mg_view_show_band(MgView *view, double low, double high); /* Hz */
void mg_view_redraw_axes(MgView *view);
void mg_view_redraw_picture(MgView *view); /* for views without MgViewClass.paint */
void mg_view_describe_soon(MgView *view);
/* The plot area for a widget (or a part of a figure) of this size at (x, y). */
void mg_view_geometry(MgView *view, double x, double y, double width, double height, MgGeometry *geometry);
/* Draws picture and axes, for files. */
void mg_view_draw(MgView *view, cairo_t *cr, double x, double y, double width, double height, const MgStyle *style);
/* What the pointer is over, as a line for the reader; NULL where it is over none of this view's plot area. g_free() it.
 */
char *mg_view_readout(MgView *view, MgReadout detail);
/* A place in words: its time, and what MgViewClass.read says of it. g_free() it. */
char *mg_view_place_text(MgView *view, double seconds, double y);
/* What is seen, or what it is made of, has changed: MgViewClass.want follows. */
void mg_view_want_soon(MgView *view);
/* What lies over the picture (overlays.h). */
void mg_view_set_overlays(MgView *view, MgOverlays *overlays); /* takes it over; NULL: nothing */
void mg_view_redraw_overlays(MgView *view);
/* What a view's axes are of, along the outer edges of both margins: "STFT, Hz" at the left, "dB" at the right. Either
 * may be NULL; one that the plot area is too low for is left out. For MgViewClass.draw_axes. */
void mg_view_draw_titles(cairo_t *cr, const MgGeometry *geometry, const MgStyle *style, const char *left,
                         const char *right);
const MgStyle *mg_view_style(void); /* the window's, light or dark */
