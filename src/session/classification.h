/* Sound files and folders classified by a model, in a child process (`melograph-cli predict`): a table of their
 * segments and the vote of each track.
 *
 * Main thread only. "changed": it began, went on, ended, or failed. */
#pragma once
#include "session/results.h"

#define MG_TYPE_CLASSIFICATION (mg_classification_get_type())
G_DECLARE_FINAL_TYPE(MgClassification, mg_classification, MG, CLASSIFICATION, GObject)

MgClassification *mg_classification_new(void);
/* Classifies files, and the sounds in folders (dataset/sound-files.h), with the model in a file; what was classified or
 * is being classified before is given up. */
void mg_classification_start(MgClassification *classification, const char *model, const char *const *paths);
void mg_classification_stop(MgClassification *classification);
gboolean mg_classification_working(MgClassification *classification);
/* 0 to 1, and s that are left (negative while they cannot be told). */
void mg_classification_progress(MgClassification *classification, double *fraction, double *seconds_left);
/* The table, once it is there; borrowed. It may hold fewer files than were asked for. */
MgResults *mg_classification_results(MgClassification *classification);
/* What could not be classified: how many files (0: it failed as a whole), and why not the last of them. NULL: all is
 * well. */
const char *mg_classification_problem(MgClassification *classification, guint *n_files);
