#include "dataset/store.h"
#include "base/error.h"
#include "dataset/store-queue.h"
#include "support.h"
#include <string.h>

static MgStore *
open_store(const char *folder)
{
  g_autoptr(GError) error = NULL;
  MgStore *store = mg_store_open(folder, &error);
  g_assert_no_error(error);
  return store;
}

static gint64
add(MgStore *store, const char *path, const char *label)
{
  g_autoptr(GError) error = NULL;
  MgStoreTrack track = {.path = (char *)path, .label = (char *)label, .duration = 1.5, .sr = 22050, .channels = 2};
  g_assert_true(mg_store_add_track(store, &track, &error));
  g_assert_no_error(error);
  g_assert_cmpint(track.id, >, 0);
  return track.id;
}

static void
test_tracks(void)
{
  char *folder = test_folder();
  g_autofree char *inside = g_build_filename(folder, "recordings", "Зима 1.wav", NULL);
  {
    g_autoptr(MgStore) store = open_store(folder);
    gint64 id = add(store, inside, "rap"), other = add(store, "/elsewhere/b.wav", NULL);
    g_assert_cmpint(add(store, inside, NULL), ==, id); /* keeps its label */
    g_assert_true(mg_store_set_label(store, other, "classique", NULL));
  }
  g_autoptr(MgStore) store = open_store(folder);
  g_autoptr(GPtrArray) tracks = mg_store_tracks(store, NULL);
  g_assert_cmpuint(tracks->len, ==, 2);
  const MgStoreTrack *first = tracks->pdata[0], *second = tracks->pdata[1];
  g_assert_cmpstr(first->label, ==, "classique");
  g_assert_cmpstr(second->path, ==, inside);
  g_assert_cmpstr(second->label, ==, "rap");
  g_assert_cmpfloat(second->duration, ==, 1.5);
  g_assert_cmpint(second->added, >, 1600000000);
  /* Undoing a removal brings back the same id. */
  MgStoreTrack again = *first;
  g_assert_true(mg_store_remove_track(store, first->id, NULL));
  g_autoptr(GPtrArray) fewer = mg_store_tracks(store, NULL);
  g_assert_cmpuint(fewer->len, ==, 1);
  g_assert_true(mg_store_add_track(store, &again, NULL));
  g_assert_cmpint(again.id, ==, first->id);
  test_remove(folder);
}

static void
test_moves(void)
{
  char *parent = test_folder();
  g_autofree char *before = g_build_filename(parent, "before", NULL), *after = g_build_filename(parent, "after", NULL);
  g_autofree char *path = g_build_filename(before, "recordings", "a.wav", NULL);
  g_autofree char *run_path = g_build_filename(before, "runs", "1", NULL);
  MgStore *store = open_store(before);
  add(store, path, "x");
  MgStoreRun run = {.path = run_path, .dataset = before, .model = (char *)"small-cnn"};
  g_assert_true(mg_store_add_run(store, &run, NULL));
  mg_store_close(store);
  g_assert_cmpint(g_rename(before, after), ==, 0);
  store = open_store(after);
  g_autoptr(GPtrArray) tracks = mg_store_tracks(store, NULL);
  g_autoptr(GPtrArray) runs = mg_store_runs(store, NULL);
  g_autofree char *moved = g_build_filename(after, "recordings", "a.wav", NULL);
  g_autofree char *moved_run = g_build_filename(after, "runs", "1", NULL);
  g_assert_cmpstr(((MgStoreTrack *)tracks->pdata[0])->path, ==, moved);
  g_assert_cmpstr(((MgStoreRun *)runs->pdata[0])->path, ==, moved_run);
  g_assert_cmpstr(((MgStoreRun *)runs->pdata[0])->model, ==, "small-cnn");
  mg_store_close(store);
  test_remove(parent);
}

static void
test_settings_and_runs(void)
{
  char *folder = test_folder();
  {
    g_autoptr(MgStore) store = open_store(folder);
    g_assert_null(mg_store_get(store, "page"));
    g_assert_true(mg_store_put(store, "page", "train", NULL));
    g_assert_true(mg_store_put(store, "page", "results", NULL));
    MgStoreRun early = {.path = (char *)"/r/1", .started = 10}, late = {.path = (char *)"/r/2", .started = 20};
    g_assert_true(mg_store_add_run(store, &early, NULL));
    g_assert_true(mg_store_add_run(store, &late, NULL));
    g_assert_true(mg_store_add_run(store, &early, NULL));
  }
  g_autoptr(MgStore) store = open_store(folder);
  g_autofree char *text = mg_store_get(store, "page");
  g_assert_cmpstr(text, ==, "results");
  g_autoptr(GPtrArray) runs = mg_store_runs(store, NULL);
  g_assert_cmpuint(runs->len, ==, 2);
  g_assert_cmpstr(((MgStoreRun *)runs->pdata[0])->path, ==, "/r/2");
  g_assert_true(mg_store_put(store, "page", NULL, NULL));
  g_assert_null(mg_store_get(store, "page"));
  test_remove(folder);
}

