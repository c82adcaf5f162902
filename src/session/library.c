#include "session/library.h"

struct _MgLibrary {
  GObject parent;
  GListStore *groups;  /* MgTrackGroup */
  GHashTable *by_path; /* path -> MgTrackItem */
};

static GType
item_type(GListModel *model)
{
  return MG_TYPE_TRACK_GROUP;
}

static guint
n_items(GListModel *model)
{
  return g_list_model_get_n_items(G_LIST_MODEL(MG_LIBRARY(model)->groups));
}

static gpointer
get_item(GListModel *model, guint position)
{
  return g_list_model_get_item(G_LIST_MODEL(MG_LIBRARY(model)->groups), position);
}

static void
init_list_model(GListModelInterface *list)
{
  list->get_item_type = item_type;
  list->get_n_items = n_items;
  list->get_item = get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE(MgLibrary, mg_library, G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(G_TYPE_LIST_MODEL, init_list_model))

MgLibrary *
mg_library_new(void)
{
  return g_object_new(MG_TYPE_LIBRARY, NULL);
}

static int
compare_groups(gconstpointer a, gconstpointer b, gpointer data)
{
  const char *one = mg_track_group_label((MgTrackGroup *)a), *two = mg_track_group_label((MgTrackGroup *)b);
  if (!one || !two)
    return (two != NULL) - (one != NULL);
  return g_utf8_collate(one, two);
}

/* The group's position, or -1. */
static int
find_group(MgLibrary *library, const char *label, MgTrackGroup **found)
{
  GListModel *groups = G_LIST_MODEL(library->groups);
  for (guint i = 0; i < g_list_model_get_n_items(groups); i++) {
    g_autoptr(MgTrackGroup) group = g_list_model_get_item(groups, i);
    if (g_strcmp0(mg_track_group_label(group), label) == 0) {
      *found = group;
      return i;
    }
  }
  return -1;
}

MgTrackItem *
mg_library_add(MgLibrary *library, const char *path, const char *label, double duration)
{
  MgTrackItem *item = mg_library_find(library, path);
  if (item)
    return item;
  item = mg_track_item_new(path, label, duration);
  g_hash_table_insert(library->by_path, (char *)mg_track_item_path(item), item);
  MgTrackGroup *group = NULL;
  if (find_group(library, label, &group) >= 0) {
    mg_track_group_add(group, item);
    return item;
  }
  g_autoptr(MgTrackGroup) made = mg_track_group_new(label);
  mg_track_group_add(made, item);
  g_list_store_insert_sorted(library->groups, made, compare_groups, NULL);
  return item;
}

MgTrackItem *
mg_library_find(MgLibrary *library, const char *path)
{
  return g_hash_table_lookup(library->by_path, path);
}

static int
compare_group_pointers(gconstpointer a, gconstpointer b)
{
  return compare_groups(*(MgTrackGroup *const *)a, *(MgTrackGroup *const *)b, NULL);
}

static GPtrArray *
bucket_of(GHashTable *buckets, const char *label)
{
  GPtrArray *bucket = g_hash_table_lookup(buckets, label ? label : "");
  if (!bucket) {
    bucket = g_ptr_array_new();
    g_hash_table_insert(buckets, (char *)(label ? label : ""), bucket);
  }
  return bucket;
}

static void
fill_buckets(MgLibrary *library, const GPtrArray *tracks, GHashTable *buckets)
{
  for (guint i = 0; i < tracks->len; i++) {
    const MgStoreTrack *track = tracks->pdata[i];
    if (g_hash_table_contains(library->by_path, track->path))
      continue;
    MgTrackItem *item = mg_track_item_new(track->path, track->label, track->duration);
    g_hash_table_insert(library->by_path, (char *)mg_track_item_path(item), item);
    g_ptr_array_add(bucket_of(buckets, track->label), item);
  }
}

void
mg_library_fill(MgLibrary *library, const GPtrArray *tracks)
{
  g_autoptr(GHashTable) buckets =
      g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_ptr_array_unref);
  g_autoptr(GPtrArray) groups = g_ptr_array_new_with_free_func(g_object_unref);
  g_autoptr(GHashTable) former = g_steal_pointer(&library->by_path); /* goes after the groups that hold its items */
  library->by_path = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_object_unref);
  fill_buckets(library, tracks, buckets);
  GHashTableIter iter;
  gpointer label, bucket;
  g_hash_table_iter_init(&iter, buckets);
  while (g_hash_table_iter_next(&iter, &label, &bucket)) {
    MgTrackGroup *group = mg_track_group_new(*(char *)label ? label : NULL);
    mg_track_group_fill(group, bucket);
    g_ptr_array_add(groups, group);
  }
  g_ptr_array_sort(groups, compare_group_pointers);
  g_list_store_splice(library->groups, 0, g_list_model_get_n_items(G_LIST_MODEL(library->groups)), groups->pdata,
                      groups->len);
}

gboolean
mg_library_group_of(MgLibrary *library, const char *path, guint *group_out)
{
  MgTrackItem *item = mg_library_find(library, path);
  MgTrackGroup *group;
  int found = item ? find_group(library, mg_track_item_label(item), &group) : -1;
  if (found >= 0)
    *group_out = (guint)found;
  return found >= 0;
}

gboolean
mg_library_place(MgLibrary *library, const char *path, guint *group_out, guint *item_out)
{
  MgTrackItem *item = mg_library_find(library, path);
  MgTrackGroup *group = NULL;
  int found = item ? find_group(library, mg_track_item_label(item), &group) : -1;
  if (found < 0)
    return FALSE;
  *group_out = (guint)found;
  return mg_track_group_find(group, item, item_out);
}

gboolean
mg_library_remove(MgLibrary *library, const char *path)
{
  MgTrackItem *item = mg_library_find(library, path);
  MgTrackGroup *group = NULL;
  if (!item)
    return FALSE;
  int position = find_group(library, mg_track_item_label(item), &group);
  mg_track_group_remove(group, item);
  if (g_list_model_get_n_items(G_LIST_MODEL(group)) == 0)
    g_list_store_remove(library->groups, position);
  return g_hash_table_remove(library->by_path, path);
}

void
mg_library_clear(MgLibrary *library)
{
  g_list_store_remove_all(library->groups);
  g_hash_table_remove_all(library->by_path);
}

guint
mg_library_n_tracks(MgLibrary *library)
{
  return g_hash_table_size(library->by_path);
}

static void
finalize(GObject *object)
{
  MgLibrary *library = MG_LIBRARY(object);
  g_object_unref(library->groups);
  g_hash_table_unref(library->by_path);
  G_OBJECT_CLASS(mg_library_parent_class)->finalize(object);
}

static void
mg_library_class_init(MgLibraryClass *class)
{
  G_OBJECT_CLASS(class)->finalize = finalize;
}

static void
forward_change(MgLibrary *library, guint position, guint removed, guint added)
{
  g_list_model_items_changed(G_LIST_MODEL(library), position, removed, added);
}

static void
mg_library_init(MgLibrary *library)
{
  library->groups = g_list_store_new(MG_TYPE_TRACK_GROUP);
  library->by_path = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_object_unref);
  g_signal_connect_swapped(library->groups, "items-changed", G_CALLBACK(forward_change), library);
}
