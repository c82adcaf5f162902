/* What one training hands to another, and the vectors that a network's layers make. */
#include "toy.h"
#include "base/csv.h"
#include "base/error.h"
#include "nn/loss.h"
#include "train/embeddings.h"
#include "train/evaluator.h"
#include "train/transfer.h"

static MgModel *
load(const char *run, const char *checkpoint)
{
  g_autofree char *path = mg_checkpoint_path(run, checkpoint, NULL);
  g_autoptr(GError) error = NULL;
  MgModel *model = mg_model_load(path, &error);
  g_assert_no_error(error);
  return model;
}

static const MgTensor *
tensor_of(const MgModel *model, const char *name)
{
  const GPtrArray *tensors = mg_network_tensors(model->network);
  for (guint i = 0; i < tensors->len; i++)
    if (g_str_equal(((MgTensor *)tensors->pdata[i])->name, name))
      return tensors->pdata[i];
  g_error("there is no tensor %s", name);
}

static gboolean
same_tensor(const MgModel *a, const MgModel *b, const char *name)
{
  const MgTensor *one = tensor_of(a, name), *other = tensor_of(b, name);
  return one->n == other->n && memcmp(one->data, other->data, one->n * sizeof(float)) == 0;
}

/* A run `name` that starts from the checkpoint of another one. */
static char *
train_from(Toy *toy, const char *first, const char *name)
{
  g_autofree char *path = mg_checkpoint_path(first, "best", NULL), *init = g_strdup_printf("init=%s", path);
  char *run = toy_run(toy, name);
  toy_set(toy, init);
  toy_train(toy, run);
  return run;
}

/* Frozen layers stay bit by bit, their moving statistics too; the others learn; a frozen layer may be one of several
 * that are otherwise computed together. */
static void
test_freeze(gconstpointer data)
{
  const char *layer = data;
  Toy toy = toy_new();
  g_autofree char *first = toy_run(&toy, "first"), *freeze = g_strdup_printf("freeze=%s", layer);
  toy_train(&toy, first);
  toy_set(&toy, freeze);
  toy_set(&toy, "seed=5");
  g_autofree char *second = train_from(&toy, first, "second");
  g_autoptr(MgModel) before = load(first, "best");
  g_autoptr(MgModel) after = load(second, "last");
  gboolean norm_too = !g_str_equal(layer, "conv1");
  g_assert_true(same_tensor(before, after, "conv1.weight"));
  g_assert_cmpint(same_tensor(before, after, "norm1.weight"), ==, norm_too);
  g_assert_cmpint(same_tensor(before, after, "norm1.running_mean"), ==, norm_too);
  g_assert_false(same_tensor(before, after, "logits.weight"));
  g_assert_cmpfloat(before->means[0], ==, after->means[0]);
  g_assert_cmpfloat(before->deviations[0], ==, after->deviations[0]);
  g_autofree char *log = toy_text(second, "log.txt");
  g_assert_nonnull(strstr(log, "init: 8 tensors from "));
  toy_free(&toy);
}

/* Other classes: the last layer starts anew, and only that one. */
static void
test_head(void)
{
  Toy toy = toy_new();
  g_autofree char *first = toy_run(&toy, "first"), *noise = g_build_filename(toy.dataset, "noise", NULL);
  g_autofree char *hiss = g_build_filename(toy.dataset, "hiss", NULL);
  toy_train(&toy, first);
  g_assert_cmpint(rename(noise, hiss), ==, 0);
  g_autoptr(GPtrArray) labels = g_ptr_array_new();
  g_ptr_array_add(labels, "hiss");
  g_ptr_array_add(labels, "sine");
  g_autoptr(GError) error = NULL;
  g_autoptr(MgModel) fresh = mg_model_new(TOY_NETWORK, "toy", toy.params, labels, 9, &error);
  g_autoptr(MgModel) model = mg_model_new(TOY_NETWORK, "toy", toy.params, labels, 9, &error);
  g_autoptr(MgModel) from = load(first, "best");
  g_autofree char *path = mg_checkpoint_path(first, "best", NULL), *note = NULL;
  gboolean normalised = FALSE;
  g_assert_true(mg_transfer_init(model, path, &normalised, &note, &error));
  g_assert_no_error(error);
  g_assert_true(normalised);
  g_assert_true(same_tensor(model, from, "norm1.running_var"));
  g_assert_true(same_tensor(model, fresh, "logits.weight"));
  g_assert_nonnull(strstr(note, "at random: logits.weight, logits.bias"));
  g_autofree char *second = train_from(&toy, first, "second"); /* and the whole way */
  toy_free(&toy);
}

static void
refuse(const MgTrainJob *job, MgError code, const char *expected)
{
  g_autoptr(GError) error = NULL;
  g_assert_false(mg_train(job, NULL, &error));
  g_assert_error(error, MG_ERROR, (int)code);
  if (!strstr(error->message, expected))
    g_error("“%s” does not say “%s”", error->message, expected);
  g_assert_false(g_file_test(job->run, G_FILE_TEST_EXISTS));
}

