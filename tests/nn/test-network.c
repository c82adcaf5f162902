/* Networks as a whole: descriptions and what is wrong with them, counts, gradients, plans, saving. */
#include "nn/description.h"
#include "nn/loss.h"
#include "nn/safetensors.h"
#include "base/error.h"
#include "small-cnn.h"

/* Blocks for the faults below. */
static const char blocks[] =
    "{\"cell\": {\"parameters\": {\"channels\": null, \"stride\": 1, \"inner\": \"none\"}, \"layers\": ["
    "{\"type\": \"conv2d\", \"name\": \"conv\", \"out_channels\": \"$channels\", \"stride\": \"$stride\"},"
    "{\"block\": \"$inner\", \"name\": \"in\", \"inputs\": \"input\"},"
    "{\"type\": \"add\", \"name\": \"sum\", \"inputs\": [\"conv\", \"in\"]}]},"
    "\"none\": {\"layers\": []}, \"typo\": {\"layers\": [{\"type\": \"$kind\"}]},"
    "\"endless\": {\"layers\": [{\"block\": \"endless\"}]}, \"no-list\": {}, \"odd\": {\"parameters\": 3, \"layers\": "
    "[]}}";

typedef struct {
  const char *name, *layers, *message;
  int code;
} Fault;

static const Fault faults[] = {
    {"no-list", "5", "a list “layers”", MG_ERROR_FORMAT},
    {"empty", "[]", "a list “layers”", MG_ERROR_FORMAT},
    {"no-object", "[7]", "layer 1: an object", MG_ERROR_FORMAT},
    {"no-type", "[{}]", "layer 1: type “none” is not known", MG_ERROR_FORMAT},
    {"unknown-type", "[{\"type\": \"convolution\"}]", "expected one of conv2d", MG_ERROR_FORMAT},
    {"unknown-key", "[{\"type\": \"conv2d\", \"filters\": 3}]",
     "no key is called “filters”; expected type, name, inputs, out_", MG_ERROR_FORMAT},
    {"missing-key", "[{\"type\": \"conv2d\"}]", "the key “out_channels” is missing", MG_ERROR_FORMAT},
    {"explicit-auto", "[{\"type\": \"conv2d\", \"out_channels\": \"auto\"}]", "the key “out_channels” is missing",
     MG_ERROR_FORMAT},
    {"range", "[{\"type\": \"conv2d\", \"out_channels\": 0}]", "layer conv2d1 (conv2d): out_channels", MG_ERROR_FORMAT},
    {"fraction", "[{\"type\": \"conv2d\", \"out_channels\": 2.5}]", "a whole number", MG_ERROR_FORMAT},
    {"list", "[{\"type\": \"conv2d\", \"out_channels\": [1]}]", "where one value was expected", MG_ERROR_FORMAT},
    {"name", "[{\"type\": \"relu\", \"name\": \"a/b\"}]", "a name of 1 to 64 letters", MG_ERROR_FORMAT},
    {"twice", "[{\"type\": \"relu\", \"name\": \"a\"}, {\"type\": \"relu\", \"name\": \"a\"}]", "is taken by layer 1",
     MG_ERROR_FORMAT},
    {"too-small", "[{\"type\": \"conv2d\", \"name\": \"c\", \"out_channels\": 1, \"kernel_size\": 200}]",
     "layer c (conv2d): the input of 16 x 16", MG_ERROR_USAGE},
    {"groups", "[{\"type\": \"conv2d\", \"name\": \"c\", \"out_channels\": 4, \"groups\": 2}]",
     "layer c (conv2d): groups: 2 does not divide the 1 channels", MG_ERROR_USAGE},
    {"pool-padding", "[{\"type\": \"maxpool\", \"name\": \"p\", \"padding\": 2}]", "is more than half of the window",
     MG_ERROR_USAGE},
    {"pool-positions", "[{\"type\": \"maxpool\", \"name\": \"p\", \"kernel_size\": 17, \"padding\": 8}]",
     "expected at most 256", MG_ERROR_USAGE},
    {"pooled-away", "[{\"type\": \"maxpool\", \"kernel_size\": 15}, {\"type\": \"maxpool\"}]",
     "smaller than the window", MG_ERROR_USAGE},
    {"classes", "[{\"type\": \"linear\", \"out_features\": 7}]", "expected one a class: 4", MG_ERROR_FORMAT},
    {"huge-layer", "[{\"type\": \"conv2d\", \"out_channels\": 16384, \"kernel_size\": 255, \"padding\": 254}]",
     "larger than the program accepts", MG_ERROR_LIMIT},
    {"huge-weights",
     "[{\"type\": \"linear\", \"out_features\": 1000000}, {\"type\": \"linear\", \"out_features\": 500}]",
     "larger than the program accepts", MG_ERROR_LIMIT},
    {"input-unknown", "[{\"type\": \"relu\", \"name\": \"a\", \"inputs\": [\"b\"]}]",
     "layer a: inputs: “b”; expected the name of a layer that stands before this one", MG_ERROR_FORMAT},
    {"input-later", "[{\"type\": \"relu\", \"name\": \"a\", \"inputs\": \"b\"}, {\"type\": \"relu\", \"name\": \"b\"}]",
     "layer a: inputs: “b”", MG_ERROR_FORMAT},
    {"input-itself", "[{\"type\": \"relu\", \"name\": \"a\", \"inputs\": [\"a\"]}]", "layer a: inputs: “a”",
     MG_ERROR_FORMAT},
    {"inputs-number", "[{\"type\": \"relu\", \"name\": \"a\", \"inputs\": 3}]", "layer a: inputs: expected a list",
     MG_ERROR_FORMAT},
    {"inputs-none", "[{\"type\": \"add\", \"name\": \"a\", \"inputs\": []}]", "layer a: inputs: expected a list",
     MG_ERROR_FORMAT},
    {"inputs-two", "[{\"type\": \"relu\", \"name\": \"a\", \"inputs\": [\"input\", \"input\"]}]",
     "layer a (relu): inputs: 2 were given; expected one", MG_ERROR_FORMAT},
    {"input-name", "[{\"type\": \"relu\", \"name\": \"input\"}]", "is taken by the input", MG_ERROR_FORMAT},
    {"add-shapes",
     "[{\"type\": \"conv2d\", \"out_channels\": 3}, {\"type\": \"add\", \"name\": \"s\", \"inputs\": "
     "[\"input\", \"conv2d1\"]}]",
     "layer s (add): inputs: number 2 is 3 x 14 x 14; expected 1 x 16 x 16", MG_ERROR_FORMAT},
    {"concat-shapes",
     "[{\"type\": \"maxpool\"}, {\"type\": \"concat\", \"name\": \"c\", \"inputs\": [\"input\", "
     "\"maxpool1\"]}]",
     "layer c (concat): inputs: number 2 is 8 x 8; expected 16 x 16", MG_ERROR_FORMAT},
    {"unused",
     "[{\"type\": \"relu\", \"name\": \"a\"}, {\"type\": \"linear\", \"inputs\": \"input\", "
     "\"out_features\": 4}]",
     "layer a: no later layer takes its output", MG_ERROR_FORMAT},
    {"block-unknown", "[{\"block\": \"x\"}]", "layer 1: block “x”: expected", MG_ERROR_FORMAT},
    {"block-number", "[{\"block\": 3}]", "layer 1: block “not a text”", MG_ERROR_FORMAT},
    {"block-no-list", "[{\"block\": \"no-list\"}]", "with a list “layers”", MG_ERROR_FORMAT},
    {"block-odd", "[{\"block\": \"odd\"}]", "must be objects", MG_ERROR_FORMAT},
    {"block-endless", "[{\"block\": \"endless\"}]", "does one use itself?", MG_ERROR_FORMAT},
    {"block-key", "[{\"block\": \"cell\", \"name\": \"a\", \"filters\": 3}]",
     "layer a (block cell): no key is called “filters”; expected block, name, inputs, repeat, first, channels, stride",
     MG_ERROR_FORMAT},
    {"block-missing", "[{\"block\": \"cell\", \"name\": \"a\"}]", "layer a (block cell): the key “channels” is missing",
     MG_ERROR_FORMAT},
    {"block-repeat", "[{\"block\": \"cell\", \"channels\": 1, \"repeat\": 0}]", "repeat: expected a whole number",
     MG_ERROR_FORMAT},
    {"block-argument", "[{\"block\": \"cell\", \"name\": \"a\", \"channels\": 0}]",
     "layer a.conv (conv2d): out_channels", MG_ERROR_FORMAT},
    {"block-inside", "[{\"block\": \"cell\", \"name\": \"a\", \"repeat\": 2, \"channels\": 2}]",
     "layer a.0.sum (add): inputs: number 2 is 1 x 16 x 16", MG_ERROR_FORMAT},
    {"block-parameter", "[{\"block\": \"typo\", \"name\": \"a\"}]", "“$kind” is not a parameter", MG_ERROR_FORMAT},
    {"key-of-lines", "[{\"type\": \"relu\", \"in\\nplace\": 3}]", "no key is called “in place”", MG_ERROR_FORMAT},
    {"top-parameter", "[{\"type\": \"$kind\"}]", "“$kind” is not a parameter", MG_ERROR_FORMAT},
};

