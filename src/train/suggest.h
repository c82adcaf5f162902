/* A trained model proposes labels for the tracks of a workspace that have none. */
#pragma once
#include "base/progress.h"
#include "dataset/store-suggestions.h"

/* Asks the model (path of a .safetensors file) of every track without a class that is not excluded; a track's
 * probabilities are the means of its segments'. Former suggestions go; each new one is kept at once. `name`: what the
 * model is called. `problems` gets a char * line for each file that cannot be read. */
gboolean mg_suggest_labels(MgStore *store, const char *model, const char *name, GPtrArray *problems,
                           MgProgress *progress, GError **error);
