#include "ml/classifier-table.h"
#include "base/error.h"
#include "base/parallel.h"
#include "ml/svc-machine.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Support vector classification by libsvm, one class against another, as sklearn.svm.SVC. */
typedef struct {
  MgClassifier base;
  MgKernelFunction kernel;
  gboolean probability;
  MgSvcMachine machine;
  struct svm_model *model; /* of the machine */
} Svc;

static const MgParamSpec specs[] = {
    {"C", MG_PARAM_FLOAT, "1", 1e-10, 1e10, NULL, NULL, NULL, N_("Inverse strength of the L2 penalty")},
    {"kernel", MG_PARAM_CHOICE, "rbf", 0, 0, MG_KERNEL_CHOICES, NULL, NULL, N_("How alike two rows are")},
    {"gamma", MG_PARAM_TEXT, "scale", 0, 0, NULL, NULL, NULL,
     N_("Factor of the kernel: a number, scale (1 / features / variance) or auto (1 / features)")},
    {"degree", MG_PARAM_INT, "3", 1, 20, NULL, NULL, NULL, N_("Degree of the polynomial kernel")},
    {"coef0", MG_PARAM_FLOAT, "0", -1e6, 1e6, NULL, NULL, NULL, N_("What the polynomial kernel adds to a product")},
    {"probability", MG_PARAM_BOOL, "false", 0, 0, NULL, NULL, NULL,
     N_("Probabilities by Platt's scaling; without, by the votes of the pairs of classes")},
};
static const MgParamTable table = MG_PARAM_TABLE("svc", N_("Support vectors"), specs);
static const MgParamTable *const tables[] = {&table, NULL};

static double
variance_of(const MgMatrix *x)
{
  size_t n = x->rows * x->cols;
  double sum = 0, squares = 0;
  for (size_t i = 0; i < n; i++)
    sum += x->data[i];
  for (size_t i = 0; i < n; i++)
    squares += (x->data[i] - sum / (double)n) * (x->data[i] - sum / (double)n);
  return squares / (double)n;
}

static gboolean
read_gamma(Svc *self, const MgLesson *lesson, GError **error)
{
  const char *text = mg_params_text(lesson->params, "gamma");
  double features = (double)lesson->x->cols, variance = variance_of(lesson->x);
  char *end;
  if (g_str_equal(text, "scale"))
    self->kernel.gamma = 1 / (features * (variance > 0 ? variance : 1));
  else if (g_str_equal(text, "auto"))
    self->kernel.gamma = 1 / features;
  else if ((self->kernel.gamma = g_ascii_strtod(text, &end)) <= 0 || *end || !isfinite(self->kernel.gamma)) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("gamma “%s”: expected scale, auto or a number above 0"), text);
    return FALSE;
  }
  return TRUE;
}

static gboolean
fit(MgClassifier *classifier, const MgLesson *lesson, GError **error)
{
  Svc *self = (Svc *)classifier;
  self->kernel = (MgKernelFunction){.kind = mg_kernel_kind(mg_params_text(lesson->params, "kernel")),
                                    .degree = (int)mg_params_int(lesson->params, "degree"),
                                    .coef0 = mg_params_float(lesson->params, "coef0")};
  self->probability = mg_params_bool(lesson->params, "probability");
  if (!read_gamma(self, lesson, error))
    return FALSE;
  MgSvcSettings settings = {self->kernel, mg_params_float(lesson->params, "C"), self->probability};
  if (!mg_svc_machine_train(&self->machine, &settings, lesson, error))
    return FALSE;
  self->model = mg_svc_machine_model(&self->machine);
  return TRUE;
}

/* As scikit-learn's decision_function of shape "ovr": votes of the pairs, and less than half a vote for how clear they
 * were; from there to probabilities by softmax, so that the most probable class is the one that SVC predicts. */
static void
votes_to_probabilities(const double *decisions, int classes, double *probabilities)
{
  g_autofree double *confidence = g_new0(double, classes);
  memset(probabilities, 0, (size_t)classes * sizeof *probabilities);
  for (int i = 0, pair = 0; i < classes; i++)
    for (int j = i + 1; j < classes; j++, pair++) {
      probabilities[decisions[pair] > 0 ? i : j]++;
      confidence[i] += decisions[pair];
      confidence[j] -= decisions[pair];
    }
  double sum = 0;
  for (int c = 0; c < classes; c++)
    sum += probabilities[c] = exp(probabilities[c] + confidence[c] / (3 * (fabs(confidence[c]) + 1)));
  for (int c = 0; c < classes; c++)
    probabilities[c] /= sum;
}

typedef struct {
  const Svc *self;
  const float *x;
  size_t rows;
  float *probabilities;
} Query;

enum { QUERIES = 32 };

