/* Losses. */
#pragma once
#include <glib.h>

/* Softmax cross-entropy, mean over the batch (torch.nn.functional.cross_entropy). logits (n, classes) ->
 * probabilities (may be NULL) and dlogits (may be NULL). */
double mg_cross_entropy(const float *logits, const int *labels, int n, int classes, float *probabilities,
                        float *dlogits);
/* The same with targets (n, classes) that are shares of the classes, each class counting with its weight
 * (torch.nn.functional.cross_entropy with class probabilities and `weight`: the sum is divided by n). `weights` may be
 * NULL: all 1. dlogits is overwritten. */
double mg_cross_entropy_shares(const float *logits, const float *targets, const float *weights, int n, int classes,
                               float *dlogits);
/* Also in place. */
void mg_softmax(const float *logits, int n, int classes, float *probabilities);
