#include "base/parallel.h"
#include "ml/classifier-table.h"
#include "ml/tree-builder.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Random forest (Breiman, 2001) as sklearn.ensemble.RandomForestClassifier: each tree on rows drawn with replacement,
 * each node on some of the features by Gini impurity; the answer is the mean of the trees' class frequencies. */
typedef struct {
  MgClassifier base;
  MgTrees *trees;
  double *gain; /* [features]: of all cuts; of one that has just learned */
} Forest;

static const MgParamSpec specs[] = {
    {"n_estimators", MG_PARAM_INT, "500", 1, 100000, NULL, NULL, NULL, N_("Trees")},
    {"max_depth", MG_PARAM_INT, "auto", 1, 1000, NULL, NULL, N_("no limit"), N_("Cuts from a root to a leaf at most")},
    {"max_features", MG_PARAM_CHOICE, "sqrt", 0, 0, "sqrt|log2|all", NULL, NULL,
     N_("Features that a cut chooses from")},
    {"min_samples_leaf", MG_PARAM_INT, "1", 1, 1000000, NULL, NULL, NULL, N_("Rows in a leaf at least")},
    {"class_weight", MG_PARAM_CHOICE, "none", 0, 0, "none|balanced", NULL, NULL,
     N_("Weight of the rows: as they are, or every class as much")},
    {"bootstrap", MG_PARAM_BOOL, "true", 0, 0, NULL, NULL, NULL, N_("Each tree draws its rows with replacement")},
};
static const MgParamTable table = MG_PARAM_TABLE("random-forest", N_("Random forest"), specs);
static const MgParamTable *const tables[] = {&table, NULL};

typedef struct {
  guint32 class;
  float weight;
} Sample;

/* What one thread needs; also the data of the criterion. */
typedef struct {
  int classes;
  Sample *samples; /* [rows] */
  guint32 *rows;
  double *total, *left; /* weight of each class: in the node, to the left of the cut */
  double weight, squares;
  MgTreeBuilder *builder;
} Grower;

static gboolean
enter(gpointer data, const guint32 *rows, size_t n)
{
  Grower *grower = data;
  memset(grower->total, 0, grower->classes * sizeof *grower->total);
  gboolean mixed = FALSE;
  for (size_t i = 0; i < n; i++) {
    Sample sample = grower->samples[rows[i]];
    grower->total[sample.class] += sample.weight;
    mixed |= sample.class != grower->samples[rows[0]].class;
  }
  grower->weight = grower->squares = 0;
  for (int c = 0; c < grower->classes; c++) {
    grower->weight += grower->total[c];
    grower->squares += grower->total[c] * grower->total[c];
  }
  return mixed;
}

/* weight * (1 - Gini impurity) of a set is the sum of its classes' squared weights over its weight. */
static void
scan(gpointer data, const guint64 *keys, size_t n, size_t least, MgCut *cut)
{
  Grower *grower = data;
  const Sample *samples = grower->samples;
  const double *total = grower->total, weight = grower->weight, before = grower->squares / weight;
  double *left = grower->left, left_weight = 0, left_squares = 0, right_squares = grower->squares;
  double best = cut->gain + before;
  memset(left, 0, grower->classes * sizeof *left);
  for (size_t i = 0; i + least < n; i++) {
    Sample sample = samples[(guint32)keys[i]];
    double w = sample.weight, l = left[sample.class], r = total[sample.class] - l;
    left_squares += w * (2 * l + w);
    right_squares -= w * (2 * r - w);
    left[sample.class] = l + w;
    left_weight += w;
    if (keys[i] >> 32 == keys[i + 1] >> 32 || i + 1 < least)
      continue;
    double right_weight = weight - left_weight;
    double purity = (left_squares * right_weight + right_squares * left_weight) / (left_weight * right_weight);
    if (purity > best) {
      best = purity;
      *cut = (MgCut){purity - before, i + 1};
    }
  }
}

