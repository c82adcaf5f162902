/* JSON texts in the metadata of model files. */
#pragma once
#include "base/param.h"
#include "nn/safetensors.h"
#include <jansson.h>

char *mg_metadata_list(const GPtrArray *texts);   /* char * to a JSON array; g_free() it */
char *mg_metadata_object(GHashTable *texts);      /* char * -> char * to a JSON object; g_free() it */
char *mg_metadata_params(const MgParams *params); /* every name and value to a JSON object; g_free() it */
/* NULL and MG_ERROR_FORMAT, naming the file and the key, where it is absent or of another type. */
const char *mg_metadata_text(const MgSafetensors *file, const char *path, const char *key, GError **error);
json_t *mg_metadata_json(const MgSafetensors *file, const char *path, const char *key, json_type type, GError **error);
/* The texts of an array of at least `least`. */
GPtrArray *mg_metadata_read_list(const MgSafetensors *file, const char *path, const char *key, guint least,
                                 GError **error);
GHashTable *mg_metadata_read_object(const MgSafetensors *file, const char *path, const char *key, GError **error);
/* Sets what such an object holds; MG_ERROR_FORMAT names what `params` does not take. */
gboolean mg_metadata_read_params(MgParams *params, const MgSafetensors *file, const char *path, const char *key,
                                 GError **error);
