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

static gpointer
make_runs(MgWorkspace *workspace)
{
  g_autofree char *folder = mg_workspace_path(workspace, "runs");
  return mg_run_list_new(folder);
}

static gpointer
make_results(MgWorkspace *workspace)
{
  return mg_results_new();
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

MgResults *
mg_shared_results(MgWorkspace *workspace)
{
  return shared(workspace, "mg-results", make_results);
}

void
mg_shared_open_tracks(MgWorkspace *workspace)
{
  MgDatasetModel *dataset = mg_shared_dataset(workspace);
  g_autofree char *path = mg_workspace_path(workspace, "tracks");
  if (mg_dataset_model_state(dataset) == MG_DATASET_EMPTY && g_file_test(path, G_FILE_TEST_IS_DIR))
    mg_dataset_model_open(dataset, path, NULL);
}
