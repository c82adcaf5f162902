#include "session/tiles-store.h"

/* Panes with the same transforms, and at most one set of mel bands among them. */
typedef struct {
  char *key, *mel; /* of the transforms; of the bands, NULL: none is wanted */
  guint layers;
  GPtrArray *panes; /* MgPane *; the one with the bands, where there is one, holds all parameters */
  MgPane *model;    /* whose parameters make the tiles */
  MgTiles *tiles;
  char *failure;
} Group;

struct MgTilesStore {
  char *path;
  GPtrArray *groups; /* Group * */
};

static void
free_group(gpointer data)
{
  Group *group = data;
  if (group->tiles)
    mg_tiles_stop(group->tiles);
  g_clear_object(&group->tiles);
  g_ptr_array_unref(group->panes);
  g_free(group->key);
  g_free(group->mel);
  g_free(group->failure);
  g_free(group);
}

MgTilesStore *
mg_tiles_store_new(const char *path)
{
  MgTilesStore *store = g_new0(MgTilesStore, 1);
  store->path = g_strdup(path);
  store->groups = g_ptr_array_new_with_free_func(free_group);
  return store;
}

MgLayer
mg_tiles_layer_of(MgPane *pane)
{
  return mg_pane_feature(pane)->axis == MG_AXIS_MEL ? MG_LAYER_MEL : MG_LAYER_STFT;
}

static char *
key_of(MgPane *pane)
{
  g_autofree char *stft = mg_params_key(mg_pane_params(pane), "stft");
  return g_strconcat(stft, mg_params_text(mg_pane_params(pane), "sr"), NULL);
}

static gboolean
may_join(const Group *group, const char *key, const char *mel)
{
  return g_str_equal(group->key, key) && (!mel || !group->mel || g_str_equal(group->mel, mel));
}

static void
join(GPtrArray *groups, MgPane *pane)
{
  g_autofree char *key = key_of(pane);
  MgLayer layer = mg_tiles_layer_of(pane);
  g_autofree char *mel = layer == MG_LAYER_MEL ? mg_params_key(mg_pane_params(pane), "mel") : NULL;
  Group *group = NULL;
  for (guint i = 0; i < groups->len && !group; i++)
    if (may_join(groups->pdata[i], key, mel))
      group = groups->pdata[i];
  if (!group) {
    group = g_new0(Group, 1);
    group->key = g_steal_pointer(&key);
    group->panes = g_ptr_array_new_with_free_func(g_object_unref);
    group->model = pane;
    g_ptr_array_add(groups, group);
  }
  if (mel && !group->mel) {
    group->mel = g_steal_pointer(&mel);
    group->model = pane;
  }
  group->layers |= MG_LAYER_BIT(layer);
  g_ptr_array_add(group->panes, g_object_ref(pane));
}

/* Tiles of before that have all that is wanted. */
static gboolean
take_over(Group *group, GPtrArray *former)
{
  for (guint i = 0; i < former->len; i++) {
    Group *old = former->pdata[i];
    if (!old->tiles || !g_str_equal(old->key, group->key) || (group->mel && g_strcmp0(group->mel, old->mel) != 0) ||
        (mg_tiles_layers(old->tiles) & group->layers) != group->layers)
      continue;
    group->tiles = g_steal_pointer(&old->tiles);
    if (!group->mel)
      group->mel = g_steal_pointer(&old->mel);
    return TRUE;
  }
  return FALSE;
}

static void
make_tiles(const MgTilesStore *store, Group *group)
{
  g_autoptr(GError) error = NULL;
  group->tiles = mg_tiles_new(store->path, mg_pane_params(group->model), group->layers, &error);
  if (error)
    group->failure = g_strdup(error->message);
}

void
mg_tiles_store_update(MgTilesStore *store, MgPaneList *panes)
{
  g_autoptr(GPtrArray) former = g_steal_pointer(&store->groups);
  store->groups = g_ptr_array_new_with_free_func(free_group);
  for (guint i = 0; i < mg_pane_list_n(panes); i++)
    if (mg_pane_shows(mg_pane_list_get(panes, i)) == MG_PANE_TILES)
      join(store->groups, mg_pane_list_get(panes, i));
  for (guint i = 0; i < store->groups->len; i++)
    if (!take_over(store->groups->pdata[i], former))
      make_tiles(store, store->groups->pdata[i]);
}

MgTiles *
mg_tiles_store_get(MgTilesStore *store, MgPane *pane, const char **failure)
{
  *failure = NULL;
  for (guint i = 0; i < store->groups->len; i++) {
    Group *group = store->groups->pdata[i];
    if (!g_ptr_array_find(group->panes, pane, NULL))
      continue;
    *failure = group->failure;
    return group->tiles;
  }
  return NULL;
}

void
mg_tiles_store_free(MgTilesStore *store)
{
  if (!store)
    return;
  g_ptr_array_unref(store->groups);
  g_free(store->path);
  g_free(store);
}
