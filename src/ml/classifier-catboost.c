#include "base/error.h"
#include "base/parallel.h"
#include "ml/classifier-table.h"
#include "ml/ordered-fold.h"
#include "nn/loss.h"
#include "ml/symmetric-split.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Boosting of symmetric trees in CatBoost's way (Prokhorenkova et al., 2018; Dorogush et al., 2018): every level of a
 * tree asks the same of all its leaves; one tree a round for all classes, softmax over them. The ordered kind judges
 * cuts on rows that come after those which the leaves learned from; the plain one, CatBoost's choice for several
 * classes as well, takes a third of the time. The defaults are those that do well on GTZAN's tables. */
typedef struct {
  gint32 feature; /* below 0: no further level */
  float threshold;
} Level;

typedef struct {
  MgClassifier base;
  int rounds, depth;
  Level *levels; /* (rounds, depth) */
  float *steps;  /* (rounds, 2^depth, classes): what a leaf adds to the scores */
  double *gain;  /* [features]: of all levels; this and the next are of one that has just learned */
  MgRng rng;
} Symmetric;

static const MgParamSpec specs[] = {
    {"iterations", MG_PARAM_INT, "1000", 1, 100000, NULL, NULL, NULL, N_("Rounds of boosting")},
    {"depth", MG_PARAM_INT, "6", 1, 12, NULL, NULL, NULL, N_("Levels of a tree")},
    {"learning_rate", MG_PARAM_FLOAT, "0.15", 1e-6, 10, NULL, NULL, NULL, N_("Part of a step that is taken")},
    {"l2_leaf_reg", MG_PARAM_FLOAT, "1", 0, 1e6, NULL, NULL, NULL, N_("Strength of the L2 penalty on leaves")},
    {"bagging_temperature", MG_PARAM_FLOAT, "1", 0, 100, NULL, NULL, NULL,
     N_("How much the rows' random weights differ; 0: not at all")},
    {"random_strength", MG_PARAM_FLOAT, "1", 0, 1000, NULL, NULL, NULL,
     N_("How much chance decides between cuts at first")},
    {"boosting_type", MG_PARAM_CHOICE, "plain", 0, 0, "plain|ordered", NULL, NULL,
     N_("Whether cuts are judged by the rows that the leaves learned from, or by those that come after them")},
};
static const MgParamTable table = MG_PARAM_TABLE("catboost", N_("Symmetric boosting (as CatBoost)"), specs);
static const MgParamTable *const tables[] = {&table, NULL};

enum { ORDERS = 3, CODES = 255 }; /* CatBoost's: permutations to choose cuts by; values between 254 borders */

typedef struct {
  const MgLesson *lesson;
  const MgColumns *columns;
  MgOrderedFold *folds[ORDERS + 1]; /* the last one is of all rows and gives the leaves' steps */
  int orders;                       /* before it: ORDERS, or none */
  MgSplitSearch *search;
  MgSplit *splits; /* [features] */
  float *weight;   /* [rows] */
  guint16 *leaf;   /* [rows] */
  double *importance;
  double learning_rate, l2, temperature, strength;
  guint leaves; /* of the present tree */
  MgRng rng;
} Fit;

/* The Bayesian bootstrap: weights of an exponential distribution, to the power of the temperature. */
static void
weigh_rows(Fit *fit)
{
  for (size_t row = 0; row < fit->lesson->x->rows; row++)
    fit->weight[row] =
        fit->temperature > 0 ? powf(-logf(1 - mg_rng_uniform(&fit->rng) + 1e-30f), (float)fit->temperature) : 1;
}

/* Deviation of what chance adds to a score: the root mean squared gradient of the rows that judge, less and less as the
 * model grows. */
static double
chance_of(const Fit *fit, const MgOrderedFold *fold, int round)
{
  double squares = 0, length = round * fit->learning_rate, left = (double)fold->rows * exp(-length);
  size_t classes = (size_t)fold->classes, n = 0;
  for (guint s = 0; s < fold->n; s++) {
    const MgSegment *segment = &fold->segments[s];
    size_t first = mg_segment_tail(segment);
    for (size_t i = first * classes; i < segment->tail * classes; i++)
      squares += segment->gradient[i] * segment->gradient[i];
    n += segment->tail - first;
  }
  return fit->strength * sqrt(squares / (double)MAX(n, 1)) * left / (1 + left);
}

/* The best feature by score and chance; features where there is none. */
static size_t
choose_feature(Fit *fit, double chance)
{
  size_t features = fit->lesson->x->cols, best = features;
  double most = -INFINITY;
  for (size_t f = 0; f < features; f++) {
    double score = fit->splits[f].score + chance * mg_rng_normal(&fit->rng);
    if (score > most) {
      most = score;
      best = f;
    }
  }
  return best;
}

