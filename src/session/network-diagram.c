#include "session/network-diagram.h"
#include "dataset/front-end.h"
#include "nn/description.h"
#include "nn/network-graph.h"
#include <glib/gi18n-lib.h>

static char *
read_description(const char *name, const MgParams *params, char **path, GError **error)
{
  g_autofree char *text = mg_description_read(name, path, error);
  return text ? mg_description_with(text, *path, mg_params_text(params, "model_parameters"), error) : NULL;
}

/* The shape of the pictures that the front end gives. */
static gboolean
find_input(const MgParams *params, MgShape *input, GError **error)
{
  g_autoptr(MgParams) own = mg_params_new(mg_front_end_tables());
  mg_params_take(own, params);
  g_autoptr(MgFrontEnd) front_end = mg_front_end_new(own, error);
  if (front_end)
    *input = (MgShape){1, (int)mg_front_end_bins(front_end), (int)mg_front_end_frames(front_end)};
  return front_end != NULL;
}

/* The titles of models/NAME.json that are words, for translators; a network of the user's has its own language. */
static const char *const titles[] G_GNUC_UNUSED = {
    N_("Classical or rap CNN"),
    N_("CNN with mean and maximum"),
    N_("FMA CNN over a sequence"),
    N_("Fully connected network"),
    N_("Fully connected network, 2 hidden layers"),
    N_("Fully connected network, 3 hidden layers"),
    N_("GTZAN CNN"),
    N_("Small CNN"),
};

MgNetworkDiagram *
mg_network_diagram_new(const char *name, const MgParams *params, int classes, GError **error)
{
  MgShape input;
  g_autofree char *path = NULL, *text = read_description(name, params, &path, error);
  if (!text || !find_input(params, &input, error))
    return NULL;
  g_autoptr(MgNetwork) network = mg_network_new(text, path, input, classes, 0, error);
  if (!network)
    return NULL;
  MgNetworkDiagram *diagram = g_new0(MgNetworkDiagram, 1);
  g_autofree char *number = mg_graph_number(mg_network_parameters(network));
  diagram->graph = mg_network_graph(network);
  diagram->name = g_strdup(name);
  diagram->title = g_strdup_printf(_("%s: parameters %s"), _(mg_network_title(network)), number);
  diagram->input = mg_shape_text(input);
  return diagram;
}

void
mg_network_diagram_free(MgNetworkDiagram *diagram)
{
  if (!diagram)
    return;
  g_ptr_array_unref(diagram->graph);
  g_free(diagram->name);
  g_free(diagram->title);
  g_free(diagram->input);
  g_free(diagram);
}
