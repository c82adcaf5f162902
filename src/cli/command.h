/* The table of subcommands. A subcommand is one file (cmd-NAME.c) and one line in main.c. */
#pragma once
#include "base/param.h"
#include "base/progress.h"
#include "base/ranks.h"
#include <glib.h>

typedef struct {
  const char *name;
  const char *arguments; /* "FILE…" for the usage line */
  const char *help;      /* one line, marked by N_() */
  /* Returns FALSE with an error; MG_ERROR_USAGE exits with 2, everything else with 1. argv[0] is the subcommand. */
  gboolean (*run)(int argc, char **argv, GError **error);
  gboolean ranks; /* works on several machines, started by mpirun or srun */
} MgCommand;

/* Parses `entries` plus --quiet (and --help, made from the entries, `help` and the parameter tables). What remains in
 * argv are the positional arguments: at least `least`, at most `most` of them (-1: any number). TRUE with *done set
 * where help was printed. Unknown options are MG_ERROR_USAGE. */
gboolean mg_command_parse(const MgCommand *command, GOptionEntry *entries, const MgParamTable *const *tables, int *argc,
                          char ***argv, int least, int most, gboolean *done, GError **error);
/* MG_ERROR_USAGE that says which option ("--run DIR") the command needs. FALSE. */
gboolean mg_command_missing(const MgCommand *command, const char *option, GError **error);
/* The same of what else is wrong with its options. FALSE. */
gboolean mg_command_refuse(const MgCommand *command, const char *why, GError **error);
/* Whether --start and --end, in s, are a stretch of a sound; `end` 0 is the sound's own. */
gboolean mg_command_check_stretch(const MgCommand *command, double start, double end, GError **error);
/* Applies --set assignments (NULL-terminated, may be NULL). */
gboolean mg_command_set(MgParams *params, char **assignments, GError **error);
/* A progress that draws a bar on stderr where that is a terminal and --quiet was not given, or with --progress writes
 * lines that session/worker reads; SIGINT and SIGTERM cancel it. */
MgProgress *mg_command_progress(void);
void mg_command_progress_end(void); /* clears the bar */
/* The job that this process is one of; NULL where it is by itself, or the command does all by itself. From then on only
 * rank 0 prints and shows progress. */
gboolean mg_command_join_ranks(GError **error);
MgRanks *mg_command_ranks(void);
/* What all ranks came to, and the end of the job. */
gboolean mg_command_leave_ranks(gboolean good, GError **error);
/* An error's one line on stderr, whatever a file name in it holds: for work that goes on with the next file. */
void mg_command_print_error(const GError *error);

extern const MgCommand mg_cmd_info, mg_cmd_dataset, mg_cmd_synth, mg_cmd_model;
extern const MgCommand mg_cmd_train, mg_cmd_evaluate, mg_cmd_predict, mg_cmd_maps, mg_cmd_explain, mg_cmd_embed;
extern const MgCommand mg_cmd_feature, mg_cmd_features, mg_cmd_record, mg_cmd_devices;
extern const MgCommand mg_cmd_spectrogram_3d;
extern const MgCommand mg_cmd_bench;
extern const MgCommand mg_cmd_table_train;
extern const MgCommand mg_cmd_search;
extern const MgCommand mg_cmd_hear;
extern const MgCommand mg_cmd_labels, mg_cmd_similar;
extern const MgCommand mg_cmd_feature_gallery;
extern const MgCommand mg_cmd_waveform, mg_cmd_curves, mg_cmd_importances, mg_cmd_runs;
extern const MgCommand mg_cmd_export, mg_cmd_import;
extern const MgCommand mg_cmd_live, mg_cmd_watch;