/* Finds a tree's levels; returns how many. The rows' leaves are those of the tree then. */
static int
grow_tree(Fit *fit, const MgOrderedFold *fold, int depth, double chance, Level *levels)
{
  size_t rows = fit->lesson->x->rows, features = fit->lesson->x->cols;
  double before = 0;
  memset(fit->leaf, 0, rows * sizeof *fit->leaf);
  fit->leaves = 1;
  for (int level = 0; level < depth; level++) {
    mg_split_search_run(fit->search, fold, fit->weight, fit->leaf, fit->leaves, fit->splits);
    size_t feature = choose_feature(fit, chance);
    if (feature == features)
      return level;
    guint32 code = fit->splits[feature].code;
    const guint16 *codes = fit->columns->codes + feature * rows;
    levels[level] = (Level){(gint32)feature, mg_columns_threshold(fit->columns, feature, code, code + 1)};
    for (size_t row = 0; row < rows; row++)
      fit->leaf[row] |= (guint16)((codes[row] > code) << level);
    fit->importance[feature] += MAX(fit->splits[feature].score - before, 0);
    before = fit->splits[feature].score;
    fit->leaves *= 2;
  }
  return depth;
}

typedef struct {
  const Fit *fit;
  float *steps;
} Update;

static gboolean
update_fold(size_t index, int worker, gpointer data, GError **error)
{
  const Update *update = data;
  const Fit *fit = update->fit;
  mg_ordered_fold_add(fit->folds[index], fit->lesson->y, fit->leaf, fit->leaves, fit->learning_rate, fit->l2,
                      index == (size_t)fit->orders ? update->steps : NULL);
  return TRUE;
}

static gboolean
boost(Symmetric *self, Fit *fit, GError **error)
{
  const MgLesson *lesson = fit->lesson;
  size_t tree_steps = ((size_t)1 << self->depth) * (size_t)lesson->classes;
  int rounds = mg_lesson_rounds(lesson, self->base.class);
  for (int round = self->rounds; round < rounds; round++) {
    const MgOrderedFold *fold = fit->folds[fit->orders ? mg_rng_below(&fit->rng, (guint32)fit->orders) : 0];
    Level *levels = self->levels + (size_t)round * self->depth;
    weigh_rows(fit);
    int depth = grow_tree(fit, fold, self->depth, chance_of(fit, fold, round), levels);
    for (int level = depth; level < self->depth; level++)
      levels[level].feature = -1;
    Update update = {fit, self->steps + (size_t)round * tree_steps};
    if (!mg_progress_go_on(lesson->progress, error) ||
        !mg_parallel_for((size_t)fit->orders + 1, lesson->threads, update_fold, &update, NULL, error))
      return FALSE;
    self->rounds = round + 1;
    mg_progress_report(lesson->progress, (round + 1.0) / rounds, NULL);
  }
  return TRUE;
}

static void
begin(Fit *fit, int depth)
{
  const MgLesson *lesson = fit->lesson;
  size_t rows = lesson->x->rows;
  for (int i = 0; i <= fit->orders; i++)
    fit->folds[i] = mg_ordered_fold_new(rows, lesson->y, lesson->classes, i < fit->orders ? &fit->rng : NULL);
  fit->search = mg_split_search_new(fit->columns, lesson->classes, 1u << depth, lesson->threads, fit->l2);
  fit->splits = g_new(MgSplit, lesson->x->cols);
  fit->weight = g_new(float, rows);
  fit->leaf = g_new(guint16, rows);
}

static guint
leaf_of(const Level *levels, int depth, const float *x)
{
  guint leaf = 0;
  for (int level = 0; level < depth && levels[level].feature >= 0; level++)
    leaf |= (guint)(x[levels[level].feature] > levels[level].threshold) << level;
  return leaf;
}

/* Takes the folds through the trees that there are: cheap beside growing them. */
static void
replay(const Symmetric *self, Fit *fit)
{
  const MgLesson *lesson = fit->lesson;
  for (int round = 0; round < self->rounds; round++) {
    const Level *levels = self->levels + (size_t)round * self->depth;
    for (size_t row = 0; row < lesson->x->rows; row++)
      fit->leaf[row] = (guint16)leaf_of(levels, self->depth, mg_matrix_row(lesson->x, row));
    for (int i = 0; i <= fit->orders; i++)
      mg_ordered_fold_add(fit->folds[i], lesson->y, fit->leaf, 1u << self->depth, fit->learning_rate, fit->l2, NULL);
  }
}

static void
end(Fit *fit)
{
  for (int i = 0; i <= fit->orders; i++)
    mg_ordered_fold_free(fit->folds[i]);
  mg_split_search_free(fit->search);
  g_free(fit->splits);
  g_free(fit->weight);
  g_free(fit->leaf);
}

