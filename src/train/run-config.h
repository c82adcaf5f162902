/* config.ini of a run: what it was asked to do, and with which versions. */
#pragma once
#include "train/trainer.h"

/* Owned texts; the job's pointers lead here. */
typedef struct {
  char *dataset, *model;
  char *label_from, *group_from, *fold_from; /* NULL: not given */
  char **labels;
  MgParams *params; /* of mg_train_tables() */
  gboolean leaky;
} MgRunConfig;

gboolean mg_run_config_save(const char *folder, const MgTrainJob *job, const GPtrArray *labels, GError **error);
MgRunConfig *mg_run_config_load(const char *folder, GError **error);
void mg_run_config_free(MgRunConfig *config); /* accepts NULL */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgRunConfig, mg_run_config_free)
