/* Reading hostile and damaged safetensors files: one clear error each, no crash, nothing large allocated. */
#include "nn/load-tensors.h"
#include "nn/safetensors.h"
#include "base/error.h"
#include "base/file.h"
#include "support.h"
#include <string.h>

typedef struct {
  const char *name, *header;
  size_t data;         /* bytes behind the header */
  const char *message; /* of the error; NULL: good */
} Case;

#define F32(shape, begin, end) "{\"dtype\":\"F32\",\"shape\":" shape ",\"data_offsets\":[" #begin "," #end "]}"

static const Case cases[] = {
    {"good", "{\"a\":" F32("[2,3]", 0, 24) ",\"b\":" F32("[1]", 24, 28) "}", 28, NULL},
    {"any-order", "{\"b\":" F32("[1]", 24, 28) ",\"a\":" F32("[2,3]", 0, 24) "}", 28, NULL},
    {"scalar", "{\"a\":" F32("[]", 0, 4) "}", 4, NULL},
    {"empty-array", "{\"z\":" F32("[0]", 0, 0) ",\"a\":" F32("[1]", 0, 4) "}", 4, NULL},
    {"no-tensors", "{}", 0, NULL},
    {"blanks", "{}     ", 0, NULL},
    {"not-json", "}{", 0, "not a JSON object"},
    {"array", "[]", 0, "not a JSON object"},
    {"twice", "{\"a\":" F32("[1]", 0, 4) ",\"a\":" F32("[1]", 4, 8) "}", 8, "duplicate"},
    {"dtype", "{\"a\":{\"dtype\":\"C64\",\"shape\":[1],\"data_offsets\":[0,8]}}", 8, "dtype"},
    {"no-dtype", "{\"a\":{\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "dtype"},
    {"no-object", "{\"a\":3}", 0, "dtype"},
    {"no-shape", "{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}", 4, "a shape"},
    {"negative-size", "{\"a\":" F32("[-1]", 0, 4) "}", 4, "a shape"},
    {"real-size", "{\"a\":" F32("[1.5]", 0, 4) "}", 4, "a shape"},
    {"deep-shape", "{\"a\":" F32("[1,1,1,1,1,1,1,1,1]", 0, 4) "}", 4, "a shape"},
    {"overflow", "{\"a\":" F32("[4294967296,4294967296]", 0, 0) "}", 0, "a shape"},
    {"overflow-3", "{\"a\":" F32("[9007199254740992,2048,2]", 0, 0) "}", 0, "a shape"},
    {"huge", "{\"a\":" F32("[1000000000]", 0, 4000000000) "}", 4, "data_offsets"},
    {"huge-shape", "{\"a\":" F32("[1000000000]", 0, 4) "}", 4, "its shape needs 4000000000 bytes"},
    {"no-offsets", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", 4, "data_offsets"},
    {"three-offsets", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4,8]}}", 8, "data_offsets"},
    {"backward", "{\"a\":" F32("[1]", 4, 0) "}", 4, "data_offsets"},
    {"negative", "{\"a\":" F32("[1]", -4, 0) "}", 4, "data_offsets"},
    {"beyond", "{\"a\":" F32("[2]", 0, 8) "}", 4, "data_offsets"},
    {"overlap", "{\"a\":" F32("[2]", 0, 8) ",\"b\":" F32("[2]", 4, 12) "}", 12, "neither overlap"},
    {"gap", "{\"a\":" F32("[1]", 0, 4) ",\"b\":" F32("[1]", 8, 12) "}", 12, "gaps"},
    {"more-data", "{\"a\":" F32("[1]", 0, 4) "}", 8, "its header describes 4"},
    {"metadata-list", "{\"__metadata__\":[]}", 0, "__metadata__"},
    {"metadata-number", "{\"__metadata__\":{\"a\":1}}", 0, "__metadata__"},
};

static GByteArray *
make_file(const char *header, size_t data)
{
  GByteArray *bytes = g_byte_array_new();
  guint64 length = strlen(header);
  g_byte_array_append(bytes, (guint8 *)&length, sizeof length);
  g_byte_array_append(bytes, (const guint8 *)header, length);
  for (size_t i = 0; i < data; i++)
    g_byte_array_append(bytes, (const guint8 *)"\0\0\200?" + i % 4, 1); /* 1.0 */
  return bytes;
}

