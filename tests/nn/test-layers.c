/* Every layer of the table: its gradients against differences of its output, the reference plan against the
 * fused one. A new layer is reached by itself, with its default parameters; `variants` adds others. */
#include "nn/layer.h"
#include "nn/plan.h"
#include "small-cnn.h"

typedef struct {
  const char *type, *assignments[5];
} Variant;

static const Variant variants[] = {
    {"conv2d", {"out_channels=5", "padding=1", "bias=false"}},
    {"conv2d", {"out_channels=18", "kernel_size=3", "padding=1"}},
    {"conv2d", {"out_channels=4", "kernel_size=5", "stride=2", "padding=2"}},
    {"conv2d", {"out_channels=3", "kernel_size=1", "stride=3"}},
    {"conv2d", {"out_channels=2", "kernel_size=2", "stride=2", "padding=1"}},
    {"conv2d", {"out_channels=4", "kernel_height=1", "kernel_width=7", "padding_width=3"}},
    {"conv2d", {"out_channels=6", "groups=3", "stride_width=2", "padding_height=1"}},
    {"maxpool", {"kernel_size=3", "stride=2", "padding=1"}},
    {"maxpool", {"kernel_size=3", "stride=2", "ceil_mode=true"}},
    {"maxpool", {"kernel_height=1", "kernel_width=4", "stride_width=3", "padding_width=2"}},
    {"maxpool", {"kernel_size=3", "stride=1"}},
    {"avgpool", {"kernel_size=3", "stride=2", "padding=1", "ceil_mode=true"}},
    {"avgpool", {"kernel_size=3", "stride=1", "padding=1", "count_include_pad=false"}},
    {"avgpool", {"kernel_height=1", "kernel_width=4"}},
    {"batchnorm", {"scale=false", "eps=0.001"}},
    {"layernorm", {"over=features"}},
    {"layernorm", {"over=channels"}},
    {"flatten", {"channels_last=true"}},
    {"dropout", {"p=0"}},
    {"add", {"scale=-0.3"}},
    {"lstm", {"hidden_size=5", "num_layers=2", "bidirectional=true"}},
    {"lstm", {"hidden_size=17", "num_layers=3", "dropout=0.4", "output=last"}},
    {"lstm", {"hidden_size=3", "bidirectional=true", "output=last"}},
    {"lstm", {"hidden_size=2", "output=mean"}},
    {"gru", {"hidden_size=5", "num_layers=2", "bidirectional=true", "dropout=0.2"}},
    {"gru", {"hidden_size=11", "output=last"}},
};

enum { batch = 3 };

/* Steps must not cross a kink of relu or maxpool; where there is none, longer ones drown the rounding of many steps. */
static float
step_for(const MgLayerClass *class)
{
  return g_str_equal(class->type, "lstm") || g_str_equal(class->type, "gru") ? 1.0f / 64 : 1.0f / 1024;
}

/* A key that must be given gets a small number. */
static MgParams *
make_params(const MgLayerClass *class, const char *const *assignments)
{
  static const MgParamTable *tables[64][2]; /* a class' own: parameters refer to it */
  size_t number = 0;
  while (mg_layer_classes()[number] != class)
    number++;
  g_assert_cmpuint(number, <, G_N_ELEMENTS(tables));
  tables[number][0] = class->params;
  MgParams *params = mg_params_new(tables[number]);
  for (; assignments && *assignments; assignments++)
    g_assert_true(mg_params_assign(params, *assignments, NULL));
  for (size_t i = 0; class->params && i < class->params->n; i++) {
    const MgParamSpec *spec = &class->params->specs[i];
    if (spec->automatic == mg_layer_required && mg_params_is_auto(params, spec->name))
      mg_params_set_int(params, spec->name, 4);
  }
  return params;
}

/* The loss is a fixed weighted sum of the output, so dy is those weights. */
static double
weighted_sum(MgPlan *plan, const float *x, size_t n)
{
  MgRng rng = mg_rng_new(11); /* dropout drops the same values each time */
  const float *y = mg_plan_forward(plan, x, batch, 2, TRUE, &rng);
  double sum = 0;
  for (size_t i = 0; i < n; i++)
    sum += (double)y[i] * hashed(i, 5);
  return sum;
}

/* Values of x lie on a grid coarser than the step, all different. */
static void
spread_values(float *x, size_t n)
{
  g_autofree guint32 *order = g_new(guint32, n);
  for (size_t i = 0; i < n; i++)
    order[i] = i;
  MgRng rng = mg_rng_new(3);
  mg_rng_shuffle(&rng, order, n);
  for (size_t i = 0; i < n; i++)
    x[i] = ((float)order[i] + 0.5f) / n * 4 - 2;
}

static void
check_values(MgPlan *plan, const float *x, size_t out, float *values, const float *gradient, size_t n, float step,
             const char *what)
{
  double error = 0, size = 0;
  for (size_t i = 0; i < n; i++) {
    float kept = values[i];
    values[i] = kept + step;
    double above = weighted_sum(plan, x, out);
    values[i] = kept - step;
    double below = weighted_sum(plan, x, out);
    values[i] = kept;
    double numeric = (above - below) / (2 * (double)step);
    error += (numeric - gradient[i]) * (numeric - gradient[i]);
    size += numeric * numeric;
  }
  if (sqrt(error) > 2e-3 * sqrt(size) + 1e-5)
    g_test_fail_printf("%s: the gradient is off by %g of %g", what, sqrt(error), sqrt(size));
}

