/* Features of long signals: worked a stretch at a time with what each stretch depends on beside it, so that hours need
 * no more memory than minutes. */
#pragma once
#include "base/spool.h"
#include "dsp/feature.h"

/* Seconds that are worked at once. */
#define MG_STRETCH_SECONDS 60.0

/* The feature of `samples` (one row): (bins, frames) as mg_feature_compute() gives them for the whole signal, up to
 * rounding. What the whole signal decides is found first: the largest energy, for decibels that are clipped below it;
 * the tuning, estimated from stretches spread over a signal longer than MG_TUNING_SECONDS. */
MgSpool *mg_feature_compute_long(const MgFeature *feature, const MgSpool *samples, int sr, const MgParams *params,
                                 double stretch_seconds, GError **error);
