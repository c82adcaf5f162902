/* The networks of models/: the counts of parameters that are published, names as in the files of others, and a training
 * step of each that fits into a test. */
#include "nn/loss.h"
#include "small-cnn.h"

typedef struct {
  const char *name;
  MgShape input;
  int classes;
  gint64 parameters, total;
} Model;

static const Model models[] = {
    /* torchvision: sum(p.numel() for p in m.parameters()) */
    {"resnet18", {3, 224, 224}, 1000, 11689512, 11699112},
    {"resnet34", {3, 224, 224}, 1000, 21797672, 21814696},
    {"resnet50", {3, 224, 224}, 1000, 25557032, 25610152},
    /* keras.applications.InceptionResNetV2: trainable, all */
    {"inception-resnet-v2", {3, 299, 299}, 1000, 55813192, 55873736},
    /* a stem for one channel and other classes */
    {"resnet18", {1, 128, 431}, 50, 11689512 - 2 * 64 * 49 - 950 * 513, 11699112 - 2 * 64 * 49 - 950 * 513},
    /* torchvggish has 72,141,184, and a layer for the classes follows */
    {"vggish", {1, 64, 96}, 10, 72141184 + 129 * 10, 72141184 + 129 * 10},
    {"classique-rap-cnn", {1, 128, 646}, 2, 843554, 844898},
    {"gtzan-cnn", {1, 128, 130}, 10, 139066, 139290},
    {"fma-cnn", {1, 128, 31}, 8, 37512, 37512},
    {"fcnn", {1, 128, 31}, 8, 129 * 30 + 31 * 8, 129 * 30 + 31 * 8},
    {"fcnn-2", {1, 128, 31}, 8, 129 * 300 + 301 * 30 + 31 * 8, 129 * 300 + 301 * 30 + 31 * 8},
    {"fcnn-3",
     {1, 128, 31},
     8,
     129 * 1000 + 1001 * 300 + 301 * 50 + 51 * 8,
     129 * 1000 + 1001 * 300 + 301 * 50 + 51 * 8},
};

static MgNetwork *
load(const char *name, MgShape input, int classes)
{
  g_autofree char *file = g_strconcat(name, ".json", NULL);
  g_autofree char *path = g_build_filename(MG_SOURCE_DIR, "models", file, NULL);
  return network_of(path, input, classes, 1);
}

static void
test_count(gconstpointer data)
{
  const Model *model = data;
  g_autoptr(MgNetwork) network = load(model->name, model->input, model->classes);
  g_assert_cmpstr(mg_network_name(network), ==, model->name);
  g_assert_cmpint(mg_network_parameters(network), ==, model->parameters);
  g_assert_cmpint(mg_network_parameters_total(network), ==, model->total);
}

static gboolean
has_tensor(const MgNetwork *network, const char *name, const int *shape, int dimensions)
{
  const GPtrArray *tensors = mg_network_tensors(network);
  for (guint i = 0; i < tensors->len; i++) {
    const MgTensor *tensor = tensors->pdata[i];
    if (g_str_equal(tensor->name, name))
      return tensor->dimensions == dimensions && memcmp(tensor->shape, shape, dimensions * sizeof *shape) == 0;
  }
  return FALSE;
}

