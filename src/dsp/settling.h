/* What a whole signal decides for the frames of a feature (MG_WHOLE_TOP_DB, MG_WHOLE_TUNING), found stretch by stretch:
 * with it as parameters, a stretch by itself gives the values that it has in the whole signal. */
#pragma once
#include "dsp/feature.h"

typedef struct MgSettling MgSettling;

/* FALSE: nothing, be it that the feature depends on nothing or that the parameters tell it. */
gboolean mg_settling_needed(const MgFeature *feature, const MgParams *params);
/* `params` are copied. */
MgSettling *mg_settling_new(const MgFeature *feature, const MgParams *params, int sr, GError **error);
size_t mg_settling_unit(const MgSettling *settling);   /* stretches begin and end at multiples of so many samples */
size_t mg_settling_margin(const MgSettling *settling); /* samples that a stretch needs on either side; whole units */
/* Adds a stretch of a signal: n samples, the first `before` of which, and what follows the `counted` ones after them
 * (G_MAXSIZE: all), are margin. */
gboolean mg_settling_add(MgSettling *settling, const float *samples, size_t n, size_t before, size_t counted,
                         GError **error);
/* Puts what was found into parameters of the feature. */
void mg_settling_finish(const MgSettling *settling, MgParams *params);
void mg_settling_free(MgSettling *settling); /* accepts NULL */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgSettling, mg_settling_free)
