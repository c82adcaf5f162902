#include "session/run-queue.h"
#include <glib/gi18n-lib.h>
#include <string.h>

/* One that waits. */

struct _MgQueueItem {
  GObject parent_instance;
  MgRunRequest request;
};

G_DEFINE_FINAL_TYPE(MgQueueItem, mg_queue_item, G_TYPE_OBJECT)

static void
mg_queue_item_finalize(GObject *object)
{
  MgRunRequest *request = &MG_QUEUE_ITEM(object)->request;
  g_free((char *)request->dataset);
  g_free((char *)request->label_from);
  g_free((char *)request->group_from);
  g_free((char *)request->fold_from);
  g_free((char *)request->model);
  mg_params_free((MgParams *)request->params);
  G_OBJECT_CLASS(mg_queue_item_parent_class)->finalize(object);
}

static void
mg_queue_item_class_init(MgQueueItemClass *klass)
{
  G_OBJECT_CLASS(klass)->finalize = mg_queue_item_finalize;
}

static void
mg_queue_item_init(MgQueueItem *item)
{
}

MgQueueItem *
mg_queue_item_new(const MgRunRequest *request)
{
  MgQueueItem *item = g_object_new(MG_TYPE_QUEUE_ITEM, NULL);
  item->request = (MgRunRequest){.dataset = g_strdup(request->dataset),
                                 .label_from = g_strdup(request->label_from),
                                 .group_from = g_strdup(request->group_from),
                                 .fold_from = g_strdup(request->fold_from),
                                 .model = g_strdup(request->model),
                                 .params = mg_params_copy(request->params)};
  return item;
}

const MgRunRequest *
mg_queue_item_request(MgQueueItem *item)
{
  return &item->request;
}

/* "name=value" of what is not as by default; ends with NULL. */
static char **
assignments_of(const MgParams *params)
{
  GPtrArray *texts = g_ptr_array_new();
  for (const MgParamTable *const *table = mg_params_tables(params); *table; table++)
    for (size_t i = 0; i < (*table)->n; i++) {
      const char *name = (*table)->specs[i].name;
      if (!mg_params_is_default(params, name))
        g_ptr_array_add(texts, g_strdup_printf("%s=%s", name, mg_params_text(params, name)));
    }
  g_ptr_array_add(texts, NULL);
  return (char **)g_ptr_array_free(texts, FALSE);
}

char *
mg_queue_item_settings(MgQueueItem *item)
{
  g_auto(GStrv) assignments = assignments_of(item->request.params);
  return g_strjoinv(", ", assignments);
}

/* The queue. */

struct _MgRunQueue {
  GObject parent_instance;
  MgRunList *list;
  GPtrArray *items; /* MgQueueItem * */
  gboolean on;
  MgRun *current;
  char *message;
};

static void mg_run_queue_model_init(GListModelInterface *interface);
G_DEFINE_FINAL_TYPE_WITH_CODE(MgRunQueue, mg_run_queue, G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(G_TYPE_LIST_MODEL, mg_run_queue_model_init))

static guint changed_signal, started_signal;

static void start_next(MgRunQueue *queue);

static void
announce(MgRunQueue *queue)
{
  g_signal_emit(queue, changed_signal, 0);
}

static void
say(MgRunQueue *queue, char *message)
{
  g_free(queue->message);
  queue->message = message;
}

static void
forget_current(MgRunQueue *queue)
{
  if (queue->current)
    g_signal_handlers_disconnect_by_data(queue->current, queue);
  g_clear_object(&queue->current);
}

/* A run that somebody stopped stays the current one, to be gone on with. */
static void
on_run_changed(MgRunQueue *queue)
{
  MgRun *run = queue->current;
  if (!run || mg_run_is_active(run) || !queue->on)
    return;
  MgRunState state = mg_run_state(run);
  if (state == MG_RUN_FINISHED || state == MG_RUN_FAILED) {
    if (state == MG_RUN_FAILED)
      say(queue, g_strdup_printf(_("%s failed: %s"), mg_run_name(run), mg_run_message(run)));
    forget_current(queue);
    start_next(queue);
  } else {
    queue->on = FALSE;
    say(queue, g_strdup_printf(_("%s was stopped, and the queue with it."), mg_run_name(run)));
  }
  announce(queue);
}

