/* The objective of a network: the highest validation macro F1 of a run, that its own process trains. A trial is stopped
 * at a rung by train --until and goes on from its checkpoint, so that nothing is trained twice. */
#include "train/search-objective.h"
#include "base/csv.h"
#include "base/error.h"
#include "base/file.h"
#include "base/parallel.h"
#include "dataset/split.h"
#include "nn/description.h"
#include "train/run-dir.h"
#include "train/train-process.h"
#include "train/trainer.h"
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

typedef struct {
  MgObjective base;
  const MgSearchJob *job;
  char *folder;
  int repeats;
} NetworkObjective;

/* Parameters */

/* What is a parameter of training, and what of the network: the latter's assignments are appended to `own`. */
static gboolean
set_one(MgParams *params, GString *own, const char *name, const char *text, GError **error)
{
  if (mg_params_has(params, name))
    return mg_params_set(params, name, text, error);
  g_string_append_printf(own, " %s=%s", name, text);
  return TRUE;
}

static MgParams *
params_of(const NetworkObjective *self, const double *values, GString *own, GError **error)
{
  g_autoptr(MgParams) params = mg_params_new(mg_train_tables());
  for (char **assignment = self->job->set; assignment && *assignment; assignment++) {
    g_auto(GStrv) parts = g_strsplit(*assignment, "=", 2);
    if (!set_one(params, own, parts[0], parts[1] ? parts[1] : "", error))
      return NULL;
  }
  for (guint i = 0; values && i < self->base.space->params->len; i++) {
    g_autofree char *text = mg_space_text(self->base.space, i, values[i]);
    if (*text && !set_one(params, own, mg_space_param(self->base.space, i)->parameter, text, error))
      return NULL;
  }
  return g_steal_pointer(&params);
}

