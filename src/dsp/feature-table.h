/* The features that the table in feature.c lists, one line each. */
#pragma once
#include "dsp/feature.h"

extern const MgFeature mg_feature_stft;
extern const MgFeature mg_feature_melspectrogram;
extern const MgFeature mg_feature_chroma_stft;
extern const MgFeature mg_feature_chroma_cqt;
extern const MgFeature mg_feature_chroma_cens;
extern const MgFeature mg_feature_cqt;
extern const MgFeature mg_feature_tonnetz;
extern const MgFeature mg_feature_mfcc;
extern const MgFeature mg_feature_delta;
extern const MgFeature mg_feature_spectral_centroid;
extern const MgFeature mg_feature_spectral_bandwidth;
extern const MgFeature mg_feature_spectral_rolloff;
extern const MgFeature mg_feature_spectral_contrast;
extern const MgFeature mg_feature_spectral_flatness;
extern const MgFeature mg_feature_zero_crossing_rate;
extern const MgFeature mg_feature_rms;
