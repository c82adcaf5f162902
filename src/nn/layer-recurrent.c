#include "nn/layer-recurrent.h"
#include "nn/compute.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <omp.h>
#include <string.h>

const MgParamSpec mg_recurrent_specs[5] = {
    {.name = "hidden_size",
     .type = MG_PARAM_INT,
     .default_value = "auto",
     .automatic = mg_layer_required,
     .min = 1,
     .max = mg_recurrent_most_hidden,
     .help = N_("Values of the hidden state")},
    {.name = "num_layers",
     .type = MG_PARAM_INT,
     .default_value = "1",
     .min = 1,
     .max = 16,
     .help = N_("Recurrent layers, one over another")},
    {.name = "bidirectional",
     .type = MG_PARAM_BOOL,
     .default_value = "false",
     .help = N_("Read the sequence from its end as well")},
    {.name = "dropout",
     .type = MG_PARAM_FLOAT,
     .default_value = "0",
     .min = 0,
     .max = 0.99,
     .help = N_("Probability that a value between the layers is zeroed while training")},
    {.name = "output",
     .type = MG_PARAM_CHOICE,
     .default_value = "sequence",
     .choices = "sequence|last|mean",
     .help = N_("All steps, the state after each direction's last step, or the mean over time")},
};

enum { output_sequence, output_last, output_mean };

static int
find_output(const char *text)
{
  return g_str_equal(text, "last") ? output_last : g_str_equal(text, "mean") ? output_mean : output_sequence;
}

gboolean
mg_recurrent_takes_last(const MgRecurrentLayer *self)
{
  return self->output == output_last;
}

gboolean
mg_recurrent_takes_mean(const MgRecurrentLayer *self)
{
  return self->output == output_mean;
}

static int
width_of(const MgRecurrentLayer *self)
{
  return self->directions * self->hidden;
}

static MgRecurrence
recurrence(const MgRecurrentLayer *self, int layer, int direction)
{
  return (MgRecurrence){.cell = self->cell,
                        .features = layer == 0 ? self->features : width_of(self),
                        .hidden = self->hidden,
                        .steps = self->steps,
                        .reverse = direction == 1};
}

/* Memory for n sequences, n times each: the input; a block a layer with its output, what its directions keep and its
 * input after dropout; two gradients. Outside of training the layers take two blocks in turn. */
typedef struct {
  int n;
  size_t block;
  int blocks;
  float *x, *values, *gradients[2];
} Area;

static size_t
kept_size(const MgRecurrentLayer *self)
{
  MgRecurrence r = recurrence(self, 0, 0);
  return mg_recurrent_kept(&r);
}

static size_t
output_size(const MgRecurrentLayer *self)
{
  return (size_t)self->steps * width_of(self);
}

static size_t
block_size(const MgRecurrentLayer *self)
{
  return output_size(self) * (self->dropout > 0 ? 2 : 1) + self->directions * kept_size(self);
}

static size_t
gradient_size(const MgRecurrentLayer *self)
{
  return (size_t)self->steps * MAX(self->features, width_of(self));
}

static size_t
area_size(const MgRecurrentLayer *self, gboolean training)
{
  size_t x = (size_t)self->steps * self->features;
  return training ? x + self->layers * block_size(self) + 2 * gradient_size(self)
                  : x + MIN(self->layers, 2) * block_size(self);
}

static Area
find_area(const MgRecurrentLayer *self, gboolean training, int n, float *memory)
{
  Area area = {.n = n,
               .block = n * block_size(self),
               .blocks = training ? self->layers : 2,
               .x = memory,
               .values = memory + (size_t)n * self->steps * self->features};
  area.gradients[0] = area.values + area.blocks * area.block;
  area.gradients[1] = area.gradients[0] + n * gradient_size(self);
  return area;
}

static float *
output_of(const Area *area, int layer)
{
  return area->values + layer % area->blocks * area->block;
}

static float *
kept_of(const MgRecurrentLayer *self, const Area *area, int layer, int direction)
{
  return output_of(area, layer) + area->n * (output_size(self) + direction * kept_size(self));
}

static float *
dropped_of(const MgRecurrentLayer *self, const Area *area, int layer)
{
  return kept_of(self, area, layer, self->directions);
}

