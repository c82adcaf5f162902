/* A classifier on numbers in one .safetensors file: what it learned, its scaler, what makes its rows of sounds, and
 * metadata with the columns, the labels and where it was trained.
 *
 * Metadata keys: kind ("table"), version, classifier (JSON object of the classifier's facts), columns (JSON array),
 * labels (JSON array), provenance (JSON object of texts); of sounds also the source's name: features (JSON object of
 * parameters) or embedding (JSON object of a network's metadata, whose tensors begin with “embedding.”). */
#pragma once
#include "ml/classifier.h"
#include "ml/samples.h"
#include "ml/scaler.h"
#include "train/table-source.h"

typedef struct {
  MgClassifier *classifier;
  MgScaler *scaler;
  MgTableSource *source;       /* NULL: its rows are not sounds, only those of tables with the columns */
  GPtrArray *columns, *labels; /* char * */
  GHashTable *provenance;      /* char * -> char *: table, run, seed … */
} MgTableModel;

/* Takes the classifier and the scaler; refers to the names. It has no source. */
MgTableModel *mg_table_model_new(MgClassifier *classifier, MgScaler *scaler, GPtrArray *columns, GPtrArray *labels);
/* A classifier with the scaler that it needs, from all rows: `params` hold scaler, seed and threads beside the
 * classifier's own. Scales samples->x in place; *seconds is what learning took. */
MgTableModel *mg_table_model_learn(const MgClassifierClass *classifier, const MgParams *params, MgSamples *samples,
                                   MgProgress *progress, double *seconds, GError **error);
/* The same until so many rounds are learned (0: all); *model, where it is not NULL, goes on from those that it has
 * learned in this process from these rows by these parameters. Where it fails, *model is NULL. */
gboolean mg_table_model_learn_until(MgTableModel **model, const MgClassifierClass *classifier, const MgParams *params,
                                    int until, MgSamples *samples, MgProgress *progress, double *seconds,
                                    GError **error);
gboolean mg_table_model_save(const MgTableModel *model, const char *path, GError **error);
/* MG_ERROR_FORMAT names the file and what is missing or does not fit. */
MgTableModel *mg_table_model_load(const char *path, GError **error);
/* Probabilities (rows, classes) of x (rows, columns), unscaled; x stays as it is. */
MgMatrix *mg_table_model_predict(const MgTableModel *model, const MgMatrix *x);
/* The rows that a data set, or the table that it learned from, has for it: MgSegment with the sides of their tracks. Of
 * a table without sound a row is a track. */
GArray *mg_table_model_cut(const MgTableModel *model, const MgManifest *manifest);
/* Rows (segments, columns) of some of them. `path` of the model is for messages. */
MgMatrix *mg_table_model_rows(const MgTableModel *model, const char *path, const MgManifest *manifest, GArray *segments,
                              int threads, MgProgress *progress, GError **error);
void mg_table_model_free(MgTableModel *model); /* accepts NULL */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgTableModel, mg_table_model_free)
