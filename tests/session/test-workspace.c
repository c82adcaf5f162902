/* Library, selection, the workspace's memory, and sounds that are open. */
#include "audio/encoder.h"
#include "session/history.h"
#include "session/sound.h"
#include "session/track-edits.h"
#include "session/workspace.h"
#include "support.h"

static void
write_wav(const char *folder, const char *name, int frames)
{
  g_autofree char *path = g_build_filename(folder, name, NULL);
  g_autofree char *parent = g_path_get_dirname(path);
  g_autofree float *samples = g_new0(float, frames);
  for (int i = 0; i < frames; i++)
    samples[i] = (float)sin(i * 0.05) * 0.5f;
  samples[frames / 2] = 0.99f;
  g_mkdir_with_parents(parent, 0700);
  g_assert_true(mg_wav_write(path, samples, frames, 1, 8000, TRUE, NULL));
}

static void
keep_result(GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **)data = g_object_ref(result);
}

static GAsyncResult *
wait_for(GAsyncResult **result)
{
  while (!*result)
    g_main_context_iteration(NULL, TRUE);
  return *result;
}

static void
test_library(void)
{
  g_autoptr(MgLibrary) library = mg_library_new();
  mg_library_add(library, "/a/10.wav", "rap", 1);
  mg_library_add(library, "/a/2.wav", "rap", 1);
  mg_library_add(library, "/b/x.wav", NULL, 1);
  mg_library_add(library, "/c/y.wav", "classique", 1);
  mg_library_add(library, "/a/2.wav", "other", 1); /* is there */
  g_assert_cmpuint(mg_library_n_tracks(library), ==, 4);
  g_assert_cmpuint(g_list_model_get_n_items(G_LIST_MODEL(library)), ==, 3);
  g_autoptr(MgTrackGroup) first = g_list_model_get_item(G_LIST_MODEL(library), 0);
  g_autoptr(MgTrackGroup) second = g_list_model_get_item(G_LIST_MODEL(library), 1);
  g_autoptr(MgTrackGroup) last = g_list_model_get_item(G_LIST_MODEL(library), 2);
  g_assert_cmpstr(mg_track_group_label(first), ==, "classique");
  g_assert_null(mg_track_group_label(last));
  g_autoptr(MgTrackItem) item = g_list_model_get_item(G_LIST_MODEL(second), 0);
  g_assert_cmpstr(mg_track_item_name(item), ==, "2.wav"); /* numbers as numbers */
  g_assert_true(mg_library_remove(library, "/c/y.wav"));
  g_assert_false(mg_library_remove(library, "/c/y.wav"));
  g_assert_cmpuint(g_list_model_get_n_items(G_LIST_MODEL(library)), ==, 2);
}

static void
count(GObject *object, GParamSpec *pspec, gpointer data)
{
  (*(int *)data)++;
}

static void
test_selection(void)
{
  g_autoptr(MgSelection) selection = mg_selection_new();
  int changes = 0;
  g_signal_connect(selection, "notify", G_CALLBACK(count), &changes);
  g_assert_false(mg_selection_is_stretch(selection));
  mg_selection_set(selection, "/a.wav", 1, 2);
  g_assert_cmpint(changes, ==, 3);
  mg_selection_set(selection, "/a.wav", 1, 2);
  g_assert_cmpint(changes, ==, 3);
  g_assert_false(mg_selection_is_box(selection));
  changes = 0;
  mg_selection_set_box(selection, "/a.wav", 1, 2, 300, 600);
  g_assert_cmpint(changes, ==, 2); /* low and high */
  g_assert_true(mg_selection_is_box(selection));
  g_assert_cmpfloat(mg_selection_high(selection), ==, 600);
  mg_selection_set(selection, "/a.wav", 1, 2); /* all frequencies */
  g_assert_false(mg_selection_is_box(selection));
  changes = 0;
  g_object_set(selection, "end", 5.0, NULL);
  g_assert_cmpint(changes, ==, 1);
  g_assert_true(mg_selection_is_stretch(selection));
}

/* What was added can be taken back; what comes again keeps the class that it was given. */
static void
take_back_and_add_again(MgWorkspace *workspace, const char *sounds)
{
  MgLibrary *library = mg_workspace_library(workspace);
  MgHistory *history = mg_workspace_history(workspace);
  g_autoptr(GError) error = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autofree char *rap = g_build_filename(sounds, "rap", "1.wav", NULL);
  g_autofree char *rock = g_build_filename(sounds, "rock", "1.wav", NULL);
  g_assert_true(mg_history_undo(history));
  g_assert_cmpuint(mg_library_n_tracks(library), ==, 0);
  g_assert_true(mg_history_redo(history));
  g_assert_cmpuint(mg_library_n_tracks(library), ==, 3);
  g_assert_true(mg_workspace_edit_class(workspace, "rap", "hip-hop", "renamed", &error));
  g_assert_true(mg_workspace_edit_class(workspace, "rock", NULL, "without a class", &error));
  mg_workspace_add_async(workspace, (const char *[]){sounds, NULL}, NULL, keep_result, &result);
  g_assert_cmpuint(mg_workspace_add_finish(workspace, wait_for(&result), NULL, &error), ==, 0);
  g_assert_no_error(error);
  g_assert_cmpstr(mg_track_item_label(mg_library_find(library, rap)), ==, "hip-hop");
  g_assert_cmpstr(mg_track_item_label(mg_library_find(library, rock)), ==, "rock");
}

