#include "session/run-private.h"
#include "train/trainer.h"
#include <string.h>

G_DEFINE_FINAL_TYPE(MgRun, mg_run, G_TYPE_OBJECT)

enum { PROP_NAME = 1, PROP_STATE, N_PROPS };
static GParamSpec *properties[N_PROPS];
static guint changed_signal;

static const guint active_interval_ms = 250;
static const guint idle_interval_s = 2;

static void
take_facts(MgRun *run, MgRunNews *news)
{
  if (!news->has_facts)
    return;
  mg_run_facts_clear(&run->facts);
  run->facts = news->facts;
  memset(&news->facts, 0, sizeof news->facts);
}

void
mg_run_notify_state(MgRun *run)
{
  g_object_notify_by_pspec(G_OBJECT(run), properties[PROP_STATE]);
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
    mg_run_series_append(run, &g_array_index(news->metrics, MgMetric, i));
  run->has_status = news->has_status;
  run->status = news->status;
  run->has_last = news->has_last;
  run->has_best = news->has_best;
  run->tail = news->tail;
  take_facts(run, news);
  if (mg_run_state(run) != before)
    mg_run_notify_state(run);
  return different;
}

void
mg_run_announce(MgRun *run)
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
    mg_run_announce(run);
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
  gboolean read = g_task_propagate_boolean(G_TASK(result), NULL);
  if (read && errand->read == run->reads && take_news(run, errand->news))
    mg_run_announce(run);
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

gboolean
mg_run_is_elsewhere(MgRun *run)
{
  return run->has_status && run->status.elsewhere;
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
  mg_run_process_forget(run);
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
  run->series = mg_run_series_new();
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
