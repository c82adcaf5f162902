/* Networks written as ONNX and read again give the same logits; what is wrong with a file is told in one line. With
 * --write NAME FOLDER it writes one of them for onnx-test.py: F.onnx, picture.npy and logits.npy. */
#include "base/error.h"
#include "base/file.h"
#include "base/npy.h"
#include "nn/onnx.h"
#include "small-cnn.h"

typedef struct {
  const char *name; /* of models/, or the layers themselves */
  MgShape input;
  int classes;
  const char *layers;
} Case;

#define LOGITS ", {\"type\": \"linear\", \"name\": \"logits\", \"out_features\": \"classes\"}"

static const Case cases[] = {
    {"small-cnn", {1, 40, 51}, 10, NULL},
    {"gtzan-cnn", {1, 64, 64}, 10, NULL},
    {"resnet18", {1, 64, 70}, 7, NULL},
    {"fcnn", {1, 128, 10}, 8, NULL},
    {"lstm",
     {1, 20, 30},
     5,
     "{\"type\": \"lstm\", \"name\": \"rnn\", \"hidden_size\": 12, \"num_layers\": 2, \"bidirectional\": true, "
     "\"output\": \"mean\"}, {\"type\": \"dropout\", \"p\": 0.3}" LOGITS},
    {"lstm-last",
     {1, 20, 30},
     5,
     "{\"type\": \"lstm\", \"name\": \"rnn\", \"hidden_size\": 12, \"output\": \"last\"}" LOGITS},
    {"lstm-both-last",
     {1, 20, 30},
     5,
     "{\"type\": \"lstm\", \"hidden_size\": 8, \"num_layers\": 2, \"bidirectional\": true, \"output\": "
     "\"last\"}" LOGITS},
    {"gru",
     {1, 11, 9},
     5,
     "{\"type\": \"gru\", \"hidden_size\": 7, \"bidirectional\": true}, {\"type\": \"flatten\"}" LOGITS},
    {"graph",
     {2, 12, 14},
     5,
     "{\"type\": \"conv2d\", \"name\": \"a\", \"out_channels\": 4, \"kernel_height\": 5, \"kernel_width\": 3, "
     "\"stride_width\": 2, \"padding_height\": 2, \"padding_width\": 1, \"groups\": 2},"
     "{\"type\": \"leaky-relu\", \"negative_slope\": 0.2}, {\"type\": \"batchnorm\", \"name\": \"n\"},"
     "{\"type\": \"conv2d\", \"name\": \"b\", \"out_channels\": 4, \"padding\": 1, \"bias\": false},"
     "{\"type\": \"add\", \"name\": \"sum\", \"inputs\": [\"n\", \"b\"], \"scale\": 0.17},"
     "{\"type\": \"concat\", \"inputs\": [\"sum\", \"b\", \"n\"]}, {\"type\": \"tanh\"},"
     "{\"type\": \"avgpool\", \"kernel_size\": 2, \"padding\": 1, \"count_include_pad\": false},"
     "{\"type\": \"maxpool\", \"kernel_size\": 3, \"stride\": 2, \"ceil_mode\": true}, {\"type\": \"transpose\"},"
     "{\"type\": \"sigmoid\"}, {\"type\": \"flatten\", \"channels_last\": true}" LOGITS},
    {"normed",
     {2, 6, 9},
     5,
     "{\"type\": \"layernorm\", \"name\": \"a\"}, {\"type\": \"gelu\"}, {\"type\": \"conv2d\", \"out_channels\": 4},"
     "{\"type\": \"layernorm\", \"name\": \"b\", \"over\": \"features\", \"eps\": 0.01}, {\"type\": \"gelu\"},"
     "{\"type\": \"layernorm\", \"name\": \"c\", \"over\": \"channels\"}, {\"type\": \"flatten\"},"
     "{\"type\": \"linear\", \"name\": \"hidden\", \"out_features\": 8}, {\"type\": \"gelu\"}" LOGITS},
    {"over-time",
     {1, 10, 14},
     5,
     "{\"type\": \"rows-to-channels\"}, {\"type\": \"conv2d\", \"out_channels\": 6, \"kernel_height\": 1, "
     "\"kernel_width\": 5}, {\"type\": \"relu\", \"name\": \"r\"}, {\"type\": \"mean-over-time\", \"name\": \"m\"},"
     "{\"type\": \"max-over-time\", \"name\": \"x\", \"inputs\": \"r\"}, {\"type\": \"global-max-pool\", \"name\": "
     "\"g\", \"inputs\": \"r\"}, {\"type\": \"concat\", \"inputs\": [\"m\", \"x\", \"g\"]}" LOGITS},
};

