/* Model files that are whole, damaged and of the wrong shape, and what a layer makes of a segment. */
#include "toy.h"
#include "base/error.h"
#include "nn/safetensors.h"
#include "train/explain.h"
#include "train/evaluator.h"
#include "train/model-file.h"

static MgModel *
toy_model(const Toy *toy)
{
  g_autoptr(GPtrArray) labels = g_ptr_array_new();
  g_ptr_array_add(labels, (gpointer) "noise");
  g_ptr_array_add(labels, (gpointer) "sine “é”");
  g_autoptr(GError) error = NULL;
  MgModel *model = mg_model_new(TOY_NETWORK, "toy", toy->params, labels, 3, &error);
  g_assert_no_error(error);
  model->means[0] = -41.6789f;
  model->deviations[0] = 12.3456f;
  mg_model_set_provenance(model, "dataset", "/some/where");
  return model;
}

static void
test_round_trip(void)
{
  Toy toy = toy_new();
  g_autofree char *path = toy_run(&toy, "model.safetensors");
  g_autoptr(MgModel) saved = toy_model(&toy);
  g_autoptr(GError) error = NULL;
  g_assert_true(mg_model_save(saved, path, NULL, &error));
  g_autoptr(MgModel) loaded = mg_model_load(path, &error);
  g_assert_no_error(error);
  g_assert_cmpfloat(loaded->means[0], ==, saved->means[0]);
  g_assert_cmpfloat(loaded->deviations[0], ==, saved->deviations[0]);
  g_assert_cmpstr(loaded->labels->pdata[1], ==, "sine “é”");
  g_assert_cmpstr(g_hash_table_lookup(loaded->provenance, "dataset"), ==, "/some/where");
  g_autofree char *key_a = mg_params_key(saved->front_end, NULL), *key_b = mg_params_key(loaded->front_end, NULL);
  g_assert_cmpstr(key_a, ==, key_b);
  size_t size = mg_shape_size(mg_network_input(saved->network));
  g_autofree float *picture = g_new(float, size);
  MgRng rng = mg_rng_new(1);
  for (size_t i = 0; i < size; i++)
    picture[i] = mg_rng_between(&rng, -80, 0);
  const float *pictures[] = {picture};
  float a[2], b[2];
  mg_model_predict(saved, pictures, 1, a);
  mg_model_predict(loaded, pictures, 1, b);
  g_assert_cmpmem(a, sizeof a, b, sizeof b);
  g_assert_cmpfloat_with_epsilon(a[0] + a[1], 1, 1e-6);
  toy_free(&toy);
}

/* Replaces a piece of the file's header by another of the same length. */
static void
refuse_with(const Toy *toy, const char *from, const char *to, const char *expected)
{
  g_autofree char *path = toy_run(toy, "damaged.safetensors");
  g_autoptr(MgModel) model = toy_model(toy);
  g_assert_true(mg_model_save(model, path, NULL, NULL));
  size_t length;
  g_autofree char *bytes = mg_file_read(path, 1 << 24, &length, NULL);
  g_assert_cmpuint(strlen(from), ==, strlen(to));
  char *found = memmem(bytes, length, from, strlen(from));
  g_assert_nonnull(found);
  memcpy(found, to, strlen(to));
  g_assert_true(mg_file_write(path, bytes, length, NULL));
  g_autoptr(GError) error = NULL;
  g_autoptr(MgModel) loaded = mg_model_load(path, &error);
  g_assert_null(loaded);
  g_assert_nonnull(error);
  g_assert_null(strchr(error->message, '\n'));
  if (!strstr(error->message, path) || !strstr(error->message, expected))
    g_error("“%s” does not name the file and “%s”", error->message, expected);
}