static MgSafetensors *
load_bytes(const char *folder, const guint8 *bytes, size_t n, GError **error)
{
  g_autofree char *path = g_build_filename(folder, "f.safetensors", NULL);
  g_assert_true(g_file_set_contents(path, (const char *)bytes, n, NULL));
  MgSafetensors *file = mg_safetensors_load(path, error);
  if (!file && error) {
    g_assert_error(*error, MG_ERROR, MG_ERROR_FORMAT);
    g_assert_true(g_str_has_prefix((*error)->message, path));
  }
  return file;
}

static void
test_case(gconstpointer data)
{
  const Case *test = data;
  g_autofree char *folder = test_folder();
  g_autoptr(GByteArray) bytes = make_file(test->header, test->data);
  g_autoptr(GError) error = NULL;
  g_autoptr(MgSafetensors) file = load_bytes(folder, bytes->data, bytes->len, &error);
  if (!test->message)
    g_assert_no_error(error);
  else if (!error || !strstr(error->message, test->message))
    g_test_fail_printf("“%s” does not say “%s”", error ? error->message : "no error", test->message);
  test_remove(g_steal_pointer(&folder));
}

/* Cut after any byte: an error, never a crash. */
static void
test_truncated(void)
{
  g_autofree char *folder = test_folder();
  g_autoptr(GByteArray) bytes = make_file(cases[0].header, cases[0].data);
  for (guint n = 0; n < bytes->len; n++) {
    g_autoptr(GError) error = NULL;
    g_assert_null(load_bytes(folder, bytes->data, n, &error));
    g_assert_nonnull(error);
  }
  test_remove(g_steal_pointer(&folder));
}

static void
test_lying_length(void)
{
  static const guint64 lengths[] = {
      0, 1, 1000, 1 << 20, (guint64)1 << 32, (guint64)1 << 63, G_MAXUINT64, G_MAXUINT64 - 7};
  g_autofree char *folder = test_folder();
  for (size_t i = 0; i < G_N_ELEMENTS(lengths); i++) {
    g_autoptr(GByteArray) bytes = make_file(cases[0].header, cases[0].data);
    memcpy(bytes->data, &lengths[i], sizeof lengths[i]);
    g_autoptr(GError) error = NULL;
    g_assert_null(load_bytes(folder, bytes->data, bytes->len, &error));
    g_assert_nonnull(error);
  }
  test_remove(g_steal_pointer(&folder));
}

/* Any byte of the header changed: an error or a file that can be read, never a crash. */
static void
test_mutated(void)
{
  g_autofree char *folder = test_folder();
  g_autoptr(GByteArray) bytes = make_file(cases[0].header, cases[0].data);
  g_autoptr(MgTensor) tensor = mg_tensor_new("a", "b", FALSE, 2, (int[]){2, 3});
  g_free(tensor->name);
  tensor->name = g_strdup("a");
  for (guint i = 0; i < bytes->len - 28; i++)
    for (int bit = 0; bit < 8; bit++) {
      bytes->data[i] ^= 1 << bit;
      g_autoptr(GError) error = NULL;
      g_autoptr(MgSafetensors) file = load_bytes(folder, bytes->data, bytes->len, &error);
      g_assert_true((file != NULL) == (error == NULL));
      if (file && !mg_safetensors_read(file, tensor, &error))
        g_assert_error(error, MG_ERROR, MG_ERROR_FORMAT);
      bytes->data[i] ^= 1 << bit;
    }
  test_remove(g_steal_pointer(&folder));
}

