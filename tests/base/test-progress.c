/* Reports of progress: how often, of parts, and on the main context. */
#include "base/progress.h"
#include "support.h"

typedef struct {
  MgProgress *progress;
  GThread *on; /* that was called last */
  GString *heard;
  double last;
  int times;
} Ear;

static void
hear(double fraction, double seconds_left, const char *what, gpointer data)
{
  Ear *ear = data;
  ear->on = g_thread_self();
  ear->last = fraction;
  ear->times++;
  g_string_append_printf(ear->heard, "%g %s;", fraction, what ? what : "-");
}

/* What comes within the shortest time between two reports is left out, but never the end. */
static void
test_sparse(void)
{
  Ear ear = {.heard = g_string_new(NULL)};
  gint64 begun = g_get_monotonic_time();
  g_autoptr(MgProgress) progress = mg_progress_new(hear, &ear);
  for (int i = 0; i <= 1000; i++)
    mg_progress_report(progress, i / 1000.0, NULL);
  g_assert_cmpint(ear.times, <=, 2 + (g_get_monotonic_time() - begun) / (50 * G_TIME_SPAN_MILLISECOND));
  g_assert_cmpfloat(ear.last, ==, 1);
  g_assert_true(ear.on == g_thread_self());
  g_string_free(ear.heard, TRUE);
}

static void
test_part(void)
{
  Ear whole = {.heard = g_string_new(NULL)}, own = {.heard = g_string_new(NULL)};
  g_autoptr(MgProgress) progress = mg_progress_new(hear, &whole);
  g_autoptr(MgProgress) part = mg_progress_new_part(progress, 0.5, 0.75, hear, &own);
  mg_progress_report(part, 1, "half");
  g_assert_cmpstr(whole.heard->str, ==, "0.75 half;");
  g_assert_cmpstr(own.heard->str, ==, "1 half;");
  mg_progress_cancel(progress);
  g_assert_true(mg_progress_cancelled(part));
  g_string_free(whole.heard, TRUE);
  g_string_free(own.heard, TRUE);
}

static gpointer
work(gpointer data)
{
  const Ear *ear = data;
  char text[] = "first"; /* of the thread's own: told when it is gone */
  mg_progress_report(ear->progress, 0.25, text);
  text[0] = 'x';
  mg_progress_report(ear->progress, 1, NULL);
  return NULL;
}

static void
run_on_thread(Ear *ear)
{
  ear->progress = mg_progress_new_on_main(hear, ear);
  g_thread_join(g_thread_new("work", work, ear));
  g_assert_cmpstr(ear->heard->str, ==, "");
}

static void
test_on_main(void)
{
  Ear ear = {.heard = g_string_new(NULL)};
  run_on_thread(&ear);
  while (g_main_context_iteration(NULL, FALSE))
    ;
  g_assert_cmpstr(ear.heard->str, ==, "0.25 first;1 -;");
  g_assert_true(ear.on == g_thread_self());
  mg_progress_unref(ear.progress);
  g_string_free(ear.heard, TRUE);
}

/* Whoever cancels may be gone when the main context comes to what was reported before. */
static void
test_cancelled(void)
{
  Ear ear = {.heard = g_string_new(NULL)};
  run_on_thread(&ear);
  mg_progress_cancel(ear.progress);
  mg_progress_unref(ear.progress);
  while (g_main_context_iteration(NULL, FALSE))
    ;
  g_assert_cmpstr(ear.heard->str, ==, "");
  g_string_free(ear.heard, TRUE);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/base/progress/sparse", test_sparse);
  g_test_add_func("/base/progress/part", test_part);
  g_test_add_func("/base/progress/on-main", test_on_main);
  g_test_add_func("/base/progress/cancelled", test_cancelled);
  return g_test_run();
}
