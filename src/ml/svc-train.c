#include "ml/svc-machine.h"
#include "base/parallel.h"
#include <stdlib.h>
#include <string.h>

/* libsvm gets the kernel's values of a pair's rows ready-made: products of whole blocks are many times as fast as its
 * own of sparse rows, and the memory of one pair is used for the next, while values of all rows would be new pages that
 * take longer to clear than to fill. Where those of a pair do not fit, libsvm computes them itself while it learns. */
static const size_t most_rows_of_kernel = 6000; /* 550 MiB of values a thread */

enum { BLOCK = 64 };

/* What one class against another gave. */
typedef struct {
  int one, other;
  double *coefficients; /* of one's rows, then of the other's; 0: no support vector */
  double rho, a, b;
} Pair;

typedef struct {
  const MgSvcSettings *settings;
  const MgLesson *lesson;
  int present, *label;
  guint32 **rows; /* of each present class */
  size_t *n;
  Pair *pairs;
  struct svm_node **nodes; /* [worker], for the largest pair */
} Task;

static void
clear_task(Task *task)
{
  for (int i = 0; task->rows && i < task->lesson->classes; i++)
    g_free(task->rows[i]);
  for (int pair = 0; task->pairs && pair < mg_svc_pairs(task->present); pair++)
    g_free(task->pairs[pair].coefficients);
  for (int i = 0; task->nodes && i < task->lesson->threads; i++)
    mg_buffer_free(task->nodes[i]);
  g_free(task->rows);
  g_free(task->n);
  g_free(task->label);
  g_free(task->pairs);
  g_free(task->nodes);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Task, clear_task)

static void
sort_by_class(Task *task)
{
  const MgLesson *lesson = task->lesson;
  task->rows = g_new0(guint32 *, lesson->classes);
  task->n = g_new0(size_t, lesson->classes);
  task->label = g_new(int, lesson->classes);
  for (int class = 0; class < lesson->classes; class ++) {
    g_autofree guint32 *rows = g_new(guint32, lesson->x->rows);
    size_t n = 0;
    for (guint32 row = 0; row < lesson->x->rows; row++)
      if (lesson->y[row] == class)
        rows[n++] = row;
    if (n == 0)
      continue;
    task->label[task->present] = class;
    task->n[task->present] = n;
    task->rows[task->present++] = g_memdup2(rows, n * sizeof *rows);
  }
}

static MgMatrix *
gather(const Task *task, const Pair *pair)
{
  const MgMatrix *x = task->lesson->x;
  size_t first = task->n[pair->one], n = first + task->n[pair->other];
  MgMatrix *rows = mg_matrix_new(n, x->cols, NULL);
  for (size_t i = 0; i < n; i++) {
    guint32 row = i < first ? task->rows[pair->one][i] : task->rows[pair->other][i - first];
    memcpy(mg_matrix_row(rows, i), mg_matrix_row(x, row), x->cols * sizeof *x->data);
  }
  return rows;
}

/* The kernel's values of all rows with all, (rows, rows + 1): the number of the row from 1, then its values. A block of
 * rows from the diagonal on, and its mirror image. */
static void
fill_kernel(const MgKernelFunction *kernel, const MgMatrix *x, struct svm_node *nodes)
{
  size_t rows = x->rows, stride = rows + 1;
  g_autofree float *values = g_new(float, BLOCK *rows);
  for (size_t first = 0; first < rows; first += BLOCK) {
    size_t n = MIN((size_t)BLOCK, rows - first), cols = rows - first;
    const float *from = mg_matrix_row(x, first);
    mg_kernel_values(kernel, from, n, from, cols, x->cols, values);
    for (size_t i = 0; i < n; i++) {
      struct svm_node *node = nodes + (first + i) * stride;
      node[0].value = (double)(first + i + 1);
      for (size_t j = 0; j < cols; j++)
        node[first + j + 1].value = values[i * cols + j];
    }
    for (size_t j = n; j < cols; j++)
      for (size_t i = 0; i < n; i++)
        nodes[(first + j) * stride + first + i + 1].value = values[i * cols + j];
  }
}

static struct svm_node *
sparse_rows(const MgMatrix *x)
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

static GMutex mutex; /* libsvm draws the folds of Platt's scaling by rand(), whose state all threads share */

static struct svm_model *
run_libsvm(const Task *task, const Pair *pair, const struct svm_problem *problem, int kernel_type)
{
  const MgSvcSettings *settings = task->settings;
  struct svm_parameter parameter = {.svm_type = C_SVC,
                                    .kernel_type = kernel_type,
                                    .degree = settings->kernel.degree,
                                    .gamma = settings->kernel.gamma,
                                    .coef0 = settings->kernel.coef0,
                                    .cache_size = 200,
                                    .eps = 1e-3,
                                    .C = settings->C,
                                    .shrinking = 1,
                                    .probability = settings->probability};
  if (!settings->probability)
    return svm_train(problem, &parameter);
  g_mutex_lock(&mutex);
  srand((unsigned)task->lesson->seed + (unsigned)(pair - task->pairs));
  struct svm_model *model = svm_train(problem, &parameter);
  g_mutex_unlock(&mutex);
  return model;
}

static void
keep(Pair *pair, const struct svm_model *model, size_t rows)
{
  pair->coefficients = g_new0(double, rows);
  for (int i = 0; i < model->l; i++)
    pair->coefficients[model->sv_indices[i] - 1] = model->sv_coef[0][i];
  pair->rho = model->rho[0];
  pair->a = model->probA ? model->probA[0] : 0;
  pair->b = model->probB ? model->probB[0] : 0;
}

