#include "base/parallel.h"
#include "ml/classifier-table.h"
#include "nn/loss.h"
#include "ml/tree-builder.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Gradient boosting (Friedman, 2001) as sklearn.ensemble.GradientBoostingClassifier: in every round a regression tree a
 * class on the gradient of the multinomial deviance, whose leaves take a Newton step. */
typedef struct {
  MgClassifier base;
  MgTrees *trees; /* class by class, round by round; leaves hold what is added to a class's score */
  float *prior;   /* [classes]: scores to begin with */
  double *gain;   /* [features]: of all cuts; this and the rest are of one that has just learned */
  int rounds;
  MgRng rng;
} Boosting;

static const MgParamSpec specs[] = {
    {"n_estimators", MG_PARAM_INT, "100", 1, 100000, NULL, NULL, NULL, N_("Rounds of boosting")},
    {"learning_rate", MG_PARAM_FLOAT, "0.1", 1e-6, 10, NULL, NULL, NULL, N_("Part of a step that is taken")},
    {"max_depth", MG_PARAM_INT, "3", 1, 64, NULL, NULL, NULL, N_("Cuts from a root to a leaf at most")},
    {"subsample", MG_PARAM_FLOAT, "1", 1e-6, 1, NULL, NULL, NULL, N_("Part of the rows that a round learns from")},
};
static const MgParamTable table = MG_PARAM_TABLE("gradient-boosting", N_("Gradient boosting"), specs);
static const MgParamTable *const tables[] = {&table, NULL};

/* What one tree needs; also the data of the criterion. */
typedef struct {
  int classes;
  double learning_rate;
  double *residual; /* [rows] */
  guint32 *rows;
  double sum;
  MgTreeBuilder *builder;
  double *importance; /* [features] */
  MgTrees *tree;
} Grower;

static gboolean
enter(gpointer data, const guint32 *rows, size_t n)
{
  Grower *grower = data;
  double sum = 0, squares = 0;
  for (size_t i = 0; i < n; i++) {
    double residual = grower->residual[rows[i]];
    sum += residual;
    squares += residual * residual;
  }
  grower->sum = sum;
  return squares / (double)n - sum / (double)n * (sum / (double)n) > DBL_EPSILON;
}

/* Squared error: the parts' squared sums over their rows. */
static void
scan(gpointer data, const guint64 *keys, size_t n, size_t least, MgCut *cut)
{
  const Grower *grower = data;
  double sum = grower->sum, left = 0, before = sum * sum / (double)n, best = cut->gain + before;
  for (size_t i = 0; i + least < n; i++) {
    left += grower->residual[(guint32)keys[i]];
    if (keys[i] >> 32 == keys[i + 1] >> 32 || i + 1 < least)
      continue;
    double n_left = (double)(i + 1), n_right = (double)(n - i - 1), right = sum - left;
    double fit = (left * left * n_right + right * right * n_left) / (n_left * n_right);
    if (fit > best) {
      best = fit;
      *cut = (MgCut){fit - before, i + 1};
    }
  }
}

static guint32
leaf(gpointer data, const guint32 *rows, size_t n, GArray *values)
{
  const Grower *grower = data;
  double slope = 0, curvature = 0;
  for (size_t i = 0; i < n; i++) {
    double residual = grower->residual[rows[i]];
    slope += residual;
    curvature += fabs(residual) * (1 - fabs(residual));
  }
  double newton = curvature > 1e-150 ? (grower->classes - 1.0) / grower->classes * slope / curvature : 0;
  float step = (float)(grower->learning_rate * newton);
  g_array_append_val(values, step);
  return values->len - 1;
}

typedef struct {
  const MgLesson *lesson;
  Grower *growers;      /* [classes] */
  float *scores;        /* (rows, classes) */
  float *probabilities; /* (rows, classes) */
  guint32 *bag;         /* the rows of this round first */
  size_t bag_rows;
  int round;
} Fit;

