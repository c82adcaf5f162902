/* The picture of a feature, as `feature` writes it into a file. */
#pragma once
#include "base/param.h"
#include "dsp/feature.h"

extern const MgParamTable mg_picture_params; /* colormap scale */

/* Draws into a .png, .svg or .pdf. `params` are the feature's with mg_decibel_params and mg_picture_params; the values
 * of the matrix become decibels where the feature has any. The sound lasts `seconds`. One number has no picture. */
gboolean mg_feature_picture(const char *path, const char *title, const MgFeature *feature, MgMatrix *matrix, int sr,
                            const MgParams *params, double seconds, GError **error);
