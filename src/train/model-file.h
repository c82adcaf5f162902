/* A trained model in one .safetensors file: weights, and metadata with the network's description, the front end's
 * parameters, the normalisation, the labels and where it was trained on.
 *
 * Metadata keys: kind ("network"), version, network (description, JSON), front_end (JSON object of parameters), mean
 * and deviation (a number, or a JSON array with one for each row of a picture), labels (JSON array), provenance (JSON
 * object of texts). */
#pragma once
#include "nn/network.h"
#include "base/file.h"
#include "base/param.h"

typedef struct {
  MgNetwork *network;
  MgParams *front_end; /* of mg_front_end_tables() */
  size_t scales;       /* 1, or the rows of a picture */
  float *means;        /* of the training pictures, `scales` values: input = (picture - mean) / deviation */
  float *deviations;
  GPtrArray *labels;      /* char * */
  GHashTable *provenance; /* char * -> char *: data set, run, seed, epoch … */
} MgModel;

/* A model with fresh weights. `description` is JSON text, `origin` names it; `params` holds the front end's tables and
 * is copied, `labels` (char *) too. Mean 0,
 * deviation 1, one for a picture of decibels, one a row otherwise. */
MgModel *mg_model_new(const char *description, const char *origin, const MgParams *params, const GPtrArray *labels,
                      guint64 seed, GError **error);
/* Writes the whole file at once. more_tensors (MgTensor *, may be NULL) are stored beside the network's. */
gboolean mg_model_save(const MgModel *model, const char *path, const GPtrArray *more_tensors, GError **error);
/* The same but for the end: the file appears when the writer is finished. */
MgFileWriter *mg_model_write(const MgModel *model, const char *path, const GPtrArray *more_tensors, GError **error);
/* The metadata as it stands in the file (char * -> char *). */
GHashTable *mg_model_metadata(const MgModel *model);
/* A model whose network comes from another file, `path`: `metadata` is that of a model, all but the network, whose
 * tensors are still to be filled. */
MgModel *mg_model_adopt(const char *description, const char *path, GHashTable *metadata, GError **error);
/* MG_ERROR_FORMAT names the file and what is missing or of another shape. */
MgModel *mg_model_load(const char *path, GError **error);
/* The path of a model that is named by its file or, for one that comes with the program, by its name ("esc10").
 * g_free() it. */
char *mg_model_find(const char *model, GError **error);
/* What a model is called that is kept at `path`: its run's name for a run's checkpoint, else the file's without its
 * ending. g_free() it. */
char *mg_model_name(const char *path);
void mg_model_free(MgModel *model); /* accepts NULL */

void mg_model_set_provenance(MgModel *model, const char *key, const char *value);
/* (picture - mean) / deviation of n values, a whole picture, also in place. */
void mg_model_normalise(const MgModel *model, const float *picture, size_t n, float *out);
/* Probabilities (n, classes) of n pictures, each (bins, frames) as the front end gives them. */
void mg_model_predict(MgModel *model, const float *const *pictures, size_t n, float *probabilities);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgModel, mg_model_free)
