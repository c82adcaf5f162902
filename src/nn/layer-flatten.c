/* torch.nn.Flatten: the same values as one vector. */
#include "nn/layer.h"
#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct {
  MgLayer base;
  gboolean channels_last;
} Flatten;

static const MgParamSpec specs[] = {
    {.name = "channels_last",
     .type = MG_PARAM_BOOL,
     .default_value = "false",
     .help = N_("Put the channels of one place next to one another, as TensorFlow does")},
};
static const MgParamTable table = MG_PARAM_TABLE("flatten", N_("Flattening"), specs);

static gboolean
shape(MgLayer *layer, const MgParams *params, GError **error)
{
  ((Flatten *)layer)->channels_last = mg_params_bool(params, "channels_last");
  layer->output = (MgShape){mg_shape_size(layer->input), 1, 1};
  return TRUE;
}

/* Segments of (rows, columns) -> (columns, rows). */
static void
turn(int batch, size_t rows, size_t columns, const float *from, float *to)
{
  for (int n = 0; n < batch; n++, from += rows * columns, to += rows * columns)
    for (size_t r = 0; r < rows; r++)
      for (size_t c = 0; c < columns; c++)
        to[c * rows + r] = from[r * columns + c];
}

static void
forward(MgLayer *layer, const MgPass *pass, const float *const *x, float *y)
{
  size_t channels = layer->input.channels, plane = mg_shape_size(layer->input) / channels;
  if (((Flatten *)layer)->channels_last)
    turn(pass->batch, channels, plane, x[0], y);
  else
    memcpy(y, x[0], pass->batch * channels * plane * sizeof *y);
}

static void
backward(MgLayer *layer, const MgPass *pass, const float *const *x, const float *y, const float *dy, float *const *dx)
{
  size_t channels = layer->input.channels, plane = mg_shape_size(layer->input) / channels;
  if (!dx[0])
    return;
  if (((Flatten *)layer)->channels_last)
    turn(pass->batch, plane, channels, dy, dx[0]);
  else
    memcpy(dx[0], dy, pass->batch * channels * plane * sizeof *dy);
}

const MgLayerClass mg_layer_flatten = {
    .type = "flatten",
    .params = &table,
    .size = sizeof(Flatten),
    .shape = shape,
    .forward = forward,
    .backward = backward,
    .spares_x = TRUE,
    .spares_y = TRUE,
};
