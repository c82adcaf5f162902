#include "nn/description-parser.h"
#include "base/data-dir.h"
#include "base/error.h"
#include "base/file.h"
#include <glib/gi18n-lib.h>
#include <string.h>

static const size_t most_values = 1 << 26; /* of the input: 256 MB */
static const size_t most_bytes = 1 << 24;  /* of a description */

char *
mg_description_read(const char *model, char **path, GError **error)
{
  if (strchr(model, '/') || g_str_has_suffix(model, ".json"))
    *path = g_strdup(model);
  else {
    g_autofree char *relative = g_strdup_printf("models/%s.json", model);
    *path = mg_data_dir_find(relative, error);
  }
  return *path ? mg_file_read(*path, most_bytes, NULL, error) : NULL;
}

static void
block_use_free(gpointer data)
{
  MgBlockUse *use = data;
  g_free(use->name);
  g_free(use->block);
  g_free(use);
}

void
mg_description_free(MgDescription *description)
{
  if (!description)
    return;
  g_free(description->name);
  g_free(description->title);
  g_clear_pointer(&description->layers, g_ptr_array_unref);
  g_clear_pointer(&description->blocks, g_ptr_array_unref);
  g_free(description);
}

json_t *
mg_description_json(const char *text, const char *origin, GError **error)
{
  json_error_t problem;
  g_autoptr(json_t) root = json_loads(text, JSON_REJECT_DUPLICATES, &problem);
  if (!root) {
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: not JSON: line %d: %s"), origin, problem.line,
                mg_one_line(problem.text)); /* it quotes what stands there */
    return NULL;
  }
  const json_t *layers = json_object_get(root, "layers"), *blocks = json_object_get(root, "blocks");
  const json_t *parameters = json_object_get(root, "parameters");
  if (json_is_string(json_object_get(root, "name")) && json_array_size(layers) >= 1 &&
      (!blocks || json_is_object(blocks)) && (!parameters || json_is_object(parameters)))
    return g_steal_pointer(&root);
  g_set_error(error, MG_ERROR, MG_ERROR_FORMAT,
              _("%s: not a network description: expected an object with a text “name”, a list “layers” of at least one "
                "layer and, where there are blocks or parameters, objects “blocks” and “parameters”"),
              origin);
  return NULL;
}

/* Every layer but the last, which gives the logits, is taken by another one. */
static gboolean
nothing_unused(const MgParser *parser, GError **error)
{
  const GPtrArray *layers = parser->description->layers;
  g_autofree gboolean *used = g_new0(gboolean, layers->len);
  for (guint i = 0; i < layers->len; i++) {
    const MgLayer *layer = layers->pdata[i];
    for (int k = 0; k < layer->n_inputs; k++)
      if (layer->from[k] >= 0)
        used[layer->from[k]] = TRUE;
  }
  for (guint i = 0; i + 1 < layers->len; i++)
    if (!used[i]) {
      g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: layer %s: no later layer takes its output"), parser->origin,
                  ((MgLayer *)layers->pdata[i])->name);
      return FALSE;
    }
  return TRUE;
}

static gboolean
gives_classes(const MgParser *parser, const MgScope *scope, GError **error)
{
  const GPtrArray *layers = parser->description->layers;
  gboolean last = layers->len > 0 && scope->previous == (int)layers->len - 1;
  MgShape shape = last ? ((MgLayer *)layers->pdata[scope->previous])->output : (MgShape){0, 0, 0};
  if (mg_shape_size(shape) == (size_t)parser->classes)
    return TRUE;
  g_set_error(error, MG_ERROR, MG_ERROR_FORMAT,
              _("%s: the last layer gives %d x %d x %d values; expected one a class: %d (\"out_features\": "
                "\"classes\")"),
              parser->origin, shape.channels, shape.height, shape.width, parser->classes);
  return FALSE;
}

static gboolean
parse_all(MgParser *parser, const json_t *list, const json_t *parameters, GError **error)
{
  g_autoptr(GHashTable) values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GHashTable) taken = g_hash_table_new(g_str_hash, g_str_equal);
  MgScope scope = {.prefix = "", .arguments = parameters, .values = values, .previous = mg_network_input_value};
  parser->taken = taken;
  mg_parse_bind(&scope, "input", mg_network_input_value);
  return mg_parse_list(parser, &scope, list, error) && gives_classes(parser, &scope, error) &&
         nothing_unused(parser, error);
}

MgDescription *
mg_description_parse(const char *text, const char *origin, MgShape input, int classes, GError **error)
{
  if (input.channels < 1 || input.height < 1 || input.width < 1 || mg_shape_size(input) > most_values || classes < 1) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE,
                _("%s: an input of %d x %d x %d with %d classes; expected at least 1 of each, and at most %zu values"),
                origin, input.channels, input.height, input.width, classes, most_values);
    return NULL;
  }
  g_autoptr(json_t) root = mg_description_json(text, origin, error);
  if (!root)
    return NULL;
  g_autoptr(MgDescription) description = g_new0(MgDescription, 1);
  description->name = g_strdup(json_string_value(json_object_get(root, "name")));
  description->title = g_strdup(json_string_value(json_object_get(root, "title")));
  description->layers = g_ptr_array_new_with_free_func((GDestroyNotify)mg_layer_free);
  description->blocks = g_ptr_array_new_with_free_func(block_use_free);
  MgParser parser = {.origin = origin,
                     .classes = classes,
                     .input = input,
                     .blocks = json_object_get(root, "blocks"),
                     .description = description};
  gboolean good = parse_all(&parser, json_object_get(root, "layers"), json_object_get(root, "parameters"), error);
  if (!good && error)
    mg_one_line((*error)->message); /* it may quote names, in which JSON allows any character */
  return good ? g_steal_pointer(&description) : NULL;
}
