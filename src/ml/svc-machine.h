/* Support vectors that part one class from another, for every pair of classes: what classifier-svc.c keeps. */
#pragma once
#include "ml/classifier.h"
#include "ml/kernel-function.h"
#include <libsvm/svm.h>

typedef struct {
  int present;         /* classes that had rows */
  size_t n, features;  /* support vectors, class by class */
  float *vectors;      /* (n, features) */
  float *coefficients; /* (present - 1, n): of a class's vectors against each other class */
  float *rho;          /* [pairs] */
  float *sigmoids;     /* (2, pairs): Platt's a and b; NULL without probability */
  float *labels;       /* (2, present): the class, its support vectors */
} MgSvcMachine;

typedef struct {
  MgKernelFunction kernel;
  double C;
  gboolean probability;
} MgSvcSettings;

static inline int
mg_svc_pairs(int classes)
{
  return classes * (classes - 1) / 2;
}

/* Every pair of classes by libsvm, several at a time. */
gboolean mg_svc_machine_train(MgSvcMachine *machine, const MgSvcSettings *settings, const MgLesson *lesson,
                              GError **error);
void mg_svc_machine_clear(MgSvcMachine *machine);

/* As tensors support_vectors, dual_coef, rho, labels and, where there are any, sigmoids. */
void mg_svc_machine_save(const MgSvcMachine *machine, GPtrArray *tensors);
gboolean mg_svc_machine_load(MgSvcMachine *machine, const MgClassifier *classifier, gboolean probability,
                             const GPtrArray *tensors, GError **error);

/* For svm_predict_values(): the kernel's values of a row with each support vector come ready-made, as the values of n
 * nodes. */
struct svm_model *mg_svc_machine_model(const MgSvcMachine *machine);
void mg_svc_model_free(struct svm_model *model); /* accepts NULL */
