#include "cli/command.h"
#include "cli/columns.h"
#include "cli/model-option.h"
#include "cli/predictions-text.h"
#include "base/error.h"
#include "train/search-run.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Options that are parameters, and so may be given by --set, too. */
static char *trials, *budget, *sampler, *scheduler, *repeats, *jobs, *scaler, *cv, *split, *features, *statistics;
static const struct {
  const char *name;
  char **value;
} shortcuts[] = {
    {"trials", &trials},   {"budget", &budget},     {"sampler", &sampler},       {"scheduler", &scheduler},
    {"repeats", &repeats}, {"jobs", &jobs},         {"scaler", &scaler},         {"cv", &cv},
    {"split", &split},     {"features", &features}, {"statistics", &statistics},
};

typedef struct {
  MgSearchJob *job;
  char **set;
  gboolean json;
} Options;

/* Takes the assignment to what the search itself is told, or to what each trial is. */
static void
sort_setting(const MgSearchJob *job, GPtrArray *for_search, GPtrArray *for_trials, char *assignment)
{
  g_autofree char *name = g_strndup(assignment, strcspn(assignment, "="));
  g_ptr_array_add(mg_params_has(job->params, name) ? for_search : for_trials, assignment);
}

/* NULL-terminated, or NULL where there are none, as `for_search` is. */
static char **
sort_settings(const Options *options, GPtrArray *for_search)
{
  GPtrArray *for_trials = g_ptr_array_new();
  for (char **assignment = options->set; assignment && *assignment; assignment++)
    sort_setting(options->job, for_search, for_trials, g_strdup(*assignment));
  for (size_t i = 0; i < G_N_ELEMENTS(shortcuts); i++)
    if (*shortcuts[i].value)
      sort_setting(options->job, for_search, for_trials,
                   g_strdup_printf("%s=%s", shortcuts[i].name, *shortcuts[i].value));
  g_ptr_array_add(for_search, NULL);
  gboolean any = for_trials->len > 0;
  g_ptr_array_add(for_trials, NULL);
  char **list = (char **)g_ptr_array_free(for_trials, !any);
  return any ? list : NULL;
}

static gboolean
check(const MgSearchJob *job, GError **error)
{
  const char *missing = !job->run                                      ? "--run DIR"
                        : job->resume                                  ? NULL
                        : !job->dataset && !job->table                 ? "--dataset D|--table F.csv"
                        : !job->space && !(job->dataset && job->table) ? "--space F.json"
                                                                       : NULL;
  const char *wrong = job->dataset && job->table      ? _("expected either --dataset D or --table F.csv")
                      : job->resume                   ? NULL
                      : job->model && job->nested     ? _("--nested is for classifiers: expected no --model")
                      : job->model && job->classifier ? _("expected either --model or --classifier")
                      : job->model && job->table      ? _("--model is for tracks: expected --dataset D")
                      : job->table && job->embedding  ? _("--embedding is for tracks: expected --dataset D")
                                                      : NULL;
  if (missing)
    return mg_command_missing(&mg_cmd_search, missing, error);
  return !wrong || mg_command_refuse(&mg_cmd_search, wrong, error);
}

/* What is not given for a new search. */
static void
fill_in(MgSearchJob *job)
{
  job->program = g_file_read_link("/proc/self/exe", NULL);
  if (job->resume || !job->table)
    return;
  if (!job->label)
    job->label = g_strdup("label");
  if (!job->ignore)
    job->ignore = g_strdup("filename,length");
}

static json_t *
folds_json(const MgSearchResult *result)
{
  json_t *folds = json_array();
  for (guint i = 0; i < result->folds->len; i++) {
    const MgNestedFold *fold = &g_array_index(result->folds, MgNestedFold, i);
    json_array_append_new(folds,
                          json_pack("{s:i, s:s, s:f, s:f, s:f}", "fold", fold->fold, "parameters", fold->values,
                                    "score", fold->score, "f1_macro", fold->f1_macro, "accuracy", fold->accuracy));
  }
  return folds;
}

