/* melograph-cli model: the layers, shapes, parameters and cost of a network or a trained model. */
#include "cli/columns.h"
#include "cli/command.h"
#include "base/error.h"
#include "nn/description.h"
#include "nn/network-graph.h"
#include "plot/diagram.h"
#include "plot/export.h"
#include "train/model-file.h"
#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

static char *input_text;
enum { not_given = G_MININT };
static int classes = not_given;
static gboolean as_json;
static char *out;

static GOptionEntry entries[] = {
    {"input", 0, 0, G_OPTION_ARG_STRING, &input_text, N_("Shape of a segment's picture (1x128x646)"), "CxHxW"},
    {"classes", 0, 0, G_OPTION_ARG_INT, &classes, N_("Number of classes (10)"), "N"},
    {"out", 0, 0, G_OPTION_ARG_FILENAME, &out, N_("A diagram instead of the table"), "F.png|.svg|.pdf"},
    {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, N_("JSON on stdout"), NULL},
    {NULL},
};

static gboolean
parse_shape(const char *text, MgShape *shape, GError **error)
{
  int *sizes[] = {&shape->channels, &shape->height, &shape->width};
  g_auto(GStrv) parts = g_strsplit(text, "x", -1);
  gboolean good = g_strv_length(parts) == G_N_ELEMENTS(sizes);
  for (size_t i = 0; good && i < G_N_ELEMENTS(sizes); i++) {
    guint64 value;
    good = g_ascii_string_to_unsigned(parts[i], 10, 1, 1 << 20, &value, NULL);
    *sizes[i] = good ? (int)value : 0;
  }
  if (!good)
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("--input: “%s”: expected three sizes such as 1x128x646"), text);
  return good;
}

static MgNetwork *
load_description(const char *model, GError **error)
{
  MgShape input = {1, 128, 646};
  if (input_text && !parse_shape(input_text, &input, error))
    return NULL;
  g_autofree char *path = NULL, *text = mg_description_read(model, &path, error);
  return text ? mg_network_new(text, path, input, classes == not_given ? 10 : classes, 0, error) : NULL;
}

static double
total_flops(const MgNetwork *network)
{
  double flops = 0;
  for (size_t i = 0; i < mg_network_n_layers(network); i++)
    flops += mg_network_layer(network, i).flops;
  return flops;
}

static json_t *
shape_json(MgShape shape)
{
  return json_pack("[i, i, i]", shape.channels, shape.height, shape.width);
}

static void
print_json(const MgNetwork *network)
{
  json_t *layers = json_array();
  for (size_t i = 0; i < mg_network_n_layers(network); i++) {
    MgLayerInfo layer = mg_network_layer(network, i);
    json_array_append_new(layers, json_pack("{s:s, s:s, s:o, s:o, s:I, s:f}", "name", layer.name, "type", layer.type,
                                            "input", shape_json(layer.input), "output", shape_json(layer.output),
                                            "parameters", (json_int_t)layer.parameters, "flops", layer.flops));
  }
  json_t *all =
      json_pack("{s:s, s:s, s:o, s:i, s:o, s:I, s:I, s:f}", "name", mg_network_name(network), "title",
                mg_network_title(network), "input", shape_json(mg_network_input(network)), "classes",
                mg_network_classes(network), "layers", layers, "parameters", (json_int_t)mg_network_parameters(network),
                "parameters_total", (json_int_t)mg_network_parameters_total(network), "flops", total_flops(network));
  char *text = json_dumps(all, JSON_COMPACT | JSON_REAL_PRECISION(15));
  puts(text);
  free(text);
  json_decref(all);
}

static char *
shape_name(MgShape shape)
{
  if (shape.height == 1 && shape.width == 1)
    return g_strdup_printf("%d", shape.channels);
  return g_strdup_printf("%dx%dx%d", shape.channels, shape.height, shape.width);
}

static void
print_table(const MgNetwork *network)
{
  g_autofree char *input = shape_name(mg_network_input(network));
  int n_classes = mg_network_classes(network);
  g_print(ngettext("%s: input %s, %d class\n", "%s: input %s, %d classes\n", n_classes), mg_network_title(network),
          input, n_classes);
  g_print("\n");
  mg_print_cell(_("name"), 15);
  mg_print_cell(_("type"), 19);
  mg_print_right(_("output"), 14);
  mg_print_right(_("parameters"), 13);
  mg_print_right("MFLOP", 15);
  g_print("\n");
  for (size_t i = 0; i < mg_network_n_layers(network); i++) {
    MgLayerInfo layer = mg_network_layer(network, i);
    g_autofree char *output = shape_name(layer.output);
    g_print("%-16s %-20s %14s %12" G_GINT64_FORMAT " %14.3f\n", layer.name, layer.type, output, layer.parameters,
            layer.flops / 1e6);
  }
  gint64 n = mg_network_parameters(network);
  g_autofree char *parameters = g_strdup_printf(ngettext("%" PRId64 " parameter", "%" PRId64 " parameters", n), n);
  g_print("\n");
  g_print(_("%s (%" PRId64 " with moving statistics), %.1f MFLOP a segment\n"), parameters,
          mg_network_parameters_total(network), total_flops(network) / 1e6);
}

typedef struct {
  GPtrArray *graph;
  char *title, *input;
} Diagram;

static void
draw(cairo_t *cr, double width, double height, gboolean vector, gpointer data)
{
  const Diagram *diagram = data;
  mg_diagram_draw(cr, width, height, &mg_style_light, diagram->title, diagram->input, diagram->graph);
}

static gboolean
save_diagram(const MgNetwork *network, GError **error)
{
  g_autofree char *number = mg_graph_number(mg_network_parameters(network));
  g_autofree char *title = g_strdup_printf(_("%s: %s parameters"), mg_network_title(network), number);
  g_autofree char *input = mg_shape_text(mg_network_input(network));
  g_autoptr(GPtrArray) graph = mg_network_graph(network);
  Diagram diagram = {graph, title, input};
  double width, height;
  mg_diagram_measure(&mg_style_light, graph, &width, &height);
  return mg_export(out, width, height, 1, draw, &diagram, error);
}

/* The table, JSON or the diagram. */
static gboolean
show(const MgNetwork *network, GError **error)
{
  if (as_json)
    print_json(network);
  else if (!out)
    print_table(network);
  return !out || save_diagram(network, error);
}

static gboolean
show_description(const char *model, GError **error)
{
  g_autoptr(MgNetwork) network = load_description(model, error);
  return network && show(network, error);
}

/* A trained model knows its input and classes. */
static gboolean
show_trained(const char *path, GError **error)
{
  if (input_text || classes != not_given) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("model: --input and --classes are for descriptions; %s has its own"),
                path);
    return FALSE;
  }
  g_autoptr(MgModel) model = mg_model_load(path, error);
  return model && show(model->network, error);
}

static gboolean
run(int argc, char **argv, GError **error)
{
  gboolean done;
  if (!mg_command_parse(&mg_cmd_model, entries, NULL, &argc, &argv, 1, 1, &done, error) || done)
    return done;
  if (out && !mg_export_check(out, error))
    return FALSE;
  if (g_str_has_suffix(argv[1], ".safetensors"))
    return show_trained(argv[1], error);
  return show_description(argv[1], error);
}

const MgCommand mg_cmd_model = {
    .name = "model",
    .arguments = "MODEL",
    .help = N_("Show a network's layers, shapes, parameters and cost"),
    .run = run,
};
