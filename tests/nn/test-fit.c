/* A step's loss with smoothing, mixup and class weights against PyTorch 1.13, the moving average, and what happens when
 * numbers run out. The network is one linear layer with the unit matrix, so that x is its logits. */
#include "nn/fit.h"
#include "nn/finite.h"
#include "small-cnn.h"
#include <math.h>

enum { CLASSES = 3, N = 2 };

static const char unit_network[] = "{\"name\": \"unit\", \"layers\": [{\"type\": \"linear\", \"name\": \"logits\", "
                                   "\"out_features\": \"classes\"}]}";
static const float logits[N * CLASSES] = {1, 2, -1, 0.5f, 0, 3};

static MgNetwork *
make_network(const char *text, MgShape input)
{
  g_autoptr(GError) error = NULL;
  MgNetwork *network = mg_network_new(text, "test", input, CLASSES, 1, &error);
  g_assert_no_error(error);
  return network;
}

static MgNetwork *
unit(void)
{
  MgNetwork *network = make_network(unit_network, (MgShape){CLASSES, 1, 1});
  MgTensor *weight = mg_network_tensors(network)->pdata[0], *bias = mg_network_tensors(network)->pdata[1];
  for (size_t i = 0; i < weight->n; i++)
    weight->data[i] = i % (CLASSES + 1) == 0;
  memset(bias->data, 0, bias->n * sizeof(float));
  return network;
}

static MgFit *
make_fit(MgNetwork *network, const char *const *assignments)
{
  const MgParamTable *tables[] = {&mg_fit_params, &mg_optimizer_params, &mg_schedule_params, NULL};
  g_autoptr(MgParams) params = mg_params_new(tables);
  for (; *assignments; assignments++)
    g_assert_true(mg_params_assign(params, *assignments, NULL));
  g_autoptr(GError) error = NULL;
  MgFit *fit = mg_fit_new(network, params, 5, &error);
  g_assert_no_error(error);
  return fit;
}

/* cross_entropy(logits, tensor([1, 2]), label_smoothing=0.1) */
static void
test_smoothing(void)
{
  g_autoptr(MgNetwork) network = unit();
  g_autoptr(MgFit) fit = make_fit(network, (const char *const[]){"label_smoothing=0.1", NULL});
  g_assert_cmpfloat_with_epsilon(mg_fit_step(fit, logits, (int[]){1, 2}, N).loss, 0.3947758973, 1e-6);
}

/* cross_entropy(logits, tensor([[0.7, 0.3, 0], [0, 0.1, 0.9]]), weight=tensor([2, 2 / 3, 1])), whose gradient is what a
 * step of plain SGD at rate 1 takes off the bias. */
static void
test_mixup_and_weights(void)
{
  static const double expected[] = {0.4574, -0.4522, -0.0051};
  static const char *const assignments[] = {"class_weights=balanced", "optimizer=sgd",   "momentum=0",
                                            "schedule=constant",      "learning_rate=1", NULL};
  g_autoptr(MgNetwork) network = unit();
  g_autoptr(MgFit) fit = make_fit(network, assignments);
  mg_fit_balance(fit, (int[]){0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 0, 1, 1, 2, 2, 2, 1}, 18); /* 3, 9 and 6 of 18 */
  MgFitBatch batch = {logits, (int[]){0, 2}, (int[]){1, 1}, (float[]){0.7f, 0.9f}, N, 0, N};
  MgFitStep step = mg_fit_step_mixed(fit, &batch);
  const MgTensor *bias = mg_network_tensors(network)->pdata[1];
  g_assert_cmpfloat_with_epsilon(step.loss, 1.1390817, 1e-6);
  g_assert_cmpint(step.correct, ==, 1); /* the first one's own label is not the most probable */
  for (int c = 0; c < CLASSES; c++)
    g_assert_cmpfloat_with_epsilon(bias->data[c], expected[c], 1e-4);
}

/* A class without a training segment weighs nothing, and nothing is divided by its number. */
static void
test_absent_class(void)
{
  g_autoptr(MgNetwork) network = unit();
  g_autoptr(MgFit) fit = make_fit(network, (const char *const[]){"class_weights=balanced", NULL});
  mg_fit_balance(fit, (int[]){0, 2}, 2);
  g_assert_true(isfinite(mg_fit_step(fit, logits, (int[]){0, 2}, N).loss));
}

