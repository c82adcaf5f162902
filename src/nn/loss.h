/* Losses. */
#pragma once
#include <glib.h>

/* Softmax cross-entropy, mean over the batch (torch.nn.functional.cross_entropy). logits (n, classes) ->
 * probabilities (may be NULL) and dlogits (may be NULL). */
double mg_cross_entropy(const float *logits, const int *labels, int n, int classes, float *probabilities,
                        float *dlogits);
void mg_softmax(const float *logits, int n, int classes, float *probabilities);