/* A layer that joins takes the input, the input through a relu, and the input once more. */
static GPtrArray *
make_layers(const MgLayerClass *class, const char *const *assignments, MgShape input)
{
  GPtrArray *layers = g_ptr_array_new_with_free_func((GDestroyNotify)mg_layer_free);
  const MgShape inputs[] = {input, input, input};
  const int direct[] = {-1}, joined[] = {-1, 0, -1};
  g_autoptr(MgParams) params = make_params(class, assignments);
  g_autoptr(GError) error = NULL;
  if (class->joins)
    g_ptr_array_add(layers, mg_layer_new(mg_layer_class("relu"), "other", 1, direct, inputs, NULL, NULL));
  g_ptr_array_add(layers, mg_layer_new(class, class->type, class->joins ? 3 : 1, class->joins ? joined : direct, inputs,
                                       params, &error));
  g_assert_no_error(error);
  return layers;
}

static void
check_layer(const MgLayerClass *class, const char *const *assignments, MgShape input)
{
  g_autoptr(GPtrArray) layers = make_layers(class, assignments, input);
  MgLayer *layer = layers->pdata[layers->len - 1];
  MgRng rng = mg_rng_new(1);
  mg_layer_create(layer, &rng);
  gint64 weights = 0;
  for (guint i = 0; i < layer->tensors->len; i++)
    weights += ((MgTensor *)layer->tensors->pdata[i])->n;
  g_assert_cmpint(weights, ==, mg_layer_weights(layer));

  MgPlan *plan = mg_plan_new(layers, TRUE);
  size_t in = batch * mg_shape_size(input), out = batch * mg_shape_size(layer->output);
  g_autofree float *x = g_new(float, in), *dx = g_new(float, in), *dy = g_new(float, out);
  spread_values(x, in);
  fill_hashed(dy, out, 5, 1);
  weighted_sum(plan, x, out);
  mg_plan_backward(plan, dy, dx);
  check_values(plan, x, out, x, dx, in, step_for(class), "dx");
  for (guint i = 0; i < layer->tensors->len; i++) {
    MgTensor *tensor = layer->tensors->pdata[i];
    if (tensor->gradient)
      check_values(plan, x, out, tensor->data, tensor->gradient, tensor->n, step_for(class), tensor->name);
  }
  mg_plan_free(plan);
}

static void
test_layer(gconstpointer data)
{
  check_layer(data, NULL, (MgShape){2, 7, 9});
}

static void
test_variant(gconstpointer data)
{
  const Variant *variant = data;
  check_layer(mg_layer_class(variant->type), variant->assignments, (MgShape){3, 8, 10});
}

/* torch.nn.BatchNorm2d(1)(tensor([1, 2, 3, 6]).reshape(2, 1, 1, 2)), running_mean and running_var after it.
 */
static void
test_batchnorm(void)
{
  const float x[] = {1, 2, 3, 6}, expected[] = {-1.0690434f, -0.5345217f, 0, 1.6035651f};
  g_autoptr(GError) error = NULL;
  g_autoptr(MgNetwork) network = mg_network_new(
      "{\"name\": \"n\", \"layers\": [{\"type\": \"batchnorm\", \"name\": \"b\"}, {\"type\": \"flatten\"}]}", "test",
      (MgShape){1, 1, 2}, 2, 0, &error);
  g_assert_no_error(error);
  const float *y = mg_network_forward(network, x, 2, TRUE, NULL);
  for (int i = 0; i < 4; i++)
    g_assert_cmpfloat_with_epsilon(y[i], expected[i], 1e-6);
  const GPtrArray *tensors = mg_network_tensors(network);
  g_assert_cmpfloat_with_epsilon(((MgTensor *)tensors->pdata[2])->data[0], 0.3, 1e-6);
  g_assert_cmpfloat_with_epsilon(((MgTensor *)tensors->pdata[3])->data[0], 1.3666667, 1e-6);
}

/* While training a tenth to a half of the values is dropped and the mean stays; otherwise nothing is dropped.
 */
static void
test_dropout(void)
{
  enum { n = 20000 };
  static float x[n];
  for (int i = 0; i < n; i++)
    x[i] = 1;
  g_autoptr(MgNetwork) network = mg_network_new("{\"name\": \"n\", \"layers\": [{\"type\": \"dropout\", \"p\": 0.25}]}",
                                                "test", (MgShape){n, 1, 1}, n, 0, NULL);
  g_assert_nonnull(network);
  MgRng rng = mg_rng_new(1);
  const float *y = mg_network_forward(network, x, 1, TRUE, &rng);
  int dropped = 0;
  double sum = 0;
  for (int i = 0; i < n; i++) {
    dropped += y[i] == 0;
    sum += y[i];
  }
  g_assert_cmpfloat_with_epsilon(dropped / (double)n, 0.25, 0.015);
  g_assert_cmpfloat_with_epsilon(sum / n, 1, 0.02);
  y = mg_network_forward(network, x, 1, FALSE, NULL);
  for (int i = 0; i < n; i++)
    g_assert_true(y[i] == 1);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  for (const MgLayerClass *const *class = mg_layer_classes(); *class; class ++) {
    g_autofree char *path = g_strdup_printf("/nn/layers/gradient/%s", (*class)->type);
    g_test_add_data_func(path, *class, test_layer);
  }
  for (size_t i = 0; i < G_N_ELEMENTS(variants); i++) {
    g_autofree char *path = g_strdup_printf("/nn/layers/gradient/%s-%zu", variants[i].type, i);
    g_test_add_data_func(path, &variants[i], test_variant);
  }
  g_test_add_func("/nn/layers/batchnorm-statistics", test_batchnorm);
  g_test_add_func("/nn/layers/dropout", test_dropout);
  return g_test_run();
}