/* Leaves of one class share its row: the first `classes` rows of a forest's values are those. */
static guint32
leaf(gpointer data, const guint32 *rows, size_t n, GArray *values)
{
  Grower *grower = data;
  if (!enter(data, rows, n))
    return grower->samples[rows[0]].class;
  guint32 row = values->len / (guint)grower->classes;
  for (int c = 0; c < grower->classes; c++) {
    float share = (float)(grower->total[c] / grower->weight);
    g_array_append_val(values, share);
  }
  return row;
}

static void
add_pure_leaves(MgTrees *trees)
{
  for (int i = 0; i < trees->width * trees->width; i++) {
    float share = i % (trees->width + 1) == 0;
    g_array_append_val(trees->values, share);
  }
}

typedef struct {
  const MgLesson *lesson;
  gboolean bootstrap;
  double *class_weight; /* [classes] */
  Grower *growers;      /* [threads] */
  MgTrees **trees;      /* [n_estimators] */
  double *importance;   /* (trees to grow, features) */
  size_t first;         /* trees that there are */
} Fit;

/* Rows that were drawn, with their weights; returns how many. */
static size_t
draw_rows(const Fit *fit, Grower *grower, MgRng *rng)
{
  const MgLesson *lesson = fit->lesson;
  size_t rows = lesson->x->rows, n = 0;
  for (size_t row = 0; row < rows; row++)
    grower->samples[row] = (Sample){(guint32)lesson->y[row], fit->bootstrap ? 0 : 1};
  for (size_t i = 0; fit->bootstrap && i < rows; i++)
    grower->samples[mg_rng_below(rng, (guint32)rows)].weight++;
  for (size_t row = 0; row < rows; row++) {
    Sample *sample = &grower->samples[row];
    if (sample->weight > 0)
      grower->rows[n++] = (guint32)row;
    sample->weight *= (float)fit->class_weight[sample->class];
  }
  return n;
}

static gboolean
grow_tree(size_t index, int worker, gpointer data, GError **error)
{
  static const MgCriterion gini = {enter, scan, leaf};
  const Fit *fit = data;
  Grower *grower = &fit->growers[worker];
  MgRng rng = mg_rng_stream(fit->lesson->seed, fit->first + index);
  size_t features = fit->lesson->x->cols, n = draw_rows(fit, grower, &rng);
  double *importance = fit->importance + index * features, sum = 0;
  MgTrees *trees = fit->trees[index] = mg_trees_new(grower->classes);
  add_pure_leaves(trees);
  mg_tree_builder_grow(grower->builder, &gini, grower, grower->rows, n, &rng, trees, importance);
  for (size_t f = 0; f < features; f++)
    sum += importance[f];
  for (size_t f = 0; sum > 0 && f < features; f++)
    importance[f] /= sum;
  return TRUE;
}

static size_t
features_of(const char *choice, size_t features)
{
  double n = (double)features;
  double wanted = g_str_equal(choice, "sqrt") ? sqrt(n) : g_str_equal(choice, "log2") ? log2(n) : n;
  return MAX((size_t)wanted, 1);
}

/* balanced: rows / (classes with rows * rows of the class) */
static double *
weigh_classes(const MgLesson *lesson)
{
  double *weight = g_new0(double, lesson->classes);
  int present = 0;
  for (size_t row = 0; row < lesson->x->rows; row++)
    present += weight[lesson->y[row]]++ == 0;
  gboolean balanced = g_str_equal(mg_params_text(lesson->params, "class_weight"), "balanced");
  for (int c = 0; c < lesson->classes; c++)
    weight[c] = balanced && weight[c] > 0 ? (double)lesson->x->rows / (present * weight[c]) : 1;
  return weight;
}

static Grower
new_grower(const MgLesson *lesson, const MgColumns *columns)
{
  MgTreeLimits limits = {.max_depth = (int)mg_params_int_or(lesson->params, "max_depth", 0),
                         .max_features = features_of(mg_params_text(lesson->params, "max_features"), lesson->x->cols),
                         .min_samples_leaf = (size_t)mg_params_int(lesson->params, "min_samples_leaf")};
  return (Grower){.classes = lesson->classes,
                  .samples = g_new(Sample, lesson->x->rows),
                  .rows = g_new(guint32, lesson->x->rows),
                  .total = g_new(double, lesson->classes),
                  .left = g_new(double, lesson->classes),
                  .builder = mg_tree_builder_new(columns, limits)};
}