static gboolean
train_pair(size_t index, int worker, gpointer data, GError **error)
{
  static const int kinds[] = {[MG_KERNEL_LINEAR] = LINEAR, [MG_KERNEL_POLY] = POLY, [MG_KERNEL_RBF] = RBF};
  Task *task = data;
  Pair *pair = &task->pairs[index];
  const MgKernelFunction *kernel = &task->settings->kernel;
  g_autoptr(MgMatrix) x = gather(task, pair);
  gboolean ready_made = x->rows <= most_rows_of_kernel;
  struct svm_node *sparse = ready_made ? NULL : sparse_rows(x), *nodes = ready_made ? task->nodes[worker] : sparse;
  if (ready_made)
    fill_kernel(kernel, x, nodes);
  g_autofree double *y = g_new(double, x->rows);
  g_autofree struct svm_node **places = g_new(struct svm_node *, x->rows);
  for (size_t i = 0; i < x->rows; i++) {
    y[i] = i < task->n[pair->one] ? 1 : -1;
    places[i] = nodes + i * ((ready_made ? x->rows : x->cols) + 1);
  }
  struct svm_problem problem = {(int)x->rows, y, places};
  struct svm_model *model = run_libsvm(task, pair, &problem, ready_made ? PRECOMPUTED : kinds[kernel->kind]);
  keep(pair, model, x->rows);
  svm_free_and_destroy_model(&model);
  mg_buffer_free(sparse);
  return TRUE;
}

/* The pairs in libsvm's order, and room for the largest one whose kernel is made ready. */
static int
list_pairs(Task *task)
{
  size_t most = 0;
  int n = 0;
  task->pairs = g_new0(Pair, mg_svc_pairs(task->present));
  for (int one = 0; one < task->present; one++)
    for (int other = one + 1; other < task->present; other++) {
      size_t rows = task->n[one] + task->n[other];
      task->pairs[n++] = (Pair){.one = one, .other = other};
      most = rows <= most_rows_of_kernel ? MAX(most, rows) : most;
    }
  int threads = task->settings->probability ? 1 : MIN(task->lesson->threads, n);
  task->nodes = g_new0(struct svm_node *, task->lesson->threads);
  for (int i = 0; i < threads; i++)
    task->nodes[i] = mg_buffer_new(MAX(most * (most + 1), 1) * sizeof(struct svm_node));
  return threads;
}

/* Joining the pairs */

/* Place of a class's row among a pair's coefficients. */
static double
coefficient_of(const Task *task, const Pair *pair, int class, size_t row)
{
  return pair->coefficients[class == pair->one ? row : task->n[pair->one] + row];
}

/* Of a class's row against every other class; TRUE where one of them is not 0. */
static gboolean
coefficients_of(const Task *task, int class, size_t row, double *coefficients)
{
  gboolean any = FALSE;
  for (int i = 0; i < mg_svc_pairs(task->present); i++) {
    const Pair *pair = &task->pairs[i];
    if (pair->one != class && pair->other != class)
      continue;
    double value = coefficient_of(task, pair, class, row);
    coefficients[pair->one == class ? pair->other - 1 : pair->one] = value;
    any |= value != 0;
  }
  return any;
}

static void
join_vectors(MgSvcMachine *machine, const Task *task)
{
  const MgMatrix *x = task->lesson->x;
  size_t others = (size_t)task->present - 1;
  g_autoptr(GArray) vectors = g_array_new(FALSE, FALSE, (guint)(x->cols * sizeof(float))),
                    columns = g_array_new(FALSE, FALSE, (guint)(others * sizeof(double)));
  g_autofree double *coefficients = g_new(double, others);
  for (int class = 0; class < task->present; class ++) {
    machine->labels[class] = (float)task->label[class];
    for (size_t i = 0; i < task->n[class]; i++)
      if (coefficients_of(task, class, i, coefficients)) {
        g_array_append_vals(vectors, mg_matrix_row(x, task->rows[class][i]), 1);
        g_array_append_vals(columns, coefficients, 1);
        machine->labels[task->present + class]++;
      }
  }
  machine->n = vectors->len;
  machine->vectors = g_memdup2(vectors->data, machine->n * x->cols * sizeof(float));
  machine->coefficients = g_new(float, machine->n *others);
  for (size_t c = 0; c < others; c++)
    for (size_t i = 0; i < machine->n; i++)
      machine->coefficients[c * machine->n + i] = (float)((const double *)(gconstpointer)columns->data)[i * others + c];
}

static void
join_pairs(MgSvcMachine *machine, const Task *task)
{
  size_t pairs = (size_t)mg_svc_pairs(task->present);
  machine->present = task->present;
  machine->features = task->lesson->x->cols;
  machine->labels = g_new0(float, 2 * task->present);
  machine->rho = g_new(float, pairs);
  machine->sigmoids = task->settings->probability ? g_new(float, 2 * pairs) : NULL;
  for (size_t i = 0; i < pairs; i++) {
    machine->rho[i] = (float)task->pairs[i].rho;
    if (!machine->sigmoids)
      continue;
    machine->sigmoids[i] = (float)task->pairs[i].a;
    machine->sigmoids[pairs + i] = (float)task->pairs[i].b;
  }
  join_vectors(machine, task);
}

gboolean
mg_svc_machine_train(MgSvcMachine *machine, const MgSvcSettings *settings, const MgLesson *lesson, GError **error)
{
  g_auto(Task) task = {.settings = settings, .lesson = lesson};
  sort_by_class(&task);
  int threads = list_pairs(&task);
  g_mutex_lock(&mutex);
  svm_set_print_string_function(say_nothing);
  g_mutex_unlock(&mutex);
  if (!mg_parallel_for((size_t)mg_svc_pairs(task.present), threads, train_pair, &task, lesson->progress, error))
    return FALSE;
  join_pairs(machine, &task);
  return TRUE;
}
