/* Networks that are not a chain (graph.json: residual blocks, and branches that take one output several times): names,
 * and plans that use memory again against one that keeps everything. */
#include "nn/loss.h"
#include "nn/network-graph.h"
#include "small-cnn.h"

enum { batch = 3, classes = 4 };
static const MgShape input = {2, 9, 10};

static MgNetwork *
graph(void)
{
  g_autofree char *path = g_build_filename(MG_SOURCE_DIR, "tests", "nn", "graph.json", NULL);
  return network_of(path, input, classes, 3);
}

static void
test_names(void)
{
  static const char *const expected[] = {
      "layer1.0.conv1",        "layer1.0.bn1",          "layer1.0.relu3", "layer1.0.conv2", "layer1.0.bn2",
      "layer1.0.downsample.0", "layer1.0.downsample.1", "layer1.0.sum",   "layer1.0.relu8", "layer1.1.conv1"};
  g_autoptr(MgNetwork) network = graph();
  g_assert_cmpuint(mg_network_n_layers(network), ==, 9 + 7 + 7 + 9);
  for (size_t i = 0; i < G_N_ELEMENTS(expected); i++)
    g_assert_cmpstr(mg_network_layer(network, i).name, ==, expected[i]);
  MgLayerInfo sum = mg_network_layer(network, 7), second = mg_network_layer(network, 9 + 5);
  g_assert_cmpint(sum.n_inputs, ==, 2);
  g_assert_cmpint(sum.from[0], ==, 4);
  g_assert_cmpint(sum.from[1], ==, 6);
  g_assert_cmpint(second.from[0], ==, 9 + 4); /* without a projection: the block's input */
  g_assert_cmpint(second.from[1], ==, 8);
  const MgTensor *tensor = mg_network_tensors(network)->pdata[0];
  g_assert_cmpstr(tensor->name, ==, "layer1.0.conv1.weight");
  MgBlockInfo block = mg_network_block(network, 0);
  g_assert_cmpstr(block.name, ==, "layer1");
  g_assert_cmpstr(block.block, ==, "residual");
  g_assert_cmpint(block.repeats, ==, 3);
  g_assert_cmpint(block.first, ==, 0);
  g_assert_cmpint(block.end, ==, 23);
  g_assert_cmpint(mg_network_block(network, 1).depth, ==, 1);
}

/* Logits of inference, the loss, dx and all gradients of a training step. */
static float *
results(MgNetwork *network, gboolean keep, int threads, size_t *n)
{
  size_t size = batch * mg_shape_size(input);
  *n = batch * classes + 1 + size + mg_network_parameters(network);
  float *all = g_new0(float, *n), *at = all + batch * classes + 1, x[batch * 2 * 9 * 10], dlogits[batch * classes];
  fill_hashed(x, size, 50, 1);
  mg_network_keep(network, keep);
  mg_network_set_threads(network, threads);
  mg_network_set_spread(network, TRUE);
  const float *logits = mg_network_forward(network, x, batch, TRUE, NULL);
  all[batch * classes] = mg_cross_entropy(logits, (int[]){0, 2, 3}, batch, classes, NULL, dlogits);
  mg_network_backward(network, dlogits, at);
  at += size;
  for (guint t = 0; t < mg_network_tensors(network)->len; t++) {
    const MgTensor *tensor = mg_network_tensors(network)->pdata[t];
    if (tensor->gradient)
      memcpy(at, tensor->gradient, tensor->n * sizeof *at);
    at += tensor->gradient ? tensor->n : 0;
  }
  memcpy(all, mg_network_forward(network, x, batch, FALSE, NULL), batch * classes * sizeof *all);
  return all;
}

static void
test_plans(void)
{
  for (int threads = 1; threads <= 3; threads++) {
    size_t n;
    g_autoptr(MgNetwork) network = graph();
    g_autoptr(MgNetwork) reference = graph();
    g_autofree float *expected = results(reference, TRUE, 1, &n), *actual = results(network, FALSE, threads, &n);
    g_assert_cmpfloat(test_relative_error(actual, expected, n), <, 1e-5);
    g_assert_nonnull(mg_network_activation(reference, 3));
    g_assert_null(mg_network_activation(network, 3));
  }
}

