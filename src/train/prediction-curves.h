/* Curves that tell how good a table of predictions is, of any threshold, confidence or place in the track. */
#pragma once
#include "train/evaluator.h"

typedef enum {
  MG_CURVE_ROC,              /* share of the others that are taken for a class -> share of the class that is found */
  MG_CURVE_PRECISION_RECALL, /* recall -> precision */
  MG_CURVE_CALIBRATION,      /* how sure -> how often right, over all classes */
  MG_CURVE_POSITION,         /* middle of the segment, s -> accuracy */
  MG_N_CURVE_KINDS
} MgPredictionCurveKind;

typedef struct {
  char *name;              /* "rap, AUC 0.93", translated */
  double *x, *y, *weights; /* weights: rows behind a point; NULL: the points lie on a curve of all rows */
  size_t n;
  double figure; /* AUC, average precision, expected calibration error, accuracy; NaN */
} MgPredictionCurve;

const char *mg_prediction_curve_kind_name(MgPredictionCurveKind kind); /* "roc", "precision-recall" … */
/* MG_ERROR_USAGE lists them. */
gboolean mg_prediction_curve_kind_parse(const char *name, MgPredictionCurveKind *kind, GError **error);

/* MgPredictionCurve: of ROC and precision-recall one a class that occurs, the weakest `most` of them; of the others
 * one. Empty where no truth is known. */
GArray *mg_prediction_curves(const MgPredictions *predictions, MgPredictionCurveKind kind, guint most);
/* In how many equal stretches of time accuracy over position is told at most. */
#define MG_POSITION_BINS 20
