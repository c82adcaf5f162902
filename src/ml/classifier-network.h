/* What the networks among the classifiers share: training by nn/fit over the rows of a table, files, answers. */
#pragma once
#include "ml/network-training.h"

typedef struct {
  MgClassifier base;
  MgNetwork *network;
  MgNetworkTraining *training; /* to go on with; NULL: it is over, or was another process's */
  GMutex lock;                 /* a network answers one thread at a time */
} MgNetworkClassifier;

/* epochs batch_size learning_rate early_stop validation_fraction; then those of nn/fit and what belongs to it. */
extern const MgParamTable mg_network_classifier_params;
#define MG_NETWORK_CLASSIFIER_TABLES                                                                                   \
  &mg_network_classifier_params, &mg_fit_params, &mg_optimizer_params, &mg_schedule_params, NULL

/* Trains a network of that description, or goes on. A row fills the network's input value by value, which has room for
 * all its columns; what is left over is 0. With early_stop or schedule=on-plateau some rows of each class are held out,
 * and the weights of the best epoch are kept. */
gboolean mg_network_classifier_fit(MgNetworkClassifier *self, const char *description, MgShape input,
                                   const MgLesson *lesson, GError **error);
/* For the class: everything but fit(). */
void mg_network_classifier_predict(const MgClassifier *classifier, const float *x, size_t rows, float *probabilities);
void mg_network_classifier_save(const MgClassifier *classifier, GPtrArray *tensors, GHashTable *facts);
gboolean mg_network_classifier_load(MgClassifier *classifier, GPtrArray *tensors, GHashTable *facts, GError **error);
void mg_network_classifier_clear(MgClassifier *classifier);
#define MG_NETWORK_CLASSIFIER_CLASS                                                                                    \
  .rounds = "epochs", .size = sizeof(MgNetworkClassifier), .predict = mg_network_classifier_predict,                   \
  .save = mg_network_classifier_save, .load = mg_network_classifier_load, .clear = mg_network_classifier_clear
