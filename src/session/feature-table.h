/* A CSV table of features that is to be learned from: its columns, its rows, and what would make figures pretend. Read
 * on a thread. */
#pragma once
#include "ml/samples.h"
#include <gio/gio.h>

#define MG_TYPE_FEATURE_TABLE (mg_feature_table_get_type())
G_DECLARE_FINAL_TYPE(MgFeatureTable, mg_feature_table, MG, FEATURE_TABLE, GObject)

typedef enum { MG_TABLE_EMPTY, MG_TABLE_READING, MG_TABLE_READY, MG_TABLE_FAILED } MgFeatureTableState;

/* Signal "changed". */
MgFeatureTable *mg_feature_table_new(void);
/* Reads a file, with the column of the class, those left out and no group as its header and first row suggest. */
void mg_feature_table_open(MgFeatureTable *table, const char *path);
/* Reads it again with other columns; `group` may be NULL or empty; `ignore` is separated by commas. */
void mg_feature_table_set_layout(MgFeatureTable *table, const char *label, const char *group, const char *ignore);

MgFeatureTableState mg_feature_table_state(MgFeatureTable *table);
const char *mg_feature_table_message(MgFeatureTable *table); /* why it failed, or "" */
const char *mg_feature_table_path(MgFeatureTable *table);    /* NULL: none */
/* The header, ending with NULL; those whose first cell is no number. Valid until the next "changed". */
const char *const *mg_feature_table_header(MgFeatureTable *table);
const char *const *mg_feature_table_texts(MgFeatureTable *table);
const char *mg_feature_table_label(MgFeatureTable *table);
const char *mg_feature_table_group(MgFeatureTable *table); /* NULL: none */
const char *mg_feature_table_ignore(MgFeatureTable *table);
/* The rows; NULL unless it is ready. Valid until the next "changed". */
const MgSamples *mg_feature_table_samples(MgFeatureTable *table);
/* Features that may give the class away, of MgSuspect (ml/table-check.h). */
const GArray *mg_feature_table_suspects(MgFeatureTable *table);
/* Pairs of rows that are the same music, or nearly. */
size_t mg_feature_table_duplicates(MgFeatureTable *table);
/* FALSE where nothing tells which rows are pieces of one track: neither a group nor names of files. */
gboolean mg_feature_table_names_tracks(MgFeatureTable *table);
