#include "cli/command.h"
#include "base/error.h"
#include "dataset/table.h"
#include <glib/gi18n-lib.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

typedef struct {
  char *dataset, *table, *out, **set;
  MgImportOptions import;
  int jobs;
  gboolean json;
} Options;

static gboolean
check(const Options *options, GError **error)
{
  const char *missing = !options->dataset ? "--dataset D" : !options->table ? "--table NAME" : NULL;
  if (!missing && !options->out)
    missing = "--out F.csv";
  if (missing)
    return mg_command_missing(&mg_cmd_features, missing, error);
  if (options->jobs < 0 || options->jobs > 4096) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("--jobs %d: expected 1 to 4096, or 0 for all processors"),
                options->jobs);
    return FALSE;
  }
  return TRUE;
}

static void
report_problems(const GPtrArray *problems)
{
  for (guint i = 0; i < problems->len; i++) {
    g_autoptr(GError) error = g_error_new_literal(MG_ERROR, MG_ERROR_DATA, problems->pdata[i]);
    mg_command_print_error(error);
  }
}

static void
report(const Options *options, const MgManifest *manifest, const MgTable *table)
{
  guint left_out = table->problems->len + manifest->problems->len;
  report_problems(manifest->problems);
  report_problems(table->problems);
  if (options->json) {
    json_t *root =
        json_pack("{s:s, s:i, s:i, s:i, s:i}", "table", options->table, "rows", (int)table->rows->len, "columns",
                  (int)table->columns->len, "cached", (int)table->cached, "problems", (int)left_out);
    json_dumpf(root, stdout, 0);
    putchar('\n');
    json_decref(root);
  } else {
    g_autofree char *out = g_filename_display_name(options->out);
    guint n = table->rows->len, width = table->columns->len;
    g_autofree char *columns = g_strdup_printf(ngettext("%u column", "%u columns", width), width);
    g_print(ngettext("%s: %u row of %s, %u of them known before; problems: %u\n",
                     "%s: %u rows of %s, %u of them known before; problems: %u\n", n),
            out, n, columns, table->cached, left_out);
  }
}

static gboolean
extract(const Options *options, GError **error)
{
  g_autoptr(MgParams) params = mg_params_new(mg_table_param_tables());
  if (!check(options, error) || !mg_command_set(params, options->set, error))
    return FALSE;
  MgRanks *ranks = mg_command_ranks();
  g_autoptr(MgManifest) manifest =
      mg_ranks_leads(ranks) ? mg_manifest_open(options->dataset, &options->import, mg_command_progress(), error) : NULL;
  g_autoptr(MgTable) table =
      mg_table_extract_by_ranks(manifest, options->table, params, options->jobs, ranks, mg_command_progress(), error);
  mg_command_progress_end();
  if (!mg_ranks_leads(ranks))
    return !*error;
  if (!table || !mg_table_save(table, manifest, options->out, error))
    return FALSE;
  report(options, manifest, table);
  return TRUE;
}

static gboolean
run(int argc, char **argv, GError **error)
{
  static Options options;
  static GOptionEntry entries[] = {
      {"dataset", 0, 0, G_OPTION_ARG_FILENAME, &options.dataset, N_("Folder of classes, ESC-50 layout or CSV"), "D"},
      {"table", 0, 0, G_OPTION_ARG_STRING, &options.table, N_("Columns: gtzan, fma, or summary of any features"),
       "gtzan|fma|summary"},
      {"out", 'o', 0, G_OPTION_ARG_FILENAME, &options.out, N_("The table: one row a track"), "F.csv"},
      {"jobs", 'j', 0, G_OPTION_ARG_INT, &options.jobs,
       N_("Tracks at a time, of each rank; all processors where left out"), "N"},
      {"set", 's', 0, G_OPTION_ARG_STRING_ARRAY, &options.set, N_("Set a parameter"), "NAME=VALUE"},
      {"label-from", 0, 0, G_OPTION_ARG_STRING, &options.import.label_from, N_("Class of a flat folder's files"),
       "REGEX"},
      {"group-from", 0, 0, G_OPTION_ARG_STRING, &options.import.group_from, N_("Group, from the file name"), "REGEX"},
      {"fold-from", 0, 0, G_OPTION_ARG_STRING, &options.import.fold_from, N_("Fold, from the file name"), "REGEX"},
      {"json", 0, 0, G_OPTION_ARG_NONE, &options.json, N_("Print JSON"), NULL},
      {NULL},
  };
  gboolean done;
  return mg_command_parse(&mg_cmd_features, entries, mg_table_param_tables(), &argc, &argv, 0, 0, &done, error) &&
         (done || extract(&options, error));
}

const MgCommand mg_cmd_features = {
    .name = "features",
    .arguments = "",
    .help = N_("Compute a table of features of a data set: one row a track"),
    .run = run,
    .ranks = TRUE,
};