static void
print_json(const MgSearchResult *result)
{
  json_t *root = json_pack("{s:i, s:i, s:f, s:f, s:f}", "trials", result->trials, "failed", result->failed, "epochs",
                           result->epochs, "seconds", result->seconds, "f1_macro", result->score);
  json_object_set_new(root, "std", mg_number_json(result->deviation));
  if (result->folds) {
    json_object_set_new(root, "folds", folds_json(result));
  } else {
    json_object_set_new(root, "best_trial", json_integer(result->best + 1));
    json_object_set_new(root, "parameters", json_string(result->values));
  }
  mg_print_json(root);
}

static void
print_folds_header(void)
{
  mg_print_right(_("fold"), 4);
  mg_print_right(_("inside"), 8);
  mg_print_right(_("macro F1"), 10);
  mg_print_right(_("accuracy"), 10);
  g_print("  %s\n", _("parameters"));
}

static void
print_text(const char *run, const MgSearchResult *result)
{
  g_print(ngettext("%u trial (%u failed), %.4g epochs, %.1f s of learning\n",
                   "%u trials (%u failed), %.4g epochs, %.1f s of learning\n", result->trials),
          result->trials, result->failed, result->epochs, result->seconds);
  if (result->folds)
    print_folds_header();
  for (guint i = 0; result->folds && i < result->folds->len; i++) {
    const MgNestedFold *fold = &g_array_index(result->folds, MgNestedFold, i);
    g_print("%4d  %6.4f  %8.4f  %8.4f  %s\n", fold->fold, fold->score, fold->f1_macro, fold->accuracy, fold->values);
  }
  g_autofree char *deviation =
      isfinite(result->deviation) ? g_strdup_printf(" ± %.4f", result->deviation) : g_strdup("");
  if (result->folds)
    g_print(_("tuned inside the training folds only: macro F1 %.4f%s\n"), result->score, deviation);
  else
    g_print(_("best: trial %d, macro F1 %.4f%s, %s; its model is in %s/best\n"), result->best + 1, result->score,
            deviation, result->values, run);
}

static void
explain_stop(const char *run, GError **error)
{
  if (!error || !g_error_matches(*error, MG_ERROR, MG_ERROR_CANCELLED))
    return;
  g_clear_error(error);
  g_set_error(error, MG_ERROR, MG_ERROR_CANCELLED, _("%s: stopped; --resume goes on from there"), run);
}

static void
print(const Options *options, const MgSearchResult *result)
{
  if (options->json)
    print_json(result);
  else
    print_text(options->job->run, result);
}

static gboolean
work(Options *options, GError **error)
{
  MgSearchJob *job = options->job;
  job->ranks = mg_command_ranks();
  if (!mg_embedding_option_find(&job->embedding, error))
    return FALSE;
  g_autoptr(GPtrArray) assignments = g_ptr_array_new_with_free_func(g_free);
  job->set = sort_settings(options, assignments);
  if (!check(job, error) || !mg_command_set(job->params, (char **)assignments->pdata, error) ||
      (job->space && !mg_search_job_read_space(job, error)))
    return FALSE;
  fill_in(job);
  g_auto(MgSearchResult) result = {0};
  gboolean good = mg_search_run(job, (char **)assignments->pdata, &result, mg_command_progress(), error);
  mg_command_progress_end();
  for (guint i = 0; good && i < result.warnings->len; i++) {
    g_autoptr(GError) warning = g_error_new_literal(MG_ERROR, MG_ERROR_DATA, result.warnings->pdata[i]);
    mg_command_print_error(warning);
  }
  if (!good)
    explain_stop(job->run, error);
  else if (mg_ranks_leads(job->ranks))
    print(options, &result);
  return good;
}

