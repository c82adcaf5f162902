#include "ui/learn/lesson-list.h"
#include "base/data-dir.h"
#include "base/file.h"
#include <glib/gi18n.h>
#include <string.h>

#define ENDING ".lesson"
#define DONE_KEY "lessons-done"

struct _MgLessonItem {
  GObject parent;
  char *name, *path, *problem;
  MgLessonFile *file;
  gboolean own, done;
};

G_DEFINE_FINAL_TYPE(MgLessonItem, mg_lesson_item, G_TYPE_OBJECT)

struct _MgLessonList {
  GObject parent;
  MgWorkspace *workspace;
  char *folders[2]; /* the program's (NULL: none is there), the workspace's */
  GPtrArray *items;
  GFileMonitor *monitors[2];
  guint pause; /* until what changes has come to rest */
};

static void list_model_init(GListModelInterface *interface);
G_DEFINE_FINAL_TYPE_WITH_CODE(MgLessonList, mg_lesson_list, G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(G_TYPE_LIST_MODEL, list_model_init))

const char *
mg_lesson_item_name(MgLessonItem *item)
{
  return item->name;
}

const char *
mg_lesson_item_path(MgLessonItem *item)
{
  return item->path;
}

MgLessonFile *
mg_lesson_item_file(MgLessonItem *item)
{
  return item->file;
}

const char *
mg_lesson_item_problem(MgLessonItem *item)
{
  return item->problem;
}

gboolean
mg_lesson_item_is_own(MgLessonItem *item)
{
  return item->own;
}

gboolean
mg_lesson_item_is_done(MgLessonItem *item)
{
  return item->done;
}

static void
finalize_item(GObject *object)
{
  MgLessonItem *item = MG_LESSON_ITEM(object);
  g_free(item->name);
  g_free(item->path);
  g_free(item->problem);
  mg_lesson_unref(item->file);
  G_OBJECT_CLASS(mg_lesson_item_parent_class)->finalize(object);
}

static void
mg_lesson_item_class_init(MgLessonItemClass *class)
{
  G_OBJECT_CLASS(class)->finalize = finalize_item;
}

static void
mg_lesson_item_init(MgLessonItem *item)
{
}

/* The list. */

static MgLessonItem *
new_item(const char *folder, const char *base, gboolean own)
{
  MgLessonItem *item = g_object_new(MG_TYPE_LESSON_ITEM, NULL);
  g_autoptr(GError) error = NULL;
  item->name = g_strndup(base, strlen(base) - strlen(ENDING));
  item->path = g_build_filename(folder, base, NULL);
  item->own = own;
  item->file = mg_lesson_load(item->path, &error);
  item->problem = error ? g_strdup(error->message) : NULL;
  return item;
}

static int
compare_names(gconstpointer a, gconstpointer b)
{
  return strcmp(*(char *const *)a, *(char *const *)b);
}

static void
read_folder(MgLessonList *list, const char *folder, gboolean own)
{
  g_autoptr(GDir) dir = folder ? g_dir_open(folder, 0, NULL) : NULL;
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  const char *name;
  while (dir && (name = g_dir_read_name(dir)))
    if (*name != '.' && g_str_has_suffix(name, ENDING))
      g_ptr_array_add(names, g_strdup(name));
  g_ptr_array_sort(names, compare_names);
  for (guint i = 0; i < names->len; i++)
    g_ptr_array_add(list->items, new_item(folder, names->pdata[i], own));
}

static void
read_done(MgLessonList *list)
{
  g_autofree char *text = mg_workspace_recall(list->workspace, DONE_KEY);
  g_auto(GStrv) names = g_strsplit(text ? text : "", "\n", -1);
  for (guint i = 0; i < list->items->len; i++) {
    MgLessonItem *item = list->items->pdata[i];
    item->done = g_strv_contains((const char *const *)names, item->name);
  }
}

static void
fill(MgLessonList *list)
{
  guint former = list->items->len;
  g_ptr_array_set_size(list->items, 0);
  for (int own = 0; own < 2; own++)
    read_folder(list, list->folders[own], own);
  read_done(list);
  g_list_model_items_changed(G_LIST_MODEL(list), 0, former, list->items->len);
}

MgLessonItem *
mg_lesson_list_find(MgLessonList *list, const char *name)
{
  for (guint i = 0; i < list->items->len; i++)
    if (g_strcmp0(mg_lesson_item_name(list->items->pdata[i]), name) == 0)
      return list->items->pdata[i];
  return NULL;
}

void
mg_lesson_list_set_done(MgLessonList *list, MgLessonItem *item)
{
  g_autofree char *text = mg_workspace_recall(list->workspace, DONE_KEY);
  if (item->done)
    return;
  g_autofree char *longer = text && *text ? g_strconcat(text, "\n", item->name, NULL) : g_strdup(item->name);
  mg_workspace_remember(list->workspace, DONE_KEY, longer);
  item->done = TRUE;
}

