#include "session-support.h"
#include "session/worker.h"
#include "base/error.h"

typedef struct {
  gboolean ended;
  guint end;
  char *message;
} Outcome;

static void
note_end(MgWorker *worker, guint end, const char *message, Outcome *outcome)
{
  outcome->ended = TRUE;
  outcome->end = end;
  outcome->message = g_strdup(message);
}

/* Runs the script to its end. */
static Outcome
run(const char *body, const char *const *arguments)
{
  char *folder = test_folder();
  Outcome outcome = {0};
  g_autoptr(GError) error = NULL;
  g_autoptr(MgWorker) worker = mg_worker_new();
  test_fake_program(folder, body);
  g_signal_connect(worker, "ended", G_CALLBACK(note_end), &outcome);
  mg_worker_start(worker, arguments, &error);
  g_assert_no_error(error);
  g_assert_true(mg_worker_is_running(worker));
  test_wait_for(outcome.ended);
  g_assert_false(mg_worker_is_running(worker));
  test_remove(folder);
  return outcome;
}

static const char *const some_arguments[] = {"train", "--dataset", "a folder", NULL};

static void
test_good(void)
{
  Outcome outcome = run("echo noise; echo a warning >&2; test \"$1-$3\" = 'train-a folder'", some_arguments);
  g_assert_cmpuint(outcome.end, ==, MG_WORKER_DONE);
  g_assert_null(outcome.message);
}

/* Its threads wait briefly, beside the window and other trainings, unless the user wants it otherwise. */
static void
test_waiting_threads(void)
{
  g_unsetenv("OMP_WAIT_POLICY");
  g_unsetenv("GOMP_SPINCOUNT");
  g_assert_cmpuint(run("test \"$GOMP_SPINCOUNT\" = 300", some_arguments).end, ==, MG_WORKER_DONE);
  g_setenv("GOMP_SPINCOUNT", "7", TRUE);
  g_assert_cmpuint(run("test \"$GOMP_SPINCOUNT\" = 7", some_arguments).end, ==, MG_WORKER_DONE);
  g_unsetenv("GOMP_SPINCOUNT");
  g_setenv("OMP_WAIT_POLICY", "active", TRUE);
  g_assert_cmpuint(run("test -z \"$GOMP_SPINCOUNT\"", some_arguments).end, ==, MG_WORKER_DONE);
}

static void
note_progress(MgWorker *worker, double fraction, double seconds_left, const char *what, GString *told)
{
  g_string_append_printf(told, "%g,%g,%s;", fraction, seconds_left, what);
}

/* Progress is told as it comes, and is no error line. */
static void
test_progress(void)
{
  char *folder = test_folder();
  Outcome outcome = {0};
  g_autoptr(GString) told = g_string_new(NULL);
  g_autoptr(MgWorker) worker = mg_worker_new();
  test_fake_program(folder, "echo 'progress 0.2500 12.5 two words' >&2; echo 'melograph-cli: broken' >&2;"
                            "echo 'progress 1.0000 -1.0 ' >&2; exit 1");
  g_signal_connect(worker, "ended", G_CALLBACK(note_end), &outcome);
  g_signal_connect(worker, "progress", G_CALLBACK(note_progress), told);
  g_assert_true(mg_worker_start(worker, some_arguments, NULL));
  test_wait_for(outcome.ended);
  g_assert_cmpstr(told->str, ==, "0.25,12.5,two words;1,-1,;");
  g_assert_cmpstr(outcome.message, ==, "broken");
  g_free(outcome.message);
  test_remove(folder);
}

static void
test_error_line(void)
{
  Outcome outcome =
      run("echo first >&2; echo 'melograph-cli: a.wav: not a sound file' >&2; echo >&2; exit 1", some_arguments);
  g_assert_cmpuint(outcome.end, ==, MG_WORKER_FAILED);
  g_assert_cmpstr(outcome.message, ==, "a.wav: not a sound file");
  g_free(outcome.message);
}

static void
test_silent_failure(void)
{
  Outcome outcome = run("exit 3", some_arguments);
  g_assert_cmpstr(outcome.message, ==, "melograph-cli ended with status 3");
  g_free(outcome.message);
}

static void
test_bad_bytes(void)
{
  Outcome outcome = run("printf 'melograph-cli: caf\\351.wav: gone\\n' >&2; exit 1", some_arguments);
  g_assert_true(g_utf8_validate(outcome.message, -1, NULL));
  g_assert_true(g_str_has_suffix(outcome.message, ".wav: gone"));
  g_free(outcome.message);
}

