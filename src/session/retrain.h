/* Goes on training a model on the library's own sounds: those whose class the model knows, and the moments that were
 * marked while it listened, whatever their class. An ordinary training, in a run of its own, that starts from the
 * model's weights and front end. */
#pragma once
#include "session/run-list.h"
#include "session/workspace.h"

/* The run, owned by the list. `model`: path of a network's model file. MG_ERROR_DATA where there are too few sounds:
 * two of two classes are the least, as a part of each class is kept back to validate. */
MgRun *mg_retrain_start(MgWorkspace *workspace, MgRunList *runs, const char *model, GError **error);
