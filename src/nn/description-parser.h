/* What the parts of the description's parser share. */
#pragma once
#include "nn/description.h"
#include <jansson.h>

enum { mg_network_input_value = -1 }; /* other values are numbers of layers */

typedef struct {
  const char *origin;
  int classes;
  MgShape input;
  const json_t *blocks; /* NULL: the description has none */
  MgDescription *description;
  gint64 weights;    /* of the layers so far */
  GHashTable *taken; /* full names of the layers */
} MgParser;

/* The names that a list of layers can refer to, and the parameters of the block or network that it belongs to. */
typedef struct {
  const char *prefix;      /* of the names in it: "", "layer1.0." */
  const json_t *arguments; /* what "$name" stands for; NULL: there are none */
  GHashTable *values;      /* name -> value + 2 */
  int previous;            /* value */
  int depth;
} MgScope;

/* The root object of a description, whose name, layers, blocks and parameters are of the right kinds. */
json_t *mg_description_json(const char *text, const char *origin, GError **error);
/* The list's layers, with those of its blocks, are added to the description; scope->previous becomes its result. */
gboolean mg_parse_list(MgParser *parser, MgScope *scope, const json_t *list, GError **error);
gboolean mg_parse_layer(MgParser *parser, MgScope *scope, const json_t *object, size_t number, GError **error);
gboolean mg_parse_block_use(MgParser *parser, MgScope *scope, const json_t *object, size_t number, GError **error);

/* How messages begin: the file, and the place of the layer that may have no name yet, or the layer's name. */
char *mg_parse_place(const MgParser *parser, const MgScope *scope, size_t number);
char *mg_parse_named(const MgParser *parser, const MgScope *scope, const char *name);
/* The value of a key, or of the parameter that it names; NULL, with the error set, where the block has none of that
 * name. */
const json_t *mg_parse_value(const MgScope *scope, const json_t *value, const char *where, const char *key,
                             GError **error);
/* The object's name or, where it has none, `kind` and its number. It is new in the scope. */
char *mg_parse_name(const MgScope *scope, const json_t *object, const char *kind, size_t number, const char *where,
                    GError **error);
/* The values that the object takes (int): those of "inputs", or the previous one. */
GArray *mg_parse_inputs(const MgScope *scope, const json_t *object, const char *where, GError **error);
void mg_parse_bind(MgScope *scope, const char *name, int value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(json_t, json_decref)