static float *
input_of(const MgRecurrentLayer *self, const Area *area, gboolean training, int layer)
{
  if (layer == 0)
    return area->x;
  return training && self->dropout > 0 ? dropped_of(self, area, layer) : output_of(area, layer - 1);
}

/* Outside of training a thread takes as many sequences at once as stay in a fast memory. */
static void
set_memory(MgRecurrentLayer *self)
{
  const size_t fast = 1 << 20;
  size_t workspace = 0, sequence = area_size(self, FALSE);
  for (int l = 0; l < self->layers; l++) {
    MgRecurrence r = recurrence(self, l, 0);
    workspace = MAX(workspace, mg_recurrent_workspace(&r));
  }
  self->most_at_once = CLAMP(fast / sequence, 1, 16);
  self->base.cache_size = area_size(self, TRUE) * sizeof(float);
  self->base.workspace = workspace + self->most_at_once * sequence;
}

gboolean
mg_recurrent_layer_shape(MgLayer *layer, const MgCell *cell, const MgParams *params, GError **error)
{
  MgRecurrentLayer *self = (MgRecurrentLayer *)layer;
  self->cell = cell;
  self->features = layer->input.channels * layer->input.height;
  self->steps = layer->input.width;
  self->hidden = mg_params_int(params, "hidden_size");
  self->layers = mg_params_int(params, "num_layers");
  self->directions = mg_params_bool(params, "bidirectional") ? 2 : 1;
  self->dropout = mg_params_float(params, "dropout");
  self->output = find_output(mg_params_text(params, "output"));
  layer->output = (MgShape){width_of(self), 1, self->output == output_sequence ? self->steps : 1};
  layer->flops = 2.0 * self->steps * mg_recurrent_layer_weights(layer);
  set_memory(self);
  return TRUE;
}

gint64
mg_recurrent_layer_weights(const MgLayer *layer)
{
  const MgRecurrentLayer *self = (const MgRecurrentLayer *)layer;
  gint64 rows = (gint64)self->cell->gates * self->hidden * self->directions, width = width_of(self);
  return rows * ((self->features + self->hidden + 2) + (self->layers - 1) * (width + self->hidden + 2));
}

/* PyTorch's order, names and starting values: all uniform within 1 / √hidden_size. */
void
mg_recurrent_layer_create(MgLayer *layer, MgRng *rng)
{
  const MgRecurrentLayer *self = (const MgRecurrentLayer *)layer;
  int rows = self->cell->gates * self->hidden;
  float bound = 1 / sqrtf(self->hidden);
  for (int l = 0; l < self->layers; l++)
    for (int d = 0; d < self->directions; d++) {
      static const char *const names[] = {"weight_ih", "weight_hh", "bias_ih", "bias_hh"};
      for (int i = 0; i < 4; i++) {
        g_autofree char *name = g_strdup_printf("%s_l%d%s", names[i], l, d ? "_reverse" : "");
        int shape[] = {rows, i == 0 && l == 0 ? self->features : i == 0 ? width_of(self) : self->hidden};
        mg_layer_add_uniform(layer, name, i < 2 ? 2 : 1, shape, bound, rng);
      }
    }
}

static MgRecurrentTensors
tensors_of(const MgRecurrentLayer *self, int layer, int direction, gboolean gradients)
{
  MgTensor **tensors = (MgTensor **)self->base.tensors->pdata + (layer * self->directions + direction) * 4;
  float *values[4];
  for (int i = 0; i < 4; i++)
    values[i] = gradients ? tensors[i]->gradient : tensors[i]->data;
  return (MgRecurrentTensors){values[0], values[1], values[2], values[3]};
}

/* Zeroes values (steps, n, width) and scales the others; the same ones in both passes. Each sequence and layer draws
 * from a stream of its own, so the numbers do not depend on the thread count. */
static void
drop(const MgRecurrentLayer *self, const MgPass *pass, int layer, int first, int n, const float *x, float *y)
{
  float dropout = pass->traced ? 0 : self->dropout, scale = 1 / (1 - dropout);
  int width = width_of(self);
  for (int s = 0; s < n; s++) {
    MgRng rng = mg_rng_stream(self->dropout_seed, (guint64)layer << 32 | (guint)(pass->first + first + s));
    for (int t = 0; t < self->steps; t++)
      for (size_t i = ((size_t)t * n + s) * width, end = i + width; i < end; i++)
        y[i] = mg_rng_uniform(&rng) >= dropout ? x[i] * scale : 0;
  }
}

