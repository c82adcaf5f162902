/* A search as it goes on: scores over trials, what matters, all trials over parallel axes, and their table. A trial
 * under the pointer, or selected, is marked in all of them. */
#pragma once
#include "session/run.h"
#include <adwaita.h>

#define MG_TYPE_SEARCH_VIEW (mg_search_view_get_type())
G_DECLARE_FINAL_TYPE(MgSearchView, mg_search_view, MG, SEARCH_VIEW, AdwBin)

/* Signal "open" (string): the run in this folder, with the best model, is asked for. */
GtkWidget *mg_search_view_new(void);
/* Shows the trials of a run that is a search, as they are now; NULL: none. */
void mg_search_view_show(MgSearchView *view, MgRun *run);
