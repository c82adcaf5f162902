#include "nn/onnx-patterns.h"
#include "nn/onnx-operators.h"
#include <glib/gi18n-lib.h>
#include <math.h>

/* Values have names of one letter: x what the layer takes, y what it gives, capitals constants. */
typedef struct {
  const char *type;
  char inputs[2], output;
} Step;

enum { MOST_STEPS = 9, LETTERS = 128, REACH = 64 }; /* nodes of a pattern stand near each other */

/* One that was found. */
typedef struct {
  MgOnnxImport *import;
  const Onnx__NodeProto *nodes[MOST_STEPS];
  const char *names[LETTERS]; /* the graph's, by letter */
} Found;

typedef struct {
  Step steps[MOST_STEPS + 1];
  gboolean (*fits)(const Found *found);
  gboolean (*import)(const Found *found, const MgOnnxJob *job);
} Pattern;

static const MgOnnxConstant *
constant_of(const Found *found, char letter)
{
  return g_hash_table_lookup(found->import->constants, found->names[(int)letter]);
}

static gboolean
is_number(const Found *found, char letter, double expected)
{
  const MgOnnxConstant *constant = constant_of(found, letter);
  return constant && constant->floats && constant->n == 1 && fabs(constant->floats[0] - expected) < 1e-6;
}

/* x / 2 · (1 + erf(x / sqrt 2)) */
static gboolean
fits_gelu(const Found *found)
{
  return is_number(found, 'R', G_SQRT2) && is_number(found, 'O', 1) && is_number(found, 'H', 0.5);
}

static gboolean
import_gelu(const Found *found, const MgOnnxJob *job)
{
  return mg_onnx_import_pointwise(job, "gelu", NULL);
}

static const Onnx__AttributeProto *
axes_of(const Found *found, int step)
{
  MgOnnxJob job = {.node = found->nodes[step]};
  return mg_job_attribute_int(&job, "keepdims", 1) == 1 ? mg_job_attribute(&job, "axes") : NULL;
}

static gboolean
fits_layernorm(const Found *found)
{
  const Onnx__AttributeProto *mean = axes_of(found, 0), *variance = axes_of(found, 3);
  const MgOnnxConstant *eps = constant_of(found, 'E');
  return mean && variance && mg_onnx_ints_are(variance, mean->n_ints, mean->ints) && eps && eps->floats &&
         eps->n == 1 && (!found->names['T'] || is_number(found, 'T', 2)) && constant_of(found, 'W') &&
         constant_of(found, 'B');
}

/* How many axes from 1 on are normalised over; 0 where it is another choice. */
static int
count_axes(const Onnx__AttributeProto *given)
{
  static const gint64 axes[] = {1, 2, 3}, from_end[] = {-3, -2, -1};
  for (int n = 1; n <= 3; n++)
    if (mg_onnx_ints_are(given, n, axes))
      return n;
  return mg_onnx_ints_are(given, 3, from_end) ? 3 : 0;
}

static gboolean
import_layernorm(const Found *found, const MgOnnxJob *job)
{
  static const char *const overs[] = {"channels", "features", "all"};
  const MgOnnxConstant *weight = mg_job_constant(job, 1), *bias = mg_job_constant(job, 2);
  const MgOnnxValue *x = mg_job_picture(job, 0);
  int n = count_axes(axes_of(found, 0));
  if (!x)
    return FALSE;
  if (n == 0)
    return mg_job_fail(job, _("expected a mean over the axes 1, 1 and 2, or 1 to 3"));
  gint64 sizes[] = {x->shape.channels, n > 1 ? x->shape.height : 1, n > 2 ? x->shape.width : 1};
  if (!mg_onnx_has_shape(weight, 3, sizes[0], sizes[1], sizes[2]) ||
      !mg_onnx_has_shape(bias, 3, sizes[0], sizes[1], sizes[2]))
    return mg_job_fail(job, _("expected a factor and a summand for each of the values that share a mean"));
  g_autofree char *name = mg_job_name_from_weight(job, 1);
  MgShape shape;
  int layer = mg_job_add_layer(job, "layernorm", name, 1, &x, &shape, g_strdup_printf("over=%s", overs[n - 1]),
                               mg_onnx_number_key("eps", constant_of(found, 'E')->floats[0]), NULL);
  if (layer < 0)
    return FALSE;
  mg_job_keep_tensor(job, layer, "weight", weight->floats, weight->n);
  mg_job_keep_tensor(job, layer, "bias", bias->floats, bias->n);
  return mg_job_give_layer(job, layer, MG_ONNX_PICTURE, shape);
}