static void
test_folders_become_classes(void)
{
  char *folder = test_folder();
  g_autofree char *sounds = g_build_filename(folder, "sounds", NULL), *home = g_build_filename(folder, "home", NULL);
  g_autofree char *bad = g_build_filename(sounds, "rap", "bad.wav", NULL);
  write_wav(sounds, "rap/1.wav", 4000);
  write_wav(sounds, "rock/1.wav", 4000);
  write_wav(sounds, "loose.wav", 4000);
  g_assert_true(g_file_set_contents(bad, "no sound", -1, NULL));
  g_autoptr(GError) error = NULL;
  g_autoptr(MgWorkspace) workspace = mg_workspace_open(home, &error);
  g_assert_no_error(error);
  g_assert_true(mg_workspace_is_one(home));
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GPtrArray) problems = NULL;
  mg_workspace_add_async(workspace, (const char *[]){sounds, NULL}, NULL, keep_result, &result);
  g_assert_cmpuint(mg_workspace_add_finish(workspace, wait_for(&result), &problems, &error), ==, 3);
  g_assert_no_error(error);
  g_assert_cmpuint(problems->len, ==, 1);
  g_assert_nonnull(strstr(problems->pdata[0], "bad.wav"));
  take_back_and_add_again(workspace, sounds);
  mg_workspace_remember(workspace, "track", "x");
  g_clear_object(&workspace);
  workspace = mg_workspace_open(home, &error); /* the next start finds them */
  g_assert_no_error(error);
  MgLibrary *library = mg_workspace_library(workspace);
  g_assert_cmpuint(mg_library_n_tracks(library), ==, 3);
  g_assert_cmpuint(g_list_model_get_n_items(G_LIST_MODEL(library)), ==, 3);
  g_autofree char *recalled = mg_workspace_recall(workspace, "track");
  g_assert_cmpstr(recalled, ==, "x");
  g_autofree char *one = g_build_filename(sounds, "rap", "1.wav", NULL);
  g_assert_true(mg_workspace_remove_track(workspace, one, &error));
  g_assert_null(mg_library_find(library, one));
  g_clear_object(&workspace);
  test_remove(folder);
}

static MgSound *
open_sound(const char *path, GError **error)
{
  g_autoptr(GAsyncResult) result = NULL;
  mg_sound_open_async(path, NULL, keep_result, &result);
  MgSound *sound = mg_sound_open_finish(wait_for(&result), error);
  while (sound && !mg_sound_complete(sound))
    g_main_context_iteration(NULL, FALSE);
  return sound;
}

static void
test_sound(void)
{
  char *folder = test_folder();
  g_autofree char *path = g_build_filename(folder, "s.wav", NULL), *none = g_build_filename(folder, "none.wav", NULL);
  g_autoptr(GError) error = NULL;
  float low[100], high[100];
  write_wav(folder, "s.wav", 80000);
  g_autoptr(MgSound) sound = open_sound(path, &error);
  g_assert_no_error(error);
  g_assert_cmpfloat_with_epsilon(mg_sound_duration(sound), 10, 1e-6);
  mg_sound_columns(sound, 0, 0, 10, 100, low, high, NULL);
  g_assert_cmpfloat(high[50], >, 0.98); /* the one loud sample is seen */
  g_assert_cmpfloat(high[20], <, 0.51);
  mg_sound_columns(sound, 0, 20, 30, 100, low, high, NULL);
  g_assert_cmpfloat(low[0], >, high[0]); /* nothing beyond the end */
  /* So close that the samples themselves are asked for: they come in a thread. */
  for (int tries = 0; tries < 200; tries++) {
    mg_sound_columns(sound, 0, 1, 1.01, 100, low, high, NULL);
    if (low[0] <= high[0] && high[0] - low[0] < 0.03)
      break;
    g_usleep(10000);
    while (g_main_context_iteration(NULL, FALSE))
      ;
  }
  for (int i = 0; i < 100; i++)
    g_assert_cmpfloat_with_epsilon(low[i], 0.5 * sin((8000 + i * 0.8) * 0.05), 0.03);
  g_assert_null(open_sound(none, &error));
  g_assert_nonnull(strstr(error->message, "none.wav"));
  mg_sound_stop(sound);
  test_remove(folder);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/workspace/library", test_library);
  g_test_add_func("/workspace/selection", test_selection);
  g_test_add_func("/workspace/folders-become-classes", test_folders_become_classes);
  g_test_add_func("/workspace/sound", test_sound);
  return g_test_run();
}
