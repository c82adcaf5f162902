/* The runs as a table: parameters that differ, size, time, best, last and test figures, verdicts, notes; sorted by any
 * column, copied, exported. Signal "open" (const char *folder): a run was activated. */
#pragma once
#include "session/run-comparison.h"
#include <adwaita.h>

#define MG_TYPE_COMPARE_VIEW (mg_compare_view_get_type())
G_DECLARE_FINAL_TYPE(MgCompareView, mg_compare_view, MG, COMPARE_VIEW, AdwBin)

GtkWidget *mg_compare_view_new(MgRunList *list);
void mg_compare_view_refresh(MgCompareView *view); /* where it is seen; else when it is next */
