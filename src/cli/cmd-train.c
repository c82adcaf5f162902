#include "cli/command.h"
#include "base/error.h"
#include "base/file.h"
#include "train/run-config.h"
#include "train/run-dir.h"
#include "train/trainer.h"
#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

typedef struct {
  char *dataset, *model, *run, *config;
  char *label_from, *group_from, *fold_from;
  char **set;
  int until;
  gboolean resume;
} Options;

static void
clear_options(Options *options)
{
  g_free(options->dataset);
  g_free(options->model);
  g_free(options->run);
  g_free(options->config);
  g_free(options->label_from);
  g_free(options->group_from);
  g_free(options->fold_from);
  g_strfreev(options->set);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, clear_options)

static gboolean
check_options(const Options *options, GError **error)
{
  const char *missing = !options->run       ? "--run DIR"
                        : options->resume   ? NULL
                        : !options->dataset ? "--dataset D"
                        : !options->model   ? "--model NAME"
                                            : NULL;
  if (!missing && options->until < 0) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("train: --until %d: expected an epoch, from 1"), options->until);
    return FALSE;
  }
  return !missing || mg_command_missing(&mg_cmd_train, missing, error);
}

static gboolean
load_config(MgParams *params, const char *path, GError **error)
{
  size_t length;
  g_autofree char *text = mg_file_read(path, 1 << 24, &length, error);
  if (!text)
    return FALSE;
  g_autoptr(GKeyFile) file = g_key_file_new();
  g_autoptr(GError) cause = NULL;
  if (g_key_file_load_from_data(file, text, length, G_KEY_FILE_NONE, &cause))
    return mg_params_from_key_file(params, file, path, error);
  g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: not a configuration: %s"), path, cause->message);
  return FALSE;
}

/* A name that no table holds is the network's own, which its description knows. */
static gboolean
set_all(MgParams *params, char **assignments, GError **error)
{
  g_autoptr(GString) own = g_string_new(NULL);
  for (; assignments && *assignments; assignments++) {
    g_autofree char *name = g_strndup(*assignments, strcspn(*assignments, "="));
    if (mg_params_has(params, name)) {
      if (!mg_params_assign(params, *assignments, error))
        return FALSE;
    } else {
      g_string_append_printf(own, " %s", *assignments);
    }
  }
  g_string_prepend(own, mg_params_text(params, "model_parameters"));
  g_strstrip(own->str);
  return mg_params_set(params, "model_parameters", own->str, error);
}

/* What a resumed run is asked for starts from what it was begun with: NULL with no error where nothing is asked. */
static gboolean
make_params(const Options *options, MgParams **params, GError **error)
{
  *params = NULL;
  if (options->resume && !options->config && !options->set)
    return TRUE;
  g_autoptr(MgRunConfig) begun = NULL;
  if (options->resume && !(begun = mg_run_config_load_network(options->run, error)))
    return FALSE;
  *params = begun ? mg_params_copy(begun->params) : mg_params_new(mg_train_tables());
  return (!options->config || load_config(*params, options->config, error)) && set_all(*params, options->set, error);
}

static gboolean
is_finished(const char *run)
{
  MgRunStatus status;
  return mg_run_status_read(run, &status, NULL) && status.state == MG_RUN_FINISHED;
}

static void
explain_stop(GError **error, const char *run)
{
  MgRunStatus status;
  if (!error || !g_error_matches(*error, MG_ERROR, MG_ERROR_CANCELLED) || !mg_run_status_read(run, &status, NULL))
    return;
  g_clear_error(error);
  g_set_error(error, MG_ERROR, MG_ERROR_CANCELLED,
              _("%s: stopped at step %" PRId64 " of %" PRId64 "; --resume goes on from there"), run, status.step,
              status.steps);
}

static void
print_end(const char *run)
{
  MgRunStatus status;
  if (!mg_run_status_read(run, &status, NULL))
    return;
  const char *format =
      status.state == MG_RUN_FINISHED
          ? ngettext("%s: finished after %d epoch, %.0f s", "%s: finished after %d epochs, %.0f s", status.epoch)
          : ngettext("%s: stopped after %d epoch, %.0f s", "%s: stopped after %d epochs, %.0f s", status.epoch);
  g_autofree char *text = g_strdup_printf(format, run, status.epoch, status.seconds);
  g_print("%s\n", text);
}

static gboolean
run(int argc, char **argv, GError **error)
{
  g_auto(Options) options = {0};
  gboolean done;
  GOptionEntry entries[] = {
      {"dataset", 0, 0, G_OPTION_ARG_FILENAME, &options.dataset, N_("Folder of classes, ESC-50 layout or CSV"), "D"},
      {"model", 0, 0, G_OPTION_ARG_FILENAME, &options.model, N_("Network: a name below models/ or a .json file"),
       "NAME"},
      {"run", 0, 0, G_OPTION_ARG_FILENAME, &options.run, N_("Run folder: new or empty"), "DIR"},
      {"config", 0, 0, G_OPTION_ARG_FILENAME, &options.config, N_("Parameters from a file, such as a run's config.ini"),
       "F.ini"},
      {"set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.set, N_("Set a parameter"), "NAME=VALUE"},
      {"resume", 0, 0, G_OPTION_ARG_NONE, &options.resume, N_("Go on with a run that was stopped"), NULL},
      {"until", 0, 0, G_OPTION_ARG_INT, &options.until, N_("Stop after this epoch; --resume goes on from there"),
       "EPOCH"},
      {"label-from", 0, 0, G_OPTION_ARG_STRING, &options.label_from, N_("Class from the file name's first capture"),
       "REGEX"},
      {"group-from", 0, 0, G_OPTION_ARG_STRING, &options.group_from, N_("Group from the file name's first capture"),
       "REGEX"},
      {"fold-from", 0, 0, G_OPTION_ARG_STRING, &options.fold_from, N_("Fold from the file name's first capture"),
       "REGEX"},
      {0}};
  if (!mg_command_parse(&mg_cmd_train, entries, mg_train_tables(), &argc, &argv, 0, 0, &done, error) || done)
    return done;
  g_autoptr(MgParams) params = NULL;
  if (!check_options(&options, error) || !make_params(&options, &params, error))
    return FALSE;
  if (options.resume && is_finished(options.run)) {
    g_print(_("%s: is finished already\n"), options.run);
    return TRUE;
  }
  MgTrainJob job = {.dataset = options.dataset,
                    .import = {options.label_from, options.group_from, options.fold_from},
                    .model = options.model,
                    .run = options.run,
                    .params = params,
                    .ranks = mg_command_ranks(),
                    .until = options.until,
                    .resume = options.resume};
  gboolean good = mg_train(&job, mg_command_progress(), error);
  mg_command_progress_end();
  if (good)
    print_end(options.run);
  else
    explain_stop(error, options.run);
  return good;
}

const MgCommand mg_cmd_train = {
    .name = "train",
    .arguments = "",
    .help = N_("Train a network on a data set in a run folder"),
    .run = run,
    .ranks = TRUE,
};
