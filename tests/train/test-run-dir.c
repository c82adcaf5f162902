#include "train/run-dir.h"
#include "base/error.h"
#include "base/file.h"
#include "support.h"
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void
append_text(const char *folder, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename(folder, name, NULL);
  g_assert_true(mg_file_append(path, text, strlen(text), NULL));
}

static void
test_status_round_trip(void)
{
  char *folder = test_folder();
  MgRunStatus written = {.state = MG_RUN_RUNNING,
                         .pid = getpid(),
                         .epoch = 3,
                         .epochs = 40,
                         .step = 1234567890123,
                         .steps = 2000000000000,
                         .seconds = 12.5,
                         .seconds_left = -1,
                         .examples_per_second = 99.25,
                         .message = "two\nlines = [one]"};
  MgRunStatus read;
  g_autoptr(GError) error = NULL;
  g_assert_true(mg_run_status_write(folder, &written, &error));
  g_assert_true(mg_run_status_read(folder, &read, &error));
  g_assert_no_error(error);
  g_assert_cmpint(read.state, ==, MG_RUN_RUNNING);
  g_assert_cmpint(read.pid, ==, getpid());
  g_assert_cmpint(read.epoch, ==, 3);
  g_assert_cmpint(read.epochs, ==, 40);
  g_assert_cmpint(read.step, ==, 1234567890123);
  g_assert_cmpint(read.steps, ==, 2000000000000);
  g_assert_cmpfloat(read.seconds, ==, 12.5);
  g_assert_cmpfloat(read.seconds_left, ==, -1);
  g_assert_cmpfloat(read.examples_per_second, ==, 99.25);
  g_assert_cmpstr(read.message, ==, "two lines = [one]");
  test_remove(folder);
}

/* A long message is cut between characters, also where each of its bytes becomes a longer character. */
static void
test_status_long_message(void)
{
  char *folder = test_folder();
  g_autofree char *before = g_strnfill(sizeof((MgRunStatus *)NULL)->message - 2, 'a'),
                  *text = g_strconcat(before, "ж", NULL);
  MgRunStatus written = {.state = MG_RUN_FAILED}, read;
  g_strlcpy(written.message, text, sizeof written.message); /* takes half of the last letter along */
  g_autoptr(GError) error = NULL;
  g_assert_true(mg_run_status_write(folder, &written, &error));
  g_assert_true(mg_run_status_read(folder, &read, &error));
  g_assert_no_error(error);
  g_assert_cmpstr(read.message, ==, before);
  memset(written.message, 0xff, sizeof written.message - 1);
  g_assert_true(mg_run_status_write(folder, &written, &error));
  g_assert_true(mg_run_status_read(folder, &read, &error));
  g_assert_no_error(error);
  g_assert_true(g_utf8_validate(read.message, -1, NULL));
  g_assert_cmpuint(strlen(read.message), >, sizeof read.message - 5);
  test_remove(folder);
}