static void
follow(MgRunQueue *queue, MgRun *run)
{
  forget_current(queue);
  queue->current = g_object_ref(run);
  g_signal_connect_swapped(run, "changed", G_CALLBACK(on_run_changed), queue);
}

static gboolean
start(MgRunQueue *queue, MgQueueItem *item, GError **error)
{
  const MgRunRequest *request = mg_queue_item_request(item);
  g_autofree char *folder = mg_run_list_new_folder(queue->list, request->model, error);
  if (!folder)
    return FALSE;
  MgRun *run = mg_run_list_add(queue->list, folder);
  if (!mg_run_start(run, request, error))
    return FALSE;
  follow(queue, run);
  g_signal_emit(queue, started_signal, 0, run);
  return TRUE;
}

/* What cannot even be started turns the queue off: the next one could not either. */
static void
start_next(MgRunQueue *queue)
{
  if (!queue->on || queue->current)
    return;
  g_autoptr(MgQueueItem) item = mg_run_queue_remove(queue, 0);
  g_autoptr(GError) error = NULL;
  if (!item) {
    queue->on = FALSE;
  } else if (!start(queue, item, &error)) {
    queue->on = FALSE;
    say(queue, g_strdup(error->message));
    mg_run_queue_insert(queue, 0, item);
  }
}

/* Goes on with the run that was stopped; one that cannot be gone on with is passed over. */
static void
go_on_with_current(MgRunQueue *queue)
{
  if (!queue->current || mg_run_is_active(queue->current))
    return;
  g_autoptr(GError) error = NULL;
  mg_run_refresh(queue->current); /* just restored, it has not been read yet */
  if (mg_run_can_resume(queue->current) && mg_run_resume(queue->current, &error))
    g_signal_emit(queue, started_signal, 0, queue->current);
  else
    forget_current(queue);
}

void
mg_run_queue_set_on(MgRunQueue *queue, gboolean on)
{
  if (queue->on == on)
    return;
  queue->on = on;
  say(queue, g_strdup(""));
  if (on)
    go_on_with_current(queue);
  start_next(queue);
  announce(queue);
}

gboolean
mg_run_queue_is_on(MgRunQueue *queue)
{
  return queue->on;
}

MgRun *
mg_run_queue_current(MgRunQueue *queue)
{
  return queue->current;
}

const char *
mg_run_queue_message(MgRunQueue *queue)
{
  return queue->message;
}

void
mg_run_queue_insert(MgRunQueue *queue, guint place, MgQueueItem *item)
{
  place = MIN(place, queue->items->len);
  g_ptr_array_insert(queue->items, (int)place, g_object_ref(item));
  g_list_model_items_changed(G_LIST_MODEL(queue), place, 0, 1);
  start_next(queue);
  announce(queue);
}

MgQueueItem *
mg_run_queue_remove(MgRunQueue *queue, guint place)
{
  if (place >= queue->items->len)
    return NULL;
  MgQueueItem *item = g_ptr_array_steal_index(queue->items, place);
  g_list_model_items_changed(G_LIST_MODEL(queue), place, 1, 0);
  announce(queue);
  return item;
}

void
mg_run_queue_move(MgRunQueue *queue, guint from, guint to)
{
  if (from >= queue->items->len || to >= queue->items->len || from == to)
    return;
  MgQueueItem *item = g_ptr_array_steal_index(queue->items, from);
  g_ptr_array_insert(queue->items, (int)to, item);
  guint first = MIN(from, to), n = MAX(from, to) - first + 1;
  g_list_model_items_changed(G_LIST_MODEL(queue), first, n, n);
  announce(queue);
}

guint
mg_run_queue_place(MgRunQueue *queue, MgQueueItem *item)
{
  guint place;
  return g_ptr_array_find(queue->items, item, &place) ? place : G_MAXUINT;
}

/* Kept between two starts: a group a run that waits, "1", "2" …, and one for that which was under way. */

static const char current_group[] = "current";

static void
put(GKeyFile *file, const char *group, const char *key, const char *value)
{
  if (value && *value)
    g_key_file_set_string(file, group, key, value);
}