/* Keys and shapes of the state_dict of torchvision's resnet50 and resnet18, and of torchvggish. */
static void
test_names(void)
{
  g_autoptr(MgNetwork) resnet50 = load("resnet50", (MgShape){3, 64, 64}, 1000);
  g_autoptr(MgNetwork) resnet18 = load("resnet18", (MgShape){3, 64, 64}, 1000);
  g_assert_true(has_tensor(resnet50, "conv1.weight", (int[]){64, 3, 7, 7}, 4));
  g_assert_true(has_tensor(resnet50, "bn1.running_var", (int[]){64}, 1));
  g_assert_true(has_tensor(resnet50, "layer1.0.conv3.weight", (int[]){256, 64, 1, 1}, 4));
  g_assert_true(has_tensor(resnet50, "layer1.0.downsample.0.weight", (int[]){256, 64, 1, 1}, 4));
  g_assert_true(has_tensor(resnet50, "layer3.5.bn3.bias", (int[]){1024}, 1));
  g_assert_true(has_tensor(resnet50, "layer4.0.downsample.1.running_mean", (int[]){2048}, 1));
  g_assert_true(has_tensor(resnet50, "fc.weight", (int[]){1000, 2048}, 2));
  g_assert_false(has_tensor(resnet18, "layer1.0.downsample.0.weight", (int[]){64, 64, 1, 1}, 4));
  g_assert_true(has_tensor(resnet18, "layer2.0.downsample.0.weight", (int[]){128, 64, 1, 1}, 4));
  g_assert_true(has_tensor(resnet18, "layer4.1.conv2.weight", (int[]){512, 512, 3, 3}, 4));
  g_autoptr(MgNetwork) vggish = load("vggish", (MgShape){1, 64, 96}, 2);
  g_assert_true(has_tensor(vggish, "features.0.weight", (int[]){64, 1, 3, 3}, 4));
  g_assert_true(has_tensor(vggish, "features.13.bias", (int[]){512}, 1));
  g_assert_true(has_tensor(vggish, "embeddings.0.weight", (int[]){4096, 12288}, 2));
  g_assert_true(has_tensor(vggish, "embeddings.4.weight", (int[]){128, 4096}, 2));
}

typedef struct {
  const char *name;
  MgShape input;
} Small;

static const Small small[] = {
    {"resnet18", {1, 64, 70}},
    {"resnet50", {1, 64, 70}},
    {"inception-resnet-v2", {1, 107, 139}},
    {"classique-rap-cnn", {1, 40, 50}},
    {"gtzan-cnn", {1, 40, 50}},
    {"fma-cnn", {1, 20, 9}},
    {"fcnn-3", {1, 20, 9}},
    {"small-cnn", {1, 40, 50}},
    {"mean-max-cnn", {1, 40, 50}},
};

/* One step along the gradient lowers the loss, by about what the gradient says; the fused plan agrees with the other.
 */
static void
test_step(gconstpointer data)
{
  enum { batch = 2, classes = 3 };
  const Small *model = data;
  g_autoptr(MgNetwork) network = load(model->name, model->input, classes);
  size_t n = batch * mg_shape_size(model->input);
  g_autofree float *x = g_new(float, n);
  fill_hashed(x, n, 9, 1);
  float dlogits[batch * classes];
  double losses[2], squares = 0;
  for (int keep = 0; keep < 2; keep++) {
    MgRng rng = mg_rng_new(2);
    mg_network_keep(network, keep);
    const float *logits = mg_network_forward(network, x, batch, TRUE, &rng);
    losses[keep] = mg_cross_entropy(logits, (int[]){1, 2}, batch, classes, NULL, dlogits);
    if (!keep)
      mg_network_backward(network, dlogits, NULL);
  }
  g_assert_cmpfloat_with_epsilon(losses[0], losses[1], 1e-4);
  const GPtrArray *tensors = mg_network_tensors(network);
  for (guint t = 0; t < tensors->len; t++) {
    const MgTensor *tensor = tensors->pdata[t];
    for (size_t i = 0; tensor->gradient && i < tensor->n; i++)
      squares += (double)tensor->gradient[i] * tensor->gradient[i];
  }
  g_assert_true(isfinite(squares) && squares > 0);
  double rate = MIN(1e-3, 1e-3 / squares); /* the loss falls by about a thousandth */
  for (guint t = 0; t < tensors->len; t++) {
    MgTensor *tensor = tensors->pdata[t];
    for (size_t i = 0; tensor->gradient && i < tensor->n; i++)
      tensor->data[i] -= rate * tensor->gradient[i];
  }
  MgRng rng = mg_rng_new(2);
  const float *logits = mg_network_forward(network, x, batch, TRUE, &rng);
  double loss = mg_cross_entropy(logits, (int[]){1, 2}, batch, classes, NULL, NULL);
  g_test_message("%s: loss %g, then %g; the gradient says %g", model->name, losses[0], loss,
                 losses[0] - rate * squares);
  g_assert_cmpfloat_with_epsilon(losses[0] - loss, rate * squares, 0.3 * rate * squares);
}

