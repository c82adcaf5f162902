/* The objective of a classifier on a table: mean macro F1 over folds, as table-train measures it. */
#include "train/search-objective.h"
#include "base/error.h"
#include "base/parallel.h"
#include "dataset/table.h"
#include "ml/folds.h"
#include "ml/metrics.h"
#include "train/table-model.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

typedef struct {
  MgObjective base;
  const MgSearchJob *job;
  const MgSamples *samples;
  int *folds, k, repeats;
  int chooses; /* the space's parameter “classifier”; -1: the job names one */
  GMutex lock;
  GHashTable *kept; /* number of a trial -> GPtrArray of MgTableModel, one a repeat and fold, to go on with */
} TableObjective;

/* Parameters */

/* Of what makes the rows, where they are computed. */
static MgParams *
params_of_class(const MgSearchJob *job, const MgClassifierClass *class)
{
  static const MgParamTable *const lengths[] = {&mg_table_params, NULL};
  const MgParamTable *const *of_rows = job->table ? NULL : job->embedding ? lengths : mg_table_param_tables();
  g_autoptr(GPtrArray) tables = mg_table_run_tables(class, of_rows);
  return mg_params_new((const MgParamTable *const *)tables->pdata);
}

static const MgClassifierClass *
class_of(const TableObjective *self, const double *values)
{
  const char *name = self->chooses < 0
                         ? self->job->classifier
                         : mg_space_param(self->base.space, (guint)self->chooses)->values[(guint)values[self->chooses]];
  return name ? mg_classifier_class_find(name, NULL) : NULL;
}

/* What is the same in all trials; a name may be that of another classifier to choose. */
static gboolean
set_fixed(MgParams *params, const MgSearchJob *job, GError **error)
{
  int threads = MAX(1, mg_processors() / (int)mg_params_int(job->params, "jobs"));
  mg_params_set_int(params, "threads", threads);
  for (char **assignment = job->set; assignment && *assignment; assignment++) {
    g_autofree char *name = g_strndup(*assignment, strcspn(*assignment, "="));
    if (mg_params_has(params, name) && !mg_params_assign(params, *assignment, error))
      return FALSE;
  }
  return TRUE;
}

static MgParams *
params_of(const TableObjective *self, const MgClassifierClass *class, const double *values, GError **error)
{
  g_autoptr(MgParams) params = params_of_class(self->job, class);
  if (!set_fixed(params, self->job, error))
    return NULL;
  for (guint i = 0; i < self->base.space->params->len; i++) {
    const char *name = mg_space_param(self->base.space, i)->parameter;
    g_autofree char *text = mg_space_text(self->base.space, i, values[i]);
    if (*text && mg_params_has(params, name) && !mg_params_set(params, name, text, error))
      return NULL;
  }
  return g_steal_pointer(&params);
}

/* Checks */

/* Whether the parameter counts with the classifier of this number among those to choose. */
static gboolean
goes_with(const TableObjective *self, const MgSpaceParam *param, guint choice)
{
  for (; param->depends >= 0; param = mg_space_param(self->base.space, (guint)param->depends))
    if (param->depends == self->chooses)
      return param->when[choice];
  return TRUE;
}