/* A batch's sequences in pieces: as many as there are threads while training, so that each keeps its own. */
static int
piece_size(const MgRecurrentLayer *self, const MgPass *pass)
{
  int share = (pass->batch + pass->threads - 1) / pass->threads;
  return pass->training ? share : MIN(share, self->most_at_once);
}

static float *
thread_workspace(const MgPass *pass)
{
  return pass->workspace + omp_get_thread_num() * pass->workspace_size;
}

static Area
piece_area(const MgRecurrentLayer *self, const MgPass *pass, int first, int n)
{
  if (pass->training)
    return find_area(self, TRUE, n, (float *)self->base.cache + first * area_size(self, TRUE));
  return find_area(self, FALSE, n, thread_workspace(pass));
}

/* Behind the area that is there outside of training. */
static float *
panels_of(const MgRecurrentLayer *self, const MgPass *pass)
{
  return thread_workspace(pass) + self->most_at_once * area_size(self, FALSE);
}

static void
mean_over_time(const MgRecurrentLayer *self, int n, const float *values, float *y)
{
  int width = width_of(self);
  memset(y, 0, width * sizeof *y);
  for (int t = 0; t < self->steps; t++, values += (size_t)n * width)
    for (int i = 0; i < width; i++)
      y[i] += values[i];
  for (int i = 0; i < width; i++)
    y[i] /= self->steps;
}

/* Where direction d of a sequence ends: its values in an array (steps, n, width). */
static size_t
last_of(const MgRecurrentLayer *self, int n, int d)
{
  return (d == 0 ? (size_t)(self->steps - 1) * n * width_of(self) : 0) + d * self->hidden;
}

static void
write_output(const MgRecurrentLayer *self, const Area *area, int first, float *y)
{
  int width = width_of(self), n = area->n;
  const float *values = output_of(area, self->layers - 1);
  y += first * mg_shape_size(self->base.output);
  for (int s = 0; s < n; s++, values += width, y += mg_shape_size(self->base.output))
    switch (self->output) {
    case output_sequence:
      mg_compute_recurrent_kernels()->transpose(self->steps, width, values, (size_t)n * width, y, self->steps);
      break;
    case output_last:
      for (int d = 0; d < self->directions; d++)
        memcpy(y + d * self->hidden, values + last_of(self, n, d), self->hidden * sizeof *y);
      break;
    default:
      mean_over_time(self, n, values, y);
    }
}

static void
forward_piece(const MgRecurrentLayer *self, const MgPass *pass, int first, int n, const float *x, float *y)
{
  Area area = piece_area(self, pass, first, n);
  size_t size = mg_shape_size(self->base.input), width = width_of(self);
  for (int s = 0; s < n; s++)
    mg_compute_recurrent_kernels()->transpose(self->features, self->steps, x + (first + s) * size, self->steps,
                                              area.x + s * self->features, (size_t)n * self->features);
  for (int l = 0; l < self->layers; l++) {
    float *input = input_of(self, &area, pass->training, l), *output = output_of(&area, l);
    if (l > 0 && input != output_of(&area, l - 1))
      drop(self, pass, l, first, n, output_of(&area, l - 1), input);
    for (int d = 0; d < self->directions; d++) {
      MgRecurrence r = recurrence(self, l, d);
      MgRecurrentTensors tensors = tensors_of(self, l, d, FALSE);
      mg_recurrent_forward(&r, n, input, &tensors, kept_of(self, &area, l, d), output + d * self->hidden, width,
                           panels_of(self, pass));
    }
  }
  write_output(self, &area, first, y);
}

void
mg_recurrent_layer_forward(MgLayer *layer, const MgPass *pass, const float *const *x, float *y)
{
  MgRecurrentLayer *self = (MgRecurrentLayer *)layer;
  int size = piece_size(self, pass);
  if (pass->training && !pass->traced && self->dropout > 0)
    self->dropout_seed = mg_rng_next(pass->rng);
#pragma omp parallel for schedule(static, 1) num_threads(pass->threads)
  for (int first = 0; first < pass->batch; first += size)
    forward_piece(self, pass, first, MIN(size, pass->batch - first), x[0], y);
}

