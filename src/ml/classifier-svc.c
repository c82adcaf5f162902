#include "ml/classifier-table.h"
#include "base/error.h"
#include "base/parallel.h"
#include "ml/kernel-function.h"
#include <libsvm/svm.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Support vector classification by libsvm, one class against another, as sklearn.svm.SVC. libsvm gets the kernel's
 * values ready-made: products of whole blocks are many times as fast as its own of sparse rows. Where all pairs of rows
 * would not fit into memory, it computes them itself while learning. */
typedef struct {
  MgClassifier base;
  MgKernelFunction kernel;
  gboolean probability;
  int present;         /* classes that had rows */
  size_t n;            /* support vectors */
  float *vectors;      /* (n, features) */
  float *coefficients; /* (present - 1, n) */
  float *rho;          /* [pairs] */
  float *sigmoids;     /* (2, pairs), NULL without probability */
  float *labels;       /* (2, present): the class, its support vectors */
  struct svm_model *model;
} Svc;

static const size_t most_rows_of_kernel = 8192; /* 1 GiB of values */

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

static int
pairs_of(int classes)
{
  return classes * (classes - 1) / 2;
}

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
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, "gamma “%s”: expected scale, auto or a number above 0", text);
    return FALSE;
  }
  return TRUE;
}

/* The values of the kernel as libsvm's nodes. */
typedef struct {
  const Svc *self;
  const MgMatrix *x;
  struct svm_node *nodes; /* (rows, rows + 1): number of the row from 1, then its values */
} Gram;

enum { GRAM_ROWS = 64 };

/* A block of rows from the diagonal on, and its mirror image. */
static gboolean
fill_gram(size_t index, int worker, gpointer data, GError **error)
{
  Gram *gram = data;
  size_t rows = gram->x->rows, first = index * GRAM_ROWS, n = MIN((size_t)GRAM_ROWS, rows - first), cols = rows - first;
  g_autofree float *values = g_new(float, n *cols);
  const float *x = mg_matrix_row(gram->x, first);
  mg_kernel_values(&gram->self->kernel, x, n, x, cols, gram->x->cols, values);
  for (size_t i = 0; i < n; i++) {
    struct svm_node *node = gram->nodes + (first + i) * (rows + 1);
    node[0] = (struct svm_node){0, (double)(first + i + 1)};
    for (size_t j = 0; j < cols; j++)
      node[first + j + 1] = (struct svm_node){(int)(first + j + 1), values[i * cols + j]};
  }
  for (size_t j = n; j < cols; j++)
    for (size_t i = 0; i < n; i++)
      gram->nodes[(first + j) * (rows + 1) + first + i + 1] =
          (struct svm_node){(int)(first + i + 1), values[i * cols + j]};
  return TRUE;
}

/* Both lie in memory of large pages: learning jumps from row to row. */
static struct svm_node *
make_gram(const Svc *self, const MgLesson *lesson)
{
  size_t rows = lesson->x->rows;
  Gram gram = {self, lesson->x, mg_buffer_new(rows * (rows + 1) * sizeof(struct svm_node))};
  mg_parallel_for((rows + GRAM_ROWS - 1) / GRAM_ROWS, lesson->threads, fill_gram, &gram, NULL, NULL);
  return gram.nodes;
}

static struct svm_node *
make_rows(const MgMatrix *x)
{
  struct svm_node *nodes = mg_buffer_new(x->rows * (x->cols + 1) * sizeof(struct svm_node));
  for (size_t row = 0; row < x->rows; row++) {
    struct svm_node *node = nodes + row * (x->cols + 1);
    for (size_t f = 0; f < x->cols; f++)
      node[f] = (struct svm_node){(int)f + 1, mg_matrix_row(x, row)[f]};
    node[x->cols].index = -1;
  }
  return nodes;
}

static void
say_nothing(const char *text)
{
}

/* libsvm draws the folds of Platt's scaling by rand(), whose state all threads share. */
static struct svm_model *
train_alone(const struct svm_problem *problem, const struct svm_parameter *parameter, guint64 seed)
{
  static GMutex mutex;
  g_mutex_lock(&mutex);
  svm_set_print_string_function(say_nothing);
  srand((unsigned)seed);
  struct svm_model *model = svm_train(problem, parameter);
  g_mutex_unlock(&mutex);
  return model;
}

static struct svm_model *
train(const Svc *self, const MgLesson *lesson, gboolean ready_made, struct svm_node *nodes)
{
  size_t rows = lesson->x->rows, stride = (ready_made ? rows : lesson->x->cols) + 1;
  g_autofree double *y = g_new(double, rows);
  g_autofree struct svm_node **x = g_new(struct svm_node *, rows);
  for (size_t row = 0; row < rows; row++) {
    y[row] = lesson->y[row];
    x[row] = nodes + row * stride;
  }
  static const int kinds[] = {[MG_KERNEL_LINEAR] = LINEAR, [MG_KERNEL_POLY] = POLY, [MG_KERNEL_RBF] = RBF};
  struct svm_problem problem = {(int)rows, y, x};
  struct svm_parameter parameter = {.svm_type = C_SVC,
                                    .kernel_type = ready_made ? PRECOMPUTED : kinds[self->kernel.kind],
                                    .degree = self->kernel.degree,
                                    .gamma = self->kernel.gamma,
                                    .coef0 = self->kernel.coef0,
                                    .cache_size = 200,
                                    .eps = 1e-3,
                                    .C = mg_params_float(lesson->params, "C"),
                                    .shrinking = 1,
                                    .probability = self->probability};
  return train_alone(&problem, &parameter, lesson->seed);
}

