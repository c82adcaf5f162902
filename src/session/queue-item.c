#include "session/queue-item.h"
#include <string.h>

struct _MgQueueItem {
  GObject parent_instance;
  MgRunRequest request;
  gint64 id;
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

gint64
mg_queue_item_id(MgQueueItem *item)
{
  return item->id;
}

void
mg_queue_item_set_id(MgQueueItem *item, gint64 id)
{
  item->id = id;
}

char *
mg_queue_item_settings(MgQueueItem *item)
{
  g_auto(GStrv) assignments = mg_params_changed(item->request.params);
  return g_strjoinv(", ", assignments);
}

/* As text: one group of a key file. */

static const char own_group[] = "run";

static void
put(GKeyFile *file, const char *key, const char *value)
{
  if (value && *value)
    g_key_file_set_string(file, own_group, key, value);
}

char *
mg_queue_item_text(MgQueueItem *item)
{
  g_autoptr(GKeyFile) file = g_key_file_new();
  const MgRunRequest *request = &item->request;
  g_auto(GStrv) assignments = mg_params_changed(request->params);
  put(file, "dataset", request->dataset);
  put(file, "label_from", request->label_from);
  put(file, "group_from", request->group_from);
  put(file, "fold_from", request->fold_from);
  put(file, "model", request->model);
  g_key_file_set_string_list(file, own_group, "set", (const char *const *)assignments, g_strv_length(assignments));
  return g_key_file_to_data(file, NULL, NULL);
}

MgQueueItem *
mg_queue_item_from_text(const char *text)
{
  g_autoptr(GKeyFile) file = g_key_file_new();
  gboolean good = g_key_file_load_from_data(file, text, strlen(text), G_KEY_FILE_NONE, NULL);
  return good ? mg_queue_item_from_group(file, own_group) : NULL;
}

MgQueueItem *
mg_queue_item_from_group(GKeyFile *file, const char *group)
{
  g_autofree char *dataset = g_key_file_get_string(file, group, "dataset", NULL);
  g_autofree char *label_from = g_key_file_get_string(file, group, "label_from", NULL);
  g_autofree char *group_from = g_key_file_get_string(file, group, "group_from", NULL);
  g_autofree char *fold_from = g_key_file_get_string(file, group, "fold_from", NULL);
  g_autofree char *model = g_key_file_get_string(file, group, "model", NULL);
  g_auto(GStrv) assignments = g_key_file_get_string_list(file, group, "set", NULL, NULL);
  if (!dataset || !model)
    return NULL;
  g_autoptr(MgParams) params = mg_run_new_params();
  for (guint i = 0; assignments && assignments[i]; i++)
    mg_params_assign(params, assignments[i], NULL);
  const MgRunRequest request = {dataset, label_from, group_from, fold_from, model, params};
  return mg_queue_item_new(&request);
}