static gboolean
fit_classifier(MgClassifier *classifier, const MgLesson *lesson, GError **error)
{
  Symmetric *self = (Symmetric *)classifier;
  const MgParams *params = lesson->params;
  g_autoptr(MgColumns) columns = mg_columns_new(lesson->x, CODES, lesson->threads, lesson->progress, error);
  if (!columns)
    return FALSE;
  size_t rounds = (size_t)mg_lesson_rounds(lesson, classifier->class), classes = (size_t)lesson->classes;
  self->depth = (int)mg_params_int(params, "depth");
  self->levels = g_renew(Level, self->levels, rounds * self->depth);
  self->steps = g_renew(float, self->steps, (rounds << self->depth) * classes);
  size_t had = ((size_t)self->rounds << self->depth) * classes;
  memset(self->steps + had, 0, ((rounds << self->depth) * classes - had) * sizeof *self->steps);
  self->gain = self->gain ? self->gain : g_new0(double, lesson->x->cols);
  Fit fit = {.lesson = lesson,
             .columns = columns,
             .orders = g_str_equal(mg_params_text(params, "boosting_type"), "ordered") ? ORDERS : 0,
             .learning_rate = mg_params_float(params, "learning_rate"),
             .l2 = mg_params_float(params, "l2_leaf_reg"),
             .temperature = mg_params_float(params, "bagging_temperature"),
             .strength = mg_params_float(params, "random_strength"),
             .importance = self->gain,
             .rng = mg_rng_new(lesson->seed)};
  begin(&fit, self->depth);
  replay(self, &fit);
  if (self->rounds > 0)
    fit.rng = self->rng;
  gboolean good = boost(self, &fit, error);
  self->rng = fit.rng;
  mg_classifier_keep_importances(classifier, self->gain);
  end(&fit);
  return good;
}

static void
predict(const MgClassifier *classifier, const float *x, size_t rows, float *probabilities)
{
  const Symmetric *self = (const Symmetric *)classifier;
  size_t classes = (size_t)classifier->classes;
  memset(probabilities, 0, rows * classes * sizeof *probabilities);
  for (int round = 0; round < self->rounds; round++) {
    const Level *levels = self->levels + (size_t)round * self->depth;
    const float *steps = self->steps + ((size_t)round << self->depth) * classes;
    for (size_t row = 0; row < rows; row++) {
      const float *step = steps + leaf_of(levels, self->depth, x + row * classifier->features) * classes;
      for (size_t c = 0; c < classes; c++)
        probabilities[row * classes + c] += step[c];
    }
  }
  mg_softmax(probabilities, (int)rows, classifier->classes, probabilities);
}

static void
save(const MgClassifier *classifier, GPtrArray *tensors, GHashTable *facts)
{
  const Symmetric *self = (const Symmetric *)classifier;
  size_t n = (size_t)self->rounds * self->depth;
  g_autofree float *levels = g_new(float, 2 * n);
  for (size_t i = 0; i < n; i++) {
    levels[2 * i] = (float)self->levels[i].feature;
    levels[2 * i + 1] = self->levels[i].feature < 0 ? 0 : self->levels[i].threshold;
  }
  mg_classifier_store(tensors, "levels", levels, self->rounds, 2 * self->depth);
  mg_classifier_store(tensors, "steps", self->steps, self->rounds, classifier->classes << self->depth);
}

static gboolean
read_levels(Symmetric *self, const MgTensor *tensor, GError **error)
{
  self->rounds = tensor->shape[0];
  self->depth = tensor->shape[1] / 2;
  self->levels = g_new(Level, tensor->n / 2 + 1);
  gboolean good = self->rounds > 0 && tensor->shape[1] % 2 == 0 && self->depth >= 1 && self->depth <= 12;
  for (size_t i = 0; good && i < tensor->n / 2; i++) {
    float feature = tensor->data[2 * i];
    good = feature >= -1 && feature < (float)self->base.features;
    if (good)
      self->levels[i] = (Level){(gint32)feature, tensor->data[2 * i + 1]};
  }
  if (!good)
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("“levels” are not those of trees on %zu features"),
                self->base.features);
  return good;
}

static gboolean
load(MgClassifier *classifier, GPtrArray *tensors, GHashTable *facts, GError **error)
{
  Symmetric *self = (Symmetric *)classifier;
  const MgTensor *levels = mg_classifier_stored(tensors, "levels", -1, -1, error);
  if (!levels || !read_levels(self, levels, error))
    return FALSE;
  const MgTensor *steps =
      mg_classifier_stored(tensors, "steps", self->rounds, classifier->classes << self->depth, error);
  self->steps = steps ? g_memdup2(steps->data, steps->n * sizeof(float)) : NULL;
  return steps != NULL;
}

static void
clear(MgClassifier *classifier)
{
  Symmetric *self = (Symmetric *)classifier;
  g_free(self->levels);
  g_free(self->steps);
  g_free(self->gain);
}

const MgClassifierClass mg_classifier_catboost = {
    .name = "catboost",
    .title = N_("Symmetric boosting (as CatBoost)"),
    .tables = tables,
    .rounds = "iterations",
    .size = sizeof(Symmetric),
    .fit = fit_classifier,
    .predict = predict,
    .save = save,
    .load = load,
    .clear = clear,
    .importances = mg_classifier_kept_importances,
};
