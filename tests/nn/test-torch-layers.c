/* Every layer and ResNet-18 as a whole against PyTorch: tests/refs/torch-layers.py made what is expected, and tells
 * what it is. The recurrent layers are in test-recurrent.c. */
#include "nn/layer.h"
#include "nn/loss.h"
#include "small-cnn.h"
#include <jansson.h>

enum { batch = 3, classes = 3 };
static const MgShape input = {2, 6, 7};
static const double tolerance = 1e-4;

static json_t *
load(const char *name)
{
  g_autofree char *relative = g_build_filename("refs", name, NULL), *path = test_file(relative);
  json_error_t problem;
  json_t *root = json_load_file(path, 0, &problem);
  if (!root)
    g_error("%s: %s", path, problem.text);
  return root;
}

static void
fill(MgNetwork *network)
{
  const GPtrArray *tensors = mg_network_tensors(network);
  guint32 series = 0;
  for (guint i = 0; i < tensors->len; i++) {
    MgTensor *tensor = tensors->pdata[i];
    if (!tensor->gradient)
      continue;
    gboolean flat = tensor->dimensions == 1, bias = g_str_has_suffix(tensor->name, "bias");
    float divisor = flat ? 1 : sqrtf(tensor->n / tensor->shape[0]); /* rounded as the script rounds */
    fill_hashed(tensor->data, tensor->n, series++, flat ? 0.1f : 1);
    for (size_t k = 0; k < tensor->n; k++)
      tensor->data[k] = tensor->data[k] / divisor + (flat && !bias ? 1 : 0);
  }
}

static void
check(const char *what, const float *values, const json_t *expected, size_t n)
{
  g_assert_cmpuint(json_array_size(expected), ==, n);
  g_autofree float *numbers = g_new(float, n);
  for (size_t i = 0; i < n; i++)
    numbers[i] = json_number_value(json_array_get(expected, i));
  double error = test_relative_error(values, numbers, n);
  if (!(error <= tolerance))
    g_test_fail_printf("%s is off by %g", what, error);
}

static MgNetwork *
make_network(const json_t *list, int n_classes)
{
  json_t *root = json_pack("{s:s, s:O}", "name", "case", "layers", list);
  char *text = json_dumps(root, 0);
  g_autoptr(GError) error = NULL;
  MgNetwork *network = mg_network_new(text, "case", input, n_classes, 0, &error);
  g_assert_no_error(error);
  free(text);
  json_decref(root);
  return network;
}

/* The layer by itself. */
static void
check_layer(const json_t *expected)
{
  size_t n = json_array_size(json_object_get(expected, "output")), in = batch * mg_shape_size(input);
  g_autoptr(MgNetwork) network = make_network(json_object_get(expected, "layers"), n / batch);
  g_autofree float *x = g_new(float, in), *dx = g_new(float, in), *dy = g_new(float, n);
  MgRng rng = mg_rng_new(1);
  fill(network);
  fill_hashed(x, in, 90, 1);
  fill_hashed(dy, n, 91, 1);
  check("output", mg_network_forward(network, x, batch, TRUE, &rng), json_object_get(expected, "output"), n);
  mg_network_backward(network, dy, dx);
  check("dx", dx, json_object_get(expected, "dx"), in);
  const GPtrArray *tensors = mg_network_tensors(network);
  size_t checked = 0;
  for (guint i = 0; i < tensors->len; i++) {
    const MgTensor *tensor = tensors->pdata[i];
    if (tensor->gradient)
      check(tensor->name, tensor->gradient, json_array_get(json_object_get(expected, "gradients"), checked++),
            tensor->n);
  }
  g_assert_cmpuint(checked, ==, json_array_size(json_object_get(expected, "gradients")));
  check("inference", mg_network_forward(network, x, batch, FALSE, NULL), json_object_get(expected, "inference"), n);
}

/* Ten steps of plain gradient descent. */
static void
check_losses(MgNetwork *network, const float *x, const int *labels, int n, float rate, const json_t *expected)
{
  int width = mg_network_classes(network);
  g_autofree float *dlogits = g_new(float, n *width);
  g_assert_cmpuint(json_array_size(expected), ==, 10);
  for (int step = 0; step < 10; step++) {
    MgRng rng = mg_rng_new(1);
    const float *logits = mg_network_forward(network, x, n, TRUE, &rng);
    double loss = mg_cross_entropy(logits, labels, n, width, NULL, dlogits);
    double wanted = json_number_value(json_array_get(expected, step));
    if (!(fabs(loss - wanted) <= tolerance * wanted))
      g_test_fail_printf("the loss of step %d is %.7g, expected %.7g", step + 1, loss, wanted);
    mg_network_backward(network, dlogits, NULL);
    const GPtrArray *tensors = mg_network_tensors(network);
    for (guint i = 0; i < tensors->len; i++) {
      MgTensor *tensor = tensors->pdata[i];
      for (size_t k = 0; tensor->gradient && k < tensor->n; k++)
        tensor->data[k] -= rate * tensor->gradient[k];
    }
  }
}

