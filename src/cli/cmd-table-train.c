#include "cli/command.h"
#include "cli/predictions-text.h"
#include "base/error.h"
#include "train/table-run.h"
#include <jansson.h>
#include <stdio.h>

typedef struct {
  char *table, *label, *ignore, *group, *classifier, *scaler, *folds, *run, **set;
  int cv;
  gboolean json;
} Options;

/* Every table, for --help, or those of one classifier. */
static GPtrArray *
collect_tables(const MgClassifierClass *only)
{
  GPtrArray *tables = g_ptr_array_new();
  g_ptr_array_add(tables, (gpointer)&mg_table_run_params);
  for (const MgClassifierClass *const *class = mg_classifier_classes(); *class; class ++)
    for (size_t i = 0; (!only || *class == only) && (*class)->tables[i]; i++)
      if (!g_ptr_array_find(tables, (*class)->tables[i], NULL))
        g_ptr_array_add(tables, (gpointer)(*class)->tables[i]);
  g_ptr_array_add(tables, NULL);
  return tables;
}

static gboolean
check(const Options *options, GError **error)
{
  const char *missing = !options->table        ? "--table F.csv"
                        : !options->classifier ? "--classifier NAME"
                        : !options->run        ? "--run DIR"
                                               : NULL;
  if (missing)
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE,
                "table-train: %s is missing; melograph-cli table-train --help tells more", missing);
  return !missing;
}

static gboolean
make_params(const Options *options, const MgClassifierClass *class, MgParams **params, GError **error)
{
  g_autoptr(GPtrArray) tables = collect_tables(class);
  *params = mg_params_new((const MgParamTable *const *)tables->pdata);
  g_autofree char *cv = g_strdup_printf("%d", options->cv);
  return (!options->scaler || mg_params_set(*params, "scaler", options->scaler, error)) &&
         (!options->cv || mg_params_set(*params, "cv", cv, error)) && mg_command_set(*params, options->set, error);
}

static void
print_json(const Options *options, const MgTableResult *result)
{
  json_t *folds = json_array();
  for (guint i = 0; i < result->folds->len; i++) {
    const MgTableFold *fold = &g_array_index(result->folds, MgTableFold, i);
    json_array_append_new(folds, json_pack("{s:f, s:f, s:f, s:I}", "f1_macro", fold->f1_macro, "accuracy",
                                           fold->accuracy, "seconds", fold->seconds, "rows", (json_int_t)fold->rows));
  }
  json_t *root = json_pack("{s:s, s:f, s:f, s:f, s:f, s:o}", "classifier", options->classifier, "f1_macro",
                           result->f1_macro, "f1_deviation", result->f1_deviation, "accuracy", result->accuracy,
                           "seconds", result->seconds, "folds", folds);
  mg_figures_to_json(root, &result->figures);
  json_t *warnings = json_array();
  for (guint i = 0; i < result->warnings->len; i++)
    json_array_append_new(warnings, json_string(result->warnings->pdata[i]));
  json_object_set_new(root, "duplicates", json_integer((json_int_t)result->duplicates));
  json_object_set_new(root, "warnings", warnings);
  mg_print_json(root);
}

static void
print_text(const Options *options, const MgTableResult *result)
{
  g_print("fold  macro F1  accuracy  rows  seconds\n");
  for (guint i = 0; i < result->folds->len; i++) {
    const MgTableFold *fold = &g_array_index(result->folds, MgTableFold, i);
    g_print("%4u  %8.4f  %8.4f  %4zu  %7.2f\n", i + 1, fold->f1_macro, fold->accuracy, fold->rows, fold->seconds);
  }
  g_print("%s: macro F1 %.4f ± %.4f, accuracy %.4f, %.2f s to learn\n", options->classifier, result->f1_macro,
          result->f1_deviation, result->accuracy, result->seconds);
  g_print("all rows: accuracy between %.4f and %.4f (95%%), AUC %.4f, log-loss %.4f, calibration error %.4f\n",
          result->figures.accuracy_low, result->figures.accuracy_high, result->figures.auc_ovr,
          result->figures.log_loss, result->figures.ece);
}

static gboolean
work(const Options *options, GError **error)
{
  const MgClassifierClass *class = check(options, error) ? mg_classifier_class_find(options->classifier, error) : NULL;
  g_autoptr(MgParams) params = NULL;
  if (!class || !make_params(options, class, &params, error))
    return FALSE;
  MgTableJob job = {.table = options->table,
                    .label = options->label ? options->label : "label",
                    .group = options->group,
                    .ignore = options->ignore ? options->ignore : "filename,length",
                    .folds = options->folds,
                    .classifier = class,
                    .params = params,
                    .run = options->run};
  g_auto(MgTableResult) result = {0};
  gboolean good = mg_table_run(&job, &result, mg_command_progress(), error);
  mg_command_progress_end();
  for (guint i = 0; good && i < result.warnings->len; i++)
    g_printerr("%s\n", (const char *)result.warnings->pdata[i]);
  if (good)
    (options->json ? print_json : print_text)(options, &result);
  return good;
}

static gboolean
run(int argc, char **argv, GError **error)
{
  static Options options;
  static GOptionEntry entries[] = {
      {"table", 0, 0, G_OPTION_ARG_FILENAME, &options.table, "Table of numbers with a header", "F.csv"},
      {"label", 0, 0, G_OPTION_ARG_STRING, &options.label, "Column of the class; label where left out", "COL"},
      {"ignore", 0, 0, G_OPTION_ARG_STRING, &options.ignore,
       "Columns that are no features; filename,length where left out", "COL,COL"},
      {"group", 0, 0, G_OPTION_ARG_STRING, &options.group, "Column whose rows stay in one fold", "COL"},
      {"classifier", 0, 0, G_OPTION_ARG_STRING, &options.classifier, "What learns: logistic …", "NAME"},
      {"scaler", 0, 0, G_OPTION_ARG_STRING, &options.scaler, "none, minmax or standard", "NAME"},
      {"cv", 0, 0, G_OPTION_ARG_INT, &options.cv, "Folds, dealt out evenly by class", "K"},
      {"folds", 0, 0, G_OPTION_ARG_FILENAME, &options.folds, "Folds from a table with row and fold", "F.csv"},
      {"run", 0, 0, G_OPTION_ARG_FILENAME, &options.run, "Run folder: new or empty", "DIR"},
      {"set", 's', 0, G_OPTION_ARG_STRING_ARRAY, &options.set, "Set a parameter", "NAME=VALUE"},
      {"json", 0, 0, G_OPTION_ARG_NONE, &options.json, "Print JSON", NULL},
      {NULL},
  };
  g_autoptr(GPtrArray) tables = collect_tables(NULL);
  gboolean done;
  return mg_command_parse(&mg_cmd_table_train, entries, (const MgParamTable *const *)tables->pdata, &argc, &argv, 0, 0,
                          &done, error) &&
         (done || work(&options, error));
}

const MgCommand mg_cmd_table_train = {
    .name = "table-train",
    .arguments = "",
    .help = "Train a classifier on a table of features, measured by cross-validation",
    .run = run,
};
