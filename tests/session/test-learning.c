/* What a network has learned, read from its run folder: as many maps and filters as the layer has, of the segment that
 * was chosen, and anew when the checkpoint is. */
#include "session-support.h"
#include "train/toy.h"
#include "session/learning.h"
#include "train/run-confusion.h"

static void
count(guint *n)
{
  (*n)++;
}

static double
mean_of(const MgMatrix *matrix)
{
  double sum = 0;
  for (size_t i = 0; i < matrix->rows * matrix->cols; i++)
    sum += matrix->data[i];
  return sum / (double)(matrix->rows * matrix->cols);
}

static void
test_follow(void)
{
  Toy toy = toy_new();
  g_autofree char *folder = toy_run(&toy, "run");
  toy_train(&toy, folder);
  g_autoptr(MgRun) run = mg_run_new(folder);
  mg_run_refresh(run);
  g_autoptr(MgLearning) learning = mg_learning_new();
  mg_learning_follow(learning, run);
  test_wait_for(mg_learning_maps(learning) != NULL);
  g_assert_cmpstr(mg_learning_message(learning), ==, "");
  g_assert_cmpuint(mg_learning_maps(learning)->len, ==, 6);
  g_assert_cmpuint(mg_learning_filters(learning)->len, ==, 6);
  g_assert_cmpstr(mg_learning_layer(learning), ==, "conv1");
  g_assert_cmpint(mg_learning_n_parts(learning), ==, TOY_SECONDS * 4);
  g_assert_cmpuint(g_strv_length((char **)mg_learning_tracks(learning)), >=, 2);

  const char *const *labels;
  int epoch;
  const guint *matrix = mg_learning_confusion(learning, &labels, &epoch);
  g_assert_nonnull(matrix);
  g_assert_cmpint(epoch, ==, 4);
  g_assert_cmpstr(labels[1], ==, "sine");
  double right = matrix[0] + matrix[3], all = right + matrix[1] + matrix[2];
  g_assert_cmpfloat(fabs(right / all - mg_run_last(run, "val", "accuracy")), <, 1e-6);

  double before = mean_of(mg_learning_input(learning));
  guint changes = 0, tracks = g_strv_length((char **)mg_learning_tracks(learning));
  g_signal_connect_swapped(learning, "changed", G_CALLBACK(count), &changes);
  mg_learning_choose(learning, tracks - 1, 3);
  test_wait_for(changes > 0);
  g_assert_cmpfloat(mean_of(mg_learning_input(learning)), !=, before);

  changes = 0; /* a new checkpoint, as after an epoch */
  g_autofree char *best = g_build_filename(folder, "checkpoints/best.safetensors", NULL);
  g_autofree char *text = NULL;
  gsize length;
  g_assert_true(g_file_get_contents(best, &text, &length, NULL));
  g_autofree char *last = g_build_filename(folder, "checkpoints/last.safetensors", NULL);
  g_assert_true(g_file_set_contents(last, text, (gssize)length, NULL));
  g_signal_emit_by_name(run, "changed");
  test_wait_for(changes > 0);
  mg_learning_follow(learning, NULL);
  g_assert_null(mg_learning_maps(learning));
  toy_free(&toy);
}

/* A folder that is no network's run says why there is nothing. */
static void
test_nothing(void)
{
  char *folder = test_folder();
  test_write(folder, "config.ini", "[run]\nkind=table\ndataset=/t\nmodel=svc\nlabels=a;b;\n");
  test_write(folder, "checkpoints/last.safetensors", "nothing");
  g_autoptr(MgRun) run = mg_run_new(folder);
  g_autoptr(MgLearning) learning = mg_learning_new();
  mg_learning_follow(learning, run);
  test_wait_for(*mg_learning_message(learning));
  g_assert_null(mg_learning_maps(learning));
  test_remove(folder);
}

static void
test_confusion_file(void)
{
  char *folder = test_folder();
  g_autoptr(GPtrArray) labels = g_ptr_array_new();
  g_ptr_array_add(labels, "a, b");
  g_ptr_array_add(labels, "c");
  const guint matrix[] = {1, 2, 3, 4};
  g_autoptr(GError) error = NULL;
  mg_run_confusion_save(folder, 7, labels, matrix, &error);
  g_assert_no_error(error);
  g_auto(GStrv) names = NULL;
  int epoch = 0;
  g_autofree guint *back = mg_run_confusion_load(folder, &names, &epoch, &error);
  g_assert_no_error(error);
  g_assert_cmpmem(back, sizeof matrix, matrix, sizeof matrix);
  g_assert_cmpint(epoch, ==, 7);
  g_assert_cmpstr(names[0], ==, "a, b");
  test_write(folder, "confusion.csv", "epoch,truth,a,b\n1,a,3,4\n");
  g_auto(GStrv) none = NULL;
  g_assert_null(mg_run_confusion_load(folder, &none, &epoch, &error));
  g_assert_nonnull(strstr(error->message, "square matrix"));
  test_remove(folder);
}

int
main(int argc, char **argv)
{
  toy_init(&argc, &argv);
  g_test_add_func("/session/learning/follow", test_follow);
  g_test_add_func("/session/learning/nothing", test_nothing);
  g_test_add_func("/session/learning/confusion-file", test_confusion_file);
  return toy_end(g_test_run());
}
