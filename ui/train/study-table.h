/* Classifiers side by side: model, figures, parameters, training time and machine; sorted by any column, copied and
 * exported. */
#pragma once
#include "session/study.h"
#include <gtk/gtk.h>

#define MG_TYPE_STUDY_TABLE (mg_study_table_get_type())
G_DECLARE_FINAL_TYPE(MgStudyTable, mg_study_table, MG, STUDY_TABLE, GtkWidget)

/* Signals "selected" and "activated" (MgStudyRow *; NULL: none). */
GtkWidget *mg_study_table_new(MgStudy *study);
MgStudyRow *mg_study_table_selected(MgStudyTable *table); /* borrowed; NULL: none */
/* The rows in the order in which they are shown, as CSV. */
gboolean mg_study_table_export(MgStudyTable *table, const char *path, GError **error);
