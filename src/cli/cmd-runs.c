/* melograph-cli runs: runs side by side, what differs in their parameters and what they came to. */
#include "cli/command.h"
#include "cli/predictions-text.h"
#include "base/error.h"
#include "base/file.h"
#include "train/run-summary.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

typedef struct {
  char *sort, *out;
  gboolean json, ascending;
} Options;

static void
options_clear(Options *options)
{
  g_free(options->sort);
  g_free(options->out);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static gboolean
is_run(const char *folder)
{
  g_autofree char *config = g_build_filename(folder, "config.ini", NULL);
  return g_file_test(config, G_FILE_TEST_IS_REGULAR);
}

static gboolean
add_run(GPtrArray *summaries, const char *folder, GError **error)
{
  MgRunSummary *summary = mg_run_summary_load(folder, error);
  if (summary)
    g_ptr_array_add(summaries, summary);
  return summary != NULL;
}

static int
compare_names(gconstpointer a, gconstpointer b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The runs in a folder of runs, by name. */
static gboolean
add_folder(GPtrArray *summaries, const char *folder, GError **error)
{
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  const char *name;
  while (dir && (name = g_dir_read_name(dir)))
    g_ptr_array_add(names, g_build_filename(folder, name, NULL));
  g_ptr_array_sort(names, compare_names);
  guint before = summaries->len;
  for (guint i = 0; i < names->len; i++)
    if (is_run(names->pdata[i]) && !add_run(summaries, names->pdata[i], error))
      return FALSE;
  if (summaries->len > before)
    return TRUE;
  g_set_error(error, MG_ERROR, MG_ERROR_DATA, _("%s: a run folder, or a folder of runs, was expected"), folder);
  return FALSE;
}

static gboolean
find_figure(const char *name, int *figure, GError **error)
{
  g_autoptr(GString) names = g_string_new(NULL);
  for (*figure = 0; *figure < MG_SUMMARY_FIGURES; (*figure)++) {
    if (g_str_equal(name, mg_summary_columns[*figure].name))
      return TRUE;
    g_string_append_printf(names, "%s%s", *figure ? ", " : "", mg_summary_columns[*figure].name);
  }
  g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("runs: --sort %s: expected one of %s"), name, names->str);
  return FALSE;
}

typedef struct {
  int figure;
  gboolean ascending;
} Order;

/* Unknown figures come last, whichever way. */
static int
compare_figures(gconstpointer a, gconstpointer b, gpointer data)
{
  const Order *order = data;
  double one = (*(const MgRunSummary *const *)a)->figures[order->figure];
  double other = (*(const MgRunSummary *const *)b)->figures[order->figure];
  if (!isfinite(one) || !isfinite(other))
    return !isfinite(one) - !isfinite(other);
  int rises = (one > other) - (one < other);
  return order->ascending ? rises : -rises;
}

static json_t *
summary_json(const MgRunSummary *summary, const GPtrArray *differing)
{
  json_t *object = json_object(), *settings = json_object();
  json_object_set_new(object, "run", json_string(summary->folder));
  json_object_set_new(object, "model", json_string(summary->model));
  json_object_set_new(object, "state", json_string(mg_run_state_name(summary->state)));
  json_object_set_new(object, "leaky", json_boolean(summary->leaky));
  for (int f = 0; f < MG_SUMMARY_FIGURES; f++)
    json_object_set_new(object, mg_summary_columns[f].name, mg_number_json(summary->figures[f]));
  g_autofree char *text = mg_fit_light_text(&summary->light);
  json_object_set_new(object, "verdict", json_string(mg_fit_verdict_name(summary->light.verdict)));
  json_object_set_new(object, "verdict_text", json_string(text));
  json_object_set_new(object, "note", json_string(summary->note));
  for (guint i = 0; i < differing->len; i++) {
    const char *value = mg_run_summary_setting(summary, differing->pdata[i]);
    json_object_set_new(settings, differing->pdata[i], value ? json_string(value) : json_null());
  }
  json_object_set_new(object, "differs", settings);
  return object;
}

static gboolean
tell(const GPtrArray *summaries, const Options *options, GError **error)
{
  g_autoptr(GPtrArray) differing = mg_run_summaries_differing(summaries);
  for (guint i = 0; options->json && i < summaries->len; i++)
    mg_print_json(summary_json(summaries->pdata[i], differing));
  gboolean csv = options->out && !g_str_has_suffix(options->out, ".md");
  g_autofree char *table = csv ? mg_run_summaries_csv(summaries) : mg_run_summaries_markdown(summaries);
  if (options->out)
    return mg_file_write(options->out, table, strlen(table), error);
  if (!options->json)
    g_print("%s", table);
  return TRUE;
}

static gboolean
run(int argc, char **argv, GError **error)
{
  g_auto(Options) options = {0};
  gboolean done;
  GOptionEntry entries[] = {
      {"sort", 0, 0, G_OPTION_ARG_STRING, &options.sort, N_("The figure to sort by, largest first: test_f1_macro …"),
       "NAME"},
      {"ascending", 0, 0, G_OPTION_ARG_NONE, &options.ascending, N_("Smallest first"), NULL},
      {"out", 'o', 0, G_OPTION_ARG_FILENAME, &options.out, N_("The table as CSV or Markdown; printed where left out"),
       "F.csv|F.md"},
      {"json", 0, 0, G_OPTION_ARG_NONE, &options.json, N_("One JSON object a run"), NULL},
      {0},
  };
  if (!mg_command_parse(&mg_cmd_runs, entries, NULL, &argc, &argv, 1, -1, &done, error) || done)
    return done;
  Order order = {.ascending = options.ascending};
  if (options.sort && !find_figure(options.sort, &order.figure, error))
    return FALSE;
  g_autoptr(GPtrArray) summaries = g_ptr_array_new_with_free_func((GDestroyNotify)mg_run_summary_free);
  for (int i = 1; i < argc; i++)
    if (!(is_run(argv[i]) ? add_run : add_folder)(summaries, argv[i], error))
      return FALSE;
  if (options.sort)
    g_ptr_array_sort_with_data(summaries, compare_figures, &order);
  return tell(summaries, &options, error);
}

const MgCommand mg_cmd_runs = {
    .name = "runs",
    .arguments = "DIR…",
    .help = N_("Compare runs: parameters that differ, figures, verdict"),
    .run = run,
};
