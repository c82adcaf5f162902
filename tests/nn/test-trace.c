/* Differentiating what inference computes: the traced pass gives inference's logits, and its gradients are the slopes
 * of inference, with moving statistics and without dropout. */
#include "small-cnn.h"

enum { batch = 2, classes = 3 };

typedef struct {
  const char *name;
  MgShape input;
} Model;

static const Model models[] = {{"small-cnn", {1, 16, 24}},
                               {"lstm", {1, 6, 9}},
                               {"graph", {2, 9, 10}},
                               {"fma-cnn", {1, 12, 10}},
                               {"classique-rap-cnn", {1, 32, 48}}};

static MgNetwork *
moved_network(const Model *model)
{
  g_autofree char *file = g_strconcat(model->name, ".json", NULL);
  const char *folder = g_str_equal(model->name, "graph") ? "tests/nn" : "models";
  g_autofree char *path = g_build_filename(MG_SOURCE_DIR, folder, file, NULL);
  MgNetwork *network = network_of(path, model->input, classes, 3);
  g_autofree float *x = g_new(float, 4 * mg_shape_size(model->input));
  MgRng rng = mg_rng_new(1);
  for (int step = 0; step < 3; step++) { /* so that the moving statistics are not at their start */
    fill_hashed(x, 4 * mg_shape_size(model->input), 70 + step, 2);
    mg_network_forward(network, x, 4, TRUE, &rng);
  }
  return network;
}

static double
weighted(const float *logits)
{
  double sum = 0;
  for (int i = 0; i < batch * classes; i++)
    sum += (double)logits[i] * hashed(i, 5);
  return sum;
}

static double
inferred(MgNetwork *network, const float *x)
{
  return weighted(mg_network_forward(network, x, batch, FALSE, NULL));
}

/* Along twenty directions inference changes as the gradient says. Networks are bent, and float32. */
static void
test_slope(gconstpointer data)
{
  const Model *model = data;
  size_t n = batch * mg_shape_size(model->input);
  const float step = 1.0f / 4096;
  g_autoptr(MgNetwork) network = moved_network(model);
  g_autofree float *x = g_new(float, n), *dx = g_new(float, n), *reference = g_new(float, n),
                   *direction = g_new(float, n);
  float dlogits[batch * classes];
  fill_hashed(x, n, 50, 1);
  fill_hashed(dlogits, batch * classes, 5, 1);
  float logits[batch * classes];
  mg_network_keep(network, TRUE);
  mg_network_trace(network, x, batch);
  mg_network_backward(network, dlogits, reference);
  mg_network_keep(network, FALSE);
  memcpy(logits, mg_network_trace(network, x, batch), sizeof logits);
  mg_network_backward(network, dlogits, dx);
  g_assert_cmpfloat(test_relative_error(dx, reference, n), <, 1e-3);
  const float *expected = mg_network_forward(network, x, batch, FALSE, NULL);
  g_assert_cmpfloat(test_relative_error(logits, expected, batch * classes), <, 1e-4);
  double error = 0, size = 0;
  for (guint32 series = 100; series < 120; series++) {
    double slope = 0;
    for (size_t i = 0; i < n; i++) {
      direction[i] = hashed(i, series);
      slope += dx[i] * direction[i];
      x[i] += step * direction[i];
    }
    double above = inferred(network, x);
    for (size_t i = 0; i < n; i++)
      x[i] -= 2 * step * direction[i];
    double below = inferred(network, x), numeric = (above - below) / (2 * (double)step);
    for (size_t i = 0; i < n; i++)
      x[i] += step * direction[i];
    error += (numeric - slope) * (numeric - slope);
    size += numeric * numeric;
  }
  g_assert_cmpfloat(size, >, 0);
  g_assert_cmpfloat(sqrt(error), <, 0.03 * sqrt(size));
}

/* What comes back to the last layer's input is its weights times what was put in. */
static void
test_output_gradient(void)
{
  const Model *model = &models[0];
  g_autoptr(MgNetwork) network = moved_network(model);
  g_autofree float *x = g_new(float, batch *mg_shape_size(model->input));
  float dlogits[batch * classes], expected[batch * 128] = {0};
  fill_hashed(x, batch * mg_shape_size(model->input), 50, 1);
  fill_hashed(dlogits, batch * classes, 5, 1);
  mg_network_keep(network, TRUE);
  mg_network_trace(network, x, batch);
  mg_network_backward(network, dlogits, NULL);
  const GPtrArray *tensors = mg_network_tensors(network);
  const MgTensor *weight = tensors->pdata[tensors->len - 2];
  g_assert_cmpstr(weight->name, ==, "logits.weight");
  for (int s = 0; s < batch; s++)
    for (int c = 0; c < classes; c++)
      for (int k = 0; k < 128; k++)
        expected[s * 128 + k] += dlogits[s * classes + c] * weight->data[c * 128 + k];
  size_t n = mg_network_n_layers(network);
  g_assert_cmpstr(mg_network_layer(network, n - 2).name, ==, "relu4");
  g_assert_cmpfloat(test_relative_error(mg_network_gradient(network, n - 2), expected, G_N_ELEMENTS(expected)), <,
                    1e-5);
  g_assert_null(mg_network_gradient(network, n - 1));
  g_assert_nonnull(mg_network_activation(network, 0));
}

/* It leaves no trace: weights, statistics and later passes are as they were. */
static void
test_leaves_all(void)
{
  const Model *model = &models[0];
  g_autoptr(MgNetwork) network = moved_network(model);
  g_autofree float *x = g_new(float, batch *mg_shape_size(model->input));
  fill_hashed(x, batch * mg_shape_size(model->input), 50, 1);
  double before = inferred(network, x);
  mg_network_trace(network, x, batch);
  g_assert_cmpfloat(inferred(network, x), ==, before);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS(models); i++) {
    g_autofree char *path = g_strdup_printf("/nn/trace/slope/%s", models[i].name);
    g_test_add_data_func(path, &models[i], test_slope);
  }
  g_test_add_func("/nn/trace/output-gradient", test_output_gradient);
  g_test_add_func("/nn/trace/leaves-all", test_leaves_all);
  return g_test_run();
}
