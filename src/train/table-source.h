/* What turns stretches of sound into the rows of a table: statistics of features, or what a layer of a trained network
 * makes of them. A kind is one file (table-source-NAME.c) and one line in table-source.c. */
#pragma once
#include "base/matrix.h"
#include "base/progress.h"
#include "dataset/segment.h"
#include "nn/safetensors.h"

typedef struct MgTableSource MgTableSource;

typedef struct {
  const char *name; /* "features": the key of a model file's metadata that tells of it */
  size_t size;      /* of the structure, which begins with MgTableSource */
  /* What the metadata holds of it, a JSON object; adds MgTensor * that the array owns. load() reads both. */
  char *(*save)(const MgTableSource *self, GPtrArray *tensors);
  gboolean (*load)(MgTableSource *self, const MgSafetensors *file, const char *path, GError **error);
  /* Appends the stretches of a track that have a row each. */
  void (*cut)(const MgTableSource *self, GArray *segments, guint32 number, const MgTrack *track);
  /* x (segments, columns): fills rows and sets their made[i]; a stretch that gives none is a line in `problems`. */
  gboolean (*fill)(MgTableSource *self, const MgManifest *manifest, const GArray *segments, int threads, MgMatrix *x,
                   gboolean *made, GPtrArray *problems, MgProgress *progress, GError **error);
  /* values[columns] of n mono samples at `sr` Hz. */
  gboolean (*row)(MgTableSource *self, const float *samples, size_t n, int sr, float *values, GError **error);
  void (*clear)(MgTableSource *self);
} MgTableSourceClass;

struct MgTableSource {
  const MgTableSourceClass *class;
  GPtrArray *columns; /* char * */
  size_t steps;       /* a row holds so many vectors of a sequence, one behind the other; 1: no sequence */
  double seconds;     /* of sound in a row; 0: whole tracks */
};

/* The columns of a feature table: `params` holds mg_table_param_tables(), whose parameter `features` may also be the
 * name of a kind of table (gtzan, fma). MG_ERROR_USAGE where it names what does not exist. */
MgTableSource *mg_table_source_features(const MgParams *params, GError **error);
/* Vectors of a layer (NULL: what the last one takes) of a trained network, of the pieces that it was trained on; where
 * `params` has segment_seconds, a row holds those of all pieces in that time, one behind the other. */
MgTableSource *mg_table_source_embedding(const char *model, const char *layer, const MgParams *params, GError **error);
/* The source that a model file tells of; *source is NULL where it tells of none. */
gboolean mg_table_source_load(const MgSafetensors *file, const char *path, MgTableSource **source, GError **error);
void mg_table_source_save(const MgTableSource *source, GPtrArray *tensors, GHashTable *metadata);
void mg_table_source_free(MgTableSource *source); /* accepts NULL */

/* All stretches of a data set that have a row each: MgSegment with the sides of their tracks. */
GArray *mg_table_source_cut(const MgTableSource *source, const MgManifest *manifest);
/* Rows (segments, columns) of stretches as long as the source's. With `problems`, stretches that give no row are a line
 * (char *) there and are taken out of `segments`; MG_ERROR_DATA where none is left. Without, the first is the error. */
MgMatrix *mg_table_source_rows(MgTableSource *source, const MgManifest *manifest, GArray *segments, int threads,
                               GPtrArray *problems, MgProgress *progress, GError **error);

/* The row of `seconds` of sound that is in no file: n mono samples at `sr` Hz -> values[columns]. */
gboolean mg_table_source_row(MgTableSource *source, const float *samples, size_t n, int sr, float *values,
                             GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgTableSource, mg_table_source_free)
