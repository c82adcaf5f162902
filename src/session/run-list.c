#include "session/run-list.h"
#include "base/error.h"
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

struct _MgRunList {
  GObject parent_instance;
  char *folder;
  GPtrArray *runs; /* MgRun *, newest first */
  GFileMonitor *monitor;
  GPtrArray *awaited; /* char *: young folders that are no run yet */
  guint second_look;  /* timer, while there are any */
};

/* How long a new folder may stay without a run's files: a cluster's processes take their time to find each other. */
static const gint64 youth_s = 10 * 60;

static void mg_run_list_model_init(GListModelInterface *interface);
G_DEFINE_FINAL_TYPE_WITH_CODE(MgRunList, mg_run_list, G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(G_TYPE_LIST_MODEL, mg_run_list_model_init))

gboolean
mg_run_list_is_run(const char *folder)
{
  static const char *const marks[] = {"config.ini", "status", "metrics.csv"};
  for (size_t i = 0; i < G_N_ELEMENTS(marks); i++) {
    g_autofree char *path = g_build_filename(folder, marks[i], NULL);
    if (g_file_test(path, G_FILE_TEST_IS_REGULAR))
      return TRUE;
  }
  return FALSE;
}

/* When the run was begun: config.ini is written once. */
static gint64
birth(const char *folder)
{
  GStatBuf info;
  g_autofree char *config = g_build_filename(folder, "config.ini", NULL);
  if (g_stat(config, &info) != 0 && g_stat(folder, &info) != 0)
    return G_MAXINT64; /* about to be made */
  return (gint64)info.st_mtim.tv_sec * G_USEC_PER_SEC + info.st_mtim.tv_nsec / 1000;
}

static guint
place_for(MgRunList *list, const char *folder)
{
  gint64 mine = birth(folder);
  guint place = 0;
  while (place < list->runs->len && birth(mg_run_folder(list->runs->pdata[place])) > mine)
    place++;
  return place;
}

MgRun *
mg_run_list_find(MgRunList *list, const char *folder)
{
  g_autofree char *canonical = g_canonicalize_filename(folder, NULL);
  for (guint i = 0; i < list->runs->len; i++)
    if (g_str_equal(mg_run_folder(list->runs->pdata[i]), canonical))
      return list->runs->pdata[i];
  return NULL;
}

MgRun *
mg_run_list_add(MgRunList *list, const char *folder)
{
  MgRun *run = mg_run_list_find(list, folder);
  if (run)
    return run;
  run = mg_run_new(folder);
  guint place = place_for(list, mg_run_folder(run));
  g_ptr_array_insert(list->runs, place, run);
  g_list_model_items_changed(G_LIST_MODEL(list), place, 0, 1);
  return run;
}

static void
drop_vanished(MgRunList *list)
{
  for (guint i = list->runs->len; i-- > 0;) {
    MgRun *run = list->runs->pdata[i];
    /* A run that failed before it made its folder stays, for its message. */
    gboolean kept = mg_run_is_active(run) || mg_run_state(run) == MG_RUN_FAILED;
    if (kept || g_file_test(mg_run_folder(run), G_FILE_TEST_IS_DIR))
      continue;
    g_ptr_array_remove_index(list->runs, i);
    g_list_model_items_changed(G_LIST_MODEL(list), i, 1, 0);
  }
}

static gboolean
is_young_folder(const char *path)
{
  GStatBuf info;
  return g_stat(path, &info) == 0 && S_ISDIR(info.st_mode) &&
         ABS(g_get_real_time() / G_USEC_PER_SEC - (gint64)info.st_mtim.tv_sec) < youth_s;
}

static gboolean
look_again(gpointer data)
{
  MgRunList *list = data;
  for (guint i = list->awaited->len; i-- > 0;) {
    const char *path = list->awaited->pdata[i];
    gboolean is_run = mg_run_list_is_run(path);
    if (is_run)
      mg_run_list_add(list, path);
    if (is_run || !is_young_folder(path))
      g_ptr_array_remove_index(list->awaited, i);
  }
  if (list->awaited->len > 0)
    return G_SOURCE_CONTINUE;
  list->second_look = 0;
  return G_SOURCE_REMOVE;
}

