/* A classifier on numbers in one .safetensors file: what it learned, its scaler, and metadata with the columns, the
 * labels and where it was trained.
 *
 * Metadata keys: kind ("table"), version, classifier (JSON object of the classifier's facts), columns (JSON array),
 * labels (JSON array), provenance (JSON object of texts). */
#pragma once
#include "ml/classifier.h"
#include "ml/scaler.h"

typedef struct {
  MgClassifier *classifier;
  MgScaler *scaler;
  GPtrArray *columns, *labels; /* char * */
  GHashTable *provenance;      /* char * -> char *: table, run, seed … */
} MgTableModel;

/* Takes the classifier and the scaler; refers to the names. */
MgTableModel *mg_table_model_new(MgClassifier *classifier, MgScaler *scaler, GPtrArray *columns, GPtrArray *labels);
gboolean mg_table_model_save(const MgTableModel *model, const char *path, GError **error);
/* MG_ERROR_FORMAT names the file and what is missing or does not fit. */
MgTableModel *mg_table_model_load(const char *path, GError **error);
/* Probabilities (rows, classes) of x (rows, columns), unscaled; x stays as it is. */
MgMatrix *mg_table_model_predict(const MgTableModel *model, const MgMatrix *x);
void mg_table_model_free(MgTableModel *model); /* accepts NULL */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgTableModel, mg_table_model_free)
