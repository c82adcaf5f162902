/* config.ini of a run: what it was asked to do, and with which versions. */
#pragma once
#include "train/table-run.h"
#include "train/trainer.h"

/* Owned texts; the job's pointers lead here. */
typedef struct {
  char *dataset, *model;
  char *label_from, *group_from, *fold_from; /* NULL: not given */
  char **labels;
  MgParams *params; /* of mg_train_tables(); of a run on a table: mg_split_params and mg_table_run_params */
  gboolean leaky;
  gboolean is_table; /* a classifier on a table, not a network */
} MgRunConfig;

gboolean mg_run_config_save(const char *folder, const MgTrainJob *job, const GPtrArray *labels, GError **error);
/* The same of a classifier on a table. */
gboolean mg_run_config_save_table(const char *folder, const MgTableJob *job, const GPtrArray *labels, GError **error);
MgRunConfig *mg_run_config_load(const char *folder, GError **error);
/* MG_ERROR_USAGE where it is not of a network, which alone can be resumed. */
MgRunConfig *mg_run_config_load_network(const char *folder, GError **error);
void mg_run_config_free(MgRunConfig *config); /* accepts NULL */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgRunConfig, mg_run_config_free)
