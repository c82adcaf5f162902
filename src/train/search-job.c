#include "train/search-job.h"
#include "base/data-dir.h"
#include "base/error.h"
#include "base/file.h"
#include "train/run-dir.h"
#include "config.h"
#include <glib/gi18n-lib.h>
#include <string.h>

static const MgParamSpec specs[] = {
    {"inner_cv", MG_PARAM_INT, "3", 2, 1000, NULL, "folds", NULL,
     N_("Nested: parts that the training rows of a fold are dealt to for the search inside")},
};
const MgParamTable mg_nested_params = MG_PARAM_TABLE("nested", N_("Nested search"), specs);
static const MgParamTable *const tables[] = {&mg_search_params, &mg_nested_params, NULL};

static const char group[] = "run", space_file[] = "space.json";

/* What is kept as a text. */
static const struct {
  const char *key, *option;
  size_t offset;
  gboolean is_path;
} texts[] = {
    {"dataset", "--dataset", G_STRUCT_OFFSET(MgSearchJob, dataset), TRUE},
    {"model", "--model", G_STRUCT_OFFSET(MgSearchJob, model), FALSE},
    {"label_from", "--label-from", G_STRUCT_OFFSET(MgSearchJob, label_from), FALSE},
    {"group_from", "--group-from", G_STRUCT_OFFSET(MgSearchJob, group_from), FALSE},
    {"fold_from", "--fold-from", G_STRUCT_OFFSET(MgSearchJob, fold_from), FALSE},
    {"table", "--table", G_STRUCT_OFFSET(MgSearchJob, table), TRUE},
    {"embedding", "--embedding", G_STRUCT_OFFSET(MgSearchJob, embedding), TRUE},
    {"layer", "--layer", G_STRUCT_OFFSET(MgSearchJob, layer), FALSE},
    {"classifier", "--classifier", G_STRUCT_OFFSET(MgSearchJob, classifier), FALSE},
    {"label", "--label", G_STRUCT_OFFSET(MgSearchJob, label), FALSE},
    {"group", "--group", G_STRUCT_OFFSET(MgSearchJob, group), FALSE},
    {"ignore", "--ignore", G_STRUCT_OFFSET(MgSearchJob, ignore), FALSE},
    {"folds", "--folds", G_STRUCT_OFFSET(MgSearchJob, folds), FALSE},
    {"space", "--space", G_STRUCT_OFFSET(MgSearchJob, space), FALSE},
};

static char **
text_of(const MgSearchJob *job, size_t i)
{
  return G_STRUCT_MEMBER_P(job, texts[i].offset);
}

MgSearchJob *
mg_search_job_new(void)
{
  MgSearchJob *job = g_new0(MgSearchJob, 1);
  job->params = mg_params_new(tables);
  return job;
}

void
mg_search_job_free(MgSearchJob *job)
{
  if (!job)
    return;
  for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
    g_free(*text_of(job, i));
  g_free(job->run);
  g_free(job->program);
  g_free(job->description);
  g_strfreev(job->set);
  mg_params_free(job->params);
  g_free(job);
}

/* Files are found again from another folder; a model's name is no path. */
static char *
canonical(size_t i, const char *text)
{
  gboolean is_path = texts[i].is_path || g_str_has_suffix(text, ".json") || g_str_has_suffix(text, ".csv");
  return is_path ? g_canonicalize_filename(text, NULL) : g_strdup(text);
}

gboolean
mg_search_job_save(const MgSearchJob *job, const char *folder, GError **error)
{
  g_autoptr(GKeyFile) file = g_key_file_new();
  g_key_file_set_string(file, group, "kind", "search");
  for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_autofree char *text = *text_of(job, i) ? canonical(i, *text_of(job, i)) : NULL;
    if (text)
      g_key_file_set_string(file, group, texts[i].key, text);
  }
  if (job->set)
    g_key_file_set_string_list(file, group, "set", (const char *const *)job->set, g_strv_length(job->set));
  g_key_file_set_boolean(file, group, "nested", job->nested);
  g_key_file_set_string(file, "versions", "melograph", MG_VERSION);
  mg_params_to_key_file(job->params, file);
  gsize length;
  g_autofree char *text = g_key_file_to_data(file, &length, NULL);
  g_autofree char *config = g_build_filename(folder, "config.ini", NULL);
  g_autofree char *space = g_build_filename(folder, space_file, NULL);
  return mg_file_write(space, job->description, strlen(job->description), error) &&
         mg_file_write(config, text, length, error);
}

