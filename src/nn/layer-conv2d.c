/* torch.nn.Conv2d with zero padding. */
#include "nn/layer-conv2d.h"
#include "base/error.h"
#include "nn/layer-window.h"
#include <glib/gi18n-lib.h>
#include <math.h>

static const MgParamSpec specs[] = {
    {.name = "out_channels",
     .type = MG_PARAM_INT,
     .default_value = "auto",
     .automatic = mg_layer_required,
     .min = 1,
     .max = 16384,
     .help = N_("Channels of the output")},
    MG_WINDOW_SPECS("3", "1", NULL),
    {.name = "groups",
     .type = MG_PARAM_INT,
     .default_value = "1",
     .min = 1,
     .max = 16384,
     .help = N_("Groups of channels that are convolved by themselves")},
    {.name = "bias", .type = MG_PARAM_BOOL, .default_value = "true", .help = N_("Add a learned constant a channel")},
};
static const MgParamTable table = MG_PARAM_TABLE("conv2d", N_("Convolution"), specs);

static gint64
weights_of_kernel(const MgConvolution *conv)
{
  return (gint64)conv->kernel.height * conv->kernel.width * (conv->in_channels / conv->groups);
}

static gboolean
shape(MgLayer *layer, const MgParams *params, GError **error)
{
  MgConv2d *self = (MgConv2d *)layer;
  MgShape in = layer->input, out = {.channels = mg_params_int(params, "out_channels")};
  MgWindow window;
  int groups = mg_params_int(params, "groups");
  if (!mg_window_read(&window, params, in, &out, error))
    return FALSE;
  if (in.channels % groups || out.channels % groups) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE,
                _("groups: %d does not divide the %d channels of the input and the %d of "
                  "the output"),
                groups, in.channels, out.channels);
    return FALSE;
  }
  self->conv = (MgConvolution){.in_channels = in.channels,
                               .out_channels = out.channels,
                               .groups = groups,
                               .kernel = window.kernel,
                               .stride = window.stride,
                               .padding = window.padding,
                               .height = in.height,
                               .width = in.width,
                               .out_height = out.height,
                               .out_width = out.width};
  self->biased = mg_params_bool(params, "bias");
  layer->output = out;
  layer->workspace = mg_compute_convolution_workspace(&self->conv);
  layer->flops = (2.0 * weights_of_kernel(&self->conv) + self->biased) * mg_shape_size(out);
  return TRUE;
}

static gint64
weights(const MgLayer *layer)
{
  const MgConv2d *self = (const MgConv2d *)layer;
  return (weights_of_kernel(&self->conv) + self->biased) * self->conv.out_channels;
}

static void
create(MgLayer *layer, MgRng *rng)
{
  MgConv2d *self = (MgConv2d *)layer;
  const MgConvolution *conv = &self->conv;
  float bound = 1 / sqrtf(weights_of_kernel(conv)); /* kaiming_uniform(a = √5) */
  int sizes[] = {conv->out_channels, conv->in_channels / conv->groups, conv->kernel.height, conv->kernel.width};
  self->weight = mg_layer_add_uniform(layer, "weight", 4, sizes, bound, rng);
  self->bias = self->biased ? mg_layer_add_uniform(layer, "bias", 1, sizes, bound, rng) : NULL;
}

static void
forward(MgLayer *layer, const MgPass *pass, const float *const *x, float *y)
{
  MgConv2d *self = (MgConv2d *)layer;
  mg_compute_convolve(&self->conv, pass->batch, pass->threads, x[0], self->weight->data,
                      self->bias ? self->bias->data : NULL, y, pass->workspace);
}

static void
backward(MgLayer *layer, const MgPass *pass, const float *const *x, const float *y, const float *dy, float *const *dx)
{
  MgConv2d *self = (MgConv2d *)layer;
  mg_compute_convolve_backward(&self->conv, pass->batch, pass->threads, x[0], self->weight->data, dy, dx[0],
                               self->weight->gradient, self->bias ? self->bias->gradient : NULL, pass->workspace);
}

const MgLayerClass mg_layer_conv2d = {
    .type = "conv2d",
    .params = &table,
    .size = sizeof(MgConv2d),
    .shape = shape,
    .weights = weights,
    .create = create,
    .forward = forward,
    .backward = backward,
    .spares_y = TRUE,
};