static void
test_fault(gconstpointer data)
{
  const Fault *fault = data;
  g_autofree char *text = g_strdup_printf("{\"name\": \"n\", \"blocks\": %s, \"layers\": %s}", blocks, fault->layers);
  g_autoptr(GError) error = NULL;
  g_assert_null(mg_network_new(text, "net.json", (MgShape){1, 16, 16}, 4, 0, &error));
  g_assert_error(error, MG_ERROR, fault->code);
  g_assert_true(g_str_has_prefix(error->message, "net.json: "));
  if (!strstr(error->message, fault->message))
    g_test_fail_printf("“%s” does not say “%s”", error->message, fault->message);
}

static void
test_not_json(void)
{
  static const char *const texts[] = {"", "{", "[]", "{\"layers\": []}", "{\"name\": \"a\", \"name\": \"b\"}", "\xff"};
  for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_autoptr(GError) error = NULL;
    g_assert_null(mg_network_new(texts[i], "net.json", (MgShape){1, 16, 16}, 4, 0, &error));
    g_assert_error(error, MG_ERROR, MG_ERROR_FORMAT);
  }
  g_autoptr(GError) error = NULL;
  g_assert_null(mg_network_new("{}", "net.json", (MgShape){1, 0, 16}, 4, 0, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_USAGE);
}

