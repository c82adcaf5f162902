#include "session/dataset-model.h"
#include "base/error.h"
#include "dataset/problems.h"
#include "dataset/segment.h"
#include "dataset/split.h"
#include "dataset/store-scans.h"
#include <string.h>

/* What splitting and cutting gave; made on a thread, never changed afterwards. */
typedef struct {
  MgManifest *manifest;
  MgDatasetClass *classes;
  GPtrArray *problems; /* char *, NULL-terminated */
  gboolean has_groups, has_folds, leaky;
  MgLeakCheck *leaks;
} Summary;

struct _MgDatasetModel {
  GObject parent_instance;
  char *path, *label_from, *group_from, *fold_from;
  MgImportOptions options; /* points at the three */
  MgParams *params;
  MgManifest *opened; /* as read, before splitting */
  Summary *summary;
  char *message;
  gboolean scanning;
  MgProgress *progress;
  double fraction, seconds_left;
  guint64 errand; /* number of the newest task; older answers are dropped */
};

G_DEFINE_FINAL_TYPE(MgDatasetModel, mg_dataset_model, G_TYPE_OBJECT)

static guint changed_signal, progress_signal;

static void
summary_free(Summary *summary)
{
  if (!summary)
    return;
  mg_manifest_free(summary->manifest);
  g_free(summary->classes);
  g_ptr_array_unref(summary->problems);
  mg_leak_check_free(summary->leaks);
  g_free(summary);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Summary, summary_free)

static void
announce(MgDatasetModel *model)
{
  g_signal_emit(model, changed_signal, 0);
}

/* Splitting, on a thread. */

typedef struct {
  MgManifest *manifest;
  MgParams *params;
  guint64 number;
} SplitErrand;

static void
split_errand_free(gpointer data)
{
  SplitErrand *errand = data;
  mg_manifest_free(errand->manifest);
  mg_params_free(errand->params);
  g_free(errand);
}

static void
count_tracks(Summary *summary)
{
  const MgManifest *manifest = summary->manifest;
  for (guint i = 0; i < manifest->tracks->len; i++) {
    const MgTrack *track = mg_manifest_track(manifest, i);
    summary->classes[track->label].tracks++;
    summary->classes[track->label].seconds += track->duration;
    summary->has_groups |= track->group != NULL;
    summary->has_folds |= track->fold >= 0;
  }
}

static void
count_segments(Summary *summary, const MgParams *params)
{
  g_autoptr(GArray) segments = mg_segments_cut(summary->manifest, params);
  if (summary->leaky)
    mg_split_segments(segments, summary->manifest, params);
  g_autofree guint *counts = mg_split_counts(summary->manifest, segments);
  for (guint i = 0; i < summary->manifest->labels->len; i++)
    memcpy(summary->classes[i].segments, counts + i * 3, sizeof summary->classes[i].segments);
}

/* With what a workspace knows of its tracks' sound. */
static MgLeakCheck *
check_leaks(const MgManifest *manifest)
{
  static const MgParamTable *const tables[] = {&mg_problem_params, NULL};
  g_autoptr(MgParams) params = mg_params_new(tables);
  g_autofree char *file = g_build_filename(manifest->path, "workspace.db", NULL);
  gboolean workspace = g_file_test(file, G_FILE_TEST_IS_REGULAR);
  g_autoptr(MgStore) store = workspace ? mg_store_open(manifest->path, NULL) : NULL;
  g_autoptr(GPtrArray) scans = store ? mg_store_scans(store, manifest, NULL) : NULL;
  return mg_leak_check(manifest, scans, mg_params_float(params, "near_distance"));
}

static Summary *
summarise(MgManifest *manifest, const MgParams *params, GError **error)
{
  g_autoptr(Summary) summary = g_new0(Summary, 1);
  summary->manifest = manifest;
  summary->problems = g_ptr_array_new_with_free_func(g_free);
  summary->leaky = mg_split_is_leaky(params);
  if (!mg_split_apply(manifest, params, summary->problems, error))
    return NULL;
  for (guint i = 0; i < manifest->problems->len; i++)
    g_ptr_array_add(summary->problems, g_strdup(manifest->problems->pdata[i]));
  g_ptr_array_add(summary->problems, NULL);
  summary->classes = g_new0(MgDatasetClass, manifest->labels->len);
  for (guint i = 0; i < manifest->labels->len; i++)
    summary->classes[i].label = mg_manifest_label(manifest, i);
  count_tracks(summary);
  count_segments(summary, params);
  summary->leaks = check_leaks(manifest);
  return g_steal_pointer(&summary);
}

