/* ROC, precision-recall, calibration, accuracy over the track, and the confusion matrix, as pictures of evaluated runs.
 */
#pragma once
#include <glib.h>

/* `kind` is one of mg_prediction_curve_kind_parse(), or "confusion" (of one run); `runs` (NULL-terminated) have been
 * evaluated on `split`. */
gboolean mg_quality_picture(const char *const *runs, const char *kind, const char *split, const char *out,
                            GError **error);
