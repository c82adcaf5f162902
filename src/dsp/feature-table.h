/* The features that the table in feature.c lists, one line each. */
#pragma once
#include "dsp/feature.h"

extern const MgFeature mg_feature_stft;
extern const MgFeature mg_feature_phase;
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
extern const MgFeature mg_feature_onset_strength;
extern const MgFeature mg_feature_onset_detect;
extern const MgFeature mg_feature_tempogram;
extern const MgFeature mg_feature_tempo;
extern const MgFeature mg_feature_beat_track;
extern const MgFeature mg_feature_hpss_harmonic;
extern const MgFeature mg_feature_hpss_percussive;
extern const MgFeature mg_feature_harmonic;
extern const MgFeature mg_feature_percussive;
extern const MgFeature mg_feature_harmonic_power;
extern const MgFeature mg_feature_percussive_power;
extern const MgFeature mg_feature_yin;
extern const MgFeature mg_feature_pyin;
/* What beats are tracked in; not in the table. */
extern const MgFeature mg_feature_onset_strength_median;
