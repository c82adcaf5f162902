/* What the parts of the Explore page share. */
#pragma once
#include "session/analysis-store.h"
#include "session/arrangement.h"
#include "session/file-watch.h"
#include "session/label-track.h"
#include "session/pane.h"
#include "session/part.h"
#include "session/sound.h"
#include "session/tiles-store.h"
#include "session/timeline.h"
#include "session/workspace.h"
#include "ui/explore/pane-stack.h"

#define TYPE_PAGE (page_get_type())
G_DECLARE_FINAL_TYPE(Page, page, MG, EXPLORE_PAGE, AdwBin)

struct _Page {
  AdwBin parent;
  MgWorkspace *workspace;
  MgTimeline *timeline;
  MgSound *sound;
  MgFileWatch *watch; /* of its file; NULL: there is none */
  GtkWidget *changed_bar, *changed;
  /* Panes */
  MgPaneList *panes;
  MgPane *selected;          /* whose parameters are shown; owned, NULL: none */
  MgTilesStore *tiles;       /* of the file; NULL: there is none */
  MgAnalysisStore *analyses; /* likewise */
  MgLabelTrack *labels;      /* likewise */
  MgPaneStack *frames;
  GtkWidget *panels;   /* AdwBin with the selected pane's parameters; NULL until the window asks */
  GHashTable *by_pane; /* MgPane * -> MgParamPanel *, owned */
  MgTools *tools;
  GSimpleActionGroup *hand; /* the action hand.tool */
  GtkWidget *tool_button, *brush_bar, *brush_mute;
  char *values;         /* what the pointer was over last, in full; NULL: nothing yet */
  GtkWidget *spectrum;  /* window; weak, NULL: closed */
  GtkWidget *similar;   /* likewise */
  MgAnalysis *searched; /* onsets that are looked for; NULL: none are */
  double search_from, search_to;
  gboolean search_back;
  MgPart *saved; /* is made to be saved; NULL: none */
  GMenu *layouts;
  MgPart *part;         /* what is heard of a part of the sound, or is being made; NULL: nothing */
  MgPane *part_pane;    /* whose it is; not owned, only compared */
  guint focusing;       /* source that gives the focus to a new pane */
  guint memory;         /* idle source that remembers the panes */
  MgArrangement *noted; /* the panes as undo knows them */
  gboolean turning;     /* undo or redo is at work */
  gboolean together;    /* what changes now is one step, noted later */
  /* Frame */
  GtkStack *stack; /* "empty", "loading", "failed" or "track" */
  GtkWidget *failed, *overview, *ruler, *menu, *pane_button;
  GCancellable *opening;
  guint patience; /* until the spinner is shown */
  guint tick;
};

MgSelection *mg_page_selection(Page *page);
/* The file that is open; NULL: none, or a recording under way. */
const char *mg_page_path(Page *page);
MgView *mg_page_view(Page *page, guint i); /* of pane number i */

/* page-sound.c: files and recordings come in. */
void mg_page_set_up_sound(Page *page);
void mg_page_open_selected(Page *page);
void mg_page_close_sound(Page *page);
void mg_page_open_again(Page *page); /* the file that is open, as it is now */

/* page-file.c: the file changes, or goes, while it is open. */
GtkWidget *mg_page_new_file_bar(Page *page);
void mg_page_watch_file(Page *page); /* the one that is open now */
void mg_page_install_file_actions(GtkWidgetClass *class);

/* page-panes.c: the panes, their parameters, and what they show. */
void mg_page_set_up_panes(Page *page);
GtkWidget *mg_page_parameters(Page *page);
/* The file has changed: everything is supplied anew. */
void mg_page_change_file(Page *page);
GMenuModel *mg_page_new_pane_menu(Page *page);
void mg_page_install_pane_actions(GtkWidgetClass *class);
void mg_page_drop_panes(Page *page);

/* page-history.c: what undo takes back. */
void mg_page_set_up_history(Page *page); /* what was done to the panes before counts for nothing */
void mg_page_note_panes(Page *page);     /* after whatever may have changed them */
/* While it is so, all changes are one step: noted at the end. */
void mg_page_note_together(Page *page, gboolean together);

/* page-layouts.c: sets of panes by name. */
void mg_page_fill_layout_menu(Page *page);
void mg_page_install_layout_actions(GtkWidgetClass *class);

/* page-tools.c: what drags do, and what they left. */
GtkWidget *mg_page_new_tool_button(Page *page);
/* The selection, or what was measured; NULL: none. g_free() it. */
char *mg_page_describe_marks(Page *page, gboolean brief);
void mg_page_install_tool_actions(GtkWidgetClass *class);

/* page-labels.c: labels of places. */
void mg_page_install_label_actions(GtkWidgetClass *class);

/* page-search.c: the next place where something happens. */
void mg_page_install_search_actions(GtkWidgetClass *class);
void mg_page_drop_search(Page *page);

/* page-brush.c: regions of the picture for the ear. */
GtkWidget *mg_page_new_brush_bar(Page *page);
gboolean mg_page_play_mask(Page *page); /* FALSE: neither is a region brushed nor a band selected */
void mg_page_install_brush_actions(GtkWidgetClass *class);

/* page-part.c: a part of the sound (harmonic, percussive, what a mask leaves) for the ear. */
void mg_page_play_part(Page *page, MgPane *pane);
void mg_page_play_masked(Page *page, MgMask *mask, double start, double end);
void mg_page_find_stretch(Page *page, double *start, double *end); /* the selection, else what is seen */
void mg_page_drop_part(Page *page);

/* page-playback.c: playing, and the cursor that follows. */
void mg_page_set_up_playback(Page *page);
void mg_page_install_playback_actions(GtkWidgetClass *class);
