/* lstm and gru against PyTorch: logits, gradients and ten steps of Adam (tests/refs/torch-recurrent.py), for every
 * instruction set; the functions of their gates against libm. */
#include "base/npy.h"
#include "nn/compute.h"
#include "nn/fit.h"
#include "nn/kernels.h"
#include "nn/loss.h"
#include "small-cnn.h"

enum { features = 5, steps = 7, batch = 3, classes = 4 };
static const int labels[batch] = {0, 2, 3};

typedef struct {
  const char *name, *layer;
} Case;

static const Case cases[] = {
    {"lstm", "\"lstm\", \"hidden_size\": 6, \"num_layers\": 2, \"bidirectional\": true"},
    {"lstm-last", "\"lstm\", \"hidden_size\": 17, \"num_layers\": 3, \"output\": \"last\""},
    {"lstm-last-both", "\"lstm\", \"hidden_size\": 8, \"bidirectional\": true, \"output\": \"last\""},
    {"gru", "\"gru\", \"hidden_size\": 6, \"num_layers\": 2, \"bidirectional\": true"},
    {"gru-mean", "\"gru\", \"hidden_size\": 9, \"output\": \"mean\""},
};

static MgNetwork *
make_network(const Case *test)
{
  g_autofree char *text = g_strdup_printf(
      "{\"name\": \"n\", \"layers\": [{\"type\": %s}, {\"type\": \"linear\", \"out_features\": 4}]}", test->layer);
  g_autoptr(GError) error = NULL;
  MgNetwork *network = mg_network_new(text, test->name, (MgShape){1, features, steps}, classes, 0, &error);
  g_assert_no_error(error);
  for (guint i = 0; i < mg_network_tensors(network)->len; i++) {
    MgTensor *tensor = mg_network_tensors(network)->pdata[i];
    fill_hashed(tensor->data, tensor->n, i, 0.3f);
  }
  return network;
}

static const float *
expect(const float *values, size_t n, const float *expected, const char *what)
{
  double error = test_relative_error(values, expected, n);
  if (!(error < 1e-5))
    g_test_fail_printf("%s is off by %g of its size", what, error);
  return expected + n;
}

static const float *
check_first_step(MgNetwork *network, const float *x, const float *expected)
{
  float dlogits[batch * classes], dx[batch * features * steps];
  const float *logits = mg_network_forward(network, x, batch, TRUE, NULL);
  mg_cross_entropy(logits, labels, batch, classes, NULL, dlogits);
  expected = expect(logits, batch * classes, expected, "logits");
  mg_network_backward(network, dlogits, dx);
  expected = expect(dx, batch * features * steps, expected, "dx");
  for (guint i = 0; i < mg_network_tensors(network)->len; i++) {
    const MgTensor *tensor = mg_network_tensors(network)->pdata[i];
    expected = expect(tensor->gradient, tensor->n, expected, tensor->name);
  }
  return expected;
}

static void
check_curve(MgNetwork *network, const float *x, const char *threads, const float *losses)
{
  const MgParamTable *tables[] = {&mg_fit_params, &mg_optimizer_params, &mg_schedule_params, NULL};
  g_autoptr(MgParams) params = mg_params_new(tables);
  mg_params_set(params, "schedule", "constant", NULL);
  mg_params_set(params, "learning_rate", "0.01", NULL);
  mg_params_set(params, "threads", threads, NULL);
  g_autoptr(MgFit) fit = mg_fit_new(network, params, 10, NULL);
  for (int i = 0; i < 10; i++)
    g_assert_cmpfloat_with_epsilon(mg_fit_step(fit, x, labels, batch).loss, losses[i], 1e-4);
}

static void
test_torch(gconstpointer data)
{
  const Case *test = data;
  g_autofree char *relative = g_strdup_printf("refs/torch-%s.npy", test->name), *path = test_file(relative);
  g_autoptr(MgMatrix) expected = mg_npy_load(path, NULL);
  g_assert_nonnull(expected);
  float x[batch * features * steps];
  fill_hashed(x, G_N_ELEMENTS(x), 99, 1);
  for (const char *const *way = mg_compute_ways(); *way; way++)
    for (int threads = 1; threads <= 3; threads++) {
      g_assert_true(mg_compute_choose(*way));
      g_autoptr(MgNetwork) network = make_network(test);
      mg_network_set_threads(network, threads);
      mg_network_set_spread(network, TRUE);
      const float *losses = check_first_step(network, x, expected->data);
      g_assert_cmpuint(losses + 10 - expected->data, ==, expected->cols);
      check_curve(network, x, threads == 1 ? "1" : "2", losses);
    }
  g_assert_true(mg_compute_choose(mg_compute_ways()[0]));
}