static void
test_all_or_none(void)
{
  char *folder = test_folder();
  g_autoptr(MgStore) store = open_store(folder);
  MgStoreTrack good = {.path = (char *)"/a.wav"}, clash = {.path = (char *)"/b.wav", .id = 7},
               clash_too = {.path = (char *)"/c.wav", .id = 7};
  gpointer list[] = {&good, &clash, &clash_too};
  GPtrArray tracks = {.pdata = list, .len = 3};
  g_autoptr(GError) error = NULL;
  g_assert_false(mg_store_add_tracks(store, &tracks, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_IO);
  g_autoptr(GPtrArray) stored = mg_store_tracks(store, NULL);
  g_assert_cmpuint(stored->len, ==, 0);
  test_remove(folder);
}

static void
test_foreign(void)
{
  char *folder = test_folder();
  g_autofree char *file = g_build_filename(folder, "workspace.db", NULL);
  g_autofree char *junk = g_strnfill(8192, 'x');
  g_assert_true(g_file_set_contents(file, junk, -1, NULL));
  g_autoptr(GError) error = NULL;
  g_assert_null(mg_store_open(folder, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_FORMAT);
  g_assert_nonnull(strstr(error->message, file));
  test_remove(folder);
}

static void
test_unwritable(void)
{
  char *folder = test_folder();
  MgStore *store = open_store(folder);
  add(store, "/a.wav", "x");
  mg_store_close(store);
  g_assert_cmpint(g_chmod(folder, 0555), ==, 0);
  if (g_access(folder, W_OK) == 0)
    g_test_message("runs as root, which may write anyway");
  store = open_store(folder);
  g_autoptr(GPtrArray) tracks = mg_store_tracks(store, NULL);
  g_assert_cmpuint(tracks->len, ==, 1);
  g_assert_cmpint(mg_store_put(store, "k", "v", NULL), ==, !mg_store_is_read_only(store));
  mg_store_close(store);
  g_chmod(folder, 0755);
  test_remove(folder);
}

enum { WAITING = 40, WINDOWS = 6 };

/* Takes all that it can get, as one of several programs with the same workspace. */
static gpointer
take_all(gpointer folder)
{
  g_autoptr(MgStore) store = open_store(folder);
  guint taken = 0;
  for (gint64 id = 1; id <= WAITING; id++) {
    g_autoptr(GError) error = NULL;
    taken += mg_store_queue_take(store, id, &error);
    g_assert_no_error(error);
  }
  return GUINT_TO_POINTER(taken);
}

/* Rows keep their order under insertions and moves; each is taken by one alone. */
static void
test_queue(void)
{
  char *folder = test_folder();
  g_autoptr(MgStore) store = open_store(folder);
  gint64 b = mg_store_queue_add(store, "b", 0, NULL), c = mg_store_queue_add(store, "c", 0, NULL);
  gint64 a = mg_store_queue_add(store, "a", b, NULL);
  g_assert_true(mg_store_queue_move(store, c, a, NULL));
  g_assert_true(mg_store_queue_move(store, a, 12345, NULL)); /* before what is not there: to the end */
  g_autoptr(GPtrArray) rows = mg_store_queue(store, NULL);
  g_assert_cmpuint(rows->len, ==, 3);
  g_assert_cmpstr(((MgStoreQueued *)rows->pdata[0])->text, ==, "c");
  g_assert_cmpstr(((MgStoreQueued *)rows->pdata[1])->text, ==, "b");
  g_assert_cmpstr(((MgStoreQueued *)rows->pdata[2])->text, ==, "a");
  for (gint64 id = 4; id <= WAITING; id++)
    g_assert_cmpint(mg_store_queue_add(store, "x", 0, NULL), ==, id);
  GThread *threads[WINDOWS];
  guint taken = 0;
  for (int i = 0; i < WINDOWS; i++)
    threads[i] = g_thread_new("window", take_all, folder);
  for (int i = 0; i < WINDOWS; i++)
    taken += GPOINTER_TO_UINT(g_thread_join(threads[i]));
  g_assert_cmpuint(taken, ==, WAITING);
  g_autoptr(GPtrArray) left = mg_store_queue(store, NULL);
  g_assert_cmpuint(left->len, ==, 0);
  test_remove(folder);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/store/tracks", test_tracks);
  g_test_add_func("/store/moves", test_moves);
  g_test_add_func("/store/settings-and-runs", test_settings_and_runs);
  g_test_add_func("/store/all-or-none", test_all_or_none);
  g_test_add_func("/store/queue", test_queue);
  g_test_add_func("/store/foreign", test_foreign);
  g_test_add_func("/store/unwritable", test_unwritable);
  return g_test_run();
}