static float *
to_floats(const double *values, size_t n)
{
  float *floats = g_new(float, n);
  for (size_t i = 0; i < n; i++)
    floats[i] = (float)values[i];
  return floats;
}

/* Takes what was learned out of libsvm's model, as it goes to a file. */
static void
keep(Svc *self, const struct svm_model *model, const MgMatrix *x)
{
  size_t features = x->cols, pairs = (size_t)pairs_of(model->nr_class);
  self->present = model->nr_class;
  self->n = (size_t)model->l;
  self->vectors = g_new(float, self->n *features);
  self->coefficients = g_new(float, self->n *(size_t)(self->present - 1));
  for (size_t i = 0; i < self->n; i++)
    memcpy(self->vectors + i * features, mg_matrix_row(x, (size_t)model->sv_indices[i] - 1), features * sizeof(float));
  for (int c = 0; c < self->present - 1; c++)
    for (size_t i = 0; i < self->n; i++)
      self->coefficients[(size_t)c * self->n + i] = (float)model->sv_coef[c][i];
  self->rho = to_floats(model->rho, pairs);
  if (self->probability) {
    self->sigmoids = g_new(float, 2 * pairs);
    for (size_t i = 0; i < pairs; i++) {
      self->sigmoids[i] = (float)model->probA[i];
      self->sigmoids[pairs + i] = (float)model->probB[i];
    }
  }
  self->labels = g_new(float, 2 * self->present);
  for (int c = 0; c < self->present; c++) {
    self->labels[c] = (float)model->label[c];
    self->labels[self->present + c] = (float)model->nSV[c];
  }
}

static double *
to_doubles(const float *values, size_t n)
{
  double *doubles = g_new(double, n);
  for (size_t i = 0; i < n; i++)
    doubles[i] = values[i];
  return doubles;
}

/* The model for libsvm, whose support vectors are places in a list of the kernel's values. */
static void
rebuild(Svc *self)
{
  size_t pairs = (size_t)pairs_of(self->present);
  struct svm_model *model = self->model = g_new0(struct svm_model, 1);
  model->param =
      (struct svm_parameter){.svm_type = C_SVC, .kernel_type = PRECOMPUTED, .probability = self->probability};
  model->nr_class = self->present;
  model->l = (int)self->n;
  model->SV = g_new(struct svm_node *, self->n);
  struct svm_node *places = g_new0(struct svm_node, self->n);
  for (size_t i = 0; i < self->n; i++) {
    places[i].value = (double)i;
    model->SV[i] = &places[i];
  }
  model->sv_coef = g_new(double *, self->present - 1);
  for (int c = 0; c < self->present - 1; c++)
    model->sv_coef[c] = to_doubles(self->coefficients + (size_t)c * self->n, self->n);
  model->rho = to_doubles(self->rho, pairs);
  model->probA = self->sigmoids ? to_doubles(self->sigmoids, pairs) : NULL;
  model->probB = self->sigmoids ? to_doubles(self->sigmoids + pairs, pairs) : NULL;
  model->label = g_new(int, self->present);
  model->nSV = g_new(int, self->present);
  for (int c = 0; c < self->present; c++) {
    model->label[c] = (int)self->labels[c];
    model->nSV[c] = (int)self->labels[self->present + c];
  }
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
  gboolean ready_made = lesson->x->rows <= most_rows_of_kernel;
  struct svm_node *nodes = ready_made ? make_gram(self, lesson) : make_rows(lesson->x);
  struct svm_model *model = train(self, lesson, ready_made, nodes);
  mg_buffer_free(nodes);
  keep(self, model, lesson->x);
  svm_free_and_destroy_model(&model);
  rebuild(self);
  return mg_progress_go_on(lesson->progress, error);
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
  for (size_t i = 0; i < self->n; i++)
    nodes[i].value = values[i];
  double *decisions = work + self->present;
  if (self->probability) {
    svm_predict_probability(self->model, nodes, work);
  } else {
    svm_predict_values(self->model, nodes, decisions);
    votes_to_probabilities(decisions, self->present, work);
  }
  memset(probabilities, 0, (size_t)self->base.classes * sizeof *probabilities);
  for (int c = 0; c < self->present; c++)
    probabilities[self->model->label[c]] = (float)work[c];
}

