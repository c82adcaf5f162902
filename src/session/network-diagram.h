/* What the window needs to draw a network that comes with the program (plot/diagram.h). */
#pragma once
#include "base/graph.h"
#include "base/param.h"

typedef struct {
  GPtrArray *graph; /* MgGraphNode * */
  char *name, *title, *input;
} MgNetworkDiagram;

/* models/NAME.json with the shape of pictures that `params` (those of a training) give. */
MgNetworkDiagram *mg_network_diagram_new(const char *name, const MgParams *params, int classes, GError **error);
void mg_network_diagram_free(MgNetworkDiagram *diagram); /* accepts NULL */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgNetworkDiagram, mg_network_diagram_free)
