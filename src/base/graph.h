/* What a diagram of a network shows: boxes and what feeds what. src/nn makes it, src/plot draws it. */
#pragma once
#include <glib.h>

typedef struct {
  char *name, *detail, *shape; /* "conv1", "conv2d + relu", "64 × 64 × 216" */
  gint64 parameters;
  GArray *from;     /* int: the boxes of the same list that feed it; -1: the input of the list */
  int repeats;      /* how many times one after another it is there */
  GPtrArray *inner; /* MgGraphNode *: what is in it, of the first repeat; NULL: a plain box */
} MgGraphNode;

MgGraphNode *mg_graph_node_new(void);       /* repeats 1, nothing else */
void mg_graph_node_free(MgGraphNode *node); /* accepts NULL */
/* For lists of boxes (MgGraphNode *). */
GPtrArray *mg_graph_new(void);
gint64 mg_graph_parameters(const GPtrArray *graph);
/* "11,689,512". g_free() it. */
char *mg_graph_number(gint64 number);
