#include "nn/network.h"
#include "nn/description.h"
#include "nn/loss.h"
#include "nn/plan.h"
#include "base/error.h"
#include "base/parallel.h"
#include <glib/gi18n-lib.h>
#include <inttypes.h>

struct MgNetwork {
  char *text; /* the description */
  MgDescription *description;
  MgShape input;
  int classes, threads;
  GPtrArray *tensors; /* MgTensor *, owned by the layers */
  gboolean keep, half, spread;
  MgSharing sharing;
  MgPlan *plans[2]; /* fused and reference, made when first used */
  MgPlan *last;     /* of the last forward pass */
};

static void
create_tensors(MgNetwork *network, guint64 seed)
{
  const GPtrArray *layers = network->description->layers;
  for (guint i = 0; i < layers->len; i++) {
    MgLayer *layer = layers->pdata[i];
    MgRng rng = mg_rng_stream(seed, i);
    mg_layer_create(layer, &rng);
    g_ptr_array_extend(network->tensors, layer->tensors, NULL, NULL);
  }
}

/* A little more is let through: the tensor that is of another shape is named by its reader. */
static gboolean
check_weights(const MgDescription *description, const char *origin, guint64 values, GError **error)
{
  guint64 needed = 0;
  for (guint i = 0; i < description->layers->len; i++)
    needed += (guint64)mg_layer_weights(description->layers->pdata[i]);
  if (needed <= 2 * values)
    return TRUE;
  g_set_error(error, MG_ERROR, MG_ERROR_FORMAT,
              _("%s: its layers have %" PRIu64 " weights, the tensors in it hold %" PRIu64 " values"), origin, needed,
              values);
  return FALSE;
}

static MgNetwork *
new_network(MgDescription *parsed, const char *text, MgShape input, int classes, guint64 seed)
{
  MgNetwork *network = g_new0(MgNetwork, 1);
  network->text = g_strdup(text);
  network->description = parsed;
  network->input = input;
  network->classes = classes;
  network->threads = mg_processors();
  network->tensors = g_ptr_array_new();
  create_tensors(network, seed);
  return network;
}

MgNetwork *
mg_network_new(const char *description, const char *origin, MgShape input, int classes, guint64 seed, GError **error)
{
  MgDescription *parsed = mg_description_parse(description, origin, input, classes, error);
  return parsed ? new_network(parsed, description, input, classes, seed) : NULL;
}

MgNetwork *
mg_network_new_to_fill(const char *description, const char *origin, MgShape input, int classes, guint64 values,
                       GError **error)
{
  g_autoptr(MgDescription) parsed = mg_description_parse(description, origin, input, classes, error);
  if (!parsed || !check_weights(parsed, origin, values, error))
    return NULL;
  return new_network(g_steal_pointer(&parsed), description, input, classes, 0);
}

void
mg_network_free(MgNetwork *network)
{
  if (!network)
    return;
  mg_plan_free(network->plans[0]);
  mg_plan_free(network->plans[1]);
  g_clear_pointer(&network->tensors, g_ptr_array_unref);
  mg_description_free(network->description);
  g_free(network->text);
  g_free(network);
}

const char *
mg_network_description(const MgNetwork *network)
{
  return network->text;
}

const char *
mg_network_name(const MgNetwork *network)
{
  return network->description->name;
}

const char *
mg_network_title(const MgNetwork *network)
{
  return network->description->title ? network->description->title : network->description->name;
}

MgShape
mg_network_input(const MgNetwork *network)
{
  return network->input;
}

int
mg_network_classes(const MgNetwork *network)
{
  return network->classes;
}

size_t
mg_network_n_layers(const MgNetwork *network)
{
  return network->description->layers->len;
}

static gint64
count(const GPtrArray *tensors, gboolean statistics_too)
{
  gint64 n = 0;
  for (guint i = 0; i < tensors->len; i++) {
    const MgTensor *tensor = tensors->pdata[i];
    n += tensor->gradient || statistics_too ? (gint64)tensor->n : 0;
  }
  return n;
}

MgLayerInfo
mg_network_layer(const MgNetwork *network, size_t i)
{
  const MgLayer *layer = network->description->layers->pdata[i];
  return (MgLayerInfo){.name = layer->name,
                       .type = layer->class->type,
                       .n_inputs = layer->n_inputs,
                       .from = layer->from,
                       .input = layer->input,
                       .output = layer->output,
                       .parameters = count(layer->tensors, FALSE),
                       .flops = layer->flops};
}

gboolean
mg_network_find_layer(const MgNetwork *network, const char *name, size_t *found, GError **error)
{
  const GPtrArray *layers = network->description->layers;
  g_autoptr(GString) names = g_string_new(NULL);
  for (*found = 0; *found < layers->len; (*found)++) {
    const char *each = ((MgLayer *)layers->pdata[*found])->name;
    if (g_str_equal(each, name))
      return TRUE;
    g_string_append_printf(names, "%s%s", *found ? ", " : "", each);
  }
  g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("the network has no layer “%s”; its layers are %s"), name, names->str);
  return FALSE;
}

size_t
mg_network_n_blocks(const MgNetwork *network)
{
  return network->description->blocks->len;
}