static void
test_crash(void)
{
  Outcome outcome = run("kill -SEGV $$", some_arguments);
  g_assert_cmpuint(outcome.end, ==, MG_WORKER_FAILED);
  g_assert_nonnull(strstr(outcome.message, "signal 11"));
  g_free(outcome.message);
}

static void
test_stop(void)
{
  char *folder = test_folder();
  Outcome outcome = {0};
  g_autoptr(MgWorker) worker = mg_worker_new();
  g_autofree char *ready = g_build_filename(folder, "ready", NULL);
  g_autofree char *body =
      g_strdup_printf("trap 'echo stopped >&2; exit 1' TERM; touch '%s'; while :; do sleep 0.05; done", ready);
  test_fake_program(folder, body);
  g_signal_connect(worker, "ended", G_CALLBACK(note_end), &outcome);
  g_assert_true(mg_worker_start(worker, some_arguments, NULL));
  while (!g_file_test(ready, G_FILE_TEST_EXISTS)) /* or the signal comes before the trap */
    g_usleep(10000);
  g_autoptr(GError) error = NULL;
  g_assert_false(mg_worker_start(worker, some_arguments, &error)); /* busy */
  g_assert_error(error, MG_ERROR, MG_ERROR_USAGE);
  mg_worker_stop(worker);
  test_wait_for(outcome.ended);
  g_assert_cmpuint(outcome.end, ==, MG_WORKER_STOPPED);
  g_assert_null(outcome.message);
  test_remove(folder);
}

/* A process that does not heed SIGTERM, or was stopped, is killed, and that is said. */
static void
check_hanging(const char *body)
{
  char *folder = test_folder();
  Outcome outcome = {0};
  g_autoptr(MgWorker) worker = mg_worker_new();
  g_autofree char *ready = g_build_filename(folder, "ready", NULL), *script = g_strdup_printf(body, ready);
  test_fake_program(folder, script);
  g_setenv("MELOGRAPH_PATIENCE", "0.2", TRUE);
  g_signal_connect(worker, "ended", G_CALLBACK(note_end), &outcome);
  g_assert_true(mg_worker_start(worker, some_arguments, NULL));
  while (!g_file_test(ready, G_FILE_TEST_EXISTS))
    g_usleep(10000);
  mg_worker_stop(worker);
  mg_worker_stop(worker); /* a second time changes nothing */
  test_wait_for(outcome.ended);
  g_unsetenv("MELOGRAPH_PATIENCE");
  g_assert_cmpuint(outcome.end, ==, MG_WORKER_FAILED);
  g_assert_nonnull(strstr(outcome.message, "was killed"));
  g_assert_false(mg_worker_is_running(worker));
  g_free(outcome.message);
  test_remove(folder);
}

static void
test_hanging(void)
{
  check_hanging("trap '' TERM; touch '%s'; while :; do sleep 0.05; done");
  /* ready once it has stopped indeed, or the signal comes before */
  check_hanging("(until grep -q '^State:.T' /proc/$$/status; do sleep 0.01; done; touch '%s') & kill -STOP $$; exit 0");
}

static void
test_no_program(void)
{
  g_setenv("MELOGRAPH_CLI", "/nowhere/melograph-cli", TRUE);
  g_autoptr(MgWorker) worker = mg_worker_new();
  g_autoptr(GError) error = NULL;
  g_assert_false(mg_worker_start(worker, some_arguments, &error));
  g_assert_nonnull(strstr(error->message, "/nowhere/melograph-cli"));
  g_assert_false(mg_worker_is_running(worker));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/session/worker/good", test_good);
  g_test_add_func("/session/worker/waiting-threads", test_waiting_threads);
  g_test_add_func("/session/worker/progress", test_progress);
  g_test_add_func("/session/worker/error-line", test_error_line);
  g_test_add_func("/session/worker/silent-failure", test_silent_failure);
  g_test_add_func("/session/worker/bad-bytes", test_bad_bytes);
  g_test_add_func("/session/worker/crash", test_crash);
  g_test_add_func("/session/worker/stop", test_stop);
  g_test_add_func("/session/worker/hanging", test_hanging);
  g_test_add_func("/session/worker/no-program", test_no_program);
  return g_test_run();
}
