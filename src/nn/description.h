/* Reading network descriptions (models/NAME.json). */
#pragma once
#include "nn/layer.h"

typedef struct {
  char *name, *title; /* title is NULL where absent */
  GPtrArray *layers;  /* MgLayer *, shapes known, without tensors */
} MgDescription;

/* Parses `text`, which `origin` names in messages, for the given input and number of classes. Sizes are
 * limited before anything large is allocated. */
MgDescription *mg_description_parse(const char *text, const char *origin, MgShape input, int classes, GError **error);
void mg_description_free(MgDescription *description); /* accepts NULL */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgDescription, mg_description_free)
