/* Trainings one after another, by a stand-in for melograph-cli that writes the status a training writes. */
#include "session-support.h"
#include "session/run-queue.h"

/* Finishes at once, but for models whose name says otherwise. It notes its --set in the order of the starts. */
static const char program[] = "resume=no; run=; model=; set=\n"
                              "while [ $# -gt 0 ]; do case $1 in --run) run=$2;; --model) model=$2;; --set) set=$2;; "
                              "--resume) resume=yes;; esac; "
                              "shift; done\n"
                              "say() { printf '[status]\\nstate=%s\\npid=0\\nhost=x\\n' $1 >\"$run/status\"; }\n"
                              "mkdir -p \"$run/checkpoints\"; echo \"[run]\" >\"$run/config.ini\"\n"
                              "echo \"$model $set $resume\" >>\"$(dirname \"$run\")/../log\"\n"
                              "case $model in failing) echo 'melograph-cli: no sound' >&2; exit 1;;\n"
                              "stopping) : >\"$run/checkpoints/last.safetensors\"; say stopped; exit 0;; esac\n"
                              "say finished\n";

typedef struct {
  char *folder;
  MgStore *store;
  MgRunList *list;
  MgRunQueue *queue;
} Case;

static Case
case_new(void)
{
  Case this = {.folder = test_folder()};
  g_autofree char *runs = g_build_filename(this.folder, "runs", NULL);
  this.store = mg_store_open(this.folder, NULL);
  g_assert_nonnull(this.store);
  test_fake_program(this.folder, program);
  this.list = mg_run_list_new(runs);
  this.queue = mg_run_queue_new(this.list, this.store);
  return this;
}

static void
case_free(Case *this)
{
  g_assert_finalize_object(this->queue);
  g_object_unref(this->list);
  mg_store_close(this->store);
  test_remove(this->folder);
}

static void
add(MgRunQueue *queue, const char *model, const char *setting)
{
  g_autoptr(MgParams) params = mg_run_new_params();
  g_assert_true(mg_params_assign(params, setting, NULL));
  const MgRunRequest request = {.dataset = "/data", .label_from = "^(.)", .model = model, .params = params};
  g_autoptr(MgQueueItem) item = mg_queue_item_new(&request);
  mg_run_queue_insert(queue, G_MAXUINT, item);
}

static char *
log_of(const Case *this)
{
  g_autofree char *path = g_build_filename(this->folder, "log", NULL);
  char *text = NULL;
  g_file_get_contents(path, &text, NULL, NULL);
  return text;
}

static void
expect_log(const Case *this, const char *expected)
{
  g_autofree char *log = log_of(this);
  g_assert_cmpstr(log, ==, expected);
}

static void
count(guint *n)
{
  (*n)++;
}

/* In the order that it was given last, and only one at a time; a failure does not hold the others up. */
static void
test_order(void)
{
  Case this = case_new();
  guint started = 0;
  g_signal_connect_swapped(this.queue, "started", G_CALLBACK(count), &started);
  add(this.queue, "a", "epochs=1");
  add(this.queue, "b", "epochs=2");
  add(this.queue, "failing", "epochs=3");
  add(this.queue, "c", "epochs=4");
  add(this.queue, "never", "epochs=5");
  g_assert_false(mg_run_queue_is_on(this.queue));
  g_assert_cmpuint(g_list_model_get_n_items(G_LIST_MODEL(this.queue)), ==, 5);
  mg_run_queue_move(this.queue, 3, 0);
  g_autoptr(MgQueueItem) never = mg_run_queue_remove(this.queue, 4);
  g_assert_cmpuint(mg_run_queue_place(this.queue, never), ==, G_MAXUINT);
  g_autofree char *settings = mg_queue_item_settings(never);
  g_assert_cmpstr(settings, ==, "epochs=5");
  mg_run_queue_set_on(this.queue, TRUE);
  g_assert_nonnull(mg_run_queue_current(this.queue));
  test_wait_for(!mg_run_queue_is_on(this.queue));
  expect_log(&this, "c epochs=4 no\na epochs=1 no\nb epochs=2 no\nfailing epochs=3 no\n");
  g_assert_cmpuint(started, ==, 4);
  g_assert_null(mg_run_queue_current(this.queue));
  g_assert_nonnull(strstr(mg_run_queue_message(this.queue), "no sound"));
  case_free(&this);
}

