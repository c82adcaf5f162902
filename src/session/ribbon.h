/* What a run says of one track along time: the rows of its table of predictions that are of the track, or, where it has
 * none, those that `melograph-cli predict` makes in a child process.
 *
 * Main thread only. "changed": the segments, or what keeps them away, are different. */
#pragma once
#include "train/evaluator.h"
#include <gio/gio.h>

#define MG_TYPE_RIBBON (mg_ribbon_get_type())
G_DECLARE_FINAL_TYPE(MgRibbon, mg_ribbon, MG, RIBBON, GObject)

/* Begins at once. `run` is a run folder. */
MgRibbon *mg_ribbon_new(const char *run, const char *track);
gboolean mg_ribbon_is_of(MgRibbon *ribbon, const char *run, const char *track);
guint mg_ribbon_n_classes(MgRibbon *ribbon); /* 0 while none is known */
const char *mg_ribbon_class(MgRibbon *ribbon, guint i);
guint mg_ribbon_n(MgRibbon *ribbon);
const MgPrediction *mg_ribbon_get(MgRibbon *ribbon, guint i);       /* by time */
const MgPrediction *mg_ribbon_at(MgRibbon *ribbon, double seconds); /* NULL: no segment there */
gboolean mg_ribbon_working(MgRibbon *ribbon);                       /* it is being read or made */
const char *mg_ribbon_failure(MgRibbon *ribbon);                    /* NULL: all is well */
