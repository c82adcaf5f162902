#include "session/search-trials.h"
#include <glib/gstdio.h>

struct _MgSearchTrials {
  GObject parent_instance;
  char *folder;
  gint64 size;   /* of trials.csv when it was read; -1: never */
  guint64 reads; /* so that an answer about another folder is dropped */
  gboolean reading;
  MgSearchRecord *record;
  char *message;
};

G_DEFINE_FINAL_TYPE(MgSearchTrials, mg_search_trials, G_TYPE_OBJECT)

static guint changed_signal;

typedef struct {
  char *folder;
  guint64 read;
} Question;

static void
free_question(gpointer data)
{
  g_free(((Question *)data)->folder);
  g_free(data);
}

static void
read_record(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Question *question = data;
  GError *error = NULL;
  MgSearchRecord *record = mg_search_record_load(question->folder, &error);
  if (record)
    g_task_return_pointer(task, record, (GDestroyNotify)mg_search_record_free);
  else
    g_task_return_error(task, error);
}

static void
on_read(GObject *source, GAsyncResult *result, gpointer data)
{
  MgSearchTrials *trials = MG_SEARCH_TRIALS(source);
  const Question *question = g_task_get_task_data(G_TASK(result));
  g_autoptr(GError) error = NULL;
  g_autoptr(MgSearchRecord) record = g_task_propagate_pointer(G_TASK(result), &error);
  if (question->read != trials->reads)
    return;
  trials->reading = FALSE;
  g_clear_pointer(&trials->record, mg_search_record_free);
  g_clear_pointer(&trials->message, g_free);
  trials->record = g_steal_pointer(&record);
  trials->message = error ? g_strdup(error->message) : NULL;
  g_signal_emit(trials, changed_signal, 0);
}

static gint64
size_of_trials(const char *folder)
{
  GStatBuf info;
  g_autofree char *path = g_build_filename(folder, "trials.csv", NULL);
  return g_stat(path, &info) == 0 ? (gint64)info.st_size : 0;
}

void
mg_search_trials_refresh(MgSearchTrials *trials)
{
  gint64 size = trials->folder ? size_of_trials(trials->folder) : -1;
  if (trials->reading || size == trials->size)
    return;
  trials->size = size;
  trials->reading = TRUE;
  Question *question = g_new(Question, 1);
  *question = (Question){g_strdup(trials->folder), ++trials->reads};
  g_autoptr(GTask) task = g_task_new(trials, NULL, on_read, NULL);
  g_task_set_task_data(task, question, free_question);
  g_task_run_in_thread(task, read_record);
}

void
mg_search_trials_open(MgSearchTrials *trials, const char *folder)
{
  if (g_strcmp0(folder, trials->folder) != 0) {
    g_free(trials->folder);
    trials->folder = g_strdup(folder);
    trials->size = -1;
    trials->reads++;
    trials->reading = FALSE;
    g_clear_pointer(&trials->record, mg_search_record_free);
    g_clear_pointer(&trials->message, g_free);
    g_signal_emit(trials, changed_signal, 0);
  }
  if (folder)
    mg_search_trials_refresh(trials);
}

const char *
mg_search_trials_folder(MgSearchTrials *trials)
{
  return trials->folder;
}

const MgSearchRecord *
mg_search_trials_record(MgSearchTrials *trials)
{
  return trials->record;
}

const char *
mg_search_trials_message(MgSearchTrials *trials)
{
  return trials->message;
}

static void
mg_search_trials_finalize(GObject *object)
{
  MgSearchTrials *trials = MG_SEARCH_TRIALS(object);
  mg_search_record_free(trials->record);
  g_free(trials->folder);
  g_free(trials->message);
  G_OBJECT_CLASS(mg_search_trials_parent_class)->finalize(object);
}

static void
mg_search_trials_class_init(MgSearchTrialsClass *klass)
{
  G_OBJECT_CLASS(klass)->finalize = mg_search_trials_finalize;
  changed_signal =
      g_signal_new("changed", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
mg_search_trials_init(MgSearchTrials *trials)
{
  trials->size = -1;
}

MgSearchTrials *
mg_search_trials_new(void)
{
  return g_object_new(MG_TYPE_SEARCH_TRIALS, NULL);
}
