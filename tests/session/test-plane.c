#include "session-support.h"
#include "session/plane.h"
#include <math.h>

enum { N = 24 };

/* Two clouds of twelve segments, side by side in three dimensions; the last one is wrong. What `embed` would write. */
static void
write_segments(const char *run)
{
  g_autoptr(GString) vectors = g_string_new("songname,track,label,split,part,start,end,e0,e1,e2\n");
  g_autoptr(GString) predictions =
      g_string_new("songname,track,genre,y_test,part,start,end,y_pred,noise_prob,sine_prob\n");
  static const char *const labels[] = {"noise", "sine"}, *const splits[] = {"train", "val", "test"};
  for (int i = 0; i < N; i++) {
    int label = i / 12, part = i % 12 + 1, said = i == N - 1 ? 0 : label;
    g_autofree char *name = g_strdup_printf("%d.wav_%d,/t/%d.wav", label, part, label);
    g_string_append_printf(vectors, "%s,%s,%s,%d,%d,%d,%d,%g,%g\n", name, labels[label], splits[i % 3], part, part - 1,
                           part, 10 * label, 0.1 * i, 0.05 * (i % 4));
    g_string_append_printf(predictions, "%s,%s,%d,%d,%d,%d,%d,%g,%g\n", name, labels[label], label, part, part - 1,
                           part, said, said ? 0.1 : 0.9, said ? 0.9 : 0.1);
  }
  test_write(run, "embeddings.csv", vectors->str);
  test_write(run, "predictions-all.csv", predictions->str);
}

/* A stand-in for melograph-cli embed: puts the files of another folder in place. */
static MgRun *
new_run(const char *folder, const char *body)
{
  g_autofree char *run = g_build_filename(folder, "run", NULL);
  test_write(folder, "run/checkpoints/best.safetensors", "a model");
  test_write(folder, "run/config.ini", "[run]\nmodel=small-cnn\n");
  test_write(folder, "made/readme", "");
  g_autofree char *made = g_build_filename(folder, "made", NULL);
  write_segments(made);
  g_autofree char *script =
      g_strdup_printf("trap 'exit 1' TERM; echo asked >> '%s/asked'; %s; cp '%s'/*.csv '%s'", folder, body, made, run);
  test_fake_program(folder, script);
  MgRun *object = mg_run_new(run);
  mg_run_refresh(object);
  return object;
}

static gboolean
working(MgPlane *plane)
{
  MgPlaneState state = mg_plane_state(plane);
  return state == MG_PLANE_ASKING || state == MG_PLANE_PLACING;
}

static void
note_fraction(MgPlane *plane, double *largest)
{
  *largest = MAX(*largest, mg_plane_fraction(plane));
}

/* The network is asked once; every method has its points, which the next program finds again. */
static void
test_methods(void)
{
  static const char *const methods[] = {"pca", "tsne", "umap", "pca"};
  char *folder = test_folder();
  g_autoptr(MgRun) run = new_run(folder, "echo 'progress 0.5000 3.0 ' >&2");
  double largest = 0;
  for (int round = 0; round < 2; round++) {
    g_autoptr(MgPlane) plane = mg_plane_new();
    g_signal_connect(plane, "progress", G_CALLBACK(note_fraction), &largest);
    for (size_t m = 0; m < G_N_ELEMENTS(methods); m++) {
      mg_plane_open(plane, run, methods[m]);
      g_assert_true(working(plane));
      test_wait_for(!working(plane));
      g_assert_cmpstr(mg_plane_message(plane), ==, "");
      g_assert_cmpint(mg_plane_state(plane), ==, MG_PLANE_READY);
      g_assert_cmpuint(mg_plane_n(plane), ==, N);
    }
  }
  g_assert_cmpfloat(largest, >=, 0.5);
  g_autofree char *asked = g_build_filename(folder, "asked", NULL), *text = NULL;
  g_assert_true(g_file_get_contents(asked, &text, NULL, NULL));
  g_assert_cmpstr(text, ==, "asked\n");
  test_remove(folder);
}

