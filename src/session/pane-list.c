#include "session/pane.h"

struct _MgPaneList {
  GObject parent;
  GPtrArray *panes;
};

static void list_init(GListModelInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE(MgPaneList, mg_pane_list, G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(G_TYPE_LIST_MODEL, list_init))

static const struct {
  const char *type;
  double height;
} usual[] = {{MG_PANE_WAVEFORM, 1}, {"stft", 2}, {"melspectrogram", 2}};

static void
add_usual(MgPaneList *list)
{
  for (size_t i = 0; i < G_N_ELEMENTS(usual); i++) {
    MgPane *pane = mg_pane_new(usual[i].type, NULL);
    mg_pane_set_height(pane, usual[i].height);
    g_ptr_array_add(list->panes, pane);
  }
}

MgPaneList *
mg_pane_list_new(void)
{
  MgPaneList *list = g_object_new(MG_TYPE_PANE_LIST, NULL);
  add_usual(list);
  return list;
}

MgPane *
mg_pane_list_get(MgPaneList *list, guint position)
{
  return position < list->panes->len ? list->panes->pdata[position] : NULL;
}

guint
mg_pane_list_n(MgPaneList *list)
{
  return list->panes->len;
}

guint
mg_pane_list_find(MgPaneList *list, MgPane *pane)
{
  guint position;
  return g_ptr_array_find(list->panes, pane, &position) ? position : list->panes->len;
}

void
mg_pane_list_insert(MgPaneList *list, guint position, MgPane *pane)
{
  position = MIN(position, list->panes->len);
  g_ptr_array_insert(list->panes, (int)position, g_object_ref(pane));
  g_list_model_items_changed(G_LIST_MODEL(list), position, 0, 1);
}

void
mg_pane_list_remove(MgPaneList *list, MgPane *pane)
{
  guint position = mg_pane_list_find(list, pane);
  if (position == list->panes->len)
    return;
  g_ptr_array_remove_index(list->panes, position);
  g_list_model_items_changed(G_LIST_MODEL(list), position, 1, 0);
}

gboolean
mg_pane_list_move(MgPaneList *list, MgPane *pane, int places)
{
  int from = (int)mg_pane_list_find(list, pane), last = (int)list->panes->len - 1;
  int to = CLAMP(from + places, 0, last);
  if (from > last || to == from)
    return FALSE;
  g_ptr_array_insert(list->panes, to, g_ptr_array_steal_index(list->panes, (guint)from));
  guint first = (guint)MIN(from, to), n = (guint)ABS(from - to) + 1;
  g_list_model_items_changed(G_LIST_MODEL(list), first, n, n);
  return TRUE;
}

static gpointer
ref_pane(gconstpointer pane, gpointer unused)
{
  return g_object_ref((gpointer)pane);
}

static GPtrArray *
copy_panes(GPtrArray *panes)
{
  GPtrArray *copy = g_ptr_array_copy(panes, ref_pane, NULL);
  g_ptr_array_set_free_func(copy, g_object_unref);
  return copy;
}

GPtrArray *
mg_pane_list_all(MgPaneList *list)
{
  return copy_panes(list->panes);
}

void
mg_pane_list_replace(MgPaneList *list, GPtrArray *panes)
{
  g_autoptr(GPtrArray) former = list->panes;
  list->panes = copy_panes(panes);
  g_list_model_items_changed(G_LIST_MODEL(list), 0, former->len, panes->len);
}

void
mg_pane_list_reset(MgPaneList *list)
{
  guint before = list->panes->len;
  g_ptr_array_set_size(list->panes, 0);
  add_usual(list);
  g_list_model_items_changed(G_LIST_MODEL(list), 0, before, list->panes->len);
}

static void
save_pane(MgPane *pane, GKeyFile *file, const char *group)
{
  const MgParams *params = mg_pane_params(pane);
  g_autoptr(GPtrArray) set = g_ptr_array_new_with_free_func(g_free);
  for (const MgParamTable *const *table = mg_params_tables(params); *table; table++)
    for (size_t i = 0; i < (*table)->n; i++) {
      const char *name = (*table)->specs[i].name;
      if (!mg_params_is_default(params, name))
        g_ptr_array_add(set, g_strconcat(name, "=", mg_params_text(params, name), NULL));
    }
  const char *const *overlays = mg_pane_overlays(pane);
  g_key_file_set_string(file, group, "type", mg_pane_type(pane));
  g_key_file_set_double(file, group, "height", mg_pane_height(pane));
  if (set->len > 0)
    g_key_file_set_string_list(file, group, "set", (const char *const *)set->pdata, set->len);
  if (*overlays)
    g_key_file_set_string_list(file, group, "overlays", overlays, g_strv_length((char **)overlays));
}

char *
mg_pane_list_save(MgPaneList *list)
{
  g_autoptr(GKeyFile) file = g_key_file_new();
  for (guint i = 0; i < list->panes->len; i++) {
    g_autofree char *group = g_strdup_printf("pane %u", i + 1);
    save_pane(list->panes->pdata[i], file, group);
  }
  return g_key_file_to_data(file, NULL, NULL);
}

static void
load_params(MgPane *pane, char **assignments)
{
  g_autoptr(MgParams) params = mg_params_copy(mg_pane_params(pane));
  for (; assignments && *assignments; assignments++) {
    g_autoptr(GError) error = NULL;
    if (!mg_params_assign(params, *assignments, &error))
      g_debug("%s", error->message);
  }
  mg_pane_take(pane, params);
}

static MgPane *
load_pane(GKeyFile *file, const char *group)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *type = g_key_file_get_string(file, group, "type", NULL);
  g_auto(GStrv) set = g_key_file_get_string_list(file, group, "set", NULL, NULL);
  g_auto(GStrv) overlays = g_key_file_get_string_list(file, group, "overlays", NULL, NULL);
  double height = g_key_file_get_double(file, group, "height", NULL);
  MgPane *pane = mg_pane_new(type ? type : "", &error);
  if (!pane) {
    g_debug("%s", error->message);
    return NULL;
  }
  load_params(pane, set);
  for (char **name = overlays; name && *name; name++) {
    const MgFeature *feature = mg_feature_find(*name, NULL);
    if (feature && mg_pane_can_overlay(feature))
      mg_pane_set_overlay(pane, *name, TRUE);
  }
  if (height > 0)
    mg_pane_set_height(pane, height);
  return pane;
}