static void
gradients_of(const Small *model, const char *frozen, gboolean keep, float *x, GArray *gradients)
{
  enum { batch = 2, classes = 3 };
  g_autoptr(MgNetwork) network = load(model->name, model->input, classes);
  g_autoptr(GError) error = NULL;
  float dlogits[batch * classes];
  g_assert_true(mg_network_freeze(network, frozen, &error));
  mg_network_keep(network, keep);
  MgRng rng = mg_rng_new(2);
  const float *logits = mg_network_forward(network, x, batch, TRUE, &rng);
  mg_cross_entropy(logits, (int[]){1, 2}, batch, classes, NULL, dlogits);
  mg_network_backward(network, dlogits, NULL);
  const GPtrArray *tensors = mg_network_tensors(network);
  for (guint t = 0; t < tensors->len; t++) {
    const MgTensor *tensor = tensors->pdata[t];
    if (tensor->gradient)
      g_array_append_vals(gradients, tensor->gradient, tensor->n);
  }
}

/* Whatever layer a network is frozen up to, the fused plan has the gradients of the other one for all that learns. */
static void
test_freeze(gconstpointer data)
{
  const Small *model = data;
  g_autoptr(MgNetwork) network = load(model->name, model->input, 3);
  size_t layers = mg_network_n_layers(network), n = 2 * mg_shape_size(model->input), every = layers > 40 ? 13 : 1;
  g_autofree float *x = g_new(float, n);
  fill_hashed(x, n, 9, 1);
  for (size_t i = 0; i + 1 < layers; i += every) {
    const char *name = mg_network_layer(network, i).name;
    g_autoptr(GArray) fused = g_array_new(FALSE, FALSE, sizeof(float));
    g_autoptr(GArray) plain = g_array_new(FALSE, FALSE, sizeof(float));
    gradients_of(model, name, FALSE, x, fused);
    gradients_of(model, name, TRUE, x, plain);
    g_assert_cmpuint(fused->len, ==, plain->len);
    double error = test_relative_error((float *)(void *)fused->data, (float *)(void *)plain->data, fused->len);
    if (error > 2e-3)
      g_error("%s frozen up to %s: the gradients are %g apart", model->name, name, error);
  }
}

/* Every file of the folder is one of the installed networks. */
static void
test_installed(void)
{
  g_autofree char *folder = g_build_filename(MG_SOURCE_DIR, "models", NULL);
  g_autofree char *build = g_build_filename(folder, "meson.build", NULL);
  g_autofree char *text = NULL;
  g_assert_true(g_file_get_contents(build, &text, NULL, NULL));
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  const char *name;
  while ((name = g_dir_read_name(dir))) {
    if (!g_str_has_suffix(name, ".json"))
      continue;
    g_autofree char *stem = g_strndup(name, strlen(name) - strlen(".json"));
    g_autofree char *line = g_strdup_printf("'%s'", stem);
    if (!strstr(text, line))
      g_test_fail_printf("models/meson.build does not install %s", name);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS(models); i++) {
    g_autofree char *path = g_strdup_printf("/nn/models/count/%s-%d", models[i].name, models[i].classes);
    g_test_add_data_func(path, &models[i], test_count);
  }
  for (size_t i = 0; i < G_N_ELEMENTS(small); i++) {
    g_autofree char *path = g_strdup_printf("/nn/models/step/%s", small[i].name);
    g_autofree char *freeze = g_strdup_printf("/nn/models/freeze/%s", small[i].name);
    g_test_add_data_func(path, &small[i], test_step);
    if (g_strv_contains((const char *const[]){"resnet18", "small-cnn", "mean-max-cnn", NULL}, small[i].name))
      g_test_add_data_func(freeze, &small[i], test_freeze);
  }
  g_test_add_func("/nn/models/names", test_names);
  g_test_add_func("/nn/models/installed", test_installed);
  return g_test_run();
}
