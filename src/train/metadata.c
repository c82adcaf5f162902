#include "train/metadata.h"
#include "base/error.h"
#include <glib/gi18n-lib.h>
#include <stdlib.h>

/* Takes the reference. */
static char *
dump(json_t *json)
{
  char *text = json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS), *copy = g_strdup(text);
  free(text);
  json_decref(json);
  return copy;
}

char *
mg_metadata_list(const GPtrArray *texts)
{
  json_t *array = json_array();
  for (guint i = 0; i < texts->len; i++)
    json_array_append_new(array, json_string(texts->pdata[i]));
  return dump(array);
}

char *
mg_metadata_object(GHashTable *texts)
{
  json_t *object = json_object();
  GHashTableIter iter;
  gpointer key, value;
  g_hash_table_iter_init(&iter, texts);
  while (g_hash_table_iter_next(&iter, &key, &value))
    json_object_set_new(object, key, json_string(value));
  return dump(object);
}

char *
mg_metadata_params(const MgParams *params)
{
  g_autoptr(GHashTable) texts = g_hash_table_new(g_str_hash, g_str_equal);
  for (const MgParamTable *const *table = mg_params_tables(params); *table; table++)
    for (size_t i = 0; i < (*table)->n; i++) {
      const char *name = (*table)->specs[i].name;
      g_hash_table_insert(texts, (gpointer)name, (gpointer)mg_params_text(params, name));
    }
  return mg_metadata_object(texts);
}

const char *
mg_metadata_text(const MgSafetensors *file, const char *path, const char *key, GError **error)
{
  const char *text = mg_safetensors_metadata(file, key);
  if (!text)
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: not a model of this program: its metadata has no “%s”"), path,
                key);
  return text;
}

json_t *
mg_metadata_json(const MgSafetensors *file, const char *path, const char *key, json_type type, GError **error)
{
  const char *text = mg_metadata_text(file, path, key, error);
  json_t *json = text ? json_loads(text, 0, NULL) : NULL;
  if (!text || (json && json_typeof(json) == type))
    return json;
  json_decref(json);
  g_set_error(error, MG_ERROR, MG_ERROR_FORMAT,
              type == JSON_ARRAY ? _("%s: metadata “%s” is not a JSON array")
                                 : _("%s: metadata “%s” is not a JSON object"),
              path, key);
  return NULL;
}

GPtrArray *
mg_metadata_read_list(const MgSafetensors *file, const char *path, const char *key, guint least, GError **error)
{
  json_t *array = mg_metadata_json(file, path, key, JSON_ARRAY, error);
  if (!array)
    return NULL;
  g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
  gboolean good = json_array_size(array) >= least;
  for (size_t i = 0; i < json_array_size(array); i++) {
    const char *text = json_string_value(json_array_get(array, i));
    good = good && text;
    g_ptr_array_add(texts, g_strdup(text));
  }
  json_decref(array);
  if (good)
    return g_steal_pointer(&texts);
  g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: metadata “%s” does not hold at least %u texts"), path, key,
              least);
  return NULL;
}

GHashTable *
mg_metadata_read_object(const MgSafetensors *file, const char *path, const char *key, GError **error)
{
  json_t *object = mg_metadata_json(file, path, key, JSON_OBJECT, error), *value;
  if (!object)
    return NULL;
  GHashTable *texts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  const char *name;
  json_object_foreach(object, name, value)
  {
    if (json_is_string(value))
      g_hash_table_insert(texts, g_strdup(name), g_strdup(json_string_value(value)));
  }
  json_decref(object);
  return texts;
}

gboolean
mg_metadata_read_params(MgParams *params, const MgSafetensors *file, const char *path, const char *key, GError **error)
{
  json_t *object = mg_metadata_json(file, path, key, JSON_OBJECT, error), *value;
  const char *name;
  g_autoptr(GError) cause = NULL;
  json_object_foreach(object, name, value)
  {
    const char *text = json_string_value(value);
    if (!mg_params_set(params, name, text ? text : "", &cause))
      break;
  }
  gboolean good = object && !cause;
  if (cause)
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: metadata “%s”: %s"), path, key, cause->message);
  json_decref(object);
  return good;
}
