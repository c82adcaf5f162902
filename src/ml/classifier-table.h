/* The classifiers that there are; each is in its own file. */
#pragma once
#include "ml/classifier.h"

extern const MgClassifierClass mg_classifier_catboost;
extern const MgClassifierClass mg_classifier_cnn;
extern const MgClassifierClass mg_classifier_fcnn;
extern const MgClassifierClass mg_classifier_gradient_boosting;
extern const MgClassifierClass mg_classifier_logistic;
extern const MgClassifierClass mg_classifier_lstm;
extern const MgClassifierClass mg_classifier_svc;
extern const MgClassifierClass mg_classifier_knn;
extern const MgClassifierClass mg_classifier_random_forest;
extern const MgClassifierClass mg_classifier_xgboost;