/* sum(p.numel() for p in m.parameters()) of the same network in PyTorch: 110698; with running statistics 448 more. */
static void
test_counts(void)
{
  g_autoptr(MgNetwork) network = small_cnn((MgShape){1, 128, 646}, 10, 0);
  g_assert_cmpint(mg_network_parameters(network), ==, 110698);
  g_assert_cmpint(mg_network_parameters_total(network), ==, 111146);
  g_assert_cmpuint(mg_network_n_layers(network), ==, 16);
  MgLayerInfo conv2 = mg_network_layer(network, 4);
  g_assert_cmpstr(conv2.name, ==, "conv2");
  g_assert_cmpint(conv2.parameters, ==, 64 * 32 * 9);
  g_assert_cmpint(conv2.output.channels, ==, 64);
  g_assert_cmpint(conv2.output.height, ==, 64);
  g_assert_cmpint(conv2.output.width, ==, 323);
  g_assert_cmpfloat(conv2.flops, ==, 2.0 * 9 * 32 * 64 * 64 * 323);
}

/* PyTorch's default bounds: 1 / sqrt(fan_in), reached but not passed. */
static void
test_initial_weights(void)
{
  g_autoptr(MgNetwork) network = small_cnn((MgShape){1, 32, 32}, 10, 5);
  const GPtrArray *tensors = mg_network_tensors(network);
  for (guint i = 0; i < tensors->len; i++) {
    const MgTensor *tensor = tensors->pdata[i];
    if (tensor->dimensions < 2)
      continue;
    float bound = 1 / sqrtf(tensor->n / tensor->shape[0]), largest = 0;
    for (size_t k = 0; k < tensor->n; k++)
      largest = MAX(largest, fabsf(tensor->data[k]));
    g_assert_cmpfloat(largest, <=, bound);
    g_assert_cmpfloat(largest, >, 0.9 * bound);
  }
}

enum { batch = 2, classes = 3, side = 16 };

static double
loss_of(MgNetwork *network, const float *x, const int *labels)
{
  return mg_cross_entropy(mg_network_forward(network, x, batch, TRUE, NULL), labels, batch, classes, NULL, NULL);
}

static void
move(MgNetwork *network, float *x, guint32 series, float by)
{
  const GPtrArray *tensors = mg_network_tensors(network);
  for (int i = 0; i < batch * side * side; i++)
    x[i] += by * hashed(i, series);
  for (guint t = 0; t < tensors->len; t++) {
    MgTensor *tensor = tensors->pdata[t];
    for (size_t i = 0; tensor->gradient && i < tensor->n; i++)
      tensor->data[i] += by * hashed(i, series + t + 1);
  }
}

/* Slope of the loss along a direction in the input and all weights: by the gradient. */
static double
slope(MgNetwork *network, const float *dx, guint32 series)
{
  const GPtrArray *tensors = mg_network_tensors(network);
  double sum = 0;
  for (int i = 0; i < batch * side * side; i++)
    sum += dx[i] * hashed(i, series);
  for (guint t = 0; t < tensors->len; t++) {
    const MgTensor *tensor = tensors->pdata[t];
    for (size_t i = 0; tensor->gradient && i < tensor->n; i++)
      sum += tensor->gradient[i] * hashed(i, series + t + 1);
  }
  return sum;
}

