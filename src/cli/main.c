#include "cli/command.h"
#include "cli/version.h"
#include "base/data-dir.h"
#include "base/error.h"
#include "config.h"
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <locale.h>
#include <stdio.h>

/* One line a subcommand, in the order of a user's way through the program. */
static const MgCommand *const commands[] = {
    &mg_cmd_info,
    &mg_cmd_feature,
    &mg_cmd_hear,
    &mg_cmd_labels,
    &mg_cmd_similar,
    &mg_cmd_features,
    &mg_cmd_feature_gallery,
    &mg_cmd_spectrogram_3d,
    &mg_cmd_waveform,
    &mg_cmd_synth,
    &mg_cmd_dataset,
    &mg_cmd_model,
    &mg_cmd_train,
    &mg_cmd_evaluate,
    &mg_cmd_predict,
    &mg_cmd_watch,
    &mg_cmd_maps,
    &mg_cmd_explain,
    &mg_cmd_export,
    &mg_cmd_import,
    &mg_cmd_embed,
    &mg_cmd_table_train,
    &mg_cmd_search,
    &mg_cmd_record,
    &mg_cmd_devices,
    &mg_cmd_live,
    &mg_cmd_curves,
    &mg_cmd_runs,
    &mg_cmd_importances,
#ifdef MG_HAVE_BENCH
    &mg_cmd_bench,
#endif
    NULL,
};

static void
print_usage(void)
{
  g_print("%s\n\n", _("Usage: melograph-cli COMMAND [OPTION…]"));
  for (size_t i = 0; commands[i]; i++)
    g_print("  %-15s %s\n", commands[i]->name, _(commands[i]->help));
  g_print("\n%s\n", _("melograph-cli COMMAND --help tells a command's options; --version the versions in use."));
}

static const MgCommand *
find_command(const char *name, GError **error)
{
  for (size_t i = 0; commands[i]; i++)
    if (g_str_equal(commands[i]->name, name))
      return commands[i];
  g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("there is no command “%s”; melograph-cli --help lists them"), name);
  return NULL;
}

static gboolean
run_command(int argc, char **argv, GError **error)
{
  const MgCommand *command = find_command(argv[0], error);
  if (!command)
    return FALSE;
  g_debug("%s begins", command->name);
  if (command->ranks && !mg_command_join_ranks(error))
    return FALSE;
  return mg_command_leave_ranks(command->run(argc, argv, error), error);
}

static gboolean
run(int argc, char **argv, GError **error)
{
  if (argc == 0) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("a command is missing; melograph-cli --help lists them"));
    return FALSE;
  }
  if (!g_str_equal(argv[0], "--help") && !g_str_equal(argv[0], "-h") && !g_str_equal(argv[0], "--version"))
    return run_command(argc, argv, error);
  (g_str_equal(argv[0], "--version") ? mg_version_print : print_usage)();
  return TRUE;
}

/* What was printed may wait in a buffer: a full disk shows here at the latest. */
static gboolean
flush_output(GError **error)
{
  if (fflush(stdout) == 0 && !ferror(stdout))
    return TRUE;
  g_set_error(error, MG_ERROR, MG_ERROR_IO, _("standard output: cannot write: %s"), g_strerror(errno));
  return FALSE;
}

int
main(int argc, char **argv)
{
  setlocale(LC_ALL, "");
  setlocale(LC_NUMERIC, "C"); /* files and JSON are written with a point */
  bindtextdomain(GETTEXT_PACKAGE, mg_data_dir_locale());
  bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
  textdomain(GETTEXT_PACKAGE);               /* which ngettext() asks */
  g_log_writer_default_set_use_stderr(TRUE); /* G_MESSAGES_DEBUG=melograph does not mix with the data on stdout */
  g_autoptr(GError) error = NULL;
  gboolean good = run(argc - 1, argv + 1, &error) && flush_output(&error);
  if (!good) {
    mg_command_progress_end();
    mg_command_print_error(error);
  }
  mg_ranks_close(mg_command_ranks());
  if (good)
    return 0;
  return g_error_matches(error, MG_ERROR, MG_ERROR_USAGE) ? 2 : 1;
}