static MgNetwork *
make(const Case *test)
{
  if (!test->layers) {
    g_autofree char *file = g_strdup_printf("models/%s.json", test->name);
    g_autofree char *path = g_build_filename(MG_SOURCE_DIR, file, NULL);
    return network_of(path, test->input, test->classes, 5);
  }
  g_autofree char *text = g_strdup_printf("{\"name\": \"%s\", \"layers\": [%s]}", test->name, test->layers);
  g_autoptr(GError) error = NULL;
  MgNetwork *network = mg_network_new(text, test->name, test->input, test->classes, 5, &error);
  g_assert_no_error(error);
  return network;
}

/* Statistics and factors of normalisation as training leaves them. */
static void
stir(MgNetwork *network)
{
  const GPtrArray *tensors = mg_network_tensors(network);
  for (guint i = 0; i < tensors->len; i++) {
    MgTensor *tensor = tensors->pdata[i];
    for (size_t k = 0; tensor->dimensions == 1 && k < tensor->n; k++)
      tensor->data[k] += 0.25f * (1 + hashed(k, i));
  }
  mg_network_tensors(network);
}

static const Case *
find(const char *name)
{
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
    if (g_str_equal(cases[i].name, name))
      return &cases[i];
  return NULL;
}

static void
test_round_trip(gconstpointer data)
{
  const Case *test = data;
  char *folder = test_folder();
  g_autofree char *path = g_build_filename(folder, "network.onnx", NULL);
  g_autoptr(MgNetwork) network = make(test);
  stir(network);
  g_autoptr(GHashTable) metadata = g_hash_table_new(g_str_hash, g_str_equal);
  g_hash_table_insert(metadata, "labels", "[\"é\"]");
  g_autoptr(GError) error = NULL;
  g_assert_true(mg_onnx_save(path, network, metadata, &error));
  g_autoptr(MgOnnx) onnx = mg_onnx_load(path, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(g_hash_table_lookup(mg_onnx_metadata(onnx), "labels"), ==, "[\"é\"]");
  g_assert_cmpint(mg_onnx_classes(onnx), ==, test->classes);
  MgShape input = mg_onnx_input(onnx);
  g_autoptr(MgNetwork) again = mg_network_new(mg_onnx_description(onnx), path, input, test->classes, 6, &error);
  g_assert_no_error(error);
  g_assert_true(mg_onnx_fill(onnx, again, &error));
  g_assert_cmpint(mg_network_parameters_total(again), ==, mg_network_parameters_total(network));
  size_t size = mg_shape_size(test->input);
  g_autofree float *x = g_new(float, 2 * size);
  fill_hashed(x, 2 * size, 3, 1);
  const float *expected = mg_network_forward(network, x, 2, FALSE, NULL);
  const float *logits = mg_network_forward(again, x, 2, FALSE, NULL);
  g_assert_cmpfloat(test_relative_error(logits, expected, 2 * test->classes), <, 1e-5);
  test_remove(folder);
}

/* What PyTorch's exporter spells out (tests/refs/torch-onnx.py). */
static void
test_patterns(void)
{
  g_autofree char *path = test_file("refs/torch-normed.onnx"), *values_path = test_file("refs/torch-normed.npy");
  g_autoptr(GError) error = NULL;
  g_autoptr(MgOnnx) onnx = mg_onnx_load(path, &error);
  g_assert_no_error(error);
  g_autoptr(MgNetwork) network =
      mg_network_new(mg_onnx_description(onnx), path, mg_onnx_input(onnx), mg_onnx_classes(onnx), 1, &error);
  g_assert_no_error(error);
  g_assert_true(mg_onnx_fill(onnx, network, &error));
  g_autoptr(MgMatrix) values = mg_npy_load(values_path, &error);
  g_assert_no_error(error);
  const float *logits = mg_network_forward(network, values->data, 1, FALSE, NULL);
  size_t size = mg_shape_size(mg_onnx_input(onnx));
  g_assert_cmpfloat(test_relative_error(logits, values->data + size, mg_onnx_classes(onnx)), <, 1e-5);
}

static void
refuse(const char *path, const guint8 *bytes, size_t n, const char *expected)
{
  g_assert_true(mg_file_write(path, bytes, n, NULL));
  g_autoptr(GError) error = NULL;
  g_autoptr(MgOnnx) onnx = mg_onnx_load(path, &error);
  if (onnx)
    return; /* a change that leaves a network is none that has to be found */
  g_assert_nonnull(error);
  g_assert_null(strchr(error->message, '\n'));
  g_assert_nonnull(strstr(error->message, path));
  if (expected && !strstr(error->message, expected))
    g_test_fail_printf("“%s” does not tell “%s”", error->message, expected);
}

static guint8 *
replaced(const guint8 *bytes, size_t n, const char *from, const char *to)
{
  guint8 *copy = g_memdup2(bytes, n);
  size_t length = strlen(from);
  g_assert_cmpuint(length, ==, strlen(to));
  guint found = 0;
  for (size_t i = 0; i + length <= n; i++)
    if (memcmp(copy + i, from, length) == 0) {
      memcpy(copy + i, to, length);
      found++;
    }
  g_assert_cmpuint(found, >, 0);
  return copy;
}

/* Cut, changed byte by byte, and wrong in what ONNX itself allows. */
static void
test_damaged(void)
{
  char *folder = test_folder();
  g_autofree char *path = g_build_filename(folder, "network.onnx", NULL);
  g_autoptr(MgNetwork) network = make(find("graph"));
  g_assert_true(mg_onnx_save(path, network, NULL, NULL));
  size_t n;
  g_autofree guint8 *bytes = (guint8 *)mg_file_read(path, 1 << 24, &n, NULL);
  for (size_t cut = 0; cut < n; cut += 1 + n / 61)
    refuse(path, bytes, cut, NULL);
  for (size_t i = 0; i < n; i += 1 + n / 499) {
    g_autofree guint8 *changed = g_memdup2(bytes, n);
    changed[i] ^= 1 << i % 8;
    refuse(path, changed, n, NULL);
  }
  static const struct {
    const char *from, *to, *message;
  } changes[] = {
      {"LeakyRelu", "LeakyRolu", "an operator that is not known; expected one of Add"},
      {"a.weight", "a.woight", "expected a constant"}, /* the node's and the tensor's names go together: still one */
      {"value_1", "value_9", "comes from no node before it"},
      {"picture", "pictore", NULL},
  };
  for (size_t i = 0; i < G_N_ELEMENTS(changes); i++) {
    g_autofree guint8 *changed = replaced(bytes, n, changes[i].from, changes[i].to);
    if (i == 1)
      continue;
    refuse(path, changed, n, i == 2 ? NULL : changes[i].message);
  }
  test_remove(folder);
}

/* Messages by hand: field numbers of onnx.proto. */
static GByteArray *
field(guint8 number, const GByteArray *content)
{
  GByteArray *bytes = g_byte_array_new();
  guint8 key = number << 3 | 2;
  g_byte_array_append(bytes, &key, 1);
  for (guint rest = content->len;; rest >>= 7) {
    guint8 byte = (rest & 127) | (rest > 127 ? 128 : 0);
    g_byte_array_append(bytes, &byte, 1);
    if (rest <= 127)
      break;
  }
  return g_byte_array_append(bytes, content->data, content->len);
}

static void
test_hostile(void)
{
  char *folder = test_folder();
  g_autofree char *path = g_build_filename(folder, "hostile.onnx", NULL);
  /* A graph in an attribute in a node in a graph …: the depth is the file's to choose. */
  GByteArray *nested = g_byte_array_new();
  for (int depth = 0; depth < 2001; depth++) {
    static const guint8 numbers[] = {6, 5, 1}; /* AttributeProto.g, NodeProto.attribute, GraphProto.node */
    GByteArray *around = field(numbers[depth % 3], nested);
    g_byte_array_unref(nested);
    nested = around;
  }
  GByteArray *model = field(7, nested);
  refuse(path, model->data, model->len, "graphs within nodes");
  g_byte_array_unref(nested);
  g_byte_array_unref(model);
  /* An initializer of 2^60 x 2 values, and one of which the file has too few. */
  static const guint8 huge[] = {0x3a, 0x12, 0x2a, 0x10, 0x08, 0x80, 0x80, 0x80, 0x80, 0x80,
                                0x80, 0x80, 0x80, 0x10, 0x08, 0x02, 0x10, 0x01, 0x42, 0x00};
  static const guint8 few[] = {0x3a, 0x0b, 0x2a, 0x09, 0x08, 0x05, 0x10, 0x01, 0x4a, 0x03, 1, 2, 3};
  static const guint8 beyond[] = {0x3a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 0};
  refuse(path, huge, sizeof huge, "expected at most 4 sizes");
  refuse(path, few, sizeof few, "its shape needs 5 values");
  refuse(path, beyond, sizeof beyond, "goes beyond");
  refuse(path, (const guint8 *)"", 0, "without a graph");
  /* A field of two bytes a million times. */
  GByteArray *many = g_byte_array_new();
  for (int i = 0; i < (1 << 20) + 10; i++)
    g_byte_array_append(many, (const guint8[]){0x0a, 0x00}, 2);
  model = field(7, many);
  refuse(path, model->data, model->len, "parts");
  g_byte_array_unref(many);
  g_byte_array_unref(model);
  test_remove(folder);
}

static void
write_matrix(const char *folder, const char *name, const float *values, size_t n)
{
  g_autofree char *path = g_build_filename(folder, name, NULL);
  MgMatrix matrix = {.data = (float *)values, .rows = 1, .cols = n};
  g_assert_true(mg_npy_save(path, &matrix, TRUE, NULL));
}

static int
write_case(const char *name, const char *folder)
{
  const Case *test = find(name);
  if (!test)
    return 1;
  g_autoptr(MgNetwork) network = make(test);
  stir(network);
  size_t size = mg_shape_size(test->input);
  g_autofree float *x = g_new(float, size);
  fill_hashed(x, size, 3, 1);
  g_autofree char *path = g_build_filename(folder, "network.onnx", NULL);
  if (!mg_onnx_save(path, network, NULL, NULL))
    return 1;
  write_matrix(folder, "picture.npy", x, size);
  write_matrix(folder, "logits.npy", mg_network_forward(network, x, 1, FALSE, NULL), test->classes);
  return 0;
}

int
main(int argc, char **argv)
{
  if (argc == 4 && g_str_equal(argv[1], "--write"))
    return write_case(argv[2], argv[3]);
  g_test_init(&argc, &argv, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *path = g_strdup_printf("/nn/onnx/round-trip/%s", cases[i].name);
    g_test_add_data_func(path, &cases[i], test_round_trip);
  }
  g_test_add_func("/nn/onnx/patterns", test_patterns);
  g_test_add_func("/nn/onnx/damaged", test_damaged);
  g_test_add_func("/nn/onnx/hostile", test_hostile);
  return g_test_run();
}