/* One a way of writing. */
static const Pattern patterns[] = {
    {{{"Div", "xR", 'a'}, {"Erf", "a", 'b'}, {"Add", "bO", 'c'}, {"Mul", "xc", 'd'}, {"Mul", "dH", 'y'}},
     fits_gelu,
     import_gelu},
    {{{"ReduceMean", "x", 'm'},
      {"Sub", "xm", 'c'},
      {"Mul", "cc", 's'},
      {"ReduceMean", "s", 'v'},
      {"Add", "vE", 'a'},
      {"Sqrt", "a", 'd'},
      {"Div", "cd", 'n'},
      {"Mul", "nW", 'w'},
      {"Add", "wB", 'y'}},
     fits_layernorm,
     import_layernorm},
    {{{"ReduceMean", "x", 'm'},
      {"Sub", "xm", 'c'},
      {"Pow", "cT", 's'},
      {"ReduceMean", "s", 'v'},
      {"Add", "vE", 'a'},
      {"Sqrt", "a", 'd'},
      {"Div", "cd", 'n'},
      {"Mul", "nW", 'w'},
      {"Add", "wB", 'y'}},
     fits_layernorm,
     import_layernorm},
};

/* Whether the node is the step, with its inputs in their order or turned. A letter without a name takes the node's; one
 * has to have a name already. */
static gboolean
bind(const Step *step, const Onnx__NodeProto *node, gboolean turned, const char **names)
{
  size_t n = step->inputs[1] ? 2 : 1;
  if (node->n_input != n || node->n_output < 1 || !node->op_type || !g_str_equal(node->op_type, step->type))
    return FALSE;
  const char *bound[2];
  gboolean linked = FALSE;
  for (size_t i = 0; i < n; i++) {
    const char *known = names[(int)step->inputs[i]];
    bound[i] = node->input[turned ? n - 1 - i : i];
    if (known && !g_str_equal(known, bound[i]))
      return FALSE;
    linked = linked || known;
  }
  for (size_t i = 0; linked && i < n; i++)
    names[(int)step->inputs[i]] = bound[i];
  if (linked)
    names[(int)step->output] = node->output[0];
  return linked;
}

static gboolean
is_step(const Step *step, const Onnx__NodeProto *node, const char **names)
{
  gboolean commutes = g_str_equal(step->type, "Add") || g_str_equal(step->type, "Mul");
  return bind(step, node, FALSE, names) || (commutes && bind(step, node, TRUE, names));
}

static gboolean
holds(const Found *found, const Onnx__NodeProto *node)
{
  for (int i = 0; i < MOST_STEPS && found->nodes[i]; i++)
    if (found->nodes[i] == node)
      return TRUE;
  return FALSE;
}

static gboolean
match(const Pattern *pattern, const Onnx__GraphProto *graph, size_t first, Found *found)
{
  size_t end = MIN(graph->n_node, first + REACH);
  found->names['x'] = graph->node[first]->n_input > 0 ? graph->node[first]->input[0] : NULL;
  for (int i = 0; i < MOST_STEPS && pattern->steps[i].type; i++) {
    for (size_t k = first; k < end && !found->nodes[i] && (i > 0 || k == first); k++)
      if (!holds(found, graph->node[k]) && is_step(&pattern->steps[i], graph->node[k], found->names))
        found->nodes[i] = graph->node[k];
    if (!found->nodes[i])
      return FALSE;
  }
  return pattern->fits(found);
}

/* The found nodes as one. */
static gboolean
import_found(const Pattern *pattern, const Found *found, GError **error)
{
  int n = 0;
  for (; n < MOST_STEPS && found->nodes[n]; n++)
    g_hash_table_add(found->import->taken, (gpointer)found->nodes[n]);
  char *inputs[] = {(char *)found->names['x'], (char *)found->names['W'], (char *)found->names['B']};
  Onnx__NodeProto node = *found->nodes[n - 1];
  node.input = inputs;
  node.n_input = inputs[1] ? G_N_ELEMENTS(inputs) : 1;
  MgOnnxJob job = {found->import, &node, error};
  return pattern->import(found, &job);
}

gboolean
mg_onnx_import_pattern(MgOnnxImport *import, const Onnx__GraphProto *graph, size_t first, gboolean *good,
                       GError **error)
{
  for (size_t i = 0; i < G_N_ELEMENTS(patterns); i++) {
    Found found = {.import = import};
    if (match(&patterns[i], graph, first, &found)) {
      *good = import_found(&patterns[i], &found, error);
      return TRUE;
    }
  }
  return FALSE;
}
