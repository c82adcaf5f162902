#include "ml/importance.h"
#include "base/parallel.h"
#include "base/rng.h"
#include "ml/figures.h"
#include "ml/metrics.h"
#include <math.h>

typedef struct {
  const MgClassifier *classifier;
  const MgImportanceTask *task;
  double score; /* of the rows as they are */
  double *drops;
  MgMatrix **x; /* [worker]: a copy of the rows */
} Work;

static double
score_of(const MgClassifier *classifier, const MgMatrix *x, const int *y)
{
  int classes = classifier->classes;
  g_autoptr(MgMatrix) probabilities = mg_matrix_new(x->rows, (size_t)classes, NULL);
  g_autofree guint *confusion = g_new0(guint, classes * classes);
  mg_classifier_predict(classifier, x, probabilities);
  for (size_t row = 0; row < x->rows; row++) {
    int predicted = mg_most_probable(mg_matrix_row(probabilities, row), classes);
    mg_confusion_add(confusion, classes, &y[row], &predicted, 1);
  }
  return mg_confusion_macro_f1(confusion, classes);
}

/* The column is put back, so that the copy serves the next feature. */
static gboolean
permute_feature(size_t feature, int worker, gpointer data, GError **error)
{
  const Work *work = data;
  const MgImportanceTask *task = work->task;
  const MgMatrix *original = task->x;
  MgMatrix *x = work->x[worker];
  MgRng rng = mg_rng_stream(task->seed, feature);
  g_autofree guint32 *order = g_new(guint32, x->rows);
  for (int repeat = 0; repeat < task->repeats; repeat++) {
    for (guint32 row = 0; row < x->rows; row++)
      order[row] = row;
    mg_rng_shuffle(&rng, order, x->rows);
    for (size_t row = 0; row < x->rows; row++)
      mg_matrix_row(x, row)[feature] = mg_matrix_row(original, order[row])[feature];
    work->drops[feature * (size_t)task->repeats + (size_t)repeat] =
        work->score - score_of(work->classifier, x, task->y);
  }
  for (size_t row = 0; row < x->rows; row++)
    mg_matrix_row(x, row)[feature] = mg_matrix_row(original, row)[feature];
  return TRUE;
}

gboolean
mg_permutation_importance(const MgClassifier *classifier, const MgImportanceTask *task, double *drops, GError **error)
{
  g_autofree MgMatrix **x = g_new(MgMatrix *, task->threads);
  for (int i = 0; i < task->threads; i++)
    x[i] = mg_matrix_copy(task->x);
  Work work = {classifier, task, score_of(classifier, task->x, task->y), drops, x};
  gboolean good = mg_parallel_for(task->x->cols, task->threads, permute_feature, &work, task->progress, error);
  for (int i = 0; i < task->threads; i++)
    mg_matrix_free(x[i]);
  return good;
}

void
mg_mean_deviation(const double *values, size_t n, double *mean, double *deviation)
{
  double sum = 0, squares = 0;
  for (size_t i = 0; i < n; i++)
    sum += values[i];
  *mean = sum / (double)n;
  for (size_t i = 0; i < n; i++)
    squares += (values[i] - *mean) * (values[i] - *mean);
  *deviation = sqrt(squares / (double)n);
}