/* The slope of the loss along directions in the input is what dx says: also where an output has several takers. */
static void
test_gradient(void)
{
  size_t n, size = batch * mg_shape_size(input);
  g_autoptr(MgNetwork) network = graph();
  g_autofree float *all = results(network, FALSE, 2, &n);
  const float *dx = all + batch * classes + 1, step = 1.0f / 8192;
  double error = 0, whole = 0;
  for (guint32 series = 100; series < 130; series++) {
    double expected = 0, losses[2];
    float x[batch * 2 * 9 * 10];
    for (int side = 0; side < 2; side++) {
      for (size_t i = 0; i < size; i++)
        x[i] = hashed(i, 50) + (side ? -step : step) * hashed(i, series);
      losses[side] = mg_cross_entropy(mg_network_forward(network, x, batch, TRUE, NULL), (int[]){0, 2, 3}, batch,
                                      classes, NULL, NULL);
    }
    for (size_t i = 0; i < size; i++)
      expected += dx[i] * hashed(i, series);
    double off = (losses[0] - losses[1]) / (2 * (double)step) - expected;
    error += off * off;
    whole += expected * expected;
  }
  g_assert_cmpfloat(sqrt(error), <, 0.05 * sqrt(whole));
}

/* A chain needs two outputs at a time in inference, whatever its length; while training, a relu keeps its own. */
static void
test_memory(void)
{
  size_t needed[2][2];
  for (int i = 0; i < 2; i++) {
    g_autoptr(GString) text = g_string_new("{\"name\": \"chain\", \"layers\": [{\"type\": \"relu\"}");
    for (int l = 1; l < 10 * (i + 1); l++)
      g_string_append(text, ", {\"type\": \"relu\"}");
    g_string_append(text, "]}");
    g_autoptr(MgNetwork) network = mg_network_new(text->str, "chain", (MgShape){1, 32, 32}, 1024, 0, NULL);
    for (int training = 0; training < 2; training++)
      needed[i][training] = mg_network_memory_estimate(network, 16, training);
  }
  const size_t one = 16 * 1024 * sizeof(float);
  g_assert_cmpuint(needed[0][FALSE], ==, 3 * one); /* and the input */
  g_assert_cmpuint(needed[1][FALSE], ==, 3 * one);
  g_assert_cmpuint(needed[0][TRUE], <=, 13 * one); /* two gradients at a time */
  g_assert_cmpuint(needed[1][TRUE], ==, needed[0][TRUE] + 10 * one);
}

static void
check_box(const GPtrArray *boxes, guint i, const char *name, const char *detail, const char *shape, int parameters,
          int first_source)
{
  const MgGraphNode *box = boxes->pdata[i];
  g_assert_cmpstr(box->name, ==, name);
  g_assert_cmpstr(box->detail, ==, detail);
  g_assert_cmpstr(box->shape, ==, shape);
  g_assert_cmpint(box->parameters, ==, parameters);
  g_assert_cmpint(g_array_index(box->from, int, 0), ==, first_source);
}

/* The boxes of a diagram: what follows a convolution is in its box, a block is open, a block in it is one box. */
static void
test_boxes(void)
{
  g_autoptr(MgNetwork) network = graph();
  g_autoptr(GPtrArray) boxes = mg_network_graph(network);
  g_assert_cmpuint(boxes->len, ==, 8);
  g_assert_cmpint(mg_graph_parameters(boxes), ==, mg_network_parameters(network));
  const MgGraphNode *block = boxes->pdata[0];
  check_box(boxes, 0, "layer1", "residual", "6 × 9 × 10", 108 + 5 * 324 + 12 + 7 * 12, -1);
  g_assert_cmpint(block->repeats, ==, 3);
  check_box(block->inner, 0, "conv1", "conv2d + batchnorm + relu", "6 × 9 × 10", 120, -1);
  check_box(block->inner, 1, "conv2", "conv2d + batchnorm", "6 × 9 × 10", 336, 0);
  check_box(block->inner, 2, "downsample", "conv2d + batchnorm", "6 × 9 × 10", 24, -1);
  check_box(block->inner, 3, "sum", "add + relu", "6 × 9 × 10", 0, 1);
  g_assert_cmpint(g_array_index(((MgGraphNode *)block->inner->pdata[3])->from, int, 1), ==, 2);
  check_box(boxes, 1, "a", "conv2d + batchnorm + relu", "5 × 9 × 10", 100, -1);
  check_box(boxes, 2, "d", "maxpool", "5 × 4 × 5", 0, 1);
  check_box(boxes, 3, "e", "maxpool", "6 × 4 × 5", 0, 0);
  check_box(boxes, 4, "f", "concat", "16 × 4 × 5", 0, 2);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/nn/graph/names", test_names);
  g_test_add_func("/nn/graph/plans", test_plans);
  g_test_add_func("/nn/graph/gradient", test_gradient);
  g_test_add_func("/nn/graph/boxes", test_boxes);
  g_test_add_func("/nn/graph/memory", test_memory);
  return g_test_run();
}
