#include "train/evaluator.h"
#include "train/run-dir.h"
#include "base/csv.h"
#include "base/error.h"
#include "base/file.h"
#include "ml/metrics.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static const char *const fixed_columns[] = {"songname", "track", "genre", "y_test", "part", "start", "end", "y_pred"};
static const char suffix[] = "_prob";

static void
prediction_free(MgPrediction *prediction)
{
  g_free(prediction->songname);
  g_free(prediction->track);
  g_free(prediction->genre);
  g_free(prediction->probabilities);
  g_free(prediction);
}

MgPredictions *
mg_predictions_new(const GPtrArray *labels)
{
  MgPredictions *predictions = g_new0(MgPredictions, 1);
  predictions->labels = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; labels && i < labels->len; i++)
    g_ptr_array_add(predictions->labels, g_strdup(labels->pdata[i]));
  predictions->predictions = g_ptr_array_new_with_free_func((GDestroyNotify)prediction_free);
  return predictions;
}

void
mg_predictions_free(MgPredictions *predictions)
{
  if (!predictions)
    return;
  g_ptr_array_unref(predictions->labels);
  g_ptr_array_unref(predictions->predictions);
  g_free(predictions);
}

MgPrediction *
mg_predictions_add(MgPredictions *predictions, const char *track, int y_test, int part, double start, double end,
                   const float *probabilities)
{
  guint classes = predictions->labels->len;
  g_autofree char *name = g_path_get_basename(track);
  MgPrediction *prediction = g_new0(MgPrediction, 1);
  prediction->songname = g_strdup_printf("%s_%d", name, part);
  prediction->track = g_strdup(track);
  prediction->genre = y_test < 0 ? NULL : g_strdup(predictions->labels->pdata[y_test]);
  prediction->y_test = y_test;
  prediction->part = part;
  prediction->start = start;
  prediction->end = end;
  prediction->probabilities = g_memdup2(probabilities, classes * sizeof *probabilities);
  for (guint i = 1; i < classes; i++)
    if (probabilities[i] > probabilities[prediction->y_pred])
      prediction->y_pred = (int)i;
  g_ptr_array_add(predictions->predictions, prediction);
  return prediction;
}

static void
append_header(GString *text, const GPtrArray *labels)
{
  g_autoptr(GString) line = g_string_new(NULL);
  for (size_t i = 0; i < G_N_ELEMENTS(fixed_columns); i++)
    mg_csv_append(line, fixed_columns[i]);
  for (guint i = 0; i < labels->len; i++) {
    g_autofree char *column = g_strconcat(labels->pdata[i], suffix, NULL);
    mg_csv_append(line, column);
  }
  g_string_append_printf(text, "%s\n", line->str);
}

/* A name that is not UTF-8 would make the whole table unreadable. */
static void
append_name(GString *line, const char *path)
{
  g_autofree char *valid = g_utf8_make_valid(path, -1);
  mg_csv_append(line, valid);
}

static void
append_prediction(GString *text, const MgPrediction *prediction, guint classes)
{
  g_autoptr(GString) line = g_string_new(NULL);
  append_name(line, prediction->songname);
  mg_csv_append_path(line, prediction->track);
  mg_csv_append(line, prediction->genre ? prediction->genre : "");
  if (prediction->y_test < 0)
    mg_csv_append(line, "");
  else
    mg_csv_append_number(line, prediction->y_test, 9);
  mg_csv_append_number(line, prediction->part, 9);
  mg_csv_append_number(line, prediction->start, 9);
  mg_csv_append_number(line, prediction->end, 9);
  mg_csv_append_number(line, prediction->y_pred, 9);
  for (guint i = 0; i < classes; i++)
    mg_csv_append_number(line, prediction->probabilities[i], 6);
  g_string_append_printf(text, "%s\n", line->str);
}

gboolean
mg_predictions_save(const MgPredictions *predictions, const char *path, GError **error)
{
  g_autoptr(GString) text = g_string_new(NULL);
  append_header(text, predictions->labels);
  for (guint i = 0; i < predictions->predictions->len; i++)
    append_prediction(text, predictions->predictions->pdata[i], predictions->labels->len);
  return mg_file_write(path, text->str, text->len, error);
}

static gboolean
read_labels(const MgCsv *csv, const char *path, GPtrArray *labels, GError **error)
{
  size_t fixed = G_N_ELEMENTS(fixed_columns);
  for (size_t i = 0; i < fixed; i++)
    if (mg_csv_column(csv, fixed_columns[i]) != (int)i) {
      g_set_error(error, MG_ERROR, MG_ERROR_FORMAT,
                  _("%s: not a table of predictions; column %zu was expected to be “%s”"), path, i + 1,
                  fixed_columns[i]);
      return FALSE;
    }
  for (guint i = fixed; i < csv->columns->len; i++) {
    const char *column = csv->columns->pdata[i];
    if (!g_str_has_suffix(column, suffix)) {
      g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: column “%s”; a class' probabilities (…%s) were expected"),
                  path, column, suffix);
      return FALSE;
    }
    g_ptr_array_add(labels, g_strndup(column, strlen(column) - strlen(suffix)));
  }
  return TRUE;
}

