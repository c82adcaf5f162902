#include "base/error.h"
#include "dataset/importer.h"
#include "dataset/manifest.h"
#include "dataset/store-edits.h"
#include "dataset/store-import.h"
#include "dataset/store-query.h"
#include "dataset/store-suggestions.h"
#include "sounds.h"
#include "support.h"
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define N_STRETCHES 40

typedef struct {
  char *folder, *home; /* of sounds in class folders; of the workspace */
  MgStore *store;
} Set;

static gint64
import(Set *set, const char *path)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
  gint64 edit = mg_store_import(set->store, path, NULL, problems, NULL, &error);
  g_assert_no_error(error);
  return edit;
}

static void
set_up(Set *set, gconstpointer data)
{
  set->folder = test_folder();
  set->home = test_folder();
  g_free(add_sound(set->folder, "dog/1.wav", 0.5));
  g_free(add_sound(set->folder, "dog/2.wav", 0.5));
  g_free(add_sound(set->folder, "rain/3.wav", 0.5));
  g_free(add_sound(set->folder, "sea/4.wav", 0.5));
  set->store = mg_store_open(set->home, NULL);
  g_assert_cmpint(import(set, set->folder), >, 0);
}

static void
tear_down(Set *set, gconstpointer data)
{
  mg_store_close(set->store);
  test_remove(set->folder);
  test_remove(set->home);
}

/* "dog 2, rain 1 (1 excluded)": classes with their tracks. */
static char *
classes_of(MgStore *store)
{
  g_autoptr(GPtrArray) classes = mg_store_classes(store, NULL);
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < classes->len; i++) {
    const MgStoreClass *class = classes->pdata[i];
    g_string_append_printf(text, "%s%s %u", i ? ", " : "", class->label ? class->label : "-", class->tracks);
    if (class->excluded)
      g_string_append_printf(text, " (%u excluded)", class->excluded);
  }
  return g_string_free(text, FALSE);
}

static void
assert_classes(const Set *set, const char *expected)
{
  g_autofree char *text = classes_of(set->store);
  g_assert_cmpstr(text, ==, expected);
}

static gint64
id_of(const Set *set, const char *name)
{
  g_autoptr(GArray) ids = mg_store_tracks_of_file(set->store, name, NULL);
  g_assert_cmpuint(ids->len, ==, 1);
  return g_array_index(ids, gint64, 0);
}

static gint64
label(Set *set, const char *name, const char *text)
{
  gint64 id = id_of(set, name);
  return mg_store_edit_tracks(set->store, MG_FIELD_LABEL, text, &id, 1, "labelled", NULL);
}

static void
test_turns(Set *set, gconstpointer data)
{
  gint64 first = label(set, "dog/1.wav", "rain");
  g_assert_cmpint(first, >, 0);
  g_assert_cmpint(label(set, "dog/1.wav", "rain"), ==, 0); /* so already: no edit */
  gint64 merged = mg_store_edit_class(set->store, "rain", "sea", "merged", NULL);
  assert_classes(set, "dog 1, sea 3");
  g_assert_true(mg_store_turn_edit(set->store, merged, FALSE, NULL));
  assert_classes(set, "dog 1, rain 2, sea 1");
  g_assert_cmpint(mg_store_next_edit(set->store, TRUE), ==, merged);
  g_assert_cmpint(mg_store_next_edit(set->store, FALSE), ==, first);
  g_assert_true(mg_store_turn_edit(set->store, merged, TRUE, NULL));
  assert_classes(set, "dog 1, sea 3");
  g_assert_true(mg_store_turn_edit(set->store, merged, FALSE, NULL));
  g_assert_true(mg_store_turn_edit(set->store, first, FALSE, NULL));
  assert_classes(set, "dog 2, rain 1, sea 1");
  label(set, "dog/2.wav", NULL); /* what was taken back is gone now */
  g_assert_cmpint(mg_store_next_edit(set->store, TRUE), ==, 0);
  assert_classes(set, "dog 1, rain 1, sea 1, - 1");
}