static gboolean
grow_tree(size_t class, int worker, gpointer data, GError **error)
{
  static const MgCriterion squared_error = {enter, scan, leaf};
  const Fit *fit = data;
  const MgMatrix *x = fit->lesson->x;
  Grower *grower = &fit->growers[class];
  int classes = grower->classes;
  for (size_t row = 0; row < x->rows; row++)
    grower->residual[row] =
        (fit->lesson->y[row] == (int)class) - (double)fit->probabilities[row * (size_t)classes + class];
  memcpy(grower->rows, fit->bag, fit->bag_rows * sizeof *fit->bag);
  MgRng rng = mg_rng_stream(fit->lesson->seed, (guint64)fit->round * (guint64)classes + class);
  grower->tree = mg_trees_new(1);
  mg_tree_builder_grow(grower->builder, &squared_error, grower, grower->rows, fit->bag_rows, &rng, grower->tree,
                       grower->importance);
  const MgTreeNode *root = mg_trees_root(grower->tree, 0);
  for (size_t row = 0; row < x->rows; row++)
    fit->scores[row * (size_t)classes + class] += *mg_trees_leaf(grower->tree, root, mg_matrix_row(x, row));
  return TRUE;
}

/* The rows of a round, drawn without replacement, in ascending order so that columns are read along. */
static void
draw_bag(Fit *fit, MgRng *rng)
{
  size_t rows = fit->lesson->x->rows, wanted = fit->bag_rows, n = 0;
  for (size_t row = 0; row < rows && n < wanted; row++)
    if (wanted == rows || mg_rng_below(rng, (guint32)(rows - row)) < wanted - n)
      fit->bag[n++] = (guint32)row;
}

static gboolean
boost(Boosting *self, Fit *fit, GError **error)
{
  const MgLesson *lesson = fit->lesson;
  int rounds = mg_lesson_rounds(lesson, self->base.class), classes = lesson->classes;
  for (; self->rounds < rounds; self->rounds++) {
    mg_softmax(fit->scores, (int)lesson->x->rows, classes, fit->probabilities);
    draw_bag(fit, &self->rng);
    fit->round = self->rounds;
    if (!mg_progress_go_on(lesson->progress, error) ||
        !mg_parallel_for((size_t)classes, lesson->threads, grow_tree, fit, NULL, error))
      return FALSE;
    for (int c = 0; c < classes; c++)
      mg_trees_join(self->trees, g_steal_pointer(&fit->growers[c].tree), 0);
    mg_progress_report(lesson->progress, (self->rounds + 1.0) / rounds, NULL);
  }
  return TRUE;
}

static void
set_prior(Boosting *self, const MgLesson *lesson)
{
  size_t classes = (size_t)lesson->classes, rows = lesson->x->rows;
  self->prior = g_new0(float, classes);
  for (size_t row = 0; row < rows; row++)
    self->prior[lesson->y[row]] += 1;
  for (size_t c = 0; c < classes; c++)
    self->prior[c] = logf(MAX(self->prior[c] / (float)rows, FLT_EPSILON));
}

static void
begin(Boosting *self, const MgLesson *lesson)
{
  self->trees = mg_trees_new(1);
  self->gain = g_new0(double, lesson->x->cols);
  self->rng = mg_rng_new(lesson->seed);
  set_prior(self, lesson);
}

static Grower *
new_growers(const MgLesson *lesson, const MgColumns *columns)
{
  MgTreeLimits limits = {(int)mg_params_int(lesson->params, "max_depth"), lesson->x->cols, 1};
  Grower *growers = g_new0(Grower, lesson->classes);
  for (int c = 0; c < lesson->classes; c++)
    growers[c] = (Grower){.classes = lesson->classes,
                          .learning_rate = mg_params_float(lesson->params, "learning_rate"),
                          .residual = g_new(double, lesson->x->rows),
                          .rows = g_new(guint32, lesson->x->rows),
                          .builder = mg_tree_builder_new(columns, limits),
                          .importance = g_new0(double, lesson->x->cols)};
  return growers;
}

