#include "cli/command.h"
#include "base/csv.h"
#include "base/error.h"
#include <glib/gi18n-lib.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static gboolean quiet, lines, formulas;
static MgProgress *progress; /* the command's one; lives as long as the process */
static MgRanks *ranks;       /* likewise */

static GOptionEntry *
with_common_entries(const GOptionEntry *entries)
{
  static const GOptionEntry common[] = {
      {"quiet", 'q', 0, G_OPTION_ARG_NONE, &quiet, N_("No progress on stderr"), NULL},
      {"progress", 0, 0, G_OPTION_ARG_NONE, &lines, N_("Progress as lines on stderr, for programs"), NULL},
      {"formulas", 0, 0, G_OPTION_ARG_NONE, &formulas,
       N_("Write texts into CSV as they are, even where a spreadsheet would compute them"), NULL},
  };
  GArray *all = g_array_new(TRUE, TRUE, sizeof(GOptionEntry));
  for (; entries && entries->long_name; entries++)
    g_array_append_val(all, *entries);
  g_array_append_vals(all, common, G_N_ELEMENTS(common));
  for (guint i = 0; i < all->len; i++) { /* not GOption's own way, which would translate NAME and DIR, too */
    GOptionEntry *entry = &g_array_index(all, GOptionEntry, i);
    entry->description = _(entry->description);
  }
  return (GOptionEntry *)g_array_free(all, FALSE);
}

static void
append_spec_help(GString *text, const MgParamSpec *spec)
{
  g_autofree char *assignment = g_strdup_printf("%s=%s", spec->name, spec->default_value);
  g_string_append_printf(text, "  %-30s %s", assignment, _(spec->help));
  if (spec->choices)
    g_string_append_printf(text, spec->type == MG_PARAM_LIST ? _(" (none, or some of %s, with commas)") : " (%s)",
                           spec->choices);
  if (spec->unit)
    g_string_append_printf(text, " [%s]", _(spec->unit));
  if (spec->automatic)
    g_string_append_printf(text, "; auto: %s", _(spec->automatic));
  g_string_append_c(text, '\n');
}

static char *
parameters_help(const MgParamTable *const *tables)
{
  GString *text = g_string_new(_("Parameters (--set NAME=VALUE), with their defaults:"));
  g_string_append_c(text, '\n');
  for (; *tables; tables++) {
    g_string_append_printf(text, "%s\n", _((*tables)->title));
    for (size_t i = 0; i < (*tables)->n; i++)
      append_spec_help(text, &(*tables)->specs[i]);
  }
  return g_string_free(text, FALSE);
}

static void
print_help(const MgCommand *command, GOptionContext *context, const MgParamTable *const *tables)
{
  g_autofree char *prefix = g_strdup_printf("melograph-cli %s", command->name);
  g_set_prgname(prefix);
  g_option_context_set_summary(context, _(command->help));
  g_autofree char *parameters = tables ? parameters_help(tables) : NULL;
  g_option_context_set_description(context, parameters);
  g_autofree char *help = g_option_context_get_help(context, TRUE, NULL);
  fputs(help, stdout);
}

static gboolean
wants_help(int argc, char **argv)
{
  for (int i = 1; i < argc && !g_str_equal(argv[i], "--"); i++)
    if (g_str_equal(argv[i], "--help") || g_str_equal(argv[i], "-h"))
      return TRUE;
  return FALSE;
}

/* GOption leaves a "--" that ends the options in place. */
static void
drop_separator(int *argc, char **argv)
{
  if (*argc < 2 || !g_str_equal(argv[1], "--"))
    return;
  memmove(argv + 1, argv + 2, (*argc - 1) * sizeof *argv);
  (*argc)--;
}

gboolean
mg_command_parse(const MgCommand *command, GOptionEntry *entries, const MgParamTable *const *tables, int *argc,
                 char ***argv, int least, int most, gboolean *done, GError **error)
{
  g_autoptr(GOptionContext) context = g_option_context_new(command->arguments);
  g_option_context_set_help_enabled(context, FALSE);
  g_autofree GOptionEntry *all = with_common_entries(entries);
  g_option_context_add_main_entries(context, all, NULL);
  *done = wants_help(*argc, *argv);
  if (*done) {
    print_help(command, context, tables);
    return TRUE;
  }
  g_autoptr(GError) cause = NULL;
  if (!g_option_context_parse(context, argc, argv, &cause))
    return mg_command_refuse(command, cause->message, error);
  drop_separator(argc, *argv);
  mg_csv_set_formulas(formulas);
  int given = *argc - 1;
  if (given >= least && (most < 0 || given <= most))
    return TRUE;
  g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("%s: %s; expected %s; melograph-cli %s --help tells more"),
              command->name, given < least ? _("an argument is missing") : _("too many arguments"),
              command->arguments && *command->arguments ? command->arguments : _("no argument"), command->name);
  return FALSE;
}