MgBlockInfo
mg_network_block(const MgNetwork *network, size_t i)
{
  const MgBlockUse *use = network->description->blocks->pdata[i];
  return (MgBlockInfo){use->name, use->block, use->first, use->end, use->repeats, use->depth};
}

/* Copies of the weights that plans keep are made anew. */
static void
forget_weights(const MgNetwork *network)
{
  for (size_t i = 0; i < G_N_ELEMENTS(network->plans); i++)
    if (network->plans[i])
      mg_plan_forget_weights(network->plans[i]);
}

const GPtrArray *
mg_network_layers(const MgNetwork *network)
{
  return network->description->layers;
}

const GPtrArray *
mg_network_tensors(const MgNetwork *network)
{
  forget_weights(network);
  return network->tensors;
}

gint64
mg_network_parameters(const MgNetwork *network)
{
  return count(network->tensors, FALSE);
}

gint64
mg_network_parameters_total(const MgNetwork *network)
{
  return count(network->tensors, TRUE);
}

static void
freeze_layer(MgLayer *layer)
{
  layer->frozen = TRUE;
  for (guint i = 0; i < layer->tensors->len; i++) {
    MgTensor *tensor = layer->tensors->pdata[i];
    mg_buffer_free(g_steal_pointer(&tensor->gradient));
  }
}

gboolean
mg_network_freeze(MgNetwork *network, const char *name, GError **error)
{
  const GPtrArray *layers = network->description->layers;
  g_autoptr(GString) names = g_string_new(NULL);
  gint64 left = mg_network_parameters(network);
  for (guint i = 0; i < layers->len; i++) {
    const MgLayer *layer = layers->pdata[i];
    left -= count(layer->tensors, FALSE);
    if (left == 0)
      break;
    g_string_append_printf(names, "%s%s", i ? ", " : "", layer->name);
    if (!g_str_equal(layer->name, name))
      continue;
    for (guint k = 0; k <= i; k++)
      freeze_layer(layers->pdata[k]);
    return TRUE;
  }
  g_set_error(error, MG_ERROR, MG_ERROR_USAGE,
              _("freeze=%s: expected one of the layers before the last that learns: %s"), name, names->str);
  return FALSE;
}

static MgPlan *
plan_of(MgNetwork *network)
{
  MgPlan **plan = &network->plans[network->keep ? 1 : 0];
  if (!*plan)
    *plan = mg_plan_new(network->description->layers, !network->keep);
  mg_plan_set_half(*plan, network->half);
  mg_plan_set_spread(*plan, network->spread);
  mg_plan_set_sharing(*plan, &network->sharing);
  return *plan;
}

const float *
mg_network_trace(MgNetwork *network, const float *x, int batch)
{
  network->last = plan_of(network);
  return mg_plan_trace(network->last, x, batch, network->threads);
}

const float *
mg_network_forward(MgNetwork *network, const float *x, int batch, gboolean training, MgRng *rng)
{
  network->last = plan_of(network);
  if (training)
    forget_weights(network);
  return mg_plan_forward(network->last, x, batch, network->threads, training, rng);
}

size_t
mg_network_memory_estimate(MgNetwork *network, int batch, gboolean training)
{
  size_t trainable = mg_network_parameters(network), rest = mg_network_parameters_total(network) - trainable;
  size_t weights = (trainable * (training ? 4 : 2) + rest) * sizeof(float);
  size_t pictures = batch * mg_shape_size(network->input) * sizeof(float);
  return weights + pictures + mg_plan_memory(plan_of(network), batch, network->threads, training);
}

void
mg_network_backward(MgNetwork *network, const float *dlogits, float *dx)
{
  mg_plan_backward(network->last, dlogits, dx);
}

const float *
mg_network_activation(const MgNetwork *network, size_t i)
{
  return network->last ? mg_plan_output(network->last, i) : NULL;
}

const float *
mg_network_gradient(const MgNetwork *network, size_t i)
{
  return network->last ? mg_plan_output_gradient(network->last, i) : NULL;
}

void
mg_network_keep(MgNetwork *network, gboolean keep)
{
  network->keep = keep;
}

void
mg_network_predict(MgNetwork *network, const float *x, size_t n, float *probabilities)
{
  const size_t most = 16; /* keeps the buffers small */
  for (size_t done = 0; done < n; done += most) {
    int batch = MIN(most, n - done);
    const float *logits = mg_network_forward(network, x + done * mg_shape_size(network->input), batch, FALSE, NULL);
    mg_softmax(logits, batch, network->classes, probabilities + done * network->classes);
  }
}

void
mg_network_set_half(MgNetwork *network, gboolean half)
{
  network->half = half;
}

void
mg_network_set_sharing(MgNetwork *network, const MgSharing *sharing)
{
  network->sharing = *sharing;
}

void
mg_network_set_threads(MgNetwork *network, int threads)
{
  network->threads = threads < 1 ? mg_processors() : threads;
}

int
mg_network_threads(const MgNetwork *network)
{
  return network->threads;
}

int
mg_network_pass_threads(MgNetwork *network, int batch)
{
  return mg_plan_threads(plan_of(network), batch, network->threads);
}

void
mg_network_set_spread(MgNetwork *network, gboolean spread)
{
  network->spread = spread;
}
