#include "train/table-model.h"
#include "train/metadata.h"
#include "base/error.h"
#include "base/parallel.h"
#include "config.h"
#include <glib/gi18n-lib.h>
#include <string.h>

static const char kind[] = "table";

MgTableModel *
mg_table_model_new(MgClassifier *classifier, MgScaler *scaler, GPtrArray *columns, GPtrArray *labels)
{
  MgTableModel *model = g_new0(MgTableModel, 1);
  model->classifier = classifier;
  model->scaler = scaler;
  model->columns = g_ptr_array_ref(columns);
  model->labels = g_ptr_array_ref(labels);
  model->provenance = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  return model;
}

void
mg_table_model_free(MgTableModel *model)
{
  if (!model)
    return;
  mg_classifier_free(model->classifier);
  mg_scaler_free(model->scaler);
  mg_table_source_free(model->source);
  g_clear_pointer(&model->columns, g_ptr_array_unref);
  g_clear_pointer(&model->labels, g_ptr_array_unref);
  g_clear_pointer(&model->provenance, g_hash_table_unref);
  g_free(model);
}

static gboolean
learn(MgTableModel **model, const MgClassifierClass *class, const MgLesson *lesson, MgSamples *samples, GError **error)
{
  g_autoptr(MgScaler) scaler = mg_scaler_new(mg_params_text(lesson->params, "scaler"), samples->x);
  mg_scaler_apply(scaler, samples->x);
  if (*model && mg_classifier_go_on((*model)->classifier, lesson, error))
    return TRUE;
  gboolean failed = *model != NULL;
  g_clear_pointer(model, mg_table_model_free);
  MgClassifier *classifier = failed ? NULL : mg_classifier_fit(class, lesson, error);
  if (classifier)
    *model = mg_table_model_new(classifier, g_steal_pointer(&scaler), samples->columns, samples->labels);
  return classifier != NULL;
}

gboolean
mg_table_model_learn_until(MgTableModel **model, const MgClassifierClass *class, const MgParams *params, int until,
                           MgSamples *samples, MgProgress *progress, double *seconds, GError **error)
{
  int threads = (int)mg_params_int(params, "threads");
  MgLesson lesson = {.x = samples->x,
                     .y = samples->y,
                     .classes = (int)samples->labels->len,
                     .params = params,
                     .until = until,
                     .seed = (guint64)mg_params_int(params, "seed"),
                     .threads = threads > 0 ? threads : mg_processors(),
                     .progress = progress};
  gint64 start = g_get_monotonic_time();
  gboolean good = learn(model, class, &lesson, samples, error);
  *seconds = (double)(g_get_monotonic_time() - start) / 1e6;
  return good;
}

MgTableModel *
mg_table_model_learn(const MgClassifierClass *class, const MgParams *params, MgSamples *samples, MgProgress *progress,
                     double *seconds, GError **error)
{
  MgTableModel *model = NULL;
  mg_table_model_learn_until(&model, class, params, 0, samples, progress, seconds, error);
  return model;
}

MgMatrix *
mg_table_model_predict(const MgTableModel *model, const MgMatrix *x)
{
  g_autoptr(MgMatrix) scaled = mg_matrix_copy(x);
  mg_scaler_apply(model->scaler, scaled);
  MgMatrix *probabilities = mg_matrix_new(x->rows, model->labels->len, NULL);
  mg_classifier_predict(model->classifier, scaled, probabilities);
  return probabilities;
}

static MgTensor *
scaler_tensor(const MgScaler *scaler)
{
  int features = (int)scaler->features;
  MgTensor *tensor = mg_tensor_new("scaler", "offset_and_factor", FALSE, 2, (const int[]){2, features});
  memcpy(tensor->data, scaler->offset, scaler->features * sizeof(float));
  memcpy(tensor->data + scaler->features, scaler->factor, scaler->features * sizeof(float));
  return tensor;
}

gboolean
mg_table_model_save(const MgTableModel *model, const char *path, GError **error)
{
  g_autoptr(GPtrArray) tensors = g_ptr_array_new_with_free_func((GDestroyNotify)mg_tensor_free);
  g_autoptr(GHashTable) facts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr(GHashTable) metadata = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
  mg_classifier_save(model->classifier, tensors, facts);
  g_ptr_array_add(tensors, scaler_tensor(model->scaler));
  g_hash_table_insert(metadata, "kind", g_strdup(kind));
  g_hash_table_insert(metadata, "version", g_strdup("melograph " MG_VERSION));
  g_hash_table_insert(metadata, "classifier", mg_metadata_object(facts));
  g_hash_table_insert(metadata, "columns", mg_metadata_list(model->columns));
  g_hash_table_insert(metadata, "labels", mg_metadata_list(model->labels));
  g_hash_table_insert(metadata, "provenance", mg_metadata_object(model->provenance));
  if (model->source)
    mg_table_source_save(model->source, tensors, metadata);
  return mg_safetensors_save(path, tensors, metadata, error);
}