static gboolean
predict_block(size_t index, int worker, gpointer data, GError **error)
{
  const Query *query = data;
  const Svc *self = query->self;
  size_t first = index * QUERIES, rows = MIN((size_t)QUERIES, query->rows - first), features = self->base.features;
  g_autofree float *values = g_new(float, rows * self->n);
  g_autofree struct svm_node *nodes = g_new0(struct svm_node, self->n);
  g_autofree double *work = g_new(double, self->present + pairs_of(self->present));
  mg_kernel_values(&self->kernel, query->x + first * features, rows, self->vectors, self->n, features, values);
  for (size_t row = 0; row < rows; row++)
    predict_row(self, values + row * self->n, nodes, work,
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
  int pairs = pairs_of(self->present);
  mg_classifier_store(tensors, "support_vectors", self->vectors, (int)self->n, (int)classifier->features);
  mg_classifier_store(tensors, "dual_coef", self->coefficients, self->present - 1, (int)self->n);
  mg_classifier_store(tensors, "rho", self->rho, 1, pairs);
  mg_classifier_store(tensors, "labels", self->labels, 2, self->present);
  if (self->sigmoids)
    mg_classifier_store(tensors, "sigmoids", self->sigmoids, 2, pairs);
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
  g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, "“%s” is “%s”; a number from %g to %g was expected", key,
              text ? text : "absent", least, most);
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
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, "kernel “%s”: one of %s was expected", kernel ? kernel : "absent",
                MG_KERNEL_CHOICES);
    return FALSE;
  }
  if (!read_number(facts, "gamma", 0, G_MAXDOUBLE, &self->kernel.gamma, error) ||
      !read_number(facts, "coef0", -G_MAXDOUBLE, G_MAXDOUBLE, &self->kernel.coef0, error) ||
      !read_number(facts, "degree", 1, 20, &degree, error))
    return FALSE;
  self->kernel.degree = (int)degree;
  return TRUE;
}

/* Every class once, and as many support vectors as there are. */
static gboolean
check_labels(const Svc *self, GError **error)
{
  g_autofree gboolean *seen = g_new0(gboolean, self->base.classes);
  double vectors = 0;
  gboolean good = TRUE;
  for (int c = 0; good && c < self->present; c++) {
    float label = self->labels[c], n = self->labels[self->present + c];
    good = label >= 0 && label < self->base.classes && label == floorf(label) && !seen[(int)label] && n >= 0 &&
           n == floorf(n) && n <= self->n;
    if (good)
      seen[(int)label] = TRUE;
    vectors += n;
  }
  if (good && vectors == self->n)
    return TRUE;
  g_set_error(error, MG_ERROR, MG_ERROR_FORMAT,
              "classifier.labels: each of %d classes once and the %zu support vectors were expected",
              self->base.classes, self->n);
  return FALSE;
}

static float *
copy_stored(GPtrArray *tensors, const char *name, int rows, int cols, GError **error)
{
  const MgTensor *tensor = mg_classifier_stored(tensors, name, rows, cols, error);
  return tensor ? g_memdup2(tensor->data, tensor->n * sizeof(float)) : NULL;
}

static gboolean
load(MgClassifier *classifier, GPtrArray *tensors, GHashTable *facts, GError **error)
{
  Svc *self = (Svc *)classifier;
  const MgTensor *labels = mg_classifier_stored(tensors, "labels", 2, -1, error);
  const MgTensor *coefficients =
      labels ? mg_classifier_stored(tensors, "dual_coef", labels->shape[1] - 1, -1, error) : NULL;
  if (!coefficients || !load_kernel(self, facts, error))
    return FALSE;
  self->present = labels->shape[1];
  self->n = (size_t)coefficients->shape[1];
  int pairs = pairs_of(self->present), features = (int)classifier->features;
  self->labels = g_memdup2(labels->data, labels->n * sizeof(float));
  self->coefficients = g_memdup2(coefficients->data, coefficients->n * sizeof(float));
  self->vectors = copy_stored(tensors, "support_vectors", (int)self->n, features, error);
  self->rho = self->vectors ? copy_stored(tensors, "rho", 1, pairs, error) : NULL;
  if (!self->rho || (self->probability && !(self->sigmoids = copy_stored(tensors, "sigmoids", 2, pairs, error))) ||
      !check_labels(self, error))
    return FALSE;
  rebuild(self);
  return TRUE;
}

static void
free_model(struct svm_model *model)
{
  if (!model)
    return;
  g_free(model->SV[0]); /* they lie in one piece */
  g_free(model->SV);
  for (int c = 0; c < model->nr_class - 1; c++)
    g_free(model->sv_coef[c]);
  g_free(model->sv_coef);
  g_free(model->rho);
  g_free(model->probA);
  g_free(model->probB);
  g_free(model->label);
  g_free(model->nSV);
  g_free(model);
}

static void
clear(MgClassifier *classifier)
{
  Svc *self = (Svc *)classifier;
  free_model(self->model);
  g_free(self->vectors);
  g_free(self->coefficients);
  g_free(self->rho);
  g_free(self->sigmoids);
  g_free(self->labels);
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
