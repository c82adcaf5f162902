/* A run as what classifies: for whoever evaluates one, or two against each other. */
#pragma once
#include "train/predictor.h"
#include "train/run-config.h"

/* The model of a run's checkpoint ("best" or "last"). */
MgPredictor *mg_run_predictor(const char *run, const char *checkpoint, int threads, GError **error);
/* The segments of a run's tracks, on the sides where the run had them. */
GArray *mg_run_segments(const MgPredictor *predictor, const MgRunConfig *config, const MgManifest *manifest);
/* What the model says of one side of any segments (MgSegment) whose tracks have its classes. */
MgPredictions *mg_evaluate_segments(MgPredictor *predictor, const MgRunConfig *config, const char *run,
                                    const MgManifest *manifest, const GArray *segments, MgSplit split,
                                    MgProgress *progress, GError **error);
