/* ONNX's operators that only lay values out in another way. */
#include "nn/onnx-operators.h"
#include <glib/gi18n-lib.h>
#include <string.h>

static gboolean
make_vector(const MgOnnxJob *job, const MgOnnxValue *x)
{
  MgShape shape;
  if (x->form == MG_ONNX_VECTOR)
    return mg_job_give(job, *x);
  char *key = x->form == MG_ONNX_CHANNELS_LAST ? g_strdup("channels_last=true") : NULL;
  return mg_job_give_layer(job, mg_job_add_layer(job, "flatten", NULL, 1, &x, &shape, key, NULL), MG_ONNX_VECTOR,
                           shape);
}

gboolean
mg_onnx_import_flatten(const MgOnnxJob *job)
{
  const MgOnnxValue *x = mg_job_value(job, 0);
  if (!x)
    return FALSE;
  if (mg_job_attribute_int(job, "axis", 1) != 1 || x->scale != 1 || x->form > MG_ONNX_SEQUENCE)
    return mg_job_fail(job, _("expected a picture or vector, flattened from its axis 1 on"));
  return make_vector(job, x);
}

/* The wanted sizes but the batch's, with what 0 and -1 stand for; FALSE where they do not fit. */
static gboolean
resolve(const MgOnnxConstant *wanted, const gint64 *old, int n_old, guint64 values, gint64 *sizes)
{
  int unknown = -1;
  guint64 known = 1;
  for (int i = 0; i < wanted->dimensions && i < 1; i++)
    if (wanted->n < 2 || wanted->n > 4)
      return FALSE;
  for (size_t i = 1; i < wanted->n; i++) {
    sizes[i - 1] = wanted->ints[i] == 0 && (int)i < n_old ? old[i] : wanted->ints[i];
    if (sizes[i - 1] == -1 && unknown < 0)
      unknown = (int)i - 1;
    else if (sizes[i - 1] < 1 || sizes[i - 1] > 1 << 28 ||
             __builtin_mul_overflow(known, (guint64)sizes[i - 1], &known) || known > (guint64)1 << 28)
      return FALSE;
  }
  if (unknown >= 0)
    sizes[unknown] = values / known;
  return unknown >= 0 ? known * (guint64)sizes[unknown] == values : known == values;
}

/* A picture with other sizes: as it was, or each row a channel. */
static gboolean
make_picture(const MgOnnxJob *job, const MgOnnxValue *x, const gint64 *sizes)
{
  MgShape shape = x->shape;
  if (sizes[0] == shape.channels && sizes[1] == shape.height && sizes[2] == shape.width) {
    MgOnnxValue made = *x;
    made.form = MG_ONNX_PICTURE;
    return mg_job_give(job, made);
  }
  if (sizes[0] == (gint64)shape.channels * shape.height && sizes[1] == 1 && sizes[2] == shape.width)
    return mg_job_give_layer(job, mg_job_add_layer(job, "rows-to-channels", NULL, 1, &x, &shape, NULL), MG_ONNX_PICTURE,
                             shape);
  return mg_job_fail(job, _("makes another picture of the same values; expected each row as a channel, or a vector"));
}

gboolean
mg_onnx_import_reshape(const MgOnnxJob *job)
{
  const MgOnnxValue *x = mg_job_value(job, 0);
  const MgOnnxConstant *wanted = mg_job_constant(job, 1);
  gint64 sizes[3];
  if (!x)
    return FALSE;
  if (!wanted || !wanted->ints || wanted->dimensions != 1 || wanted->n > 4 || x->scale != 1)
    return mg_job_fail(job, _("expected a constant shape of at most 4 sizes"));
  if (x->form == MG_ONNX_DIRECTED)
    return mg_onnx_join_directions(job, x, wanted);
  const gint64 old[] = {1, x->shape.channels, x->shape.height, x->shape.width};
  gboolean plain =
      x->form == MG_ONNX_PICTURE || x->form == MG_ONNX_VECTOR || x->form == MG_ONNX_SEQUENCE || x->form == MG_ONNX_ENDS;
  if (!plain || !resolve(wanted, old, x->form == MG_ONNX_PICTURE ? 4 : 1, mg_shape_size(x->shape), sizes))
    return mg_job_fail(job, _("expected a shape (N, …) of the same %zu values"), mg_shape_size(x->shape));
  if (wanted->n == 2)
    return make_vector(job, x);
  if (wanted->n == 4)
    return make_picture(job, x, sizes);
  MgOnnxValue made = *x;
  made.form = MG_ONNX_SEQUENCE;
  if (sizes[0] != (gint64)x->shape.channels * x->shape.height || sizes[1] != x->shape.width)
    return mg_job_fail(job, _("expected a sequence: each row a feature"));
  return mg_job_give(job, made);
}

static const struct {
  MgOnnxForm from;
  size_t n;
  gint64 order[4];
  MgOnnxForm to;
} turns[] = {
    {MG_ONNX_PICTURE, 4, {0, 2, 3, 1}, MG_ONNX_CHANNELS_LAST},
    {MG_ONNX_CHANNELS_LAST, 4, {0, 3, 1, 2}, MG_ONNX_PICTURE},
    {MG_ONNX_SEQUENCE, 3, {2, 0, 1}, MG_ONNX_STEPS},
    {MG_ONNX_STEPS, 3, {1, 2, 0}, MG_ONNX_SEQUENCE},
    {MG_ONNX_BY_DIRECTION, 4, {0, 2, 1, 3}, MG_ONNX_DIRECTED},
};

gboolean
mg_onnx_import_transpose(const MgOnnxJob *job)
{
  const MgOnnxValue *x = mg_job_value(job, 0);
  const Onnx__AttributeProto *order = mg_job_attribute(job, "perm");
  if (!x)
    return FALSE;
  for (size_t i = 0; i < G_N_ELEMENTS(turns); i++)
    if (turns[i].from == x->form && mg_onnx_ints_are(order, turns[i].n, turns[i].order)) {
      MgOnnxValue made = *x;
      made.form = turns[i].to;
      return mg_job_give(job, made);
    }
  if (mg_onnx_ints_are(order, 4, (gint64[]){0, 1, 3, 2}))
    return mg_job_give_plain(job, "transpose", MG_ONNX_PICTURE);
  return mg_job_fail(job, _("an order of axes that no layer of this program has"));
}
