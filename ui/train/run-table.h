/* The list of runs with check marks: those that are checked are drawn, each in a hue of its own. */
#pragma once
#include "session/run-list.h"
#include <gtk/gtk.h>

#define MG_TYPE_RUN_TABLE (mg_run_table_get_type())
G_DECLARE_FINAL_TYPE(MgRunTable, mg_run_table, MG, RUN_TABLE, GtkWidget)

/* Signal "changed": other runs are checked or selected, or one of them has news. */
GtkWidget *mg_run_table_new(MgRunList *list);
MgRun *mg_run_table_selected(MgRunTable *table);         /* borrowed; NULL: none */
void mg_run_table_select(MgRunTable *table, MgRun *run); /* and checks it */
/* MgRun * of the runs that are drawn, in the list's order; `hues` (may be NULL) gets as many numbers for mg_hue(). The
 * caller frees both containers. */
GPtrArray *mg_run_table_checked(MgRunTable *table, GArray **hues);
/* "running", "finished" … as a person reads it. */
const char *mg_run_state_text(MgRunState state);
const char *mg_run_state_icon(MgRunState state);
