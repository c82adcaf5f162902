/* The per-segment table: one row a segment, sortable by every column; right and wrong differ by shape and colour. */
#pragma once
#include "session/results.h"
#include <gtk/gtk.h>

#define MG_TYPE_SEGMENT_TABLE (mg_segment_table_get_type())
G_DECLARE_FINAL_TYPE(MgSegmentTable, mg_segment_table, MG, SEGMENT_TABLE, GtkWidget)

/* Signals "selected" (MgResultRow *; NULL: none) and "activated" (MgResultRow *). */
GtkWidget *mg_segment_table_new(MgResults *results);
MgResultRow *mg_segment_table_selected(MgSegmentTable *table); /* borrowed; NULL: none */
/* Selects the row of a segment and scrolls to it; FALSE, with nothing selected, where it is not shown. */
gboolean mg_segment_table_select(MgSegmentTable *table, const MgPrediction *segment);
