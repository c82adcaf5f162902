/* Reading network descriptions (models/NAME.json). ARCHITECTURE.md tells what they may hold. */
#pragma once
#include "nn/layer.h"

/* A use of a block: layers first … end - 1 come from it. */
typedef struct {
  char *name, *block; /* "layer1", "basic" */
  int first, end;     /* of all repeats together */
  int repeats, depth; /* 0: at the top */
} MgBlockUse;

typedef struct {
  char *name, *title; /* title is NULL where absent */
  GPtrArray *layers;  /* MgLayer *, shapes known, without tensors; each comes after those that feed it */
  GPtrArray *blocks;  /* MgBlockUse *, an outer one before those in it */
} MgDescription;

/* The text of a description: `model` is a file (it has a slash or ends with .json) or a name below models/. `path`
 * becomes where it was read from (g_free() it), also where reading failed. g_free() the text. */
char *mg_description_read(const char *model, char **path, GError **error);

/* The description with other values of its parameters: `assignments` is "name=value name=value …". A value
 * has the kind of the one that it replaces. MG_ERROR_USAGE names what is not a parameter, or not a value of its kind.
 * g_free() it. */
char *mg_description_with(const char *text, const char *origin, const char *assignments, GError **error);

/* Parses `text`, which `origin` names in messages, for the given input and number of classes. Sizes are
 * limited before anything large is allocated. */
MgDescription *mg_description_parse(const char *text, const char *origin, MgShape input, int classes, GError **error);
void mg_description_free(MgDescription *description); /* accepts NULL */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgDescription, mg_description_free)
