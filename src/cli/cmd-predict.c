#include "cli/command.h"
#include "cli/model-option.h"
#include "cli/predictions-text.h"
#include "base/error.h"
#include "train/evaluator.h"
#include <glib/gi18n-lib.h>

typedef struct {
  MgModelOption model;
  char *table, *out;
  int threads;
  gboolean json;
} Options;

static void
clear_options(Options *options)
{
  mg_model_option_clear(&options->model);
  g_free(options->table);
  g_free(options->out);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, clear_options)

static void
print_json(const MgPredictions *predictions)
{
  json_t *labels = json_array();
  for (guint i = 0; i < predictions->labels->len; i++)
    json_array_append_new(labels, json_string(predictions->labels->pdata[i]));
  mg_print_json(json_pack("{s:o, s:b, s:o, s:o}", "labels", labels, "leaky", predictions->leaky, "segments",
                          mg_segments_json(predictions), "votes", mg_votes_json(predictions)));
}

static void
print_text(const MgPredictions *predictions)
{
  if (predictions->predictions->len == 0)
    return;
  mg_print_segments(predictions);
  g_print("\n");
  mg_print_votes(predictions);
}

/* Each unreadable file has its line; the last one is the command's error. */
static gboolean
tell_problems(const GPtrArray *problems, GError **error)
{
  for (guint i = 0; i + 1 < problems->len; i++) {
    g_autoptr(GError) problem = g_error_new_literal(MG_ERROR, MG_ERROR_IO, problems->pdata[i]);
    mg_command_print_error(problem);
  }
  if (problems->len > 0)
    g_set_error_literal(error, MG_ERROR, MG_ERROR_IO, problems->pdata[problems->len - 1]);
  return problems->len == 0;
}

static gboolean
run(int argc, char **argv, GError **error)
{
  g_auto(Options) options = {0};
  gboolean done;
  GOptionEntry entries[] = {
      MG_MODEL_OPTION_ENTRIES(options.model),
      {"table", 0, 0, G_OPTION_ARG_FILENAME, &options.table,
       N_("Rows to classify, for a model of a table, in place of files"), "F.csv"},
      {"out", 0, 0, G_OPTION_ARG_FILENAME, &options.out, N_("Write the per-segment table"), "F.csv"},
      {"threads", 0, 0, G_OPTION_ARG_INT, &options.threads, N_("Processors to compute on; all"), "N"},
      {"json", 0, 0, G_OPTION_ARG_NONE, &options.json, N_("Segments and votes as one JSON object"), NULL},
      {0}};
  if (!mg_command_parse(&mg_cmd_predict, entries, NULL, &argc, &argv, 0, -1, &done, error) || done)
    return done;
  if (!options.table == (argc < 2))
    return mg_command_refuse(&mg_cmd_predict, _("expected either FILE|DIR… or --table F.csv"), error);
  g_autofree char *path = mg_model_option_path(&options.model, "predict", error);
  if (!path || !mg_check_table_options("predict", options.out, options.threads, error))
    return FALSE;
  g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(MgPredictions) predictions = options.table
                                             ? mg_predict_table(path, options.table, error)
                                             : mg_predict_files(path, (const char *const *)argv + 1, options.threads,
                                                                problems, mg_command_progress(), error);
  mg_command_progress_end();
  if (!predictions || (options.out && !mg_predictions_save(predictions, options.out, error)))
    return FALSE;
  (options.json ? print_json : print_text)(predictions);
  return tell_problems(problems, error);
}

const MgCommand mg_cmd_predict = {
    .name = "predict",
    .arguments = "FILE|DIR…",
    .help = N_("Classify sound files, or all in a folder, segment by segment, then by vote"),
    .run = run,
};
