/* What the networks share that read a row as a sequence: its columns are cut into steps of equally many neighbours, the
 * last one filled up with zeros. So a row of embeddings one behind the other, step by step, is read as what it is with
 * sequence_length = their number; the columns of a table of statistics are read a few at a time. */
#pragma once
#include "ml/classifier.h"
#include "nn/tensor.h"

extern const MgParamTable mg_sequence_params; /* sequence_length */

/* (1, steps, columns a step). MG_ERROR_USAGE where there are more steps than columns. */
gboolean mg_sequence_shape(const MgClassifier *classifier, const MgParams *params, MgShape *input, GError **error);
