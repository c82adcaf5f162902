#include "session/run.h"
#include "session/run-reader.h"
#include "session/worker.h"
#include "train/trainer.h"
#include "base/error.h"
#include "base/patience.h"
#include <math.h>
#include <signal.h>
#include <string.h>

typedef struct {
  GArray *step, *epoch, *value; /* double */
} Series;

struct _MgRun {
  GObject parent_instance;
  char *folder, *name;
  MgRunStatus status;
  gboolean has_status, has_last, has_best;
  MgRunFacts facts;
  MgMetricsTail tail;
  GHashTable *series;   /* "split/name" -> Series * */
  MgWorker *worker;     /* the process that this program started, or NULL */
  char *failure;        /* its error line, where the folder does not tell */
  gboolean reading;     /* a thread is at it */
  guint64 reads;        /* so that an answer overtaken by mg_run_refresh() is dropped */
  guint timer, killing; /* the latter of a process that was asked to end */
  gboolean timer_is_fast;
};

G_DEFINE_FINAL_TYPE(MgRun, mg_run, G_TYPE_OBJECT)

enum { PROP_NAME = 1, PROP_STATE, N_PROPS };
static GParamSpec *properties[N_PROPS];
static guint changed_signal;

static const guint active_interval_ms = 250;
static const guint idle_interval_s = 2;

static void
series_free(gpointer data)
{
  Series *series = data;
  g_array_unref(series->step);
  g_array_unref(series->epoch);
  g_array_unref(series->value);
  g_free(series);
}

static Series *
series_for(MgRun *run, const char *split, const char *name)
{
  g_autofree char *key = g_strconcat(split, "/", name, NULL);
  Series *series = g_hash_table_lookup(run->series, key);
  if (series)
    return series;
  series = g_new0(Series, 1);
  series->step = g_array_new(FALSE, FALSE, sizeof(double));
  series->epoch = g_array_new(FALSE, FALSE, sizeof(double));
  series->value = g_array_new(FALSE, FALSE, sizeof(double));
  g_hash_table_insert(run->series, g_steal_pointer(&key), series);
  return series;
}

static void
append_metric(MgRun *run, const MgMetric *metric)
{
  Series *series = series_for(run, metric->split, metric->name);
  double step = metric->step, epoch = metric->epoch;
  g_array_append_val(series->step, step);
  g_array_append_val(series->epoch, epoch);
  g_array_append_val(series->value, metric->value);
}

static void
take_facts(MgRun *run, MgRunNews *news)
{
  if (!news->has_facts)
    return;
  mg_run_facts_clear(&run->facts);
  run->facts = news->facts;
  memset(&news->facts, 0, sizeof news->facts);
}

static void schedule(MgRun *run);

/* Takes over what was read; tells whether anything is different. */
static gboolean
take_news(MgRun *run, MgRunNews *news)
{
  MgRunState before = mg_run_state(run);
  gboolean different = news->restarted || news->metrics->len > 0 || news->has_facts ||
                       news->has_status != run->has_status || news->has_last != run->has_last ||
                       news->has_best != run->has_best ||
                       (news->has_status && memcmp(&news->status, &run->status, sizeof run->status) != 0);
  if (news->restarted)
    g_hash_table_remove_all(run->series);
  for (guint i = 0; i < news->metrics->len; i++)
    append_metric(run, &g_array_index(news->metrics, MgMetric, i));
  run->has_status = news->has_status;
  run->status = news->status;
  run->has_last = news->has_last;
  run->has_best = news->has_best;
  run->tail = news->tail;
  take_facts(run, news);
  if (mg_run_state(run) != before)
    g_object_notify_by_pspec(G_OBJECT(run), properties[PROP_STATE]);
  return different;
}

static void
announce(MgRun *run)
{
  schedule(run);
  g_signal_emit(run, changed_signal, 0);
}

