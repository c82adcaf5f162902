/* Decisions of live classification as a CSV file that is whole after every line: start, end, model, y_pred ("" where
 * not sure), sure, probability, then one LABEL_prob column for each class of any of the models, smoothed. */
#pragma once
#include "train/live.h"

typedef struct MgLiveLog MgLiveLog;

/* `names` (one a model) and the labels are copied. Writes the header; a file that is there is replaced. */
MgLiveLog *mg_live_log_new(const char *path, const MgLive *live, const char *const *names, GError **error);
gboolean mg_live_log_add(MgLiveLog *log, const MgLiveDecision *decision, GError **error);
void mg_live_log_free(MgLiveLog *log); /* accepts NULL */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgLiveLog, mg_live_log_free)
