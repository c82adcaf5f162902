#include "session/run-queue.h"
#include "dataset/store-queue.h"
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

struct _MgRunQueue {
  GObject parent_instance;
  MgRunList *list;
  MgStore *store;
  GPtrArray *items; /* MgQueueItem *: the rows of the store as they were looked at last */
  MgQueueItem *put; /* is being put in: the object of its row; NULL: none is */
  gint64 version;   /* of the store then */
  char *name;       /* among all windows that have the workspace open */
  gboolean on;
  MgRun *current;
  char *message;
};

static void mg_run_queue_model_init(GListModelInterface *interface);
G_DEFINE_FINAL_TYPE_WITH_CODE(MgRunQueue, mg_run_queue, G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(G_TYPE_LIST_MODEL, mg_run_queue_model_init))

static guint changed_signal, started_signal;
static const char owner_key[] = "queue-owner", current_key[] = "queue-current", former_key[] = "train-queue";

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

/* TRUE, or the error becomes the message. */
static gboolean
tell(MgRunQueue *queue, const GError *error)
{
  if (error)
    say(queue, g_strdup(error->message));
  return error == NULL;
}

/* Which window runs the queue: "host process number". */

static char *
program_of(const char *process)
{
  g_autofree char *path = g_strdup_printf("/proc/%s/comm", process);
  char *name = NULL;
  g_file_get_contents(path, &name, NULL, NULL);
  return name;
}

/* A window that was killed, or one on another machine, of which nothing is known here, does not hold it for ever. */
static gboolean
is_free(const char *owner, gpointer data)
{
  const MgRunQueue *queue = data;
  g_auto(GStrv) words = g_strsplit(owner, " ", 3);
  if (g_str_equal(owner, queue->name) || g_strv_length(words) != 3 || !g_str_equal(words[0], g_get_host_name()))
    return TRUE;
  g_autofree char *theirs = program_of(words[1]), *ours = program_of("self");
  return g_strcmp0(theirs, ours) != 0;
}

static gboolean
is_run_elsewhere(MgRunQueue *queue)
{
  g_autofree char *owner = mg_store_get(queue->store, owner_key);
  return owner && !is_free(owner, queue);
}

static void
set_off(MgRunQueue *queue)
{
  g_autofree char *owner = queue->on ? mg_store_get(queue->store, owner_key) : NULL;
  queue->on = FALSE;
  if (g_strcmp0(owner, queue->name) == 0)
    mg_store_put(queue->store, owner_key, NULL, NULL);
}

static gboolean
claim(MgRunQueue *queue)
{
  g_autoptr(GError) error = NULL;
  queue->on = mg_store_claim(queue->store, owner_key, queue->name, is_free, queue, &error);
  if (!queue->on && tell(queue, error))
    say(queue, g_strdup(_("Another window runs this queue.")));
  return queue->on;
}

/* The rows */

static MgQueueItem *
find_item(MgRunQueue *queue, gint64 id)
{
  if (queue->put && mg_queue_item_id(queue->put) == id)
    return g_object_ref(queue->put);
  for (guint i = 0; i < queue->items->len; i++)
    if (mg_queue_item_id(queue->items->pdata[i]) == id)
      return g_object_ref(queue->items->pdata[i]);
  return NULL;
}

/* Rows that are here already stay the same objects. */
static GPtrArray *
items_of(MgRunQueue *queue, const GPtrArray *rows)
{
  GPtrArray *items = g_ptr_array_new_with_free_func(g_object_unref);
  for (guint i = 0; i < rows->len; i++) {
    const MgStoreQueued *row = rows->pdata[i];
    MgQueueItem *item = find_item(queue, row->id);
    if (!item)
      item = mg_queue_item_from_text(row->text);
    if (!item)
      continue;
    mg_queue_item_set_id(item, row->id);
    g_ptr_array_add(items, item);
  }
  return items;
}

static gboolean
same(const GPtrArray *one, const GPtrArray *two)
{
  return one->len == two->len && (one->len == 0 || memcmp(one->pdata, two->pdata, one->len * sizeof *one->pdata) == 0);
}

static gboolean
read_rows(MgRunQueue *queue, GError **error)
{
  queue->version = mg_store_version(queue->store);
  g_autoptr(GPtrArray) rows = mg_store_queue(queue->store, error);
  if (!rows)
    return FALSE;
  g_autoptr(GPtrArray) former = queue->items;
  queue->items = items_of(queue, rows);
  if (!same(former, queue->items))
    g_list_model_items_changed(G_LIST_MODEL(queue), 0, former->len, queue->items->len);
  return TRUE;
}

static void
read_again(MgRunQueue *queue, const GError *failure)
{
  g_autoptr(GError) error = NULL;
  if (tell(queue, failure) && !read_rows(queue, &error))
    tell(queue, error);
}

void
mg_run_queue_look(MgRunQueue *queue)
{
  if (queue->version == mg_store_version(queue->store))
    return;
  read_again(queue, NULL);
  announce(queue);
}

static gint64
id_at(MgRunQueue *queue, guint place)
{
  return place < queue->items->len ? mg_queue_item_id(queue->items->pdata[place]) : 0;
}

static gboolean
put_in(MgRunQueue *queue, guint place, MgQueueItem *item)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *text = mg_queue_item_text(item);
  gint64 id = mg_store_queue_add(queue->store, text, id_at(queue, place), &error);
  mg_queue_item_set_id(item, id);
  queue->put = item;
  read_again(queue, error);
  queue->put = NULL;
  return id != 0;
}

