/* The rows that a classifier learned from, as vectors. */
#pragma once
#include "train/embeddings.h"
#include "train/run-config.h"

/* Of a run on rows, whose model is in the file `path`, scaled; predictions are those of whoever had not seen a row,
 * where the run has answered all of them, else the model's own. MG_ERROR_USAGE where a layer is asked for. */
MgEmbeddings *mg_table_embeddings(const char *run, const char *path, const MgRunConfig *config, const char *layer,
                                  int threads, MgProgress *progress, GError **error);