static void
expect_read_error(const MgSafetensors *file, const char *name, int dimensions, const int *shape, const char *message)
{
  g_autoptr(MgTensor) tensor = mg_tensor_new(name, "w", FALSE, dimensions, shape);
  g_autoptr(GError) error = NULL;
  g_assert_false(mg_safetensors_read(file, tensor, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_FORMAT);
  if (!strstr(error->message, message))
    g_test_fail_printf("“%s” does not say “%s”", error->message, message);
}

static void
test_wrong_tensor(void)
{
  g_autofree char *folder = test_folder();
  g_autoptr(GByteArray) bytes = make_file("{\"a.w\":" F32("[2,3]", 0, 24) "}", 24);
  g_autoptr(MgSafetensors) file = load_bytes(folder, bytes->data, bytes->len, NULL);
  g_assert_nonnull(file);
  expect_read_error(file, "c", 1, (int[]){1}, "holds no tensor “c.w”");
  expect_read_error(file, "a", 2, (int[]){3, 2}, "tensor “a.w” has the shape (2, 3); expected (3, 2)");
  expect_read_error(file, "a", 1, (int[]){6}, "has the shape (2, 3); expected (6)");
  memcpy(bytes->data + bytes->len - 4, "\0\0\300\177", 4); /* NaN */
  g_autoptr(MgSafetensors) damaged = load_bytes(folder, bytes->data, bytes->len, NULL);
  expect_read_error(damaged, "a", 2, (int[]){2, 3}, "not finite");
  test_remove(g_steal_pointer(&folder));
}

/* Half precision: 1, -2, 1/3, the smallest subnormal, the largest. */
static void
test_halves(void)
{
  static const guint16 f16[] = {0x3c00, 0xc000, 0x3555, 0x0001, 0x7bff}, bf16[] = {0x3f80, 0xc000, 0x3eab, 0, 0x4780};
  static const float expected_f16[] = {1, -2, 0.333251953125f, 5.9604645e-8f, 65504};
  static const float expected_bf16[] = {1, -2, 0.333984375f, 0, 65536};
  g_autofree char *folder = test_folder();
  for (int brain = 0; brain < 2; brain++) {
    g_autofree char *header =
        g_strdup_printf("{\"h.w\":{\"dtype\":\"%s\",\"shape\":[5],\"data_offsets\":[0,10]}}", brain ? "BF16" : "F16");
    g_autoptr(GByteArray) bytes = make_file(header, 10);
    memcpy(bytes->data + bytes->len - 10, brain ? bf16 : f16, 10);
    g_autoptr(GError) error = NULL;
    g_autoptr(MgSafetensors) file = load_bytes(folder, bytes->data, bytes->len, &error);
    g_assert_no_error(error);
    g_autoptr(MgTensor) tensor = mg_tensor_new("h", "w", FALSE, 1, (int[]){5});
    g_assert_true(mg_safetensors_read(file, tensor, &error));
    for (int i = 0; i < 5; i++)
      g_assert_cmpfloat(tensor->data[i], ==, (brain ? expected_bf16 : expected_f16)[i]);
  }
  test_remove(g_steal_pointer(&folder));
}

/* A state_dict as PyTorch has it: a wrapper's prefix, a counter, a stem for three channels, a head of another size. */
static void
test_state_dict(void)
{
  static const char header[] = "{\"module.conv.weight\":" F32("[2,3,1,1]", 0, 24) ",\"module.norm.weight\":" F32(
      "[2]", 24,
      32) ",\"module.norm.bias\":" F32("[2]", 32,
                                       40) ",\"module.norm.running_mean\":" F32("[2]", 40,
                                                                                48) ",\"module.norm.running_var\":{"
                                                                                    "\"dtype\":\"F64\",\"shape\":[2],"
                                                                                    "\"data_offsets\":[48,64]},"
                                                                                    "\"module.norm.num_batches_"
                                                                                    "tracked\":{\"dtype\":\"I64\","
                                                                                    "\"shape\":[],\"data_offsets\":[64,"
                                                                                    "72]},"
                                                                                    "\"module.fc.weight\":" F32(
                                                                                        "[5,2]", 72, 112) "}";
  static const char description[] =
      "{\"name\": \"n\", \"layers\": [{\"type\": \"conv2d\", \"name\": \"conv\", \"out_channels\": 2, "
      "\"kernel_size\": 1, \"bias\": false}, {\"type\": \"batchnorm\", \"name\": \"norm\"}, {\"type\": "
      "\"global-average-pool\"}, {\"type\": \"linear\", \"name\": \"fc\", \"out_features\": 4, \"bias\": false}]}";
  char *folder = test_folder();
  g_autofree char *path = g_build_filename(folder, "state.safetensors", NULL);
  guint64 length = GUINT64_TO_LE(sizeof header - 1);
  float values[28] = {1, 2, 4, 8, 16, 32, 0.5f, 0.25f, 3, 4, 5, 6};
  const double variances[] = {7, 0.1};
  memcpy(values + 12, variances, sizeof variances);
  g_autoptr(GByteArray) bytes = g_byte_array_new();
  g_byte_array_append(bytes, (guint8 *)&length, sizeof length);
  g_byte_array_append(bytes, (const guint8 *)header, sizeof header - 1);
  g_byte_array_append(bytes, (guint8 *)values, sizeof values);
  g_assert_true(mg_file_write(path, bytes->data, bytes->len, NULL));
  g_autoptr(GError) error = NULL;
  g_autoptr(MgSafetensors) file = mg_safetensors_load(path, &error);
  g_assert_no_error(error);
  g_autoptr(MgNetwork) network = mg_network_new(description, "n", (MgShape){1, 2, 2}, 4, 3, &error);
  g_assert_no_error(error);
  g_autoptr(GPtrArray) left = g_ptr_array_new();
  g_assert_true(mg_network_load_tensors(network, file, NULL, left, &error));
  g_assert_cmpuint(left->len, ==, 1);
  g_assert_cmpstr(left->pdata[0], ==, "fc.weight");
  const GPtrArray *tensors = mg_network_tensors(network);
  const float *stem = ((MgTensor *)tensors->pdata[0])->data, *variance = ((MgTensor *)tensors->pdata[4])->data;
  g_assert_true(stem[0] == 7 && stem[1] == 56); /* 1 + 2 + 4, 8 + 16 + 32 */
  g_assert_true(variance[0] == 7 && variance[1] == 0.1f);
  g_autoptr(MgNetwork) other =
      mg_network_new("{\"name\": \"o\", \"layers\": [{\"type\": \"linear\", \"name\": \"x\", \"out_features\": 4}]}",
                     "o", (MgShape){1, 2, 2}, 4, 3, NULL);
  g_assert_false(mg_network_load_tensors(other, file, NULL, left, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_DATA);
  test_remove(folder);
}

static void
test_no_file(void)
{
  g_autofree char *folder = test_folder();
  g_autofree char *absent = g_build_filename(folder, "absent.safetensors", NULL);
  g_autoptr(GError) error = NULL;
  g_assert_null(mg_safetensors_load(absent, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_IO);
  g_clear_error(&error);
  g_assert_null(mg_safetensors_load(folder, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_FORMAT);
  test_remove(g_steal_pointer(&folder));
}

/* A full disk: an error, and no file under the name. */
static void
test_full_disk(void)
{
  g_autofree char *folder = test_folder();
  g_autofree char *path = g_build_filename(folder, "f.safetensors", NULL);
  g_autoptr(GPtrArray) tensors = g_ptr_array_new_with_free_func((GDestroyNotify)mg_tensor_free);
  g_ptr_array_add(tensors, mg_tensor_new("a", "w", FALSE, 1, (int[]){1000}));
  mg_file_fail_after(500);
  g_autoptr(GError) error = NULL;
  g_assert_false(mg_safetensors_save(path, tensors, NULL, &error));
  mg_file_fail_after(-1);
  g_assert_error(error, MG_ERROR, MG_ERROR_IO);
  g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
  test_remove(g_steal_pointer(&folder));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *path = g_strdup_printf("/nn/safetensors/header/%s", cases[i].name);
    g_test_add_data_func(path, &cases[i], test_case);
  }
  g_test_add_func("/nn/safetensors/truncated", test_truncated);
  g_test_add_func("/nn/safetensors/lying-length", test_lying_length);
  g_test_add_func("/nn/safetensors/mutated", test_mutated);
  g_test_add_func("/nn/safetensors/wrong-tensor", test_wrong_tensor);
  g_test_add_func("/nn/safetensors/halves", test_halves);
  g_test_add_func("/nn/safetensors/state-dict", test_state_dict);
  g_test_add_func("/nn/safetensors/no-file", test_no_file);
  g_test_add_func("/nn/safetensors/full-disk", test_full_disk);
  return g_test_run();
}
