#include "ml/metrics.h"
#include <math.h>

void
mg_confusion_add(guint *matrix, int classes, const int *truth, const int *predicted, size_t n)
{
  for (size_t i = 0; i < n; i++)
    matrix[truth[i] * classes + predicted[i]]++;
}

static double
row_sum(const guint *matrix, int classes, int label)
{
  double sum = 0;
  for (int j = 0; j < classes; j++)
    sum += matrix[label * classes + j];
  return sum;
}

static double
column_sum(const guint *matrix, int classes, int label)
{
  double sum = 0;
  for (int i = 0; i < classes; i++)
    sum += matrix[i * classes + label];
  return sum;
}

double
mg_confusion_accuracy(const guint *matrix, int classes)
{
  double correct = 0, all = 0;
  for (int i = 0; i < classes; i++) {
    correct += matrix[i * classes + i];
    all += row_sum(matrix, classes, i);
  }
  return all > 0 ? correct / all : NAN;
}

double
mg_confusion_macro_f1(const guint *matrix, int classes)
{
  double sum = 0;
  int counted = 0;
  for (int i = 0; i < classes; i++) {
    double either = row_sum(matrix, classes, i) + column_sum(matrix, classes, i);
    if (either == 0)
      continue;
    sum += 2 * matrix[i * classes + i] / either; /* 2 P R / (P + R), 0 where nothing is right */
    counted++;
  }
  return counted ? sum / counted : NAN;
}

double
mg_confusion_recall(const guint *matrix, int classes, int label)
{
  double occurs = row_sum(matrix, classes, label);
  return occurs > 0 ? matrix[label * classes + label] / occurs : NAN;
}

double
mg_confusion_precision(const guint *matrix, int classes, int label)
{
  double predicted = column_sum(matrix, classes, label);
  return predicted > 0 ? matrix[label * classes + label] / predicted : NAN;
}
