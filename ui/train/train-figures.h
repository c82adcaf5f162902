/* What the Train page shows of runs: curves of those that are checked, figures of the selected one. */
#pragma once
#include "ui/train/curve-view.h"
#include "ui/train/run-table.h"

/* Training and validation of the metric `name` for every checked run. */
void mg_train_show_curves(MgCurveView *view, MgRunTable *table, const char *name);
/* "epoch 7 of 15 · step 340 of 780 · 1:20 left · …". g_free() it. */
char *mg_train_figures(MgRun *run);
