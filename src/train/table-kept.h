/* What a training on rows has learned so far, in the folder learned/ of its run, so that one that was killed goes on:
 * the models of its folds, and how long each took. */
#pragma once
#include "train/table-model.h"
#include "train/table-run.h"

gboolean mg_table_kept_save(const char *run, const char *name, MgTableModel *model, double seconds, GError **error);
/* NULL where there is none that is whole. */
MgTableModel *mg_table_kept_load(const char *run, const char *name, double *seconds);
gboolean mg_table_kept_is_begun(const char *run); /* the folder has a job's config.ini */
/* Writes config.ini. Where the run has begun, MG_ERROR_USAGE tells what the job asks for otherwise. */
gboolean mg_table_kept_config(const MgTableJob *job, const GPtrArray *labels, gboolean begun, GError **error);
