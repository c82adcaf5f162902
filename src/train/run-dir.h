/* The run folder: what a training writes and everybody else reads. */
#pragma once
#include "base/param.h"

typedef enum {
  MG_RUN_PREPARING,
  MG_RUN_RUNNING,
  MG_RUN_PAUSED, /* the file says that it is under way, but its process is stopped (SIGSTOP): goes on by SIGCONT */
  MG_RUN_FINISHED,
  MG_RUN_STOPPED,
  MG_RUN_FAILED,
  MG_RUN_INTERRUPTED, /* the file says running, but its process is gone: can be resumed */
} MgRunState;
const char *mg_run_state_name(MgRunState state); /* "preparing" … "interrupted" */

/* What `status` holds (an INI file, replaced whole). */
typedef struct {
  MgRunState state;
  gint64 pid;
  int epoch, epochs;   /* done, planned */
  gint64 step, steps;  /* within the training */
  double seconds;      /* trained so far */
  double seconds_left; /* negative: unknown */
  double examples_per_second;
  char message[1024]; /* error or note, one line; what is longer is cut */
  /* Of reading alone. */
  char host[64];      /* the machine that wrote it */
  gboolean elsewhere; /* which is not this one: its process cannot be looked up */
  gint64 written;     /* when, in microseconds since 1970 */
} MgRunStatus;

/* A run that says it is under way, but whose process (number and start time) is gone from this machine, reads as
 * MG_RUN_INTERRUPTED; one whose process is stopped as MG_RUN_PAUSED. */
gboolean mg_run_status_read(const char *folder, MgRunStatus *status, GError **error);
gboolean mg_run_status_write(const char *folder, const MgRunStatus *status, GError **error);
/* The same without waiting for the disk, for a status that others soon replace: a power cut may damage it. */
gboolean mg_run_status_write_passing(const char *folder, const MgRunStatus *status, GError **error);

/* metrics.csv: epoch,step,split,name,value; lines are appended whole. Epochs count from 1, steps from 1 over the whole
 * training; the epoch's own metrics carry the number of its last step. */
typedef struct {
  int epoch;
  gint64 step;
  char split[8]; /* "train", "val", "test" */
  char name[64]; /* "loss", "accuracy", "learning_rate", "f1_macro", "recall:LABEL" … */
  double value;
} MgMetric;

/* Zeroed before the first call. */
typedef struct {
  gint64 offset; /* where reading goes on */
  guint64 inode; /* of the file read so far: a resumed run replaces it */
} MgMetricsTail;

MgMetric mg_metric(int epoch, gint64 step, const char *split, const char *name, double value);
gboolean mg_metrics_append(const char *folder, const MgMetric *metrics, size_t n, GError **error);
/* Appends the complete new lines to `metrics` (GArray of MgMetric). Starts anew where the file was replaced or has
 * become shorter (a resumed run): *restarted is set and the array is emptied. An absent file has no lines. */
gboolean mg_metrics_tail(const char *folder, MgMetricsTail *tail, GArray *metrics, gboolean *restarted, GError **error);
/* Bytes of complete lines so far, for a checkpoint; 0 where there is no file. */
gint64 mg_metrics_length(const char *folder);
/* Cuts the file back to what it was at a checkpoint. */
gboolean mg_metrics_cut(const char *folder, gint64 length, GError **error);

/* config.ini, as written when the run began: [run] dataset, import options, model, labels; [versions]; one group for
 * each table of parameters. g_key_file_unref() it. */
GKeyFile *mg_run_config_read(const char *folder, GError **error);

/* The writer's side: holds a lock on the folder, so that two processes never write the same run. */
typedef struct MgRunDir MgRunDir;

/* Makes the folder. MG_ERROR_USAGE where it exists and is not empty. */
MgRunDir *mg_run_dir_create(const char *folder, GError **error);
/* Opens an existing run to go on with. MG_ERROR_USAGE where there is none. */
MgRunDir *mg_run_dir_reopen(const char *folder, GError **error);
/* For the ranks that do not write: knows the folder's place, leaves what it is told. */
MgRunDir *mg_run_dir_follow(const char *folder);
void mg_run_dir_free(MgRunDir *dir); /* accepts NULL */
const char *mg_run_dir_path(const MgRunDir *dir);
char *mg_run_dir_file(const MgRunDir *dir, const char *relative); /* g_free() it */
/* Writes the status at most four times a second, and does not wait for the disk, unless `now` is set. */
gboolean mg_run_dir_set_status(MgRunDir *dir, const MgRunStatus *status, gboolean now, GError **error);
/* Adds a dated line to log.txt. A log that cannot be written is no reason to end a training. */
void mg_run_dir_log(MgRunDir *dir, const char *format, ...) G_GNUC_PRINTF(2, 3);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgRunDir, mg_run_dir_free)
