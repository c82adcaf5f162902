#include "base/error.h"
#include "ml/classifier-table.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include <xgboost/c_api.h>

/* Gradient boosting by XGBoost (Chen and Guestrin, 2016), softmax over the classes; its model travels as its own JSON.
 */
typedef struct {
  MgClassifier base;
  BoosterHandle booster;
  int rounds; /* learned by this process */
} XgBoost;

static const MgParamSpec specs[] = {
    {"n_estimators", MG_PARAM_INT, "100", 1, 100000, NULL, NULL, NULL, N_("Rounds of boosting")},
    {"learning_rate", MG_PARAM_FLOAT, "0.3", 1e-6, 10, NULL, NULL, NULL, N_("Part of a step that is taken")},
    {"max_depth", MG_PARAM_INT, "6", 1, 64, NULL, NULL, NULL, N_("Cuts from a root to a leaf at most")},
    {"subsample", MG_PARAM_FLOAT, "1", 1e-6, 1, NULL, NULL, NULL, N_("Part of the rows that a round learns from")},
    {"colsample_bytree", MG_PARAM_FLOAT, "1", 1e-6, 1, NULL, NULL, NULL, N_("Part of the features that a tree sees")},
    {"reg_lambda", MG_PARAM_FLOAT, "1", 0, 1e6, NULL, NULL, NULL, N_("Strength of the L2 penalty on leaves")},
    {"tree_method", MG_PARAM_CHOICE, "auto", 0, 0, "auto|exact|approx|hist", NULL, NULL,
     N_("How cuts are looked for: at every value, or between a few hundred bins; auto takes bins for large tables")},
};
static const MgParamTable table = MG_PARAM_TABLE("xgboost", N_("XGBoost"), specs);
static const MgParamTable *const tables[] = {&table, NULL};

/* What the library says, in one line: the first of its message, without the stack below it. */
static gboolean
check(int status, MgError code, GError **error)
{
  if (status == 0)
    return TRUE;
  g_auto(GStrv) lines = g_strsplit(XGBGetLastError(), "\n", 2);
  g_set_error(error, MG_ERROR, code, _("XGBoost: %s"), lines[0] ? lines[0] : _("failed"));
  return FALSE;
}

static gboolean
set(BoosterHandle booster, const char *name, const char *value, GError **error)
{
  return check(XGBoosterSetParam(booster, name, value), MG_ERROR_USAGE, error);
}

static gboolean
set_whole(BoosterHandle booster, const char *name, gint64 value, GError **error)
{
  g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, value);
  return set(booster, name, text, error);
}

/* XGBoost's own choice between them looks at the rows alone and takes hours where they are many and wide. */
static const char *
tree_method_of(const MgLesson *lesson)
{
  const size_t many_cells = 5 * 1000 * 1000;
  const char *method = mg_params_text(lesson->params, "tree_method");
  gboolean large = lesson->x->rows * lesson->x->cols > many_cells;
  return g_str_equal(method, "auto") ? large ? "hist" : "exact" : method;
}

static gboolean
configure(BoosterHandle booster, const MgLesson *lesson, GError **error)
{
  gboolean good = set(booster, "objective", "multi:softprob", error) && set(booster, "verbosity", "0", error) &&
                  set_whole(booster, "num_class", lesson->classes, error) &&
                  set_whole(booster, "nthread", lesson->threads, error) &&
                  set_whole(booster, "seed", (gint64)(lesson->seed & G_MAXINT32), error) &&
                  set(booster, "seed_per_iteration", "1", error); /* chance of a round, whenever it is learned */
  for (size_t i = 0; good && i < G_N_ELEMENTS(specs); i++)
    if (!g_str_equal(specs[i].name, "n_estimators") && !g_str_equal(specs[i].name, "tree_method"))
      good = set(booster, specs[i].name, mg_params_text(lesson->params, specs[i].name), error);
  return good && set(booster, "tree_method", tree_method_of(lesson), error);
}

static gboolean
boost(XgBoost *self, DMatrixHandle rows, const MgLesson *lesson, GError **error)
{
  int rounds = mg_lesson_rounds(lesson, self->base.class);
  for (; self->rounds < rounds; self->rounds++) {
    if (!mg_progress_go_on(lesson->progress, error) ||
        !check(XGBoosterUpdateOneIter(self->booster, self->rounds, rows), MG_ERROR_DATA, error))
      return FALSE;
    mg_progress_report(lesson->progress, (self->rounds + 1.0) / rounds, NULL);
  }
  return TRUE;
}

static gboolean
set_labels(DMatrixHandle rows, const MgLesson *lesson, GError **error)
{
  g_autofree float *labels = g_new(float, lesson->x->rows);
  for (size_t row = 0; row < lesson->x->rows; row++)
    labels[row] = (float)lesson->y[row];
  return check(XGDMatrixSetFloatInfo(rows, "label", labels, lesson->x->rows), MG_ERROR_DATA, error);
}

