/* The training of a network on the rows of a lesson. */
#pragma once
#include "ml/classifier.h"
#include "nn/network.h"

typedef struct MgNetworkTraining MgNetworkTraining;

/* `tables` are the classifier's; the lesson's parameters may lack some of their names. Refers to the network. */
MgNetworkTraining *mg_network_training_new(MgNetwork *network, const MgParamTable *const *tables,
                                           const MgLesson *lesson, GError **error);
void mg_network_training_free(MgNetworkTraining *training); /* accepts NULL */
/* Learns, or goes on, as far as the lesson says, which is the one that the training was made by. MG_ERROR_DATA where
 * the loss stops being a number; the network holds the weights of the last epoch or, where rows are held out, of the
 * best one so far. */
gboolean mg_network_training_run(MgNetworkTraining *training, const MgLesson *lesson, GError **error);
gboolean mg_network_training_is_over(const MgNetworkTraining *training); /* there is nothing to go on with */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgNetworkTraining, mg_network_training_free)
/* One row as `size` values: its features, then zeros. */
void mg_network_fill_row(const float *row, size_t features, size_t size, float *values);