void
mg_run_refresh(MgRun *run)
{
  g_autoptr(MgRunNews) news = mg_run_news_new(run->folder, &run->tail, !run->facts.model);
  run->reads++;
  mg_run_news_read(news);
  if (take_news(run, news))
    announce(run);
}

typedef struct {
  MgRunNews *news;
  guint64 read;
} Errand;

static void
errand_free(gpointer data)
{
  Errand *errand = data;
  mg_run_news_free(errand->news);
  g_free(errand);
}

static void
read_on_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  mg_run_news_read(((Errand *)data)->news);
  g_task_return_boolean(task, TRUE);
}

static void
on_read(GObject *source, GAsyncResult *result, gpointer data)
{
  MgRun *run = MG_RUN(source);
  Errand *errand = g_task_get_task_data(G_TASK(result));
  run->reading = FALSE;
  if (errand->read == run->reads && take_news(run, errand->news))
    announce(run);
}

static void
read_soon(MgRun *run)
{
  if (run->reading)
    return;
  run->reading = TRUE;
  Errand *errand = g_new0(Errand, 1);
  errand->news = mg_run_news_new(run->folder, &run->tail, !run->facts.model);
  errand->read = run->reads;
  g_autoptr(GTask) task = g_task_new(run, NULL, on_read, NULL);
  g_task_set_task_data(task, errand, errand_free);
  g_task_run_in_thread(task, read_on_thread);
}

static gboolean
on_timer(gpointer data)
{
  read_soon(data);
  return G_SOURCE_CONTINUE;
}

static void
schedule(MgRun *run)
{
  gboolean fast = mg_run_is_active(run);
  if (run->timer && fast == run->timer_is_fast)
    return;
  g_clear_handle_id(&run->timer, g_source_remove);
  run->timer_is_fast = fast;
  run->timer =
      fast ? g_timeout_add(active_interval_ms, on_timer, run) : g_timeout_add_seconds(idle_interval_s, on_timer, run);
}

const char *
mg_run_folder(MgRun *run)
{
  return run->folder;
}

const char *
mg_run_name(MgRun *run)
{
  return run->name;
}

MgRunState
mg_run_state(MgRun *run)
{
  gboolean works = run->worker && mg_worker_is_running(run->worker);
  if (run->failure && !works)
    return MG_RUN_FAILED;
  if (!run->has_status)
    return works ? MG_RUN_PREPARING : MG_RUN_INTERRUPTED;
  /* A resumed run's folder tells of its former end until the process has got that far. */
  if (works && run->status.state > MG_RUN_PAUSED)
    return run->status.state == MG_RUN_FINISHED ? MG_RUN_FINISHED : MG_RUN_PREPARING;
  return run->status.state;
}

gboolean
mg_run_is_active(MgRun *run)
{
  return mg_run_state(run) <= MG_RUN_PAUSED;
}

gboolean
mg_run_can_resume(MgRun *run)
{
  MgRunState state = mg_run_state(run);
  return run->has_last && (state == MG_RUN_STOPPED || state == MG_RUN_INTERRUPTED || state == MG_RUN_FAILED);
}

gboolean
mg_run_has_model(MgRun *run)
{
  return run->has_best;
}

const char *
mg_run_message(MgRun *run)
{
  return run->failure ? run->failure : run->has_status ? run->status.message : "";
}

const char *
mg_run_model(MgRun *run)
{
  return run->facts.model ? run->facts.model : "";
}

gboolean
mg_run_is_search(MgRun *run)
{
  return run->facts.search;
}

gboolean
mg_run_is_table(MgRun *run)
{
  return run->facts.table;
}

const char *
mg_run_dataset(MgRun *run)
{
  return run->facts.dataset ? run->facts.dataset : "";
}

gboolean
mg_run_is_leaky(MgRun *run)
{
  return run->facts.leaky;
}

const MgRunStatus *
mg_run_status(MgRun *run)
{
  return &run->status;
}

