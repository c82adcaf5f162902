/* What is said of a classifier's answers: figures from the classes' probabilities, as sklearn.metrics. */
#pragma once
#include <glib.h>

/* Answers of a classifier to rows of known classes. */
typedef struct {
  const float *probabilities; /* (rows, classes) */
  const int *truth;           /* [rows] */
  size_t rows;
  int classes;
  const guint32 *units; /* [rows]: rows of one number (a track's segments) are drawn together; NULL: row by row */
  guint64 seed;         /* of the draws */
} MgAnswers;

/* NaN where a figure says nothing. Macro means are over the classes that occur or are predicted. */
typedef struct {
  double accuracy, accuracy_low, accuracy_high; /* with its 95% confidence interval */
  double precision_macro, recall_macro, f1_macro, f1_micro;
  double auc_ovr, log_loss, ece;
} MgFigures;

MgFigures mg_figures(const MgAnswers *answers);

/* The most probable class of a row, the first of equal ones. */
int mg_most_probable(const float *probabilities, int classes);
/* roc_auc_score of one class against all others: ties count half. NaN where either side has no row. */
double mg_auc(const MgAnswers *answers, int label);
/* roc_auc_score(multi_class="ovr", average="macro") over the classes that have an AUC. */
double mg_auc_ovr(const MgAnswers *answers);
/* log_loss of float64 probabilities: kept 2^-52 away from 0 and 1, each row scaled to sum 1. */
double mg_log_loss(const MgAnswers *answers);

/* One bin of a calibration curve: rows whose confidence is above the bin before and up to this one's end. */
typedef struct {
  size_t rows;
  double mean_predicted, fraction_positive; /* of the rows; 0 where there are none */
} MgCalibrationBin;

/* calibration_curve(strategy="uniform"). label -1: how often the most probable class, whichever it is, is right. */
void mg_calibration_curve(const MgAnswers *answers, int label, MgCalibrationBin *bins, int n_bins);
/* Expected calibration error of the most probable class: mean distance of both, weighted by rows (Guo et al. 2017). */
double mg_expected_calibration_error(const MgAnswers *answers, int n_bins);

/* 95% confidence interval of the accuracy, by the percentiles of `rounds` bootstrap samples of the units. */
void mg_bootstrap_accuracy(const MgAnswers *answers, int rounds, double *low, double *high);

/* McNemar's exact test of two models on the same rows: the two-sided p of how often only one of them is right. *only_a
 * and *only_b count these rows; 1 where there are none. */
double mg_mcnemar(const int *truth, const int *predicted_a, const int *predicted_b, size_t rows, size_t *only_a,
                  size_t *only_b);