gboolean
mg_command_missing(const MgCommand *command, const char *option, GError **error)
{
  g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("%s: %s is missing; melograph-cli %s --help tells more"),
              command->name, option, command->name);
  return FALSE;
}

gboolean
mg_command_refuse(const MgCommand *command, const char *why, GError **error)
{
  g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("%s: %s; melograph-cli %s --help tells more"), command->name, why,
              command->name);
  return FALSE;
}

gboolean
mg_command_check_stretch(const MgCommand *command, double start, double end, GError **error)
{
  if (start >= 0 && (end == 0 || end > start))
    return TRUE;
  g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("%s: --start %g --end %g: expected 0 or more, and an end behind it"),
              command->name, start, end);
  return FALSE;
}

gboolean
mg_command_set(MgParams *params, char **assignments, GError **error)
{
  for (; assignments && *assignments; assignments++)
    if (!mg_params_assign(params, *assignments, error))
      return FALSE;
  return TRUE;
}

static void
draw_bar(double fraction, double seconds_left, const char *what, gpointer data)
{
  char bar[31];
  int filled = (int)(CLAMP(fraction, 0, 1) * 30);
  memset(bar, '#', filled);
  memset(bar + filled, '.', 30 - filled);
  bar[30] = 0;
  fprintf(stderr, "\r\033[K[%s] %3.0f%%", bar, fraction * 100);
  g_autofree char *left = seconds_left >= 0 ? g_strdup_printf(_("%.0f s left"), seconds_left) : NULL;
  if (left)
    fprintf(stderr, "  %s", left);
  if (what)
    fprintf(stderr, "  %s", what);
  fflush(stderr);
}

/* "progress FRACTION SECONDS_LEFT WHAT" */
static void
write_line(double fraction, double seconds_left, const char *what, gpointer data)
{
  char numbers[2][G_ASCII_DTOSTR_BUF_SIZE];
  g_ascii_formatd(numbers[0], sizeof *numbers, "%.4f", CLAMP(fraction, 0, 1));
  g_ascii_formatd(numbers[1], sizeof *numbers, "%.1f", seconds_left);
  fprintf(stderr, "progress %s %s %s\n", numbers[0], numbers[1], what ? what : "");
  fflush(stderr);
}

static void
cancel_on_signal(int number)
{
  mg_progress_cancel(progress); /* sets one atomic: safe in a signal handler */
}

MgProgress *
mg_command_progress(void)
{
  if (progress)
    return progress;
  quiet |= !mg_ranks_leads(ranks);
  gboolean shown = !quiet && isatty(STDERR_FILENO);
  progress = mg_progress_new(lines && !quiet ? write_line : shown ? draw_bar : NULL, NULL);
  struct sigaction action = {.sa_handler = cancel_on_signal, .sa_flags = SA_RESETHAND}; /* a second one ends at once */
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
  mg_ranks_watch(ranks, progress);
  return progress;
}

gboolean
mg_command_join_ranks(GError **error)
{
  g_autoptr(GError) cause = NULL;
  ranks = mg_ranks_open(&cause);
  if (!mg_ranks_leads(ranks) && !freopen("/dev/null", "w", stdout))
    g_debug("standard output stays open");
  if (cause)
    g_propagate_error(error, g_steal_pointer(&cause));
  return !error || !*error;
}

MgRanks *
mg_command_ranks(void)
{
  return ranks;
}

gboolean
mg_command_leave_ranks(gboolean good, GError **error)
{
  gboolean went_on = good && mg_ranks_lost(ranks) >= 0; /* without who is gone */
  return !ranks || went_on ? good : mg_ranks_agree(ranks, good, NULL, error);
}

void
mg_command_progress_end(void)
{
  if (progress && !quiet && !lines && isatty(STDERR_FILENO))
    fputs("\r\033[K", stderr);
}

void
mg_command_print_error(const GError *error)
{
  if (!mg_ranks_speaks(ranks))
    return;
  g_autofree char *line = mg_one_line(g_strdup(error->message)); /* a file may be named with a terminal's escapes */
  g_printerr("melograph-cli: %s\n", line);
}
