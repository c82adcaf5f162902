#include "cli/command.h"
#include "cli/model-option.h"
#include "cli/recipe.h"
#include "cli/table-results.h"
#include "base/error.h"
#include "dataset/table.h"
#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct {
  char *table, *label, *ignore, *group;
  char *dataset, *features, *statistics, *embedding, *layer;
  MgImportOptions import;
  char *classifier, *recipe, *scaler, *split, *folds, *run, *out, **set;
  int cv;
  gboolean json, resume;
} Options;

static gboolean
check(const Options *options, GError **error)
{
  const char *missing = !options->table && !options->dataset       ? "--table F.csv|--dataset D"
                        : !options->classifier && !options->recipe ? "--classifier NAME"
                        : !options->run                            ? "--run DIR"
                                                                   : NULL;
  const char *wrong = options->table && options->dataset        ? "--table, --dataset"
                      : options->embedding && options->features ? "--embedding, --features"
                      : options->table && options->embedding    ? "--table, --embedding"
                      : options->table && options->features     ? "--table, --features"
                      : options->classifier && options->recipe  ? "--classifier, --recipe"
                      : options->split && options->cv           ? "--split, --cv"
                      : options->split && options->folds        ? "--split, --folds"
                      : options->folds && options->cv           ? "--folds, --cv"
                                                                : NULL;
  if (missing)
    mg_command_missing(&mg_cmd_table_train, missing, error);
  else if (wrong)
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("table-train: %s: expected one of both"), wrong);
  return !missing && !wrong;
}

/* Of what makes the rows: features and their settings; of vectors only how long the rows are. */
static const MgParamTable *const *
tables_of_rows(const Options *options)
{
  static const MgParamTable *const lengths[] = {&mg_table_params, NULL};
  return options->table ? NULL : options->embedding ? lengths : mg_table_param_tables();
}

typedef struct {
  const MgClassifierClass *class;
  MgParams *params;
  char *run;
  GStrv words; /* the classifier's name, then its own parameters */
} Task;

static void
free_task(gpointer data)
{
  Task *task = data;
  mg_params_free(task->params);
  g_free(task->run);
  g_strfreev(task->words);
  g_free(task);
}

static gboolean
set_option(MgParams *params, const char *name, const char *value, GError **error)
{
  return !value || mg_params_set(params, name, value, error);
}

static char *
name_of(const char *assignment)
{
  return g_strndup(assignment, strcspn(assignment, "="));
}