/* Every value, or both ends, in turn. */
static gboolean
accepts(MgParams *params, const MgSpace *space, guint i, GError **error)
{
  const MgSpaceParam *param = mg_space_param(space, i);
  guint n = param->values ? param->n_values : 2;
  for (guint k = 0; k < n; k++) {
    g_autofree char *text = mg_space_text(space, i, param->values ? k : k == 0 ? param->low : param->high);
    g_autoptr(GError) cause = NULL;
    if (!mg_params_set(params, param->parameter, text, &cause)) {
      g_set_error(error, MG_ERROR, MG_ERROR_USAGE, "%s: %s: %s", space->name, param->name, cause->message);
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
check_param(const TableObjective *self, const GPtrArray *classes, guint i, GError **error)
{
  const MgSpaceParam *param = mg_space_param(self->base.space, i);
  gboolean known = (int)i == self->chooses;
  for (guint c = 0; c < classes->len && (int)i != self->chooses; c++) {
    g_autoptr(MgParams) params = params_of_class(self->job, classes->pdata[c]);
    if (!goes_with(self, param, c) || !mg_params_has(params, param->parameter))
      continue;
    known = TRUE;
    if (!accepts(params, self->base.space, i, error))
      return FALSE;
  }
  if (!known)
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE,
                _("%s: %s: the classifier has no parameter “%s”; table-train --help "
                  "tells those that there are"),
                self->base.space->name, param->name, param->parameter);
  return known;
}

static gboolean
check_assignment(const TableObjective *self, const char *assignment, const GPtrArray *classes, GError **error)
{
  g_autofree char *name = g_strndup(assignment, strcspn(assignment, "="));
  gboolean known = FALSE;
  for (guint c = 0; c < classes->len; c++) {
    g_autoptr(MgParams) params = params_of_class(self->job, classes->pdata[c]);
    gboolean last = c + 1 == classes->len;
    if (!mg_params_has(params, name) && (known || !last))
      continue;
    if (!mg_params_assign(params, assignment, error))
      return FALSE;
    known = TRUE;
  }
  return TRUE;
}

/* The classifiers that trials may have. */
static GPtrArray *
collect_classes(const TableObjective *self, GError **error)
{
  g_autoptr(GPtrArray) classes = g_ptr_array_new();
  const MgSpaceParam *param = self->chooses < 0 ? NULL : mg_space_param(self->base.space, (guint)self->chooses);
  for (guint i = 0; i < (param ? param->n_values : 1); i++) {
    const MgClassifierClass *class = mg_classifier_class_find(param ? param->values[i] : self->job->classifier, error);
    if (!class)
      return NULL;
    g_ptr_array_add(classes, (gpointer) class);
  }
  return g_steal_pointer(&classes);
}

/* The classifiers that trials may have; NULL where the space or what is fixed does not fit them. */
static GPtrArray *
check(TableObjective *self, GError **error)
{
  const MgSearchJob *job = self->job;
  self->chooses = mg_space_find(self->base.space, "classifier");
  if ((self->chooses < 0) != (job->classifier != NULL)) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE,
                _("search: %s: expected a classifier by either --classifier or the "
                  "values of a parameter “classifier”"),
                self->base.space->name);
    return NULL;
  }
  g_autoptr(GPtrArray) classes = collect_classes(self, error);
  for (guint i = 0; classes && i < self->base.space->params->len; i++)
    if (!check_param(self, classes, i, error))
      return NULL;
  for (char **assignment = job->set; classes && assignment && *assignment; assignment++)
    if (!check_assignment(self, *assignment, classes, error))
      return NULL;
  return g_steal_pointer(&classes);
}

/* Measuring */

/* A part of the rows that has all classes, where these have rows enough. */
static MgSamples *
pick_share(const MgSamples *samples, const guint32 *rows, size_t n, double share, guint64 seed, GError **error)
{
  int parts = MAX(2, (int)floor(1 / share + 0.5));
  g_autoptr(MgSamples) all = mg_samples_pick(samples, rows, n);
  if (share >= 1)
    return g_steal_pointer(&all);
  size_t kept;
  g_autofree int *folds = mg_folds_deal(all, parts, seed, error);
  g_autofree guint32 *inside = folds ? mg_folds_rows(folds, n, 0, TRUE, &kept) : NULL;
  return inside ? mg_samples_pick(all, inside, kept) : NULL;
}

/* Learns from some rows, as far as the share goes, and answers others. */
typedef struct {
  const MgClassifierClass *class;
  MgParams *params;
  double share, epochs, seconds;
  int until; /* rounds; 0: all, or there are none to count */
  double f1, accuracy;
} Try;

