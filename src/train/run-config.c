#include "train/run-config.h"
#include "train/run-dir.h"
#include "base/error.h"
#include "base/file.h"
#include "base/machine.h"
#include "dataset/split.h"
#include "config.h"
#include <glib/gi18n-lib.h>

static const char group[] = "run", table_kind[] = "table";

static void
set_text(GKeyFile *file, const char *key, const char *text)
{
  if (text)
    g_key_file_set_string(file, group, key, text);
}

static void
set_path(GKeyFile *file, const char *key, const char *path)
{
  g_autofree char *absolute = path ? g_canonicalize_filename(path, NULL) : NULL;
  set_text(file, key, absolute);
}

/* What every run tells: a data set and how it is read, what learns, versions, parameters. */
static gboolean
save(GKeyFile *file, const char *folder, const MgImportOptions *import, const GPtrArray *labels, const MgParams *params,
     gboolean leaky, GError **error)
{
  g_autofree char *glib = g_strdup_printf("%u.%u.%u", glib_major_version, glib_minor_version, glib_micro_version);
  g_autofree char *machine = mg_machine_name();
  set_text(file, "label_from", import->label_from);
  set_text(file, "group_from", import->group_from);
  set_text(file, "fold_from", import->fold_from);
  g_key_file_set_string_list(file, group, "labels", (const char *const *)labels->pdata, labels->len);
  g_key_file_set_boolean(file, group, "leaky", leaky);
  g_key_file_set_string(file, "versions", "melograph", MG_VERSION);
  g_key_file_set_string(file, "versions", "glib", glib);
  g_key_file_set_string(file, "versions", "machine", machine);
  mg_params_to_key_file(params, file);
  gsize length;
  g_autofree char *text = g_key_file_to_data(file, &length, NULL);
  g_autofree char *path = g_build_filename(folder, "config.ini", NULL);
  return mg_file_write(path, text, length, error);
}

gboolean
mg_run_config_save(const char *folder, const MgTrainJob *job, const GPtrArray *labels, GError **error)
{
  g_autoptr(GKeyFile) file = g_key_file_new();
  set_path(file, "dataset", job->dataset);
  set_text(file, "model", job->model);
  g_key_file_set_integer(file, group, "ranks", mg_ranks_size(job->ranks));
  return save(file, folder, &job->import, labels, job->params, mg_split_is_leaky(job->params), error);
}

gboolean
mg_run_config_save_table(const char *folder, const MgTableJob *job, const GPtrArray *labels, GError **error)
{
  const MgTableRequest *request = &job->request;
  g_autoptr(GKeyFile) file = g_key_file_new();
  set_text(file, "kind", table_kind);
  set_path(file, "dataset", request->table ? request->table : request->dataset);
  set_text(file, "model", job->classifier->name);
  set_text(file, "label", request->table ? request->label : NULL);
  set_text(file, "group", request->group);
  set_text(file, "ignore", request->table ? request->ignore : NULL);
  (g_strcmp0(job->folds, "column") == 0 ? set_text : set_path)(file, "folds", job->folds);
  set_path(file, "embedding", request->embedding);
  set_text(file, "layer", request->layer);
  gboolean leaky = mg_table_job_splits(job) && mg_split_is_leaky(request->params);
  return save(file, folder, &request->import, labels, request->params, leaky, error);
}

MgRunConfig *
mg_run_config_load(const char *folder, GError **error)
{
  static const MgParamTable *const table_tables[] = {&mg_split_params, &mg_table_run_params, NULL};
  g_autoptr(GKeyFile) file = mg_run_config_read(folder, error);
  if (!file)
    return NULL;
  g_autofree char *path = g_build_filename(folder, "config.ini", NULL);
  g_autoptr(MgRunConfig) config = g_new0(MgRunConfig, 1);
  config->dataset = g_key_file_get_string(file, group, "dataset", NULL);
  config->model = g_key_file_get_string(file, group, "model", NULL);
  config->label_from = g_key_file_get_string(file, group, "label_from", NULL);
  config->group_from = g_key_file_get_string(file, group, "group_from", NULL);
  config->fold_from = g_key_file_get_string(file, group, "fold_from", NULL);
  config->labels = g_key_file_get_string_list(file, group, "labels", NULL, NULL);
  config->leaky = g_key_file_get_boolean(file, group, "leaky", NULL);
  g_autofree char *kind = g_key_file_get_string(file, group, "kind", NULL);
  config->is_table = g_strcmp0(kind, table_kind) == 0;
  config->params = mg_params_new(config->is_table ? table_tables : mg_train_tables());
  if (!mg_params_from_key_file(config->params, file, path, error))
    return NULL;
  if (config->dataset && config->model && config->labels && config->labels[0])
    return g_steal_pointer(&config);
  g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: [run] with dataset, model and labels was expected"), path);
  return NULL;
}

MgRunConfig *
mg_run_config_load_network(const char *folder, GError **error)
{
  g_autoptr(MgRunConfig) config = mg_run_config_load(folder, error);
  if (!config || !config->is_table)
    return g_steal_pointer(&config);
  g_set_error(error, MG_ERROR, MG_ERROR_USAGE,
              _("%s: a run of the classifier “%s” on a table; the run of a network was expected"), folder,
              config->model);
  mg_error_one_line(error);
  return NULL;
}

void
mg_run_config_free(MgRunConfig *config)
{
  if (!config)
    return;
  g_free(config->dataset);
  g_free(config->model);
  g_free(config->label_from);
  g_free(config->group_from);
  g_free(config->fold_from);
  g_strfreev(config->labels);
  mg_params_free(config->params);
  g_free(config);
}
