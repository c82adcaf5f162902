/* Stopping, killing and full disks: what was written stays whole, and going on gives the numbers of never having
 * stopped. */
#include "toy.h"
#include "base/error.h"
#include "nn/safetensors.h"
#include "train/evaluator.h"
#include "train/run-dir.h"
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static int
count_lines(const char *run)
{
  g_autofree char *path = g_build_filename(run, "metrics.csv", NULL);
  g_autofree char *text = mg_file_read(path, 1 << 24, NULL, NULL);
  int lines = 0;
  for (const char *p = text; p && *p; p++)
    lines += *p == '\n';
  return lines;
}

/* Acts on the training's own thread, between two steps: a busy machine only makes it come earlier. */
typedef struct {
  const char *run;
  int lines; /* of metrics.csv, from which on it acts */
  MgProgress *progress;
  gboolean kills;
} Stopper;

static void
stop_or_kill(double fraction, double seconds_left, const char *what, gpointer data)
{
  Stopper *stopper = data;
  if (count_lines(stopper->run) < stopper->lines)
    return;
  if (stopper->kills)
    kill(getpid(), SIGKILL);
  mg_progress_cancel(stopper->progress);
}

/* Trains until the metrics have `lines` lines or somewhat more; TRUE where the training came to its end before. */
static gboolean
train_until(const MgTrainJob *job, int lines, gboolean kills)
{
  Stopper stopper = {.run = job->run, .lines = lines, .kills = kills};
  g_autoptr(MgProgress) progress = stopper.progress = mg_progress_new(stop_or_kill, &stopper);
  g_autoptr(GError) error = NULL;
  gboolean finished = mg_train(job, progress, &error);
  if (!finished)
    g_assert_error(error, MG_ERROR, MG_ERROR_CANCELLED);
  return finished;
}

static MgRunState
state_of(const char *run)
{
  MgRunStatus status;
  g_assert_true(mg_run_status_read(run, &status, NULL));
  return status.state;
}

