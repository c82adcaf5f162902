/* The small network against PyTorch 1.13, from the same weights and data. Its side, with hashed() as in
 * small-cnn.h:
 *
 *   m = Sequential(3 x [Conv2d(i, o, 3, 1, 1, bias=False), BatchNorm2d(o), ReLU(), MaxPool2d(2)] for o = 32,
 * 64, 128, AdaptiveAvgPool2d(1), Flatten(), Linear(128, 128), ReLU(), Linear(128, 5)) p = hashed(p.numel(),
 * t) / sqrt(p[0].numel()) for the t-th of m.parameters() where p.dim() > 1; Linear biases 0 y = [0, 1, 2, 3,
 * 4, 1]; x = hashed(6 * 33 * 41, 99).reshape(6, 1, 33, 41) + y.reshape(6, 1, 1, 1) / 4 five times: l =
 * cross_entropy(m(x), y); l.backward(); Adam(m.parameters(), 1e-3).step(); then m.eval(); m(x)[0] */
#include "nn/fit.h"
#include "nn/loss.h"
#include "small-cnn.h"

static const int labels[] = {0, 1, 2, 3, 4, 1};
static const double losses[] = {1.6403476, 1.3188528, 1.1329099, 1.0097185, 0.8989394};
static const double logits_after[] = {0.151149, 0.122176, -0.074136, -0.049219, -0.093886};
enum { batch = 6, height = 33, width = 41, classes = 5 };

static void
make_input(float *x)
{
  fill_hashed(x, batch * height * width, 99, 1);
  for (int i = 0; i < batch * height * width; i++)
    x[i] += labels[i / (height * width)] * 0.25f;
}

static MgFit *
make_fit(MgNetwork *network, const char *threads)
{
  const MgParamTable *tables[] = {&mg_fit_params, &mg_optimizer_params, &mg_schedule_params, NULL};
  g_autoptr(MgParams) params = mg_params_new(tables);
  g_autoptr(GError) error = NULL;
  mg_params_set(params, "schedule", "constant", NULL);
  mg_params_set(params, "learning_rate", "0.001", NULL);
  mg_params_set(params, "threads", threads, NULL);
  MgFit *fit = mg_fit_new(network, params, 5, &error);
  g_assert_no_error(error);
  mg_network_set_spread(network, TRUE);
  return fit;
}

static void
check_curve(gboolean keep)
{
  static float x[batch * height * width];
  make_input(x);
  g_autoptr(MgNetwork) network = small_cnn((MgShape){1, height, width}, classes, 0);
  fill_weights(network);
  mg_network_keep(network, keep);
  g_autoptr(MgFit) fit = make_fit(network, "2");
  for (int step = 0; step < 5; step++)
    g_assert_cmpfloat_with_epsilon(mg_fit_step(fit, x, labels, batch).loss, losses[step], 1e-4);
  const float *logits = mg_network_forward(network, x, batch, FALSE, NULL);
  for (int c = 0; c < classes; c++)
    g_assert_cmpfloat_with_epsilon(logits[c], logits_after[c], 1e-3);
}

static void
test_fused(void)
{
  check_curve(FALSE);
}

static void
test_reference(void)
{
  check_curve(TRUE);
}

/* The same seed and threads give the same numbers, to the bit. */
static void
test_determinism(void)
{
  static float x[batch * height * width];
  make_input(x);
  double first[3];
  for (int run = 0; run < 2; run++) {
    g_autoptr(MgNetwork) network = small_cnn((MgShape){1, height, width}, classes, 7);
    g_autoptr(MgFit) fit = make_fit(network, "2");
    for (int step = 0; step < 3; step++) {
      double loss = mg_fit_step(fit, x, labels, batch).loss;
      if (run == 0)
        first[step] = loss;
      else
        g_assert_true(loss == first[step]);
    }
  }
}

/* torch.nn.functional.cross_entropy([[1, 2, -1], [0, 3, 1000]], [1, 2]) and its gradient. */
static void
test_cross_entropy(void)
{
  const float logits[] = {1, 2, -1, 0, 3, 1000};
  const float expected[] = {0.12974824f, -0.14730772f, 0.017559515f, 0, 0, 0};
  float dlogits[6], probabilities[6];
  double loss = mg_cross_entropy(logits, (int[]){1, 2}, 2, 3, probabilities, dlogits);
  g_assert_cmpfloat_with_epsilon(loss, 0.1745060831, 1e-7);
  for (int i = 0; i < 6; i++)
    g_assert_cmpfloat_with_epsilon(dlogits[i], expected[i], 1e-7);
  g_assert_cmpfloat_with_epsilon(probabilities[5], 1, 1e-7);
  float softmax[6];
  mg_softmax(logits, 2, 3, softmax);
  for (int i = 0; i < 6; i++)
    g_assert_cmpfloat_with_epsilon(softmax[i], probabilities[i], 1e-7);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/nn/torch/five-steps", test_fused);
  g_test_add_func("/nn/torch/five-steps-reference-plan", test_reference);
  g_test_add_func("/nn/torch/determinism", test_determinism);
  g_test_add_func("/nn/torch/cross-entropy", test_cross_entropy);
  return g_test_run();
}
