#include "train/importances.h"
#include "base/csv.h"
#include "base/error.h"
#include "base/file.h"
#include "base/parallel.h"
#include "ml/importance.h"
#include <glib/gi18n-lib.h>
#include <math.h>

static const char file_name[] = "importances.csv",
                  header[] = "feature,importance,permutation_mean,permutation_deviation\n";
static const char *const columns[] = {"feature", "importance", "permutation_mean", "permutation_deviation"};

struct MgImportances {
  int repeats, threads;
  guint64 seed;
  GPtrArray *falls; /* GArray of double, of each column */
};

static void
free_falls(gpointer falls)
{
  g_array_unref(falls);
}

MgImportances *
mg_importances_new(int repeats, guint64 seed, int threads)
{
  MgImportances *importances = g_new(MgImportances, 1);
  *importances = (MgImportances){repeats, threads > 0 ? threads : mg_processors(), seed,
                                 g_ptr_array_new_with_free_func(free_falls)};
  return importances;
}

void
mg_importances_free(MgImportances *importances)
{
  if (!importances)
    return;
  g_ptr_array_unref(importances->falls);
  g_free(importances);
}

gboolean
mg_importances_add(MgImportances *importances, const MgTableModel *model, const MgSamples *samples,
                   MgProgress *progress, GError **error)
{
  size_t features = samples->x->cols, repeats = (size_t)importances->repeats;
  if (repeats == 0 || samples->x->rows == 0)
    return TRUE;
  g_autoptr(MgMatrix) x = mg_matrix_copy(samples->x);
  mg_scaler_apply(model->scaler, x);
  g_autofree double *drops = g_new(double, features *repeats);
  MgImportanceTask task = {x, samples->y, importances->repeats, importances->seed, importances->threads, progress};
  if (!mg_permutation_importance(model->classifier, &task, drops, error))
    return FALSE;
  for (size_t feature = 0; feature < features; feature++) {
    if (importances->falls->len == feature)
      g_ptr_array_add(importances->falls, g_array_new(FALSE, FALSE, sizeof(double)));
    g_array_append_vals(importances->falls->pdata[feature], drops + feature * repeats, (guint)repeats);
  }
  return TRUE;
}

/* A value that there is not stays an empty field. */
static void
append_value(GString *line, double value)
{
  if (isnan(value))
    mg_csv_append(line, "");
  else
    mg_csv_append_number(line, value, 9);
}

static void
append_line(GString *text, const MgFeatureImportance *importance)
{
  g_autoptr(GString) line = g_string_new(NULL);
  mg_csv_append(line, importance->feature);
  append_value(line, importance->importance);
  append_value(line, importance->mean);
  append_value(line, importance->deviation);
  g_string_append_printf(text, "%s\n", line->str);
}

gboolean
mg_importances_save(const MgImportances *importances, const MgTableModel *model, const char *run, GError **error)
{
  const MgClassifier *classifier = model->classifier;
  const GPtrArray *falls = importances->falls;
  g_autofree double *own = classifier->class->importances ? g_new(double, classifier->features) : NULL;
  g_autoptr(GString) text = g_string_new(header);
  if (!own && falls->len == 0)
    return TRUE;
  if (own)
    classifier->class->importances(classifier, own);
  for (guint i = 0; i < model->columns->len; i++) {
    MgFeatureImportance importance = {model->columns->pdata[i], own ? own[i] : NAN, NAN, NAN};
    const GArray *of_column = falls->len ? falls->pdata[i] : NULL;
    if (of_column)
      mg_mean_deviation((const double *)(gconstpointer)of_column->data, of_column->len, &importance.mean,
                        &importance.deviation);
    append_line(text, &importance);
  }
  g_autofree char *path = g_build_filename(run, file_name, NULL);
  return mg_file_write(path, text->str, text->len, error);
}

/* Reading */

static gboolean
read_value(const MgCsv *csv, const char *path, size_t row, const char *column, double *value, GError **error)
{
  const char *text = mg_csv_get(csv, row, mg_csv_column(csv, column));
  char *end;
  *value = NAN;
  if (!*text)
    return TRUE;
  *value = g_ascii_strtod(text, &end);
  if (!*end && isfinite(*value))
    return TRUE;
  g_autofree char *shown = mg_one_line(g_strdup(text));
  g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: row %zu: %s is “%s”; a number was expected"), path, row + 1,
              column, shown);
  return FALSE;
}

static void
clear_importance(gpointer data)
{
  g_free(((MgFeatureImportance *)data)->feature);
}

static gboolean
has_columns(const MgCsv *csv, const char *path, GError **error)
{
  for (size_t i = 0; i < G_N_ELEMENTS(columns); i++)
    if (mg_csv_column(csv, columns[i]) < 0) {
      g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: there is no column %s"), path, columns[i]);
      return FALSE;
    }
  return TRUE;
}

GArray *
mg_importances_load(const char *run, GError **error)
{
  g_autofree char *path = g_build_filename(run, file_name, NULL);
  if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
    g_set_error(error, MG_ERROR, MG_ERROR_DATA,
                _("%s: no %s; expected a run of table-train by a classifier that tells importances, or with "
                  "permutation_repeats"),
                run, file_name);
    return NULL;
  }
  g_autoptr(MgCsv) csv = mg_csv_load(path, error);
  if (!csv || !has_columns(csv, path, error))
    return NULL;
  g_autoptr(GArray) importances = g_array_new(FALSE, FALSE, sizeof(MgFeatureImportance));
  g_array_set_clear_func(importances, clear_importance);
  for (size_t row = 0; row < csv->rows->len; row++) {
    MgFeatureImportance importance;
    if (!read_value(csv, path, row, columns[1], &importance.importance, error) ||
        !read_value(csv, path, row, columns[2], &importance.mean, error) ||
        !read_value(csv, path, row, columns[3], &importance.deviation, error))
      return NULL;
    importance.feature = g_strdup(mg_csv_get(csv, row, mg_csv_column(csv, columns[0])));
    g_array_append_val(importances, importance);
  }
  return g_steal_pointer(&importances);
}

static int
compare_means(gconstpointer a, gconstpointer b)
{
  double one = ((const MgFeatureImportance *)a)->mean, other = ((const MgFeatureImportance *)b)->mean;
  return (one < other) - (one > other);
}

static int
compare_own(gconstpointer a, gconstpointer b)
{
  double one = ((const MgFeatureImportance *)a)->importance, other = ((const MgFeatureImportance *)b)->importance;
  return (one < other) - (one > other);
}

gboolean
mg_importances_sort(GArray *importances)
{
  gboolean permuted = importances->len > 0 && !isnan(g_array_index(importances, MgFeatureImportance, 0).mean);
  g_array_sort(importances, permuted ? compare_means : compare_own);
  return permuted;
}