/* The monitor tells of the folder, not of the files that make it a run's a moment later. */
static void
await_run(MgRunList *list, const char *path)
{
  if (!g_ptr_array_find_with_equal_func(list->awaited, path, g_str_equal, NULL))
    g_ptr_array_add(list->awaited, g_strdup(path));
  if (!list->second_look)
    list->second_look = g_timeout_add_seconds(1, look_again, list);
}

void
mg_run_list_refresh(MgRunList *list)
{
  drop_vanished(list);
  g_autoptr(GDir) dir = list->folder ? g_dir_open(list->folder, 0, NULL) : NULL;
  const char *name;
  while (dir && (name = g_dir_read_name(dir))) {
    g_autofree char *path = g_build_filename(list->folder, name, NULL);
    if (name[0] == '.')
      continue;
    if (mg_run_list_is_run(path))
      mg_run_list_add(list, path);
    else if (is_young_folder(path))
      await_run(list, path);
  }
}

char *
mg_run_list_new_folder(MgRunList *list, const char *model, GError **error)
{
  if (!list->folder) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("%s: a new run needs a workspace to live in"), model);
    return NULL;
  }
  g_autofree char *base = g_path_get_basename(model);
  if (g_str_has_suffix(base, ".json"))
    base[strlen(base) - strlen(".json")] = 0;
  for (int number = 1;; number++) {
    g_autofree char *name = g_strdup_printf("%s-%d", base, number);
    g_autofree char *path = g_build_filename(list->folder, name, NULL);
    if (mg_run_list_find(list, path))
      continue;
    if (g_mkdir(path, 0777) == 0)
      return g_steal_pointer(&path);
    if (errno != EEXIST) {
      g_set_error(error, MG_ERROR, MG_ERROR_IO, _("%s: cannot make the run folder: %s"), path, g_strerror(errno));
      return NULL;
    }
  }
}

static GType
get_item_type(GListModel *model)
{
  return MG_TYPE_RUN;
}

static guint
get_n_items(GListModel *model)
{
  return MG_RUN_LIST(model)->runs->len;
}

static gpointer
get_item(GListModel *model, guint i)
{
  GPtrArray *runs = MG_RUN_LIST(model)->runs;
  return i < runs->len ? g_object_ref(runs->pdata[i]) : NULL;
}

static void
mg_run_list_model_init(GListModelInterface *interface)
{
  interface->get_item_type = get_item_type;
  interface->get_n_items = get_n_items;
  interface->get_item = get_item;
}

static void
mg_run_list_finalize(GObject *object)
{
  MgRunList *list = MG_RUN_LIST(object);
  g_clear_handle_id(&list->second_look, g_source_remove);
  g_clear_object(&list->monitor);
  g_ptr_array_unref(list->runs);
  g_ptr_array_unref(list->awaited);
  g_free(list->folder);
  G_OBJECT_CLASS(mg_run_list_parent_class)->finalize(object);
}

static void
mg_run_list_class_init(MgRunListClass *klass)
{
  G_OBJECT_CLASS(klass)->finalize = mg_run_list_finalize;
}

static void
mg_run_list_init(MgRunList *list)
{
  list->runs = g_ptr_array_new_with_free_func(g_object_unref);
  list->awaited = g_ptr_array_new_with_free_func(g_free);
}

MgRunList *
mg_run_list_new(const char *folder)
{
  MgRunList *list = g_object_new(MG_TYPE_RUN_LIST, NULL);
  if (!folder)
    return list;
  list->folder = g_canonicalize_filename(folder, NULL);
  g_autoptr(GFile) file = g_file_new_for_path(list->folder);
  list->monitor = g_file_monitor_directory(file, G_FILE_MONITOR_NONE, NULL, NULL);
  if (list->monitor)
    g_signal_connect_swapped(list->monitor, "changed", G_CALLBACK(mg_run_list_refresh), list);
  mg_run_list_refresh(list);
  return list;
}
