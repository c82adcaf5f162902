/* The run folder: what a training writes and everybody else reads. */
#pragma once
#include "base/param.h"

typedef struct MgRunDir MgRunDir; /* the writer's side */

typedef enum {
  MG_RUN_PREPARING, MG_RUN_RUNNING, MG_RUN_FINISHED, MG_RUN_STOPPED, MG_RUN_FAILED,
  MG_RUN_INTERRUPTED, /* the file says running, but its process is gone: can be resumed */
} MgRunState;
const char *mg_run_state_name(MgRunState state);

/* What `status` holds (an INI file, replaced whole). */
typedef struct {
  MgRunState state;
  gint64 pid;
  int epoch, epochs;     /* done, planned */
  gint64 step, steps;    /* within the training */
  double seconds;        /* trained so far */
  double seconds_left;   /* negative: unknown */
  double examples_per_second;
  char message[512];     /* error or note, one line */
} MgRunStatus;

gboolean mg_run_status_read(const char *folder, MgRunStatus *status, GError **error);
gboolean mg_run_status_write(const char *folder, const MgRunStatus *status, GError **error);

/* metrics.csv: epoch,step,split,name,value; lines are appended whole. */
typedef struct {
  int epoch;
  gint64 step;
  char split[8];  /* "train", "val", "test" */
  char name[32];  /* "loss", "accuracy", "learning_rate", "f1_macro", "recall:LABEL" … */
  double value;
} MgMetric;

typedef struct {
  gint64 offset; /* where reading goes on */
} MgMetricsTail;

gboolean mg_metrics_append(const char *folder, const MgMetric *metrics, size_t n, GError **error);
/* Appends the complete new lines to `metrics` (GArray of MgMetric). Starts anew where the file has become shorter (a
 * resumed run): *restarted is set and the array is emptied. */
gboolean mg_metrics_tail(const char *folder, MgMetricsTail *tail, GArray *metrics, gboolean *restarted, GError **error);