/* Of several classifiers, --set counts for those that know its name. */
static gboolean
set_known(MgParams *params, char **assignments, gboolean several, GError **error)
{
  for (; assignments && *assignments; assignments++) {
    g_autofree char *name = name_of(*assignments);
    if ((!several || mg_params_has(params, name)) && !mg_params_assign(params, *assignments, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
set_params(const Options *options, MgParams *params, char **own, gboolean several, GError **error)
{
  g_autofree char *cv = options->cv ? g_strdup_printf("%d", options->cv) : options->split ? g_strdup("0") : NULL;
  return set_option(params, "scaler", options->scaler, error) && set_option(params, "cv", cv, error) &&
         set_option(params, "split", options->split, error) &&
         set_option(params, "features", options->features, error) &&
         set_option(params, "statistics", options->statistics, error) &&
         set_known(params, options->set, several, error) && mg_command_set(params, own, error);
}

/* "svc:C=3:kernel=rbf" */
static Task *
make_task(const Options *options, const char *text, gboolean several, GError **error)
{
  g_auto(GStrv) words = g_strsplit(text, ":", -1);
  const MgClassifierClass *class = mg_classifier_class_find(words[0] ? words[0] : "", error);
  if (!class)
    return NULL;
  g_autoptr(GPtrArray) tables = mg_table_run_tables(class, tables_of_rows(options));
  Task *task = g_new0(Task, 1);
  g_autofree char *folder = g_strdelimit(g_strdup(text), ":/", '-');
  task->class = class;
  task->params = mg_params_new((const MgParamTable *const *)tables->pdata);
  task->run = several ? g_build_filename(options->run, folder, NULL) : g_strdup(options->run);
  task->words = g_steal_pointer(&words);
  if (set_params(options, task->params, task->words + 1, several, error))
    return task;
  free_task(task);
  return NULL;
}

/* Before the first one learns for an hour. */
static gboolean
check_tasks(const Options *options, const GPtrArray *tasks, GError **error)
{
  g_autoptr(GHashTable) runs = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = 0; i < tasks->len; i++) {
    const char *run = ((const Task *)tasks->pdata[i])->run;
    gboolean again = !g_hash_table_add(runs, (gpointer)run);
    if (!again && (tasks->len == 1 || options->resume || !g_file_test(run, G_FILE_TEST_EXISTS)))
      continue;
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("%s: %s; expected a new folder"), run,
                again ? _("a classifier is asked for twice") : _("there is something already"));
    return FALSE;
  }
  for (char **set = options->set; set && *set; set++) {
    g_autofree char *name = name_of(*set);
    gboolean known = FALSE;
    for (guint i = 0; i < tasks->len; i++)
      known |= mg_params_has(((const Task *)tasks->pdata[i])->params, name);
    if (!known) {
      g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("--set %s: none of the classifiers has a parameter “%s”"), *set,
                  name);
      return FALSE;
    }
  }
  return TRUE;
}

static GPtrArray *
make_tasks(const Options *options, GError **error)
{
  g_autoptr(GPtrArray) tasks = g_ptr_array_new_with_free_func(free_task);
  g_auto(GStrv) items = options->recipe ? mg_recipe_load(options->recipe, error) : mg_recipe_split(options->classifier);
  if (!items)
    return NULL;
  for (char **item = items; *item; item++) {
    Task *task = make_task(options, *item, items[1] != NULL, error);
    if (!task)
      return NULL;
    g_ptr_array_add(tasks, task);
  }
  return check_tasks(options, tasks, error) ? g_steal_pointer(&tasks) : NULL;
}

static MgTableJob
job_of(const Options *options, const Task *task)
{
  return (MgTableJob){.request = {.table = options->table,
                                  .label = options->label ? options->label : "label",
                                  .group = options->group,
                                  .ignore = options->ignore ? options->ignore : "filename,length",
                                  .dataset = options->dataset,
                                  .import = options->import,
                                  .embedding = options->embedding,
                                  .layer = options->layer,
                                  .params = task->params},
                      .folds = options->folds,
                      .classifier = task->class,
                      .run = task->run,
                      .keep = TRUE,
                      .resume = options->resume};
}

/* After each classifier: whoever waits for the others sees it. */
static gboolean
save_results(const Options *options, const GArray *results, gboolean several, GError **error)
{
  g_autofree char *own = several ? g_build_filename(options->run, "results.csv", NULL) : NULL;
  return (!own || mg_table_results_save(results, own, error)) &&
         (!options->out || mg_table_results_save(results, options->out, error));
}

/* The command's error is the last one; those before have their lines, but for what is the same for all. */
static void
remember(GError **failure, GError *cause)
{
  if (*failure && !g_str_equal((*failure)->message, cause->message))
    mg_command_print_error(*failure);
  g_clear_error(failure);
  *failure = cause;
}

/* Where one fails, the next is tried. */
static gboolean
run_tasks(const Options *options, const GPtrArray *tasks, GArray *results, GError **error)
{
  g_autoptr(MgTableData) data = NULL;
  g_autoptr(GError) failure = NULL;
  for (guint i = 0; i < tasks->len; i++) {
    const Task *task = tasks->pdata[i];
    MgTableJob job = job_of(options, task);
    MgTrainedClassifier trained = {task->class, task->params, task->run, (const char *const *)task->words + 1, {0}};
    g_autoptr(MgProgress) part =
        mg_progress_new_part(mg_command_progress(), i / (double)tasks->len, (i + 1) / (double)tasks->len, NULL, NULL);
    g_autoptr(GError) cause = NULL;
    if (mg_table_run(&job, &data, &trained.result, part, &cause)) {
      g_array_append_val(results, trained);
      if (!save_results(options, results, tasks->len > 1, error))
        return FALSE;
    } else {
      mg_table_result_clear(&trained.result);
    }
    if (cause)
      remember(&failure, g_steal_pointer(&cause));
    gboolean other = options->resume && g_error_matches(failure, MG_ERROR, MG_ERROR_USAGE);
    if (!data || other || g_error_matches(failure, MG_ERROR, MG_ERROR_CANCELLED))
      break;
  }
  mg_command_progress_end();
  for (guint i = 0; !failure && i < tasks->len; i++)
    mg_table_run_forget(((const Task *)tasks->pdata[i])->run);
  if (!failure)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&failure));
  return FALSE;
}

static void
tell_warnings(const GArray *results)
{
  const GPtrArray *warnings = results->len ? g_array_index(results, MgTrainedClassifier, 0).result.warnings : NULL;
  for (guint i = 0; warnings && i < warnings->len; i++) {
    g_autoptr(GError) warning = g_error_new_literal(MG_ERROR, MG_ERROR_DATA, warnings->pdata[i]);
    mg_command_print_error(warning);
  }
}

static void
clear_trained(gpointer trained)
{
  mg_table_result_clear(&((MgTrainedClassifier *)trained)->result);
}

