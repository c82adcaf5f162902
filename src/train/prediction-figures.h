/* The figures of a table of predictions. */
#pragma once
#include "ml/figures.h"
#include "train/evaluator.h"

/* Of the rows whose class is known; intervals by drawing tracks. */
MgFigures mg_predictions_figures(const MgPredictions *predictions);
