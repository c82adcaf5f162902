/* What a training is worth that was started here: once it has finished it is evaluated, and the figures are told with
 * the way to its table of segments. Hidden before. */
#pragma once
#include "session/dataset-model.h"
#include "session/run.h"
#include "session/workspace.h"
#include <adwaita.h>

#define MG_TYPE_RUN_OUTCOME (mg_run_outcome_get_type())
G_DECLARE_FINAL_TYPE(MgRunOutcome, mg_run_outcome, MG, RUN_OUTCOME, AdwBin)

GtkWidget *mg_run_outcome_new(MgWorkspace *workspace, MgDatasetModel *dataset);
/* The run whose end is waited for from now on. */
void mg_run_outcome_await(MgRunOutcome *outcome, MgRun *run);
/* To be called where runs have news. */
void mg_run_outcome_follow(MgRunOutcome *outcome);
