#include "ml/classifier-table.h"
#include "ml/lbfgs.h"
#include "nn/compute.h"
#include "nn/loss.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Multinomial logistic regression, as sklearn.linear_model.LogisticRegression: the sum of the rows' cross entropies
 * times C, and half the squared length of the weights without the biases. */
typedef struct {
  MgClassifier base;
  float *weights; /* (classes, features) */
  float *biases;  /* [classes] */
} Logistic;

static const MgParamSpec specs[] = {
    {"C", MG_PARAM_FLOAT, "1", 1e-10, 1e10, NULL, NULL, NULL, N_("Inverse strength of the L2 penalty")},
    {"max_iter", MG_PARAM_INT, "1000", 1, 1000000, NULL, NULL, NULL, N_("Steps of the solver at most")},
    {"tol", MG_PARAM_FLOAT, "1e-4", 1e-12, 1, NULL, NULL, NULL, N_("The solver stops where no gradient is larger")},
};
static const MgParamTable table = MG_PARAM_TABLE("logistic", N_("Logistic regression"), specs);
static const MgParamTable *const tables[] = {&table, NULL};

static void
predict_with(const float *weights, const float *biases, int classes, size_t features, const float *x, size_t rows,
             float *probabilities)
{
  for (size_t row = 0; row < rows; row++)
    memcpy(probabilities + row * classes, biases, classes * sizeof *biases);
  mg_compute_gemm(FALSE, TRUE, (int)rows, classes, (int)features, x, (int)features, weights, (int)features, 1,
                  probabilities, classes);
  mg_softmax(probabilities, (int)rows, classes, probabilities);
}

/* The parameters of the objective are the weights, then the biases. */
typedef struct {
  const MgLesson *lesson;
  double C;
  float *weights, *biases, *probabilities, *gradient;
} Fit;

static double
penalised_loss(const double *x, double *gradient, gpointer data)
{
  Fit *fit = data;
  const MgLesson *lesson = fit->lesson;
  size_t rows = lesson->x->rows, features = lesson->x->cols, n = features * lesson->classes;
  int classes = lesson->classes;
  for (size_t i = 0; i < n; i++)
    fit->weights[i] = (float)x[i];
  for (int c = 0; c < classes; c++)
    fit->biases[c] = (float)x[n + c];
  predict_with(fit->weights, fit->biases, classes, features, lesson->x->data, rows, fit->probabilities);
  double loss = 0;
  memset(gradient + n, 0, classes * sizeof *gradient);
  for (size_t row = 0; row < rows; row++) {
    float *p = fit->probabilities + row * classes;
    loss -= log(MAX(p[lesson->y[row]], 1e-30f));
    p[lesson->y[row]] -= 1;
    for (int c = 0; c < classes; c++)
      gradient[n + c] += fit->C * p[c];
  }
  mg_compute_gemm(TRUE, FALSE, classes, (int)features, (int)rows, fit->probabilities, classes, lesson->x->data,
                  (int)features, 0, fit->gradient, (int)features);
  double squares = 0;
  for (size_t i = 0; i < n; i++) {
    gradient[i] = fit->C * fit->gradient[i] + x[i];
    squares += x[i] * x[i];
  }
  return fit->C * loss + squares / 2;
}

static gboolean
fit(MgClassifier *classifier, const MgLesson *lesson, GError **error)
{
  Logistic *self = (Logistic *)classifier;
  size_t n = classifier->features * (size_t)classifier->classes, rows = lesson->x->rows;
  self->weights = g_new0(float, n);
  self->biases = g_new0(float, classifier->classes);
  g_autofree double *x = g_new0(double, n + (size_t)classifier->classes);
  g_autofree float *probabilities = g_new(float, rows *(size_t)classifier->classes), *gradient = g_new(float, n);
  Fit work = {lesson, mg_params_float(lesson->params, "C"), self->weights, self->biases, probabilities, gradient};
  mg_lbfgs(x, n + (size_t)classifier->classes, penalised_loss, &work, mg_params_float(lesson->params, "tol"),
           (int)mg_params_int(lesson->params, "max_iter"), lesson->progress);
  for (size_t i = 0; i < n; i++)
    self->weights[i] = (float)x[i];
  for (int c = 0; c < classifier->classes; c++)
    self->biases[c] = (float)x[n + (size_t)c];
  return mg_progress_go_on(lesson->progress, error);
}

static void
predict(const MgClassifier *classifier, const float *x, size_t rows, float *probabilities)
{
  const Logistic *self = (const Logistic *)classifier;
  predict_with(self->weights, self->biases, classifier->classes, classifier->features, x, rows, probabilities);
}

static void
save(const MgClassifier *classifier, GPtrArray *tensors, GHashTable *facts)
{
  const Logistic *self = (const Logistic *)classifier;
  mg_classifier_store(tensors, "weight", self->weights, classifier->classes, (int)classifier->features);
  mg_classifier_store(tensors, "bias", self->biases, 1, classifier->classes);
}

static gboolean
load(MgClassifier *classifier, GPtrArray *tensors, GHashTable *facts, GError **error)
{
  Logistic *self = (Logistic *)classifier;
  const MgTensor *weight =
      mg_classifier_stored(tensors, "weight", classifier->classes, (int)classifier->features, error);
  const MgTensor *bias = weight ? mg_classifier_stored(tensors, "bias", 1, classifier->classes, error) : NULL;
  if (!bias)
    return FALSE;
  self->weights = g_memdup2(weight->data, weight->n * sizeof(float));
  self->biases = g_memdup2(bias->data, bias->n * sizeof(float));
  return TRUE;
}

static void
clear(MgClassifier *classifier)
{
  Logistic *self = (Logistic *)classifier;
  g_free(self->weights);
  g_free(self->biases);
}

/* The size of the weights, over the classes. */
static void
importances(const MgClassifier *classifier, double *importance)
{
  const Logistic *self = (const Logistic *)classifier;
  double sum = 0;
  for (size_t f = 0; f < classifier->features; f++) {
    importance[f] = 0;
    for (int c = 0; c < classifier->classes; c++)
      importance[f] += fabsf(self->weights[(size_t)c * classifier->features + f]);
    sum += importance[f];
  }
  for (size_t f = 0; sum > 0 && f < classifier->features; f++)
    importance[f] /= sum;
}

const MgClassifierClass mg_classifier_logistic = {
    .name = "logistic",
    .title = N_("Logistic regression"),
    .tables = tables,
    .size = sizeof(Logistic),
    .fit = fit,
    .predict = predict,
    .save = save,
    .load = load,
    .clear = clear,
    .importances = importances,
};
