/* What a classifier makes of two columns of a table: the regions of the plane where it says which class, learned from
 * three quarters of the rows and tried on the rest. For teaching: learned anew, on a thread, whenever a parameter
 * changes. */
#pragma once
#include "ml/classifier.h"
#include "ml/samples.h"
#include "plot/scatter.h"
#include <gio/gio.h>

#define MG_TYPE_DECISION (mg_decision_get_type())
G_DECLARE_FINAL_TYPE(MgDecision, mg_decision, MG, DECISION, GObject)

/* Signal "changed". */
MgDecision *mg_decision_new(void);
/* Learns from columns x and y of the samples (of which it takes what it needs), as `params` say where they know a name.
 * Of requests that come while it learns only the last one is worked; samples NULL: nothing. */
void mg_decision_learn(MgDecision *decision, const MgSamples *samples, guint x, guint y, const MgClassifierClass *class,
                       const MgParams *params);
gboolean mg_decision_is_working(MgDecision *decision);
const char *mg_decision_message(MgDecision *decision); /* why the last one failed, or "" */

/* The picture: rows that were learned from as discs, others as triangles, over the regions. n is 0 while there is
 * none. Valid until the next "changed". */
const MgScatter *mg_decision_scatter(MgDecision *decision);
const char *mg_decision_row(MgDecision *decision, size_t i); /* name of a row */
double mg_decision_accuracy(MgDecision *decision,
                            gboolean learned);    /* of the rows learned from, or of the others; NaN */
double mg_decision_seconds(MgDecision *decision); /* that learning took */
