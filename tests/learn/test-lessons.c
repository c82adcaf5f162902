/* The lessons that come with the program: each is read, is wholly there in Russian, and its task is not solved before
 * but after its solution. */
#include "learn/lesson-facts.h"
#include "learn/lesson-kinds.h"
#include "learn/lesson-leak.h"
#include "support.h"
#include <string.h>

static GPtrArray *
lesson_names(void)
{
  g_autofree char *folder = g_build_filename(MG_SOURCE_DIR, "lessons", NULL);
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
  const char *name;
  while ((name = g_dir_read_name(dir)))
    if (g_str_has_suffix(name, ".lesson"))
      g_ptr_array_add(names, g_build_filename(folder, name, NULL));
  return names;
}

static MgLessonFile *
load(gconstpointer path)
{
  g_autoptr(GError) error = NULL;
  MgLessonFile *file = mg_lesson_load(path, &error);
  g_assert_no_error(error);
  return file;
}

static gboolean
has(const MgLessonSection *section, const char *key, const char *language)
{
  for (guint i = 0; i < section->entries->len; i++) {
    const MgLessonEntry *entry = section->entries->pdata[i];
    if (g_str_equal(entry->key, key) && g_strcmp0(entry->language, language) == 0)
      return *entry->value != 0;
  }
  return FALSE;
}

static void
test_translated(gconstpointer path)
{
  g_autoptr(MgLessonFile) file = load(path);
  const GPtrArray *sections = mg_lesson_sections(file);
  for (guint i = 0; i < sections->len; i++) {
    const MgLessonSection *section = sections->pdata[i];
    for (guint e = 0; e < section->entries->len; e++) {
      const MgLessonEntry *entry = section->entries->pdata[e];
      const char *keys = mg_lesson_section_kind(section->kind)->keys;
      gboolean translatable = g_str_equal(entry->key, "title") || g_str_equal(entry->key, "text");
      char mark;
      if (keys)
        mg_lesson_keys_hold(keys, entry->key, &translatable, &mark);
      if (translatable && !entry->language && !has(section, entry->key, "ru"))
        g_test_fail_printf("%s:%u: “%s” has no Russian", mg_lesson_path(file), entry->line, entry->key);
    }
  }
}

/* What views would find out. Of networks that are really trained the journey through the window tells. */
static void
find_out(MgLessonState *state, gboolean done)
{
  const GPtrArray *sections = mg_lesson_sections(mg_lesson_state_file(state));
  for (guint i = 0; i < sections->len; i++) {
    const MgLessonSection *view = sections->pdata[i];
    if (!g_str_equal(view->kind, "view"))
      continue;
    if (g_str_equal(view->name, "leak")) {
      g_autoptr(GError) error = NULL;
      g_autoptr(MgSamples) samples =
          mg_lesson_leak_samples(mg_lesson_state_value(state, view, "classes"), NULL, &error);
      g_assert_no_error(error);
      MgLessonLeak leak;
      g_assert_true(mg_lesson_leak_measure(samples, mg_lesson_state_value(state, view, "classifier"),
                                           (int)mg_lesson_state_number(state, view, "neighbours", 0), &leak, NULL,
                                           &error));
      g_test_message("%zu rows of %zu tracks: train %.3f, by segment %.3f, by track %.3f", leak.rows, leak.tracks,
                     leak.train, leak.by_segment, leak.by_track);
      mg_lesson_state_set_number(state, "train_accuracy", leak.train);
      mg_lesson_state_set_number(state, "segment_accuracy", leak.by_segment);
      mg_lesson_state_set_number(state, "track_accuracy", leak.by_track);
    } else if (g_str_equal(view->name, "training") && done)
      mg_lesson_state_set(state, "trained", "1");
    else if (g_str_equal(view->name, "why") && done)
      mg_lesson_state_set(state, "chosen_wrong", "1");
  }
}

static MgLessonSamples *
render(MgLessonState *state)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(MgLessonSound) sound = mg_lesson_state_sound(state, &error);
  MgLessonSamples *samples = sound ? mg_lesson_sound_render(sound, 0, &error) : NULL;
  g_assert_no_error(error);
  mg_lesson_state_take_sound(state, samples);
  return samples;
}

static void
tell_facts(MgLessonState *state)
{
  for (const MgLessonFact *fact = mg_lesson_facts; fact->name; fact++) {
    double value;
    if (fact->find(state, &value))
      g_test_message("%s %.4g", fact->name, value);
  }
}

static void
test_task(gconstpointer path)
{
  g_autoptr(MgLessonFile) file = load(path);
  g_autoptr(MgLessonState) state = mg_lesson_state_new(file);
  g_autoptr(MgLessonSamples) before = render(state);
  find_out(state, FALSE);
  tell_facts(state);
  g_assert_false(mg_lesson_state_solved(state, NULL));
  mg_lesson_state_solve(state);
  g_autoptr(MgLessonSamples) after = render(state);
  find_out(state, TRUE);
  tell_facts(state);
  gboolean unknown;
  g_assert_true(mg_lesson_state_solved(state, &unknown));
  g_assert_false(unknown);
}

int
main(int argc, char **argv)
{
  g_autofree char *cache = g_dir_make_tmp("melograph-lessons-XXXXXX", NULL);
  g_setenv("XDG_CACHE_HOME", cache, TRUE);
  g_test_init(&argc, &argv, NULL);
  g_autoptr(GPtrArray) names = lesson_names();
  g_assert_cmpuint(names->len, ==, 10);
  for (guint i = 0; i < names->len; i++) {
    g_autofree char *base = g_path_get_basename(names->pdata[i]);
    g_autofree char *translated = g_strconcat("/lessons/russian/", base, NULL);
    g_autofree char *task = g_strconcat("/lessons/task/", base, NULL);
    g_test_add_data_func(translated, names->pdata[i], test_translated);
    g_test_add_data_func(task, names->pdata[i], test_task);
  }
  int status = g_test_run();
  test_remove(g_steal_pointer(&cache));
  return status;
}
