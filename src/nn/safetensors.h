/* The .safetensors format (github.com/huggingface/safetensors): a JSON header and raw little-endian arrays.
 * Reading trusts no length: every offset is checked against the file before anything is allocated. F32 is
 * written; F32, F64, F16 and BF16 are read; tensors of whole numbers may be there. */
#pragma once
#include "base/file.h"
#include "nn/tensor.h"

typedef struct MgSafetensors MgSafetensors;

/* `metadata` maps text to text; `tensors` holds MgTensor *. Writes whole files only. */
gboolean mg_safetensors_save(const char *path, const GPtrArray *tensors, GHashTable *metadata, GError **error);
/* The same but for the end: the file appears when the writer is finished. */
MgFileWriter *mg_safetensors_write(const char *path, const GPtrArray *tensors, GHashTable *metadata, GError **error);
/* What holds metadata (char * -> char *, referenced) and no tensors: read from a file of another format. */
MgSafetensors *mg_safetensors_of(const char *path, GHashTable *metadata);
MgSafetensors *mg_safetensors_load(const char *path, GError **error);
const char *mg_safetensors_metadata(const MgSafetensors *file, const char *key); /* NULL where absent */
/* Fills tensor->data; MG_ERROR_FORMAT names the file, the tensor, its shape and the expected one. */
gboolean mg_safetensors_read(const MgSafetensors *file, MgTensor *tensor, GError **error);
/* A tensor of whatever shape the file has, at most four dimensions; mg_tensor_free() it. */
MgTensor *mg_safetensors_tensor(const MgSafetensors *file, const char *name, GError **error);
char **mg_safetensors_names(const MgSafetensors *file);   /* of all tensors, sorted; g_strfreev() it */
guint64 mg_safetensors_values(const MgSafetensors *file); /* of all tensors together */
gboolean mg_safetensors_has(const MgSafetensors *file, const char *name);
/* The same from a tensor of another name. Where it is a convolution's weight for several channels and `tensor` takes
 * one, the channels are added up: what the network would give for the picture in each of them. */
gboolean mg_safetensors_read_as(const MgSafetensors *file, const char *name, MgTensor *tensor, GError **error);
void mg_safetensors_free(MgSafetensors *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgSafetensors, mg_safetensors_free)
