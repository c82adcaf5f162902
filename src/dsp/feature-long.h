/* Features of long signals: worked a stretch at a time with what each stretch depends on beside it, so that hours need
 * no more memory than minutes. */
#pragma once
#include "base/spool.h"
#include "dsp/feature.h"

/* Seconds that are worked at once. */
#define MG_STRETCH_SECONDS 60.0

/* Features of one signal. A feature that others derive from is computed once for all that ask. */
typedef struct MgLongSignal MgLongSignal;

/* Refers to `samples` (one row), which has to stay. */
MgLongSignal *mg_long_signal_new(const MgSpool *samples, int sr, double stretch_seconds);
void mg_long_signal_free(MgLongSignal *signal); /* accepts NULL */
/* (bins, frames) as mg_feature_compute() gives them for the whole signal, up to rounding; mg_spool_free() it. What the
 * whole signal decides is found first: the largest energy, for decibels that are clipped below it, and the
 * tuning. */
MgSpool *mg_long_signal_feature(MgLongSignal *signal, const MgFeature *feature, const MgParams *params, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgLongSignal, mg_long_signal_free)
