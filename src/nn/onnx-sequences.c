/* ONNX's operators on sequences. */
#include "nn/onnx-operators.h"
#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

gboolean
mg_onnx_join_directions(const MgOnnxJob *job, const MgOnnxValue *x, const MgOnnxConstant *wanted)
{
  MgOnnxValue made = *x;
  made.form = MG_ONNX_STEPS;
  gint64 width = x->shape.channels;
  if (wanted->n != 3 || (wanted->ints[2] != width && wanted->ints[2] != -1) ||
      (wanted->ints[0] != x->shape.width && wanted->ints[0] > 0))
    return mg_job_fail(job, _("expected the directions side by side: (steps, N, %" PRId64 ")"), width);
  return mg_job_give(job, made);
}

gboolean
mg_onnx_take_ends(const MgOnnxJob *job, const MgOnnxValue *end)
{
  json_t *layer = json_array_get(job->import->layers, end->layer);
  json_object_set_new(layer, "output", json_string("last"));
  g_array_index(job->import->ended, gboolean, end->layer) = TRUE;
  MgShape shape = {end->shape.channels, 1, 1};
  return mg_job_give(job, (MgOnnxValue){.form = MG_ONNX_PICTURE, .layer = end->layer, .shape = shape, .scale = 1});
}

/* Our order of the gates' blocks from ONNX's: LSTM i, o, f, c, GRU z, r, n. */
static void
keep_gates(const MgOnnxJob *job, int layer, const char *tensor, const float *values, int direction, gboolean gru,
           size_t hidden, size_t columns)
{
  static const int orders[][4] = {{0, 2, 3, 1}, {1, 0, 2}};
  int gates = gru ? 3 : 4;
  size_t block = hidden * columns;
  g_autofree float *rows = g_new(float, gates *block);
  for (int g = 0; g < gates; g++)
    memcpy(rows + g * block, values + orders[gru][g] * block, block * sizeof *rows);
  g_autofree char *name = g_strdup_printf("%s_l0%s", tensor, direction ? "_reverse" : "");
  mg_job_keep_tensor(job, layer, name, rows, gates * block);
}

static gboolean
all_zero(const MgOnnxConstant *values)
{
  for (size_t i = 0; values && values->floats && i < values->n; i++)
    if (values->floats[i] != 0)
      return FALSE;
  return values && values->floats;
}

static gboolean
import_recurrent(const MgOnnxJob *job, gboolean gru)
{
  const MgOnnxValue *x = mg_job_value_of(job, 0, MG_ONNX_STEPS, N_("expected a sequence (steps, N, features)"));
  const MgOnnxConstant *w = mg_job_constant(job, 1), *r = mg_job_constant(job, 2), *b = mg_job_constant(job, 3);
  MgShape shape;
  if (!x)
    return FALSE;
  int directions = mg_job_attribute_is(job, "direction", "bidirectional", FALSE) ? 2 : 1, gates = gru ? 3 : 4;
  gint64 hidden = mg_job_attribute_int(job, "hidden_size", 0), features = (gint64)x->shape.channels * x->shape.height;
  if (hidden < 1 || hidden > 1 << 16 || !mg_onnx_has_shape(w, 3, directions, gates * hidden, features) ||
      !mg_onnx_has_shape(r, 3, directions, gates * hidden, hidden) ||
      !mg_onnx_has_shape(b, 2, directions, 2 * gates * hidden, 0))
    return mg_job_fail(job, _("expected constant weights and biases for %" PRId64 " features"), features);
  gboolean usual = directions == 2 || mg_job_attribute_is(job, "direction", "forward", TRUE);
  for (size_t i = 4; i < job->node->n_input; i++)
    usual = usual && (!mg_job_input_name(job, i) || all_zero(mg_job_constant(job, i)));
  if (!usual || mg_job_attribute(job, "activations") || mg_job_attribute(job, "clip") ||
      mg_job_attribute_int(job, "input_forget", 0) || mg_job_attribute_int(job, "layout", 0) ||
      (gru && !mg_job_attribute_int(job, "linear_before_reset", 0)))
    return mg_job_fail(job, _("expected PyTorch's form: usual functions, no lengths, nothing before the first step"));
  g_autofree char *name = mg_job_name_from_weight(job, 1);
  int layer = mg_job_add_layer(job, gru ? "gru" : "lstm", name, 1, &x, &shape,
                               g_strdup_printf("hidden_size=%" G_GINT64_FORMAT, hidden),
                               g_strdup_printf("bidirectional=%s", directions == 2 ? "true" : "false"), NULL);
  for (int d = 0; layer >= 0 && d < directions; d++) {
    size_t rows = gates * hidden;
    keep_gates(job, layer, "weight_ih", w->floats + d * rows * features, d, gru, hidden, features);
    keep_gates(job, layer, "weight_hh", r->floats + d * rows * hidden, d, gru, hidden, hidden);
    keep_gates(job, layer, "bias_ih", b->floats + d * 2 * rows, d, gru, hidden, 1);
    keep_gates(job, layer, "bias_hh", b->floats + d * 2 * rows + rows, d, gru, hidden, 1);
  }
  return layer >= 0 && mg_job_give(job, (MgOnnxValue){.form = MG_ONNX_BY_DIRECTION,
                                                      .layer = layer,
                                                      .shape = shape,
                                                      .scale = 1,
                                                      .directions = directions});
}

gboolean
mg_onnx_import_lstm(const MgOnnxJob *job)
{
  return import_recurrent(job, FALSE);
}

gboolean
mg_onnx_import_gru(const MgOnnxJob *job)
{
  return import_recurrent(job, TRUE);
}

/* The last step of a direction: [hidden values of it, one step] of the axes 1 and 2 of a sequence. */
gboolean
mg_onnx_import_slice(const MgOnnxJob *job)
{
  const MgOnnxValue *x = mg_job_value_of(job, 0, MG_ONNX_SEQUENCE, N_("expected a sequence (N, features, steps)"));
  if (!x)
    return FALSE;
  static const gint64 axes_wanted[] = {1, 2};
  const MgOnnxConstant *starts = mg_job_constant(job, 1), *ends = mg_job_constant(job, 2),
                       *axes = mg_job_constant(job, 3);
  gint64 steps = x->shape.width, hidden = x->directions ? x->shape.channels / x->directions : 0;
  if (x->directions > 0 && starts && starts->ints && starts->n == 2 && ends && ends->ints && ends->n == 2 && axes &&
      axes->ints && axes->n == 2 && memcmp(axes->ints, axes_wanted, sizeof axes_wanted) == 0)
    for (int d = 0; d < x->directions; d++) {
      gint64 step = d == 0 ? steps - 1 : 0;
      if (starts->ints[0] != d * hidden || ends->ints[0] != (d + 1) * hidden || starts->ints[1] != step ||
          ends->ints[1] != step + 1)
        continue;
      MgOnnxValue made = *x;
      made.form = MG_ONNX_ENDS;
      made.end = d;
      return x->directions == 1 ? mg_onnx_take_ends(job, &made) : mg_job_give(job, made);
    }
  return mg_job_fail(job, _("expected the last step of a direction of lstm or gru"));
}
