/* `dataset WORKSPACE --label …`: what changes a workspace's tracks from the command line, each one edit that can be
 * taken back here or in the window. */
#pragma once
#include "dataset/manifest.h"
#include <glib/gi18n-lib.h>

typedef struct {
  char *import, *label, *rename, *merge;
  gboolean exclude, include, undo, redo, history;
} MgDatasetEdit;

#define MG_DATASET_EDIT_ENTRIES(edit)                                                                                  \
  {"import", 0, 0, G_OPTION_ARG_FILENAME, &(edit).import, N_("Add the tracks of another data set to the workspace"),   \
   "D"},                                                                                                               \
      {"label", 0, 0, G_OPTION_ARG_STRING, &(edit).label, N_("Give FILE… this class (\"\": none)"), "CLASS"},          \
      {"rename", 0, 0, G_OPTION_ARG_STRING, &(edit).rename, N_("Give a class another name"), "OLD=NEW"},               \
      {"merge", 0, 0, G_OPTION_ARG_STRING, &(edit).merge, N_("Put a class into one that is there"), "OLD=NEW"},        \
      {"exclude", 0, 0, G_OPTION_ARG_NONE, &(edit).exclude, N_("Learn nothing from FILE…"), NULL},                     \
      {"include", 0, 0, G_OPTION_ARG_NONE, &(edit).include, N_("Take FILE… again"), NULL},                             \
      {"undo", 0, 0, G_OPTION_ARG_NONE, &(edit).undo, N_("Take the last edit back"), NULL},                            \
      {"redo", 0, 0, G_OPTION_ARG_NONE, &(edit).redo, N_("Do what was taken back again"), NULL},                       \
  {                                                                                                                    \
    "history", 0, 0, G_OPTION_ARG_NONE, &(edit).history, N_("Print the edits, the latest first"), NULL                 \
  }

gboolean mg_dataset_edit_is_wanted(const MgDatasetEdit *edit);
/* Does the one thing that is asked for and tells it on stdout. `files` ends with NULL. */
gboolean mg_dataset_edit_run(const MgDatasetEdit *edit, const char *workspace, const MgImportOptions *import,
                             char **files, GError **error);
/* MG_ERROR_USAGE where `path` is no workspace. */
gboolean mg_check_workspace(const char *path, const char *option, GError **error);
void mg_dataset_edit_clear(MgDatasetEdit *edit);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(MgDatasetEdit, mg_dataset_edit_clear)
