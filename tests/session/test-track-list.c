#include "session/track-edits.h"
#include "session/track-list.h"
#include "session-support.h"
#include "support.h"

typedef struct {
  char *home;
  MgWorkspace *workspace;
  MgTrackList *list;
  gboolean refreshed;
} Fixture;

static void
note_refresh(Fixture *fixture)
{
  fixture->refreshed = TRUE;
}

static void
wait_for_refresh(Fixture *fixture)
{
  fixture->refreshed = FALSE;
  while (mg_track_list_is_busy(fixture->list) || !fixture->refreshed)
    g_main_context_iteration(NULL, TRUE);
}

static void
set_up(Fixture *fixture, gconstpointer data)
{
  static const char *const labels[] = {"a", "a", "b", NULL};
  fixture->home = test_folder();
  g_autoptr(MgStore) store = mg_store_open(fixture->home, NULL);
  for (int i = 0; i < 4; i++) {
    g_autofree char *path = g_strdup_printf("/sounds/%d.wav", i);
    MgStoreTrack track = {.path = path, .label = (char *)labels[i], .duration = 1, .sr = 8000, .channels = 1};
    g_assert_true(mg_store_add_track(store, &track, NULL));
  }
  fixture->workspace = mg_workspace_open(fixture->home, NULL);
  fixture->list = mg_track_list_new(fixture->workspace);
  g_signal_connect_swapped(fixture->list, "refreshed", G_CALLBACK(note_refresh), fixture);
  wait_for_refresh(fixture);
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
  g_clear_object(&fixture->list);
  g_clear_object(&fixture->workspace);
  test_remove(fixture->home);
}

static MgTrackRow *
row(Fixture *fixture, guint position)
{
  return g_list_model_get_item(G_LIST_MODEL(fixture->list), position);
}

static void
test_edit(Fixture *fixture, gconstpointer data)
{
  g_autoptr(MgTrackRow) unlabelled = row(fixture, 0); /* SQL has NULL first */
  g_assert_null(mg_track_row_track(unlabelled)->label);
  gint64 id = mg_track_row_track(unlabelled)->id;
  g_assert_true(mg_workspace_edit_tracks(fixture->workspace, MG_FIELD_LABEL, "b", &id, 1, "labelled", NULL));
  wait_for_refresh(fixture);
  g_assert_cmpstr(mg_track_row_track(unlabelled)->label, ==, "b"); /* the row that is held follows */
  g_assert_cmpuint(mg_track_list_find(fixture->list, id), ==, 3);
  MgLibrary *library = mg_workspace_library(fixture->workspace);
  g_assert_cmpstr(mg_track_item_label(mg_library_find(library, "/sounds/3.wav")), ==, "b");
  g_assert_true(mg_history_undo(mg_workspace_history(fixture->workspace)));
  wait_for_refresh(fixture);
  g_assert_null(mg_track_row_track(unlabelled)->label);
  g_assert_null(mg_track_item_label(mg_library_find(library, "/sounds/3.wav")));
  g_assert_true(mg_history_redo(mg_workspace_history(fixture->workspace)));
  wait_for_refresh(fixture);
  g_assert_cmpstr(mg_track_row_track(unlabelled)->label, ==, "b");
}

static void
count_change(GListModel *model, guint position, guint removed, guint added, guint *changes)
{
  changes[0] = position;
  changes[1] = removed;
  changes[2] = added;
}

/* Only what is different is told, so that the rest stays selected. */
static void
test_few_changes(Fixture *fixture, gconstpointer data)
{
  guint changes[3] = {0};
  gint64 id = mg_track_list_id(fixture->list, 1);
  g_signal_connect(fixture->list, "items-changed", G_CALLBACK(count_change), changes);
  mg_track_list_set_query(fixture->list, &(MgTracksQuery){.kind = MG_TRACKS_USED});
  wait_for_refresh(fixture);
  g_assert_cmpuint(g_list_model_get_n_items(G_LIST_MODEL(fixture->list)), ==, 3);
  g_assert_cmpuint(changes[0], ==, 0);
  g_assert_cmpuint(changes[1], ==, 1);
  g_assert_cmpuint(changes[2], ==, 0);
  mg_workspace_edit_tracks(fixture->workspace, MG_FIELD_EXCLUDED, "1", &id, 1, "excluded", NULL);
  wait_for_refresh(fixture);
  g_assert_cmpuint(g_list_model_get_n_items(G_LIST_MODEL(fixture->list)), ==, 2);
}