static void
test_refused(void)
{
  Toy toy = toy_new();
  g_autofree char *run = toy_run(&toy, "run"), *first = toy_run(&toy, "first"), *path = NULL;
  MgTrainJob job = toy_job(&toy, run);
  toy_set(&toy, "epochs=1");
  toy_train(&toy, first);
  toy_set(&toy, "freeze=conv9");
  refuse(&job, MG_ERROR_USAGE, "freeze=conv9: expected one of the layers before the last that learns: conv1, norm1");
  toy_set(&toy, "freeze=logits");
  refuse(&job, MG_ERROR_USAGE, "freeze=logits");
  toy_set(&toy, "freeze=");
  toy_set(&toy, "init=/nowhere/model.safetensors");
  refuse(&job, MG_ERROR_IO, "/nowhere/model.safetensors");
  toy_set(&toy, "init=no-such-model");
  refuse(&job, MG_ERROR_IO, "no-such-model");
  static const char other[] =
      "{\"name\": \"other\", \"layers\": [{\"type\": \"global-average-pool\", \"name\": \"mean\"}, "
      "{\"type\": \"linear\", \"name\": \"answers\", \"out_features\": \"classes\"}]}";
  g_assert_true(mg_file_write(toy.model, other, strlen(other), NULL));
  path = mg_checkpoint_path(first, "best", NULL);
  g_autofree char *init = g_strdup_printf("init=%s", path);
  toy_set(&toy, init);
  refuse(&job, MG_ERROR_DATA, "none of its tensors");
  toy_free(&toy);
}

/* The vectors before the logits, sent through the last layer, are the probabilities that evaluating gives. */
static void
test_embeddings(void)
{
  Toy toy = toy_new();
  g_autofree char *run = toy_run(&toy, "run");
  toy_train(&toy, run);
  g_autoptr(GError) error = NULL;
  g_autoptr(MgEmbeddings) all = mg_embeddings_of_run(run, "best", NULL, 1, NULL, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(all->layer, ==, "drop");
  g_assert_cmpuint(all->rows->len, ==, 2 * TOY_TRACKS * 8);
  g_assert_cmpuint(all->vectors->cols, ==, 6);
  g_autoptr(MgPredictions) test = mg_evaluate_run(run, "best", "test", 1, NULL, &error);
  g_autoptr(MgModel) model = load(run, "best");
  const float *weight = tensor_of(model, "logits.weight")->data, *bias = tensor_of(model, "logits.bias")->data;
  guint seen = 0;
  for (guint i = 0; i < all->rows->len; i++) {
    const MgEmbeddingRow *row = all->rows->pdata[i];
    if (row->split != MG_SPLIT_TEST)
      continue;
    const MgPrediction *prediction = test->predictions->pdata[seen++];
    float logits[2] = {bias[0], bias[1]}, probabilities[2];
    for (int c = 0; c < 2; c++)
      for (int k = 0; k < 6; k++)
        logits[c] += weight[c * 6 + k] * mg_matrix_row(all->vectors, i)[k];
    mg_softmax(logits, 1, 2, probabilities);
    g_assert_cmpstr(row->songname, ==, prediction->songname);
    g_assert_cmpint(row->label, ==, prediction->y_test);
    g_assert_cmpfloat_with_epsilon(probabilities[0], prediction->probabilities[0], 1e-5);
    const MgPrediction *same = all->predictions->predictions->pdata[i];
    g_assert_cmpstr(same->songname, ==, prediction->songname);
    g_assert_cmpint(same->y_test, ==, prediction->y_test);
    g_assert_cmpfloat_with_epsilon(same->probabilities[0], prediction->probabilities[0], 1e-5);
  }
  g_assert_cmpuint(seen, ==, test->predictions->len);
  toy_free(&toy);
}

/* Of maps the means; a model on another data set; a table that reads back; a wrong name is told with the right ones. */
static void
test_embeddings_of_layers(void)
{
  Toy toy = toy_new();
  g_autofree char *run = toy_run(&toy, "run"), *table = g_build_filename(toy.folder, "table.csv", NULL);
  toy_set(&toy, "epochs=1");
  toy_train(&toy, run);
  g_autofree char *model = mg_checkpoint_path(run, "best", NULL);
  g_autoptr(GError) error = NULL;
  MgImportOptions import = {0};
  g_autoptr(MgEmbeddings) maps = mg_embeddings_of_dataset(model, toy.dataset, &import, "pool1", 1, NULL, &error);
  g_autoptr(MgEmbeddings) means = mg_embeddings_of_dataset(model, toy.dataset, &import, "mean", 1, NULL, &error);
  g_assert_no_error(error);
  for (size_t i = 0; i < means->vectors->rows * means->vectors->cols; i++)
    g_assert_cmpfloat_with_epsilon(maps->vectors->data[i], means->vectors->data[i], 1e-5);
  g_assert_true(mg_embeddings_save(means, table, &error));
  g_autoptr(MgCsv) csv = mg_csv_load(table, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(csv->rows->len, ==, means->rows->len);
  g_assert_cmpuint(csv->columns->len, ==, 7 + 6);
  g_assert_cmpstr(mg_csv_get(csv, 1, mg_csv_column(csv, "songname")), ==, "0.wav_2");
  g_assert_cmpstr(mg_csv_get(csv, 1, mg_csv_column(csv, "label")), ==, "noise");
  g_assert_cmpfloat_with_epsilon(g_ascii_strtod(mg_csv_get(csv, 1, mg_csv_column(csv, "e5")), NULL),
                                 mg_matrix_row(means->vectors, 1)[5], 1e-6);
  g_assert_null(mg_embeddings_of_run(run, "best", "conv7", 1, NULL, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_USAGE);
  g_assert_nonnull(strstr(error->message, "conv1, norm1"));
  toy_free(&toy);
}

int
main(int argc, char **argv)
{
  toy_init(&argc, &argv);
  g_test_add_data_func("/transfer/freeze-stage", "pool1", test_freeze);
  g_test_add_data_func("/transfer/freeze-inside", "conv1", test_freeze);
  g_test_add_func("/transfer/head", test_head);
  g_test_add_func("/transfer/refused", test_refused);
  g_test_add_func("/transfer/embeddings", test_embeddings);
  g_test_add_func("/transfer/embeddings-of-layers", test_embeddings_of_layers);
  return toy_end(g_test_run());
}
