/* What stands above the table: the runs A and B, the split, figures, filters, search. */
#pragma once
#include "session/results.h"
#include "session/run-list.h"
#include <adwaita.h>

#define MG_TYPE_RESULTS_BAR (mg_results_bar_get_type())
G_DECLARE_FINAL_TYPE(MgResultsBar, mg_results_bar, MG, RESULTS_BAR, AdwBin)

GtkWidget *mg_results_bar_new(MgRunList *runs, MgResults *results);
void mg_results_bar_show(MgResultsBar *bar);                     /* the results have changed */
void mg_results_bar_search(MgResultsBar *bar, const char *text); /* puts it into the search */
/* Opens the run that is chosen, if it is not open; the newest that has a model while the first one is. */
void mg_results_bar_open(MgResultsBar *bar);
