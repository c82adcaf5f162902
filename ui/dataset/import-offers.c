#include "ui/dataset/import-offers.h"
#include "dataset/importer.h"

/* One data set to be shown. */
typedef struct {
  char *path;
  GPtrArray *only; /* char *: of its folders; NULL: all of it */
} Source;

typedef struct {
  GtkWidget *page; /* weak */
  MgWorkspace *workspace;
  MgImportedFunc imported;
  GPtrArray *sources; /* Source *, the next one first */
} Offers;

static void
free_source(gpointer data)
{
  Source *source = data;
  g_free(source->path);
  g_clear_pointer(&source->only, g_ptr_array_unref);
  g_free(source);
}

static void
free_offers(Offers *offers)
{
  g_clear_weak_pointer(&offers->page);
  g_object_unref(offers->workspace);
  g_ptr_array_unref(offers->sources);
  g_free(offers);
}

static Source *
add_source(GPtrArray *sources, const char *path, gboolean some)
{
  Source *source = g_new0(Source, 1);
  source->path = g_strdup(path);
  source->only = some ? g_ptr_array_new_with_free_func(g_free) : NULL;
  g_ptr_array_add(sources, source);
  return source;
}

/* Classes that lie in one folder are one data set. */
static void
add_class(GPtrArray *sources, const char *path)
{
  g_autofree char *parent = g_path_get_dirname(path);
  Source *source = NULL;
  for (guint i = 0; i < sources->len && !source; i++) {
    Source *other = sources->pdata[i];
    if (other->only && g_str_equal(other->path, parent))
      source = other;
  }
  if (!source)
    source = add_source(sources, parent, TRUE);
  g_ptr_array_add(source->only, g_path_get_basename(path));
}

/* When one has been imported or closed. */
static void
show_next(Offers *offers)
{
  if (offers->sources->len == 0 || !offers->page || !gtk_widget_get_root(offers->page)) {
    free_offers(offers);
    return;
  }
  Source *source = g_ptr_array_steal_index(offers->sources, 0);
  if (source->only)
    g_ptr_array_add(source->only, NULL);
  const char *const *only = source->only ? (const char *const *)source->only->pdata : NULL;
  GtkWidget *window = mg_import_window_open(offers->page, offers->workspace, source->path, only, offers->imported);
  g_signal_connect_swapped(window, "destroy", G_CALLBACK(show_next), offers);
  free_source(source);
}

void
mg_offer_imports(GtkWidget *page, MgWorkspace *workspace, const char *const *paths, MgImportedFunc imported)
{
  Offers *offers = g_new0(Offers, 1);
  offers->workspace = g_object_ref(workspace);
  offers->imported = imported;
  offers->sources = g_ptr_array_new_with_free_func(free_source);
  g_set_weak_pointer(&offers->page, page);
  for (; *paths; paths++)
    if (mg_import_is_class_folder(*paths))
      add_class(offers->sources, *paths);
    else
      add_source(offers->sources, *paths, FALSE);
  show_next(offers);
}