/* Every value, or both ends, in turn: as parameters of training or of the network. */
static gboolean
check_param(const NetworkObjective *self, const char *description, guint i, GError **error)
{
  const MgSpace *space = self->base.space;
  const MgSpaceParam *param = mg_space_param(space, i);
  g_autoptr(MgParams) params = mg_params_new(mg_train_tables());
  guint n = param->values ? param->n_values : 2;
  for (guint k = 0; k < n; k++) {
    g_autoptr(GString) own = g_string_new(NULL);
    g_autoptr(GError) cause = NULL;
    g_autofree char *text = mg_space_text(space, i, param->values ? k : k == 0 ? param->low : param->high);
    g_autofree char *changed = set_one(params, own, param->parameter, text, &cause)
                                   ? mg_description_with(description, self->job->model, own->str, &cause)
                                   : NULL;
    if (!changed) {
      g_set_error(error, MG_ERROR, MG_ERROR_USAGE, "%s: %s: %s", space->name, param->name, cause->message);
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
check(const NetworkObjective *self, GError **error)
{
  g_autofree char *path = NULL, *description = mg_description_read(self->job->model, &path, error);
  g_autoptr(GString) own = g_string_new(NULL);
  g_autoptr(MgParams) params = description ? params_of(self, NULL, own, error) : NULL;
  g_autofree char *changed = params ? mg_description_with(description, self->job->model, own->str, error) : NULL;
  for (guint i = 0; changed && i < self->base.space->params->len; i++)
    if (!check_param(self, description, i, error))
      return FALSE;
  return changed != NULL;
}

/* Processes */

static void
add(GPtrArray *arguments, const char *option, const char *value)
{
  if (!value)
    return;
  g_ptr_array_add(arguments, g_strdup(option));
  g_ptr_array_add(arguments, g_strdup(value));
}

static void
add_setting(GPtrArray *arguments, const char *name, const char *text)
{
  g_ptr_array_add(arguments, g_strdup("--set"));
  g_ptr_array_add(arguments, g_strdup_printf("%s=%s", name, text));
}

static void
add_threads(GPtrArray *arguments, const NetworkObjective *self, const MgParams *params)
{
  g_autofree char *share =
      g_strdup_printf("%d", MAX(1, mg_processors() / (int)mg_params_int(self->job->params, "jobs")));
  gboolean all = mg_params_int(params, "threads") == 0;
  add_setting(arguments, "threads", all ? share : mg_params_text(params, "threads"));
}

/* All that a new run is told, but where its tracks come from. */
static void
add_settings(GPtrArray *arguments, const NetworkObjective *self, const double *values)
{
  for (char **assignment = self->job->set; assignment && *assignment; assignment++)
    add(arguments, "--set", *assignment);
  for (guint i = 0; i < self->base.space->params->len; i++) {
    g_autofree char *text = mg_space_text(self->base.space, i, values[i]);
    if (*text)
      add_setting(arguments, mg_space_param(self->base.space, i)->parameter, text);
  }
}

static GPtrArray *
begin_command(const char *run)
{
  GPtrArray *arguments = g_ptr_array_new_with_free_func(g_free);
  g_ptr_array_add(arguments, g_strdup("train"));
  g_ptr_array_add(arguments, g_strdup("--quiet"));
  add(arguments, "--run", run);
  return arguments;
}

static gboolean
run_command(const NetworkObjective *self, GPtrArray *arguments, MgProgress *progress, GError **error)
{
  g_ptr_array_add(arguments, NULL);
  return mg_train_process(self->job->program, (const char *const *)arguments->pdata, progress, error);
}

/* Measuring */

static char *
run_of(const NetworkObjective *self, guint trial, int repeat)
{
  g_autofree char *name =
      self->repeats > 1 ? g_strdup_printf("%04u-%d", trial + 1, repeat + 1) : g_strdup_printf("%04u", trial + 1);
  return g_build_filename(self->folder, "trials", name, NULL);
}

static gboolean
has_begun(const char *run)
{
  g_autofree char *config = g_build_filename(run, "config.ini", NULL);
  return g_file_test(config, G_FILE_TEST_EXISTS);
}

static gboolean
train_until(const NetworkObjective *self, const char *run, const MgTrialTask *task, const MgParams *params, int repeat,
            int until, MgProgress *progress, GError **error)
{
  const MgSearchJob *job = self->job;
  g_autoptr(GPtrArray) arguments = begin_command(run);
  g_autofree char *epochs = g_strdup_printf("%d", until);
  g_autofree char *seed = g_strdup_printf("%" G_GINT64_FORMAT, (mg_params_int(params, "seed") + repeat) % 4294967296);
  add(arguments, "--until", epochs);
  if (has_begun(run)) {
    g_ptr_array_add(arguments, g_strdup("--resume"));
  } else {
    if (!mg_folder_remove(run, error))
      return FALSE;
    add(arguments, "--dataset", job->dataset);
    add(arguments, "--model", job->model);
    add(arguments, "--label-from", job->label_from);
    add(arguments, "--group-from", job->group_from);
    add(arguments, "--fold-from", job->fold_from);
    add_settings(arguments, self, task->values);
    add_setting(arguments, "seed", seed);
  }
  add_threads(arguments, self, params);
  return run_command(self, arguments, progress, error);
}

/* The best epoch's validation macro F1, of the first `until` epochs. */
static gboolean
read_best(const char *run, int until, double *f1, int *epoch, GError **error)
{
  MgMetricsTail tail = {0};
  gboolean restarted;
  g_autoptr(GArray) metrics = g_array_new(FALSE, FALSE, sizeof(MgMetric));
  *epoch = 0;
  if (!mg_metrics_tail(run, &tail, metrics, &restarted, error))
    return FALSE;
  for (guint i = 0; i < metrics->len; i++) {
    const MgMetric *metric = &g_array_index(metrics, MgMetric, i);
    if (!g_str_equal(metric->split, "val") || !g_str_equal(metric->name, "f1_macro") || metric->epoch > until ||
        (*epoch > 0 && metric->value <= *f1))
      continue;
    *f1 = metric->value;
    *epoch = metric->epoch;
  }
  if (*epoch == 0)
    g_set_error(error, MG_ERROR, MG_ERROR_DATA, _("%s: no validation F1; expected a split with validation segments"),
                run);
  return *epoch > 0;
}

static int
epochs_of(const MgParams *params, double share)
{
  return MAX(share > 0 ? 1 : 0, (int)floor(share * (double)mg_params_int(params, "epochs") + 0.5));
}

static double
price(MgObjective *objective, const double *values, double share, double before)
{
  const NetworkObjective *self = (const NetworkObjective *)objective;
  g_autoptr(GString) own = g_string_new(NULL);
  g_autoptr(MgParams) params = params_of(self, values, own, NULL);
  return params ? (epochs_of(params, share) - epochs_of(params, before)) * self->repeats : 0;
}

/* Epochs are those that were trained: a run may have ended early. */
static gboolean
measure_run(const NetworkObjective *self, const MgTrialTask *task, const MgParams *params, int repeat, double *f1,
            MgTrialCost *cost, MgProgress *progress, GError **error)
{
  g_autofree char *run = run_of(self, task->number, repeat);
  int until = epochs_of(params, task->share), best;
  gint64 start = g_get_monotonic_time();
  MgRunStatus status;
  gboolean good = train_until(self, run, task, params, repeat, until, progress, error) &&
                  read_best(run, until, f1, &best, error) && mg_run_status_read(run, &status, error);
  cost->seconds += (double)(g_get_monotonic_time() - start) / 1e6;
  if (good)
    cost->epochs += MAX(0, status.epoch - epochs_of(params, task->before));
  return good;
}

static gboolean
measure(MgObjective *objective, const MgTrialTask *task, double *score, MgTrialCost *cost, MgProgress *progress,
        GError **error)
{
  NetworkObjective *self = (NetworkObjective *)objective;
  g_autoptr(GString) own = g_string_new(NULL);
  g_autoptr(MgParams) params = params_of(self, task->values, own, error);
  double sum = 0, squares = 0, f1 = 0;
  for (int repeat = 0; params && repeat < self->repeats; repeat++) {
    if (!measure_run(self, task, params, repeat, &f1, cost, progress, error))
      return FALSE;
    sum += f1;
    squares += f1 * f1;
  }
  *score = sum / self->repeats;
  cost->deviation = self->repeats > 1 ? sqrt(MAX(0, squares / self->repeats - *score * *score)) : NAN;
  return params != NULL;
}

/* Keeping the best */

/* The tracks of a run as a data set whose validation tracks are for training. */
static gboolean
join_validation(const char *run, const char *path, GError **error)
{
  g_autofree char *split = g_build_filename(run, "split.csv", NULL);
  g_autoptr(MgCsv) csv = mg_csv_load(split, error);
  if (!csv)
    return FALSE;
  int column = mg_csv_column(csv, "split");
  g_autoptr(GString) text = g_string_new("path,label,group,split,start,end\n");
  static const char *const names[] = {"path", "label", "group", "split", "start", "end"};
  for (guint row = 0; row < csv->rows->len; row++) {
    g_autoptr(GString) line = g_string_new(NULL);
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
      const char *field = mg_csv_get(csv, row, mg_csv_column(csv, names[i]));
      mg_csv_append(line, g_str_equal(names[i], "split") && g_str_equal(field, "val") ? "train" : field);
    }
    if (!g_str_equal(mg_csv_get(csv, row, column), "none"))
      g_string_append_printf(text, "%s\n", line->str);
  }
  return mg_file_write(path, text->str, text->len, error);
}

static gboolean
keep(MgObjective *objective, const MgTrialTask *task, const char *folder, MgProgress *progress, GError **error)
{
  NetworkObjective *self = (NetworkObjective *)objective;
  g_autofree char *run = run_of(self, task->number, 0), *data = g_build_filename(self->folder, "best.csv", NULL);
  g_autoptr(GString) own = g_string_new(NULL);
  g_autoptr(MgParams) params = params_of(self, task->values, own, error);
  double f1;
  int best;
  if (!params || !read_best(run, G_MAXINT, &f1, &best, error))
    return FALSE;
  gboolean leaky = mg_split_is_leaky(params); /* dealt by segment: no table of tracks tells it */
  if (!leaky && !join_validation(run, data, error))
    return FALSE;
  g_autoptr(GPtrArray) arguments = begin_command(folder);
  g_autofree char *epochs = g_strdup_printf("%d", best);
  add(arguments, "--dataset", leaky ? self->job->dataset : data);
  add(arguments, "--model", self->job->model);
  add_settings(arguments, self, task->values);
  add_setting(arguments, "epochs", epochs);
  if (!leaky) {
    add_setting(arguments, "split", "column");
    add_setting(arguments, "early_stop", "0");
    if (g_str_equal(mg_params_text(params, "schedule"), "on-plateau")) /* it watches what is learned from now */
      add_setting(arguments, "schedule", "constant");
  }
  return run_command(self, arguments, progress, error);
}

static void
free_network(MgObjective *objective)
{
  g_free(((NetworkObjective *)objective)->folder);
  g_free(objective);
}

MgObjective *
mg_objective_network(const MgSearchJob *job, const MgSpace *space, const char *folder, GError **error)
{
  NetworkObjective *self = g_new0(NetworkObjective, 1);
  *self =
      (NetworkObjective){.base = {space, price, measure, keep, free_network}, .job = job, .folder = g_strdup(folder)};
  self->repeats = (int)mg_params_int(job->params, "repeats");
  if (check(self, error))
    return &self->base;
  free_network(&self->base);
  return NULL;
}

void
mg_objective_free(MgObjective *objective)
{
  if (objective)
    objective->free(objective);
}
