/* torch.nn.AvgPool2d. */
#include "nn/layer-window.h"
#include <string.h>

typedef struct {
  MgLayer base;
  MgWindow window;
  gboolean count_include_pad;
} AvgPool;

static const MgParamSpec specs[] = {
    MG_POOL_SPECS,
    {.name = "count_include_pad",
     .type = MG_PARAM_BOOL,
     .default_value = "true",
     .help = N_("Count the border as zeros in the mean")},
};
static const MgParamTable table = MG_PARAM_TABLE("avgpool", N_("Average pooling"), specs);

static gboolean
shape(MgLayer *layer, const MgParams *params, GError **error)
{
  AvgPool *self = (AvgPool *)layer;
  if (!mg_window_read_pool(&self->window, params, layer->input, &layer->output, error))
    return FALSE;
  self->count_include_pad = mg_params_bool(params, "count_include_pad");
  layer->flops = (double)mg_shape_size(layer->output) * self->window.kernel.height * self->window.kernel.width;
  return TRUE;
}

/* A window's place in the picture, rows top … bottom - 1, and what each of its values counts in the mean. */
typedef struct {
  int top, bottom, left, right;
  float share;
} Place;

static Place
place_of(const AvgPool *self, int h, int w)
{
  const MgWindow *window = &self->window;
  int height = self->base.input.height, width = self->base.input.width;
  int top = h * window->stride.height - window->padding.height, left = w * window->stride.width - window->padding.width;
  int bottom = MIN(top + window->kernel.height, height + window->padding.height);
  int right = MIN(left + window->kernel.width, width + window->padding.width);
  Place place = {MAX(top, 0), MIN(bottom, height), MAX(left, 0), MIN(right, width), 0};
  int values = self->count_include_pad ? (bottom - top) * (right - left)
                                       : (place.bottom - place.top) * (place.right - place.left);
  place.share = 1.0f / values;
  return place;
}

static void
forward(MgLayer *layer, const MgPass *pass, const float *const *x, float *y)
{
  MgShape in = layer->input, out = layer->output;
  size_t planes = (size_t)pass->batch * in.channels;
#pragma omp parallel for schedule(static) num_threads(pass->threads)
  for (size_t p = 0; p < planes; p++) {
    const float *from = x[0] + p * in.height * in.width;
    float *to = y + p * out.height * out.width;
    for (int h = 0; h < out.height; h++)
      for (int w = 0; w < out.width; w++) {
        Place place = place_of((const AvgPool *)layer, h, w);
        float sum = 0;
        for (int i = place.top; i < place.bottom; i++)
          for (int j = place.left; j < place.right; j++)
            sum += from[(size_t)i * in.width + j];
        *to++ = sum * place.share;
      }
  }
}

static void
backward(MgLayer *layer, const MgPass *pass, const float *const *x, const float *y, const float *dy, float *const *dx)
{
  MgShape in = layer->input, out = layer->output;
  size_t planes = (size_t)pass->batch * in.channels;
  if (!dx[0])
    return;
#pragma omp parallel for schedule(static) num_threads(pass->threads)
  for (size_t p = 0; p < planes; p++) {
    float *to = dx[0] + p * in.height * in.width;
    const float *from = dy + p * out.height * out.width;
    memset(to, 0, (size_t)in.height * in.width * sizeof *to);
    for (int h = 0; h < out.height; h++)
      for (int w = 0; w < out.width; w++) {
        Place place = place_of((const AvgPool *)layer, h, w);
        float share = *from++ * place.share;
        for (int i = place.top; i < place.bottom; i++)
          for (int j = place.left; j < place.right; j++)
            to[(size_t)i * in.width + j] += share;
      }
  }
}

const MgLayerClass mg_layer_avgpool = {
    .type = "avgpool",
    .params = &table,
    .size = sizeof(AvgPool),
    .shape = shape,
    .forward = forward,
    .backward = backward,
    .spares_x = TRUE,
    .spares_y = TRUE,
};
