#include "session-support.h"
#include "session/run-list.h"
#include "session/run.h"
#include <math.h>
#include <unistd.h>

static const char header[] = "epoch,step,split,name,value\n";

static void
write_status(const char *folder, MgRunState state, gint64 pid)
{
  MgRunStatus status = {.state = state, .pid = pid, .epoch = 2, .epochs = 4, .step = 30, .steps = 60};
  status.seconds_left = 12;
  g_assert_true(mg_run_status_write(folder, &status, NULL));
}

static void
note(int *count)
{
  (*count)++;
}

static void
test_tail(void)
{
  char *folder = test_folder();
  test_write(folder, "metrics.csv", header);
  test_append(folder, "metrics.csv", "1,1,train,loss,2.5\n1,2,train,loss,2\n1,3,tra");
  write_status(folder, MG_RUN_RUNNING, getpid());
  g_autoptr(MgRun) run = mg_run_new(folder);
  int changes = 0;
  g_signal_connect_swapped(run, "changed", G_CALLBACK(note), &changes);
  test_wait_for(mg_run_series(run, "train", "loss").n == 2);
  g_assert_cmpint(changes, ==, 1);
  g_assert_cmpfloat(mg_run_last(run, "train", "loss"), ==, 2);
  g_assert_true(mg_run_is_active(run));
  g_assert_cmpfloat(mg_run_fraction(run), ==, 0.5);

  test_append(folder, "metrics.csv", "in,loss,1.5\n1,3,val,f1_macro,0.5\n");
  mg_run_refresh(run);
  MgRunSeries series = mg_run_series(run, "train", "loss");
  g_assert_cmpuint(series.n, ==, 3);
  g_assert_cmpfloat(series.step[2], ==, 3);
  g_assert_cmpfloat(series.value[2], ==, 1.5);
  g_assert_cmpint(changes, ==, 2);
  mg_run_refresh(run);
  g_assert_cmpint(changes, ==, 2); /* nothing new, nothing said */
  g_assert_cmpuint(mg_run_series(run, "test", "loss").n, ==, 0);
  g_assert_true(isnan(mg_run_last(run, "test", "loss")));
  test_remove(folder);
}

static void
test_live(void)
{
  char *folder = test_folder();
  test_write(folder, "metrics.csv", header);
  write_status(folder, MG_RUN_RUNNING, getpid());
  g_autoptr(MgRun) run = mg_run_new(folder);
  test_wait_for(mg_run_is_active(run));
  test_append(folder, "metrics.csv", "1,1,train,loss,2.5\n");
  test_wait_for(mg_run_series(run, "train", "loss").n == 1); /* by itself */
  test_remove(folder);
}

/* A resumed run's metrics go back to the checkpoint: what was read before must not stay. */
static void
test_restart(void)
{
  char *folder = test_folder();
  test_write(folder, "metrics.csv", header);
  test_append(folder, "metrics.csv", "1,1,train,loss,2.5\n1,2,train,loss,2\n2,3,train,loss,1\n");
  g_autoptr(MgRun) run = mg_run_new(folder);
  mg_run_refresh(run);
  g_assert_cmpuint(mg_run_series(run, "train", "loss").n, ==, 3);
  test_write(folder, "metrics.csv", "epoch,step,split,name,value\n1,1,train,loss,7\n");
  mg_run_refresh(run);
  g_assert_cmpuint(mg_run_series(run, "train", "loss").n, ==, 1);
  g_assert_cmpfloat(mg_run_last(run, "train", "loss"), ==, 7);
  test_remove(folder);
}

static void
test_table(void)
{
  char *folder = test_folder();
  test_write(folder, "config.ini", "[run]\nkind=table\ndataset=/t/table.csv\nmodel=svc\n");
  g_autoptr(MgRun) run = mg_run_new(folder);
  mg_run_refresh(run);
  g_assert_true(mg_run_is_table(run));
  g_assert_cmpstr(mg_run_model(run), ==, "svc");
  test_remove(folder);
}

