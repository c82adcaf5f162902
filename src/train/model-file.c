#include "train/model-file.h"
#include "train/metadata.h"
#include "base/data-dir.h"
#include "base/error.h"
#include "dataset/front-end.h"
#include "nn/safetensors.h"
#include "config.h"
#include <glib/gi18n-lib.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

static const char kind[] = "network";
static const size_t chunk = 16; /* pictures that go through the network together */

static MgModel *
new_model(void)
{
  MgModel *model = g_new0(MgModel, 1);
  model->labels = g_ptr_array_new_with_free_func(g_free);
  model->provenance = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  model->front_end = mg_params_new(mg_front_end_tables());
  return model;
}

void
mg_model_free(MgModel *model)
{
  if (!model)
    return;
  mg_network_free(model->network);
  mg_params_free(model->front_end);
  g_free(model->means);
  g_free(model->deviations);
  g_ptr_array_unref(model->labels);
  g_hash_table_unref(model->provenance);
  g_free(model);
}

static void
make_scales(MgModel *model, size_t rows)
{
  model->scales = mg_front_end_gives_decibels(model->front_end) ? 1 : rows;
  model->means = g_new0(float, model->scales);
  model->deviations = g_new(float, model->scales);
  for (size_t i = 0; i < model->scales; i++)
    model->deviations[i] = 1;
}

/* Also makes the model's scales, of which there are as many as its pictures ask for. */
static gboolean
plan_input(MgModel *model, MgShape *input, GError **error)
{
  g_autoptr(MgFrontEnd) front_end = mg_front_end_new(model->front_end, error);
  if (!front_end)
    return FALSE;
  *input = (MgShape){1, (int)mg_front_end_bins(front_end), (int)mg_front_end_frames(front_end)};
  make_scales(model, mg_front_end_bins(front_end));
  return TRUE;
}

static gboolean
make_network(MgModel *model, const char *description, const char *origin, guint64 seed, GError **error)
{
  MgShape input;
  if (plan_input(model, &input, error))
    model->network = mg_network_new(description, origin, input, (int)model->labels->len, seed, error);
  return model->network != NULL;
}

MgModel *
mg_model_new(const char *description, const char *origin, const MgParams *params, const GPtrArray *labels, guint64 seed,
             GError **error)
{
  g_autoptr(MgModel) model = new_model();
  mg_params_take(model->front_end, params);
  for (guint i = 0; i < labels->len; i++)
    g_ptr_array_add(model->labels, g_strdup(labels->pdata[i]));
  return make_network(model, description, origin, seed, error) ? g_steal_pointer(&model) : NULL;
}

void
mg_model_set_provenance(MgModel *model, const char *key, const char *value)
{
  g_hash_table_insert(model->provenance, g_strdup(key), g_utf8_make_valid(value, -1));
}

/* Saving */

static char *
numbers_text(const float *values, size_t n)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  GString *text = g_string_new(n > 1 ? "[" : NULL);
  for (size_t i = 0; i < n; i++)
    g_string_append_printf(text, "%s%s", i ? "," : "", g_ascii_formatd(number, sizeof number, "%.9g", values[i]));
  return g_string_free(n > 1 ? g_string_append_c(text, ']') : text, FALSE);
}

GHashTable *
mg_model_metadata(const MgModel *model)
{
  GHashTable *metadata = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
  g_hash_table_insert(metadata, "kind", g_strdup(kind));
  g_hash_table_insert(metadata, "version", g_strdup("melograph " MG_VERSION));
  g_hash_table_insert(metadata, "network", g_strdup(mg_network_description(model->network)));
  g_hash_table_insert(metadata, "front_end", mg_metadata_params(model->front_end));
  g_hash_table_insert(metadata, "mean", numbers_text(model->means, model->scales));
  g_hash_table_insert(metadata, "deviation", numbers_text(model->deviations, model->scales));
  g_hash_table_insert(metadata, "labels", mg_metadata_list(model->labels));
  g_hash_table_insert(metadata, "provenance", mg_metadata_object(model->provenance));
  return metadata;
}

MgFileWriter *
mg_model_write(const MgModel *model, const char *path, const GPtrArray *more_tensors, GError **error)
{
  g_autoptr(GHashTable) metadata = mg_model_metadata(model);
  g_autoptr(GPtrArray) tensors = g_ptr_array_new();
  g_ptr_array_extend(tensors, (GPtrArray *)mg_network_tensors(model->network), NULL, NULL);
  if (more_tensors)
    g_ptr_array_extend(tensors, (GPtrArray *)more_tensors, NULL, NULL);
  return mg_safetensors_write(path, tensors, metadata, error);
}

gboolean
mg_model_save(const MgModel *model, const char *path, const GPtrArray *more_tensors, GError **error)
{
  g_autoptr(MgFileWriter) writer = mg_model_write(model, path, more_tensors, error);
  return writer && mg_file_writer_finish(writer, error);
}

/* Loading */

static gboolean
read_kind(const MgSafetensors *file, const char *path, GError **error)
{
  const char *text = mg_metadata_text(file, path, "kind", error);
  if (text && !g_str_equal(text, kind))
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT,
                g_str_equal(text, "table")
                    ? _("%s: a model of kind “%s”; “%s” was expected, as this looks into its layers")
                    : _("%s: a model of kind “%s”; “%s” was expected"),
                path, text, kind);
  return text && g_str_equal(text, kind);
}

