#include "dataset/manifest.h"
#include "base/error.h"
#include "dataset/importer.h"
#include "sounds.h"
#include <string.h>
#include <unistd.h>

static MgManifest *
open_good(const char *path, const MgImportOptions *options)
{
  g_autoptr(GError) error = NULL;
  MgManifest *manifest = mg_manifest_open(path, options, NULL, &error);
  g_assert_no_error(error);
  return manifest;
}

static void
assert_fails(const char *path, const MgImportOptions *options, int code, const char *words)
{
  g_autoptr(GError) error = NULL;
  g_assert_null(mg_manifest_open(path, options, NULL, &error));
  g_assert_error(error, MG_ERROR, code);
  g_test_message("%s", error->message);
  g_assert_nonnull(strstr(error->message, words));
  g_assert_null(strchr(error->message, '\n'));
}

static void
assert_problem(const MgManifest *manifest, const char *words)
{
  for (guint i = 0; i < manifest->problems->len; i++)
    if (strstr(manifest->problems->pdata[i], words))
      return;
  g_test_message("no problem says “%s”", words);
  g_test_fail();
}

static const MgTrack *
find_track(const MgManifest *manifest, const char *name)
{
  for (guint i = 0; i < manifest->tracks->len; i++)
    if (g_str_equal(mg_manifest_track(manifest, i)->name, name))
      return mg_manifest_track(manifest, i);
  g_error("no track %s", name);
}

static void
test_class_folders(void)
{
  static const char *const files[] = {"рэп/Горе не беда.wav", "рэп/2.wav",     "classique/夏.wav",
                                      "classique/b.WAV",      ".hidden/x.wav", NULL};
  char *folder = test_folder();
  add_sounds(folder, files);
  add_text(folder, "classique/cover.jpg", "not sound");
  g_autoptr(MgManifest) manifest = open_good(folder, NULL);
  g_assert_cmpuint(manifest->labels->len, ==, 2);
  g_assert_cmpstr(mg_manifest_label(manifest, 0), ==, "classique");
  g_assert_cmpstr(mg_manifest_label(manifest, 1), ==, "рэп");
  g_assert_cmpuint(manifest->tracks->len, ==, 4);
  const MgTrack *track = find_track(manifest, "Горе не беда.wav");
  g_assert_cmpint(track->label, ==, 1);
  g_assert_cmpint(track->sr, ==, 8000);
  g_assert_cmpfloat_with_epsilon(track->duration, 0.25, 1e-9);
  g_assert_null(track->group);
  assert_problem(manifest, "cover.jpg");
  g_autoptr(MgManifest) copy = mg_manifest_copy(manifest);
  g_assert_cmpstr(mg_manifest_track(copy, 3)->path, ==, mg_manifest_track(manifest, 3)->path);
  test_remove(folder);
}

/* What is wrong is named, and the rest is used. */
static void
test_problems(void)
{
  static const char *const files[] = {"a/1.wav", "a/2.wav", "b/1.wav", "loose.wav", NULL};
  char *folder = test_folder();
  add_sounds(folder, files);
  add_text(folder, "a/broken.wav", "RIFFnothing");
  g_free(add_sound(folder, "b/empty.wav", 0));
  add_text(folder, "c/only-text.txt", "x");
  add_text(folder, "d/broken.flac", "fLaC");
  g_autoptr(MgManifest) manifest = open_good(folder, NULL);
  g_assert_cmpuint(manifest->labels->len, ==, 2);
  g_assert_cmpuint(manifest->tracks->len, ==, 3);
  assert_problem(manifest, "broken.wav");
  assert_problem(manifest, "empty.wav");
  assert_problem(manifest, "class “c”");
  assert_problem(manifest, "class “d”");
  assert_problem(manifest, "beside the class folders");
  test_remove(folder);
}

static void
test_links(void)
{
  static const char *const files[] = {"store/1.wav", "store/2.wav", "store/3.wav", "a/4.wav", NULL};
  char *folder = test_folder(), *data = test_folder();
  add_sounds(folder, files);
  g_autofree char *store = g_build_filename(folder, "store", NULL), *a = g_build_filename(folder, "a", NULL);
  g_autofree char *link_b = g_build_filename(data, "b", NULL), *class_a = g_build_filename(data, "a", NULL);
  g_assert_cmpint(symlink(store, link_b), ==, 0); /* a class that is a link */
  g_assert_cmpint(g_mkdir(class_a, 0777), ==, 0);
  g_autofree char *four = g_build_filename(a, "4.wav", NULL), *link_four = g_build_filename(class_a, "four.wav", NULL);
  g_autofree char *again = g_build_filename(class_a, "zwei.wav", NULL),
                  *broken = g_build_filename(class_a, "gone.wav", NULL);
  g_assert_cmpint(symlink(four, link_four), ==, 0); /* a file that is a link */
  g_assert_cmpint(symlink(four, again), ==, 0);     /* and once more: the same sound */
  g_assert_cmpint(symlink("/nowhere.wav", broken), ==, 0);
  g_autoptr(MgManifest) manifest = open_good(data, NULL);
  g_assert_cmpuint(manifest->tracks->len, ==, 4);
  g_assert_cmpint(find_track(manifest, "four.wav")->label, ==, 0);
  g_assert_cmpint(find_track(manifest, "2.wav")->label, ==, 1);
  assert_problem(manifest, "the same sound");
  assert_problem(manifest, "gone.wav");
  test_remove(data);
  test_remove(folder);
}