static void
test_best(void)
{
  char *folder = test_folder();
  test_write(folder, "metrics.csv", header);
  test_append(folder, "metrics.csv", "1,10,val,loss,0.9\n2,20,val,loss,0.4\n3,30,val,loss,0.6\n");
  g_autoptr(MgRun) run = mg_run_new(folder);
  mg_run_refresh(run);
  g_assert_cmpint(mg_run_best_epoch(run), ==, 2);
  g_assert_true(isnan(mg_run_best_f1(run)));
  test_append(folder, "metrics.csv", "1,10,val,f1_macro,0.5\n2,20,val,f1_macro,nan\n3,30,val,f1_macro,0.8\n");
  test_append(folder, "metrics.csv", "4,40,val,f1_macro,0.8\n");
  mg_run_refresh(run);
  g_assert_cmpint(mg_run_best_epoch(run), ==, 3); /* the first of equals */
  g_assert_cmpfloat(mg_run_best_f1(run), ==, 0.8);
  g_assert_cmpfloat(mg_run_value_at(run, "val", "loss", 14), ==, 0.9);
  g_assert_cmpfloat(mg_run_value_at(run, "val", "loss", 16), ==, 0.4);
  g_assert_cmpfloat(mg_run_value_at(run, "val", "loss", 1000), ==, 0.6);
  test_remove(folder);
}

static void
test_interrupted(void)
{
  char *folder = test_folder();
  write_status(folder, MG_RUN_RUNNING, 0x7ffffffe); /* beyond the largest process number */
  g_autoptr(MgRun) run = mg_run_new(folder);
  mg_run_refresh(run);
  g_assert_cmpint(mg_run_state(run), ==, MG_RUN_INTERRUPTED);
  g_assert_false(mg_run_is_active(run));
  g_assert_false(mg_run_can_resume(run)); /* no checkpoint to go on from */
  test_write(folder, "checkpoints/last.safetensors", "");
  mg_run_refresh(run);
  g_assert_true(mg_run_can_resume(run));
  g_assert_false(mg_run_has_model(run));
  mg_run_stop(run); /* nobody to stop: does nothing */
  test_remove(folder);
}

/* On another machine: its process number is somebody else's here, who must not be stopped. */
static void
test_elsewhere(void)
{
  char *folder = test_folder();
  g_autofree char *text =
      g_strdup_printf("[status]\nstate=running\nhost=no-such-node\npid=%d\nepoch=1\nepochs=4\n", getpid());
  test_write(folder, "status", text);
  g_autoptr(MgRun) run = mg_run_new(folder);
  mg_run_refresh(run);
  g_assert_true(mg_run_is_elsewhere(run));
  g_assert_cmpstr(mg_run_status(run)->host, ==, "no-such-node");
  g_assert_cmpint(mg_run_state(run), ==, MG_RUN_RUNNING);
  g_assert_true(mg_run_is_active(run));
  mg_run_stop(run);
  mg_run_pause(run, TRUE);
  write_status(folder, MG_RUN_RUNNING, getpid());
  mg_run_refresh(run);
  g_assert_false(mg_run_is_elsewhere(run));
  test_remove(folder);
}

static GSubprocess *
start_hanging(const char *folder)
{
  g_autofree char *ready = g_build_filename(folder, "ready", NULL);
  g_autofree char *body = g_strdup_printf("trap '' TERM; touch '%s'; while :; do sleep 0.05; done", ready);
  g_autoptr(GError) error = NULL;
  unlink(ready);
  test_fake_program(folder, body);
  GSubprocess *process = g_subprocess_new(G_SUBPROCESS_FLAGS_NONE, &error, g_getenv("MELOGRAPH_CLI"), NULL);
  g_assert_no_error(error);
  while (!g_file_test(ready, G_FILE_TEST_EXISTS))
    g_usleep(10000);
  write_status(folder, MG_RUN_RUNNING, atoi(g_subprocess_get_identifier(process)));
  return process;
}

/* The process of another window, that does not heed SIGTERM, is killed, and that is said. */
static void
test_hanging(void)
{
  char *folder = test_folder();
  g_autoptr(GSubprocess) process = start_hanging(folder);
  g_autoptr(MgRun) run = mg_run_new(folder);
  mg_run_refresh(run);
  g_assert_true(mg_run_is_active(run));
  g_setenv("MELOGRAPH_PATIENCE", "0.2", TRUE);
  mg_run_stop(run);
  test_wait_for(strstr(mg_run_message(run), "was killed"));
  g_unsetenv("MELOGRAPH_PATIENCE");
  g_assert_true(g_subprocess_wait(process, NULL, NULL));
  g_assert_true(g_subprocess_get_if_signaled(process));
  test_wait_for(!mg_run_is_active(run));
  g_assert_nonnull(strstr(mg_run_message(run), "was killed"));
  test_remove(folder);
}