static gboolean
read_class(const char *text, guint classes, gboolean may_be_empty, int *class_number)
{
  *class_number = -1;
  if (!*text)
    return may_be_empty;
  guint64 value;
  gboolean good = g_ascii_string_to_unsigned(text, 10, 0, classes - 1, &value, NULL);
  *class_number = good ? (int)value : -1;
  return good;
}

static MgPrediction *
read_prediction(const MgCsv *csv, guint row, guint classes)
{
  MgPrediction *prediction = g_new0(MgPrediction, 1);
  const char *genre = mg_csv_get(csv, row, 2);
  prediction->songname = g_strdup(mg_csv_get(csv, row, 0));
  prediction->track = mg_csv_path(mg_csv_get(csv, row, 1));
  prediction->genre = *genre ? g_strdup(genre) : NULL;
  prediction->part = (int)g_ascii_strtoll(mg_csv_get(csv, row, 4), NULL, 10);
  prediction->start = g_ascii_strtod(mg_csv_get(csv, row, 5), NULL);
  prediction->end = g_ascii_strtod(mg_csv_get(csv, row, 6), NULL);
  prediction->probabilities = g_new0(float, classes);
  for (guint i = 0; i < classes; i++)
    prediction->probabilities[i] = (float)g_ascii_strtod(mg_csv_get(csv, row, G_N_ELEMENTS(fixed_columns) + i), NULL);
  return prediction;
}

static gboolean
read_rows(const MgCsv *csv, const char *path, MgPredictions *predictions, GError **error)
{
  guint classes = predictions->labels->len;
  for (guint row = 0; row < csv->rows->len; row++) {
    MgPrediction *prediction = read_prediction(csv, row, classes);
    g_ptr_array_add(predictions->predictions, prediction);
    if (read_class(mg_csv_get(csv, row, 3), classes, TRUE, &prediction->y_test) &&
        read_class(mg_csv_get(csv, row, 7), classes, FALSE, &prediction->y_pred))
      continue;
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT,
                _("%s: row %u: y_test “%s” and y_pred “%s”; classes from 0 to %u were expected"), path, row + 2,
                mg_csv_get(csv, row, 3), mg_csv_get(csv, row, 7), classes - 1);
    return FALSE;
  }
  return TRUE;
}

/* The table has no room for the flag; the run that it lies in has. */
static gboolean
run_is_leaky(const char *path)
{
  g_autofree char *folder = g_path_get_dirname(path);
  g_autoptr(GKeyFile) config = mg_run_config_read(folder, NULL);
  return config && g_key_file_get_boolean(config, "run", "leaky", NULL);
}

MgPredictions *
mg_predictions_load(const char *path, GError **error)
{
  g_autoptr(MgCsv) csv = mg_csv_load(path, error);
  if (!csv)
    return NULL;
  g_autoptr(MgPredictions) predictions = mg_predictions_new(NULL);
  if (!read_labels(csv, path, predictions->labels, error))
    return NULL;
  if (predictions->labels->len == 0) {
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: no column of probabilities (…%s)"), path, suffix);
    return NULL;
  }
  if (!read_rows(csv, path, predictions, error))
    return NULL;
  predictions->leaky = run_is_leaky(path);
  return g_steal_pointer(&predictions);
}

/* Segments of one track follow each other with rising parts; a file may hold several tracks (start and end
 * columns). */
static guint
track_end(const GPtrArray *predictions, guint first)
{
  guint i = first + 1;
  for (; i < predictions->len; i++) {
    const MgPrediction *before = predictions->pdata[i - 1], *prediction = predictions->pdata[i];
    if (!g_str_equal(before->track, prediction->track) || prediction->part <= before->part)
      break;
  }
  return i;
}

static MgVote
count_votes(const GPtrArray *predictions, guint first, guint end, guint classes)
{
  g_autofree int *votes = g_new0(int, classes);
  g_autofree double *sums = g_new0(double, classes);
  for (guint i = first; i < end; i++) {
    const MgPrediction *prediction = predictions->pdata[i];
    votes[prediction->y_pred]++;
    for (guint c = 0; c < classes; c++)
      sums[c] += prediction->probabilities[c];
  }
  guint winner = 0;
  for (guint c = 1; c < classes; c++)
    if (votes[c] > votes[winner] || (votes[c] == votes[winner] && sums[c] > sums[winner]))
      winner = c;
  const MgPrediction *any = predictions->pdata[first];
  return (MgVote){any->track, any->y_test, (int)winner, votes[winner], (int)(end - first)};
}

GArray *
mg_predictions_votes(const MgPredictions *predictions)
{
  const GPtrArray *all = predictions->predictions;
  GArray *votes = g_array_new(FALSE, FALSE, sizeof(MgVote));
  for (guint first = 0, end; first < all->len; first = end) {
    end = track_end(all, first);
    MgVote vote = count_votes(all, first, end, predictions->labels->len);
    g_array_append_val(votes, vote);
  }
  return votes;
}

guint *
mg_predictions_confusion(const MgPredictions *predictions)
{
  int classes = (int)predictions->labels->len;
  guint *matrix = g_new0(guint, classes * classes);
  for (guint i = 0; i < predictions->predictions->len; i++) {
    const MgPrediction *prediction = predictions->predictions->pdata[i];
    if (prediction->y_test >= 0)
      mg_confusion_add(matrix, classes, &prediction->y_test, &prediction->y_pred, 1);
  }
  return matrix;
}
