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
