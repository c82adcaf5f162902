/* The table of features. A feature is one file (feature-NAME.c) and one line in feature.c. */
#pragma once
#include "base/matrix.h"
#include "base/param.h"

/* What the rows of the result are. */
typedef enum {
  MG_FEATURE_PICTURE, /* (bins, frames) along `axis` */
  MG_FEATURE_CURVE,   /* (1, frames): one value a frame, in `unit`; 0 where there is none (f0 of an unvoiced frame) */
  MG_FEATURE_EVENTS,  /* (1, n): numbers of the frames at which something happens */
  MG_FEATURE_NUMBER,  /* (1, 1) */
  MG_FEATURE_SOUND    /* (1, samples) at the sound's own sample rate */
} MgFeatureKind;
typedef enum {
  MG_AXIS_HZ,
  MG_AXIS_MEL,
  MG_AXIS_INDEX,
  MG_AXIS_TIME,
  MG_AXIS_NOTE,    /* bins a fixed part of an octave apart (cqt) */
  MG_AXIS_CHROMA,  /* twelve pitch classes from C */
  MG_AXIS_TONNETZ, /* the six tonal centroid dimensions */
  MG_AXIS_TEMPO    /* lags of the tempogram, told as beats per minute */
} MgFeatureAxis;
typedef enum {
  MG_SCALE_AMPLITUDE,
  MG_SCALE_POWER,
  MG_SCALE_LINEAR
} MgFeatureScale; /* how a picture turns it into dB */

/* What a frame's values take from the whole signal; a long one is worked in stretches once that is known. */
typedef enum {
  MG_WHOLE_NOTHING = 0,
  MG_WHOLE_TOP_DB = 1 << 0, /* decibels are clipped top_db below the largest of the mel spectrogram (parameters top_db,
                               amin) */
  MG_WHOLE_TUNING = 1 << 1, /* the tuning (parameter tuning) */
  MG_WHOLE_ALL = 1 << 2     /* everything: cannot be worked in stretches */
} MgFeatureWhole;

typedef struct MgFeature MgFeature;
struct MgFeature {
  const char *name;                  /* librosa's: "stft", "melspectrogram" … */
  const char *title;                 /* N_() */
  const MgParamTable *const *tables; /* its parameters, NULL-terminated */
  MgFeatureKind kind;
  MgFeatureAxis axis; /* of a picture */
  MgFeatureScale scale;
  const char *unit; /* of a curve's or a number's values: "Hz", "BPM"; NULL: none */
  /* (bins, frames) from n samples at sr. NULL where it derives from another feature. */
  MgMatrix *(*compute)(const float *samples, size_t n, int sr, const MgParams *params, GError **error);
  gboolean repairs; /* compute() takes any sample: all that reads them is mg_stft_map_frames() and its like */
  /* A feature of a feature (tempo of onset_strength): `tables` then begin with those of `source`. */
  const MgFeature *source;
  MgMatrix *(*derive)(const MgMatrix *values, int sr, const MgParams *params, GError **error);
  /* For long signals: what a stretch's values depend on beside it, on either side, in samples (compute) or frames
   * (derive). NULL: a frame's length, or no frame. */
  size_t (*context)(int sr, const MgParams *params);
  MgFeatureWhole whole;
};

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
/* Samples from one frame to the next: hop_length, or what its auto stands for. */
size_t mg_feature_hop(const MgParams *params);
/* Times (s) of frame centres and values of bins along the axis (Hz …) for readouts. */
double mg_feature_frame_seconds(const MgParams *params, int sr, size_t frame);