static gboolean
set_flag(gpointer flag)
{
  *(gboolean *)flag = TRUE;
  return G_SOURCE_REMOVE;
}

/* A process is stopped, and somebody else goes on with the run: that one was not asked to end. */
static void
test_taken_up(void)
{
  char *folder = test_folder();
  g_autoptr(GSubprocess) first = start_hanging(folder);
  g_autoptr(MgRun) run = mg_run_new(folder);
  mg_run_refresh(run);
  g_setenv("MELOGRAPH_PATIENCE", "0.5", TRUE);
  mg_run_stop(run);
  g_unsetenv("MELOGRAPH_PATIENCE");
  g_subprocess_force_exit(first);
  g_assert_true(g_subprocess_wait(first, NULL, NULL));
  g_autoptr(GSubprocess) second = start_hanging(folder);
  mg_run_refresh(run);
  gboolean over = FALSE;
  g_timeout_add(1000, set_flag, &over);
  test_wait_for(over);
  g_assert_null(strstr(mg_run_message(run), "was killed"));
  g_assert_nonnull(g_subprocess_get_identifier(second)); /* it is there */
  g_subprocess_force_exit(second);
  g_assert_true(g_subprocess_wait(second, NULL, NULL));
  test_remove(folder);
}

/* The verdict is made of the epochs that are done. */
static void
test_fit_light(void)
{
  char *folder = test_folder();
  g_autoptr(GString) metrics = g_string_new(header);
  for (int epoch = 1, step = 0; epoch <= 20; epoch++) {
    for (int i = 0; i < 2; i++)
      g_string_append_printf(metrics, "%d,%d,train,loss,%.4f\n", epoch, ++step, 1.0 / epoch + (i ? 0.01 : -0.01));
    g_string_append_printf(metrics, "%d,%d,train,accuracy,0.9\n%d,%d,val,loss,%.4f\n%d,%d,val,accuracy,0.6\n", epoch,
                           step, epoch, step, 0.5 + 0.05 * ABS(epoch - 8), epoch, step);
  }
  g_string_append(metrics, "21,41,train,loss,100\n");
  test_write(folder, "metrics.csv", metrics->str);
  g_autoptr(MgRun) run = mg_run_new(folder);
  mg_run_refresh(run);
  MgFitLight light = mg_run_fit_light(run);
  g_assert_cmpint(light.epochs, ==, 20);
  g_assert_cmpint(light.verdict, ==, MG_FIT_OVER);
  g_assert_cmpint(light.lowest, ==, 9); /* the middle of three epochs around the lowest */
  g_assert_cmpfloat(fabs(light.train_now - (1.0 / 18 + 1.0 / 19 + 1.0 / 20) / 3), <, 1e-3);
  g_auto(GStrv) names = mg_run_metrics(run, "val", "a");
  g_assert_cmpuint(g_strv_length(names), ==, 1);
  g_assert_cmpstr(names[0], ==, "accuracy");
  test_remove(folder);
}

static void
test_start(void)
{
  char *folder = test_folder();
  g_autofree char *path = g_build_filename(folder, "small-cnn-1", NULL);
  g_autofree char *log = g_build_filename(folder, "arguments", NULL);
  g_autofree char *body = g_strdup_printf("for a; do echo \"$a\"; done > '%s'\n"
                                          "echo 'melograph-cli: data: no sound in it' >&2; exit 1",
                                          log);
  test_fake_program(folder, body);
  g_autoptr(MgParams) params = mg_run_new_params();
  g_assert_true(mg_params_set(params, "epochs", "3", NULL));
  MgRunRequest request = {
      .dataset = "/data", .label_from = "^(.)", .group_from = "", .model = "small-cnn", .params = params};
  g_autoptr(MgRun) run = mg_run_new(path);
  g_autoptr(GError) error = NULL;
  mg_run_start(run, &request, &error);
  g_assert_no_error(error);
  g_assert_cmpint(mg_run_state(run), ==, MG_RUN_PREPARING);
  g_assert_true(mg_run_is_active(run));
  test_wait_for(!mg_run_is_active(run));
  g_assert_cmpint(mg_run_state(run), ==, MG_RUN_FAILED);
  g_assert_cmpstr(mg_run_message(run), ==, "data: no sound in it");
  g_autofree char *arguments = NULL;
  g_assert_true(g_file_get_contents(log, &arguments, NULL, NULL));
  g_autofree char *expected = g_strdup_printf("train\n--dataset\n/data\n--model\nsmall-cnn\n--run\n%s\n"
                                              "--label-from\n^(.)\n--set\nepochs=3\n--quiet\n",
                                              path);
  g_assert_cmpstr(arguments, ==, expected);
  test_remove(folder);
}

