/* The table of features. A feature is one file (feature-NAME.c) and one line in feature.c. */
#pragma once
#include "base/matrix.h"
#include "base/param.h"

typedef enum { MG_AXIS_HZ, MG_AXIS_MEL, MG_AXIS_INDEX, MG_AXIS_TIME } MgFeatureAxis;
typedef enum {
  MG_SCALE_AMPLITUDE,
  MG_SCALE_POWER,
  MG_SCALE_LINEAR
} MgFeatureScale; /* how a picture turns it into dB */

typedef struct {
  const char *name;                  /* librosa's: "stft", "melspectrogram" … */
  const char *title;                 /* N_() */
  const MgParamTable *const *tables; /* its parameters, NULL-terminated */
  MgFeatureAxis axis;
  MgFeatureScale scale;
  /* (bins, frames) from n samples at sr. */
  MgMatrix *(*compute)(const float *samples, size_t n, int sr, const MgParams *params, GError **error);
} MgFeature;

extern const MgParamTable mg_audio_params; /* sr: a number or native */
/* The sample rate that `params` ask for, 0 for native; MG_ERROR_USAGE where it is neither a number nor
 * native. */
gboolean mg_audio_params_sr(const MgParams *params, int *sr, GError **error);

const MgFeature *const *mg_features(void);                          /* NULL-terminated */
const MgFeature *mg_feature_find(const char *name, GError **error); /* MG_ERROR_USAGE lists the names */
/* mg_audio_params and the feature's tables with their defaults. */
MgParams *mg_feature_params(const MgFeature *feature);
MgMatrix *
mg_feature_compute(const MgFeature *feature, const float *samples, size_t n, int sr, const MgParams *params,
                   GError **error); /* refuses an empty signal, names a parameter that does not fit; NaN counts as 0 */
/* Times (s) of frame centres and values of bins along the axis (Hz …) for readouts. */
double mg_feature_frame_seconds(const MgParams *params, int sr, size_t frame);
