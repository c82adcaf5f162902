/* The training of a network on the rows of a lesson. */
#pragma once
#include "ml/classifier.h"
#include "nn/network.h"

/* `tables` are the classifier's; the lesson's parameters may lack some of their names. MG_ERROR_DATA where the loss
 * stops being a number; the network holds the weights of the last epoch or, where rows are held out, of the best one.
 */
gboolean mg_network_train(MgNetwork *network, const MgParamTable *const *tables, const MgLesson *lesson,
                          GError **error);
/* One row as `size` values: its features, then zeros. */
void mg_network_fill_row(const float *row, size_t features, size_t size, float *values);
