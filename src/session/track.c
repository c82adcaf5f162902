#include "session/track.h"
#include <stdlib.h>
#include <string.h>

struct _MgTrackItem {
  GObject parent;
  char *path, *name, *label;
  double duration;
};

G_DEFINE_FINAL_TYPE(MgTrackItem, mg_track_item, G_TYPE_OBJECT)

MgTrackItem *
mg_track_item_new(const char *path, const char *label, double duration)
{
  MgTrackItem *item = g_object_new(MG_TYPE_TRACK_ITEM, NULL);
  g_autofree char *base = g_path_get_basename(path);
  item->path = g_strdup(path);
  item->name = g_filename_display_name(base);
  item->label = g_strdup(label);
  item->duration = duration;
  return item;
}

const char *
mg_track_item_path(MgTrackItem *item)
{
  return item->path;
}

const char *
mg_track_item_name(MgTrackItem *item)
{
  return item->name;
}

const char *
mg_track_item_label(MgTrackItem *item)
{
  return item->label;
}

double
mg_track_item_duration(MgTrackItem *item)
{
  return item->duration;
}

static void
get_item_name(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  g_value_set_string(value, MG_TRACK_ITEM(object)->name);
}

static void
finalize_item(GObject *object)
{
  MgTrackItem *item = MG_TRACK_ITEM(object);
  g_free(item->path);
  g_free(item->name);
  g_free(item->label);
  G_OBJECT_CLASS(mg_track_item_parent_class)->finalize(object);
}

static void
mg_track_item_class_init(MgTrackItemClass *class)
{
  GObjectClass *object = G_OBJECT_CLASS(class);
  object->get_property = get_item_name;
  object->finalize = finalize_item;
  g_object_class_install_property(
      object, 1, g_param_spec_string("name", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
}

static void
mg_track_item_init(MgTrackItem *item)
{
}

struct _MgTrackGroup {
  GObject parent;
  char *label;
  GListStore *tracks;
  GPtrArray *unsorted; /* MgTrackItem *: all of them, until one is asked for; NULL: they are in `tracks` */
  gboolean quiet;      /* what changes now is not told */
};

static GType
group_item_type(GListModel *model)
{
  return MG_TYPE_TRACK_ITEM;
}

static void settle(MgTrackGroup *group);

static guint
group_n_items(GListModel *model)
{
  MgTrackGroup *group = MG_TRACK_GROUP(model);
  return group->unsorted ? group->unsorted->len : g_list_model_get_n_items(G_LIST_MODEL(group->tracks));
}

static gpointer
group_item(GListModel *model, guint position)
{
  settle(MG_TRACK_GROUP(model));
  return g_list_model_get_item(G_LIST_MODEL(MG_TRACK_GROUP(model)->tracks), position);
}

static void
init_list_model(GListModelInterface *list)
{
  list->get_item_type = group_item_type;
  list->get_n_items = group_n_items;
  list->get_item = group_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE(MgTrackGroup, mg_track_group, G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(G_TYPE_LIST_MODEL, init_list_model))

MgTrackGroup *
mg_track_group_new(const char *label)
{
  MgTrackGroup *group = g_object_new(MG_TYPE_TRACK_GROUP, NULL);
  group->label = g_strdup(label);
  return group;
}

const char *
mg_track_group_label(MgTrackGroup *group)
{
  return group->label;
}

static int
compare_names(gconstpointer a, gconstpointer b, gpointer data)
{
  const MgTrackItem *one = a, *two = b;
  g_autofree char *key_one = g_utf8_collate_key_for_filename(one->name, -1);
  g_autofree char *key_two = g_utf8_collate_key_for_filename(two->name, -1);
  return g_strcmp0(key_one, key_two);
}

void
mg_track_group_add(MgTrackGroup *group, MgTrackItem *item)
{
  settle(group);
  g_list_store_insert_sorted(group->tracks, item, compare_names, NULL);
}

/* Keys are made once for all comparisons. */
typedef struct {
  char *key;
  MgTrackItem *item;
} Keyed;

static int
compare_keyed(gconstpointer a, gconstpointer b)
{
  return strcmp(((const Keyed *)a)->key, ((const Keyed *)b)->key);
}

/* Sorting very many takes long, and a class that is closed shows none. Nothing is told: how many there are was known.
 */
static void
settle(MgTrackGroup *group)
{
  g_autoptr(GPtrArray) items = g_steal_pointer(&group->unsorted);
  if (!items)
    return;
  g_autofree Keyed *keyed = g_new(Keyed, MAX(items->len, 1));
  for (guint i = 0; i < items->len; i++) {
    MgTrackItem *item = items->pdata[i];
    keyed[i] = (Keyed){g_utf8_collate_key_for_filename(item->name, -1), item};
  }
  qsort(keyed, items->len, sizeof *keyed, compare_keyed);
  group->quiet = TRUE;
  for (guint i = 0; i < items->len; i++) {
    g_list_store_append(group->tracks, keyed[i].item);
    g_free(keyed[i].key);
  }
  group->quiet = FALSE;
}

void
mg_track_group_fill(MgTrackGroup *group, const GPtrArray *items)
{
  guint before = g_list_model_get_n_items(G_LIST_MODEL(group));
  settle(group);
  group->quiet = TRUE;
  g_list_store_remove_all(group->tracks);
  group->quiet = FALSE;
  group->unsorted = g_ptr_array_new_full(items->len, g_object_unref);
  for (guint i = 0; i < items->len; i++)
    g_ptr_array_add(group->unsorted, g_object_ref(items->pdata[i]));
  g_list_model_items_changed(G_LIST_MODEL(group), 0, before, items->len);
}

gboolean
mg_track_group_find(MgTrackGroup *group, MgTrackItem *item, guint *position)
{
  settle(group);
  return g_list_store_find(group->tracks, item, position);
}

void
mg_track_group_remove(MgTrackGroup *group, MgTrackItem *item)
{
  guint position;
  settle(group);
  if (g_list_store_find(group->tracks, item, &position))
    g_list_store_remove(group->tracks, position);
}

static void
finalize_group(GObject *object)
{
  MgTrackGroup *group = MG_TRACK_GROUP(object);
  g_object_unref(group->tracks);
  g_clear_pointer(&group->unsorted, g_ptr_array_unref);
  g_free(group->label);
  G_OBJECT_CLASS(mg_track_group_parent_class)->finalize(object);
}

static void
mg_track_group_class_init(MgTrackGroupClass *class)
{
  G_OBJECT_CLASS(class)->finalize = finalize_group;
}

static void
forward_change(MgTrackGroup *group, guint position, guint removed, guint added)
{
  if (!group->quiet)
    g_list_model_items_changed(G_LIST_MODEL(group), position, removed, added);
}

static void
mg_track_group_init(MgTrackGroup *group)
{
  group->tracks = g_list_store_new(MG_TYPE_TRACK_ITEM);
  g_signal_connect_swapped(group->tracks, "items-changed", G_CALLBACK(forward_change), group);
}
