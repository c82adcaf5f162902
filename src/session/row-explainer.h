/* Asks on a thread why a classifier took a row of numbers for a class. */
#pragma once
#include "train/explain-row.h"
#include <gio/gio.h>

/* On the main thread: how far it is. */
typedef void (*MgRowExplainProgress)(double fraction, gpointer data);

/* The row of the stretch of `track` that begins at `start`, of the best model in the folder `run`; see
 * mg_explain_row_of_run(). `data` is of both callbacks; progress comes until `cancellable` is cancelled. */
void mg_row_explain_async(const char *run, const char *track, double start, int label, MgRowExplainProgress progress,
                          GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
MgRowReasons *mg_row_explain_finish(GAsyncResult *result, GError **error);