/* `kept` is the model to go on with, or NULL. */
static gboolean
try_rows(const TableObjective *self, Try *try, MgTableModel **kept, const guint32 *train, size_t n_train,
         const guint32 *test, size_t n_test, MgProgress *progress, GError **error)
{
  gboolean by_rounds = try->class->rounds != NULL;
  guint64 seed = (guint64)mg_params_int(try->params, "seed");
  int classes = (int)self->samples->labels->len;
  g_autoptr(MgSamples) rows = pick_share(self->samples, train, n_train, by_rounds ? 1 : try->share, seed, error);
  if (!rows ||
      !mg_table_model_learn_until(kept, try->class, try->params, try->until, rows, progress, &try->seconds, error))
    return FALSE;
  g_autoptr(MgSamples) asked = mg_samples_pick(self->samples, test, n_test);
  g_autoptr(MgMatrix) probabilities = mg_table_model_predict(*kept, asked->x);
  g_autofree guint *confusion = g_new0(guint, classes * classes);
  for (size_t i = 0; i < n_test; i++) {
    int predicted = mg_most_probable(mg_matrix_row(probabilities, i), classes);
    mg_confusion_add(confusion, classes, &asked->y[i], &predicted, 1);
  }
  try->f1 = mg_confusion_macro_f1(confusion, classes);
  try->accuracy = mg_confusion_accuracy(confusion, classes);
  return TRUE;
}

static int
rounds_of(const Try *try, double share)
{
  return MAX(1, (int)floor(share * (double)mg_params_int(try->params, try->class->rounds) + 0.5));
}

/* Rounds that the share of a whole trial has; a classifier without takes a share of the rows. */
static gboolean
begin_try(const TableObjective *self, const double *values, double share, Try *try, GError **error)
{
  *try = (Try){.class = class_of(self, values), .share = share, .epochs = share};
  try->params = params_of(self, try->class, values, error);
  if (!try->params || !try->class->rounds)
    return try->params != NULL;
  try->until = rounds_of(try, share);
  try->epochs = try->until;
  return TRUE;
}

gboolean
mg_search_job_stands(const MgSearchJob *job, const MgSpace *space, const double *values)
{
  const TableObjective self = {.base = {.space = space}, .job = job, .chooses = mg_space_find(space, "classifier")};
  const MgClassifierClass *class = job->model ? NULL : class_of(&self, values); /* none in a damaged folder */
  return job->model || (class && class->rounds);
}

static double
price(MgObjective *objective, const double *values, double share, double before)
{
  const TableObjective *self = (const TableObjective *)objective;
  Try try;
  double rounds = share;
  if (begin_try(self, values, share, &try, NULL) && try.class->rounds)
    rounds = try.until - (before > 0 ? rounds_of(&try, before) : 0);
  mg_params_free(try.params);
  return rounds * self->repeats;
}

static double
deviation_of(const double *values, size_t n)
{
  double mean = 0, squares = 0;
  for (size_t i = 0; i < n; i++)
    mean += values[i] / (double)n;
  for (size_t i = 0; i < n; i++)
    squares += (values[i] - mean) * (values[i] - mean);
  return sqrt(squares / (double)n);
}

static gboolean
measure_fold(const TableObjective *self, Try *try, GPtrArray *models, int repeat, int fold, MgProgress *progress,
             GError **error)
{
  size_t rows = self->samples->x->rows, inside, outside;
  const int *folds = self->folds + (size_t)repeat * rows;
  g_autofree guint32 *in = mg_folds_rows(folds, rows, fold, TRUE, &inside);
  g_autofree guint32 *out = mg_folds_rows(folds, rows, fold, FALSE, &outside);
  MgTableModel **model = (MgTableModel **)&models->pdata[repeat * self->k + fold];
  return try_rows(self, try, model, out, outside, in, inside, progress, error);
}

static void
free_models(gpointer models)
{
  g_ptr_array_unref(models);
}

/* Those that the trial has learned so far in this process, or room for them. */
static GPtrArray *
take_models(TableObjective *self, const MgTrialTask *task)
{
  gpointer models = NULL;
  g_mutex_lock(&self->lock);
  g_hash_table_steal_extended(self->kept, GUINT_TO_POINTER(task->number), NULL, &models);
  g_mutex_unlock(&self->lock);
  if (models)
    return models;
  models = g_ptr_array_new_with_free_func((GDestroyNotify)mg_table_model_free);
  g_ptr_array_set_size(models, self->repeats * self->k);
  return models;
}

/* Takes the models. */
static void
keep_models(TableObjective *self, const MgTrialTask *task, GPtrArray *models)
{
  g_mutex_lock(&self->lock);
  g_hash_table_insert(self->kept, GUINT_TO_POINTER(task->number), models);
  g_mutex_unlock(&self->lock);
}

