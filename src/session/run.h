/* A training run: its folder as it grows, and the process that trains in it. The folder is read on a thread four times
 * a second while a process works in it, seldom otherwise; the window only copies what is new. */
#pragma once
#include "base/param.h"
#include "train/fit-light.h"
#include "train/run-dir.h"
#include <gio/gio.h>

#define MG_TYPE_RUN (mg_run_get_type())
G_DECLARE_FINAL_TYPE(MgRun, mg_run, MG, RUN, GObject)

/* Values of one metric in the order in which they were written. Valid until the run's next "changed". */
typedef struct {
  const double *step, *epoch, *value;
  size_t n;
} MgRunSeries;

/* What a new training needs. NULL or empty texts of the options mean none. */
typedef struct {
  const char *dataset;
  const char *label_from, *group_from, *fold_from;
  const char *model;      /* name below models/ or a .json file */
  const MgParams *params; /* of mg_run_new_params() */
} MgRunRequest;

/* Signal "changed": something that the functions below tell is different. Properties "name" (string) and "state"
 * (MgRunState as guint) notify. */
MgRun *mg_run_new(const char *folder);

const char *mg_run_folder(MgRun *run);
const char *mg_run_name(MgRun *run); /* of the folder; in a study STUDY/FOLDER */
MgRunState mg_run_state(MgRun *run);
gboolean mg_run_is_active(MgRun *run);    /* a process prepares, trains or is paused */
gboolean mg_run_can_resume(MgRun *run);   /* stopped or interrupted, with a checkpoint to go on from */
gboolean mg_run_has_model(MgRun *run);    /* there is a checkpoint to evaluate */
const char *mg_run_message(MgRun *run);   /* error or note, one line; "" where there is none */
const char *mg_run_model(MgRun *run);     /* network's or classifier's name, "" while unknown */
gboolean mg_run_is_table(MgRun *run);     /* of a classifier on a table; FALSE while unknown */
gboolean mg_run_is_search(MgRun *run);    /* of parameters, in many trials; FALSE while unknown */
const char *mg_run_dataset(MgRun *run);   /* path of its data set, "" while unknown */
gboolean mg_run_is_elsewhere(MgRun *run); /* another machine trains it: it can be followed, not stopped */
gboolean mg_run_is_leaky(MgRun *run);     /* split by segment: its figures pretend */
const MgRunStatus *mg_run_status(MgRun *run);
double mg_run_fraction(MgRun *run);                                         /* of the training that is done, 0 to 1 */
MgRunSeries mg_run_series(MgRun *run, const char *split, const char *name); /* n is 0 where there is none */
double mg_run_last(MgRun *run, const char *split, const char *name);        /* NaN where there is none */
int mg_run_best_epoch(MgRun *run); /* by validation macro F1, else by loss; 0: none yet */
double mg_run_best_f1(MgRun *run); /* NaN: none yet */
/* Values at the step nearest to `step`; NaN where there is none. */
double mg_run_value_at(MgRun *run, const char *split, const char *name, double step);

/* Names of the metrics of a split that begin with `prefix`, sorted; g_strfreev() them. */
char **mg_run_metrics(MgRun *run, const char *split, const char *prefix);
MgFitLight mg_run_fit_light(MgRun *run); /* of the epochs that are done */

/* Reads what is new now, on this thread; otherwise it happens by itself. */
void mg_run_refresh(MgRun *run);

/* Every parameter of a training with its default. */
MgParams *mg_run_new_params(void);
/* The parameters that the run was started with; NULL and an error where its config.ini cannot be read. */
MgParams *mg_run_load_params(MgRun *run, GError **error);
/* Starts a training as a child process; its errors become the run's message and MG_RUN_FAILED. */
gboolean mg_run_start(MgRun *run, const MgRunRequest *request, GError **error);
/* The same for a search for parameters; `options` of melograph-cli search, NULL-terminated, tell all but the folder. */
gboolean mg_run_start_search(MgRun *run, const char *const *options, GError **error);
gboolean mg_run_resume(MgRun *run, GError **error);
/* Asks the process to write a checkpoint and end, whoever started it. */
void mg_run_stop(MgRun *run);
/* Halts the process where it is, and lets it go on; whoever started it. */
void mg_run_pause(MgRun *run, gboolean pause);
