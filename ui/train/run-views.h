/* The ways of looking at runs: curves of those that are checked, what the selected one learns, all of them compared; of
 * a search its trials. Signal "open" (const char *folder): a run that was pointed at. */
#pragma once
#include "ui/train/run-table.h"
#include <adwaita.h>

#define MG_TYPE_RUN_VIEWS (mg_run_views_get_type())
G_DECLARE_FINAL_TYPE(MgRunViews, mg_run_views, MG, RUN_VIEWS, AdwBin)

GtkWidget *mg_run_views_new(MgRunList *list);
void mg_run_views_show(MgRunViews *views, MgRunTable *table); /* again where the table has news */
