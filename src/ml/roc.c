#include "ml/roc.h"
#include <math.h>
#include <stdlib.h>

typedef struct {
  float score;
  gboolean positive;
} Scored;

static int
falling_scores(const void *a, const void *b)
{
  float one = ((const Scored *)a)->score, other = ((const Scored *)b)->score;
  return one > other ? -1 : one < other;
}

/* All rows, the most probable first. */
static Scored *
sorted_scores(const MgAnswers *answers, int label, double *positives)
{
  Scored *scored = g_new(Scored, answers->rows + 1);
  *positives = 0;
  for (size_t row = 0; row < answers->rows; row++) {
    scored[row] =
        (Scored){answers->probabilities[row * (size_t)answers->classes + (size_t)label], answers->truth[row] == label};
    *positives += scored[row].positive;
  }
  qsort(scored, answers->rows, sizeof *scored, falling_scores);
  return scored;
}

/* How many rows of either side lie above a threshold, one point for each score that occurs. */
static size_t
count_above(const Scored *scored, size_t n, double *negative, double *positive)
{
  size_t points = 0;
  double right = 0, wrong = 0;
  for (size_t i = 0; i < n; i++) {
    *(scored[i].positive ? &right : &wrong) += 1;
    if (i + 1 < n && scored[i + 1].score == scored[i].score)
      continue;
    negative[points] = wrong;
    positive[points++] = right;
  }
  return points;
}

size_t
mg_roc_curve(const MgAnswers *answers, int label, double *false_positive, double *true_positive)
{
  double positives;
  g_autofree Scored *scored = sorted_scores(answers, label, &positives);
  double negatives = (double)answers->rows - positives;
  if (!(positives > 0 && negatives > 0))
    return 0;
  false_positive[0] = true_positive[0] = 0;
  size_t n = 1 + count_above(scored, answers->rows, false_positive + 1, true_positive + 1);
  for (size_t i = 1; i < n; i++) {
    false_positive[i] /= negatives;
    true_positive[i] /= positives;
  }
  return n;
}

size_t
mg_precision_recall_curve(const MgAnswers *answers, int label, double *recall, double *precision)
{
  double positives;
  g_autofree Scored *scored = sorted_scores(answers, label, &positives);
  if (!(positives > 0))
    return 0;
  recall[0] = 0;
  precision[0] = 1;
  size_t n = 1 + count_above(scored, answers->rows, precision + 1, recall + 1);
  for (size_t i = 1; i < n; i++) {
    double right = recall[i];
    precision[i] = right / (right + precision[i]);
    recall[i] = right / positives;
  }
  return n;
}

double
mg_average_precision(const MgAnswers *answers, int label)
{
  g_autofree double *recall = g_new(double, answers->rows + 1), *precision = g_new(double, answers->rows + 1);
  size_t n = mg_precision_recall_curve(answers, label, recall, precision);
  double sum = 0;
  for (size_t i = 1; i < n; i++)
    sum += (recall[i] - recall[i - 1]) * precision[i];
  return n > 0 ? sum : NAN;
}
