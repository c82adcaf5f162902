/* torch.nn.Conv2d with square kernels and zero padding. */
#include "nn/layer-conv2d.h"
#include "base/error.h"
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
    {.name = "kernel_size",
     .type = MG_PARAM_INT,
     .default_value = "3",
     .min = 1,
     .max = 255,
     .help = N_("Height and width of the kernel")},
    {.name = "stride",
     .type = MG_PARAM_INT,
     .default_value = "1",
     .min = 1,
     .max = 255,
     .help = N_("Step of the kernel")},
    {.name = "padding", .type = MG_PARAM_INT, .default_value = "0", .max = 254, .help = N_("Zeros around the picture")},
    {.name = "bias", .type = MG_PARAM_BOOL, .default_value = "true", .help = N_("Add a learned constant a channel")},
};
static const MgParamTable table = MG_PARAM_TABLE("conv2d", N_("Convolution"), specs);

static gboolean
shape(MgLayer *layer, const MgParams *params, GError **error)
{
  MgConv2d *self = (MgConv2d *)layer;
  MgShape in = layer->input;
  int kernel = mg_params_int(params, "kernel_size"), stride = mg_params_int(params, "stride");
  int padding = mg_params_int(params, "padding"), channels = mg_params_int(params, "out_channels");
  if (in.height + 2 * padding < kernel || in.width + 2 * padding < kernel) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE,
                "the input of %d x %d with padding %d is smaller than the kernel of %d x %d", in.height, in.width,
                padding, kernel, kernel);
    return FALSE;
  }
  int height = (in.height + 2 * padding - kernel) / stride + 1, width = (in.width + 2 * padding - kernel) / stride + 1;
  self->conv = (MgConvolution){in.channels, channels, kernel, stride, padding, in.height, in.width, height, width};
  self->biased = mg_params_bool(params, "bias");
  layer->output = (MgShape){channels, height, width};
  layer->workspace = mg_compute_convolution_workspace(&self->conv);
  double products = (double)mg_shape_size(layer->output) * in.channels * kernel * kernel;
  layer->flops = 2 * products + (self->biased ? mg_shape_size(layer->output) : 0);
  return TRUE;
}

static gint64
weights(const MgLayer *layer)
{
  const MgConv2d *self = (const MgConv2d *)layer;
  gint64 kernel = (gint64)self->conv.kernel * self->conv.kernel;
  return kernel * self->conv.in_channels * self->conv.out_channels + (self->biased ? self->conv.out_channels : 0);
}

static void
create(MgLayer *layer, MgRng *rng)
{
  MgConv2d *self = (MgConv2d *)layer;
  const MgConvolution *conv = &self->conv;
  float bound = 1 / sqrtf((float)conv->in_channels * conv->kernel * conv->kernel); /* kaiming_uniform(a = √5) */
  int sizes[] = {conv->out_channels, conv->in_channels, conv->kernel, conv->kernel};
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