static void
split_on_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  SplitErrand *errand = data;
  g_autoptr(GError) error = NULL;
  Summary *summary = summarise(g_steal_pointer(&errand->manifest), errand->params, &error);
  if (summary)
    g_task_return_pointer(task, summary, (GDestroyNotify)summary_free);
  else
    g_task_return_error(task, g_steal_pointer(&error));
}

static void
on_split(GObject *source, GAsyncResult *result, gpointer data)
{
  MgDatasetModel *model = MG_DATASET_MODEL(source);
  SplitErrand *errand = g_task_get_task_data(G_TASK(result));
  g_autoptr(GError) error = NULL;
  Summary *summary = g_task_propagate_pointer(G_TASK(result), &error);
  if (errand->number != model->errand) {
    summary_free(summary);
    return;
  }
  g_clear_pointer(&model->message, g_free);
  g_clear_pointer(&model->summary, summary_free);
  model->summary = summary;
  if (!summary)
    model->message = g_strdup(error->message);
  model->scanning = FALSE;
  announce(model);
}

static void
split_soon(MgDatasetModel *model)
{
  SplitErrand *errand = g_new0(SplitErrand, 1);
  errand->manifest = mg_manifest_copy(model->opened);
  errand->params = mg_params_copy(model->params);
  errand->number = ++model->errand;
  g_autoptr(GTask) task = g_task_new(model, NULL, on_split, NULL);
  g_task_set_task_data(task, errand, split_errand_free);
  g_task_run_in_thread(task, split_on_thread);
}

/* Opening, on a thread. */

typedef struct {
  char *path, *label_from, *group_from, *fold_from;
  MgProgress *progress;
  guint64 number;
} OpenErrand;

static void
open_errand_free(gpointer data)
{
  OpenErrand *errand = data;
  mg_progress_unref(errand->progress);
  g_free(errand->path);
  g_free(errand->label_from);
  g_free(errand->group_from);
  g_free(errand->fold_from);
  g_free(errand);
}

static void
open_on_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  OpenErrand *errand = data;
  MgImportOptions options = {errand->label_from, errand->group_from, errand->fold_from, NULL};
  GError *error = NULL;
  MgManifest *manifest = mg_manifest_open(errand->path, &options, errand->progress, &error);
  if (manifest)
    g_task_return_pointer(task, manifest, (GDestroyNotify)mg_manifest_free);
  else
    g_task_return_error(task, error);
}

static void
on_opened(GObject *source, GAsyncResult *result, gpointer data)
{
  MgDatasetModel *model = MG_DATASET_MODEL(source);
  OpenErrand *errand = g_task_get_task_data(G_TASK(result));
  g_autoptr(GError) error = NULL;
  MgManifest *manifest = g_task_propagate_pointer(G_TASK(result), &error);
  if (errand->number != model->errand) {
    mg_manifest_free(manifest);
    return;
  }
  g_clear_pointer(&model->progress, mg_progress_unref);
  if (manifest) {
    mg_manifest_free(model->opened);
    model->opened = manifest;
    split_soon(model);
    return;
  }
  model->scanning = FALSE;
  g_free(model->message);
  model->message = g_strdup(error->message);
  g_clear_pointer(&model->opened, mg_manifest_free);
  g_clear_pointer(&model->summary, summary_free);
  announce(model);
}

static void
on_progress(double fraction, double seconds_left, const char *what, gpointer data)
{
  MgDatasetModel *model = data;
  model->fraction = fraction;
  model->seconds_left = seconds_left;
  g_signal_emit(model, progress_signal, 0);
}

static char *
wish(const char *text)
{
  return text && *text ? g_strdup(text) : NULL;
}

static void
remember(char **place, const char *text)
{
  char *copy = wish(text);
  g_free(*place);
  *place = copy;
}

static void
set_source(MgDatasetModel *model, const char *path, const MgImportOptions *options)
{
  char *canonical = g_canonicalize_filename(path, NULL);
  g_free(model->path);
  model->path = canonical;
  remember(&model->label_from, options ? options->label_from : NULL);
  remember(&model->group_from, options ? options->group_from : NULL);
  remember(&model->fold_from, options ? options->fold_from : NULL);
  model->options = (MgImportOptions){model->label_from, model->group_from, model->fold_from, NULL};
}

void
mg_dataset_model_open(MgDatasetModel *model, const char *path, const MgImportOptions *options)
{
  if (model->progress)
    mg_progress_cancel(model->progress);
  g_clear_pointer(&model->progress, mg_progress_unref);
  set_source(model, path, options);
  model->scanning = TRUE;
  model->fraction = 0;
  model->seconds_left = -1;
  g_clear_pointer(&model->message, g_free);
  model->progress = mg_progress_new_on_main(on_progress, model);
  OpenErrand *errand = g_new0(OpenErrand, 1);
  errand->path = g_strdup(model->path);
  errand->label_from = g_strdup(model->label_from);
  errand->group_from = g_strdup(model->group_from);
  errand->fold_from = g_strdup(model->fold_from);
  errand->progress = mg_progress_ref(model->progress);
  errand->number = ++model->errand;
  g_autoptr(GTask) task = g_task_new(model, NULL, on_opened, NULL);
  g_task_set_task_data(task, errand, open_errand_free);
  g_task_run_in_thread(task, open_on_thread);
  announce(model);
}

