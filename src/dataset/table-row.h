/* One row of a feature table: the columns of a kind of table, from a sound. */
#pragma once
#include "base/spool.h"
#include "dataset/table-kind.h"

typedef struct MgRowMaker MgRowMaker;

/* `params` holds mg_table_param_tables(): what differs there from a default goes to every feature that takes it. */
MgRowMaker *mg_row_maker_new(const char *kind, const MgParams *params, GError **error);
void mg_row_maker_free(MgRowMaker *maker);                /* accepts NULL */
GPtrArray *mg_row_maker_columns(const MgRowMaker *maker); /* char *; owned by the maker */
char *mg_row_maker_key(const MgRowMaker *maker);          /* equal rows have equal keys; g_free() it */
/* values[columns] from one row of samples at sr. Any thread. */
gboolean mg_row_maker_make(const MgRowMaker *maker, const MgSpool *samples, int sr, float *values, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgRowMaker, mg_row_maker_free)
