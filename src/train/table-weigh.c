#include "train/table-weigh.h"
#include "base/error.h"
#include "base/parallel.h"
#include "dataset/table.h"
#include "ml/folds.h"
#include "train/importances.h"
#include "train/run-config.h"
#include "train/run-dir.h"
#include "train/table-folds.h"
#include "train/table-model.h"
#include <glib/gi18n-lib.h>
#include <string.h>

static const double of_rows = 0.3, of_learning = 0.5; /* parts of the work: making the rows; of a fold its learning */

typedef struct {
  const char *run;
  GPtrArray *texts; /* char *: what the job refers to */
  MgParams *params;
  MgTableJob job;
  MgTableModel *model; /* that the run keeps */
  MgTableData *data;
  MgImportances *importances;
  MgProgress *progress;
} Work;

static void
clear_work(Work *work)
{
  g_clear_pointer(&work->texts, g_ptr_array_unref);
  mg_params_free(work->params);
  mg_table_model_free(work->model);
  mg_table_data_free(work->data);
  mg_importances_free(work->importances);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Work, clear_work)

/* The job. */

static const char *
text_of(Work *work, GKeyFile *file, const char *key)
{
  char *text = g_key_file_get_string(file, "run", key, NULL);
  if (text)
    g_ptr_array_add(work->texts, text);
  return text;
}

/* Only a table has a column of labels. */
static void
take_request(Work *work, GKeyFile *file)
{
  MgTableRequest *request = &work->job.request;
  const char *rows = text_of(work, file, "dataset");
  request->label = text_of(work, file, "label");
  request->table = request->label ? rows : NULL;
  request->dataset = request->label ? NULL : rows;
  request->group = text_of(work, file, "group");
  request->ignore = text_of(work, file, "ignore");
  request->import = (MgImportOptions){.label_from = text_of(work, file, "label_from"),
                                      .group_from = text_of(work, file, "group_from"),
                                      .fold_from = text_of(work, file, "fold_from")};
  request->embedding = text_of(work, file, "embedding");
  request->layer = text_of(work, file, "layer");
}

static MgParams *
load_params(const Work *work, GKeyFile *file, GError **error)
{
  static const MgParamTable *const lengths[] = {&mg_table_params, NULL};
  const MgTableRequest *request = &work->job.request;
  const MgParamTable *const *of_sounds = request->embedding ? lengths : mg_table_param_tables();
  g_autoptr(GPtrArray) tables = mg_table_run_tables(work->job.classifier, request->table ? NULL : of_sounds);
  g_autoptr(MgParams) params = mg_params_new((const MgParamTable *const *)tables->pdata);
  g_autofree char *path = g_build_filename(work->run, "config.ini", NULL);
  return mg_params_from_key_file(params, file, path, error) ? g_steal_pointer(&params) : NULL;
}

static gboolean
load_job(Work *work, int threads, GError **error)
{
  g_autoptr(MgRunConfig) config = mg_run_config_load(work->run, error);
  if (config && !config->is_table) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE,
                _("%s: a run of the network “%s”; the run of a classifier on rows was expected"), work->run,
                config->model);
    return FALSE;
  }
  g_autoptr(GKeyFile) file = config ? mg_run_config_read(work->run, error) : NULL;
  work->job.classifier = file ? mg_classifier_class_find(config->model, error) : NULL;
  if (!work->job.classifier)
    return FALSE;
  work->texts = g_ptr_array_new_with_free_func(g_free);
  take_request(work, file);
  work->job.folds = text_of(work, file, "folds");
  work->params = load_params(work, file, error);
  if (!work->params)
    return FALSE;
  mg_params_set_int(work->params, "threads", threads);
  work->job.request.params = work->params;
  work->job.request.by_split = mg_table_job_splits(&work->job);
  g_autofree char *path = g_build_filename(work->run, "checkpoints", "best.safetensors", NULL);
  work->model = mg_table_model_load(path, error);
  return work->model != NULL;
}

static gboolean
have_same(const GPtrArray *one, const GPtrArray *other)
{
  guint same = 0;
  while (same < MIN(one->len, other->len) && g_str_equal(one->pdata[same], other->pdata[same]))
    same++;
  return one->len == other->len && same == one->len;
}

static gboolean
load_rows(Work *work, GError **error)
{
  g_autoptr(MgProgress) progress = mg_progress_new_part(work->progress, 0, of_rows, NULL, NULL);
  work->data = mg_table_data_open(&work->job.request, progress, error);
  if (!work->data || !mg_table_data_fill(work->data, &work->job.request, progress, error))
    return FALSE;
  const MgSamples *samples = work->data->samples;
  if (have_same(samples->columns, work->model->columns) && have_same(samples->labels, work->model->labels))
    return TRUE;
  g_set_error(error, MG_ERROR, MG_ERROR_DATA, _("%s: its columns and classes are not those that %s learned from"),
              samples->name, work->run);
  return FALSE;
}

/* Weighing. */

static gboolean
weigh_by(Work *work, const MgTableModel *model, const guint32 *rows, size_t n, double from, double to, GError **error)
{
  g_autoptr(MgSamples) samples = mg_samples_pick(work->data->samples, rows, n);
  g_autoptr(MgProgress) progress = mg_progress_new_part(work->progress, from, to, NULL, NULL);
  return mg_importances_add(work->importances, model, samples, progress, error);
}

static gboolean
weigh_side(Work *work, GError **error)
{
  size_t n;
  g_autofree guint32 *rows = mg_table_data_side(work->data, MG_SPLIT_TEST, &n);
  if (n == 0) {
    g_free(rows);
    rows = mg_table_data_side(work->data, MG_SPLIT_VAL, &n);
  }
  return weigh_by(work, work->model, rows, n, of_rows, 1, error);
}

static gboolean
weigh_fold(Work *work, const int *folds, int fold, int k, GError **error)
{
  size_t rows = work->data->samples->x->rows, inside, outside;
  double share = (1 - of_rows) / k, from = of_rows + fold * share, middle = from + of_learning * share, seconds;
  g_autofree guint32 *in = mg_folds_rows(folds, rows, fold, TRUE, &inside);
  g_autofree guint32 *out = mg_folds_rows(folds, rows, fold, FALSE, &outside);
  g_autoptr(MgSamples) samples = mg_samples_pick(work->data->samples, out, outside);
  g_autoptr(MgProgress) progress = mg_progress_new_part(work->progress, from, middle, NULL, NULL);
  g_autoptr(MgTableModel) model =
      mg_table_model_learn(work->job.classifier, work->params, samples, progress, &seconds, error);
  return model && weigh_by(work, model, in, inside, middle, from + share, error);
}

static gboolean
weigh_folds(Work *work, GError **error)
{
  int k;
  g_autofree int *folds = mg_table_folds(work->data, work->job.folds, work->params, &k, error);
  for (int fold = 0; folds && fold < k; fold++)
    if (!mg_progress_go_on(work->progress, error) || !weigh_fold(work, folds, fold, k, error))
      return FALSE;
  return folds != NULL;
}

gboolean
mg_table_weigh(const char *run, int repeats, int threads, MgProgress *progress, GError **error)
{
  g_auto(Work) work = {.run = run, .progress = progress};
  if (!load_job(&work, threads, error) || !load_rows(&work, error))
    return FALSE;
  work.importances = mg_importances_new(repeats, (guint64)mg_params_int(work.params, "seed"), threads);
  return (work.job.request.by_split ? weigh_side(&work, error) : weigh_folds(&work, error)) &&
         mg_importances_save(work.importances, work.model, run, error);
}