gboolean
mg_pane_list_load(MgPaneList *list, const char *text)
{
  g_autoptr(GKeyFile) file = g_key_file_new();
  g_autoptr(GPtrArray) panes = g_ptr_array_new_with_free_func(g_object_unref);
  if (!text || !g_key_file_load_from_data(file, text, -1, G_KEY_FILE_NONE, NULL))
    return FALSE;
  g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);
  for (char **group = groups; *group; group++) {
    MgPane *pane = load_pane(file, *group);
    if (pane)
      g_ptr_array_add(panes, pane);
  }
  if (panes->len == 0)
    return FALSE;
  mg_pane_list_replace(list, panes);
  return TRUE;
}

static GType
get_item_type(GListModel *model)
{
  return MG_TYPE_PANE;
}

static guint
get_n_items(GListModel *model)
{
  return MG_PANE_LIST(model)->panes->len;
}

static gpointer
get_item(GListModel *model, guint position)
{
  MgPane *pane = mg_pane_list_get(MG_PANE_LIST(model), position);
  return pane ? g_object_ref(pane) : NULL;
}

static void
list_init(GListModelInterface *interface)
{
  interface->get_item_type = get_item_type;
  interface->get_n_items = get_n_items;
  interface->get_item = get_item;
}

static void
finalize(GObject *object)
{
  g_ptr_array_unref(MG_PANE_LIST(object)->panes);
  G_OBJECT_CLASS(mg_pane_list_parent_class)->finalize(object);
}

static void
mg_pane_list_class_init(MgPaneListClass *class)
{
  G_OBJECT_CLASS(class)->finalize = finalize;
}

static void
mg_pane_list_init(MgPaneList *list)
{
  list->panes = g_ptr_array_new_with_free_func(g_object_unref);
}
