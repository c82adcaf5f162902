/* melograph-cli similar: stretches of other sounds that are like one of this file. */
#include "cli/command.h"
#include "cli/model-option.h"
#include "base/csv.h"
#include "base/error.h"
#include "base/file.h"
#include "dataset/manifest.h"
#include "dataset/similar.h"
#include "dataset/table.h"
#include "train/similar-embedding.h"
#include <glib/gi18n-lib.h>
#include <jansson.h>
#include <stdio.h>

typedef struct {
  char *dataset, *list, *out, *embedding, *layer, **set;
  MgImportOptions import;
  double start, end;
  int top, jobs;
  gboolean json;
} Options;

static void
clear_options(Options *options)
{
  g_free(options->dataset);
  g_free(options->list);
  g_free(options->out);
  g_free(options->embedding);
  g_free(options->layer);
  g_strfreev(options->set);
  g_free((char *)options->import.label_from);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, clear_options)

static gboolean
save(const char *path, const GPtrArray *found, GError **error)
{
  g_autoptr(GString) text = g_string_new("path,start,end,distance\n");
  for (guint i = 0; i < found->len; i++) {
    const MgSimilar *one = found->pdata[i];
    g_autoptr(GString) line = g_string_new(NULL);
    g_autofree char *name = g_utf8_make_valid(one->path, -1);
    mg_csv_append(line, name);
    mg_csv_append_number(line, one->start, 9);
    mg_csv_append_number(line, one->end, 9);
    mg_csv_append_number(line, one->distance, 9);
    g_string_append_printf(text, "%s\n", line->str);
  }
  return mg_file_write(path, text->str, text->len, error);
}

static void
print(const GPtrArray *found, gboolean json)
{
  for (guint i = 0; i < found->len; i++) {
    const MgSimilar *one = found->pdata[i];
    g_autofree char *name = g_filename_display_name(one->path);
    if (!json) {
      g_print("%8.4f  %9.3f %9.3f  %s\n", one->distance, one->start, one->end, name);
      continue;
    }
    json_t *root = json_pack("{s:s, s:f, s:f, s:f}", "path", name, "start", one->start, "end", one->end, "distance",
                             one->distance);
    json_dumpf(root, stdout, 0);
    putchar('\n');
    json_decref(root);
  }
}

/* A path a line. */
static gboolean
read_list(const char *path, GPtrArray *others, GError **error)
{
  g_autofree char *text = NULL;
  g_autoptr(GError) cause = NULL;
  if (!g_file_get_contents(path, &text, NULL, &cause)) {
    g_set_error_literal(error, MG_ERROR, MG_ERROR_IO, cause->message);
    return FALSE;
  }
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  for (char **line = lines; *line; line++)
    if (**line)
      g_ptr_array_add(others, g_canonicalize_filename(*line, NULL));
  return TRUE;
}

/* The files behind the first, those of the list, and those of the data set. */
static GPtrArray *
collect(const Options *options, int argc, char **argv, GError **error)
{
  g_autoptr(GPtrArray) others = g_ptr_array_new_with_free_func(g_free);
  for (int i = 2; i < argc; i++)
    g_ptr_array_add(others, g_canonicalize_filename(argv[i], NULL));
  if (options->list && !read_list(options->list, others, error))
    return NULL;
  if (options->dataset) {
    g_autoptr(MgManifest) manifest = mg_manifest_open(options->dataset, &options->import, mg_command_progress(), error);
    for (guint i = 0; manifest && i < manifest->tracks->len; i++)
      g_ptr_array_add(others, g_strdup(mg_manifest_track(manifest, i)->path));
    if (!manifest)
      return NULL;
  }
  if (others->len == 0)
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("expected other files, --list F or --dataset D"));
  g_ptr_array_add(others, NULL);
  return others->len > 1 ? g_steal_pointer(&others) : NULL;
}

static GPtrArray *
rank(const Options *options, const char *path, const char *const *others, const MgParams *params, GPtrArray *problems,
     GError **error)
{
  if (options->embedding)
    return mg_similar_by_embedding(options->embedding, options->layer, path, options->start, options->end, others,
                                   (guint)options->top, options->jobs, problems, mg_command_progress(), error);
  return mg_similar_find(path, options->start, options->end, others, params, (guint)options->top, options->jobs,
                         problems, mg_command_progress(), error);
}

