#include "cli/table-results.h"
#include "cli/columns.h"
#include "cli/predictions-text.h"
#include "base/csv.h"
#include "base/file.h"
#include "base/machine.h"
#include <glib/gi18n-lib.h>
#include <string.h>

static const MgTrainedClassifier *
get(const GArray *results, guint i)
{
  return &g_array_index(results, MgTrainedClassifier, i);
}

static gboolean
is_own(const MgTrainedClassifier *trained, const char *name)
{
  size_t length = strlen(name);
  for (const char *const *own = trained->own; *own; own++)
    if (strncmp(*own, name, length) == 0 && (*own)[length] == '=')
      return TRUE;
  return FALSE;
}

/* The classifier's parameters, and the scaler, that it was given or that are not as they come: "C=3 kernel=linear". */
static char *
parameters_text(const MgTrainedClassifier *trained)
{
  GString *text = g_string_new(NULL);
  for (const char *const *own = trained->own; *own; own++)
    g_string_append_printf(text, " %s", *own);
  if (!is_own(trained, "scaler") && !mg_params_is_default(trained->params, "scaler"))
    g_string_append_printf(text, " scaler=%s", mg_params_text(trained->params, "scaler"));
  for (const MgParamTable *const *table = trained->class->tables; *table; table++)
    for (size_t i = 0; i < (*table)->n; i++) {
      const MgParamSpec *spec = &(*table)->specs[i];
      gboolean held = mg_params_spec(trained->params, spec->name) == spec; /* by this table */
      if (held && !is_own(trained, spec->name) && !mg_params_is_default(trained->params, spec->name))
        g_string_append_printf(text, " %s=%s", spec->name, mg_params_text(trained->params, spec->name));
    }
  return g_strchug(g_string_free(text, FALSE));
}

static const char *
leaky_note(const MgTableResult *result)
{
  return result->leaky ? _(" (leaky split: pretends)") : "";
}

static void
print_folds(const MgTableResult *result)
{
  mg_print_right(_("fold"), 4);
  mg_print_right(_("macro F1"), 10);
  mg_print_right(_("accuracy"), 10);
  mg_print_right(_("rows"), 8);
  mg_print_right(_("seconds"), 9);
  g_print("\n");
  for (guint i = 0; i < result->folds->len; i++) {
    const MgTableFold *fold = &g_array_index(result->folds, MgTableFold, i);
    g_print("%4u  %8.4f  %8.4f  %6zu  %7.2f\n", i + 1, fold->f1_macro, fold->accuracy, fold->rows, fold->seconds);
  }
}

static void
print_one(const MgTrainedClassifier *trained)
{
  const MgTableResult *result = &trained->result;
  gboolean is_split = result->folds->len == 1;
  if (!is_split)
    print_folds(result);
  else if (result->val.rows > 0)
    g_print(ngettext("val: macro F1 %.4f, accuracy %.4f, %zu row\n", "val: macro F1 %.4f, accuracy %.4f, %zu rows\n",
                     result->val.rows),
            result->val.f1_macro, result->val.accuracy, result->val.rows);
  g_print(_("%s%s: macro F1 %.4f ± %.4f, accuracy %.4f, %.2f s to learn\n"), trained->class->name, leaky_note(result),
          result->f1_macro, result->f1_deviation, result->accuracy, result->seconds);
  g_print(_("all rows: accuracy between %.4f and %.4f (95%%), AUC %.4f, log-loss %.4f, calibration error %.4f\n"),
          result->figures.accuracy_low, result->figures.accuracy_high, result->figures.auc_ovr,
          result->figures.log_loss, result->figures.ece);
}

static void
print_line(const MgTrainedClassifier *trained)
{
  const MgTableResult *result = &trained->result;
  g_autofree char *parameters = parameters_text(trained);
  g_print(_("%-18s  %.4f ± %.4f  %8.4f  %9.2f s  %s%s\n"), trained->class->name, result->f1_macro, result->f1_deviation,
          result->accuracy, result->seconds, *parameters ? parameters : "–", leaky_note(result));
}