static void
test_flat(void)
{
  static const char *const files[] = {"0_george_0.wav", "0_jackson_12.wav", "1_george_3.wav",
                                      "1_theo_3.wav",   "readme.wav",       NULL};
  static const MgImportOptions options = {"^([0-9])_", "_([a-z]+)_", "_([0-9]+)\\.", NULL};
  char *folder = test_folder();
  add_sounds(folder, files);
  g_autoptr(MgManifest) manifest = open_good(folder, &options);
  g_assert_cmpuint(manifest->tracks->len, ==, 4);
  const MgTrack *track = find_track(manifest, "0_jackson_12.wav");
  g_assert_cmpstr(mg_manifest_label(manifest, track->label), ==, "0");
  g_assert_cmpstr(track->group, ==, "jackson");
  g_assert_cmpint(track->fold, ==, 12);
  assert_problem(manifest, "readme.wav");
  assert_problem(manifest, "several folds"); /* george's takes */
  static const MgImportOptions wrong = {"([0-9", NULL, NULL, NULL};
  assert_fails(folder, &wrong, MG_ERROR_USAGE, "([0-9");
  test_remove(folder);
}

/* Some class folders of many, wherever they lie: what else is there, another layout even, does not count. */
static void
test_some_folders(void)
{
  static const char *const files[] = {"dog/a.wav", "dog/b.wav", "cat/c.wav", "bird/d.wav", "audio/e.wav", NULL};
  static const char *const only[] = {"dog", "cat", NULL};
  MgImportOptions options = {.only = only};
  char *folder = test_folder();
  add_sounds(folder, files);
  add_text(folder, "meta/esc50.csv", "filename,fold,category\ne.wav,1,fish\n");
  g_autoptr(MgManifest) manifest = open_good(folder, &options);
  g_assert_cmpuint(manifest->tracks->len, ==, 3);
  g_assert_cmpuint(manifest->labels->len, ==, 2);
  g_assert_cmpint(find_track(manifest, "c.wav")->label, ==, 0); /* "cat" */
  options.label_from = "^(a)";                                  /* names say the class where they can */
  g_autoptr(MgManifest) named = open_good(folder, &options);
  g_assert_cmpstr(mg_manifest_label(named, find_track(named, "a.wav")->label), ==, "a");
  g_assert_cmpstr(mg_manifest_label(named, find_track(named, "b.wav")->label), ==, "dog");
  g_autofree char *dog = g_build_filename(folder, "dog", NULL), *meta = g_build_filename(folder, "meta", NULL);
  g_assert_true(mg_import_is_class_folder(dog));
  g_assert_false(mg_import_is_class_folder(folder));
  g_assert_false(mg_import_is_class_folder(meta));
  test_remove(folder);
}

static void
test_esc50(void)
{
  static const char *const files[] = {"audio/1-100-A-0.wav", "audio/2-101-A-7.wav", "audio/2-101-B-7.wav", NULL};
  char *folder = test_folder();
  add_sounds(folder, files);
  add_text(
      folder, "meta/esc50.csv",
      "filename,fold,target,category,esc10,src_file,take\r\n1-100-A-0.wav,1,0,dog,True,100,A\r\n"
      "2-101-A-7.wav,2,7,rain,True,101,A\r\n2-101-B-7.wav,2,7,rain,True,101,B\r\n9-9-A-7.wav,5,7,rain,True,9,A\r\n");
  g_autoptr(MgManifest) manifest = open_good(folder, NULL);
  g_assert_cmpuint(manifest->tracks->len, ==, 3);
  const MgTrack *track = find_track(manifest, "2-101-B-7.wav");
  g_assert_cmpint(track->fold, ==, 2);
  g_assert_cmpstr(track->group, ==, "101");
  g_assert_cmpstr(mg_manifest_label(manifest, track->label), ==, "rain");
  assert_problem(manifest, "9-9-A-7.wav");
  test_remove(folder);
}