double
mg_run_fraction(MgRun *run)
{
  const MgRunStatus *status = &run->status;
  if (mg_run_state(run) == MG_RUN_FINISHED)
    return 1;
  if (status->steps > 0)
    return CLAMP((double)status->step / status->steps, 0, 1);
  return status->epochs > 0 ? CLAMP((double)status->epoch / status->epochs, 0, 1) : 0;
}

MgRunSeries
mg_run_series(MgRun *run, const char *split, const char *name)
{
  g_autofree char *key = g_strconcat(split, "/", name, NULL);
  const Series *series = g_hash_table_lookup(run->series, key);
  if (!series)
    return (MgRunSeries){0};
  return (MgRunSeries){.step = (const double *)series->step->data,
                       .epoch = (const double *)series->epoch->data,
                       .value = (const double *)series->value->data,
                       .n = series->value->len};
}

char **
mg_run_metrics(MgRun *run, const char *split, const char *prefix)
{
  g_autofree char *start = g_strconcat(split, "/", prefix, NULL);
  g_autoptr(GList) keys = g_list_sort(g_hash_table_get_keys(run->series), (GCompareFunc)strcmp);
  GPtrArray *names = g_ptr_array_new();
  for (const GList *key = keys; key; key = key->next)
    if (g_str_has_prefix(key->data, start))
      g_ptr_array_add(names, g_strdup((const char *)key->data + strlen(split) + 1));
  g_ptr_array_add(names, NULL);
  return (char **)g_ptr_array_free(names, FALSE);
}

double
mg_run_last(MgRun *run, const char *split, const char *name)
{
  MgRunSeries series = mg_run_series(run, split, name);
  return series.n > 0 ? series.value[series.n - 1] : NAN;
}

/* Index of the best validation value, or -1: the first of equals, as the checkpoint keeps it. */
static gssize
best_index(MgRunSeries series, double sign)
{
  gssize best = -1;
  for (size_t i = 0; i < series.n; i++)
    if (isfinite(series.value[i]) && (best < 0 || sign * series.value[i] > sign * series.value[best]))
      best = i;
  return best;
}

int
mg_run_best_epoch(MgRun *run)
{
  MgRunSeries f1 = mg_run_series(run, "val", "f1_macro");
  MgRunSeries series = f1.n > 0 ? f1 : mg_run_series(run, "val", "loss");
  gssize best = best_index(series, f1.n > 0 ? 1 : -1);
  return best < 0 ? 0 : (int)series.epoch[best];
}

double
mg_run_best_f1(MgRun *run)
{
  MgRunSeries f1 = mg_run_series(run, "val", "f1_macro");
  gssize best = best_index(f1, 1);
  return best < 0 ? NAN : f1.value[best];
}

double
mg_run_value_at(MgRun *run, const char *split, const char *name, double step)
{
  MgRunSeries series = mg_run_series(run, split, name);
  if (series.n == 0)
    return NAN;
  size_t low = 0, high = series.n; /* steps grow */
  while (high - low > 1) {
    size_t middle = (low + high) / 2;
    if (series.step[middle] <= step)
      low = middle;
    else
      high = middle;
  }
  if (low + 1 < series.n && fabs(series.step[low + 1] - step) < fabs(series.step[low] - step))
    low++;
  return series.value[low];
}

MgParams *
mg_run_new_params(void)
{
  return mg_params_new(mg_train_tables());
}

MgParams *
mg_run_load_params(MgRun *run, GError **error)
{
  g_autoptr(GKeyFile) file = mg_run_config_read(run->folder, error);
  if (!file)
    return NULL;
  g_autofree char *path = g_build_filename(run->folder, "config.ini", NULL);
  g_autoptr(MgParams) params = mg_run_new_params();
  return mg_params_from_key_file(params, file, path, error) ? g_steal_pointer(&params) : NULL;
}