static gboolean
work(Options *options, GError **error)
{
  g_autoptr(GPtrArray) tasks =
      check(options, error) && mg_embedding_option_find(&options->embedding, error) ? make_tasks(options, error) : NULL;
  if (!tasks)
    return FALSE;
  g_autoptr(GArray) results = g_array_new(FALSE, FALSE, sizeof(MgTrainedClassifier));
  g_array_set_clear_func(results, clear_trained);
  gboolean good = run_tasks(options, tasks, results, error);
  tell_warnings(results);
  if (results->len > 0)
    (options->json ? mg_table_results_print_json : mg_table_results_print)(results, tasks->len > 1);
  return good;
}

static gboolean
run(int argc, char **argv, GError **error)
{
  static Options options;
  static GOptionEntry entries[] = {
      {"table", 0, 0, G_OPTION_ARG_FILENAME, &options.table, N_("Table of numbers with a header"), "F.csv"},
      {"label", 0, 0, G_OPTION_ARG_STRING, &options.label, N_("Its column of the class; label where left out"), "COL"},
      {"ignore", 0, 0, G_OPTION_ARG_STRING, &options.ignore,
       N_("Its columns that are no features; filename,length where left out"), "COL,COL"},
      {"group", 0, 0, G_OPTION_ARG_STRING, &options.group, N_("Its column whose rows stay in one fold"), "COL"},
      {"dataset", 0, 0, G_OPTION_ARG_FILENAME, &options.dataset,
       N_("In place of a table: folder of classes, ESC-50 layout or CSV of sounds"), "D"},
      {"features", 0, 0, G_OPTION_ARG_STRING, &options.features,
       N_("Features of its sounds that make the columns, or the name of a table: gtzan or fma"), "NAME,NAME"},
      {"statistics", 0, 0, G_OPTION_ARG_STRING, &options.statistics, N_("Statistics of them over time"), "NAME,NAME"},
      {"embedding", 0, 0, G_OPTION_ARG_FILENAME, &options.embedding,
       N_("In place of features: a trained network, a file, a name or a run, whose vectors are the rows"), "MODEL"},
      {"layer", 0, 0, G_OPTION_ARG_STRING, &options.layer, N_("Its layer; the last before the logits"), "NAME"},
      {"label-from", 0, 0, G_OPTION_ARG_STRING, &options.import.label_from, N_("Class of a flat folder's files"),
       "REGEX"},
      {"group-from", 0, 0, G_OPTION_ARG_STRING, &options.import.group_from, N_("Group, from the file name"), "REGEX"},
      {"fold-from", 0, 0, G_OPTION_ARG_STRING, &options.import.fold_from, N_("Fold, from the file name"), "REGEX"},
      {"classifier", 0, 0, G_OPTION_ARG_STRING, &options.classifier,
       N_("What learns: logistic …; several, also with parameters of their own: logistic,svc:C=3:kernel=rbf"), "NAME"},
      {"recipe", 0, 0, G_OPTION_ARG_FILENAME, &options.recipe,
       N_("In place of --classifier: a file of them, one a line, or the name of one below models/recipes"), "NAME"},
      {"scaler", 0, 0, G_OPTION_ARG_STRING, &options.scaler, N_("none, minmax or standard"), "NAME"},
      {"split", 0, 0, G_OPTION_ARG_STRING, &options.split, N_("Sides to learn from and to test on, as of train"),
       "6:2:2"},
      {"cv", 0, 0, G_OPTION_ARG_INT, &options.cv, N_("Folds, dealt out evenly by class, groups kept together"), "K"},
      {"folds", 0, 0, G_OPTION_ARG_FILENAME, &options.folds,
       N_("Folds from a table with row and fold; column: the data set's own"), "F.csv"},
      {"run", 0, 0, G_OPTION_ARG_FILENAME, &options.run,
       N_("Run folder, new or empty; of several classifiers it gets one for each"), "DIR"},
      {"resume", 0, 0, G_OPTION_ARG_NONE, &options.resume,
       N_("Go on with a run that was stopped or killed, by the same options; what is learned already stays"), NULL},
      {"out", 'o', 0, G_OPTION_ARG_FILENAME, &options.out, N_("Table of what came out, a line a classifier"), "F.csv"},
      {"set", 's', 0, G_OPTION_ARG_STRING_ARRAY, &options.set, N_("Set a parameter"), "NAME=VALUE"},
      {"json", 0, 0, G_OPTION_ARG_NONE, &options.json, N_("Print JSON"), NULL},
      {NULL},
  };
  g_autoptr(GPtrArray) tables = mg_table_run_tables(NULL, mg_table_param_tables());
  gboolean done;
  return mg_command_parse(&mg_cmd_table_train, entries, (const MgParamTable *const *)tables->pdata, &argc, &argv, 0, 0,
                          &done, error) &&
         (done || work(&options, error));
}

const MgCommand mg_cmd_table_train = {
    .name = "table-train",
    .arguments = "",
    .help = N_("Train classifiers on a table of features, or on the sounds of a data set"),
    .run = run,
};
