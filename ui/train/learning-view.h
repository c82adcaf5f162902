/* A network as it learns: learning rate, recall of the classes, confusion matrix, the first layer's filters, and what
 * they make of one segment. */
#pragma once
#include "session/learning.h"
#include <adwaita.h>

#define MG_TYPE_LEARNING_VIEW (mg_learning_view_get_type())
G_DECLARE_FINAL_TYPE(MgLearningView, mg_learning_view, MG, LEARNING_VIEW, AdwBin)

GtkWidget *mg_learning_view_new(void);
/* NULL: none. Call it again where the run has news. Nothing is read while the view is not seen. */
void mg_learning_view_show(MgLearningView *view, MgRun *run);
