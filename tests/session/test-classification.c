/* Files classified by a child: the table, what could not be read, giving up. */
#include "session-support.h"
#include "session/classification.h"

static char *folder;

/* A stand-in for `predict`, that gives each file of the list a segment. */
static void
write_table(const char *const *tracks)
{
  g_autoptr(GPtrArray) labels = g_ptr_array_new();
  g_ptr_array_add(labels, (gpointer) "classique");
  g_ptr_array_add(labels, (gpointer) "rap");
  g_autoptr(MgPredictions) table = mg_predictions_new(labels);
  for (; *tracks; tracks++) {
    mg_predictions_add(table, *tracks, -1, 1, 0, 5, (float[]){0.9f, 0.1f});
    mg_predictions_add(table, *tracks, -1, 2, 5, 10, (float[]){0.7f, 0.3f});
    mg_predictions_add(table, *tracks, -1, 3, 10, 15, (float[]){0.2f, 0.8f});
  }
  g_autofree char *path = g_build_filename(folder, "table.csv", NULL);
  g_assert_true(mg_predictions_save(table, path, NULL));
}

static void
use_program(const char *end)
{
  g_autofree char *body = g_strdup_printf("test \"$1 $3 $4 $5\" = 'predict --model m.safetensors --out' || exit 7\n"
                                          "cp '%s/table.csv' \"$6\"; %s",
                                          folder, end);
  test_fake_program(folder, body);
}

static void
test_folder_of_tracks(void)
{
  write_table((const char *const[]){"/t/a.wav", "/t/b.wav", NULL});
  use_program("test \"$7 $8\" = \"-- $PWD_OF_TEST/sounds\"");
  g_setenv("PWD_OF_TEST", folder, TRUE);
  test_write(folder, "sounds/a.wav", "");
  test_write(folder, "sounds/deep/b.wav", "");
  test_write(folder, "sounds/note.txt", "");
  g_autofree char *sounds = g_build_filename(folder, "sounds", NULL);
  g_autoptr(MgClassification) classification = mg_classification_new();
  mg_classification_start(classification, "m.safetensors", (const char *const[]){sounds, NULL});
  g_assert_true(mg_classification_working(classification));
  test_wait_for(!mg_classification_working(classification));
  guint n;
  g_assert_null(mg_classification_problem(classification, &n));
  MgResults *results = mg_classification_results(classification);
  g_assert_cmpuint(mg_results_n_tracks(results), ==, 2);
  const MgVote *vote = mg_results_track(results, 1);
  g_assert_cmpstr(vote->track, ==, "/t/b.wav");
  g_assert_cmpint(vote->y_pred, ==, 0);
  g_assert_cmpint(vote->votes, ==, 2);
  g_assert_cmpint(vote->segments, ==, 3);
}

/* What is good is there, and the rest is told. */
static void
test_some_bad(void)
{
  write_table((const char *const[]){"/t/a.wav", NULL});
  use_program("echo 'melograph-cli: b.wav: no sound' >&2; echo 'melograph-cli: c.wav: no sound' >&2; exit 1");
  g_autoptr(MgClassification) classification = mg_classification_new();
  mg_classification_start(classification, "m.safetensors", (const char *const[]){"a.wav", "b.wav", "c.wav", NULL});
  test_wait_for(!mg_classification_working(classification));
  guint n;
  g_assert_cmpstr(mg_classification_problem(classification, &n), ==, "c.wav: no sound");
  g_assert_cmpuint(n, ==, 2);
  g_assert_cmpuint(mg_results_n_tracks(mg_classification_results(classification)), ==, 1);
}

static void
test_all_bad(void)
{
  guint n;
  test_fake_program(folder, "echo 'melograph-cli: m.safetensors: no model' >&2; exit 1");
  g_autoptr(MgClassification) classification = mg_classification_new();
  mg_classification_start(classification, "m.safetensors", (const char *const[]){"a.wav", NULL});
  test_wait_for(!mg_classification_working(classification));
  g_assert_cmpstr(mg_classification_problem(classification, &n), ==, "m.safetensors: no model");
  g_assert_cmpuint(n, ==, 0);
  test_write(folder, "empty/note.txt", "");
  g_autofree char *empty = g_build_filename(folder, "empty", NULL);
  mg_classification_start(classification, "m.safetensors", (const char *const[]){empty, NULL});
  test_wait_for(!mg_classification_working(classification));
  g_assert_nonnull(strstr(mg_classification_problem(classification, &n), "no sound file"));
}

/* Given up, and begun anew while one works: only the last one counts. */
static void
test_given_up(void)
{
  test_fake_program(folder, "exec sleep 60");
  g_autoptr(MgClassification) classification = mg_classification_new();
  mg_classification_start(classification, "m.safetensors", (const char *const[]){"a.wav", NULL});
  mg_classification_stop(classification);
  g_assert_false(mg_classification_working(classification));
  mg_classification_start(classification, "m.safetensors", (const char *const[]){"a.wav", NULL});
  write_table((const char *const[]){"/t/z.wav", NULL});
  use_program("true");
  mg_classification_start(classification, "m.safetensors", (const char *const[]){"z.wav", NULL});
  test_wait_for(!mg_classification_working(classification));
  guint n;
  g_assert_null(mg_classification_problem(classification, &n));
  g_assert_cmpuint(mg_results_n_tracks(mg_classification_results(classification)), ==, 1);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  folder = test_folder();
  g_test_add_func("/session/classification/folder", test_folder_of_tracks);
  g_test_add_func("/session/classification/some-bad", test_some_bad);
  g_test_add_func("/session/classification/all-bad", test_all_bad);
  g_test_add_func("/session/classification/given-up", test_given_up);
  int failed = g_test_run();
  test_remove(folder);
  return failed;
}
