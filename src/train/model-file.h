/* A trained model in one .safetensors file: weights, and metadata with the network's description, the front end's
 * parameters, the normalisation, the labels and where it was trained on. */
#pragma once
#include "nn/network.h"
#include "base/param.h"

typedef struct {
  MgNetwork *network;
  MgParams *front_end; /* of mg_front_end_tables() */
  float mean, deviation; /* of the training pictures: input = (picture - mean) / deviation */
  GPtrArray *labels;   /* char * */
  GHashTable *provenance; /* char * -> char *: data set, run, seed, epoch … */
} MgModel;

gboolean mg_model_save(const MgModel *model, const char *path, const GPtrArray *more_tensors, GError **error);
MgModel *mg_model_load(const char *path, GError **error);
void mg_model_free(MgModel *model);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgModel, mg_model_free)
