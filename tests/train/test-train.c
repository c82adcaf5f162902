#include "toy.h"
#include "base/csv.h"
#include "base/error.h"
#include "base/memory.h"
#include "ml/metrics.h"
#include "train/evaluator.h"
#include "train/model-file.h"
#include "train/run-dir.h"

static double
accuracy_of(const MgPredictions *predictions)
{
  g_autofree guint *matrix = mg_predictions_confusion(predictions);
  return mg_confusion_accuracy(matrix, (int)predictions->labels->len);
}

static MgPredictions *
evaluate(const char *run, const char *checkpoint, const char *split)
{
  g_autoptr(GError) error = NULL;
  MgPredictions *predictions = mg_evaluate_run(run, checkpoint, split, 1, NULL, &error);
  g_assert_no_error(error);
  return predictions;
}

static void
test_learns(void)
{
  Toy toy = toy_new();
  g_autofree char *run = toy_run(&toy, "run");
  toy_train(&toy, run);
  g_autoptr(MgPredictions) test = evaluate(run, "best", "test");
  g_assert_cmpfloat(accuracy_of(test), ==, 1);
  g_assert_cmpuint(test->predictions->len, ==, 2 * 2 * 8); /* a fifth of 8 tracks, rounded up; 8 parts each */
  g_assert_false(test->leaky);
  MgRunStatus status;
  g_assert_true(mg_run_status_read(run, &status, NULL));
  g_assert_cmpint(status.state, ==, MG_RUN_FINISHED);
  g_assert_cmpint(status.epoch, ==, 4);
  g_assert_cmpint(status.step, ==, status.steps);
  toy_free(&toy);
}

/* What the run's files hold, and that splits do not leak. */
static void
test_files(void)
{
  Toy toy = toy_new();
  g_autofree char *run = toy_run(&toy, "run");
  toy_train(&toy, run);
  g_autofree char *metrics = toy_text(run, "metrics.csv");
  g_assert_true(g_str_has_prefix(metrics, "epoch,step,split,name,value\n1,1,train,loss,"));
  static const char *const names[] = {",train,accuracy,", ",train,learning_rate,", ",val,loss,",       ",val,accuracy,",
                                      ",val,f1_macro,",   ",val,recall:noise,",    ",val,recall:sine,"};
  for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
    g_assert_nonnull(strstr(metrics, names[i]));
  g_autofree char *split_path = g_build_filename(run, "split.csv", NULL);
  g_autoptr(MgCsv) split = mg_csv_load(split_path, NULL);
  g_assert_cmpuint(split->rows->len, ==, 2 * TOY_TRACKS);
  g_assert_cmpstr(mg_csv_get(split, 0, 1), ==, "noise");
  g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
  g_autoptr(MgPredictions) train = evaluate(run, "last", "train");
  g_autoptr(MgPredictions) val = evaluate(run, "last", "val");
  g_autoptr(MgPredictions) test = evaluate(run, "last", "test");
  const MgPredictions *parts[] = {train, val, test};
  for (int i = 0; i < 3; i++)
    for (guint k = 0; k < parts[i]->predictions->len; k++) {
      MgPrediction *row = parts[i]->predictions->pdata[k];
      gpointer side = g_hash_table_lookup(seen, row->track);
      g_assert_true(!side || side == GINT_TO_POINTER(i + 1));
      g_hash_table_insert(seen, row->track, GINT_TO_POINTER(i + 1));
    }
  g_assert_cmpuint(g_hash_table_size(seen), ==, 2 * TOY_TRACKS);
  g_autofree char *log = toy_text(run, "log.txt");
  g_assert_nonnull(strstr(log, "epoch 4:"));
  toy_free(&toy);
}