/* Features that are no decibels have a mean and a deviation for each row. */
static void
test_rows(void)
{
  Toy toy = toy_new();
  toy_set(&toy, "feature=mfcc");
  toy_set(&toy, "n_mfcc=13");
  g_autofree char *path = toy_run(&toy, "model.safetensors");
  g_autoptr(MgModel) saved = toy_model(&toy);
  g_assert_cmpuint(saved->scales, ==, 13);
  for (size_t i = 0; i < 13; i++) {
    saved->means[i] = i * -1.5f;
    saved->deviations[i] = i + 0.25f;
  }
  g_autoptr(GError) error = NULL;
  g_assert_true(mg_model_save(saved, path, NULL, &error));
  g_autoptr(MgModel) loaded = mg_model_load(path, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(loaded->scales, ==, 13);
  size_t size = mg_shape_size(mg_network_input(loaded->network)), row = size / 13;
  g_autofree float *picture = g_new0(float, size);
  mg_model_normalise(loaded, picture, size, picture);
  for (size_t i = 0; i < size; i++)
    g_assert_cmpfloat_with_epsilon(picture[i], (i / row) * 1.5f / (i / row + 0.25f), 1e-5);
  refuse_with(&toy, "\"mean\":\"[", "\"mean\":\" ", "13 numbers");
  toy_free(&toy);
}

static void
test_damaged(void)
{
  Toy toy = toy_new();
  refuse_with(&toy, "\\\"out_channels\\\": 6", "\\\"out_channels\\\": 7", "conv1.weight");
  refuse_with(&toy, "\\\"kernel_size\\\": 3", "\\\"kernel_size\\\": 9", "the tensors in it hold");
  refuse_with(&toy, "\"conv1.bias\"", "\"conv1.bios\"", "conv1.bias");
  refuse_with(&toy, "\"kind\":\"network\"", "\"kind\":\"forests\"", "forests");
  refuse_with(&toy, "\"kind\":", "\"kund\":", "kind");
  refuse_with(&toy, "\"mean\":", "\"moan\":", "mean");
  refuse_with(&toy, "\"deviation\":\"12.3", "\"deviation\":\"-2.3", "deviation");
  refuse_with(&toy, "\"deviation\":\"12.3", "\"deviation\":\"1x.3", "deviation");
  refuse_with(&toy, "\\\"n_mels\\\":\\\"20\\\"", "\\\"n_mels\\\":\\\"xx\\\"", "n_mels=xx");
  refuse_with(&toy, "\\\"n_mels\\\":\\\"20\\\"", "\\\"n_molo\\\":\\\"20\\\"", "n_molo");
  refuse_with(&toy, "\"labels\":\"[", "\"labels\":\"x", "labels");
  toy_free(&toy);
}

/* Cut anywhere, the file is refused or, where only padding is gone, read. */
static void
test_truncated(void)
{
  Toy toy = toy_new();
  g_autofree char *path = toy_run(&toy, "model.safetensors");
  g_autoptr(MgModel) model = toy_model(&toy);
  g_assert_true(mg_model_save(model, path, NULL, NULL));
  size_t length;
  g_autofree char *bytes = mg_file_read(path, 1 << 24, &length, NULL);
  for (size_t cut = 0; cut < length; cut += MAX(1, length / 97)) {
    g_assert_true(mg_file_write(path, bytes, cut, NULL));
    g_autoptr(GError) error = NULL;
    g_autoptr(MgModel) loaded = mg_model_load(path, &error);
    g_assert_null(loaded);
    g_assert_nonnull(strstr(error->message, path));
  }
  toy_free(&toy);
}

static void
test_huge_pictures(void)
{
  Toy toy = toy_new();
  toy_set(&toy, "segment_seconds=3600");
  toy_set(&toy, "hop_length=1");
  g_autoptr(GPtrArray) labels = g_ptr_array_new();
  g_ptr_array_add(labels, (gpointer) "a");
  g_ptr_array_add(labels, (gpointer) "b");
  g_autoptr(GError) error = NULL;
  g_autoptr(MgModel) model = mg_model_new(TOY_NETWORK, "toy", toy.params, labels, 3, &error);
  g_assert_null(model);
  g_assert_error(error, MG_ERROR, MG_ERROR_LIMIT);
  toy_free(&toy);
}

static void
test_maps(void)
{
  Toy toy = toy_new();
  g_autoptr(MgModel) model = toy_model(&toy);
  g_autofree char *file = g_build_filename(toy.dataset, "sine", "3.wav", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(MgSeen) seen = mg_seen_load(model, file, 0, 0, 2, &error);
  g_assert_no_error(error);
  g_autoptr(MgFeatureMaps) maps = mg_feature_maps(seen, NULL, &error);
  g_assert_no_error(error);
  MgShape input = mg_network_input(model->network);
  g_assert_cmpstr(maps->layer, ==, "conv1");
  g_assert_cmpuint(maps->maps->len, ==, 6);
  g_assert_cmpuint(seen->picture->rows, ==, input.height);
  g_assert_cmpuint(seen->picture->cols, ==, input.width);
  g_assert_cmpfloat_with_epsilon(seen->x->data[7], (seen->picture->data[7] - model->means[0]) / model->deviations[0],
                                 1e-5);
  g_assert_cmpfloat_with_epsilon(seen->probabilities[0] + seen->probabilities[1], 1, 1e-6);
  /* One value of the convolution by hand: channel 4, row 5, column 6. */
  const MgTensor *weight = mg_network_tensors(model->network)->pdata[0];
  const MgTensor *bias = mg_network_tensors(model->network)->pdata[1];
  g_assert_cmpstr(weight->name, ==, "conv1.weight");
  double sum = bias->data[4];
  for (int r = 0; r < 3; r++)
    for (int c = 0; c < 3; c++)
      sum += weight->data[4 * 9 + r * 3 + c] * mg_matrix_row(seen->x, 5 + r - 1)[6 + c - 1];
  g_assert_cmpfloat_with_epsilon(mg_matrix_row(maps->maps->pdata[4], 5)[6], sum, 1e-4);
  g_autoptr(MgMatrix) stack = mg_feature_maps_stack(maps, NULL);
  g_assert_cmpuint(stack->rows, ==, 6 * input.height);
  g_assert_cmpfloat(mg_matrix_row(stack, 4 * input.height + 5)[6], ==, mg_matrix_row(maps->maps->pdata[4], 5)[6]);
  g_autoptr(MgFeatureMaps) filters = mg_feature_filters(model, NULL, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(filters->maps->len, ==, 6);
  g_assert_cmpfloat(mg_matrix_row(filters->maps->pdata[4], 2)[1], ==, weight->data[4 * 9 + 2 * 3 + 1]);
  /* [0.5, 1) holds two parts; its second one is the file's fourth. */
  g_autoptr(MgSeen) stretch = mg_seen_load(model, file, 0.5, 1, 2, &error);
  g_autoptr(MgFeatureMaps) pooled = mg_feature_maps(stretch, "pool1", &error);
  g_assert_no_error(error);
  g_assert_cmpuint(((MgMatrix *)pooled->maps->pdata[0])->rows, ==, input.height / 2);
  g_autoptr(MgSeen) fourth = mg_seen_load(model, file, 0, 0, 4, &error);
  g_assert_cmpmem(stretch->picture->data, input.height * input.width * sizeof(float), fourth->picture->data,
                  input.height * input.width * sizeof(float));
  toy_free(&toy);
}

static void
test_maps_refused(void)
{
  Toy toy = toy_new();
  g_autoptr(MgModel) model = toy_model(&toy);
  g_autofree char *file = g_build_filename(toy.dataset, "sine", "3.wav", NULL);
  static const int parts[] = {0, 9};
  for (int i = 0; i < 2; i++) {
    g_autoptr(GError) error = NULL;
    g_assert_null(mg_seen_load(model, file, 0, 0, parts[i], &error));
    g_assert_error(error, MG_ERROR, MG_ERROR_USAGE);
    g_assert_nonnull(strstr(error->message, "1 to 8"));
  }
  g_autoptr(GError) error = NULL;
  g_autoptr(MgSeen) seen = mg_seen_load(model, file, 0, 0, 1, &error);
  g_assert_no_error(error);
  g_assert_null(mg_feature_maps(seen, "conv9", &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_USAGE);
  g_assert_nonnull(strstr(error->message, "conv1, norm1"));
  toy_free(&toy);
}

static void
test_name(void)
{
  static const char *const names[][2] = {{"/a/b.c/esc10.safetensors", "esc10"},
                                         {"models/my.model.safetensors", "my.model"},
                                         {"/w/runs/small-cnn-2/checkpoints/best.safetensors", "small-cnn-2"},
                                         {"run/checkpoints/last.safetensors", "run"},
                                         {"plain", "plain"}};
  for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *name = mg_model_name(names[i][0]);
    g_assert_cmpstr(name, ==, names[i][1]);
  }
}

int
main(int argc, char **argv)
{
  toy_init(&argc, &argv);
  g_test_add_func("/model-file/round-trip", test_round_trip);
  g_test_add_func("/model-file/rows", test_rows);
  g_test_add_func("/model-file/damaged", test_damaged);
  g_test_add_func("/model-file/truncated", test_truncated);
  g_test_add_func("/model-file/name", test_name);
  g_test_add_func("/model-file/huge-pictures", test_huge_pictures);
  g_test_add_func("/explain/maps", test_maps);
  g_test_add_func("/explain/refused", test_maps_refused);
  return toy_end(g_test_run());
}
