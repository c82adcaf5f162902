/* What classifiers learn from: a table of a CSV file, features of the data set's sounds, or the vectors that a trained
 * network makes of them; and what would make the figures pretend. */
#pragma once
#include "session/dataset-model.h"
#include "session/feature-table.h"
#include "session/run-list.h"
#include <adwaita.h>

#define MG_TYPE_TABLE_SETUP (mg_table_setup_get_type())
G_DECLARE_FINAL_TYPE(MgTableSetup, mg_table_setup, MG, TABLE_SETUP, AdwBin)

/* Signals "changed", and "keep-together": duplicates are to stay in one fold. */
GtkWidget *mg_table_setup_new(MgDatasetModel *dataset, MgRunList *runs);
MgFeatureTable *mg_table_setup_table(MgTableSetup *setup); /* borrowed */
/* TRUE where rows are made of sounds. */
gboolean mg_table_setup_is_of_sounds(MgTableSetup *setup);
gboolean mg_table_setup_ready(MgTableSetup *setup);
/* The options of table-train that say so. g_strfreev() them. */
char **mg_table_setup_options(MgTableSetup *setup);
/* A short name of the data, for a folder. g_free() it. */
char *mg_table_setup_name(MgTableSetup *setup);
/* Says whether duplicates stay in one fold as it is. */
void mg_table_setup_show_together(MgTableSetup *setup, gboolean together);
