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

/* 2 P R / (P + R), 0 where nothing is right */
double
mg_confusion_f1(const guint *matrix, int classes, int label)
{
  double either = row_sum(matrix, classes, label) + column_sum(matrix, classes, label);
  return either > 0 ? 2 * matrix[label * classes + label] / either : NAN;
}

double
mg_confusion_macro(const guint *matrix, int classes, double (*figure)(const guint *, int, int))
{
  double sum = 0;
  int counted = 0;
  for (int label = 0; label < classes; label++) {
    if (row_sum(matrix, classes, label) + column_sum(matrix, classes, label) == 0)
      continue;
    double value = figure(matrix, classes, label);
    sum += isnan(value) ? 0 : value;
    counted++;
  }
  return counted ? sum / counted : NAN;
}

double
mg_confusion_macro_f1(const guint *matrix, int classes)
{
  return mg_confusion_macro(matrix, classes, mg_confusion_f1);
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
