/* What the files of the hand's habits share. */
#pragma once
#include "ui/explore/views/view.h"

typedef struct MgGrip MgGrip;

typedef struct {
  MgView *view; /* owns this */
  MgTimeline *timeline;
  MgSelection *selection;
  MgTools *tools;
  gboolean whole;
  gboolean actions_alone; /* the view has hands of its own for the rest */
  double x, y;            /* the pointer */
  double pinch_length;    /* visible seconds when the pinch began */
  double anchor;          /* s, where a selection by keys began */
  /* A drag, in the view's pixels */
  const MgGrip *grip;
  gboolean dragging;
  double from_x, from_y, to_x, to_y;
  MgGeometry grabbed;            /* when it began */
  double grabbed_y0, grabbed_y1; /* mg_view_zoom() then */
} MgHands;

/* What a drag does. */
struct MgGrip {
  void (*begin)(MgHands *hands); /* NULL: nothing yet */
  void (*move)(MgHands *hands);
  void (*end)(MgHands *hands);   /* after a drag; NULL: nothing more */
  void (*click)(MgHands *hands); /* what was no drag */
};

double mg_hands_seconds(MgHands *hands, double x); /* kept to the track */
void mg_hands_geometry(MgHands *hands, MgGeometry *geometry);
void mg_hands_clear_selection(MgHands *hands);
/* Measures or brushes what is selected. */
void mg_hands_use_tool(MgHands *hands);
/* Drags with the first and the middle button. */
void mg_hands_add_grips(MgHands *hands);