static gboolean
measure(MgObjective *objective, const MgTrialTask *task, double *score, MgTrialCost *cost, MgProgress *progress,
        GError **error)
{
  TableObjective *self = (TableObjective *)objective;
  Try try;
  gboolean good = begin_try(self, task->values, task->share, &try, error);
  g_autofree double *means = g_new0(double, self->repeats), *f1 = g_new0(double, self->k);
  gint64 seed = good ? mg_params_int(try.params, "seed") : 0;
  g_autoptr(GPtrArray) models = take_models(self, task);
  gboolean by_rounds = good && try.class->rounds, goes_on = by_rounds && models->pdata[0];
  double paid = goes_on ? rounds_of(&try, task->before) : 0;
  *score = 0;
  for (int repeat = 0; good && repeat < self->repeats; repeat++) {
    mg_params_set_int(try.params, "seed", (seed + repeat) % 4294967296);
    for (int fold = 0; good && fold < self->k; fold++) {
      good = mg_progress_go_on(progress, error) && measure_fold(self, &try, models, repeat, fold, progress, error);
      f1[fold] = try.f1;
      means[repeat] += try.f1 / self->k;
      cost->seconds += try.seconds;
    }
    *score += means[repeat] / self->repeats;
  }
  cost->epochs += (try.epochs - paid) * self->repeats;
  cost->deviation = self->repeats > 1 ? deviation_of(means, (size_t)self->repeats) : deviation_of(f1, (size_t)self->k);
  if (good && by_rounds && task->share < 1)
    keep_models(self, task, g_steal_pointer(&models));
  mg_params_free(try.params);
  return good;
}

gboolean
mg_objective_table_try(MgObjective *objective, const double *values, double share, const guint32 *train, size_t n_train,
                       const guint32 *test, size_t n_test, double *f1, double *accuracy, GError **error)
{
  TableObjective *self = (TableObjective *)objective;
  Try try;
  g_autoptr(MgTableModel) model = NULL;
  gboolean good = begin_try(self, values, share, &try, error) &&
                  try_rows(self, &try, &model, train, n_train, test, n_test, NULL, error);
  *f1 = try.f1;
  *accuracy = try.accuracy;
  mg_params_free(try.params);
  return good;
}

static MgTableJob
job_of(const MgSearchJob *job, const MgClassifierClass *class, const MgParams *params)
{
  return (MgTableJob){.request = {.table = job->table,
                                  .label = job->label,
                                  .group = job->group,
                                  .ignore = job->ignore,
                                  .dataset = job->dataset,
                                  .import = {job->label_from, job->group_from, job->fold_from},
                                  .embedding = job->embedding,
                                  .layer = job->layer,
                                  .params = params},
                      .folds = job->folds,
                      .classifier = class};
}

static gboolean
keep(MgObjective *objective, const MgTrialTask *task, const char *folder, MgProgress *progress, GError **error)
{
  TableObjective *self = (TableObjective *)objective;
  const MgClassifierClass *class = class_of(self, task->values);
  g_autoptr(MgParams) params = params_of(self, class, task->values, error);
  if (!params)
    return FALSE;
  if (class->rounds) {
    Try whole = {.class = class, .params = params};
    mg_params_set_int(params, class->rounds, rounds_of(&whole, task->share));
  }
  MgTableJob last = job_of(self->job, class, params);
  last.run = folder;
  g_auto(MgTableResult) result = {0};
  return mg_table_run(&last, NULL, &result, progress, error);
}

static void
free_table(MgObjective *objective)
{
  TableObjective *self = (TableObjective *)objective;
  g_free(self->folds);
  g_hash_table_unref(self->kept);
  g_mutex_clear(&self->lock);
  g_free(self);
}

MgObjective *
mg_objective_table(const MgSearchJob *job, const MgSpace *space, const MgSamples *samples, int *folds, int k,
                   GError **error)
{
  TableObjective *self = g_new0(TableObjective, 1);
  *self = (TableObjective){.base = {space, price, measure, keep, free_table}, .job = job, .samples = samples};
  self->folds = folds;
  self->k = k;
  self->repeats = (int)mg_params_int(job->params, "repeats");
  self->kept = g_hash_table_new_full(NULL, NULL, NULL, free_models);
  g_mutex_init(&self->lock);
  g_autoptr(GPtrArray) classes = check(self, error);
  if (classes)
    return &self->base;
  free_table(&self->base);
  return NULL;
}

