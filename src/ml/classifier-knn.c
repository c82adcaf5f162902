#include "ml/classifier-table.h"
#include "base/error.h"
#include "base/parallel.h"
#include "ml/neighbours.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* The k nearest rows vote, as sklearn.neighbors.KNeighborsClassifier by Euclidean distance; of equally distant rows
 * the earlier ones count. */
typedef struct {
  MgClassifier base;
  int n_neighbors;
  gboolean by_distance;
  MgMatrix *x; /* (rows, features) */
  float *y;    /* [rows] */
  int threads; /* 0: all processors */
} Neighbors;

static const MgParamSpec specs[] = {
    {"n_neighbors", MG_PARAM_INT, "5", 1, 1000, NULL, NULL, NULL, N_("Nearest rows that vote")},
    {"weights", MG_PARAM_CHOICE, "uniform", 0, 0, "uniform|distance", NULL, NULL,
     N_("Whether every neighbour has one vote or the near ones have more")},
};
static const MgParamTable table = MG_PARAM_TABLE("knn", N_("Nearest neighbours"), specs);
static const MgParamTable *const tables[] = {&table, NULL};

static gboolean
fit(MgClassifier *classifier, const MgLesson *lesson, GError **error)
{
  Neighbors *self = (Neighbors *)classifier;
  size_t rows = lesson->x->rows;
  self->n_neighbors = (int)mg_params_int(lesson->params, "n_neighbors");
  self->by_distance = g_str_equal(mg_params_text(lesson->params, "weights"), "distance");
  self->threads = lesson->threads;
  if ((size_t)self->n_neighbors > rows) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE,
                _("n_neighbors %d: there are %zu rows to learn from; expected 1 to %zu"), self->n_neighbors, rows,
                rows);
    return FALSE;
  }
  self->x = mg_matrix_copy(lesson->x);
  self->y = g_new(float, rows);
  for (size_t row = 0; row < rows; row++)
    self->y[row] = (float)lesson->y[row];
  return mg_progress_go_on(lesson->progress, error);
}

/* Where a row is the same as a neighbour, only such neighbours have a vote by distance. */
static void
count_votes(const Neighbors *self, const guint32 *index, const float *distance, float *probabilities)
{
  double votes = 0;
  memset(probabilities, 0, (size_t)self->base.classes * sizeof *probabilities);
  for (int i = 0; i < self->n_neighbors; i++) {
    double vote = 1;
    if (self->by_distance)
      vote = distance[0] == 0 ? distance[i] == 0 : distance[0] / distance[i];
    probabilities[(int)self->y[index[i]]] += (float)vote;
    votes += vote;
  }
  for (int c = 0; c < self->base.classes; c++)
    probabilities[c] = (float)(probabilities[c] / votes);
}

static void
predict(const MgClassifier *classifier, const float *x, size_t rows, float *probabilities)
{
  const Neighbors *self = (const Neighbors *)classifier;
  size_t k = (size_t)self->n_neighbors;
  g_autofree guint32 *index = g_new(guint32, rows * k);
  g_autofree float *distance = g_new(float, rows *k);
  mg_neighbours_find(self->x, x, rows, FALSE, k, self->threads > 0 ? self->threads : mg_processors(), index, distance);
  for (size_t row = 0; row < rows; row++)
    count_votes(self, index + row * k, distance + row * k, probabilities + row * (size_t)classifier->classes);
}

static void
save(const MgClassifier *classifier, GPtrArray *tensors, GHashTable *facts)
{
  const Neighbors *self = (const Neighbors *)classifier;
  mg_classifier_store(tensors, "x", self->x->data, (int)self->x->rows, (int)classifier->features);
  mg_classifier_store(tensors, "y", self->y, 1, (int)self->x->rows);
  g_hash_table_replace(facts, g_strdup("n_neighbors"), g_strdup_printf("%d", self->n_neighbors));
  g_hash_table_replace(facts, g_strdup("weights"), g_strdup(self->by_distance ? "distance" : "uniform"));
}

static gboolean
check_loaded(Neighbors *self, GHashTable *facts, GError **error)
{
  const char *number = g_hash_table_lookup(facts, "n_neighbors"), *weights = g_hash_table_lookup(facts, "weights");
  guint64 neighbors;
  gboolean good = number && g_ascii_string_to_unsigned(number, 10, 1, MIN(self->x->rows, 1000), &neighbors, NULL) &&
                  (g_strcmp0(weights, "uniform") == 0 || g_strcmp0(weights, "distance") == 0);
  for (size_t row = 0; good && row < self->x->rows; row++)
    good = self->y[row] >= 0 && self->y[row] < self->base.classes && self->y[row] == floorf(self->y[row]);
  if (!good) {
    g_set_error(
        error, MG_ERROR, MG_ERROR_FORMAT,
        _("n_neighbors “%s”, weights “%s”, %zu rows; fewer neighbours than rows, uniform or distance, and rows of "
          "the %d classes were expected"),
        number, weights, self->x->rows, self->base.classes);
    return FALSE;
  }
  self->n_neighbors = (int)neighbors;
  self->by_distance = g_str_equal(weights, "distance");
  return TRUE;
}

static gboolean
load(MgClassifier *classifier, GPtrArray *tensors, GHashTable *facts, GError **error)
{
  Neighbors *self = (Neighbors *)classifier;
  const MgTensor *x = mg_classifier_stored(tensors, "x", -1, (int)classifier->features, error);
  const MgTensor *y = x ? mg_classifier_stored(tensors, "y", 1, x->shape[0], error) : NULL;
  self->x = y ? mg_matrix_new((size_t)x->shape[0], classifier->features, error) : NULL;
  if (!self->x)
    return FALSE;
  memcpy(self->x->data, x->data, x->n * sizeof(float));
  self->y = g_memdup2(y->data, y->n * sizeof(float));
  return check_loaded(self, facts, error);
}

static void
clear(MgClassifier *classifier)
{
  Neighbors *self = (Neighbors *)classifier;
  mg_matrix_free(self->x);
  g_free(self->y);
}

const MgClassifierClass mg_classifier_knn = {
    .name = "knn",
    .title = N_("Nearest neighbours"),
    .tables = tables,
    .size = sizeof(Neighbors),
    .fit = fit,
    .predict = predict,
    .save = save,
    .load = load,
    .clear = clear,
};
