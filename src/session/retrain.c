#include "session/retrain.h"
#include "base/csv.h"
#include "base/error.h"
#include "base/file.h"
#include "train/model-file.h"
#include <glib/gi18n-lib.h>
#include <string.h>

enum { FEWEST = 2, VALIDATES = 4 }; /* of a class; every so many-th is kept back */

static gboolean
is_moment(MgWorkspace *workspace, const char *path)
{
  g_autofree char *folder = mg_workspace_path(workspace, "recordings/moments/");
  return g_str_has_prefix(path, folder);
}

static gboolean
knows(const MgModel *model, const char *label)
{
  return g_ptr_array_find_with_equal_func(model->labels, label, g_str_equal, NULL);
}

/* Tracks (MgStoreTrack *, borrowed) by class: those of the marked moments' classes and of the model's. */
static GHashTable *
choose(MgWorkspace *workspace, const MgModel *model, const GPtrArray *tracks)
{
  g_autoptr(GHashTable) marked = g_hash_table_new(g_str_hash, g_str_equal);
  GHashTable *chosen = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_ptr_array_unref);
  for (guint i = 0; i < tracks->len; i++) {
    const MgStoreTrack *track = tracks->pdata[i];
    if (track->label && is_moment(workspace, track->path))
      g_hash_table_add(marked, track->label);
  }
  for (guint i = 0; i < tracks->len; i++) {
    MgStoreTrack *track = tracks->pdata[i];
    if (!track->label || track->excluded ||
        (!g_hash_table_contains(marked, track->label) && !knows(model, track->label)))
      continue;
    GPtrArray *of_class = g_hash_table_lookup(chosen, track->label);
    if (!of_class)
      g_hash_table_insert(chosen, track->label, of_class = g_ptr_array_new());
    g_ptr_array_add(of_class, track);
  }
  return chosen;
}

static gboolean
enough(GHashTable *chosen)
{
  GHashTableIter iter;
  gpointer of_class;
  guint classes = 0;
  g_hash_table_iter_init(&iter, chosen);
  while (g_hash_table_iter_next(&iter, NULL, &of_class))
    if (((GPtrArray *)of_class)->len < FEWEST)
      g_hash_table_iter_remove(&iter);
    else
      classes++;
  return classes >= 2;
}

/* Nothing where it is the whole file. */
static void
append_stretch(GString *line, const MgStoreTrack *track)
{
  const double ends[] = {track->start, track->end};
  for (int i = 0; i < 2; i++)
    if (track->end > track->start)
      mg_csv_append_number(line, ends[i], 9);
    else
      mg_csv_append(line, "");
}

/* The data set: path, label, split, start, end. */
static char *
describe(GHashTable *chosen)
{
  GString *text = g_string_new("path,label,split,start,end\n");
  GHashTableIter iter;
  gpointer label, value;
  g_hash_table_iter_init(&iter, chosen);
  while (g_hash_table_iter_next(&iter, &label, &value)) {
    const GPtrArray *of_class = value;
    for (guint i = 0; i < of_class->len; i++) {
      const MgStoreTrack *track = of_class->pdata[i];
      g_autoptr(GString) line = g_string_new(NULL);
      gboolean kept_back = i % VALIDATES == VALIDATES - 1 || (i + 1 == of_class->len && of_class->len < VALIDATES);
      mg_csv_append_path(line, track->path);
      mg_csv_append(line, label);
      mg_csv_append(line, kept_back ? "val" : "train");
      append_stretch(line, track);
      g_string_append_printf(text, "%s\n", line->str);
    }
  }
  return g_string_free(text, FALSE);
}

static MgParams *
parameters(const MgModel *model, const char *path, GError **error)
{
  g_autoptr(MgParams) params = mg_run_new_params();
  mg_params_take(params, model->front_end);
  gboolean good = mg_params_set(params, "init", path, error) && mg_params_set(params, "split", "column", error);
  return good ? g_steal_pointer(&params) : NULL;
}

/* Writes what the run reads, and starts it. */
static MgRun *
start(MgWorkspace *workspace, MgRunList *runs, const MgModel *model, const char *path, GHashTable *chosen,
      GError **error)
{
  g_autofree char *name = mg_model_name(path), *folder = mg_run_list_new_folder(runs, name, error);
  if (!folder)
    return NULL;
  g_autofree char *run_name = g_path_get_basename(folder), *base = g_strdup_printf("recordings/retrain-%s", run_name);
  g_autofree char *start_of_path = mg_workspace_path(workspace, base), *text = describe(chosen);
  g_autofree char *table = g_strconcat(start_of_path, ".csv", NULL),
                  *network = g_strconcat(start_of_path, ".json", NULL);
  g_autoptr(GHashTable) metadata = mg_model_metadata(model);
  const char *description = g_hash_table_lookup(metadata, "network");
  g_autoptr(MgParams) params = parameters(model, path, error);
  if (!params || !mg_file_write(table, text, strlen(text), error) ||
      !mg_file_write(network, description, strlen(description), error))
    return NULL;
  const MgRunRequest request = {.dataset = table, .model = network, .params = params};
  MgRun *run = mg_run_list_add(runs, folder);
  return mg_run_start(run, &request, error) ? run : NULL;
}

MgRun *
mg_retrain_start(MgWorkspace *workspace, MgRunList *runs, const char *path, GError **error)
{
  g_autoptr(MgModel) model = mg_model_load(path, error);
  g_autoptr(GPtrArray) tracks = model ? mg_store_tracks(mg_workspace_store(workspace), error) : NULL;
  if (!tracks)
    return NULL;
  g_autoptr(GHashTable) chosen = choose(workspace, model, tracks);
  if (enough(chosen))
    return start(workspace, runs, model, path, chosen, error);
  g_set_error_literal(error, MG_ERROR, MG_ERROR_DATA,
                      _("Too few sounds: two of each of two classes are needed, such as marked moments that are kept"));
  return NULL;
}
