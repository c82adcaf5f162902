/* Labels of a track: kept at once, and taken back by the workspace's history. */
#include "session-support.h"
#include "session/label-track.h"

static char *folder;

static MgWorkspace *
open_workspace(void)
{
  g_autoptr(GError) error = NULL;
  MgWorkspace *workspace = mg_workspace_open(folder, &error);
  g_assert_no_error(error);
  return workspace;
}

static gint64
add(MgLabelTrack *track, double start, double end, const char *text)
{
  MgLabel label = {.start = start, .end = end, .text = (char *)text};
  gint64 id = mg_label_track_add(track, &label, NULL);
  g_assert_cmpint(id, >, 0);
  return id;
}

static void
test_steps(void)
{
  g_autoptr(MgWorkspace) workspace = open_workspace();
  MgHistory *history = mg_workspace_history(workspace);
  g_autoptr(MgLabelTrack) track = mg_label_track_of(workspace, "/a.wav", NULL);
  g_autoptr(MgLabelTrack) same = mg_label_track_of(workspace, "/a.wav", NULL);
  g_assert_true(track == same);
  gint64 id = add(track, 2, 3, "late");
  add(track, 0.5, 0.5, "early");
  g_assert_cmpstr(mg_label_track_get(track, 0)->text, ==, "early");
  g_assert_cmpstr(mg_label_track_next(track, 1, FALSE)->text, ==, "late");
  g_assert_cmpstr(mg_label_track_next(track, 1, TRUE)->text, ==, "early");
  g_assert_null(mg_label_track_next(track, 2.5, FALSE));

  g_autoptr(MgLabel) changed = mg_label_copy(mg_label_track_find(track, id));
  changed->end = 4;
  g_assert_true(mg_label_track_change(track, changed, NULL));
  g_assert_true(mg_label_track_remove(track, id, NULL));
  g_assert_false(mg_label_track_remove(track, id, NULL));
  g_assert_cmpuint(mg_label_track_n(track), ==, 1);
  g_assert_true(mg_history_undo(history));
  g_assert_cmpfloat(mg_label_track_find(track, id)->end, ==, 4);
  g_assert_true(mg_history_undo(history));
  g_assert_cmpfloat(mg_label_track_find(track, id)->end, ==, 3);
  g_assert_true(mg_history_undo(history)); /* early */
  g_assert_true(mg_history_undo(history)); /* late */
  g_assert_cmpuint(mg_label_track_n(track), ==, 0);
  for (int i = 0; i < 3; i++)
    g_assert_true(mg_history_redo(history));
  g_assert_cmpuint(mg_label_track_n(track), ==, 2);
  g_assert_cmpfloat(mg_label_track_find(track, id)->end, ==, 4);
}

/* Another start finds what the last one kept, also where it had no time to end. */
static void
test_memory(void)
{
  g_autoptr(MgWorkspace) workspace = open_workspace(), other = open_workspace();
  g_autoptr(MgLabelTrack) track = mg_label_track_of(workspace, "/b.wav", NULL);
  add(track, 1, 2, "kept");
  g_autoptr(MgLabelTrack) again = mg_label_track_of(other, "/b.wav", NULL);
  g_assert_cmpuint(mg_label_track_n(again), ==, 1);
  g_assert_cmpstr(mg_label_track_get(again, 0)->text, ==, "kept");
}

static void
test_files(void)
{
  g_autoptr(MgWorkspace) workspace = open_workspace();
  g_autoptr(MgLabelTrack) track = mg_label_track_of(workspace, "/c.wav", NULL);
  g_autofree char *path = g_build_filename(folder, "c.selections.txt", NULL), *text = NULL;
  add(track, 1, 2, "one");
  g_assert_true(mg_label_track_save(track, path, NULL));
  g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
  g_assert_true(g_str_has_prefix(text, "Selection\t"));
  g_autoptr(GPtrArray) labels = mg_labels_load(path, NULL);
  g_assert_true(mg_label_track_import(track, labels, NULL));
  g_assert_cmpuint(mg_label_track_n(track), ==, 2);
  g_assert_true(mg_history_undo(mg_workspace_history(workspace)));
  g_assert_cmpuint(mg_label_track_n(track), ==, 1);
  MgLabel label = {.text = (char *)""};
  g_autoptr(GError) error = NULL;
  g_clear_object(&workspace);
  g_assert_cmpint(mg_label_track_add(track, &label, &error), ==, 0);
  g_assert_nonnull(strstr(error->message, "closed"));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  folder = test_folder();
  g_test_add_func("/label-track/steps", test_steps);
  g_test_add_func("/label-track/memory", test_memory);
  g_test_add_func("/label-track/files", test_files);
  int failed = g_test_run();
  test_remove(folder);
  return failed;
}
