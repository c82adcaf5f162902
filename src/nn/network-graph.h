/* A network as the boxes of a diagram. */
#pragma once
#include "base/graph.h"
#include "nn/network.h"

/* Boxes (MgGraphNode *): layers, with the normalisation and activation that follow them in one box, and blocks. A block
 * at the top of the description is open and shows its first repeat; blocks in it are one box each. */
GPtrArray *mg_network_graph(const MgNetwork *network);
/* "64 × 64 × 216", or "1000" for a vector. g_free() it. */
char *mg_shape_text(MgShape shape);
