/* A pane in the page: a slim head with its name, its overlays and its menu above the view.
 *
 * Actions for what lies in it: pane.remove, pane.up, pane.down, pane.duplicate, pane.taller, pane.lower,
 * pane.overlay-NAME, pane.refresh. */
#pragma once
#include "session/analysis-store.h"
#include "session/label-track.h"
#include "session/library.h"
#include "session/pane.h"
#include "session/sound.h"
#include "session/tiles-store.h"
#include "ui/explore/views/view.h"

/* What views show. All but `sound` and `runs` are NULL where there is no file (a recording under way). */
typedef struct {
  const char *path;
  MgSound *sound;
  MgTilesStore *tiles;
  MgAnalysisStore *analyses;
  MgLabelTrack *labels;
  const char *runs; /* folder of runs */
  MgLibrary *library;
} MgPaneSources;

#define MG_TYPE_PANE_FRAME (mg_pane_frame_get_type())
G_DECLARE_FINAL_TYPE(MgPaneFrame, mg_pane_frame, MG, PANE_FRAME, AdwBin)

/* Signals: "selected" where the focus came in; "act" (const char *) with "remove", "up", "down", "taller", "lower",
 * "duplicate" or "play", and "drag" and "drop" when its handle begins and ends to be dragged; "dragged" (double: y of
 * the pointer in the frame) while its handle is dragged. */
GtkWidget *mg_pane_frame_new(MgPane *pane, MgTimeline *timeline, MgSelection *selection, MgTools *tools);
MgPane *mg_pane_frame_pane(MgPaneFrame *frame);
MgView *mg_pane_frame_view(MgPaneFrame *frame);
void mg_pane_frame_supply(MgPaneFrame *frame, const MgPaneSources *sources);
void mg_pane_frame_set_selected(MgPaneFrame *frame, gboolean selected);
/* Where the head says how far the sound of this part is ("12 %"); NULL: it is not being made. */
void mg_pane_frame_set_playing(MgPaneFrame *frame, const char *progress);
int mg_pane_frame_least(MgPaneFrame *frame); /* height, logical pixels */
