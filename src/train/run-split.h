/* split.csv: which track a run put on which side. Whoever evaluates or resumes the run takes the tracks from here, so
 * that a data set that has changed in the meantime cannot let a training track slip into the test set. */
#pragma once
#include "dataset/manifest.h"

/* path,label,group,split,start,end,duration; one line a track. `leaky`: the segments were dealt out one by one, so the
 * split column says "leaky". */
gboolean mg_run_split_save(const char *folder, const MgManifest *manifest, gboolean leaky, GError **error);
/* `labels` (char *) are all of the run's classes. */
MgManifest *mg_run_split_load(const char *folder, const char *const *labels, GError **error);