/* Segments and their neighbours, and what a newer model does to them. */
static void
test_segments(void)
{
  char *folder = test_folder();
  g_autoptr(MgRun) run = new_run(folder, ":");
  g_autoptr(MgPlane) plane = mg_plane_new();
  mg_plane_open(plane, run, "pca");
  test_wait_for(!working(plane));
  const MgPrediction *last = mg_plane_prediction(plane, N - 1);
  g_assert_cmpstr(last->songname, ==, "1.wav_12");
  g_assert_cmpint(mg_plane_split(plane, 1), ==, MG_SPLIT_VAL);
  g_assert_cmpint(mg_plane_find(plane, last), ==, N - 1);
  g_autoptr(MgResultRow) row = mg_plane_row(plane, N - 1);
  g_assert_true(mg_result_row_is_wrong(row));
  guint32 near[N];
  float far[N];
  g_assert_cmpuint(mg_plane_neighbours(plane, 0, 2, near, far), ==, 2);
  g_assert_cmpuint(near[0], ==, 1);
  g_assert_cmpfloat_with_epsilon(far[0], sqrt(0.01 + 0.0025), 1e-5);
  g_assert_cmpuint(mg_plane_neighbours(plane, 3, N, near, far), ==, N - 1); /* all but itself */
  for (int i = 0; i < N - 1; i++)
    g_assert_cmpuint(near[i], !=, 3);
  const MgMatrix *places = mg_plane_places(plane);
  g_assert_cmpfloat(fabs(mg_matrix_row(places, 0)[0] - mg_matrix_row(places, 12)[0]), >, 9); /* the clouds' distance */
  mg_plane_open(plane, run, "pca");                                                          /* nothing is new */
  g_assert_cmpint(mg_plane_state(plane), ==, MG_PLANE_READY);
  g_usleep(20000);
  test_write(folder, "run/checkpoints/best.safetensors", "a newer model");
  mg_plane_open(plane, run, "pca");
  g_assert_cmpint(mg_plane_state(plane), ==, MG_PLANE_ASKING);
  mg_plane_open(plane, NULL, "pca");
  g_assert_cmpint(mg_plane_state(plane), ==, MG_PLANE_EMPTY);
  g_assert_cmpuint(mg_plane_n(plane), ==, 0);
  test_remove(folder);
}

/* Stopped while it asks; a program that fails; files that do not belong together. */
static void
test_trouble(void)
{
  char *folder = test_folder();
  g_autoptr(MgRun) run = new_run(folder, "while :; do sleep 0.02; done");
  g_autoptr(MgPlane) plane = mg_plane_new();
  mg_plane_open(plane, run, "umap");
  g_autofree char *asked = g_build_filename(folder, "asked", NULL);
  while (!g_file_test(asked, G_FILE_TEST_EXISTS)) /* or the signal comes before the trap */
    g_usleep(10000);
  mg_plane_stop(plane);
  test_wait_for(!working(plane));
  g_assert_cmpint(mg_plane_state(plane), ==, MG_PLANE_STOPPED);
  test_fake_program(folder, "echo 'melograph-cli: a.wav: gone' >&2; exit 1");
  mg_plane_open(plane, run, "umap");
  test_wait_for(!working(plane));
  g_assert_cmpint(mg_plane_state(plane), ==, MG_PLANE_FAILED);
  g_assert_cmpstr(mg_plane_message(plane), ==, "a.wav: gone");
  g_autofree char *made = g_build_filename(folder, "run", NULL);
  write_segments(made);
  test_append(folder, "run/predictions-all.csv", "x.wav_1,/x.wav,noise,0,1,0,1,0,1,0\n");
  mg_plane_open(plane, run, "umap");
  test_wait_for(!working(plane));
  g_assert_cmpint(mg_plane_state(plane), ==, MG_PLANE_FAILED);
  g_assert_nonnull(strstr(mg_plane_message(plane), "embeddings.csv"));
  test_remove(folder);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/session/plane/methods", test_methods);
  g_test_add_func("/session/plane/segments", test_segments);
  g_test_add_func("/session/plane/trouble", test_trouble);
  return g_test_run();
}
