/* melograph-cli embed: the vectors that a layer of a trained network makes of segments. */
#include "cli/command.h"
#include "cli/model-option.h"
#include "base/error.h"
#include "base/npy.h"
#include "train/embeddings.h"

typedef struct {
  MgModelOption model;
  char *dataset, *layer, *method, *out;
  char *label_from, *group_from, *fold_from;
  int threads;
} Options;

static void
clear_options(Options *options)
{
  mg_model_option_clear(&options->model);
  g_free(options->dataset);
  g_free(options->layer);
  g_free(options->method);
  g_free(options->out);
  g_free(options->label_from);
  g_free(options->group_from);
  g_free(options->fold_from);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, clear_options)

static gboolean
check_options(const Options *options, GError **error)
{
  gboolean from_model = options->model.model != NULL;
  if (options->method && !g_str_equal(options->method, "none"))
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, "embed: --method %s: expected none, the vectors themselves",
                options->method);
  else if (!options->out || (!g_str_has_suffix(options->out, ".csv") && !g_str_has_suffix(options->out, ".npy")))
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, "embed: --out %s: expected a name that ends in .csv or .npy",
                options->out ? options->out : "is missing");
  else if (from_model != (options->dataset != NULL))
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE,
                from_model ? "embed: --dataset D is missing; --model says nothing of sounds"
                           : "embed: --dataset goes with --model; a run has its own data set");
  else if (options->threads < 0)
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, "embed: --threads %d: expected 1 or more, or 0 for all processors",
                options->threads);
  else
    return TRUE;
  return FALSE;
}

static MgEmbeddings *
embed(const Options *options, const char *path, GError **error)
{
  const char *checkpoint = options->model.checkpoint ? options->model.checkpoint : "best";
  MgImportOptions import = {options->label_from, options->group_from, options->fold_from};
  if (options->model.run)
    return mg_embeddings_of_run(options->model.run, checkpoint, options->layer, options->threads, mg_command_progress(),
                                error);
  return mg_embeddings_of_dataset(path, options->dataset, &import, options->layer, options->threads,
                                  mg_command_progress(), error);
}

static gboolean
run(int argc, char **argv, GError **error)
{
  g_auto(Options) options = {0};
  gboolean done;
  GOptionEntry entries[] = {
      MG_MODEL_OPTION_ENTRIES(options.model),
      {"dataset", 0, 0, G_OPTION_ARG_FILENAME, &options.dataset,
       "With --model: folder of classes, ESC-50 layout or CSV", "D"},
      {"layer", 0, 0, G_OPTION_ARG_STRING, &options.layer, "Layer whose output is taken; the last before the logits",
       "NAME"},
      {"method", 0, 0, G_OPTION_ARG_STRING, &options.method, "none: the vectors themselves; none", "NAME"},
      {"out", 0, 0, G_OPTION_ARG_FILENAME, &options.out, "A table, or the vectors alone: (segments, values)",
       "F.csv|.npy"},
      {"threads", 0, 0, G_OPTION_ARG_INT, &options.threads, "Processors to compute on; all", "N"},
      {"label-from", 0, 0, G_OPTION_ARG_STRING, &options.label_from, "Class from the file name's first capture",
       "REGEX"},
      {"group-from", 0, 0, G_OPTION_ARG_STRING, &options.group_from, "Group from the file name's first capture",
       "REGEX"},
      {"fold-from", 0, 0, G_OPTION_ARG_STRING, &options.fold_from, "Fold from the file name's first capture", "REGEX"},
      {0}};
  if (!mg_command_parse(&mg_cmd_embed, entries, NULL, &argc, &argv, 0, 0, &done, error) || done)
    return done;
  g_autofree char *path = mg_model_option_path(&options.model, "embed", error);
  if (!path || !check_options(&options, error))
    return FALSE;
  g_autoptr(MgEmbeddings) embeddings = embed(&options, path, error);
  mg_command_progress_end();
  if (!embeddings)
    return FALSE;
  gboolean array = g_str_has_suffix(options.out, ".npy");
  if (!(array ? mg_npy_save(options.out, embeddings->vectors, FALSE, error)
              : mg_embeddings_save(embeddings, options.out, error)))
    return FALSE;
  g_print("%s: %u segments, %zu values of layer %s\n", options.out, embeddings->rows->len, embeddings->vectors->cols,
          embeddings->layer);
  return TRUE;
}

const MgCommand mg_cmd_embed = {
    .name = "embed",
    .arguments = "",
    .help = "Write what a layer makes of every segment, as vectors",
    .run = run,
};
