/* `dataset D --problems` and `dataset WORKSPACE --suggest`: what takes long. */
#pragma once
#include "dataset/problems.h"
#include <glib/gi18n-lib.h>

typedef struct {
  gboolean problems;
  char *fix;     /* a kind, or "all" */
  char *suggest; /* a run, a model file, or a shipped model's name */
  double take;   /* labels of at least this probability are taken over; 0: none */
} MgDatasetWork;

#define MG_DATASET_WORK_ENTRIES(work)                                                                                    \
  {"problems", 0, 0, G_OPTION_ARG_NONE, &(work).problems, N_("Listen to every track and tell what is wrong"), NULL},     \
      {"fix", 0, 0, G_OPTION_ARG_STRING, &(work).fix, N_("Do what is proposed for problems of a kind, or all"), "KIND"}, \
      {"suggest",                                                                                                        \
       0,                                                                                                                \
       0,                                                                                                                \
       G_OPTION_ARG_FILENAME,                                                                                            \
       &(work).suggest,                                                                                                  \
       N_("Let a run or model propose labels for a workspace's tracks without one"),                                     \
       "RUN"},                                                                                                           \
  {                                                                                                                      \
    "take", 0, 0, G_OPTION_ARG_DOUBLE, &(work).take, N_("Take over what is suggested with at least this probability"),   \
        "P"                                                                                                              \
  }

gboolean mg_dataset_work_is_wanted(const MgDatasetWork *work);
gboolean mg_dataset_work_run(const MgDatasetWork *work, const char *dataset, const MgImportOptions *import,
                             const MgParams *params, gboolean json, GError **error);
void mg_dataset_work_clear(MgDatasetWork *work);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(MgDatasetWork, mg_dataset_work_clear)
