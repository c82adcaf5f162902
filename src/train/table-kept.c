#include "train/table-kept.h"
#include "base/error.h"
#include "base/file.h"
#include "train/run-config.h"
#include "train/run-dir.h"
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

static const char folder_name[] = "learned", seconds_key[] = "seconds";

/* "fold 1" is in learned/fold-1.safetensors. */
static char *
path_of(const char *run, const char *name)
{
  g_autofree char *base = g_strdelimit(g_strdup(name), " ", '-'), *file = g_strconcat(base, ".safetensors", NULL);
  return g_build_filename(run, folder_name, file, NULL);
}

gboolean
mg_table_kept_save(const char *run, const char *name, MgTableModel *model, double seconds, GError **error)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *folder = g_build_filename(run, folder_name, NULL), *path = path_of(run, name);
  g_hash_table_insert(model->provenance, g_strdup(seconds_key), g_strdup(g_ascii_dtostr(text, sizeof text, seconds)));
  return mg_folder_make(folder, error) && mg_table_model_save(model, path, error);
}

MgTableModel *
mg_table_kept_load(const char *run, const char *name, double *seconds)
{
  g_autofree char *path = path_of(run, name);
  g_autoptr(MgTableModel) model = g_file_test(path, G_FILE_TEST_IS_REGULAR) ? mg_table_model_load(path, NULL) : NULL;
  const char *text = model ? g_hash_table_lookup(model->provenance, seconds_key) : NULL;
  if (!text)
    return NULL;
  *seconds = g_ascii_strtod(text, NULL);
  return g_steal_pointer(&model);
}

void
mg_table_run_forget(const char *run)
{
  g_autofree char *folder = g_build_filename(run, folder_name, NULL);
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  const char *name;
  while (dir && (name = g_dir_read_name(dir))) {
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_unlink(path);
  }
  g_rmdir(folder);
}

gboolean
mg_table_kept_is_begun(const char *run)
{
  g_autofree char *path = g_build_filename(run, "config.ini", NULL);
  return g_file_test(path, G_FILE_TEST_IS_REGULAR);
}

/* The group and key of the first difference, "[logistic] C"; NULL: there is none. Versions and threads do not count. */
static char *
difference(GKeyFile *one, GKeyFile *other)
{
  g_auto(GStrv) groups = g_key_file_get_groups(one, NULL);
  for (char **group = groups; *group; group++) {
    g_auto(GStrv) keys = g_str_equal(*group, "versions") ? NULL : g_key_file_get_keys(one, *group, NULL, NULL);
    for (char **key = keys; key && *key; key++) {
      g_autofree char *a = g_key_file_get_value(one, *group, *key, NULL);
      g_autofree char *b = g_key_file_get_value(other, *group, *key, NULL);
      if (g_strcmp0(a, b) != 0 && !g_str_equal(*key, "threads"))
        return g_strdup_printf(_("%s=%s, not %s"), *key, a, b ? b : _("absent"));
    }
  }
  return NULL;
}

gboolean
mg_table_kept_config(const MgTableJob *job, const GPtrArray *labels, gboolean begun, GError **error)
{
  if (!begun)
    return mg_run_config_save_table(job->run, job, labels, error);
  g_autofree char *path = g_build_filename(job->run, "config.ini", NULL);
  g_autofree char *former = mg_file_read(path, 1 << 20, NULL, error);
  g_autoptr(GKeyFile) before = former ? mg_run_config_read(job->run, error) : NULL;
  if (!before || !mg_run_config_save_table(job->run, job, labels, error))
    return FALSE;
  g_autoptr(GKeyFile) now = mg_run_config_read(job->run, error);
  g_autofree char *other = now ? difference(before, now) : NULL;
  if (now && !other)
    return TRUE;
  if (other)
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("%s: this run was begun with %s; expected the same to resume it"),
                job->run, other);
  mg_file_write(path, former, strlen(former), NULL);
  return FALSE;
}
