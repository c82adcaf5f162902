/* Curves over all thresholds of one class against all others, as sklearn.metrics draws them. */
#pragma once
#include "ml/figures.h"

/* roc_curve(drop_intermediate=False): from (0, 0) to (1, 1). The arrays have room for rows + 1; the result is how many
 * points there are, 0 where either side has no row. */
size_t mg_roc_curve(const MgAnswers *answers, int label, double *false_positive, double *true_positive);
/* precision_recall_curve, with rising recall: from recall 0 with precision 1. Room for rows + 1; 0 where the class does
 * not occur. */
size_t mg_precision_recall_curve(const MgAnswers *answers, int label, double *recall, double *precision);
/* average_precision_score; NaN where the class does not occur. */
double mg_average_precision(const MgAnswers *answers, int label);