static void
clear_grower(Grower *grower)
{
  g_free(grower->samples);
  g_free(grower->rows);
  g_free(grower->total);
  g_free(grower->left);
  mg_tree_builder_free(grower->builder);
}

static void
collect(Forest *self, const Fit *fit, size_t n)
{
  size_t features = self->base.features;
  if (!self->trees) {
    self->trees = mg_trees_new(self->base.classes);
    add_pure_leaves(self->trees);
    self->gain = g_new0(double, features);
  }
  for (size_t i = 0; i < n; i++) {
    mg_trees_join(self->trees, g_steal_pointer(&fit->trees[i]), (guint32)self->base.classes);
    for (size_t f = 0; f < features; f++)
      self->gain[f] += fit->importance[i * features + f];
  }
  mg_classifier_keep_importances(&self->base, self->gain);
}

static gboolean
fit_classifier(MgClassifier *classifier, const MgLesson *lesson, GError **error)
{
  g_autoptr(MgColumns) columns = mg_columns_new(lesson->x, G_MAXUINT16 + 1, lesson->threads, lesson->progress, error);
  if (!columns)
    return FALSE;
  Forest *self = (Forest *)classifier;
  size_t first = self->trees ? mg_trees_count(self->trees) : 0;
  size_t n = (size_t)mg_lesson_rounds(lesson, classifier->class) - first;
  g_autofree Grower *growers = g_new(Grower, lesson->threads);
  g_autofree MgTrees **trees = g_new0(MgTrees *, n);
  g_autofree double *class_weight = weigh_classes(lesson), *importance = g_new0(double, n * lesson->x->cols);
  for (int i = 0; i < lesson->threads; i++)
    growers[i] = new_grower(lesson, columns);
  Fit fit = {lesson, mg_params_bool(lesson->params, "bootstrap"), class_weight, growers, trees, importance, first};
  gboolean good = mg_parallel_for(n, lesson->threads, grow_tree, &fit, lesson->progress, error);
  for (int i = 0; i < lesson->threads; i++)
    clear_grower(&growers[i]);
  if (good)
    collect(self, &fit, n);
  for (size_t i = 0; i < n; i++)
    mg_trees_free(trees[i]);
  return good;
}

static void
predict(const MgClassifier *classifier, const float *x, size_t rows, float *probabilities)
{
  const Forest *self = (const Forest *)classifier;
  int classes = classifier->classes;
  guint n = mg_trees_count(self->trees);
  memset(probabilities, 0, rows * (size_t)classes * sizeof *probabilities);
  for (guint tree = 0; tree < n; tree++) {
    const MgTreeNode *root = mg_trees_root(self->trees, tree);
    for (size_t row = 0; row < rows; row++) {
      const float *share = mg_trees_leaf(self->trees, root, x + row * classifier->features);
      for (int c = 0; c < classes; c++)
        probabilities[row * (size_t)classes + (size_t)c] += share[c];
    }
  }
  for (size_t i = 0; i < rows * (size_t)classes; i++)
    probabilities[i] /= (float)n;
}

static void
save(const MgClassifier *classifier, GPtrArray *tensors, GHashTable *facts)
{
  const Forest *self = (const Forest *)classifier;
  mg_trees_save(self->trees, tensors);
}

static gboolean
load(MgClassifier *classifier, GPtrArray *tensors, GHashTable *facts, GError **error)
{
  Forest *self = (Forest *)classifier;
  self->trees = mg_trees_load(tensors, classifier->classes, classifier->features, error);
  return self->trees != NULL;
}

static void
clear(MgClassifier *classifier)
{
  Forest *self = (Forest *)classifier;
  mg_trees_free(self->trees);
  g_free(self->gain);
}

const MgClassifierClass mg_classifier_random_forest = {
    .name = "random-forest",
    .title = N_("Random forest"),
    .tables = tables,
    .rounds = "n_estimators",
    .size = sizeof(Forest),
    .fit = fit_classifier,
    .predict = predict,
    .save = save,
    .load = load,
    .clear = clear,
    .importances = mg_classifier_kept_importances,
};
