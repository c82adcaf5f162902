/* Classification metrics, as sklearn.metrics. */
#pragma once
#include <glib.h>

/* matrix[truth * classes + prediction] += 1 for n samples. */
void mg_confusion_add(guint *matrix, int classes, const int *truth, const int *predicted, size_t n);
/* NaN where nothing was counted. */
double mg_confusion_accuracy(const guint *matrix, int classes);
/* Mean of the classes' F1 (f1_score with average="macro"); a class that neither occurs nor is predicted is left out.
 * NaN where nothing was counted. */
double mg_confusion_macro_f1(const guint *matrix, int classes);
double mg_confusion_recall(const guint *matrix, int classes, int label);    /* NaN where the class does not occur */
double mg_confusion_precision(const guint *matrix, int classes, int label); /* NaN where it is never predicted */
double mg_confusion_f1(const guint *matrix, int classes, int label);        /* NaN where neither is the case */
/* Mean of a class's figure over the classes that occur or are predicted, NaN counting as 0 (average="macro"). */
double mg_confusion_macro(const guint *matrix, int classes, double (*figure)(const guint *, int, int));