/* A run that is stopped turns the queue off; turned on, it goes on with that run. */
static void
test_stopped(void)
{
  Case this = case_new();
  add(this.queue, "stopping", "epochs=1");
  add(this.queue, "b", "epochs=2");
  mg_run_queue_set_on(this.queue, TRUE);
  test_wait_for(!mg_run_queue_is_on(this.queue));
  expect_log(&this, "stopping epochs=1 no\n");
  g_assert_nonnull(mg_run_queue_current(this.queue));
  g_assert_cmpuint(g_list_model_get_n_items(G_LIST_MODEL(this.queue)), ==, 1);
  mg_run_queue_set_on(this.queue, TRUE);
  test_wait_for(!mg_run_queue_is_on(this.queue));
  expect_log(&this, "stopping epochs=1 no\n  yes\nb epochs=2 no\n");
  case_free(&this);
}

/* The next window finds what waited, in its order, and the run that the last one was stopped in. */
static void
test_kept(void)
{
  Case this = case_new();
  add(this.queue, "stopping", "epochs=1");
  add(this.queue, "b", "learning_rate=0.5");
  add(this.queue, "c", "epochs=2");
  mg_run_queue_set_on(this.queue, TRUE);
  test_wait_for(!mg_run_queue_is_on(this.queue));
  MgRunQueue *next = mg_run_queue_new(this.list, this.store);
  g_assert_false(mg_run_queue_is_on(next));
  g_assert_cmpuint(g_list_model_get_n_items(G_LIST_MODEL(next)), ==, 2);
  g_autoptr(MgQueueItem) first = g_list_model_get_item(G_LIST_MODEL(next), 0);
  g_assert_cmpstr(mg_queue_item_request(first)->model, ==, "b");
  g_assert_cmpstr(mg_queue_item_request(first)->label_from, ==, "^(.)");
  g_assert_cmpstr(mg_params_text(mg_queue_item_request(first)->params, "learning_rate"), ==, "0.5");
  g_assert_true(mg_run_queue_current(next) == mg_run_queue_current(this.queue));
  g_assert_cmpstr(mg_run_queue_message(next), !=, "");
  g_assert_finalize_object(next);
  case_free(&this);
}

/* What an older program left: one text. Nonsense in it is passed over, and it is read once. */
static void
test_former(void)
{
  static const char text[] = "[current]\nrun=/gone\n[1]\ndataset=/data\nmodel=a\nset=epochs=3;\n[2]\nmodel=x\n";
  Case this = case_new();
  g_assert_true(mg_store_put(this.store, "train-queue", text, NULL));
  MgRunQueue *next = mg_run_queue_new(this.list, this.store);
  g_assert_cmpuint(g_list_model_get_n_items(G_LIST_MODEL(next)), ==, 1);
  g_autoptr(MgQueueItem) item = g_list_model_get_item(G_LIST_MODEL(next), 0);
  g_autofree char *settings = mg_queue_item_settings(item);
  g_assert_cmpstr(settings, ==, "epochs=3");
  g_assert_null(mg_store_get(this.store, "train-queue"));
  g_assert_finalize_object(next);
  case_free(&this);
}

static char *
models_of(MgRunQueue *queue)
{
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < g_list_model_get_n_items(G_LIST_MODEL(queue)); i++) {
    g_autoptr(MgQueueItem) item = g_list_model_get_item(G_LIST_MODEL(queue), i);
    g_string_append_printf(text, "%s ", mg_queue_item_request(item)->model);
  }
  return g_string_free(text, FALSE);
}

static void
expect_models(MgRunQueue *queue, const char *expected)
{
  g_autofree char *models = models_of(queue);
  g_assert_cmpstr(models, ==, expected);
}