/* Along thirty directions the loss changes as the gradient says. The network is bent (relu, maxpool) and float32, so
 * single directions are off by some percent. */
static void
test_gradient(void)
{
  static float x[batch * side * side], dx[batch * side * side];
  const int labels[batch] = {0, 2};
  const float step = 1.0f / 32768;
  g_autoptr(MgNetwork) network = small_cnn((MgShape){1, side, side}, classes, 3);
  fill_hashed(x, G_N_ELEMENTS(x), 50, 1);
  float dlogits[batch * classes];
  const float *logits = mg_network_forward(network, x, batch, TRUE, NULL);
  mg_cross_entropy(logits, labels, batch, classes, NULL, dlogits);
  mg_network_backward(network, dlogits, dx);
  double error = 0, size = 0;
  for (guint32 series = 100; series < 3100; series += 100) {
    double expected = slope(network, dx, series);
    move(network, x, series, step);
    double above = loss_of(network, x, labels);
    move(network, x, series, -2 * step);
    double below = loss_of(network, x, labels);
    move(network, x, series, step);
    double off = (above - below) / (2 * (double)step) - expected;
    error += off * off;
    size += expected * expected;
  }
  g_assert_cmpfloat(sqrt(error), <, 0.05 * sqrt(size));
}

static float *
gradients_of(gboolean keep, int threads, MgShape input, float *loss)
{
  g_autoptr(MgNetwork) network = small_cnn(input, classes, 3);
  size_t size = mg_shape_size(input), n = 0;
  g_autofree float *x = g_new(float, batch *size);
  float *all = g_new0(float, mg_network_parameters(network) + batch * size);
  fill_hashed(x, batch * size, 50, 1);
  mg_network_keep(network, keep);
  mg_network_set_threads(network, threads);
  mg_network_set_spread(network, TRUE);
  float dlogits[batch * classes];
  const float *logits = mg_network_forward(network, x, batch, TRUE, NULL);
  *loss = mg_cross_entropy(logits, (int[]){0, 2}, batch, classes, NULL, dlogits);
  mg_network_backward(network, dlogits, all);
  n = batch * size;
  const GPtrArray *tensors = mg_network_tensors(network);
  for (guint t = 0; t < tensors->len; t++) {
    const MgTensor *tensor = tensors->pdata[t];
    if (tensor->gradient)
      memcpy(all + n, tensor->gradient, tensor->n * sizeof *all);
    n += tensor->gradient ? tensor->n : 0;
  }
  return all;
}

/* The fused plan gives what the reference plan gives, whatever the shape and the threads. */
static void
test_fused_plan(void)
{
  static const MgShape inputs[] = {{1, 16, 16}, {1, 8, 8}, {1, 33, 29}, {1, 9, 131}, {2, 64, 50}};
  for (size_t i = 0; i < G_N_ELEMENTS(inputs); i++)
    for (int threads = 1; threads <= 3; threads++) {
      float loss, reference;
      g_autofree float *fused = gradients_of(FALSE, threads, inputs[i], &loss);
      g_autofree float *expected = gradients_of(TRUE, 1, inputs[i], &reference);
      size_t n = batch * mg_shape_size(inputs[i]) + 110698 - 10 * 129 + classes * 129 + (inputs[i].channels - 1) * 288;
      g_assert_cmpfloat_with_epsilon(loss, reference, 1e-5);
      g_assert_cmpfloat(test_relative_error(fused, expected, n), <, 1e-4);
    }
}

/* Inference: fused as the reference, predict() in pieces as all at once, probabilities that sum to 1. */
static void
test_predict(void)
{
  enum { n = 21 };
  static float x[n * 20 * 24], whole[n * classes], pieces[n * classes];
  g_autoptr(MgNetwork) network = small_cnn((MgShape){1, 20, 24}, classes, 3);
  fill_hashed(x, G_N_ELEMENTS(x), 50, 1);
  for (int step = 0; step < 3; step++) /* so that the moving statistics are not at their start */
    mg_network_forward(network, x, n, TRUE, NULL);
  mg_network_keep(network, TRUE);
  mg_softmax(mg_network_forward(network, x, n, FALSE, NULL), n, classes, whole);
  g_assert_nonnull(mg_network_activation(network, 0));
  mg_network_keep(network, FALSE);
  mg_network_predict(network, x, n, pieces);
  g_assert_cmpfloat(test_relative_error(pieces, whole, n * classes), <, 1e-5);
  for (int s = 0; s < n; s++) {
    double sum = 0;
    for (int c = 0; c < classes; c++)
      sum += pieces[s * classes + c];
    g_assert_cmpfloat_with_epsilon(sum, 1, 1e-5);
  }
}

