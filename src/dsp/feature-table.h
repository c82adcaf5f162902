/* The features that the table in feature.c lists, one line each. */
#pragma once
#include "dsp/feature.h"

extern const MgFeature mg_feature_stft;
extern const MgFeature mg_feature_melspectrogram;
