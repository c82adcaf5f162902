#include "ui/train/shared.h"

typedef gpointer (*Make)(MgWorkspace *workspace);

static gpointer
shared(MgWorkspace *workspace, const char *key, Make make)
{
  gpointer object = g_object_get_data(G_OBJECT(workspace), key);
  if (object)
    return object;
  object = make(workspace);
  g_object_set_data_full(G_OBJECT(workspace), key, object, g_object_unref);
  return object;
}

static gpointer
make_dataset(MgWorkspace *workspace)
{
  return mg_dataset_model_new();
}

static const char elsewhere_key[] = "runs-elsewhere";

/* Those that are not in the workspace would not be found again. */
static void
keep_elsewhere(MgRunList *runs, guint place, guint removed, guint added, MgWorkspace *workspace)
{
  g_autofree char *own = mg_workspace_path(workspace, "runs/");
  g_autoptr(GString) folders = g_string_new(NULL);
  for (guint i = 0; i < g_list_model_get_n_items(G_LIST_MODEL(runs)); i++) {
    g_autoptr(MgRun) run = g_list_model_get_item(G_LIST_MODEL(runs), i);
    if (!g_str_has_prefix(mg_run_folder(run), own))
      g_string_append_printf(folders, "%s\n", mg_run_folder(run));
  }
  mg_workspace_remember(workspace, elsewhere_key, folders->str);
}

static gpointer
make_runs(MgWorkspace *workspace)
{
  g_autofree char *folder = mg_workspace_path(workspace, "runs");
  g_autofree char *elsewhere = mg_workspace_recall(workspace, elsewhere_key);
  g_auto(GStrv) folders = g_strsplit(elsewhere ? elsewhere : "", "\n", -1);
  MgRunList *runs = mg_run_list_new(folder);
  for (guint i = 0; folders[i]; i++)
    if (*folders[i] && mg_run_list_is_run(folders[i]))
      mg_run_list_add(runs, folders[i]);
  g_signal_connect(runs, "items-changed", G_CALLBACK(keep_elsewhere), workspace);
  return runs;
}

static gpointer
make_results(MgWorkspace *workspace)
{
  return mg_results_new();
}

static gpointer
make_queue(MgWorkspace *workspace)
{
  return mg_run_queue_new(mg_shared_runs(workspace), mg_workspace_store(workspace));
}

MgDatasetModel *
mg_shared_dataset(MgWorkspace *workspace)
{
  return shared(workspace, "mg-dataset", make_dataset);
}

MgRunList *
mg_shared_runs(MgWorkspace *workspace)
{
  return shared(workspace, "mg-runs", make_runs);
}

MgRunQueue *
mg_shared_queue(MgWorkspace *workspace)
{
  return shared(workspace, "mg-queue", make_queue);
}

MgResults *
mg_shared_results(MgWorkspace *workspace)
{
  return shared(workspace, "mg-results", make_results);
}

/* TRUE where the workspace's own tracks are in two classes at least. */
static gboolean
has_classes(MgWorkspace *workspace)
{
  GListModel *groups = G_LIST_MODEL(mg_workspace_library(workspace));
  guint classes = 0;
  for (guint i = 0; i < g_list_model_get_n_items(groups); i++) {
    g_autoptr(MgTrackGroup) group = g_list_model_get_item(groups, i);
    classes += mg_track_group_label(group) != NULL;
  }
  return classes >= 2;
}

void
mg_shared_open_tracks(MgWorkspace *workspace)
{
  MgDatasetModel *dataset = mg_shared_dataset(workspace);
  g_autofree char *path = mg_workspace_path(workspace, "tracks");
  if (mg_dataset_model_state(dataset) != MG_DATASET_EMPTY)
    return;
  if (has_classes(workspace))
    mg_dataset_model_open(dataset, mg_workspace_folder(workspace), NULL);
  else if (g_file_test(path, G_FILE_TEST_IS_DIR))
    mg_dataset_model_open(dataset, path, NULL);
}
