/* The trials of a search as a table to sort: state, score, parameters, what they took. */
#pragma once
#include "session/search-trials.h"
#include <gtk/gtk.h>

#define MG_TYPE_SEARCH_TABLE (mg_search_table_get_type())
G_DECLARE_FINAL_TYPE(MgSearchTable, mg_search_table, MG, SEARCH_TABLE, GtkWidget)

/* Signal "selected": another trial, or none, is selected. */
GtkWidget *mg_search_table_new(void);
/* Shows what the record tells; NULL: nothing. */
void mg_search_table_set(MgSearchTable *table, const MgSearchRecord *record);
int mg_search_table_selected(MgSearchTable *table); /* number of the trial, from 0; -1: none */
void mg_search_table_select(MgSearchTable *table, int trial);