void
mg_run_queue_insert(MgRunQueue *queue, guint place, MgQueueItem *item)
{
  if (put_in(queue, place, item))
    start_next(queue);
  announce(queue);
}

MgQueueItem *
mg_run_queue_remove(MgRunQueue *queue, guint place)
{
  if (place >= queue->items->len)
    return NULL;
  g_autoptr(MgQueueItem) item = g_object_ref(queue->items->pdata[place]);
  g_autoptr(GError) error = NULL;
  gboolean ours = mg_store_queue_take(queue->store, mg_queue_item_id(item), &error);
  read_again(queue, error);
  announce(queue);
  return ours ? g_steal_pointer(&item) : NULL;
}

void
mg_run_queue_move(MgRunQueue *queue, guint from, guint to)
{
  g_autoptr(GError) error = NULL;
  if (from >= queue->items->len || to >= queue->items->len || from == to)
    return;
  gint64 before = id_at(queue, to > from ? to + 1 : to);
  mg_store_queue_move(queue->store, id_at(queue, from), before, &error);
  read_again(queue, error);
  announce(queue);
}

guint
mg_run_queue_place(MgRunQueue *queue, MgQueueItem *item)
{
  guint place;
  return g_ptr_array_find(queue->items, item, &place) ? place : G_MAXUINT;
}

/* The run that is under way; every window knows it. */

static void
forget_current(MgRunQueue *queue)
{
  if (queue->current)
    g_signal_handlers_disconnect_by_data(queue->current, queue);
  g_clear_object(&queue->current);
}

static void
note_current(MgRunQueue *queue)
{
  mg_store_put(queue->store, current_key, queue->current ? mg_run_folder(queue->current) : NULL, NULL);
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
    note_current(queue);
    start_next(queue);
  } else {
    set_off(queue);
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
  note_current(queue);
  g_signal_emit(queue, started_signal, 0, run);
  return TRUE;
}

/* The first that no other program has taken meanwhile; NULL: nothing waits. */
static MgQueueItem *
take_first(MgRunQueue *queue)
{
  read_again(queue, NULL);
  while (queue->items->len > 0) {
    gint64 wanted = id_at(queue, 0);
    MgQueueItem *item = mg_run_queue_remove(queue, 0);
    if (item || id_at(queue, 0) == wanted)
      return item; /* NULL: it cannot be taken out, and the message says why */
  }
  return NULL;
}

/* What cannot even be started turns the queue off: the next one could not either. */
static void
start_next(MgRunQueue *queue)
{
  if (!queue->on || queue->current)
    return;
  g_autoptr(MgQueueItem) item = take_first(queue);
  g_autoptr(GError) error = NULL;
  if (!item) {
    set_off(queue);
  } else if (!start(queue, item, &error)) {
    set_off(queue);
    put_in(queue, 0, item);
    tell(queue, error);
  }
}

/* Follows the run that the queue started last, whoever did it. */
static void
follow_noted(MgRunQueue *queue)
{
  g_autofree char *folder = mg_store_get(queue->store, current_key);
  if (!folder || !mg_run_list_is_run(folder))
    return;
  follow(queue, mg_run_list_add(queue->list, folder));
  mg_run_refresh(queue->current); /* it has not been read yet */
  if (!mg_run_is_active(queue->current) && !mg_run_can_resume(queue->current))
    forget_current(queue);
}

/* Goes on with the run that was stopped; one that cannot be gone on with is passed over. */
static void
go_on_with_current(MgRunQueue *queue)
{
  g_autoptr(GError) error = NULL;
  if (!queue->current)
    follow_noted(queue);
  if (!queue->current || mg_run_is_active(queue->current))
    return;
  mg_run_refresh(queue->current);
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
  say(queue, g_strdup(""));
  if (!on)
    set_off(queue);
  else if (claim(queue))
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
  set_off(queue);
  forget_current(queue);
  g_ptr_array_unref(queue->items);
  g_object_unref(queue->list);
  g_free(queue->name);
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

/* In workspaces of older programs all of it is one text of the settings: a group of a key file each, "current" the run
 * that was under way. */
static void
take_over_former(MgRunQueue *queue)
{
  g_autofree char *text = mg_store_get(queue->store, former_key);
  g_autoptr(GKeyFile) file = g_key_file_new();
  if (!text || !mg_store_put(queue->store, former_key, NULL, NULL) ||
      !g_key_file_load_from_data(file, text, strlen(text), G_KEY_FILE_NONE, NULL))
    return;
  g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);
  g_autofree char *run = g_key_file_get_string(file, "current", "run", NULL);
  mg_store_put(queue->store, current_key, run, NULL);
  for (guint i = 0; groups[i]; i++) {
    g_autoptr(MgQueueItem) item = mg_queue_item_from_group(file, groups[i]);
    if (item)
      put_in(queue, G_MAXUINT, item);
  }
}

MgRunQueue *
mg_run_queue_new(MgRunList *list, MgStore *store)
{
  static guint number;
  MgRunQueue *queue = g_object_new(MG_TYPE_RUN_QUEUE, NULL);
  queue->list = g_object_ref(list);
  queue->store = store;
  queue->name = g_strdup_printf("%s %d %u", g_get_host_name(), (int)getpid(), ++number);
  take_over_former(queue);
  read_again(queue, NULL);
  if (is_run_elsewhere(queue))
    return queue;
  follow_noted(queue);
  if (queue->current || queue->items->len > 0)
    say(queue, g_strdup(_("The window was closed while trainings were waiting.")));
  return queue;
}
