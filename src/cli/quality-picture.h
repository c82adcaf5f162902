/* ROC, precision-recall, calibration and accuracy over the track, as pictures of evaluated runs. */
#pragma once
#include <glib.h>

/* `kind` is one of mg_prediction_curve_kind_parse(); `runs` (NULL-terminated) have been evaluated on `split`. */
gboolean mg_quality_picture(const char *const *runs, const char *kind, const char *split, const char *out,
                            GError **error);
