/* Runs side by side: a GListModel of MgComparedRun over a list of runs, read on a thread. */
#pragma once
#include "session/run-list.h"
#include "train/run-summary.h"

#define MG_TYPE_COMPARED_RUN (mg_compared_run_get_type())
G_DECLARE_FINAL_TYPE(MgComparedRun, mg_compared_run, MG, COMPARED_RUN, GObject)

const MgRunSummary *mg_compared_run_summary(MgComparedRun *run);

#define MG_TYPE_RUN_COMPARISON (mg_run_comparison_get_type())
G_DECLARE_FINAL_TYPE(MgRunComparison, mg_run_comparison, MG, RUN_COMPARISON, GObject)

/* Signal "changed": the runs, or how far evaluating is. Empty until it is refreshed. */
MgRunComparison *mg_run_comparison_new(MgRunList *list);
/* Reads on a thread what has changed in the folders since. Searches are left out. */
void mg_run_comparison_refresh(MgRunComparison *comparison);
/* MgRunSummary *, in the list's order; valid until the next "changed". */
const GPtrArray *mg_run_comparison_summaries(MgRunComparison *comparison);

/* Classifies the test sets of the runs that have a model and no test figures yet, one after another in child processes.
 */
void mg_run_comparison_evaluate(MgRunComparison *comparison);
void mg_run_comparison_stop(MgRunComparison *comparison);
guint mg_run_comparison_n_untested(MgRunComparison *comparison);
/* The name of the run that is being evaluated; NULL: none. */
const char *mg_run_comparison_evaluating(MgRunComparison *comparison);
const char *mg_run_comparison_message(MgRunComparison *comparison); /* what went wrong, or "" */