/* A value that something else has changed since is not overwritten. */
static void
test_others(Set *set, gconstpointer data)
{
  gint64 first = label(set, "dog/1.wav", "rain");
  label(set, "dog/1.wav", "sea");
  g_assert_true(mg_store_turn_edit(set->store, first, FALSE, NULL));
  assert_classes(set, "dog 1, rain 1, sea 2");
}

static void
test_import_turns(Set *set, gconstpointer data)
{
  g_assert_cmpint(import(set, set->folder), ==, 0); /* all there */
  gint64 edit = mg_store_next_edit(set->store, FALSE);
  g_assert_true(mg_store_turn_edit(set->store, edit, FALSE, NULL));
  assert_classes(set, "");
  g_assert_true(mg_store_turn_edit(set->store, edit, TRUE, NULL));
  assert_classes(set, "dog 2, rain 1, sea 1");
}

static void
test_survives(Set *set, gconstpointer data)
{
  label(set, "rain/3.wav", "sea");
  mg_store_close(set->store);
  set->store = mg_store_open(set->home, NULL);
  assert_classes(set, "dog 2, sea 2");
  gint64 edit = mg_store_next_edit(set->store, FALSE);
  g_assert_true(mg_store_turn_edit(set->store, edit, FALSE, NULL));
  assert_classes(set, "dog 2, rain 1, sea 1");
}

