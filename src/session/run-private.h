/* What the run's files share: the folder as it is read, its metrics, its process. */
#pragma once
#include "session/run-reader.h"
#include "session/run.h"
#include "session/worker.h"

struct _MgRun {
  GObject parent_instance;
  char *folder, *name;
  MgRunStatus status;
  gboolean has_status, has_last, has_best;
  MgRunFacts facts;
  MgMetricsTail tail;
  GHashTable *series;   /* "split/name" -> Series * */
  MgWorker *worker;     /* the process that this program started, or NULL */
  char *failure;        /* its error line, where the folder does not tell */
  gboolean reading;     /* a thread is at it */
  guint64 reads;        /* so that an answer overtaken by mg_run_refresh() is dropped */
  guint timer, killing; /* the latter of a process that was asked to end */
  gint64 asked;         /* its number */
  gboolean timer_is_fast;
};

void mg_run_notify_state(MgRun *run);
void mg_run_announce(MgRun *run); /* "changed", and how often the folder is read from now on */

GHashTable *mg_run_series_new(void); /* "split/name" -> values; g_hash_table_unref() it */
void mg_run_series_append(MgRun *run, const MgMetric *metric);

/* The process that this program started is asked to end. */
void mg_run_process_forget(MgRun *run);
