/* A workspace is handed out: its tracks, labels and lessons are found in the copy, wherever that is moved. */
#include "audio/encoder.h"
#include "base/file.h"
#include "dataset/store-labels.h"
#include "session-support.h"
#include "session/hand-out.h"
#include "support.h"

static void
take(GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **)data = g_object_ref(result);
}

static char *
hand_out(MgWorkspace *workspace, const char *folder, GError **error)
{
  GAsyncResult *result = NULL;
  mg_hand_out_async(workspace, folder, take, &result);
  while (!result)
    g_main_context_iteration(NULL, TRUE);
  char *made = mg_hand_out_finish(result, error);
  g_object_unref(result);
  return made;
}

static void
add_track(MgWorkspace *workspace, const char *folder, const char *name, const char *label)
{
  float silence[100] = {0};
  g_autoptr(GError) error = NULL;
  g_autofree char *path = g_build_filename(folder, name, NULL), *parent = g_path_get_dirname(path);
  mg_folder_make(parent, NULL);
  g_assert_true(mg_wav_write(path, silence, 100, 1, 8000, FALSE, &error));
  g_assert_true(mg_workspace_add_track(workspace, path, label, 100.0 / 8000, 8000, 1, &error));
  MgLabel mark = {.start = 0.001, .end = 0.002, .text = (char *)"Моя игра"};
  g_assert_true(mg_store_put_label(mg_workspace_store(workspace), path, &mark, &error));
}

static void
test_copy(void)
{
  char *root = test_folder();
  g_autoptr(GError) error = NULL;
  g_autofree char *first = g_build_filename(root, "first", NULL), *copy = g_build_filename(root, "copy", NULL);
  g_autofree char *moved = g_build_filename(root, "moved", NULL), *lesson = g_build_filename(first, "lessons", NULL);
  g_autofree char *file = g_build_filename(lesson, "a.lesson", NULL);
  g_autofree char *sounds = g_build_filename(root, "sounds", NULL);
  g_autoptr(MgWorkspace) workspace = mg_workspace_open(first, &error);
  add_track(workspace, sounds, "one/Моя игра.wav", "rap");
  add_track(workspace, sounds, "two/Моя игра.wav", "rap");
  add_track(workspace, sounds, "three.wav", NULL);
  mg_folder_make(lesson, NULL);
  g_assert_true(mg_file_write(file, "x", 1, &error));
  g_autofree char *made = hand_out(workspace, copy, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(made, ==, copy);
  g_assert_cmpint(g_rename(copy, moved), ==, 0);
  g_autoptr(MgStore) store = mg_store_open(moved, &error);
  g_autoptr(GPtrArray) tracks = mg_store_tracks(store, &error);
  g_assert_cmpuint(tracks->len, ==, 3);
  for (guint i = 0; i < tracks->len; i++) {
    const MgStoreTrack *track = tracks->pdata[i];
    g_autoptr(GPtrArray) labels = mg_store_labels(store, track->path, &error);
    g_assert_true(g_str_has_prefix(track->path, moved));
    g_assert_true(g_file_test(track->path, G_FILE_TEST_IS_REGULAR));
    g_assert_cmpuint(labels->len, ==, 1);
  }
  g_autofree char *second = g_build_filename(moved, "tracks", "rap", "Моя игра-2.wav", NULL);
  g_autofree char *carried = g_build_filename(moved, "lessons", "a.lesson", NULL);
  g_assert_true(g_file_test(second, G_FILE_TEST_IS_REGULAR));
  g_assert_true(g_file_test(carried, G_FILE_TEST_IS_REGULAR));
  g_assert_null(hand_out(workspace, moved, &error)); /* nothing is written over */
  g_assert_nonnull(error);
  test_remove(root);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/hand-out/copy", test_copy);
  return g_test_run();
}