char *
mg_run_queue_text(MgRunQueue *queue)
{
  g_autoptr(GKeyFile) file = g_key_file_new();
  if (queue->current)
    put(file, current_group, "run", mg_run_folder(queue->current));
  for (guint i = 0; i < queue->items->len; i++) {
    const MgRunRequest *request = mg_queue_item_request(queue->items->pdata[i]);
    g_autofree char *group = g_strdup_printf("%u", i + 1);
    g_auto(GStrv) assignments = assignments_of(request->params);
    put(file, group, "dataset", request->dataset);
    put(file, group, "label_from", request->label_from);
    put(file, group, "group_from", request->group_from);
    put(file, group, "fold_from", request->fold_from);
    put(file, group, "model", request->model);
    g_key_file_set_string_list(file, group, "set", (const char *const *)assignments, g_strv_length(assignments));
  }
  return g_key_file_to_data(file, NULL, NULL);
}

static void
restore_item(MgRunQueue *queue, GKeyFile *file, const char *group)
{
  g_autofree char *dataset = g_key_file_get_string(file, group, "dataset", NULL);
  g_autofree char *label_from = g_key_file_get_string(file, group, "label_from", NULL);
  g_autofree char *group_from = g_key_file_get_string(file, group, "group_from", NULL);
  g_autofree char *fold_from = g_key_file_get_string(file, group, "fold_from", NULL);
  g_autofree char *model = g_key_file_get_string(file, group, "model", NULL);
  g_auto(GStrv) assignments = g_key_file_get_string_list(file, group, "set", NULL, NULL);
  g_autoptr(MgParams) params = mg_run_new_params();
  if (!dataset || !model)
    return;
  for (guint i = 0; assignments && assignments[i]; i++)
    mg_params_assign(params, assignments[i], NULL);
  const MgRunRequest request = {dataset, label_from, group_from, fold_from, model, params};
  g_autoptr(MgQueueItem) item = mg_queue_item_new(&request);
  mg_run_queue_insert(queue, G_MAXUINT, item);
}

void
mg_run_queue_restore(MgRunQueue *queue, const char *text)
{
  g_autoptr(GKeyFile) file = g_key_file_new();
  if (!text || !g_key_file_load_from_data(file, text, strlen(text), G_KEY_FILE_NONE, NULL))
    return;
  g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);
  g_autofree char *folder = g_key_file_get_string(file, current_group, "run", NULL);
  queue->on = FALSE;
  for (guint i = 0; groups[i]; i++)
    if (!g_str_equal(groups[i], current_group))
      restore_item(queue, file, groups[i]);
  if (folder && mg_run_list_is_run(folder)) {
    follow(queue, mg_run_list_add(queue->list, folder));
    mg_run_refresh(queue->current);
    if (!mg_run_is_active(queue->current) && !mg_run_can_resume(queue->current))
      forget_current(queue);
  }
  if (queue->current || queue->items->len > 0)
    say(queue, g_strdup(_("The window was closed while trainings were waiting.")));
  announce(queue);
}

static GType
get_item_type(GListModel *model)
{
  return MG_TYPE_QUEUE_ITEM;
}

static guint
get_n_items(GListModel *model)
{
  return MG_RUN_QUEUE(model)->items->len;
}

static gpointer
get_item(GListModel *model, guint i)
{
  GPtrArray *items = MG_RUN_QUEUE(model)->items;
  return i < items->len ? g_object_ref(items->pdata[i]) : NULL;
}

static void
mg_run_queue_model_init(GListModelInterface *interface)
{
  interface->get_item_type = get_item_type;
  interface->get_n_items = get_n_items;
  interface->get_item = get_item;
}

static void
mg_run_queue_finalize(GObject *object)
{
  MgRunQueue *queue = MG_RUN_QUEUE(object);
  forget_current(queue);
  g_ptr_array_unref(queue->items);
  g_object_unref(queue->list);
  g_free(queue->message);
  G_OBJECT_CLASS(mg_run_queue_parent_class)->finalize(object);
}

static void
mg_run_queue_class_init(MgRunQueueClass *klass)
{
  G_OBJECT_CLASS(klass)->finalize = mg_run_queue_finalize;
  changed_signal =
      g_signal_new("changed", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  started_signal = g_signal_new("started", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, MG_TYPE_RUN);
}

static void
mg_run_queue_init(MgRunQueue *queue)
{
  queue->items = g_ptr_array_new_with_free_func(g_object_unref);
  queue->message = g_strdup("");
}

MgRunQueue *
mg_run_queue_new(MgRunList *list)
{
  MgRunQueue *queue = g_object_new(MG_TYPE_RUN_QUEUE, NULL);
  queue->list = g_object_ref(list);
  return queue;
}