/* As many numbers as the model has scales. */
static gboolean
read_numbers(const MgModel *model, const MgSafetensors *file, const char *path, const char *key, float *values,
             GError **error)
{
  const char *text = mg_metadata_text(file, path, key, error);
  json_t *json = text ? json_loads(text, JSON_DECODE_ANY, NULL) : NULL;
  size_t n = json_is_array(json) ? json_array_size(json) : 1;
  gboolean good = json && n == model->scales;
  for (size_t i = 0; i < n && good; i++) {
    const json_t *number = json_is_array(json) ? json_array_get(json, i) : json;
    values[i] = (float)json_number_value(number);
    good = json_is_number(number) && isfinite(values[i]);
  }
  json_decref(json);
  if (text && !good)
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: metadata “%s” is “%.40s”; expected %zu numbers"), path, key,
                text, model->scales);
  return good;
}

static gboolean
read_scales(MgModel *model, const MgSafetensors *file, const char *path, GError **error)
{
  if (!read_numbers(model, file, path, "mean", model->means, error) ||
      !read_numbers(model, file, path, "deviation", model->deviations, error))
    return FALSE;
  for (size_t i = 0; i < model->scales; i++)
    if (model->deviations[i] <= 0) {
      g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: metadata “deviation” is %g; expected more than 0"), path,
                  model->deviations[i]);
      return FALSE;
    }
  return TRUE;
}

static gboolean
read_labels(MgModel *model, const MgSafetensors *file, const char *path, GError **error)
{
  GPtrArray *labels = mg_metadata_read_list(file, path, "labels", 2, error);
  if (!labels)
    return FALSE;
  g_ptr_array_unref(model->labels);
  model->labels = labels;
  return TRUE;
}

static gboolean
read_provenance(MgModel *model, const MgSafetensors *file, const char *path, GError **error)
{
  GHashTable *provenance = mg_metadata_read_object(file, path, "provenance", error);
  if (!provenance)
    return FALSE;
  g_hash_table_unref(model->provenance);
  model->provenance = provenance;
  return TRUE;
}

static gboolean
read_weights(MgModel *model, const MgSafetensors *file, const char *path, GError **error)
{
  const char *description = mg_metadata_text(file, path, "network", error);
  MgShape input;
  if (!description || !plan_input(model, &input, error))
    return FALSE;
  model->network =
      mg_network_new_to_fill(description, path, input, (int)model->labels->len, mg_safetensors_values(file), error);
  if (!model->network)
    return FALSE;
  const GPtrArray *tensors = mg_network_tensors(model->network);
  for (guint i = 0; i < tensors->len; i++)
    if (!mg_safetensors_read(file, tensors->pdata[i], error))
      return FALSE;
  return TRUE;
}

MgModel *
mg_model_load(const char *path, GError **error)
{
  g_autoptr(MgSafetensors) file = mg_safetensors_load(path, error);
  if (!file)
    return NULL;
  g_autoptr(MgModel) model = new_model();
  if (!read_kind(file, path, error) || !read_labels(model, file, path, error) ||
      !mg_metadata_read_params(model->front_end, file, path, "front_end", error) ||
      !read_provenance(model, file, path, error) || !read_weights(model, file, path, error) ||
      !read_scales(model, file, path, error))
    return NULL;
  return g_steal_pointer(&model);
}

MgModel *
mg_model_adopt(const char *description, const char *path, GHashTable *metadata, GError **error)
{
  g_autoptr(MgSafetensors) file = mg_safetensors_of(path, metadata);
  g_autoptr(MgModel) model = new_model();
  if (!read_kind(file, path, error) || !read_labels(model, file, path, error) ||
      !mg_metadata_read_params(model->front_end, file, path, "front_end", error) ||
      !read_provenance(model, file, path, error) || !make_network(model, description, path, 0, error) ||
      !read_scales(model, file, path, error))
    return NULL;
  return g_steal_pointer(&model);
}

/* Use */

void
mg_model_normalise(const MgModel *model, const float *picture, size_t n, float *out)
{
  size_t row = n / model->scales;
  for (size_t r = 0; r < model->scales; r++) {
    float mean = model->means[r], factor = 1 / model->deviations[r];
    for (size_t i = r * row; i < (r + 1) * row; i++)
      out[i] = (picture[i] - mean) * factor;
  }
}

void
mg_model_predict(MgModel *model, const float *const *pictures, size_t n, float *probabilities)
{
  size_t size = mg_shape_size(mg_network_input(model->network));
  g_autofree float *x = g_new(float, size *MIN(n, chunk));
  for (size_t first = 0; first < n; first += chunk) {
    size_t count = MIN(chunk, n - first);
    for (size_t i = 0; i < count; i++)
      mg_model_normalise(model, pictures[first + i], size, x + i * size);
    mg_network_predict(model->network, x, count, probabilities + first * model->labels->len);
  }
}

char *
mg_model_find(const char *model, GError **error)
{
  if (strchr(model, '/') || g_str_has_suffix(model, ".safetensors") || g_file_test(model, G_FILE_TEST_EXISTS))
    return g_strdup(model);
  g_autofree char *relative = g_strdup_printf("models/%s.safetensors", model);
  return mg_data_dir_find(relative, error);
}

char *
mg_model_name(const char *path)
{
  static const char ending[] = ".safetensors";
  g_autofree char *folder = g_path_get_dirname(path), *parent = g_path_get_basename(folder);
  if (g_str_equal(parent, "checkpoints")) {
    g_autofree char *run = g_path_get_dirname(folder);
    return g_path_get_basename(run);
  }
  char *name = g_path_get_basename(path);
  if (g_str_has_suffix(name, ending))
    name[strlen(name) - strlen(ending)] = 0;
  return name;
}
