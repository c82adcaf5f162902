#include "nn/safetensors.h"
#include "base/error.h"
#include <glib/gi18n-lib.h>
#include <jansson.h>
#include <string.h>

#if G_BYTE_ORDER != G_LITTLE_ENDIAN
#error "arrays are written as they lie in memory, which has to be little-endian"
#endif

G_DEFINE_AUTOPTR_CLEANUP_FUNC(json_t, json_decref)

static json_t *
metadata_object(GHashTable *metadata)
{
  json_t *object = json_object();
  g_autoptr(GList) keys = g_list_sort(g_hash_table_get_keys(metadata), (GCompareFunc)g_strcmp0);
  for (const GList *key = keys; key; key = key->next)
    json_object_set_new(object, key->data, json_string(g_hash_table_lookup(metadata, key->data)));
  return object;
}

static json_t *
entry_object(const MgTensor *tensor, guint64 begin)
{
  json_t *shape = json_array();
  for (int i = 0; i < tensor->dimensions; i++)
    json_array_append_new(shape, json_integer(tensor->shape[i]));
  guint64 end = begin + tensor->n * sizeof(float);
  return json_pack("{s:s, s:o, s:[I, I]}", "dtype", "F32", "shape", shape, "data_offsets", (json_int_t)begin,
                   (json_int_t)end);
}

/* The header's text, padded with blanks so that the arrays are aligned; NULL where a text is not UTF-8 or a
 * name is there twice. */
static char *
header_text(const GPtrArray *tensors, GHashTable *metadata)
{
  g_autoptr(json_t) root = json_object();
  if (metadata && g_hash_table_size(metadata) > 0) {
    json_t *object = metadata_object(metadata);
    json_object_set_new(root, "__metadata__", object);
    if (json_object_size(object) < g_hash_table_size(metadata))
      return NULL;
  }
  guint64 at = 0;
  for (guint i = 0; i < tensors->len; i++) {
    const MgTensor *tensor = tensors->pdata[i];
    if (json_object_get(root, tensor->name) || json_object_set_new(root, tensor->name, entry_object(tensor, at)) < 0)
      return NULL;
    at += tensor->n * sizeof(float);
  }
  char *text = json_dumps(root, JSON_COMPACT);
  size_t length = strlen(text), padded = (length + 7) & ~(size_t)7;
  g_autofree char *blanks = g_strnfill(padded - length, ' ');
  char *result = g_strconcat(text, blanks, NULL);
  free(text);
  return result;
}

MgFileWriter *
mg_safetensors_write(const char *path, const GPtrArray *tensors, GHashTable *metadata, GError **error)
{
  g_autofree char *header = header_text(tensors, metadata);
  if (!header) {
    g_set_error(error, MG_ERROR, MG_ERROR_DATA, _("%s: metadata that is not UTF-8 text, or two tensors of one name"),
                path);
    return NULL;
  }
  g_autoptr(MgFileWriter) writer = mg_file_writer_new(path, error);
  guint64 length = strlen(header);
  if (!writer || !mg_file_writer_write(writer, &length, sizeof length, error) ||
      !mg_file_writer_write(writer, header, length, error))
    return NULL;
  for (guint i = 0; i < tensors->len; i++) {
    const MgTensor *tensor = tensors->pdata[i];
    if (!mg_file_writer_write(writer, tensor->data, tensor->n * sizeof(float), error))
      return NULL;
  }
  return g_steal_pointer(&writer);
}

gboolean
mg_safetensors_save(const char *path, const GPtrArray *tensors, GHashTable *metadata, GError **error)
{
  g_autoptr(MgFileWriter) writer = mg_safetensors_write(path, tensors, metadata, error);
  return writer && mg_file_writer_finish(writer, error);
}