/* dy as the gradient of all steps (steps, n, width). */
static void
spread_gradient(const MgRecurrentLayer *self, int first, int n, const float *dy, float *gradient)
{
  int width = width_of(self);
  dy += first * mg_shape_size(self->base.output);
  if (self->output == output_last)
    memset(gradient, 0, n * output_size(self) * sizeof *gradient);
  for (int s = 0; s < n; s++, gradient += width, dy += mg_shape_size(self->base.output))
    switch (self->output) {
    case output_sequence:
      mg_compute_recurrent_kernels()->transpose(width, self->steps, dy, self->steps, gradient, (size_t)n * width);
      break;
    case output_last:
      for (int d = 0; d < self->directions; d++)
        memcpy(gradient + last_of(self, n, d), dy + d * self->hidden, self->hidden * sizeof *dy);
      break;
    default:
      for (int t = 0; t < self->steps; t++)
        for (int i = 0; i < width; i++)
          gradient[(size_t)t * n * width + i] = dy[i] / self->steps;
    }
}

static void
backward_piece(const MgRecurrentLayer *self, const MgPass *pass, int l, int first, int n, const float *dy, float *dx)
{
  Area area = piece_area(self, pass, first, n);
  float *in = area.gradients[l % 2], *out = l > 0 || dx ? area.gradients[(l + 1) % 2] : NULL;
  size_t width = width_of(self), size = mg_shape_size(self->base.input);
  if (l == self->layers - 1)
    spread_gradient(self, first, n, dy, in);
  for (int d = 0; d < self->directions; d++) {
    MgRecurrence r = recurrence(self, l, d);
    MgRecurrentTensors tensors = tensors_of(self, l, d, FALSE);
    mg_recurrent_backward(&r, n, in + d * self->hidden, &tensors, kept_of(self, &area, l, d),
                          output_of(&area, l) + d * self->hidden, width, d > 0, out, panels_of(self, pass));
  }
  if (l > 0 && self->dropout > 0)
    drop(self, pass, l, first, n, out, out);
  for (int s = 0; s < n && l == 0 && dx; s++)
    mg_compute_recurrent_kernels()->transpose(self->steps, self->features, out + s * self->features,
                                              (size_t)n * self->features, dx + (first + s) * size, self->steps);
}

/* Each thread takes some of the rows of all gradients, over the pieces in their order. */
static void
gather_gradients(const MgRecurrentLayer *self, const MgPass *pass, int l, int first_row, int last_row)
{
  int size = piece_size(self, pass);
  for (int first = 0; first < pass->batch; first += size) {
    int n = MIN(size, pass->batch - first);
    Area area = piece_area(self, pass, first, n);
    for (int d = 0; d < self->directions; d++) {
      MgRecurrence r = recurrence(self, l, d);
      MgRecurrentTensors gradients = tensors_of(self, l, d, TRUE);
      mg_recurrent_gradients(&r, n, input_of(self, &area, TRUE, l), kept_of(self, &area, l, d),
                             output_of(&area, l) + d * self->hidden, width_of(self), first_row, last_row, first > 0,
                             &gradients);
    }
  }
}

void
mg_recurrent_layer_backward(MgLayer *layer, const MgPass *pass, const float *const *x, const float *y, const float *dy,
                            float *const *dx)
{
  const MgRecurrentLayer *self = (const MgRecurrentLayer *)layer;
  int size = piece_size(self, pass), rows = self->cell->gates * self->hidden, threads = pass->threads;
  for (int l = self->layers - 1; l >= 0; l--) {
#pragma omp parallel for schedule(static, 1) num_threads(threads)
    for (int first = 0; first < pass->batch; first += size)
      backward_piece(self, pass, l, first, MIN(size, pass->batch - first), dy, dx[0]);
#pragma omp parallel for schedule(static, 1) num_threads(threads)
    for (int i = 0; i < threads; i++)
      gather_gradients(self, pass, l, (gint64)rows * i / threads, (gint64)rows * (i + 1) / threads);
  }
}