static void
test_list(void)
{
  char *folder = test_folder();
  g_autofree char *runs = g_build_filename(folder, "runs", NULL);
  test_write(folder, "runs/a-1/config.ini", "[run]\nmodel=a\n");
  test_write(folder, "runs/not a run/notes.txt", "");
  g_autoptr(MgRunList) list = mg_run_list_new(runs);
  g_assert_cmpuint(g_list_model_get_n_items(G_LIST_MODEL(list)), ==, 1);
  g_autoptr(MgRun) first = g_list_model_get_item(G_LIST_MODEL(list), 0);
  mg_run_refresh(first);
  g_assert_cmpstr(mg_run_name(first), ==, "a-1");
  g_assert_cmpstr(mg_run_model(first), ==, "a");
  g_autofree char *next = mg_run_list_new_folder(list, "/models/a.json", NULL);
  g_assert_true(g_str_has_suffix(next, "/runs/a-2"));

  test_write(folder, "elsewhere/b/status", "");
  g_autofree char *other = g_build_filename(folder, "elsewhere", ".", "b", NULL);
  MgRun *added = mg_run_list_add(list, other);
  g_assert_true(mg_run_list_add(list, other) == added);
  g_assert_cmpuint(g_list_model_get_n_items(G_LIST_MODEL(list)), ==, 2);

  int changes = 0;
  g_signal_connect_swapped(list, "items-changed", G_CALLBACK(note), &changes);
  g_autofree char *gone = g_build_filename(runs, "a-1", NULL);
  char *arguments[] = {"rm", "-rf", gone, NULL};
  g_assert_true(g_spawn_sync(NULL, arguments, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL));
  mg_run_list_refresh(list);
  g_assert_null(mg_run_list_find(list, gone));
  g_assert_cmpuint(g_list_model_get_n_items(G_LIST_MODEL(list)), ==, 1);
  g_assert_cmpint(changes, >=, 1);
  test_remove(folder);
}

/* Ranks make the folder, and its first file when all are there: the folder's own change has long been told by then. */
static void
test_list_slow_start(void)
{
  char *folder = test_folder();
  g_autofree char *runs = g_build_filename(folder, "runs", NULL), *slow = g_build_filename(runs, "slow", NULL);
  g_assert_cmpint(g_mkdir(runs, 0755), ==, 0);
  g_autoptr(MgRunList) list = mg_run_list_new(runs);
  g_assert_cmpint(g_mkdir(slow, 0755), ==, 0);
  gboolean told = FALSE;
  g_timeout_add(1500, set_flag, &told);
  test_wait_for(told);
  g_assert_null(mg_run_list_find(list, slow));
  test_write(folder, "runs/slow/config.ini", "[run]\nmodel=a\n");
  test_wait_for(mg_run_list_find(list, slow));
  test_remove(folder);
}

/* Classifiers of different studies have the same name but for the study's. */
static void
test_name_in_study(void)
{
  char *folder = test_folder();
  test_write(folder, "gtzan-2/results.csv", "classifier\n");
  g_autofree char *path = g_build_filename(folder, "gtzan-2", "knn", NULL);
  g_autoptr(MgRun) run = mg_run_new(path);
  g_assert_cmpstr(mg_run_name(run), ==, "gtzan-2/knn");
  test_remove(folder);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/session/run/tail", test_tail);
  g_test_add_func("/session/run/live", test_live);
  g_test_add_func("/session/run/restart", test_restart);
  g_test_add_func("/session/run/table", test_table);
  g_test_add_func("/session/run/best", test_best);
  g_test_add_func("/session/run/interrupted", test_interrupted);
  g_test_add_func("/session/run/elsewhere", test_elsewhere);
  g_test_add_func("/session/run/hanging", test_hanging);
  g_test_add_func("/session/run/taken-up", test_taken_up);
  g_test_add_func("/session/run/fit-light", test_fit_light);
  g_test_add_func("/session/run/start", test_start);
  g_test_add_func("/session/run/list", test_list);
  g_test_add_func("/session/run/list/slow-start", test_list_slow_start);
  g_test_add_func("/session/run/name-in-study", test_name_in_study);
  return g_test_run();
}