static void
on_worker_ended(MgWorker *worker, guint end, const char *message, MgRun *run)
{
  g_free(run->failure);
  run->failure = end == MG_WORKER_FAILED ? g_strdup(message) : NULL;
  /* The signal comes while the process is gone but its last words may not have been read. */
  mg_run_refresh(run);
  g_object_notify_by_pspec(G_OBJECT(run), properties[PROP_STATE]);
  announce(run);
}

static gboolean
launch(MgRun *run, GPtrArray *arguments, GError **error)
{
  g_ptr_array_add(arguments, g_strdup("--quiet"));
  g_ptr_array_add(arguments, NULL);
  if (!run->worker) {
    run->worker = mg_worker_new();
    g_signal_connect(run->worker, "ended", G_CALLBACK(on_worker_ended), run);
  }
  if (!mg_worker_start(run->worker, (const char *const *)arguments->pdata, error))
    return FALSE;
  g_clear_pointer(&run->failure, g_free);
  g_object_notify_by_pspec(G_OBJECT(run), properties[PROP_STATE]);
  announce(run);
  return TRUE;
}

static void
add_option(GPtrArray *arguments, const char *option, const char *value)
{
  if (!value || !*value)
    return;
  g_ptr_array_add(arguments, g_strdup(option));
  g_ptr_array_add(arguments, g_strdup(value));
}

static void
add_params(GPtrArray *arguments, const MgParams *params)
{
  g_auto(GStrv) changed = mg_params_changed(params);
  for (char **assignment = changed; *assignment; assignment++)
    add_option(arguments, "--set", *assignment);
}

static GPtrArray *
run_arguments(MgRun *run, const char *command, const char *dataset, const char *model)
{
  GPtrArray *arguments = g_ptr_array_new_with_free_func(g_free);
  g_ptr_array_add(arguments, g_strdup(command));
  add_option(arguments, "--dataset", dataset);
  add_option(arguments, "--model", model);
  add_option(arguments, "--run", run->folder);
  return arguments;
}

gboolean
mg_run_start(MgRun *run, const MgRunRequest *request, GError **error)
{
  g_autoptr(GPtrArray) arguments = run_arguments(run, "train", request->dataset, request->model);
  add_option(arguments, "--label-from", request->label_from);
  add_option(arguments, "--group-from", request->group_from);
  add_option(arguments, "--fold-from", request->fold_from);
  add_params(arguments, request->params);
  return launch(run, arguments, error);
}

gboolean
mg_run_start_search(MgRun *run, const char *const *options, GError **error)
{
  g_autoptr(GPtrArray) arguments = run_arguments(run, "search", NULL, NULL);
  for (; *options; options++)
    g_ptr_array_add(arguments, g_strdup(*options));
  return launch(run, arguments, error);
}

gboolean
mg_run_resume(MgRun *run, GError **error)
{
  /* The run's config.ini says the rest. */
  const char *command = mg_run_is_search(run) ? "search" : "train";
  g_autoptr(GPtrArray) arguments = run_arguments(run, command, NULL, NULL);
  g_ptr_array_add(arguments, g_strdup("--resume"));
  return launch(run, arguments, error);
}

/* A process number in an old status may belong to somebody else by now. */
static gboolean
is_our_program(gint64 pid)
{
  g_autofree char *path = g_strdup_printf("/proc/%" G_GINT64_FORMAT "/comm", pid);
  g_autofree char *name = NULL;
  return pid > 1 && g_file_get_contents(path, &name, NULL, NULL) && g_str_has_prefix(name, "melograph-cli");
}

gboolean
mg_run_is_elsewhere(MgRun *run)
{
  return run->has_status && run->status.elsewhere;
}

/* Of another machine's process the number says nothing here. */
static gboolean
has_process(const MgRun *run)
{
  return run->has_status && !run->status.elsewhere && run->status.state <= MG_RUN_PAUSED &&
         is_our_program(run->status.pid);
}