/* Another program changes the workspace: the library and the list follow when they look. */
static void
test_elsewhere(Fixture *fixture, gconstpointer data)
{
  g_autoptr(MgStore) other = mg_store_open(fixture->home, NULL);
  g_assert_false(mg_workspace_look_elsewhere(fixture->workspace));
  g_assert_cmpint(mg_store_edit_class(other, "a", "c", "renamed", NULL), >, 0);
  g_assert_true(mg_workspace_look_elsewhere(fixture->workspace));
  g_assert_false(mg_workspace_look_elsewhere(fixture->workspace));
  wait_for_refresh(fixture);
  MgTrackItem *item = mg_library_find(mg_workspace_library(fixture->workspace), "/sounds/0.wav");
  g_assert_cmpstr(mg_track_item_label(item), ==, "c");
  g_autoptr(MgTrackRow) last = row(fixture, 3);
  g_assert_cmpstr(mg_track_row_track(last)->label, ==, "c");
}

/* Rows are read in pages; each is its own, and in its place, wherever one begins to look. */
static void
test_pages(Fixture *fixture, gconstpointer data)
{
  MgStore *store = mg_workspace_store(fixture->workspace);
  for (int i = 100; i < 400; i++) {
    g_autofree char *path = g_strdup_printf("/sounds/%d.wav", i);
    MgStoreTrack track = {.path = path, .label = (char *)"z", .duration = i, .sr = 8000, .channels = 1};
    g_assert_true(mg_store_add_track(store, &track, NULL));
  }
  mg_workspace_tell_edit(fixture->workspace, 0);
  wait_for_refresh(fixture);
  g_assert_cmpuint(g_list_model_get_n_items(G_LIST_MODEL(fixture->list)), ==, 304);
  for (guint i = 0; i < 300; i++) {
    guint place = 4 + (i * 77) % 300; /* to and fro */
    g_autoptr(MgTrackRow) one = row(fixture, place);
    g_assert_cmpint(mg_track_row_track(one)->id, ==, mg_track_list_id(fixture->list, place));
    g_assert_cmpfloat(mg_track_row_track(one)->duration, ==, 96 + place);
    g_assert_cmpstr(mg_track_row_name(one), !=, "?");
  }
}

/* A newer question ends an older one; only the newest is answered. */
static void
test_newest(Fixture *fixture, gconstpointer data)
{
  for (int i = 0; i < 20; i++)
    mg_track_list_set_query(fixture->list, &(MgTracksQuery){.text = i % 2 ? "0.wav" : "nothing"});
  wait_for_refresh(fixture);
  g_assert_cmpuint(g_list_model_get_n_items(G_LIST_MODEL(fixture->list)), ==, 1);
  g_autoptr(MgTrackRow) only = row(fixture, 0);
  g_assert_cmpstr(mg_track_row_name(only), ==, "0.wav");
}

/* A class's tracks are in natural order, though they are sorted only when one is asked for. */
static void
test_order(Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = {"/z/10.wav", "/z/2.wav", "/z/1.wav"};
  char *home = test_folder();
  {
    g_autoptr(MgStore) store = mg_store_open(home, NULL);
    for (int i = 0; i < 3; i++) {
      MgStoreTrack track = {.path = (char *)names[i], .label = (char *)"z", .duration = 1, .sr = 8000};
      g_assert_true(mg_store_add_track(store, &track, NULL));
    }
  }
  g_autoptr(MgWorkspace) workspace = mg_workspace_open(home, NULL);
  guint changes[3] = {0}, group, item;
  g_autoptr(GListModel) tracks = g_list_model_get_item(G_LIST_MODEL(mg_workspace_library(workspace)), 0);
  g_signal_connect(tracks, "items-changed", G_CALLBACK(count_change), changes);
  g_assert_cmpuint(g_list_model_get_n_items(tracks), ==, 3);
  for (guint i = 0; i < 3; i++) {
    g_autoptr(MgTrackItem) at = g_list_model_get_item(tracks, i);
    g_assert_cmpstr(mg_track_item_path(at), ==, names[2 - i]);
  }
  g_assert_cmpuint(changes[2], ==, 0); /* that they were sorted is no news */
  g_assert_true(mg_library_place(mg_workspace_library(workspace), "/z/10.wav", &group, &item));
  g_assert_cmpuint(item, ==, 2);
  g_assert_true(mg_library_remove(mg_workspace_library(workspace), "/z/2.wav"));
  g_assert_cmpuint(changes[1], ==, 1);
  g_clear_object(&tracks);
  g_clear_object(&workspace);
  test_remove(home);
}

#define ADD(name, func) g_test_add("/track-list/" name, Fixture, NULL, set_up, func, tear_down)

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  ADD("edit", test_edit);
  ADD("few-changes", test_few_changes);
  ADD("elsewhere", test_elsewhere);
  ADD("order", test_order);
  ADD("pages", test_pages);
  ADD("newest", test_newest);
  return g_test_run();
}