/* What learns from the workspace sees the edited classes, and nothing that is excluded. */
static void
test_manifest(Set *set, gconstpointer data)
{
  gint64 id = id_of(set, "sea/4.wav");
  label(set, "dog/1.wav", "rain");
  mg_store_edit_tracks(set->store, MG_FIELD_EXCLUDED, "1", &id, 1, "excluded", NULL);
  assert_classes(set, "dog 1, rain 2, sea 1 (1 excluded)");
  g_autoptr(GError) error = NULL;
  g_autoptr(MgManifest) manifest = mg_manifest_open(set->home, NULL, NULL, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(manifest->tracks->len, ==, 3);
  g_assert_cmpuint(manifest->labels->len, ==, 2);
  for (guint i = 0; i < 3; i++) {
    const MgTrack *track = mg_manifest_track(manifest, i);
    g_assert_cmpfloat(track->duration, ==, 0.5);
    g_assert_cmpint(track->id, >, 0);
    g_assert_cmpint(track->id, !=, id);
    if (g_str_has_suffix(track->path, "dog/1.wav"))
      g_assert_cmpstr(mg_manifest_label(manifest, track->label), ==, "rain");
  }
}

static guint
count_found(const Set *set, const MgTracksQuery *query)
{
  g_autoptr(GArray) ids = mg_store_find_tracks(set->store, query, NULL);
  return ids->len;
}

static void
test_queries(Set *set, gconstpointer data)
{
  label(set, "dog/1.wav", NULL);
  g_assert_cmpuint(count_found(set, &(MgTracksQuery){.kind = MG_TRACKS_ALL}), ==, 4);
  g_assert_cmpuint(count_found(set, &(MgTracksQuery){.kind = MG_TRACKS_UNLABELLED}), ==, 1);
  g_assert_cmpuint(count_found(set, &(MgTracksQuery){.label = "dog"}), ==, 1);
  g_assert_cmpuint(count_found(set, &(MgTracksQuery){.text = "rain/3"}), ==, 1);
  g_assert_cmpuint(count_found(set, &(MgTracksQuery){.text = "r%n"}), ==, 0); /* stands for itself */
  g_autoptr(GArray) down =
      mg_store_find_tracks(set->store, &(MgTracksQuery){.order = MG_TRACKS_BY_PATH, .descending = TRUE}, NULL);
  g_assert_cmpint(g_array_index(down, gint64, 0), ==, id_of(set, "sea/4.wav"));
}

/* Suggestions */

static void
test_suggestions(Set *set, gconstpointer data)
{
  const char *const names[] = {"dog/1.wav", "dog/2.wav", "rain/3.wav"};
  for (int i = 0; i < 3; i++) {
    label(set, names[i], NULL);
    MgSuggestion suggestion = {id_of(set, names[i]), (char *)"run", (char *)"sea", 0.9 - 0.3 * i, 0.8 - 0.3 * i};
    g_assert_true(mg_store_suggest(set->store, &suggestion, NULL));
  }
  const MgTracksQuery open = {.kind = MG_TRACKS_SUGGESTED, .order = MG_TRACKS_BY_CERTAINTY};
  g_autoptr(GArray) ids = mg_store_find_tracks(set->store, &open, NULL);
  g_assert_cmpuint(ids->len, ==, 3);
  g_assert_cmpint(g_array_index(ids, gint64, 0), ==, id_of(set, names[2])); /* the least certain first */
  gint64 edit = mg_store_take_suggestions(set->store, 0.5, 30, 1, NULL);
  g_assert_cmpint(edit, >, 0);
  assert_classes(set, "sea 3, - 1");
  g_assert_cmpuint(mg_store_open_suggestions(set->store, 0), ==, 1);
  g_assert_true(mg_store_check_suggestion(set->store, id_of(set, names[0]), "sea", NULL));
  g_assert_true(mg_store_check_suggestion(set->store, id_of(set, names[1]), "dog", NULL));
  MgSuggestionCheck check = mg_store_suggestion_check(set->store);
  g_assert_cmpuint(check.checked, ==, 2);
  g_assert_cmpuint(check.wrong, ==, 1);
  g_assert_cmpuint(check.to_check, ==, 0);
  g_assert_cmpfloat_with_epsilon(check.low, 0.0945, 1e-4); /* Wilson, by hand: (1, 2) */
  g_assert_cmpfloat_with_epsilon(check.high, 0.9055, 1e-4);
  g_assert_true(mg_store_turn_edit(set->store, edit, FALSE, NULL));
  g_assert_cmpuint(mg_store_open_suggestions(set->store, 0), ==, 3);
}

/* Tracks that are half added when the hand stops it: none of them stays, nor the edit. */
static void
test_cancelled(Set *set, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(MgProgress) progress = mg_progress_new(NULL, NULL);
  g_autoptr(GPtrArray) before = mg_store_edits(set->store, 100, NULL), tracks = g_ptr_array_new();
  MgStoreTrack track = {.path = (char *)"/nowhere/5.wav", .label = (char *)"sea", .duration = 1, .sr = 8000};
  g_ptr_array_add(tracks, &track);
  mg_progress_cancel(progress);
  g_assert_cmpint(mg_store_edit_add(set->store, tracks, "tracks added", progress, &error), ==, 0);
  g_assert_error(error, MG_ERROR, MG_ERROR_CANCELLED);
  g_autoptr(GPtrArray) after = mg_store_edits(set->store, 100, NULL);
  g_assert_cmpuint(after->len, ==, before->len);
  assert_classes(set, "dog 2, rain 1, sea 1");
  g_clear_error(&error);
  g_assert_cmpint(mg_store_edit_add(set->store, tracks, "tracks added", NULL, &error), >, 0);
  assert_classes(set, "dog 2, rain 1, sea 2");
}

/* Many stretches of one file, whose header is read once, and of one that is too short for its last stretch. */
static void
test_stretches(Set *set, gconstpointer data)
{
  g_autoptr(GString) table = g_string_new("path,label,start,end\n");
  g_free(add_sound(set->folder, "long/long.wav", 4.0));
  g_free(add_sound(set->folder, "long/short.wav", 0.25));
  for (int i = 0; i < N_STRETCHES; i++)
    g_string_append_printf(table, "long/long.wav,%s,%.2f,%.2f\n", i % 2 ? "cat" : "bird", i * 0.1, i * 0.1 + 0.1);
  g_string_append(table, "long/short.wav,cat,0,0.1\nlong/short.wav,cat,0.5,0.6\n");
  add_text(set->folder, "stretches.csv", table->str);
  g_autofree char *path = g_build_filename(set->folder, "stretches.csv", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
  g_assert_cmpint(mg_store_import(set->store, path, NULL, problems, NULL, &error), >, 0);
  g_assert_no_error(error);
  g_assert_cmpuint(problems->len, ==, 1);
  g_assert_nonnull(strstr(problems->pdata[0], "short.wav: left out: it lasts 0.250 s"));
  assert_classes(set, "bird 20, cat 21, dog 2, rain 1, sea 1");
}

static void
test_wilson(void)
{
  double low, high;
  mg_wilson_interval(0, 30, &low, &high);
  g_assert_cmpfloat(low, ==, 0);
  g_assert_cmpfloat_with_epsilon(high, 0.1135, 1e-4);
  mg_wilson_interval(3, 30, &low, &high);
  g_assert_cmpfloat_with_epsilon(low, 0.0346, 1e-4);
  g_assert_cmpfloat_with_epsilon(high, 0.2562, 1e-4);
}

/* Where it lies */

/* In a process of its own as a user who may not write there, which root can become. */
static void
read_as_nobody(const char *home)
{
  pid_t child = fork();
  g_assert_cmpint(child, >=, 0);
  if (child == 0) {
    if (getuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
      _exit(10);
    MgStore *store = mg_store_open(home, NULL);
    if (!store)
      _exit(11);
    if (!mg_store_is_read_only(store))
      _exit(12);
    g_autofree char *text = classes_of(store);
    gint64 edit = mg_store_edit_class(store, "dog", "cat", "renamed", NULL);
    mg_store_close(store);
    _exit(strcmp(text, "dog 1, rain 2, sea 1") != 0 ? 13 : edit != 0 ? 14 : 0);
  }
  int status;
  g_assert_cmpint(waitpid(child, &status, 0), ==, child);
  g_assert_cmpint(WEXITSTATUS(status), ==, 0);
}

/* Of a program that was killed the last edit is in the log alone; there it has to be seen, too. */
static void
test_read_only(Set *set, gconstpointer data)
{
  label(set, "dog/1.wav", "rain");
  char *place = test_folder();
  g_autofree char *copy = g_build_filename(place, "copy", NULL),
                  *log = g_build_filename(copy, "workspace.db-wal", NULL);
  char *arguments[] = {(char *)"cp", (char *)"-r", set->home, copy, NULL};
  g_assert_true(g_spawn_sync(NULL, arguments, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL));
  GStatBuf info;
  g_assert_cmpint(g_stat(log, &info), ==, 0);
  g_assert_cmpint(info.st_size, >, 0); /* else nothing is tested */
  chmod(place, 0755);
  char *closing[] = {(char *)"chmod", (char *)"-R", (char *)"a-w,a+rX", copy, NULL};
  g_assert_true(g_spawn_sync(NULL, closing, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL));
  read_as_nobody(copy);
  char *opening[] = {(char *)"chmod", (char *)"-R", (char *)"u+w", place, NULL};
  g_spawn_sync(NULL, opening, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
  test_remove(place);
}

/* Two programs on one workspace, and a third on a copy made meanwhile. */
static void
test_twice(Set *set, gconstpointer data)
{
  g_autoptr(MgStore) other = mg_store_open(set->home, NULL);
  gint64 before = mg_store_version(other);
  label(set, "dog/1.wav", "rain");
  g_assert_cmpint(mg_store_version(other), !=, before);
  g_autofree char *seen = classes_of(other);
  g_assert_cmpstr(seen, ==, "dog 1, rain 2, sea 1");
  g_assert_cmpint(mg_store_edit_class(other, "rain", "sea", "merged", NULL), >, 0);
  assert_classes(set, "dog 1, sea 3");
  char *place = test_folder();
  g_autofree char *copy = g_build_filename(place, "copy", NULL);
  char *arguments[] = {(char *)"cp", (char *)"-r", set->home, copy, NULL};
  g_assert_true(g_spawn_sync(NULL, arguments, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL));
  g_autoptr(MgStore) third = mg_store_open(copy, NULL);
  g_autofree char *copied = classes_of(third);
  g_assert_cmpstr(copied, ==, "dog 1, sea 3");
  g_assert_cmpint(mg_store_edit_class(third, "sea", "ocean", "renamed", NULL), >, 0);
  assert_classes(set, "dog 1, sea 3"); /* a copy is its own */
  test_remove(place);
}

/* Layouts */

static void
test_gtzan(void)
{
  char *folder = test_folder();
  g_free(add_sound(folder, "genres_original/blues/blues.00000.wav", 0.5));
  g_free(add_sound(folder, "genres_original/rock/rock.00000.wav", 0.5));
  g_free(add_sound(folder, "images_original/blues/no.wav", 0.5));
  g_autoptr(MgImportPreview) preview = mg_import_preview(folder, NULL, 10, NULL);
  g_assert_cmpstr(preview->layout, ==, "GTZAN");
  g_assert_cmpuint(preview->tracks, ==, 2);
  g_assert_cmpstr(((MgPreviewRow *)preview->rows->pdata[1])->label, ==, "rock");
  test_remove(folder);
}

static void
test_fma(void)
{
  char *folder = test_folder();
  add_text(folder, "fma_metadata/tracks.csv",
           ",artist,set,track\n,id,split,genre_top\ntrack_id,,,\n2,7,training,Hip-Hop\n1005,8,test,Rock\n"
           "1006,8,validation,\n9,9,training,Rock\n");
  g_free(add_sound(folder, "fma_small/000/000002.mp3", 0.5));
  g_free(add_sound(folder, "fma_small/001/001005.mp3", 0.5));
  g_free(add_sound(folder, "fma_small/001/001006.mp3", 0.5));
  g_autoptr(GError) error = NULL;
  g_autoptr(MgImportPreview) preview = mg_import_preview(folder, NULL, 10, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(preview->layout, ==, "FMA");
  g_assert_cmpuint(preview->tracks, ==, 2);
  const MgPreviewRow *row = preview->rows->pdata[1];
  g_assert_cmpstr(row->label, ==, "Rock");
  g_assert_cmpstr(row->group, ==, "artist 8");
  g_assert_cmpint(row->split, ==, MG_SPLIT_TEST);
  g_assert_cmpuint(preview->problems->len, ==, 2); /* without a genre, without a file */
  test_remove(folder);
}

static void
test_preview(Set *set, gconstpointer data)
{
  g_autoptr(MgImportPreview) preview = mg_import_preview(set->folder, NULL, 3, NULL);
  g_assert_cmpstr(preview->layout, ==, "class folders");
  g_assert_cmpuint(preview->tracks, ==, 4);
  g_assert_cmpuint(preview->classes->len, ==, 3);
  g_assert_cmpuint(preview->rows->len, ==, 3); /* one of each class */
  g_assert_cmpstr(((MgPreviewRow *)preview->rows->pdata[2])->label, ==, "sea");
}

#define ADD(name, func) g_test_add("/edits/" name, Set, NULL, set_up, func, tear_down)

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  ADD("turns", test_turns);
  ADD("cancelled", test_cancelled);
  ADD("stretches", test_stretches);
  ADD("others", test_others);
  ADD("import-turns", test_import_turns);
  ADD("survives", test_survives);
  ADD("manifest", test_manifest);
  ADD("queries", test_queries);
  ADD("suggestions", test_suggestions);
  ADD("read-only", test_read_only);
  ADD("twice", test_twice);
  ADD("preview", test_preview);
  g_test_add_func("/edits/wilson", test_wilson);
  g_test_add_func("/edits/gtzan", test_gtzan);
  g_test_add_func("/edits/fma", test_fma);
  return g_test_run();
}