/* The process of another window, or of an earlier one, that has not ended although it was asked to. */
static gboolean
kill_hanging(gpointer data)
{
  MgRun *run = data;
  gint64 asked = run->status.pid;
  run->killing = 0;
  mg_run_refresh(run);
  if (!has_process(run) || run->status.pid != asked)
    return G_SOURCE_REMOVE;
  kill((pid_t)asked, SIGKILL);
  g_free(run->failure);
  run->failure =
      g_strdup_printf("melograph-cli had not ended %.3g s after it was asked to, and was killed", mg_patience());
  announce(run);
  return G_SOURCE_REMOVE;
}

/* A process that is paused hears of it when it goes on. */
void
mg_run_stop(MgRun *run)
{
  gboolean paused = has_process(run) && mg_run_state(run) == MG_RUN_PAUSED;
  if (run->worker && mg_worker_is_running(run->worker))
    mg_worker_stop(run->worker);
  else if (has_process(run)) {
    kill((pid_t)run->status.pid, SIGTERM);
    if (!run->killing)
      run->killing = g_timeout_add((guint)(mg_patience() * 1000), kill_hanging, run);
  }
  if (paused)
    kill((pid_t)run->status.pid, SIGCONT);
}

void
mg_run_pause(MgRun *run, gboolean pause)
{
  if (has_process(run))
    kill((pid_t)run->status.pid, pause ? SIGSTOP : SIGCONT);
  mg_run_refresh(run);
}

static void
mg_run_get_property(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  MgRun *run = MG_RUN(object);
  if (id == PROP_NAME)
    g_value_set_string(value, run->name);
  else if (id == PROP_STATE)
    g_value_set_uint(value, mg_run_state(run));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

static void
mg_run_dispose(GObject *object)
{
  MgRun *run = MG_RUN(object);
  g_clear_handle_id(&run->timer, g_source_remove);
  g_clear_handle_id(&run->killing, g_source_remove);
  if (run->worker) {
    g_signal_handlers_disconnect_by_data(run->worker, run);
    mg_worker_stop(run->worker);
    g_clear_object(&run->worker);
  }
  G_OBJECT_CLASS(mg_run_parent_class)->dispose(object);
}

static void
mg_run_finalize(GObject *object)
{
  MgRun *run = MG_RUN(object);
  g_hash_table_unref(run->series);
  mg_run_facts_clear(&run->facts);
  g_free(run->failure);
  g_free(run->folder);
  g_free(run->name);
  G_OBJECT_CLASS(mg_run_parent_class)->finalize(object);
}

static void
mg_run_class_init(MgRunClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS(klass);
  object_class->get_property = mg_run_get_property;
  object_class->dispose = mg_run_dispose;
  object_class->finalize = mg_run_finalize;
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  properties[PROP_NAME] = g_param_spec_string("name", NULL, NULL, NULL, flags);
  properties[PROP_STATE] = g_param_spec_uint("state", NULL, NULL, 0, MG_RUN_INTERRUPTED, MG_RUN_PREPARING, flags);
  g_object_class_install_properties(object_class, N_PROPS, properties);
  changed_signal =
      g_signal_new("changed", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
mg_run_init(MgRun *run)
{
  run->series = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, series_free);
}

/* One of several classifiers in a study's folder is told from that of another study. */
static char *
name_of(const char *folder)
{
  g_autofree char *parent = g_path_get_dirname(folder), *name = g_path_get_basename(folder);
  g_autofree char *results = g_build_filename(parent, "results.csv", NULL), *study = g_path_get_basename(parent);
  return g_file_test(results, G_FILE_TEST_IS_REGULAR) ? g_strdup_printf("%s/%s", study, name) : g_steal_pointer(&name);
}

MgRun *
mg_run_new(const char *folder)
{
  MgRun *run = g_object_new(MG_TYPE_RUN, NULL);
  run->folder = g_canonicalize_filename(folder, NULL);
  run->name = name_of(run->folder);
  read_soon(run);
  schedule(run);
  return run;
}