static void
test_status_damaged(void)
{
  char *folder = test_folder();
  MgRunStatus status;
  g_autoptr(GError) error = NULL;
  g_assert_false(mg_run_status_read(folder, &status, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_IO);
  g_clear_error(&error);
  append_text(folder, "status", "[status]\nstate=asleep\n");
  g_assert_false(mg_run_status_read(folder, &status, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_FORMAT);
  g_assert_nonnull(strstr(error->message, "status"));
  test_remove(folder);
}

static MgRunState
state_read(const char *folder)
{
  MgRunStatus status;
  g_assert_true(mg_run_status_read(folder, &status, NULL));
  return status.state;
}

/* Killed, first unreaped (a zombie), then gone. */
static void
test_interrupted(void)
{
  char *folder = test_folder();
  pid_t child = fork();
  g_assert_cmpint(child, >=, 0);
  if (child == 0) {
    pause();
    _exit(0);
  }
  MgRunStatus status = {.state = MG_RUN_RUNNING, .pid = child};
  g_assert_true(mg_run_status_write(folder, &status, NULL));
  g_assert_cmpint(state_read(folder), ==, MG_RUN_RUNNING);
  siginfo_t info;
  kill(child, SIGSTOP);
  g_assert_cmpint(waitid(P_PID, child, &info, WSTOPPED), ==, 0);
  g_assert_cmpint(state_read(folder), ==, MG_RUN_PAUSED);
  kill(child, SIGCONT);
  g_assert_cmpint(waitid(P_PID, child, &info, WCONTINUED), ==, 0);
  g_assert_cmpint(state_read(folder), ==, MG_RUN_RUNNING);
  kill(child, SIGKILL);
  g_assert_cmpint(waitid(P_PID, child, &info, WEXITED | WNOWAIT), ==, 0);
  g_assert_cmpint(state_read(folder), ==, MG_RUN_INTERRUPTED);
  waitpid(child, NULL, 0);
  g_assert_cmpint(state_read(folder), ==, MG_RUN_INTERRUPTED);
  status.state = MG_RUN_FINISHED; /* a final state stays, whoever wrote it */
  g_assert_true(mg_run_status_write(folder, &status, NULL));
  g_assert_cmpint(state_read(folder), ==, MG_RUN_FINISHED);
  test_remove(folder);
}

/* The process number lives, but belongs to a later process. */
static void
test_number_reused(void)
{
  char *folder = test_folder();
  g_autofree char *text =
      g_strdup_printf("[status]\nstate=running\npid=%d\nprocess_start=1\nhost=%s\n", getpid(), g_get_host_name());
  append_text(folder, "status", text);
  g_assert_cmpint(state_read(folder), ==, MG_RUN_INTERRUPTED);
  test_remove(folder);
}

static void
append_metric(const char *folder, int epoch, gint64 step, const char *name, double value)
{
  MgMetric metric = mg_metric(epoch, step, "train", name, value);
  g_assert_true(mg_metrics_append(folder, &metric, 1, NULL));
}

static gboolean
tail_once(const char *folder, MgMetricsTail *tail, GArray *metrics)
{
  gboolean restarted = FALSE;
  g_autoptr(GError) error = NULL;
  g_assert_true(mg_metrics_tail(folder, tail, metrics, &restarted, &error));
  g_assert_no_error(error);
  return restarted;
}

static void
test_tail(void)
{
  char *folder = test_folder();
  g_autoptr(GArray) metrics = g_array_new(FALSE, FALSE, sizeof(MgMetric));
  MgMetricsTail tail = {0};
  g_assert_false(tail_once(folder, &tail, metrics)); /* no file yet */
  append_metric(folder, 1, 1, "loss", 0.123456789);
  append_metric(folder, 1, 2, "recall:rock, \"roll\"", NAN);
  append_text(folder, "metrics.csv", "1,3,train,lo"); /* being written */
  g_assert_false(tail_once(folder, &tail, metrics));
  g_assert_cmpuint(metrics->len, ==, 2);
  MgMetric *first = &g_array_index(metrics, MgMetric, 0), *second = first + 1;
  g_assert_cmpint(first->epoch, ==, 1);
  g_assert_cmpint(first->step, ==, 1);
  g_assert_cmpstr(first->split, ==, "train");
  g_assert_cmpfloat(first->value, ==, 0.123456789);
  g_assert_cmpstr(second->name, ==, "recall:rock, \"roll\"");
  g_assert_true(isnan(second->value));
  append_text(folder, "metrics.csv", "ss,0.5\n");
  g_assert_false(tail_once(folder, &tail, metrics));
  g_assert_cmpuint(metrics->len, ==, 3);
  g_assert_cmpfloat(g_array_index(metrics, MgMetric, 2).value, ==, 0.5);
  g_assert_false(tail_once(folder, &tail, metrics));
  g_assert_cmpuint(metrics->len, ==, 3);
  test_remove(folder);
}

/* Cut back and grown beyond its former length between two looks: still noticed. */
static void
test_tail_restart(void)
{
  char *folder = test_folder();
  g_autoptr(GArray) metrics = g_array_new(FALSE, FALSE, sizeof(MgMetric));
  MgMetricsTail tail = {0};
  append_metric(folder, 1, 1, "loss", 1);
  gint64 checkpoint = mg_metrics_length(folder);
  append_metric(folder, 1, 2, "loss", 2);
  tail_once(folder, &tail, metrics);
  g_assert_cmpuint(metrics->len, ==, 2);
  append_text(folder, "metrics.csv", "1,3,train");
  g_assert_true(mg_metrics_cut(folder, checkpoint, NULL));
  for (int i = 2; i < 6; i++)
    append_metric(folder, 1, i, "loss", i * 10);
  g_assert_true(tail_once(folder, &tail, metrics));
  g_assert_cmpuint(metrics->len, ==, 5);
  g_assert_cmpfloat(g_array_index(metrics, MgMetric, 0).value, ==, 1);
  g_assert_cmpfloat(g_array_index(metrics, MgMetric, 1).value, ==, 20);
  g_assert_false(tail_once(folder, &tail, metrics));
  g_autoptr(GError) error = NULL;
  g_assert_false(mg_metrics_cut(folder, checkpoint + 1, &error)); /* not at a line's end */
  g_assert_error(error, MG_ERROR, MG_ERROR_FORMAT);
  test_remove(folder);
}

/* A disk that was full after the first checkpoint leaves no metrics.csv. */
static void
test_cut_of_nothing(void)
{
  char *folder = test_folder();
  g_autoptr(GError) error = NULL;
  g_assert_true(mg_metrics_cut(folder, 0, &error));
  g_assert_no_error(error);
  g_assert_false(mg_metrics_cut(folder, 10, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_IO);
  test_remove(folder);
}

static void
test_long_names(void)
{
  MgMetric metric = mg_metric(1, 1, "validation", "recall:\nжжжжжжжжжжжжжжжжжжжжжжжжжжжжжжжжжжжжжжжжжжжж", 0);
  g_assert_cmpstr(metric.split, ==, "validat");
  g_assert_true(g_utf8_validate(metric.name, -1, NULL));
  g_assert_null(strchr(metric.name, '\n'));
  g_assert_cmpuint(strlen(metric.name), >=, 60);
}

static void
test_disk_full_keeps_lines_whole(void)
{
  char *folder = test_folder();
  append_metric(folder, 1, 1, "loss", 1);
  gint64 before = mg_metrics_length(folder);
  mg_file_fail_after(5);
  MgMetric metric = mg_metric(1, 2, "train", "loss", 2);
  g_autoptr(GError) error = NULL;
  g_assert_false(mg_metrics_append(folder, &metric, 1, &error));
  mg_file_fail_after(-1);
  g_assert_error(error, MG_ERROR, MG_ERROR_IO);
  g_assert_nonnull(strstr(error->message, "metrics.csv"));
  g_autofree char *path = g_build_filename(folder, "metrics.csv", NULL);
  GStatBuf status;
  g_assert_cmpint(g_stat(path, &status), ==, 0);
  g_assert_cmpint(status.st_size, ==, before);
  test_remove(folder);
}

static void
test_folder_is_refused(void)
{
  char *folder = test_folder();
  g_autoptr(GError) error = NULL;
  g_autofree char *run = g_build_filename(folder, "runs", "one", NULL);
  g_autoptr(MgRunDir) absent = mg_run_dir_reopen(run, &error);
  g_assert_null(absent);
  g_assert_error(error, MG_ERROR, MG_ERROR_USAGE);
  g_clear_error(&error);
  g_autoptr(MgRunDir) first = mg_run_dir_create(run, &error);
  g_assert_no_error(error);
  append_text(run, "config.ini", "[run]\nmodel=x\n");
  g_autoptr(MgRunDir) again = mg_run_dir_create(run, &error);
  g_assert_null(again);
  g_assert_error(error, MG_ERROR, MG_ERROR_USAGE);
  g_assert_nonnull(strstr(error->message, "--resume"));
  g_clear_error(&error);
  g_autoptr(MgRunDir) second_writer = mg_run_dir_reopen(run, &error);
  g_assert_null(second_writer);
  g_assert_nonnull(strstr(error->message, "another process"));
  g_clear_error(&error);
  g_clear_pointer(&first, mg_run_dir_free);
  g_autoptr(MgRunDir) later = mg_run_dir_reopen(run, &error);
  g_assert_no_error(error);
  g_assert_nonnull(later);
  g_autoptr(GKeyFile) config = mg_run_config_read(run, &error);
  g_autofree char *model = g_key_file_get_string(config, "run", "model", NULL);
  g_assert_cmpstr(model, ==, "x");
  test_remove(folder);
}

static void
test_status_is_throttled(void)
{
  char *folder = test_folder();
  g_autofree char *run = g_build_filename(folder, "run", NULL);
  g_autoptr(MgRunDir) dir = mg_run_dir_create(run, NULL);
  MgRunStatus status = {.state = MG_RUN_RUNNING, .pid = getpid(), .step = 1}, read;
  g_assert_true(mg_run_dir_set_status(dir, &status, FALSE, NULL));
  status.step = 2;
  g_assert_true(mg_run_dir_set_status(dir, &status, TRUE, NULL));
  status.step = 3;
  g_assert_true(mg_run_dir_set_status(dir, &status, FALSE, NULL)); /* microseconds later: passed over */
  g_assert_true(mg_run_status_read(run, &read, NULL));
  g_assert_cmpint(read.step, ==, 2);
  mg_run_dir_log(dir, "two\nlines");
  g_autofree char *path = mg_run_dir_file(dir, "log.txt");
  g_autofree char *text = mg_file_read(path, 1000, NULL, NULL);
  g_assert_true(g_str_has_suffix(text, " two lines\n"));
  test_remove(folder);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/run-dir/status/round-trip", test_status_round_trip);
  g_test_add_func("/run-dir/status/long-message", test_status_long_message);
  g_test_add_func("/run-dir/status/damaged", test_status_damaged);
  g_test_add_func("/run-dir/status/interrupted", test_interrupted);
  g_test_add_func("/run-dir/status/number-reused", test_number_reused);
  g_test_add_func("/run-dir/status/throttled", test_status_is_throttled);
  g_test_add_func("/run-dir/metrics/tail", test_tail);
  g_test_add_func("/run-dir/metrics/restart", test_tail_restart);
  g_test_add_func("/run-dir/metrics/cut-of-nothing", test_cut_of_nothing);
  g_test_add_func("/run-dir/metrics/long-names", test_long_names);
  g_test_add_func("/run-dir/metrics/disk-full", test_disk_full_keeps_lines_whole);
  g_test_add_func("/run-dir/folder", test_folder_is_refused);
  return g_test_run();
}