/* A whole lesson, with a task that its solution solves. */
static char *
first_lesson(void)
{
  return g_strdup_printf("# %s\n"
                         "[lesson]\n"
                         "title = %s\n"
                         "\n"
                         "[text]\n"
                         "%s\n"
                         "\n"
                         "[control f0]\n"
                         "title = %s\n"
                         "from = 100\n"
                         "to = 4000\n"
                         "step = 10\n"
                         "start = 440\n"
                         "unit = Hz\n"
                         "\n"
                         "[sound]\n"
                         "tone = hz f0\n"
                         "\n"
                         "[view pane]\n"
                         "type = stft\n"
                         "\n"
                         "[task]\n"
                         "text = %s\n"
                         "check = f0 == 880\n"
                         "solution = f0 = 880\n",
                         _("A lesson of your own: docs/lessons.md describes what may stand here."), _("My lesson"),
                         _("What there is to see and to hear."), _("Frequency"), _("Make it twice as high."));
}

char *
mg_lesson_list_copy(MgLessonList *list, MgLessonItem *item, GError **error)
{
  const char *name = item ? item->name : "my-lesson";
  g_autofree char *text = item ? mg_file_read(item->path, (size_t)1 << 20, NULL, error) : first_lesson();
  if (!text)
    return NULL;
  for (guint i = 1;; i++) {
    g_autofree char *number = i > 1 ? g_strdup_printf("-%u", i) : g_strdup("");
    g_autofree char *base = g_strconcat(name, number, ENDING, NULL);
    g_autofree char *path = g_build_filename(list->folders[1], base, NULL);
    if (g_file_test(path, G_FILE_TEST_EXISTS))
      continue;
    if (!mg_folder_make(list->folders[1], error) || !mg_file_write(path, text, strlen(text), error))
      return NULL;
    fill(list);
    return g_steal_pointer(&path);
  }
}

/* Editors write a file in several steps. */
static gboolean
fill_now(gpointer data)
{
  MgLessonList *list = data;
  list->pause = 0;
  fill(list);
  return G_SOURCE_REMOVE;
}

static void
on_change(GFileMonitor *monitor, GFile *file, GFile *other, GFileMonitorEvent event, MgLessonList *list)
{
  g_clear_handle_id(&list->pause, g_source_remove);
  list->pause = g_timeout_add(150, fill_now, list);
}

MgLessonList *
mg_lesson_list_new(MgWorkspace *workspace)
{
  MgLessonList *list = g_object_new(MG_TYPE_LESSON_LIST, NULL);
  list->workspace = g_object_ref(workspace);
  list->folders[0] = mg_data_dir_find("lessons", NULL);
  list->folders[1] = mg_workspace_path(workspace, "lessons");
  for (int i = 0; i < 2; i++) {
    g_autoptr(GFile) folder = list->folders[i] ? g_file_new_for_path(list->folders[i]) : NULL;
    list->monitors[i] = folder ? g_file_monitor_directory(folder, G_FILE_MONITOR_WATCH_MOVES, NULL, NULL) : NULL;
    if (list->monitors[i])
      g_signal_connect_object(list->monitors[i], "changed", G_CALLBACK(on_change), list, 0);
  }
  fill(list);
  return list;
}

static GType
item_type(GListModel *model)
{
  return MG_TYPE_LESSON_ITEM;
}

static guint
n_items(GListModel *model)
{
  return MG_LESSON_LIST(model)->items->len;
}

static gpointer
get_item(GListModel *model, guint position)
{
  MgLessonList *list = MG_LESSON_LIST(model);
  return position < list->items->len ? g_object_ref(list->items->pdata[position]) : NULL;
}

static void
list_model_init(GListModelInterface *interface)
{
  interface->get_item_type = item_type;
  interface->get_n_items = n_items;
  interface->get_item = get_item;
}

static void
dispose(GObject *object)
{
  MgLessonList *list = MG_LESSON_LIST(object);
  g_clear_handle_id(&list->pause, g_source_remove);
  for (int i = 0; i < 2; i++) {
    g_clear_object(&list->monitors[i]);
    g_clear_pointer(&list->folders[i], g_free);
  }
  g_clear_object(&list->workspace);
  G_OBJECT_CLASS(mg_lesson_list_parent_class)->dispose(object);
}

static void
finalize(GObject *object)
{
  g_ptr_array_unref(MG_LESSON_LIST(object)->items);
  G_OBJECT_CLASS(mg_lesson_list_parent_class)->finalize(object);
}

static void
mg_lesson_list_class_init(MgLessonListClass *class)
{
  G_OBJECT_CLASS(class)->dispose = dispose;
  G_OBJECT_CLASS(class)->finalize = finalize;
}

static void
mg_lesson_list_init(MgLessonList *list)
{
  list->items = g_ptr_array_new_with_free_func(g_object_unref);
}