/* Rows */

void
mg_search_rows_clear(MgSearchRows *rows)
{
  mg_params_free(rows->params);
  mg_table_data_free(rows->data);
  mg_samples_free(rows->samples);
  g_free(rows->folds);
}

/* Rows that are told apart by their numbers alone may be pieces of the same track. */
static void
warn_of_nameless(const MgTableData *data)
{
  const MgSamples *samples = data->samples;
  g_autofree char *last = g_strdup_printf("%zu", samples->x->rows);
  if (!samples->groups && samples->x->rows > 0 && g_str_equal(samples->rows[samples->x->rows - 1], last))
    g_ptr_array_add(data->warnings, g_strdup_printf(_("%s: rows have neither names nor a --group: where several are of "
                                                      "one track, folds part them and the figures pretend"),
                                                    samples->name));
}

/* Those of val are tested by what learned from those of train; the test side stays unseen. */
static gboolean
take_sides(MgSearchRows *rows, size_t repeats, GError **error)
{
  size_t n_train, n_val;
  g_autofree guint32 *train = mg_table_data_side(rows->data, MG_SPLIT_TRAIN, &n_train);
  g_autofree guint32 *val = mg_table_data_side(rows->data, MG_SPLIT_VAL, &n_val);
  if (n_train == 0 || n_val == 0) {
    g_set_error(error, MG_ERROR, MG_ERROR_DATA,
                _("%s: split=%s leaves %zu training and %zu validation rows; a search needs both"),
                rows->data->manifest->path, mg_params_text(rows->params, "split"), n_train, n_val);
    return FALSE;
  }
  g_autofree guint32 *both = g_new(guint32, n_train + n_val);
  memcpy(both, train, n_train * sizeof *both);
  memcpy(both + n_train, val, n_val * sizeof *both);
  rows->samples = mg_samples_pick(rows->data->samples, both, n_train + n_val);
  rows->folds = g_new(int, (n_train + n_val) * repeats);
  for (size_t i = 0; i < (n_train + n_val) * repeats; i++)
    rows->folds[i] = i % (n_train + n_val) < n_train;
  rows->k = 1;
  return TRUE;
}

/* The given folds, or dealt anew for each repeat. */
static gboolean
deal_folds(MgSearchRows *rows, const MgSearchJob *job, size_t repeats, GError **error)
{
  MgSamples *samples = rows->samples = g_steal_pointer(&rows->data->samples);
  size_t n = samples->x->rows;
  rows->k = (int)mg_params_int_or(rows->params, "cv", 5);
  rows->folds = g_new(int, n *repeats);
  for (size_t repeat = 0; repeat < repeats; repeat++) {
    guint64 seed = (guint64)mg_params_int(rows->params, "seed") + repeat;
    g_autofree int *folds =
        job->folds ? mg_folds_load(job->folds, samples, &rows->k, error) : mg_folds_deal(samples, rows->k, seed, error);
    if (!folds)
      return FALSE;
    memcpy(rows->folds + repeat * n, folds, n * sizeof *folds);
  }
  return TRUE;
}

gboolean
mg_search_rows_open(MgSearchRows *rows, const MgSearchJob *job, const MgSpace *space, MgProgress *progress,
                    GError **error)
{
  size_t repeats = (size_t)mg_params_int(job->params, "repeats");
  TableObjective self = {.base = {.space = space}, .job = job};
  g_autoptr(GPtrArray) classes = check(&self, error);
  if (!classes)
    return FALSE;
  rows->params = params_of_class(job, classes->pdata[0]);
  if (!set_fixed(rows->params, job, error))
    return FALSE;
  MgTableJob asked = job_of(job, classes->pdata[0], rows->params);
  asked.request.by_split = mg_table_job_splits(&asked);
  rows->data = mg_table_data_open(&asked.request, progress, error);
  if (!rows->data || !mg_table_data_fill(rows->data, &asked.request, progress, error))
    return FALSE;
  warn_of_nameless(rows->data);
  return asked.request.by_split ? take_sides(rows, repeats, error) : deal_folds(rows, job, repeats, error);
}
