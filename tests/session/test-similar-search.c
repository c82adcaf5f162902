/* Looking for similar stretches: what the child process is asked, told, and how it is given up. */
#include "session-support.h"
#include "session/similar-search.h"
#include <glib/gstdio.h>

static char *folder;

static MgLibrary *
new_library(void)
{
  MgLibrary *library = mg_library_new();
  mg_library_add(library, "/sounds/a, b.wav", "birds", 3);
  mg_library_add(library, "/sounds/c.wav", NULL, 3);
  return library;
}

/* The stand-in keeps its arguments and the list of tracks. */
static void
fake(const char *more)
{
  g_autofree char *script = g_strdup_printf(
      "echo \"$*\" > '%s/arguments'\n"
      "while [ $# -gt 1 ]; do case $1 in --list) cp \"$2\" '%s/list';; --out) out=$2;; esac; shift; done\n%s",
      folder, folder, more);
  test_fake_program(folder, script);
}

static char *
read_text(const char *name)
{
  g_autofree char *path = g_build_filename(folder, name, NULL);
  char *text = NULL;
  g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
  return text;
}

static void
test_found(void)
{
  g_autoptr(MgLibrary) library = new_library();
  g_autoptr(MgSimilarSearch) search = mg_similar_search_new();
  fake("echo 'progress 0.5 12 x' >&2\nprintf 'path,start,end,distance\\n/sounds/c.wav,0.5,1.75,0.25\\n"
       "\"/sounds/a, b.wav\",1,2.25,0.5\\n' > \"$out\"");
  mg_similar_search_start(search, library, "/sounds/d.wav", 1.25, 2.5, "mfcc", NULL);
  g_assert_true(mg_similar_search_working(search));
  test_wait_for(!mg_similar_search_working(search));
  g_assert_null(mg_similar_search_failure(search));
  const GPtrArray *found = mg_similar_search_found(search);
  g_assert_cmpuint(found->len, ==, 2);
  const MgSimilar *first = found->pdata[0], *second = found->pdata[1];
  g_assert_cmpstr(first->path, ==, "/sounds/c.wav");
  g_assert_cmpfloat(first->end, ==, 1.75);
  g_assert_cmpstr(second->path, ==, "/sounds/a, b.wav");
  g_assert_cmpfloat(second->distance, ==, 0.5);
  g_autofree char *arguments = read_text("arguments"), *list = read_text("list");
  g_assert_nonnull(strstr(arguments, "--start 1.25 --end 2.5 "));
  g_assert_nonnull(strstr(arguments, "--set features=mfcc"));
  g_assert_nonnull(strstr(list, "/sounds/d.wav\n")); /* the sound itself, which the library does not have */
  g_assert_nonnull(strstr(list, "/sounds/a, b.wav\n"));
}

static void
test_network(void)
{
  g_autoptr(MgLibrary) library = new_library();
  g_autoptr(MgSimilarSearch) search = mg_similar_search_new();
  fake("echo 'melograph-cli: no network here' >&2; exit 1");
  mg_similar_search_start(search, library, "/sounds/c.wav", 0, 1, NULL, "/runs/one");
  test_wait_for(!mg_similar_search_working(search));
  g_assert_cmpstr(mg_similar_search_failure(search), ==, "no network here");
  g_assert_null(mg_similar_search_found(search));
  g_autofree char *arguments = read_text("arguments");
  g_assert_nonnull(strstr(arguments, "--embedding /runs/one"));
  g_assert_null(strstr(arguments, "features="));
}

static gboolean
ended(const char *path)
{
  g_autofree char *text = NULL;
  return g_file_get_contents(path, &text, NULL, NULL) && strstr(text, "ended");
}

static void
test_cancel(void)
{
  g_autoptr(MgLibrary) library = new_library();
  g_autoptr(MgSimilarSearch) search = mg_similar_search_new();
  g_autofree char *mark = g_build_filename(folder, "mark", NULL);
  g_autofree char *script = g_strdup_printf(
      "trap 'echo ended > \"%s\"; exit 1' TERM\necho 'progress 0.25 60 x' >&2\nwhile :; do sleep 0.05; done", mark);
  double fraction = 0, left;
  fake(script);
  mg_similar_search_start(search, library, "/sounds/c.wav", 0, 1, "rms", NULL);
  test_wait_for((mg_similar_search_progress(search, &fraction, &left), fraction > 0.2));
  g_assert_cmpfloat(left, ==, 60);
  mg_similar_search_stop(search);
  g_assert_false(mg_similar_search_working(search));
  test_wait_for(ended(mark));
  g_assert_null(mg_similar_search_failure(search));
}

static void
test_features(void)
{
  g_assert_true(mg_similar_search_can("mfcc"));
  g_assert_true(mg_similar_search_can("spectral_centroid"));
  g_assert_false(mg_similar_search_can("onset_detect")); /* moments have no statistics */
  g_assert_false(mg_similar_search_can("harmonic"));     /* a sound has none either */
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  folder = test_folder();
  g_test_add_func("/similar-search/found", test_found);
  g_test_add_func("/similar-search/network", test_network);
  g_test_add_func("/similar-search/cancel", test_cancel);
  g_test_add_func("/similar-search/features", test_features);
  int failed = g_test_run();
  test_remove(folder);
  return failed;
}