static void
tell_problems(const GPtrArray *problems)
{
  for (guint i = 0; i < problems->len; i++) {
    g_autoptr(GError) problem = g_error_new_literal(MG_ERROR, MG_ERROR_IO, problems->pdata[i]);
    mg_command_print_error(problem);
  }
}

static gboolean
find(Options *options, int argc, char **argv, GError **error)
{
  g_autoptr(MgParams) params = mg_similar_params();
  g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
  g_autofree char *path = g_canonicalize_filename(argv[1], NULL);
  if (!mg_command_set(params, options->set, error) || !mg_embedding_option_find(&options->embedding, error))
    return FALSE;
  g_autoptr(GPtrArray) others = collect(options, argc, argv, error);
  g_autoptr(GPtrArray) found =
      others ? rank(options, path, (const char *const *)others->pdata, params, problems, error) : NULL;
  mg_command_progress_end();
  tell_problems(problems);
  if (!found)
    return FALSE;
  if (options->out)
    return save(options->out, found, error);
  print(found, options->json);
  return TRUE;
}

static gboolean
check(const Options *options, GError **error)
{
  if (options->top < 1 || options->jobs < 0)
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("--top %d, --jobs %d: expected 1 or more, 0 or more"), options->top,
                options->jobs);
  else if (options->layer && !options->embedding)
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("--layer %s: of which network? --embedding MODEL tells"),
                options->layer);
  else if (options->embedding && options->set)
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE,
                _("--set %s: a network has its own parameters; expected no --set beside --embedding"), options->set[0]);
  else
    return TRUE;
  return FALSE;
}

static gboolean
run(int argc, char **argv, GError **error)
{
  g_auto(Options) options = {.top = 20};
  gboolean done;
  GOptionEntry entries[] = {
      {"start", 0, 0, G_OPTION_ARG_DOUBLE, &options.start, N_("Where the stretch begins, s; 0"), "S"},
      {"end", 0, 0, G_OPTION_ARG_DOUBLE, &options.end, N_("Where it ends, s"), "S"},
      {"dataset", 0, 0, G_OPTION_ARG_FILENAME, &options.dataset,
       N_("Sounds to look among: folder of classes, ESC-50 layout or CSV"), "D"},
      {"list", 0, 0, G_OPTION_ARG_FILENAME, &options.list, N_("Sounds to look among: a file with a path a line"), "F"},
      {"label-from", 0, 0, G_OPTION_ARG_STRING, &options.import.label_from,
       N_("Class from the file name's first capture"), "REGEX"},
      {"top", 0, 0, G_OPTION_ARG_INT, &options.top, N_("How many to tell; 20"), "N"},
      {"embedding", 0, 0, G_OPTION_ARG_FILENAME, &options.embedding,
       N_("By what a trained network makes of the stretches: a model file, its name or a run"), "MODEL"},
      {"layer", 0, 0, G_OPTION_ARG_STRING, &options.layer, N_("Layer of it; the last before the logits"), "NAME"},
      {"set", 's', 0, G_OPTION_ARG_STRING_ARRAY, &options.set, N_("Set a parameter: features, statistics, n_mfcc …"),
       "NAME=VALUE"},
      {"out", 'o', 0, G_OPTION_ARG_FILENAME, &options.out, N_("A table; printed where left out"), "F.csv"},
      {"jobs", 0, 0, G_OPTION_ARG_INT, &options.jobs, N_("Stretches at a time; one a processor"), "N"},
      {"json", 0, 0, G_OPTION_ARG_NONE, &options.json, N_("One JSON object a line"), NULL},
      {0}};
  if (!mg_command_parse(&mg_cmd_similar, entries, mg_table_param_tables(), &argc, &argv, 1, -1, &done, error) || done)
    return done;
  gboolean good = check(&options, error) && find(&options, argc, argv, error);
  if (!good && g_error_matches(*error, MG_ERROR, MG_ERROR_USAGE))
    g_prefix_error(error, "similar: ");
  return good;
}

const MgCommand mg_cmd_similar = {
    .name = "similar",
    .arguments = "FILE [OTHER…]",
    .help = N_("Rank stretches of other sounds by their distance to one of FILE"),
    .run = run,
};
