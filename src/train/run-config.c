#include "train/run-config.h"
#include "train/run-dir.h"
#include "base/error.h"
#include "base/file.h"
#include "dataset/split.h"
#include "config.h"

static const char group[] = "run";

static void
set_text(GKeyFile *file, const char *key, const char *text)
{
  if (text)
    g_key_file_set_string(file, group, key, text);
}

gboolean
mg_run_config_save(const char *folder, const MgTrainJob *job, const GPtrArray *labels, GError **error)
{
  g_autoptr(GKeyFile) file = g_key_file_new();
  g_autofree char *dataset = g_canonicalize_filename(job->dataset, NULL);
  g_autofree char *glib = g_strdup_printf("%u.%u.%u", glib_major_version, glib_minor_version, glib_micro_version);
  set_text(file, "dataset", dataset);
  set_text(file, "model", job->model);
  set_text(file, "label_from", job->import.label_from);
  set_text(file, "group_from", job->import.group_from);
  set_text(file, "fold_from", job->import.fold_from);
  g_key_file_set_string_list(file, group, "labels", (const char *const *)labels->pdata, labels->len);
  g_key_file_set_boolean(file, group, "leaky", mg_split_is_leaky(job->params));
  g_key_file_set_string(file, "versions", "melograph", MG_VERSION);
  g_key_file_set_string(file, "versions", "glib", glib);
  mg_params_to_key_file(job->params, file);
  gsize length;
  g_autofree char *text = g_key_file_to_data(file, &length, NULL);
  g_autofree char *path = g_build_filename(folder, "config.ini", NULL);
  return mg_file_write(path, text, length, error);
}

MgRunConfig *
mg_run_config_load(const char *folder, GError **error)
{
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
  config->params = mg_params_new(mg_train_tables());
  if (!mg_params_from_key_file(config->params, file, path, error))
    return NULL;
  if (config->dataset && config->model && config->labels && config->labels[0])
    return g_steal_pointer(&config);
  g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, "%s: [run] with dataset, model and labels was expected", path);
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