/* The average follows its formula, swapping is its own inverse, and the steps do not see it. */
static void
test_average(void)
{
  static const char *const with[] = {"ema=0.5", NULL}, *const without[] = {NULL};
  g_autoptr(MgNetwork) network = unit(), plain = unit();
  g_autoptr(MgFit) fit = make_fit(network, with), plain_fit = make_fit(plain, without);
  const MgTensor *weight = mg_network_tensors(network)->pdata[0], *same = mg_network_tensors(plain)->pdata[0];
  double expected = weight->data[0];
  for (int step = 1; step <= 8; step++) {
    mg_fit_step(fit, logits, (int[]){1, 2}, N);
    mg_fit_step(plain_fit, logits, (int[]){1, 2}, N);
    double decay = MIN(0.5, (1.0 + step) / (10 + step));
    expected = decay * expected + (1 - decay) * weight->data[0];
  }
  g_assert_cmpmem(weight->data, weight->n * sizeof(float), same->data, same->n * sizeof(float));
  mg_fit_swap_average(fit);
  g_assert_cmpfloat_with_epsilon(weight->data[0], expected, 1e-6);
  g_assert_cmpfloat(weight->data[0], !=, same->data[0]);
  mg_fit_swap_average(fit);
  g_assert_cmpmem(weight->data, weight->n * sizeof(float), same->data, same->n * sizeof(float));
}

/* A step whose loss is no number moves nothing. */
static void
test_not_finite_moves_nothing(void)
{
  static const float bad[N * CLASSES] = {1, NAN, -1, 0.5f, 0, 3};
  g_autoptr(MgNetwork) network = unit();
  g_autoptr(MgFit) fit = make_fit(network, (const char *const[]){NULL});
  const MgTensor *weight = mg_network_tensors(network)->pdata[0];
  g_autofree float *before = g_memdup2(weight->data, weight->n * sizeof(float));
  g_assert_false(isfinite(mg_fit_step(fit, bad, (int[]){1, 2}, N).loss));
  g_assert_cmpmem(weight->data, weight->n * sizeof(float), before, weight->n * sizeof(float));
  g_assert_cmpint(mg_fit_steps_done(fit), ==, 0);
}

static const char three_layers[] =
    "{\"name\": \"three\", \"layers\": [{\"type\": \"conv2d\", \"name\": \"conv.a\", \"out_channels\": 2, "
    "\"kernel_size\": 3, \"padding\": 1}, {\"type\": \"batchnorm\", \"name\": \"norm\"}, {\"type\": \"relu\", "
    "\"name\": "
    "\"relu\"}, {\"type\": \"maxpool\", \"name\": \"pool\", \"kernel_size\": 2}, {\"type\": \"global-average-pool\", "
    "\"name\": \"mean\"}, {\"type\": \"linear\", \"name\": \"logits\", \"out_features\": \"classes\"}]}";

static void
check_found(MgNetwork *network, const float *x, const char *layer, const char *what)
{
  const char *found_what, *found = mg_network_non_finite(network, x, 1, FALSE, NULL, &found_what);
  g_assert_cmpstr(found, ==, layer);
  if (layer)
    g_assert_cmpstr(found_what, ==, what);
}

/* The first layer that gives NaN or infinity is named, though it is computed together with its neighbours. */
static void
test_finding(void)
{
  g_autoptr(MgNetwork) network = make_network(three_layers, (MgShape){1, 4, 4});
  const GPtrArray *tensors = mg_network_tensors(network);
  float x[16] = {0.5f, -0.5f};
  check_found(network, x, NULL, NULL);
  MgTensor *variance = tensors->pdata[5]; /* conv.a: weight, bias; norm: weight, bias, mean, variance */
  g_assert_cmpstr(variance->name, ==, "norm.running_var");
  variance->data[1] = -1;
  check_found(network, x, "norm", "output");
  variance->data[1] = 1;
  MgTensor *last = tensors->pdata[6];
  last->data[0] = INFINITY;
  check_found(network, x, "logits", "weights");
  last->data[0] = 0;
  x[3] = NAN;
  check_found(network, x, "", "input");
  x[3] = 1e38f;
  ((MgTensor *)tensors->pdata[0])->data[4] = 1e38f; /* the middle of the kernel */
  check_found(network, x, "conv.a", "output");
}

/* With the first layers frozen, the plan that computes them together and the one that does not take the same step, and
 * nothing of the frozen layers moves; a layer frozen alone is parted from those it would be computed with. */
static void
test_frozen_plans(gconstpointer layer)
{
  float weights[2][CLASSES * 2], x[2 * 16];
  for (int i = 0; i < 32; i++)
    x[i] = (float)((i * 37) % 19) / 19 - 0.4f;
  for (int keep = 0; keep < 2; keep++) {
    g_autoptr(MgNetwork) network = make_network(three_layers, (MgShape){1, 4, 4});
    g_autoptr(GError) error = NULL;
    gint64 all = mg_network_parameters(network);
    g_assert_true(mg_network_freeze(network, layer, &error));
    g_assert_cmpint(mg_network_parameters(network), <, all);
    const GPtrArray *tensors = mg_network_tensors(network);
    const MgTensor *first = tensors->pdata[0], *last = tensors->pdata[6];
    g_autofree float *before = g_memdup2(first->data, first->n * sizeof(float));
    mg_network_keep(network, keep);
    g_autoptr(MgFit) fit = make_fit(network, (const char *const[]){"optimizer=sgd", "schedule=constant", NULL});
    for (int step = 0; step < 3; step++)
      g_assert_true(isfinite(mg_fit_step(fit, x, (int[]){0, 2}, 2).loss));
    g_assert_cmpmem(first->data, first->n * sizeof(float), before, first->n * sizeof(float));
    g_assert_cmpuint(last->n, ==, CLASSES * 2);
    memcpy(weights[keep], last->data, sizeof weights[keep]);
  }
  for (int i = 0; i < CLASSES * 2; i++)
    g_assert_cmpfloat_with_epsilon(weights[0][i], weights[1][i], 1e-6);
}

