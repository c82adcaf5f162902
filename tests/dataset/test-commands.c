/* synth and dataset as a user runs them. */
#include "sounds.h"
#include <string.h>
#include <sys/wait.h>

static int
run(const char *const *arguments, char **out, char **err)
{
  g_autoptr(GPtrArray) all = g_ptr_array_new();
  g_ptr_array_add(all, (char *)g_getenv("MELOGRAPH_CLI"));
  for (; *arguments; arguments++)
    g_ptr_array_add(all, (char *)*arguments);
  g_ptr_array_add(all, NULL);
  int status;
  g_autoptr(GError) error = NULL;
  g_spawn_sync(NULL, (char **)all->pdata, NULL, G_SPAWN_DEFAULT, NULL, NULL, out, err, &status, &error);
  g_assert_no_error(error);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static void
test_synth_and_dataset(void)
{
  char *folder = test_folder();
  g_autofree char *out = NULL, *err = NULL, *table = NULL, *json = NULL;
  const char *synth[] = {"synth", "--out", folder, "--tracks", "5", "--seconds", "2", "--seed", "3", "--quiet", NULL};
  g_assert_cmpint(run(synth, &out, &err), ==, 0);
  g_assert_cmpstr(out, ==, "");
  g_assert_cmpstr(err, ==, "");
  const char *dataset[] = {"dataset", folder, "--set", "segment_seconds=1", NULL};
  g_assert_cmpint(run(dataset, &table, NULL), ==, 0);
  g_test_message("%s", table);
  g_assert_nonnull(strstr(table, "Validate"));
  g_assert_true(g_regex_match_simple("classique +6 +2 +2 +5 +5 +0:00:10", table, 0, 0));
  g_assert_true(g_regex_match_simple("all +12 +4 +4 +10 +10 +0:00:20", table, 0, 0));
  const char *as_json[] = {"dataset", folder, "--json", "--set", "split=leaky:6:2:2", NULL};
  g_assert_cmpint(run(as_json, &json, NULL), ==, 0);
  g_assert_nonnull(strstr(json, "\"leaky\": true"));
  g_assert_nonnull(strstr(json, "\"label\": \"rap\""));
  test_remove(folder);
}

static void
test_official_digits(void)
{
  char *folder = test_folder();
  for (int digit = 0; digit < 2; digit++)
    for (int take = 0; take < 20; take++) {
      g_autofree char *name = g_strdup_printf("%d_george_%d.wav", digit, take);
      g_free(add_sound(folder, name, 0.1));
    }
  g_autofree char *out = NULL;
  const char *arguments[] = {"dataset",      folder,  "--label-from",        "^([0-9])_", "--fold-from",
                             "_([0-9]+)\\.", "--set", "split=fold:test=0-4", NULL};
  g_assert_cmpint(run(arguments, &out, NULL), ==, 0);
  g_assert_true(g_regex_match_simple("all +2[678] +[234] +10 +40", out, 0, 0));
  test_remove(folder);
}

static void
test_refused(void)
{
  static const struct {
    const char *arguments[6];
    int code;
    const char *words;
  } cases[] = {
      {{"dataset", "/nowhere"}, 1, "/nowhere"},
      {{"dataset"}, 2, "missing"},
      {{"dataset", "/tmp", "--set", "split=7"}, 2, "6:2:2"},
      {{"dataset", "/tmp", "--label-from", "("}, 2, "label-from"},
      {{"synth"}, 2, "--out"},
      {{"synth", "--out", "/dev/null/x"}, 1, "/dev/null/x"},
      {{"synth", "--out", "/tmp/x", "--tracks", "0"}, 2, "tracks=0"},
  };
  static const char *const sounds[] = {"a/1.wav", "b/1.wav", NULL};
  char *folder = test_folder();
  add_sounds(folder, sounds);
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    const char *arguments[8] = {NULL};
    for (int k = 0; k < 6; k++)
      arguments[k] = g_strcmp0(cases[i].arguments[k], "/tmp") == 0 ? folder : cases[i].arguments[k];
    g_autofree char *out = NULL, *err = NULL;
    g_assert_cmpint(run(arguments, &out, &err), ==, cases[i].code);
    g_test_message("%s", err);
    g_assert_nonnull(strstr(err, cases[i].words));
    g_assert_true(strchr(err, '\n') == err + strlen(err) - 1); /* one line */
    g_assert_cmpstr(out, ==, "");
  }
  test_remove(folder);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/commands/synth-and-dataset", test_synth_and_dataset);
  g_test_add_func("/commands/official-digits", test_official_digits);
  g_test_add_func("/commands/refused", test_refused);
  return g_test_run();
}