static gboolean
run(int argc, char **argv, GError **error)
{
  g_autoptr(MgSearchJob) job = mg_search_job_new();
  Options options = {.job = job};
  gboolean done;
  GOptionEntry entries[] = {
      {"dataset", 0, 0, G_OPTION_ARG_FILENAME, &job->dataset, N_("Tracks to learn from, as of train"), "D"},
      {"model", 0, 0, G_OPTION_ARG_FILENAME, &job->model, N_("The network, as of train; without, a classifier learns"),
       "NAME"},
      {"label-from", 0, 0, G_OPTION_ARG_STRING, &job->label_from, N_("Class from the file name's first capture"),
       "REGEX"},
      {"group-from", 0, 0, G_OPTION_ARG_STRING, &job->group_from, N_("Group from the file name's first capture"),
       "REGEX"},
      {"fold-from", 0, 0, G_OPTION_ARG_STRING, &job->fold_from, N_("Fold from the file name's first capture"), "REGEX"},
      {"table", 0, 0, G_OPTION_ARG_FILENAME, &job->table,
       N_("Or a table that a classifier learns from, as of table-train"), "F.csv"},
      {"classifier", 0, 0, G_OPTION_ARG_STRING, &job->classifier,
       N_("The classifier, where the space has none to choose"), "NAME"},
      {"label", 0, 0, G_OPTION_ARG_STRING, &job->label, N_("Column of the class; label where left out"), "COL"},
      {"ignore", 0, 0, G_OPTION_ARG_STRING, &job->ignore,
       N_("Columns that are no features; filename,length where left out"), "COL,COL"},
      {"group", 0, 0, G_OPTION_ARG_STRING, &job->group, N_("Column whose rows stay in one fold"), "COL"},
      {"scaler", 0, 0, G_OPTION_ARG_STRING, &scaler, N_("none, minmax or standard"), "NAME"},
      {"cv", 0, 0, G_OPTION_ARG_STRING, &cv, N_("Folds, dealt out evenly by class"), "K"},
      {"split", 0, 0, G_OPTION_ARG_STRING, &split, N_("Or val rows to measure on, as of train"), "S"},
      {"features", 0, 0, G_OPTION_ARG_STRING, &features,
       N_("Features of the tracks that are the rows, as of table-train"), "LIST"},
      {"statistics", 0, 0, G_OPTION_ARG_STRING, &statistics, N_("Their statistics over time"), "LIST"},
      {"embedding", 0, 0, G_OPTION_ARG_FILENAME, &job->embedding, N_("Or vectors of a trained network"), "MODEL"},
      {"layer", 0, 0, G_OPTION_ARG_STRING, &job->layer, N_("Of this layer"), "NAME"},
      {"folds", 0, 0, G_OPTION_ARG_FILENAME, &job->folds, N_("Folds from a table with row and fold"), "F.csv"},
      {"space", 0, 0, G_OPTION_ARG_FILENAME, &job->space,
       N_("What is looked through: a file, a name below models/spaces, or the JSON itself"), "F.json"},
      {"trials", 0, 0, G_OPTION_ARG_STRING, &trials, N_("Configurations that are tried at most"), "N"},
      {"budget", 0, 0, G_OPTION_ARG_STRING, &budget,
       N_("Epochs, or rounds of boosting, that all trials together may take; then as many trials as it pays"),
       "EPOCHS"},
      {"sampler", 0, 0, G_OPTION_ARG_STRING, &sampler, N_("grid, random or tpe"), "NAME"},
      {"scheduler", 0, 0, G_OPTION_ARG_STRING, &scheduler, N_("none, median or asha"), "NAME"},
      {"repeats", 0, 0, G_OPTION_ARG_STRING, &repeats, N_("Times that each is measured, by other seeds"), "N"},
      {"jobs", 0, 0, G_OPTION_ARG_STRING, &jobs, N_("Trials at a time"), "N"},
      {"nested", 0, 0, G_OPTION_ARG_NONE, &job->nested,
       N_("Search in the training rows of each fold alone, and measure on the others"), NULL},
      {"run", 0, 0, G_OPTION_ARG_FILENAME, &job->run, N_("Folder of the search: new or empty"), "DIR"},
      {"resume", 0, 0, G_OPTION_ARG_NONE, &job->resume, N_("Go on with a search that was stopped, or with more trials"),
       NULL},
      {"set", 's', 0, G_OPTION_ARG_STRING_ARRAY, &options.set,
       N_("Set a parameter of the search, or one that is the same in all trials"), "NAME=VALUE"},
      {"json", 0, 0, G_OPTION_ARG_NONE, &options.json, N_("Print JSON"), NULL},
      {NULL},
  };
  gboolean good =
      mg_command_parse(&mg_cmd_search, entries, mg_params_tables(job->params), &argc, &argv, 0, 0, &done, error) &&
      (done || work(&options, error));
  g_strfreev(options.set);
  return good;
}

const MgCommand mg_cmd_search = {
    .name = "search",
    .arguments = "",
    .help = N_("Search for the parameters with which a network or a classifier learns best"),
    .run = run,
    .ranks = TRUE,
};
