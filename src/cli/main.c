#include "cli/command.h"
#include "base/error.h"
#include "config.h"
#include <locale.h>
#include <stdio.h>

/* One line a subcommand, in the order of a user's way through the program. */
static const MgCommand *const commands[] = {
    NULL,
};

static void
print_version(void)
{
  const char *set = __builtin_cpu_supports("avx512f") ? "AVX-512" : __builtin_cpu_supports("avx2") ? "AVX2" : "SSE2";
  g_print("melograph-cli %s\nglib %u.%u.%u\ninstruction set %s\n", MG_VERSION, glib_major_version, glib_minor_version,
          glib_micro_version, set);
}

static void
print_usage(void)
{
  g_print("Usage: melograph-cli COMMAND [OPTION…]\n\n");
  for (size_t i = 0; commands[i]; i++)
    g_print("  %-15s %s\n", commands[i]->name, commands[i]->help);
  g_print("\nmelograph-cli COMMAND --help tells a command's options; --version the versions in use.\n");
}

static const MgCommand *
find_command(const char *name)
{
  for (size_t i = 0; commands[i]; i++)
    if (g_str_equal(commands[i]->name, name))
      return commands[i];
  return NULL;
}

/* An error is one line, whatever a file name in it holds. */
static void
print_error(const GError *error)
{
  g_autofree char *line = g_strdelimit(g_strdup(error->message), "\r\n", ' ');
  g_printerr("melograph-cli: %s\n", line);
}

int
main(int argc, char **argv)
{
  setlocale(LC_ALL, "");
  setlocale(LC_NUMERIC, "C"); /* files and JSON are written with a point */
  if (argc < 2 || g_str_equal(argv[1], "--help")) {
    print_usage();
    return argc < 2 ? 2 : 0;
  }
  if (g_str_equal(argv[1], "--version")) {
    print_version();
    return 0;
  }
  const MgCommand *command = find_command(argv[1]);
  if (!command) {
    g_printerr("melograph-cli: there is no command “%s”; melograph-cli --help lists them\n", argv[1]);
    return 2;
  }
  g_autoptr(GError) error = NULL;
  if (command->run(argc - 1, argv + 1, &error))
    return 0;
  mg_command_progress_end();
  print_error(error);
  return g_error_matches(error, MG_ERROR, MG_ERROR_USAGE) ? 2 : 1;
}
