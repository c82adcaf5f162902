#include "nn/loss.h"
#include <math.h>

/* log(sum(exp(row))) without overflow. */
static double
log_sum_exp(const float *row, int n)
{
  float largest = row[0];
  for (int i = 1; i < n; i++)
    largest = MAX(largest, row[i]);
  double sum = 0;
  for (int i = 0; i < n; i++)
    sum += exp((double)row[i] - largest);
  return largest + log(sum);
}

void
mg_softmax(const float *logits, int n, int classes, float *probabilities)
{
  for (int s = 0; s < n; s++, logits += classes, probabilities += classes) {
    double total = log_sum_exp(logits, classes);
    for (int c = 0; c < classes; c++)
      probabilities[c] = exp(logits[c] - total);
  }
}

double
mg_cross_entropy(const float *logits, const int *labels, int n, int classes, float *probabilities, float *dlogits)
{
  double loss = 0;
  for (int s = 0; s < n; s++) {
    const float *row = logits + (size_t)s * classes;
    double total = log_sum_exp(row, classes);
    loss += total - row[labels[s]];
    for (int c = 0; c < classes; c++) {
      double p = exp(row[c] - total);
      if (probabilities)
        probabilities[(size_t)s * classes + c] = p;
      if (dlogits)
        dlogits[(size_t)s * classes + c] = (p - (c == labels[s])) / n;
    }
  }
  return loss / n;
}

double
mg_cross_entropy_shares(const float *logits, const float *targets, const float *weights, int n, int classes,
                        float *dlogits)
{
  double loss = 0;
  for (int s = 0; s < n; s++, logits += classes, targets += classes, dlogits += classes) {
    double total = log_sum_exp(logits, classes), sum = 0;
    for (int c = 0; c < classes; c++) {
      double share = targets[c] * (weights ? weights[c] : 1);
      sum += share;
      loss += share * (total - logits[c]);
    }
    for (int c = 0; c < classes; c++)
      dlogits[c] = (sum * exp(logits[c] - total) - targets[c] * (weights ? weights[c] : 1)) / n;
  }
  return loss / n;
}