/* The predictions of a run's test segments, as text. */
static char *
predictions_text(const char *run, const char *checkpoint)
{
  g_autofree char *path = g_build_filename(run, "predictions.csv", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(MgPredictions) predictions = mg_evaluate_run(run, checkpoint, "test", 1, NULL, &error);
  g_assert_no_error(error);
  g_assert_true(mg_predictions_save(predictions, path, NULL));
  return toy_text(run, "predictions.csv");
}

static void
assert_same_training(const char *a, const char *b)
{
  g_autofree char *metrics_a = toy_text(a, "metrics.csv"), *metrics_b = toy_text(b, "metrics.csv");
  g_assert_cmpstr(metrics_a, ==, metrics_b);
  static const char *const checkpoints[] = {"best", "last"};
  for (int i = 0; i < 2; i++) {
    g_autofree char *predictions_a = predictions_text(a, checkpoints[i]);
    g_autofree char *predictions_b = predictions_text(b, checkpoints[i]);
    g_assert_cmpstr(predictions_a, ==, predictions_b);
  }
}

static void
test_stop_and_resume(void)
{
  Toy toy = toy_new();
  g_autofree char *straight = toy_run(&toy, "straight"), *stopped = toy_run(&toy, "stopped");
  toy_set(&toy, "epochs=40");
  toy_train(&toy, straight);
  MgTrainJob job = toy_job(&toy, stopped);
  int stops = 0, lines = g_test_rand_int_range(3, 20);
  while (!train_until(&job, lines, FALSE)) {
    stops++;
    g_assert_cmpint(state_of(stopped), ==, MG_RUN_STOPPED);
    lines = count_lines(stopped) + g_test_rand_int_range(100, 500);
    job.resume = TRUE;
  }
  g_assert_cmpint(stops, >=, 2);
  g_assert_cmpint(state_of(stopped), ==, MG_RUN_FINISHED);
  assert_same_training(straight, stopped);
  toy_free(&toy);
}

/* An epoch at a time, as a search takes trials further, is the same as at once. */
static void
test_until(void)
{
  Toy toy = toy_new();
  g_autofree char *straight = toy_run(&toy, "straight"), *steps = toy_run(&toy, "steps");
  toy_train(&toy, straight);
  MgTrainJob job = toy_job(&toy, steps);
  for (job.until = 1; job.until <= 4; job.until++) {
    g_autoptr(GError) error = NULL;
    mg_train(&job, NULL, &error);
    g_assert_no_error(error);
    MgRunStatus status;
    g_assert_true(mg_run_status_read(steps, &status, NULL));
    g_assert_cmpint(status.epoch, ==, job.until);
    g_assert_cmpint(status.state, ==, job.until < 4 ? MG_RUN_STOPPED : MG_RUN_FINISHED);
    job.resume = TRUE;
  }
  assert_same_training(straight, steps);
  toy_free(&toy);
}

static void
test_finished_is_left_alone(void)
{
  Toy toy = toy_new();
  g_autofree char *run = toy_run(&toy, "run");
  toy_set(&toy, "epochs=1");
  toy_train(&toy, run);
  g_autofree char *before = toy_text(run, "metrics.csv");
  MgTrainJob job = {.run = run, .resume = TRUE};
  g_assert_true(mg_train(&job, NULL, NULL));
  g_autofree char *after = toy_text(run, "metrics.csv");
  g_assert_cmpstr(before, ==, after);
  toy_free(&toy);
}

static void
refuse(const MgTrainJob *job, MgError code, const char *expected)
{
  g_autoptr(GError) error = NULL;
  g_assert_false(mg_train(job, NULL, &error));
  g_assert_error(error, MG_ERROR, (int)code);
  g_assert_null(strchr(error->message, '\n'));
  if (!strstr(error->message, expected))
    g_error("“%s” does not say “%s”", error->message, expected);
}

static void
test_refused(void)
{
  Toy toy = toy_new();
  g_autofree char *run = toy_run(&toy, "run"), *absent = toy_run(&toy, "absent");
  toy_set(&toy, "epochs=40");
  MgTrainJob job = toy_job(&toy, run);
  g_assert_false(train_until(&job, 5, FALSE));
  refuse(&job, MG_ERROR_USAGE, "--resume");
  job.resume = TRUE;
  toy_set(&toy, "batch_size=5");
  refuse(&job, MG_ERROR_USAGE, "batch_size “5”");
  toy_set(&toy, "batch_size=4");
  job.dataset = "/elsewhere";
  refuse(&job, MG_ERROR_USAGE, "--dataset “/elsewhere”");
  job.run = absent;
  refuse(&job, MG_ERROR_USAGE, "no run to resume");
  g_assert_false(g_file_test(absent, G_FILE_TEST_EXISTS));
  MgTrainJob bare = {.run = run, .resume = TRUE}; /* the run knows the rest */
  g_assert_true(mg_train(&bare, NULL, NULL));
  toy_free(&toy);
}

/* A mistyped command leaves nothing behind. */
static void
test_bad_jobs_leave_nothing(void)
{
  Toy toy = toy_new();
  g_autofree char *run = toy_run(&toy, "run"), *one = g_build_filename(toy.folder, "one", NULL);
  g_autofree char *one_class = g_build_filename(one, "only", NULL), *track = g_build_filename(one_class, "1.wav", NULL);
  MgTrainJob job = toy_job(&toy, run);
  job.dataset = "/nowhere/data";
  refuse(&job, MG_ERROR_IO, "/nowhere/data");
  g_assert_true(mg_folder_make(one_class, NULL));
  toy_track(track, TRUE, 1);
  job.dataset = one;
  refuse(&job, MG_ERROR_DATA, one);
  job.dataset = toy.dataset;
  job.model = "no-such-network";
  refuse(&job, MG_ERROR_IO, "no-such-network");
  job.model = toy.model;
  toy_set(&toy, "split=fold:test=3");
  refuse(&job, MG_ERROR_USAGE, "fold");
  g_assert_false(g_file_test(run, G_FILE_TEST_EXISTS));
  job.run = "/proc/melograph/run"; /* not writable, for root neither */
  refuse(&job, MG_ERROR_IO, "/proc/melograph/run");
  toy_free(&toy);
}

/* One class in the training set only: the other is all in the test set. */
static void
test_one_class_left(void)
{
  Toy toy = toy_new();
  g_autofree char *run = toy_run(&toy, "run"), *table = g_build_filename(toy.folder, "table.csv", NULL);
  static const char text[] = "path,label,split\ndata/sine/0.wav,sine,train\ndata/sine/1.wav,sine,val\n"
                             "data/noise/0.wav,noise,test\n";
  g_assert_true(mg_file_write(table, text, strlen(text), NULL));
  toy_set(&toy, "split=column");
  MgTrainJob job = toy_job(&toy, run);
  job.dataset = table;
  refuse(&job, MG_ERROR_DATA, "two classes");
  toy_free(&toy);
}

/* The worker is killed outright; what it left can be gone on with. */
static void
test_kill(void)
{
  Toy toy = toy_new();
  g_autofree char *straight = toy_run(&toy, "straight"), *killed = toy_run(&toy, "killed");
  toy_set(&toy, "epochs=60");
  toy_train(&toy, straight);
  MgTrainJob job = toy_job(&toy, killed);
  pid_t child = fork();
  g_assert_cmpint(child, >=, 0);
  if (child == 0) {
    train_until(&job, 200, TRUE);
    _exit(0);
  }
  waitpid(child, NULL, 0);
  g_assert_cmpint(state_of(killed), ==, MG_RUN_INTERRUPTED);
  g_autofree char *metrics = g_build_filename(killed, "metrics.csv", NULL);
  g_assert_true(mg_file_append(metrics, "60,3", 4, NULL)); /* and a line that it did not finish */
  job.resume = TRUE;
  g_autoptr(GError) error = NULL;
  g_assert_true(mg_train(&job, NULL, &error));
  g_assert_no_error(error);
  assert_same_training(straight, killed);
  toy_free(&toy);
}

/* Everything that has a state of its own or draws numbers. */
static const char *const variations[][8] = {
    {"schedule=on-plateau", "plateau_patience=1", "gamma=0.5", "optimizer=sgd", "nesterov=true"},
    {"early_stop=3", "schedule=cosine"},
    {"early_stop=4", "early_stop_on=loss", "optimizer=adamw", "weight_decay=0.01"},
    {"augment=random-crop,time-shift,gain,noise,spec-augment,mixup", "label_smoothing=0.1", "prefetch=5"},
    {"augment=mixup,noise", "prefetch=0", "class_weights=balanced"},
    {"freeze=norm1", "optimizer=sgd", "ema=0.9"},
    {"ema=0.95", "clip_norm=0.5", "augment=mixup", "schedule=step", "step_size=2"},
};

/* Killed from outside, wherever it is: TRUE where that came before its end. */
static gboolean
killed_at(const MgTrainJob *job, int lines)
{
  pid_t child = fork();
  g_assert_cmpint(child, >=, 0);
  if (child == 0)
    _exit(!mg_train(job, NULL, NULL));
  int status;
  pid_t ended = 0;
  while (count_lines(job->run) < lines && (ended = waitpid(child, &status, WNOHANG)) == 0)
    g_usleep(500);
  if (ended != child) {
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
  }
  return WIFSIGNALED(status);
}

static void
test_every_state(gconstpointer data)
{
  const char *const *variation = data;
  Toy toy = toy_new();
  g_autofree char *straight = toy_run(&toy, "straight"), *killed = toy_run(&toy, "killed");
  toy_set(&toy, "epochs=12");
  for (; *variation; variation++)
    toy_set(&toy, *variation);
  toy_train(&toy, straight);
  MgTrainJob job = toy_job(&toy, killed);
  int all = count_lines(straight), kills = 0;
  for (int lines = g_test_rand_int_range(1, all / 4); lines < all; lines += g_test_rand_int_range(10, all / 3)) {
    kills += killed_at(&job, lines);
    job.resume = TRUE;
  }
  g_assert_cmpint(kills, >=, 1);
  g_autoptr(GError) error = NULL;
  g_assert_true(mg_train(&job, NULL, &error));
  g_assert_no_error(error);
  assert_same_training(straight, killed);
  toy_free(&toy);
}

/* Batches made ahead on another thread are those that would have been made on this one. */
static void
test_prefetch(void)
{
  Toy toy = toy_new();
  g_autofree char *ahead = toy_run(&toy, "ahead"), *at_once = toy_run(&toy, "at-once");
  toy_set(&toy, "augment=time-shift,spec-augment,mixup");
  toy_set(&toy, "prefetch=7");
  toy_train(&toy, ahead);
  toy_set(&toy, "prefetch=0");
  toy_train(&toy, at_once);
  assert_same_training(ahead, at_once);
  toy_free(&toy);
}

static int
epochs_of(const char *run)
{
  MgRunStatus status;
  g_assert_true(mg_run_status_read(run, &status, NULL));
  g_assert_cmpint(status.state, ==, MG_RUN_FINISHED);
  return status.epoch;
}

/* A learning rate too small to change anything: no epoch is better than the first. */
static void
test_early_stop(void)
{
  Toy toy = toy_new();
  static const char *const watched[] = {"early_stop_on=f1", "early_stop_on=loss"};
  toy_set(&toy, "epochs=30");
  toy_set(&toy, "early_stop=3");
  toy_set(&toy, "learning_rate=1e-8");
  toy_set(&toy, "schedule=constant");
  for (int i = 0; i < 2; i++) {
    g_autofree char *run = toy_run(&toy, watched[i]);
    toy_set(&toy, watched[i]);
    toy_train(&toy, run);
    g_assert_cmpint(epochs_of(run), <, 30);
    g_assert_cmpint(epochs_of(run), >=, 4);
  }
  toy_free(&toy);
}

/* The disk fills up after `bytes`; later there is room again. */
static void
fill_disk_after(const Toy *toy, const char *straight, gint64 bytes)
{
  g_autofree char *name = g_strdup_printf("full-%d", (int)bytes);
  g_autofree char *run = toy_run(toy, name);
  MgTrainJob job = toy_job(toy, run);
  g_autoptr(GError) error = NULL;
  mg_file_fail_after(bytes);
  gboolean good = mg_train(&job, NULL, &error);
  mg_file_fail_after(-1);
  g_assert_false(good);
  g_assert_error(error, MG_ERROR, MG_ERROR_IO);
  g_assert_nonnull(strstr(error->message, run));
  g_assert_null(strchr(error->message, '\n'));
  g_clear_error(&error);
  if (!g_file_test(run, G_FILE_TEST_EXISTS)) /* full from the start */
    return;
  g_autofree char *metrics = g_build_filename(run, "metrics.csv", NULL);
  GStatBuf status;
  if (g_stat(metrics, &status) == 0)
    g_assert_cmpint(status.st_size, ==, mg_metrics_length(run));
  job.resume = TRUE;
  g_assert_true(mg_train(&job, NULL, &error));
  g_assert_no_error(error);
  assert_same_training(straight, run);
}

static void
test_disk_full(void)
{
  Toy toy = toy_new();
  g_autofree char *straight = toy_run(&toy, "straight");
  toy_train(&toy, straight);
  /* From the first file through the first checkpoint into the epochs. */
  static const gint64 budgets[] = {0, 500, 4000, 9000, 15000, 22000, 30000};
  for (size_t i = 0; i < G_N_ELEMENTS(budgets); i++)
    fill_disk_after(&toy, straight, budgets[i]);
  toy_free(&toy);
}

int
main(int argc, char **argv)
{
  toy_init(&argc, &argv);
  g_test_add_func("/resume/stop", test_stop_and_resume);
  g_test_add_func("/resume/until", test_until);
  g_test_add_func("/resume/finished", test_finished_is_left_alone);
  g_test_add_func("/resume/refused", test_refused);
  g_test_add_func("/resume/bad-jobs", test_bad_jobs_leave_nothing);
  g_test_add_func("/resume/one-class-left", test_one_class_left);
  g_test_add_func("/resume/kill", test_kill);
  for (size_t i = 0; i < G_N_ELEMENTS(variations); i++) {
    g_autofree char *path = g_strdup_printf("/resume/%s", variations[i][0]);
    g_test_add_data_func(path, variations[i], test_every_state);
  }
  g_test_add_func("/resume/prefetch", test_prefetch);
  g_test_add_func("/resume/early-stop", test_early_stop);
  g_test_add_func("/resume/disk-full", test_disk_full);
  return toy_end(g_test_run());
}