static void
free_growers(Grower *growers, int n)
{
  for (int i = 0; i < n; i++) {
    g_free(growers[i].residual);
    g_free(growers[i].rows);
    g_free(growers[i].importance);
    mg_tree_builder_free(growers[i].builder);
    mg_trees_free(growers[i].tree);
  }
  g_free(growers);
}

static void
sum_importances(Boosting *self, const Grower *growers)
{
  for (int c = 0; c < self->base.classes; c++)
    for (size_t f = 0; f < self->base.features; f++)
      self->gain[f] += growers[c].importance[f];
  mg_classifier_keep_importances(&self->base, self->gain);
}

/* What all trees so far say of the rows, in the order in which they grew. */
static void
add_scores(const Boosting *self, const float *x, size_t rows, float *scores)
{
  size_t classes = (size_t)self->base.classes;
  for (size_t row = 0; row < rows; row++)
    memcpy(scores + row * classes, self->prior, classes * sizeof *scores);
  for (guint tree = 0; tree < mg_trees_count(self->trees); tree++) {
    const MgTreeNode *root = mg_trees_root(self->trees, tree);
    for (size_t row = 0; row < rows; row++)
      scores[row * classes + tree % classes] += *mg_trees_leaf(self->trees, root, x + row * self->base.features);
  }
}

static gboolean
fit_classifier(MgClassifier *classifier, const MgLesson *lesson, GError **error)
{
  Boosting *self = (Boosting *)classifier;
  size_t rows = lesson->x->rows, cells = rows * (size_t)lesson->classes;
  double part = mg_params_float(lesson->params, "subsample");
  g_autoptr(MgColumns) columns = mg_columns_new(lesson->x, G_MAXUINT16 + 1, lesson->threads, lesson->progress, error);
  if (!columns)
    return FALSE;
  g_autofree float *scores = g_new(float, cells), *probabilities = g_new(float, cells);
  g_autofree guint32 *bag = g_new(guint32, rows);
  Grower *growers = new_growers(lesson, columns);
  Fit fit = {lesson, growers, scores, probabilities, bag, MAX((size_t)(part * (double)rows), 1), 0};
  if (!self->trees)
    begin(self, lesson);
  add_scores(self, lesson->x->data, rows, scores);
  gboolean good = boost(self, &fit, error);
  sum_importances(self, growers);
  free_growers(growers, lesson->classes);
  return good;
}

static void
predict(const MgClassifier *classifier, const float *x, size_t rows, float *probabilities)
{
  add_scores((const Boosting *)classifier, x, rows, probabilities);
  mg_softmax(probabilities, (int)rows, classifier->classes, probabilities);
}

static void
save(const MgClassifier *classifier, GPtrArray *tensors, GHashTable *facts)
{
  const Boosting *self = (const Boosting *)classifier;
  mg_trees_save(self->trees, tensors);
  mg_classifier_store(tensors, "prior", self->prior, 1, classifier->classes);
}

static gboolean
load(MgClassifier *classifier, GPtrArray *tensors, GHashTable *facts, GError **error)
{
  Boosting *self = (Boosting *)classifier;
  const MgTensor *prior = mg_classifier_stored(tensors, "prior", 1, classifier->classes, error);
  if (prior)
    self->trees = mg_trees_load(tensors, 1, classifier->features, error);
  if (!self->trees)
    return FALSE;
  self->prior = g_memdup2(prior->data, prior->n * sizeof(float));
  return TRUE;
}

static void
clear(MgClassifier *classifier)
{
  Boosting *self = (Boosting *)classifier;
  mg_trees_free(self->trees);
  g_free(self->prior);
  g_free(self->gain);
}

const MgClassifierClass mg_classifier_gradient_boosting = {
    .name = "gradient-boosting",
    .title = N_("Gradient boosting"),
    .tables = tables,
    .rounds = "n_estimators",
    .size = sizeof(Boosting),
    .fit = fit_classifier,
    .predict = predict,
    .save = save,
    .load = load,
    .clear = clear,
    .importances = mg_classifier_kept_importances,
};