static MgScaler *
load_scaler(const MgSafetensors *file, size_t features, GError **error)
{
  MgTensor tensor = {
      .name = "scaler.offset_and_factor", .shape = {2, (int)features}, .dimensions = 2, .n = 2 * features};
  g_autofree float *values = g_new(float, 2 * features);
  tensor.data = values;
  if (!mg_safetensors_read(file, &tensor, error))
    return NULL;
  MgScaler *scaler = g_new(MgScaler, 1);
  *scaler = (MgScaler){features, g_memdup2(values, features * sizeof *values),
                       g_memdup2(values + features, features * sizeof *values)};
  return scaler;
}

static MgClassifier *
load_classifier(const MgSafetensors *file, const char *path, GError **error)
{
  g_autoptr(GHashTable) facts = mg_metadata_read_object(file, path, "classifier", error);
  g_autoptr(GPtrArray) tensors = g_ptr_array_new_with_free_func((GDestroyNotify)mg_tensor_free);
  g_auto(GStrv) names = mg_safetensors_names(file);
  if (!facts)
    return NULL;
  for (char **name = names; *name; name++) {
    MgTensor *tensor = g_str_has_prefix(*name, "classifier.") ? mg_safetensors_tensor(file, *name, error) : NULL;
    if (tensor)
      g_ptr_array_add(tensors, tensor);
    else if (g_str_has_prefix(*name, "classifier."))
      return NULL;
  }
  g_autoptr(GError) cause = NULL;
  MgClassifier *classifier = mg_classifier_load(tensors, facts, &cause);
  if (!classifier)
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, "%s: %s", path, cause->message);
  return classifier;
}

static gboolean
load_source(MgTableModel *model, const MgSafetensors *file, const char *path, GError **error)
{
  if (!mg_table_source_load(file, path, &model->source, error))
    return FALSE;
  if (!model->source || model->source->columns->len == model->columns->len)
    return TRUE;
  g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: %s give %u columns; %u were expected"), path,
              model->source->class->name, model->source->columns->len, model->columns->len);
  return FALSE;
}

static gboolean
read_model(MgTableModel *model, const MgSafetensors *file, const char *path, GError **error)
{
  const char *found = mg_metadata_text(file, path, "kind", error);
  if (!found)
    return FALSE;
  if (!g_str_equal(found, kind)) {
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: a model of kind “%s”; “%s” was expected"), path, found, kind);
    return FALSE;
  }
  model->columns = mg_metadata_read_list(file, path, "columns", 1, error);
  model->labels = model->columns ? mg_metadata_read_list(file, path, "labels", 2, error) : NULL;
  model->provenance = model->labels ? mg_metadata_read_object(file, path, "provenance", error) : NULL;
  model->classifier = model->provenance ? load_classifier(file, path, error) : NULL;
  if (!model->classifier)
    return FALSE;
  if (model->classifier->features != model->columns->len || (guint)model->classifier->classes != model->labels->len) {
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: %u columns and %u labels for a classifier of %zu and %d"),
                path, model->columns->len, model->labels->len, model->classifier->features, model->classifier->classes);
    return FALSE;
  }
  model->scaler = load_scaler(file, model->columns->len, error);
  return model->scaler && load_source(model, file, path, error);
}

MgTableModel *
mg_table_model_load(const char *path, GError **error)
{
  g_autoptr(MgSafetensors) file = mg_safetensors_load(path, error);
  g_autoptr(MgTableModel) model = g_new0(MgTableModel, 1);
  return file && read_model(model, file, path, error) ? g_steal_pointer(&model) : NULL;
}

GArray *
mg_table_model_cut(const MgTableModel *model, const MgManifest *manifest)
{
  if (model->source)
    return mg_table_source_cut(model->source, manifest);
  GArray *rows = g_array_new(FALSE, FALSE, sizeof(MgSegment));
  for (guint i = 0; i < manifest->tracks->len; i++) {
    MgSegment row = {.track = i, .part = 1, .split = mg_manifest_track(manifest, i)->split};
    g_array_append_val(rows, row);
  }
  return rows;
}

/* The rows of the table that it was trained on; `manifest` has a track for each. */
static MgMatrix *
read_table(const MgTableModel *model, const char *path, const MgManifest *manifest, const GArray *segments,
           GError **error)
{
  const char *table = g_hash_table_lookup(model->provenance, "table");
  g_autoptr(MgSamples) samples = mg_samples_load_columns(table ? table : path, model->columns, error);
  if (!samples)
    return NULL;
  if (samples->x->rows != manifest->tracks->len) {
    g_set_error(error, MG_ERROR, MG_ERROR_DATA, _("%s: it has %zu rows; the %u that %s was trained on were expected"),
                table, samples->x->rows, manifest->tracks->len, path);
    return NULL;
  }
  MgMatrix *x = mg_matrix_new(segments->len, samples->x->cols, error);
  for (guint i = 0; x && i < segments->len; i++)
    memcpy(mg_matrix_row(x, i), mg_matrix_row(samples->x, g_array_index(segments, MgSegment, i).track),
           x->cols * sizeof(float));
  return x;
}

MgMatrix *
mg_table_model_rows(const MgTableModel *model, const char *path, const MgManifest *manifest, GArray *segments,
                    int threads, MgProgress *progress, GError **error)
{
  return model->source ? mg_table_source_rows(model->source, manifest, segments, threads, NULL, progress, error)
                       : read_table(model, path, manifest, segments, error);
}
