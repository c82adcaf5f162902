/* What the files of the Why? pane share: its texts (why-pane.c), what each number of a row brings (why-row.c), which
 * places decide (why-evidence.c), what would be
 * (why-change.c), what is near (why-nearest.c), what layers make of the segment (why-maps.c). */
#pragma once
#include "plot/evidence.h"
#include "session/results-explain.h"
#include "session/row-explainer.h"
#include "ui/results/why-pane.h"
#include "ui/widgets/drawing.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/work-row.h"

typedef struct {
  GtkWidget *box, *sentence, *method, *class, *problem, *picture, *strength, *sounds[3];
  MgWorkRow *working;
  MgExplainAnswer *answer;
  MgMatrix *partial; /* the map while it is being computed */
  MgMatrix *kept;    /* 0 where the brush has muted; NULL: nowhere */
  GCancellable *cancellable;
  GtkGesture *drag;        /* that moves the brush; the picture's */
  double brush_x, brush_y; /* where it is, in widget pixels; brush_x negative: nowhere */
  gboolean chosen;         /* the method, by hand */
  gboolean filling;
} MgWhyEvidence;

typedef struct {
  GtkWidget *box, *rows[4], *reset, *bars, *play, *problem; /* a row a parameter of mg_explain_change_params */
  MgExplainOutcome *outcome;
  guint pause; /* until what was changed counts */
  gboolean filling;
  GCancellable *cancellable;
} MgWhyChange;

typedef struct {
  GtkWidget *expander, *list, *problem;
  MgWorkRow *working;
  GCancellable *cancellable;
  guint waiting; /* questions without an answer yet */
} MgWhyNearest;

typedef struct {
  GtkWidget *box, *layer, *title, *picture, *problem;
  GCancellable *cancellable;
  gboolean filling;
} MgWhyMaps;

typedef struct {
  GtkWidget *box, *sentence, *picture, *problem;
  MgWorkRow *working;
  MgRowReasons *reasons; /* NULL: none yet */
  GCancellable *cancellable;
} MgWhyRow;

struct _MgWhyPane {
  AdwBin parent_instance;
  MgWorkspace *workspace;
  MgResults *results;
  MgExplainer *explainer;
  MgResultRow *row;
  MgExplanation *explanation;
  double cursor;   /* share of the segment's time under the pointer, in all pictures; negative: none */
  GtkStack *stack; /* "empty" or "segment" */
  GtkWidget *name, *place, *verdict_icon, *verdict, *bars, *vote;
  GtkWidget *actions, *play, *problem;
  MgWhyEvidence evidence;
  MgWhyChange change;
  MgWhyNearest nearest;
  MgWhyMaps maps;
  MgWhyRow numbers;
};

/* The parts. Each _new() gives its widgets, _show() asks anew about the pane's segment, or shows nothing where there is
 * none or no run, and _forget() cancels what is being computed and lets go of what was. */
GtkWidget *mg_why_evidence_new(MgWhyPane *pane);
void mg_why_evidence_show(MgWhyPane *pane);
void mg_why_evidence_forget(MgWhyPane *pane);
void mg_why_evidence_pictured(MgWhyPane *pane); /* the pane's explanation is another */
void mg_why_evidence_unmute(MgWhyPane *pane);
GtkWidget *mg_why_change_new(MgWhyPane *pane);
void mg_why_change_show(MgWhyPane *pane);
void mg_why_change_reset(MgWhyPane *pane); /* to the segment as it is */
void mg_why_change_forget(MgWhyPane *pane);
GtkWidget *mg_why_nearest_new(MgWhyPane *pane);
void mg_why_nearest_show(MgWhyPane *pane);
void mg_why_nearest_forget(MgWhyPane *pane);
GtkWidget *mg_why_maps_new(MgWhyPane *pane);
void mg_why_maps_show(MgWhyPane *pane);
void mg_why_maps_forget(MgWhyPane *pane);
GtkWidget *mg_why_row_new(MgWhyPane *pane);
void mg_why_row_show(MgWhyPane *pane);
void mg_why_row_forget(MgWhyPane *pane);

/* The pane's segment as a request; FALSE where there is none, or no model to ask. */
gboolean mg_why_request(MgWhyPane *pane, MgExplainRequest *request);
/* Cancels, and makes a new one. */
GCancellable *mg_why_restart(GCancellable **cancellable);
/* Bars of the likeliest classes, in place of those that are there; `before` (NULL: not shown) beside them. */
void mg_why_fill_bars(GtkWidget *grid, MgResultRow *row, const float *probabilities, const float *before);
/* Plays a stretch of a file, or stops where that is what sounds. */
void mg_why_sound(MgWhyPane *pane, const char *path, double start, double end);
/* The cursor in all pictures. */
void mg_why_set_cursor(MgWhyPane *pane, double share);
/* A heading, and a line that wraps. */
GtkWidget *mg_why_heading(const char *text);
GtkWidget *mg_why_line(const char *css);
/* Hidden at first; `what` names the work. */
MgWorkRow *mg_why_working(const char *what, GCallback cancel, MgWhyPane *pane);
/* The wheel scrolls the pane, and does not change the value that it happens to pass. */
void mg_why_let_wheel_pass(GtkWidget *widget);
/* An expander with a title in the pane's look. */
GtkWidget *mg_why_expander(const char *title, GtkWidget *child);