void
mg_table_results_print(const GArray *results, gboolean several)
{
  if (!several)
    return print_one(get(results, 0));
  g_autofree char *machine = mg_machine_name();
  mg_print_cell(_("classifier"), 18);
  mg_print_cell(_("macro F1"), 15);
  mg_print_right(_("accuracy"), 8);
  mg_print_right(C_("column", "training"), 13);
  g_print("  %s\n", _("parameters"));
  for (guint i = 0; i < results->len; i++)
    print_line(get(results, i));
  g_print(_("on %s\n"), machine);
}

static json_t *
fold_json(const MgTableFold *fold)
{
  return json_pack("{s:o, s:o, s:f, s:I}", "f1_macro", mg_number_json(fold->f1_macro), "accuracy",
                   mg_number_json(fold->accuracy), "seconds", fold->seconds, "rows", (json_int_t)fold->rows);
}

static json_t *
result_json(const MgTrainedClassifier *trained)
{
  const MgTableResult *result = &trained->result;
  g_autofree char *parameters = parameters_text(trained), *machine = mg_machine_name();
  g_autofree char *run = g_utf8_make_valid(trained->run, -1);
  json_t *folds = json_array(), *warnings = json_array();
  for (guint i = 0; i < result->folds->len; i++)
    json_array_append_new(folds, fold_json(&g_array_index(result->folds, MgTableFold, i)));
  for (guint i = 0; i < result->warnings->len; i++) {
    g_autofree char *warning = g_utf8_make_valid(result->warnings->pdata[i], -1);
    json_array_append_new(warnings, json_string(warning));
  }
  json_t *root =
      json_pack("{s:s, s:s, s:s, s:f, s:f, s:f, s:f, s:o, s:b, s:I, s:o, s:s}", "classifier", trained->class->name,
                "run", run, "parameters", parameters, "f1_macro", result->f1_macro, "f1_deviation",
                result->f1_deviation, "accuracy", result->accuracy, "seconds", result->seconds, "folds", folds, "leaky",
                result->leaky, "duplicates", (json_int_t)result->duplicates, "warnings", warnings, "machine", machine);
  if (result->val.rows > 0)
    json_object_set_new(root, "val", fold_json(&result->val));
  mg_figures_to_json(root, &result->figures);
  return root;
}

void
mg_table_results_print_json(const GArray *results, gboolean several)
{
  if (!several)
    return mg_print_json(result_json(get(results, 0)));
  json_t *array = json_array();
  for (guint i = 0; i < results->len; i++)
    json_array_append_new(array, result_json(get(results, i)));
  mg_print_json(json_pack("{s:o}", "results", array));
}

static void
append_line(GString *text, const MgTrainedClassifier *trained, const char *machine)
{
  const MgTableResult *result = &trained->result;
  g_autofree char *parameters = parameters_text(trained), *run = g_utf8_make_valid(trained->run, -1);
  const double figures[] = {result->f1_macro, result->f1_deviation, result->accuracy};
  g_autoptr(GString) line = g_string_new(NULL);
  mg_csv_append(line, trained->class->name);
  for (size_t i = 0; i < G_N_ELEMENTS(figures); i++)
    mg_csv_append_number(line, figures[i], 9);
  for (int i = 0; i < 2; i++)
    if (result->val.rows > 0)
      mg_csv_append_number(line, i ? result->val.accuracy : result->val.f1_macro, 9);
    else
      mg_csv_append(line, "");
  mg_csv_append_number(line, result->seconds, 6);
  mg_csv_append(line, parameters);
  mg_csv_append(line, machine);
  mg_csv_append(line, run);
  g_string_append_printf(text, "%s\n", line->str);
}

gboolean
mg_table_results_save(const GArray *results, const char *path, GError **error)
{
  g_autofree char *machine = mg_machine_name();
  g_autoptr(GString) text =
      g_string_new("classifier,f1_macro,f1_deviation,accuracy,f1_val,accuracy_val,seconds,parameters,machine,run\n");
  for (guint i = 0; i < results->len; i++)
    append_line(text, get(results, i), machine);
  return mg_file_write(path, text->str, text->len, error);
}
