/* The kinds of sources, for table-source.c alone. */
#pragma once
#include "train/table-source.h"

extern const MgTableSourceClass mg_table_source_of_features, mg_table_source_of_embedding;

/* A source of a kind with no columns yet. */
MgTableSource *mg_table_source_new(const MgTableSourceClass *class);
