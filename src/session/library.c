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