MgSearchJob *
mg_search_job_load(const char *folder, GError **error)
{
  g_autofree char *config = g_build_filename(folder, "config.ini", NULL);
  g_autofree char *space = g_build_filename(folder, space_file, NULL);
  g_autoptr(GKeyFile) file = mg_run_config_read(folder, error);
  g_autofree char *kind = file ? g_key_file_get_string(file, group, "kind", NULL) : NULL;
  if (!file)
    return NULL;
  if (g_strcmp0(kind, "search") != 0) {
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: kind “%s”; a search was expected"), config, kind ? kind : "");
    return NULL;
  }
  g_autoptr(MgSearchJob) job = mg_search_job_new();
  for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
    *text_of(job, i) = g_key_file_get_string(file, group, texts[i].key, NULL);
  job->set = g_key_file_get_string_list(file, group, "set", NULL, NULL);
  job->nested = g_key_file_get_boolean(file, group, "nested", NULL);
  job->run = g_strdup(folder);
  job->description = mg_file_read(space, 1 << 20, NULL, error);
  gboolean good = job->description && mg_params_from_key_file(job->params, file, config, error);
  return good ? g_steal_pointer(&job) : NULL;
}

static gboolean
refuse(const char *what, const char *wanted, const char *begun, GError **error)
{
  g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("%s “%s” is not what the search to resume was begun with: “%s”"), what,
              wanted, begun);
  return FALSE;
}

static gboolean
texts_agree(const MgSearchJob *wanted, const MgSearchJob *begun, GError **error)
{
  for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
    const char *old = *text_of(begun, i);
    if (!*text_of(wanted, i) || g_str_equal(texts[i].key, "space"))
      continue;
    g_autofree char *text = canonical(i, *text_of(wanted, i));
    if (g_strcmp0(text, old) != 0)
      return refuse(texts[i].option, text, old ? old : "", error);
  }
  g_autofree char *set = wanted->set ? g_strjoinv(" ", wanted->set) : NULL;
  g_autofree char *old = begun->set ? g_strjoinv(" ", begun->set) : g_strdup("");
  return !set || g_str_equal(set, old) || refuse("--set", set, old, error);
}

gboolean
mg_search_job_agrees(const MgSearchJob *wanted, char **assignments, const MgSearchJob *begun, GError **error)
{
  if (!texts_agree(wanted, begun, error))
    return FALSE;
  if (wanted->nested && !begun->nested)
    return refuse("--nested", "true", "false", error);
  if (wanted->description && !g_str_equal(wanted->description, begun->description)) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE,
                _("--space “%s” is another space than the search to resume was begun with: %s/%s"), wanted->space,
                begun->run, space_file);
    return FALSE;
  }
  for (; assignments && *assignments; assignments++) {
    g_autofree char *name = g_strndup(*assignments, strcspn(*assignments, "="));
    const char *old = mg_params_text(begun->params, name), *new = mg_params_text(wanted->params, name);
    gboolean may_differ = g_str_equal(name, "trials") || g_str_equal(name, "budget") || g_str_equal(name, "jobs");
    if (!may_differ && !g_str_equal(old, new))
      return refuse(name, new, old, error);
  }
  return TRUE;
}

gboolean
mg_search_job_read_space(MgSearchJob *job, GError **error)
{
  if (*job->space == '{') {
    job->description = g_strdup(job->space);
    return TRUE;
  }
  gboolean is_path = strchr(job->space, '/') || g_str_has_suffix(job->space, ".json");
  g_autofree char *relative = g_strdup_printf("models/spaces/%s.json", job->space);
  g_autofree char *path = is_path ? g_strdup(job->space) : mg_data_dir_find(relative, error);
  job->description = path ? mg_file_read(path, 1 << 20, NULL, error) : NULL;
  return job->description != NULL;
}