/* Two windows on one workspace: each sees what the other puts in, takes out and moves, and one alone runs it. */
static void
test_two_windows(void)
{
  Case this = case_new();
  g_autoptr(MgStore) other_store = mg_store_open(this.folder, NULL);
  MgRunQueue *other = mg_run_queue_new(this.list, other_store);
  add(this.queue, "a", "epochs=1");
  add(other, "b", "epochs=2");
  add(this.queue, "c", "epochs=3");
  expect_models(this.queue, "a b c ");
  mg_run_queue_look(other);
  expect_models(other, "a b c ");
  mg_run_queue_move(other, 2, 0);
  expect_models(other, "c a b ");
  g_autoptr(MgQueueItem) taken = mg_run_queue_remove(other, 2);
  g_assert_nonnull(taken);
  g_assert_null(mg_run_queue_remove(this.queue, 1)); /* "b", as far as it knows */
  expect_models(this.queue, "c a ");
  mg_run_queue_insert(this.queue, 1, taken);
  g_assert_cmpuint(mg_run_queue_place(this.queue, taken), ==, 1); /* the same object */
  mg_run_queue_set_on(this.queue, TRUE);
  mg_run_queue_set_on(other, TRUE);
  g_assert_true(mg_run_queue_is_on(this.queue));
  g_assert_false(mg_run_queue_is_on(other));
  g_assert_cmpstr(mg_run_queue_message(other), !=, "");
  add(other, "d", "epochs=4");
  g_assert_false(mg_run_queue_is_on(other));
  test_wait_for(!mg_run_queue_is_on(this.queue));
  expect_log(&this, "c epochs=3 no\nb epochs=2 no\na epochs=1 no\nd epochs=4 no\n");
  mg_run_queue_look(other);
  expect_models(other, "");
  add(other, "e", "epochs=5");
  mg_run_queue_set_on(other, TRUE); /* the first one has let go of it */
  test_wait_for(!mg_run_queue_is_on(other));
  expect_log(&this, "c epochs=3 no\nb epochs=2 no\na epochs=1 no\nd epochs=4 no\ne epochs=5 no\n");
  g_assert_finalize_object(other);
  case_free(&this);
}

/* A window that was killed holds the queue no longer. */
static void
test_killed_window(void)
{
  Case this = case_new();
  g_autofree char *gone = g_strdup_printf("%s 999999999 1", g_get_host_name());
  g_assert_true(mg_store_put(this.store, "queue-owner", gone, NULL));
  add(this.queue, "a", "epochs=1");
  mg_run_queue_set_on(this.queue, TRUE);
  g_assert_true(mg_run_queue_is_on(this.queue));
  test_wait_for(!mg_run_queue_is_on(this.queue));
  expect_log(&this, "a epochs=1 no\n");
  g_assert_null(mg_store_get(this.store, "queue-owner"));
  case_free(&this);
}

/* Without a program to start nothing is lost. */
static void
test_cannot_start(void)
{
  Case this = case_new();
  g_setenv("MELOGRAPH_CLI", "/nowhere/melograph-cli", TRUE);
  add(this.queue, "a", "epochs=1");
  mg_run_queue_set_on(this.queue, TRUE);
  g_assert_false(mg_run_queue_is_on(this.queue));
  g_assert_cmpuint(g_list_model_get_n_items(G_LIST_MODEL(this.queue)), ==, 1);
  g_assert_cmpstr(mg_run_queue_message(this.queue), !=, "");
  case_free(&this);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/session/run-queue/order", test_order);
  g_test_add_func("/session/run-queue/stopped", test_stopped);
  g_test_add_func("/session/run-queue/kept", test_kept);
  g_test_add_func("/session/run-queue/former", test_former);
  g_test_add_func("/session/run-queue/two-windows", test_two_windows);
  g_test_add_func("/session/run-queue/killed-window", test_killed_window);
  g_test_add_func("/session/run-queue/cannot-start", test_cannot_start);
  return g_test_run();
}