static void
predict_row(const Svc *self, const float *values, struct svm_node *nodes, double *work, float *probabilities)
{
  for (size_t i = 0; i < self->machine.n; i++)
    nodes[i].value = values[i];
  double *decisions = work + self->machine.present;
  if (self->probability) {
    svm_predict_probability(self->model, nodes, work);
  } else {
    svm_predict_values(self->model, nodes, decisions);
    votes_to_probabilities(decisions, self->machine.present, work);
  }
  memset(probabilities, 0, (size_t)self->base.classes * sizeof *probabilities);
  for (int c = 0; c < self->machine.present; c++)
    probabilities[self->model->label[c]] = (float)work[c];
}

static gboolean
predict_block(size_t index, int worker, gpointer data, GError **error)
{
  const Query *query = data;
  const Svc *self = query->self;
  size_t first = index * QUERIES, rows = MIN((size_t)QUERIES, query->rows - first), features = self->base.features;
  g_autofree float *values = g_new(float, rows * self->machine.n);
  g_autofree struct svm_node *nodes = g_new0(struct svm_node, self->machine.n);
  g_autofree double *work = g_new(double, self->machine.present + mg_svc_pairs(self->machine.present));
  mg_kernel_values(&self->kernel, query->x + first * features, rows, self->machine.vectors, self->machine.n, features,
                   values);
  for (size_t row = 0; row < rows; row++)
    predict_row(self, values + row * self->machine.n, nodes, work,
                query->probabilities + (first + row) * (size_t)self->base.classes);
  return TRUE;
}

static void
predict(const MgClassifier *classifier, const float *x, size_t rows, float *probabilities)
{
  Query query = {(const Svc *)classifier, x, rows, probabilities};
  mg_parallel_for((rows + QUERIES - 1) / QUERIES, 0, predict_block, &query, NULL, NULL);
}

static void
add_number(GHashTable *facts, const char *key, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  g_hash_table_replace(facts, g_strdup(key), g_strdup(g_ascii_dtostr(text, sizeof text, value)));
}

static void
save(const MgClassifier *classifier, GPtrArray *tensors, GHashTable *facts)
{
  const Svc *self = (const Svc *)classifier;
  mg_svc_machine_save(&self->machine, tensors);
  g_hash_table_replace(facts, g_strdup("kernel"), g_strdup(mg_kernel_name(self->kernel.kind)));
  g_hash_table_replace(facts, g_strdup("probability"), g_strdup(self->probability ? "true" : "false"));
  add_number(facts, "gamma", self->kernel.gamma);
  add_number(facts, "degree", self->kernel.degree);
  add_number(facts, "coef0", self->kernel.coef0);
}

static gboolean
read_number(GHashTable *facts, const char *key, double least, double most, double *value, GError **error)
{
  const char *text = g_hash_table_lookup(facts, key);
  char *end = NULL;
  *value = text ? g_ascii_strtod(text, &end) : 0;
  if (text && end != text && !*end && *value >= least && *value <= most)
    return TRUE;
  g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("“%s” is “%s”; a number from %g to %g was expected"), key,
              text ? text : _("absent"), least, most);
  return FALSE;
}

static gboolean
load_kernel(Svc *self, GHashTable *facts, GError **error)
{
  const char *kernel = g_hash_table_lookup(facts, "kernel");
  double degree;
  self->kernel.kind = mg_kernel_kind(kernel ? kernel : "");
  self->probability = g_strcmp0(g_hash_table_lookup(facts, "probability"), "true") == 0;
  if (self->kernel.kind == MG_KERNEL_NONE) {
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("kernel “%s”: one of %s was expected"),
                kernel ? kernel : _("absent"), MG_KERNEL_CHOICES);
    return FALSE;
  }
  if (!read_number(facts, "gamma", 0, G_MAXDOUBLE, &self->kernel.gamma, error) ||
      !read_number(facts, "coef0", -G_MAXDOUBLE, G_MAXDOUBLE, &self->kernel.coef0, error) ||
      !read_number(facts, "degree", 1, 20, &degree, error))
    return FALSE;
  self->kernel.degree = (int)degree;
  return TRUE;
}

static gboolean
load(MgClassifier *classifier, GPtrArray *tensors, GHashTable *facts, GError **error)
{
  Svc *self = (Svc *)classifier;
  if (!load_kernel(self, facts, error) ||
      !mg_svc_machine_load(&self->machine, classifier, self->probability, tensors, error))
    return FALSE;
  self->model = mg_svc_machine_model(&self->machine);
  return TRUE;
}

static void
clear(MgClassifier *classifier)
{
  Svc *self = (Svc *)classifier;
  mg_svc_model_free(self->model);
  mg_svc_machine_clear(&self->machine);
}

const MgClassifierClass mg_classifier_svc = {
    .name = "svc",
    .title = N_("Support vector machine"),
    .tables = tables,
    .size = sizeof(Svc),
    .fit = fit,
    .predict = predict,
    .save = save,
    .load = load,
    .clear = clear,
};