/* Many sequences, in pieces, must give what each gives alone; outside of training memory is used again. */
static void
test_pieces(void)
{
  enum { many = 37 };
  static float x[many * features * steps], alone[many * classes];
  fill_hashed(x, G_N_ELEMENTS(x), 7, 1);
  for (size_t c = 0; c < G_N_ELEMENTS(cases); c++) {
    g_autoptr(MgNetwork) network = make_network(&cases[c]);
    for (int s = 0; s < many; s++)
      memcpy(alone + s * classes, mg_network_forward(network, x + s * features * steps, 1, FALSE, NULL),
             classes * sizeof *alone);
    mg_network_set_threads(network, 2);
    mg_network_set_spread(network, TRUE);
    const float *together = mg_network_forward(network, x, many, FALSE, NULL);
    g_assert_cmpfloat(test_relative_error(together, alone, many * classes), <, 1e-6);
    together = mg_network_forward(network, x, many, TRUE, NULL);
    g_assert_cmpfloat(test_relative_error(together, alone, many * classes), <, 1e-6);
  }
}

/* With zero weights and one bias, the gates show their functions. */
static void
test_functions(gconstpointer data)
{
  const MgRecurrentKernels *kernels = ((const MgKernels *)data)->recurrent;
  enum { n = 37 };
  for (int block = 0; block < 400; block++) {
    float gates[4 * n], values[n], before[n] = {0}, state[2 * n], h[n];
    for (int i = 0; i < n; i++) {
      values[i] = (block - 200 + (float)i / n) * 0.15f;
      for (int g = 0; g < 4; g++)
        gates[g * n + i] = values[i];
    }
    kernels->lstm.forward(n, gates, before, state, h);
    for (int i = 0; i < n; i++) {
      g_assert_cmpfloat_with_epsilon(gates[i], 1 / (1 + exp(-(double)values[i])), 2e-7);
      g_assert_cmpfloat_with_epsilon(gates[2 * n + i], tanh(values[i]), 2e-7);
      g_assert_cmpfloat_with_epsilon(h[i], gates[3 * n + i] * tanh(gates[i] * gates[2 * n + i]), 2e-7);
    }
  }
  float gates[4] = {NAN, 1e30f, -1e30f, INFINITY}, before = 1, state[2], h;
  kernels->lstm.forward(1, gates, &before, state, &h);
  g_assert_true(isnan(h)); /* a training that goes wrong must show */
  g_assert_cmpfloat(gates[1], ==, 1);
  g_assert_cmpfloat(gates[2], ==, -1);
  g_assert_cmpfloat(gates[3], ==, 1);
}

static void
test_transpose(gconstpointer data)
{
  const MgRecurrentKernels *kernels = ((const MgKernels *)data)->recurrent;
  for (int rows = 1; rows < 12; rows++)
    for (int columns = 1; columns < 12; columns++) {
      float x[12 * 14], y[12 * 13];
      fill_hashed(x, G_N_ELEMENTS(x), 1, 1);
      fill_hashed(y, G_N_ELEMENTS(y), 2, 1);
      kernels->transpose(rows, columns, x, 14, y, 13);
      for (int j = 0; j < 12; j++)
        for (int i = 0; i < 13; i++)
          g_assert_cmpfloat(y[j * 13 + i], ==, i < rows && j < columns ? x[i * 14 + j] : hashed(j * 13 + i, 2));
    }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *path = g_strdup_printf("/nn/recurrent/torch/%s", cases[i].name);
    g_test_add_data_func(path, &cases[i], test_torch);
  }
  g_test_add_func("/nn/recurrent/pieces", test_pieces);
  for (const MgKernels *const *kernels = mg_kernels_all(); *kernels; kernels++) {
    g_autofree char *functions = g_strdup_printf("/nn/recurrent/functions/%s", (*kernels)->name);
    g_autofree char *transpose = g_strdup_printf("/nn/recurrent/transpose/%s", (*kernels)->name);
    g_test_add_data_func(functions, *kernels, test_functions);
    g_test_add_data_func(transpose, *kernels, test_transpose);
  }
  return g_test_run();
}
