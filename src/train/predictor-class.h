/* The kinds of trained models, for predictor.c alone. */
#pragma once
#include "train/predictor.h"

extern const MgPredictorClass mg_predictor_network, mg_predictor_table;
