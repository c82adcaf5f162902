#include "cli/command.h"
#include "base/error.h"
#include "dataset/synth.h"
#include <glib/gi18n-lib.h>

static const MgParamTable *const tables[] = {&mg_synth_params, NULL};

static gboolean
set_option(MgParams *params, const char *name, const char *text, GError **error)
{
  return !text || mg_params_set(params, name, text, error);
}

static gboolean
run(int argc, char **argv, GError **error)
{
  static char *out, *seed, *tracks, *seconds;
  static char **assignments;
  static GOptionEntry entries[] = {
      {"out", 'o', 0, G_OPTION_ARG_FILENAME, &out, N_("Folder for the classes' folders"), "DIR"},
      {"seed", 0, 0, G_OPTION_ARG_STRING, &seed, N_("Another seed gives other tracks"), "N"},
      {"tracks", 0, 0, G_OPTION_ARG_STRING, &tracks, N_("Tracks a class"), "N"},
      {"seconds", 0, 0, G_OPTION_ARG_STRING, &seconds, N_("Length of a track"), "S"},
      {"set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &assignments, N_("Set a parameter"), "NAME=VALUE"},
      {NULL},
  };
  gboolean done;
  if (!mg_command_parse(&mg_cmd_synth, entries, tables, &argc, &argv, 0, 0, &done, error) || done)
    return done;
  if (!out)
    return mg_command_missing(&mg_cmd_synth, "--out DIR", error);
  g_autoptr(MgParams) params = mg_params_new(tables);
  gboolean good = set_option(params, "seed", seed, error) && set_option(params, "tracks", tracks, error) &&
                  set_option(params, "seconds", seconds, error) && mg_command_set(params, assignments, error) &&
                  mg_synth_write(out, params, 0, mg_command_progress(), error);
  mg_command_progress_end();
  return good;
}

const MgCommand mg_cmd_synth = {
    .name = "synth",
    .arguments = "",
    .help = N_("Makes demo tracks of two genres, one folder per class"),
    .run = run,
};