/* A file outside of any data set goes the same way as one inside. */
static void
test_predict_agrees_with_evaluate(void)
{
  Toy toy = toy_new();
  g_autofree char *run = toy_run(&toy, "run");
  toy_train(&toy, run);
  g_autoptr(MgPredictions) test = evaluate(run, "best", "test");
  const MgPrediction *first = test->predictions->pdata[0];
  const char *files[] = {first->track, "/nowhere/at all.wav", toy.model, NULL};
  g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
  g_autofree char *model = mg_checkpoint_path(run, "best", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(MgPredictions) again = mg_predict_files(model, files, 1, problems, NULL, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(again->predictions->len, ==, 8);
  for (guint i = 0; i < 8; i++) {
    const MgPrediction *a = test->predictions->pdata[i], *b = again->predictions->pdata[i];
    g_assert_cmpstr(a->songname, ==, b->songname);
    g_assert_cmpstr(a->track, ==, b->track);
    g_assert_cmpint(b->y_test, ==, -1);
    g_assert_null(b->genre);
    g_assert_cmpfloat_with_epsilon(a->probabilities[0], b->probabilities[0], 1e-5);
  }
  g_assert_cmpuint(problems->len, ==, 2);
  g_assert_nonnull(strstr(problems->pdata[0], "/nowhere/at all.wav"));
  g_assert_nonnull(strstr(problems->pdata[1], "toy.json"));
  toy_free(&toy);
}

static void
test_same_seed_same_numbers(void)
{
  Toy toy = toy_new();
  g_autofree char *a = toy_run(&toy, "a"), *b = toy_run(&toy, "b"), *c = toy_run(&toy, "c");
  toy_set(&toy, "epochs=2");
  toy_train(&toy, a);
  toy_train(&toy, b);
  toy_set(&toy, "seed=5");
  toy_train(&toy, c);
  g_autofree char *text_a = toy_text(a, "metrics.csv"), *text_b = toy_text(b, "metrics.csv");
  g_autofree char *text_c = toy_text(c, "metrics.csv");
  g_assert_cmpstr(text_a, ==, text_b);
  g_assert_cmpstr(text_a, !=, text_c);
  toy_free(&toy);
}

static void
test_leaky_says_so(void)
{
  Toy toy = toy_new();
  g_autofree char *run = toy_run(&toy, "run");
  toy_set(&toy, "split=leaky:6:2:2");
  toy_set(&toy, "epochs=1");
  toy_train(&toy, run);
  g_autoptr(MgPredictions) test = evaluate(run, "best", "test");
  g_assert_true(test->leaky);
  g_autofree char *log = toy_text(run, "log.txt"), *path = g_build_filename(run, "predictions.csv", NULL);
  g_assert_nonnull(strstr(log, "leaky"));
  g_assert_true(mg_predictions_save(test, path, NULL));
  g_autoptr(MgPredictions) loaded = mg_predictions_load(path, NULL);
  g_assert_true(loaded->leaky);
  g_autofree char *model = mg_checkpoint_path(run, "best", NULL);
  const char *files[] = {((MgPrediction *)test->predictions->pdata[0])->track, NULL};
  g_autoptr(MgPredictions) predicted = mg_predict_files(model, files, 1, NULL, NULL, NULL);
  g_assert_true(predicted->leaky);
  /* Every segment is on exactly one side. */
  g_autoptr(MgPredictions) train = evaluate(run, "best", "train");
  g_autoptr(MgPredictions) val = evaluate(run, "best", "val");
  g_assert_cmpuint(train->predictions->len + val->predictions->len + test->predictions->len, ==, 2 * TOY_TRACKS * 8);
  toy_free(&toy);
}

static void
test_without_validation(void)
{
  Toy toy = toy_new();
  g_autofree char *run = toy_run(&toy, "run");
  toy_set(&toy, "split=8:0:2");
  toy_set(&toy, "epochs=2");
  toy_train(&toy, run);
  g_autofree char *metrics = toy_text(run, "metrics.csv");
  g_assert_null(strstr(metrics, ",val,"));
  g_autofree char *path = mg_checkpoint_path(run, "best", NULL);
  g_autoptr(MgModel) best = mg_model_load(path, NULL);
  g_assert_cmpstr(g_hash_table_lookup(best->provenance, "epoch"), ==, "2");
  g_autoptr(GError) error = NULL;
  g_autoptr(MgPredictions) none = mg_evaluate_run(run, "best", "val", 1, NULL, &error);
  g_assert_null(none);
  g_assert_error(error, MG_ERROR, MG_ERROR_DATA);
  toy_free(&toy);
}

/* A rate of next to nothing without batch norm: no epoch is better than the first. */
static void
test_early_stop(void)
{
  static const char still[] =
      "{\"name\": \"still\", \"layers\": [{\"type\": \"global-average-pool\", \"name\": \"mean\"},"
      "{\"type\": \"linear\", \"name\": \"logits\", \"out_features\": \"classes\"}]}";
  Toy toy = toy_new();
  g_autofree char *run = toy_run(&toy, "run");
  g_assert_true(mg_file_write(toy.model, still, strlen(still), NULL));
  toy_set(&toy, "optimizer=sgd");
  toy_set(&toy, "momentum=0");
  toy_set(&toy, "learning_rate=1e-8"); /* less than a weight's last bit */
  toy_set(&toy, "epochs=1000");
  toy_set(&toy, "early_stop=3");
  toy_train(&toy, run);
  MgRunStatus status;
  g_assert_true(mg_run_status_read(run, &status, NULL));
  g_assert_cmpint(status.state, ==, MG_RUN_FINISHED);
  g_assert_cmpint(status.epoch, ==, 4);
  toy_free(&toy);
}

/* The run keeps its own list of tracks: one that joins the data set later is in none of its sides. */
static void
test_data_set_grows(void)
{
  Toy toy = toy_new();
  g_autofree char *run = toy_run(&toy, "run"), *added = g_build_filename(toy.dataset, "sine", "00-new.wav", NULL);
  toy_set(&toy, "epochs=1");
  toy_train(&toy, run);
  g_autoptr(MgPredictions) before = evaluate(run, "best", "test");
  toy_track(added, TRUE, 11);
  g_autoptr(MgPredictions) after = evaluate(run, "best", "test");
  g_assert_cmpuint(before->predictions->len, ==, after->predictions->len);
  for (guint i = 0; i < before->predictions->len; i++)
    g_assert_cmpstr(((MgPrediction *)before->predictions->pdata[i])->track, ==,
                    ((MgPrediction *)after->predictions->pdata[i])->track);
  toy_free(&toy);
}

static void
fail(const MgTrainJob *job, MgError code, const char *const *expected)
{
  g_autoptr(GError) error = NULL;
  g_assert_false(mg_train(job, NULL, &error));
  g_assert_error(error, MG_ERROR, (int)code);
  g_assert_null(strchr(error->message, '\n'));
  for (; *expected; expected++)
    if (!strstr(error->message, *expected))
      g_error("“%s” does not say “%s”", error->message, *expected);
}

/* Steps far too large: the run ends with the step, the layer and advice, and its last checkpoint is a model. */
static void
test_not_finite(void)
{
  static const char *const expected[] = {" at step ", " of layer ", "learning_rate than 100", "clip_norm", NULL};
  Toy toy = toy_new();
  g_autofree char *run = toy_run(&toy, "run");
  toy_set(&toy, "optimizer=sgd");
  toy_set(&toy, "learning_rate=100");
  toy_set(&toy, "schedule=constant");
  toy_set(&toy, "epochs=200");
  MgTrainJob job = toy_job(&toy, run);
  fail(&job, MG_ERROR_DATA, expected);
  MgRunStatus status;
  g_assert_true(mg_run_status_read(run, &status, NULL));
  g_assert_cmpint(status.state, ==, MG_RUN_FAILED);
  g_assert_nonnull(strstr(status.message, "learning_rate"));
  g_autofree char *last = mg_checkpoint_path(run, "last", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(MgModel) model = mg_model_load(last, &error);
  g_assert_no_error(error);
  const GPtrArray *tensors = mg_network_tensors(model->network);
  for (guint i = 0; i < tensors->len; i++)
    for (size_t k = 0; k < ((MgTensor *)tensors->pdata[i])->n; k++)
      g_assert_true(isfinite(((MgTensor *)tensors->pdata[i])->data[k]));
  toy_free(&toy);
}

/* Too little memory is said with the estimate, before anything is written; with enough of it the same run goes on. */
static void
test_memory(void)
{
  static const char *const expected[] = {"not enough memory", "network", "batch_size", "but 1 MB", NULL};
  Toy toy = toy_new();
  g_autofree char *run = toy_run(&toy, "run");
  MgTrainJob job = toy_job(&toy, run);
  toy_set(&toy, "epochs=1");
  mg_memory_pretend(1000 * 1000);
  fail(&job, MG_ERROR_LIMIT, expected);
  g_assert_false(g_file_test(run, G_FILE_TEST_EXISTS));
  mg_memory_pretend(G_MAXUINT64);
  toy_train(&toy, run);
  g_autofree char *log = toy_text(run, "log.txt");
  g_assert_nonnull(strstr(log, "memory: about "));
  toy_free(&toy);
}

/* Those that watch the validation segments say so where there are none. */
static void
test_wants_validation(void)
{
  static const char *const plateau[] = {"schedule=on-plateau", "validation", NULL};
  static const char *const early[] = {"early_stop", "validation", NULL};
  Toy toy = toy_new();
  g_autofree char *run = toy_run(&toy, "run");
  MgTrainJob job = toy_job(&toy, run);
  toy_set(&toy, "split=8:0:2");
  toy_set(&toy, "schedule=on-plateau");
  fail(&job, MG_ERROR_DATA, plateau);
  toy_set(&toy, "schedule=constant");
  toy_set(&toy, "early_stop=2");
  fail(&job, MG_ERROR_DATA, early);
  g_assert_false(g_file_test(run, G_FILE_TEST_EXISTS));
  toy_free(&toy);
}

int
main(int argc, char **argv)
{
  toy_init(&argc, &argv);
  g_test_add_func("/train/learns", test_learns);
  g_test_add_func("/train/files", test_files);
  g_test_add_func("/train/predict-agrees-with-evaluate", test_predict_agrees_with_evaluate);
  g_test_add_func("/train/same-seed", test_same_seed_same_numbers);
  g_test_add_func("/train/leaky", test_leaky_says_so);
  g_test_add_func("/train/without-validation", test_without_validation);
  g_test_add_func("/train/early-stop", test_early_stop);
  g_test_add_func("/train/not-finite", test_not_finite);
  g_test_add_func("/train/memory", test_memory);
  g_test_add_func("/train/wants-validation", test_wants_validation);
  g_test_add_func("/train/data-set-grows", test_data_set_grows);
  return toy_end(g_test_run());
}