enum { BATCH = 16 };

/* Weights and logits after some steps on so many threads. */
static float *
learned(const char *text, MgShape input, const char *threads, gboolean spread, size_t *n)
{
  g_autoptr(MgNetwork) network = make_network(text, input);
  g_autoptr(MgFit) fit = make_fit(network, (const char *const[]){threads, NULL});
  g_autofree float *x = g_new(float, BATCH *mg_shape_size(input));
  int labels[BATCH];
  fill_hashed(x, BATCH * mg_shape_size(input), 11, 1);
  for (int i = 0; i < BATCH; i++)
    labels[i] = i % CLASSES;
  mg_network_set_spread(network, spread);
  for (int step = 0; step < 3; step++)
    mg_fit_step(fit, x, labels, BATCH - step);
  *n = mg_network_parameters(network) + BATCH * CLASSES;
  float *all = g_new(float, *n), *at = all;
  const GPtrArray *tensors = mg_network_tensors(network);
  for (guint t = 0; t < tensors->len; t++) {
    const MgTensor *tensor = tensors->pdata[t];
    memcpy(at, tensor->data, tensor->n * sizeof *at);
    at += tensor->n;
  }
  memcpy(at, mg_network_forward(network, x, BATCH, FALSE, NULL), BATCH * CLASSES * sizeof *at);
  return all;
}

static const char little_network[] = "{\"name\": \"little\", \"layers\": [{\"type\": \"mean-over-time\"}, "
                                     "{\"type\": \"linear\", \"out_features\": 30}, {\"type\": \"relu\"}, "
                                     "{\"type\": \"linear\", \"out_features\": \"classes\"}]}";
static const char large_network[] = "{\"name\": \"large\", \"layers\": [{\"type\": \"conv2d\", "
                                    "\"out_channels\": 12, \"kernel_size\": 5}, {\"type\": \"relu\"}, {\"type\": "
                                    "\"global-average-pool\"}, {\"type\": \"linear\", \"out_features\": "
                                    "\"classes\"}]}";

/* A pass with little to compute takes one thread of many, so that their number changes no bit; one with much to compute
 * takes all that it may. */
static void
test_threads(void)
{
  static const MgShape little = {1, 64, 40}, large = {3, 64, 80};
  size_t n;
  g_autofree float *one = learned(little_network, little, "threads=1", FALSE, &n);
  g_autofree float *many = learned(little_network, little, "threads=3", FALSE, &n);
  g_assert_cmpmem(one, n * sizeof *one, many, n * sizeof *many);
  g_autofree float *chosen = learned(large_network, large, "threads=3", FALSE, &n);
  g_autofree float *all = learned(large_network, large, "threads=3", TRUE, &n);
  g_assert_cmpmem(chosen, n * sizeof *chosen, all, n * sizeof *all);

  g_autoptr(MgNetwork) network = make_network(large_network, large);
  mg_network_set_threads(network, 3);
  g_assert_cmpint(mg_network_pass_threads(network, BATCH), ==, 3);
  mg_network_set_threads(network, 64);
  for (int batch = 1; batch < 32; batch++)
    g_assert_cmpint(mg_network_pass_threads(network, batch), <=, mg_network_pass_threads(network, batch + 1));
  g_assert_cmpint(mg_network_pass_threads(network, 1), <, 64);
  g_assert_cmpint(mg_network_pass_threads(network, 4096), ==, 64);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/nn/fit/smoothing", test_smoothing);
  g_test_add_func("/nn/fit/mixup-and-weights", test_mixup_and_weights);
  g_test_add_func("/nn/fit/absent-class", test_absent_class);
  g_test_add_func("/nn/fit/average", test_average);
  g_test_add_func("/nn/fit/not-finite", test_not_finite_moves_nothing);
  g_test_add_func("/nn/fit/finding", test_finding);
  g_test_add_data_func("/nn/fit/frozen-convolution", "conv.a", test_frozen_plans);
  g_test_add_data_func("/nn/fit/frozen-stage", "pool", test_frozen_plans);
  g_test_add_func("/nn/fit/threads", test_threads);
  return g_test_run();
}