/* [conv2d, layer, linear]; what the layer takes as its input is the convolution's output. */
static json_t *
between(const json_t *layers)
{
  json_t *list = json_pack("[{s:s, s:s, s:i, s:i}]", "type", "conv2d", "name", "before", "out_channels", input.channels,
                           "padding", 1);
  for (size_t i = 0; i < json_array_size(layers); i++) {
    json_t *layer = json_deep_copy(json_array_get(layers, i)), *inputs = json_object_get(layer, "inputs");
    for (size_t k = 0; k < json_array_size(inputs); k++)
      if (g_str_equal(json_string_value(json_array_get(inputs, k)), "input"))
        json_array_set_new(inputs, k, json_string("before"));
    json_array_append_new(list, layer);
  }
  json_array_append_new(list, json_pack("{s:s, s:s}", "type", "linear", "out_features", "classes"));
  return list;
}

static void
test_case(gconstpointer data)
{
  const json_t *expected = data;
  check_layer(expected);
  json_t *list = between(json_object_get(expected, "layers"));
  g_autoptr(MgNetwork) network = make_network(list, classes);
  json_decref(list);
  fill(network);
  float x[batch * 2 * 6 * 7];
  fill_hashed(x, G_N_ELEMENTS(x), 90, 1);
  check_losses(network, x, (int[]){0, 1, 2}, batch, 0.1f, json_object_get(expected, "losses"));
}

/* A layer of the table that nothing compares with PyTorch is a fault. */
static void
test_complete(gconstpointer data)
{
  static const char *const elsewhere[] = {"lstm", "gru", NULL};
  const json_t *cases = data;
  for (const MgLayerClass *const *class = mg_layer_classes(); *class; class ++) {
    gboolean found = g_strv_contains(elsewhere, (*class)->type);
    for (size_t i = 0; i < json_array_size(cases); i++) {
      const json_t *layers = json_object_get(json_array_get(cases, i), "layers");
      const json_t *last = json_array_get(layers, json_array_size(layers) - 1);
      found |= g_str_equal(json_string_value(json_object_get(last, "type")), (*class)->type);
    }
    if (!found)
      g_test_fail_printf("no case of torch-layers.py has the layer %s", (*class)->type);
  }
}

enum { images = 4, resnet_classes = 5 };
static const MgShape image = {1, 48, 64};
static const int labels[images] = {0, 1, 2, 4};

static MgNetwork *
resnet18(gboolean keep)
{
  g_autofree char *path = g_build_filename(MG_SOURCE_DIR, "models", "resnet18.json", NULL);
  MgNetwork *network = network_of(path, image, resnet_classes, 0);
  fill(network);
  mg_network_keep(network, keep);
  return network;
}

/* A gradient's length, and its product with hashed numbers; both may be off by a ten thousandth of the length. */
static void
check_gradient(const char *name, const float *values, size_t n, const json_t *expected)
{
  double squares = 0, product = 0, found[2];
  for (size_t i = 0; i < n; i++) {
    squares += (double)values[i] * values[i];
    product += (double)values[i] * hashed(i, 92);
  }
  found[0] = sqrt(squares);
  found[1] = product;
  for (int i = 0; i < 2; i++) {
    double wanted = json_number_value(json_array_get(expected, i));
    if (!(fabs(found[i] - wanted) <= tolerance * json_number_value(json_array_get(expected, 0))))
      g_test_fail_printf("the gradient of %s gives %.7g, expected %.7g", name, found[i], wanted);
  }
}

static void
test_resnet18(gconstpointer keep)
{
  json_t *expected = load("torch-resnet18.json");
  const json_t *gradients = json_object_get(expected, "gradients");
  size_t n = images * mg_shape_size(image);
  g_autofree float *x = g_new(float, n), *dx = g_new(float, n);
  float dlogits[images * resnet_classes];
  fill_hashed(x, n, 90, 1);
  g_autoptr(MgNetwork) network = resnet18(keep != NULL);
  const float *logits = mg_network_forward(network, x, images, TRUE, NULL);
  check("logits", logits, json_object_get(expected, "logits"), images * resnet_classes);
  mg_cross_entropy(logits, labels, images, resnet_classes, NULL, dlogits);
  mg_network_backward(network, dlogits, dx);
  check_gradient("input", dx, n, json_object_get(gradients, "input"));
  const GPtrArray *tensors = mg_network_tensors(network);
  for (guint i = 0; i < tensors->len; i++) {
    const MgTensor *tensor = tensors->pdata[i];
    if (tensor->gradient)
      check_gradient(tensor->name, tensor->gradient, tensor->n, json_object_get(gradients, tensor->name));
  }
  check("inference", mg_network_forward(network, x, images, FALSE, NULL), json_object_get(expected, "inference"),
        images * resnet_classes);
  g_autoptr(MgNetwork) again = resnet18(keep != NULL);
  check_losses(again, x, labels, images, 0.00001f, json_object_get(expected, "losses"));
  json_decref(expected);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  json_t *cases = load("torch-layers.json");
  for (size_t i = 0; i < json_array_size(cases); i++) {
    const json_t *one = json_array_get(cases, i);
    g_autofree char *path = g_strdup_printf("/nn/torch-layers/%s", json_string_value(json_object_get(one, "name")));
    g_test_add_data_func(path, one, test_case);
  }
  g_test_add_data_func("/nn/torch-layers/complete", cases, test_complete);
  /* Sums in the order of a sanitizer's compilation are off by more after eighteen layers; nn-models runs them there. */
  if (!g_getenv("MELOGRAPH_SANITIZED")) {
    g_test_add_data_func("/nn/torch-layers/whole/resnet18", NULL, test_resnet18);
    g_test_add_data_func("/nn/torch-layers/whole/resnet18-reference-plan", "keep", test_resnet18);
  }
  int status = g_test_run();
  json_decref(cases);
  return status;
}