/* A saved network that is loaded into another one predicts the same. */
static void
test_round_trip(void)
{
  static float x[4 * side * side], before[4 * classes], after[4 * classes];
  g_autofree char *folder = test_folder();
  g_autofree char *path = g_build_filename(folder, "model.safetensors", NULL);
  g_autoptr(GHashTable) metadata = g_hash_table_new(g_str_hash, g_str_equal);
  g_hash_table_insert(metadata, "labels", "a “b” \\ \n c");
  g_autoptr(MgNetwork) network = small_cnn((MgShape){1, side, side}, classes, 3);
  g_autoptr(MgNetwork) other = small_cnn((MgShape){1, side, side}, classes, 4);
  fill_hashed(x, G_N_ELEMENTS(x), 50, 1);
  mg_network_forward(network, x, 4, TRUE, NULL);
  mg_network_predict(network, x, 4, before);
  g_autoptr(GError) error = NULL;
  g_assert_true(mg_safetensors_save(path, mg_network_tensors(network), metadata, &error));
  g_autoptr(MgSafetensors) file = mg_safetensors_load(path, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(mg_safetensors_metadata(file, "labels"), ==, "a “b” \\ \n c");
  const GPtrArray *tensors = mg_network_tensors(other);
  for (guint i = 0; i < tensors->len; i++) {
    mg_safetensors_read(file, tensors->pdata[i], &error);
    g_assert_no_error(error);
  }
  mg_network_predict(other, x, 4, after);
  g_assert_cmpmem(before, sizeof before, after, sizeof after);
  test_remove(g_steal_pointer(&folder));
}

/* The network's own parameters, and what --set makes of them. */
static void
test_parameters(void)
{
  static const char text[] = "{\"name\": \"n\", \"parameters\": {\"width\": 3, \"p\": 0.5, \"kind\": \"relu\", "
                             "\"bias\": true}, \"layers\": [{\"type\": \"linear\", \"out_features\": \"$width\", "
                             "\"bias\": \"$bias\"}, {\"type\": \"$kind\"}, {\"type\": \"dropout\", \"p\": \"$p\"}, "
                             "{\"type\": \"linear\", \"out_features\": \"classes\"}]}";
  static const struct {
    const char *assignments, *message;
    gint64 parameters;
  } cases[] = {
      {"", NULL, 3 * 5 + 2 * 4},
      {"width=7 p=0.25", NULL, 7 * 5 + 2 * 8},
      {"width=2 bias=false kind=dropout width=6", NULL, 6 * 4 + 2 * 7},
      {"wide=7", "there is no parameter “wide”; the network has width, p, kind, bias", 0},
      {"width=2.5", "width=2.5: expected a whole number", 0},
      {"bias=1", "bias=1: expected true or false", 0},
      {"p=nan", "p=nan: expected a number", 0},
      {"width", "there is no parameter “width”", 0},
  };
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    g_autofree char *changed = mg_description_with(text, "n.json", cases[i].assignments, &error);
    g_assert_true((changed == NULL) == (cases[i].message != NULL));
    if (!changed) {
      g_assert_error(error, MG_ERROR, MG_ERROR_USAGE);
      g_assert_nonnull(strstr(error->message, cases[i].message));
      continue;
    }
    g_autoptr(MgNetwork) network = mg_network_new(changed, "n.json", (MgShape){1, 2, 2}, 2, 0, &error);
    g_assert_no_error(error);
    g_assert_cmpint(mg_network_parameters(network), ==, cases[i].parameters);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS(faults); i++) {
    g_autofree char *path = g_strdup_printf("/nn/network/fault/%s", faults[i].name);
    g_test_add_data_func(path, &faults[i], test_fault);
  }
  g_test_add_func("/nn/network/not-json", test_not_json);
  g_test_add_func("/nn/network/counts", test_counts);
  g_test_add_func("/nn/network/initial-weights", test_initial_weights);
  g_test_add_func("/nn/network/gradient", test_gradient);
  g_test_add_func("/nn/network/fused-plan", test_fused_plan);
  g_test_add_func("/nn/network/predict", test_predict);
  g_test_add_func("/nn/network/round-trip", test_round_trip);
  g_test_add_func("/nn/network/parameters", test_parameters);
  return g_test_run();
}