static void
test_csv(void)
{
  static const char *const files[] = {"s/one.wav", "s/two.wav", "s/three.wav", NULL};
  char *folder = test_folder(), *elsewhere = test_folder();
  add_sounds(folder, files);
  g_autofree char *far = add_sound(elsewhere, "far, away.wav", 1);
  g_autofree char *text = g_strdup_printf("path,label,group,fold,split,start,end\n"
                                          "s/one.wav,x,g1,1,train,,\n"
                                          "s/two.wav,y,g1,2,test,0.1,\n"
                                          "s/three.wav,y,,x,someday,0,0.2\n"
                                          "\"%s\",x,,,val,0.25,0.5\n"
                                          "\"%s\",x,,,val,0.5,9\n"
                                          "s/one.wav,y,,,,,\n"
                                          "s/two.wav,,,,,,\n"
                                          "s/two.wav,y,,,,0.2,0.1\n"
                                          "s/gone.wav,z,,,,,\n",
                                          far, far);
  add_text(folder, "tracks.csv", text);
  g_autofree char *csv = g_build_filename(folder, "tracks.csv", NULL);
  g_autoptr(MgManifest) manifest = open_good(csv, NULL);
  g_assert_cmpuint(manifest->tracks->len, ==, 5);
  g_assert_cmpuint(manifest->labels->len, ==, 2);
  const MgTrack *two = find_track(manifest, "two.wav");
  g_assert_cmpint(two->fold, ==, 2);
  g_assert_cmpint(two->split, ==, MG_SPLIT_TEST);
  g_assert_cmpfloat_with_epsilon(two->start, 0.1, 1e-9);
  g_assert_cmpfloat_with_epsilon(two->duration, 0.15, 1e-9);
  /* Two stretches of one file stay together. */
  const MgTrack *first = mg_manifest_track(manifest, 3), *second = mg_manifest_track(manifest, 4);
  g_assert_cmpstr(first->path, ==, far);
  g_assert_nonnull(first->group);
  g_assert_cmpstr(first->group, ==, second->group);
  g_assert_cmpfloat_with_epsilon(second->duration, 0.5, 1e-9);
  static const char *const problems[] = {"“g1” lies in several folds",
                                         "“g1” lies in several splits",
                                         "split “someday”",
                                         "fold “x”",
                                         "the stretch’s end at 9.000",
                                         "the same sound",
                                         "it has no label",
                                         "start before end",
                                         "gone.wav",
                                         "class “z”"};
  for (size_t i = 0; i < G_N_ELEMENTS(problems); i++)
    assert_problem(manifest, problems[i]);
  test_remove(folder);
  test_remove(elsewhere);
}

static void
test_refused(void)
{
  static const char *const files[] = {"one/only/1.wav", "one/only/2.wav", "flat/1.wav", NULL};
  char *folder = test_folder();
  add_sounds(folder, files);
  add_text(folder, "none/a/x.wav", "x");
  add_text(folder, "none/b/x.wav", "y");
  add_text(folder, "untold.csv", "filename,label\nnone/a/x.wav,\n");
  add_text(folder, "bare.csv", "file,genre\n1,2\n");
  add_text(folder, "bare/meta/esc50.csv", "a,b\n1,2\n");
  static const struct {
    const char *name;
    int code;
    const char *words;
  } cases[] = {
      {"one", MG_ERROR_DATA, "only one class (“only”)"},
      {"flat", MG_ERROR_DATA, "--label-from"},
      {"none", MG_ERROR_DATA, "no track can be read"},
      {"untold.csv", MG_ERROR_DATA, "there is no track with a class"},
      {"bare.csv", MG_ERROR_FORMAT, "filename"},
      {"absent", MG_ERROR_IO, "absent"},
      {"bare", MG_ERROR_FORMAT, "filename"},
  };
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *path = g_build_filename(folder, cases[i].name, NULL);
    assert_fails(path, NULL, cases[i].code, cases[i].words);
  }
  test_remove(folder);
}

static void
test_unreadable_folder(void)
{
  static const char *const files[] = {"a/1.wav", "b/1.wav", NULL};
  char *folder = test_folder();
  add_sounds(folder, files);
  g_assert_cmpint(g_chmod(folder, 0), ==, 0);
  if (g_access(folder, R_OK) == 0) /* root reads everything */
    g_test_message("runs as root");
  else
    assert_fails(folder, NULL, MG_ERROR_IO, folder);
  g_chmod(folder, 0755);
  test_remove(folder);
}

static void
test_cancelled(void)
{
  static const char *const files[] = {"a/1.wav", "b/1.wav", NULL};
  char *folder = test_folder();
  add_sounds(folder, files);
  g_autoptr(MgProgress) progress = mg_progress_new(NULL, NULL);
  mg_progress_cancel(progress);
  g_autoptr(GError) error = NULL;
  g_assert_null(mg_manifest_open(folder, NULL, progress, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_CANCELLED);
  test_remove(folder);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/manifest/class-folders", test_class_folders);
  g_test_add_func("/manifest/problems", test_problems);
  g_test_add_func("/manifest/links", test_links);
  g_test_add_func("/manifest/flat", test_flat);
  g_test_add_func("/manifest/some-folders", test_some_folders);
  g_test_add_func("/manifest/esc50", test_esc50);
  g_test_add_func("/manifest/csv", test_csv);
  g_test_add_func("/manifest/refused", test_refused);
  g_test_add_func("/manifest/unreadable-folder", test_unreadable_folder);
  g_test_add_func("/manifest/cancelled", test_cancelled);
  return g_test_run();
}
