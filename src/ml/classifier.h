/* Classifiers on tables of numbers. One is a file (classifier-NAME.c) and a line in the table of classifier.c; checks,
 * commands and tests reach it through the table. */
#pragma once
#include "base/matrix.h"
#include "base/param.h"
#include "base/progress.h"
#include "nn/tensor.h"

typedef struct MgClassifier MgClassifier;

/* What a classifier learns from and how. */
typedef struct {
  const MgMatrix *x; /* (rows, features), scaled */
  const int *y;      /* class of each row, below `classes`; a class may have no row */
  int classes;
  const MgParams *params;
  int until; /* rounds to have learned then, where the class counts them; 0: all that the parameters tell */
  guint64 seed;
  int threads; /* at least 1 */
  MgProgress *progress;
} MgLesson;

typedef struct {
  const char *name;                  /* "logistic" */
  const char *title;                 /* N_() */
  const MgParamTable *const *tables; /* NULL-terminated; names are scikit-learn's, XGBoost's, CatBoost's */
  const char *rounds; /* the parameter that counts rounds of learning, which a search may cut short; NULL: none */
  size_t size;        /* of the structure, which begins with MgClassifier */
  /* Learns anew or, where it has learned from this very lesson before, goes on until later: both give the same
   * classifier. */
  gboolean (*fit)(MgClassifier *self, const MgLesson *lesson, GError **error);
  /* Probabilities (rows, classes) of x (rows, features); each row sums to 1. Any thread. */
  void (*predict)(const MgClassifier *self, const float *x, size_t rows, float *probabilities);
  /* Adds what it learned to `tensors` (MgTensor *, owned by the array) and `facts` (char * -> char *). */
  void (*save)(const MgClassifier *self, GPtrArray *tensors, GHashTable *facts);
  /* The opposite, by the tensors' names; MG_ERROR_FORMAT tells what is missing or does not fit together. */
  gboolean (*load)(MgClassifier *self, GPtrArray *tensors, GHashTable *facts, GError **error);
  void (*clear)(MgClassifier *self);
  /* importance[features], not negative, sum 1; NULL where it has none of its own, mg_classifier_kept_importances()
   * where they come out of learning. */
  void (*importances)(const MgClassifier *self, double *importance);
} MgClassifierClass;

struct MgClassifier {
  const MgClassifierClass *class;
  int classes;
  size_t features;
  float *importance; /* [features]: what mg_classifier_keep_importances() kept; else NULL */
};

const MgClassifierClass *const *mg_classifier_classes(void);                         /* NULL-terminated */
const MgClassifierClass *mg_classifier_class_find(const char *name, GError **error); /* MG_ERROR_USAGE lists them */

/* Its tables with their defaults. */
MgParams *mg_classifier_params(const MgClassifierClass *class);
/* Fits one; refuses (MG_ERROR_DATA) a lesson without rows or with fewer than two classes that have rows. */
MgClassifier *mg_classifier_fit(const MgClassifierClass *class, const MgLesson *lesson, GError **error);
/* Goes on with one whose class counts rounds, which this process has fitted by the same lesson until earlier. Where it
 * fails, the classifier is good for nothing. */
gboolean mg_classifier_go_on(MgClassifier *classifier, const MgLesson *lesson, GError **error);
/* The rounds after which the lesson ends. */
int mg_lesson_rounds(const MgLesson *lesson, const MgClassifierClass *class);
void mg_classifier_predict(const MgClassifier *classifier, const MgMatrix *x, MgMatrix *probabilities);
void mg_classifier_save(const MgClassifier *classifier, GPtrArray *tensors, GHashTable *facts);
MgClassifier *mg_classifier_load(GPtrArray *tensors, GHashTable *facts, GError **error);
void mg_classifier_free(MgClassifier *classifier); /* accepts NULL */

/* For save(): a copy of n values as a tensor of one or two dimensions. */
void mg_classifier_store(GPtrArray *tensors, const char *name, const float *values, int rows, int cols);
/* For load(): the tensor of that name, of `rows` x `cols` where these are not negative; NULL with MG_ERROR_FORMAT. */
const MgTensor *mg_classifier_stored(const GPtrArray *tensors, const char *name, int rows, int cols, GError **error);

/* For fit(): keeps each feature's share of `gain`[features], the same for all where there is none. It is saved and
 * loaded with the classifier. */
void mg_classifier_keep_importances(MgClassifier *classifier, const double *gain);
void mg_classifier_kept_importances(const MgClassifier *classifier, double *importance);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgClassifier, mg_classifier_free)