static gboolean
fit(MgClassifier *classifier, const MgLesson *lesson, GError **error)
{
  XgBoost *self = (XgBoost *)classifier;
  const MgMatrix *x = lesson->x;
  DMatrixHandle rows;
  if (!check(XGDMatrixCreateFromMat_omp(x->data, x->rows, x->cols, NAN, &rows, lesson->threads), MG_ERROR_DATA, error))
    return FALSE;
  gboolean good = set_labels(rows, lesson, error) &&
                  (self->booster || check(XGBoosterCreate(&rows, 1, &self->booster), MG_ERROR_DATA, error)) &&
                  configure(self->booster, lesson, error) && boost(self, rows, lesson, error);
  XGDMatrixFree(rows);
  return good;
}

/* The library's own memory, (rows, classes), good until this thread asks again; NULL where it cannot answer so. */
static const float *
ask(const XgBoost *self, const float *x, size_t rows)
{
  static const char how[] = "{\"type\": 0, \"training\": false, \"iteration_begin\": 0, \"iteration_end\": 0, "
                            "\"strict_shape\": true, \"missing\": NaN, \"cache_id\": 0}";
  g_autofree char *array = g_strdup_printf("{\"data\": [%" G_GUINTPTR_FORMAT ", true], \"shape\": [%zu, %zu], "
                                           "\"typestr\": \"<f4\", \"version\": 3}",
                                           (guintptr)x, rows, self->base.features);
  const bst_ulong *shape;
  bst_ulong dimensions;
  const float *answer;
  if (XGBoosterPredictFromDense(self->booster, array, how, NULL, &shape, &dimensions, &answer) != 0)
    return NULL;
  return dimensions == 2 && shape[0] == rows && shape[1] == (bst_ulong)self->base.classes ? answer : NULL;
}

static void
predict(const MgClassifier *classifier, const float *x, size_t rows, float *probabilities)
{
  const float *answer = rows > 0 ? ask((const XgBoost *)classifier, x, rows) : NULL;
  if (answer)
    memcpy(probabilities, answer, rows * (size_t)classifier->classes * sizeof *probabilities);
  else if (rows > 0) /* load() has tried it */
    g_error("XGBoost: %s", XGBGetLastError());
}

static void
save(const MgClassifier *classifier, GPtrArray *tensors, GHashTable *facts)
{
  const XgBoost *self = (const XgBoost *)classifier;
  bst_ulong length;
  const char *text;
  if (XGBoosterSaveModelToBuffer(self->booster, "{\"format\": \"json\"}", &length, &text) == 0)
    g_hash_table_replace(facts, g_strdup("xgboost"), g_strndup(text, length));
}

/* A model that takes so many features and tells so many classes. */
static gboolean
fits(const XgBoost *self, GError **error)
{
  bst_ulong features = 0;
  g_autofree float *zeros = g_new0(float, self->base.features);
  if (XGBoosterGetNumFeature(self->booster, &features) == 0 && features == self->base.features && ask(self, zeros, 1))
    return TRUE;
  g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("XGBoost's model does not take %zu features and tell %d classes"),
              self->base.features, self->base.classes);
  return FALSE;
}

static gboolean
load(MgClassifier *classifier, GPtrArray *tensors, GHashTable *facts, GError **error)
{
  XgBoost *self = (XgBoost *)classifier;
  const char *text = g_hash_table_lookup(facts, "xgboost");
  if (!text) {
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("“xgboost” is absent; XGBoost's model as JSON was expected"));
    return FALSE;
  }
  return check(XGBoosterCreate(NULL, 0, &self->booster), MG_ERROR_FORMAT, error) &&
         check(XGBoosterLoadModelFromBuffer(self->booster, text, strlen(text)), MG_ERROR_FORMAT, error) &&
         fits(self, error);
}

static void
clear(MgClassifier *classifier)
{
  XgBoost *self = (XgBoost *)classifier;
  if (self->booster)
    XGBoosterFree(self->booster);
}

/* The mean gain of a feature's cuts, as XGBClassifier's. Features are called f0, f1 …; those without a cut are left
 * out. */
static void
importances(const MgClassifier *classifier, double *importance)
{
  const XgBoost *self = (const XgBoost *)classifier;
  bst_ulong n = 0, dimensions;
  const bst_ulong *shape;
  const char **names;
  const float *gains;
  double sum = 0;
  if (XGBoosterFeatureScore(self->booster, "{\"importance_type\": \"gain\"}", &n, &names, &dimensions, &shape,
                            &gains) != 0)
    n = 0;
  memset(importance, 0, classifier->features * sizeof *importance);
  for (bst_ulong i = 0; i < n; i++) {
    guint64 feature = g_ascii_strtoull(names[i] + 1, NULL, 10);
    if (feature < classifier->features)
      sum += importance[feature] = gains[i];
  }
  for (size_t f = 0; f < classifier->features; f++)
    importance[f] = sum > 0 ? importance[f] / sum : 1.0 / (double)classifier->features;
}

const MgClassifierClass mg_classifier_xgboost = {
    .name = "xgboost",
    .title = N_("XGBoost"),
    .tables = tables,
    .rounds = "n_estimators",
    .size = sizeof(XgBoost),
    .fit = fit,
    .predict = predict,
    .save = save,
    .load = load,
    .clear = clear,
    .importances = importances,
};