void
mg_dataset_model_cancel(MgDatasetModel *model)
{
  if (model->progress)
    mg_progress_cancel(model->progress);
}

MgDatasetState
mg_dataset_model_state(MgDatasetModel *model)
{
  if (model->scanning)
    return MG_DATASET_SCANNING;
  if (model->summary)
    return MG_DATASET_READY;
  return model->message ? MG_DATASET_FAILED : MG_DATASET_EMPTY;
}

const char *
mg_dataset_model_message(MgDatasetModel *model)
{
  return model->message ? model->message : "";
}

double
mg_dataset_model_fraction(MgDatasetModel *model)
{
  return model->fraction;
}

double
mg_dataset_model_seconds_left(MgDatasetModel *model)
{
  return model->seconds_left;
}

const char *
mg_dataset_model_path(MgDatasetModel *model)
{
  return model->path;
}

const MgImportOptions *
mg_dataset_model_options(MgDatasetModel *model)
{
  return &model->options;
}

const MgParams *
mg_dataset_model_params(MgDatasetModel *model)
{
  return model->params;
}

gboolean
mg_dataset_model_set(MgDatasetModel *model, const char *name, const char *text, GError **error)
{
  g_autofree char *before = g_strdup(mg_params_text(model->params, name));
  if (!mg_params_set(model->params, name, text, error))
    return FALSE;
  if (g_str_equal(before, mg_params_text(model->params, name)))
    return TRUE;
  if (model->opened && !model->progress)
    split_soon(model);
  announce(model);
  return TRUE;
}

const MgManifest *
mg_dataset_model_manifest(MgDatasetModel *model)
{
  return model->summary ? model->summary->manifest : NULL;
}

size_t
mg_dataset_model_n_classes(MgDatasetModel *model)
{
  return model->summary ? model->summary->manifest->labels->len : 0;
}

const MgDatasetClass *
mg_dataset_model_class(MgDatasetModel *model, size_t i)
{
  g_return_val_if_fail(i < mg_dataset_model_n_classes(model), NULL);
  return &model->summary->classes[i];
}

const char *const *
mg_dataset_model_problems(MgDatasetModel *model)
{
  static const char *const none[] = {NULL};
  return model->summary ? (const char *const *)model->summary->problems->pdata : none;
}

gboolean
mg_dataset_model_has_groups(MgDatasetModel *model)
{
  return model->summary && model->summary->has_groups;
}

gboolean
mg_dataset_model_has_folds(MgDatasetModel *model)
{
  return model->summary && model->summary->has_folds;
}

gboolean
mg_dataset_model_is_leaky(MgDatasetModel *model)
{
  return model->summary && model->summary->leaky;
}

const MgLeakCheck *
mg_dataset_model_leaks(MgDatasetModel *model)
{
  return model->summary ? model->summary->leaks : NULL;
}

static void
mg_dataset_model_dispose(GObject *object)
{
  mg_dataset_model_cancel(MG_DATASET_MODEL(object));
  G_OBJECT_CLASS(mg_dataset_model_parent_class)->dispose(object);
}

static void
mg_dataset_model_finalize(GObject *object)
{
  MgDatasetModel *model = MG_DATASET_MODEL(object);
  mg_progress_unref(model->progress);
  mg_manifest_free(model->opened);
  summary_free(model->summary);
  mg_params_free(model->params);
  g_free(model->message);
  g_free(model->path);
  g_free(model->label_from);
  g_free(model->group_from);
  g_free(model->fold_from);
  G_OBJECT_CLASS(mg_dataset_model_parent_class)->finalize(object);
}

static void
mg_dataset_model_class_init(MgDatasetModelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS(klass);
  object_class->dispose = mg_dataset_model_dispose;
  object_class->finalize = mg_dataset_model_finalize;
  changed_signal =
      g_signal_new("changed", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  progress_signal =
      g_signal_new("progress", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
mg_dataset_model_init(MgDatasetModel *model)
{
  static const MgParamTable *const tables[] = {&mg_segment_params, &mg_split_params, NULL};
  model->params = mg_params_new(tables);
  model->seconds_left = -1;
}

MgDatasetModel *
mg_dataset_model_new(void)
{
  return g_object_new(MG_TYPE_DATASET_MODEL, NULL);
}
