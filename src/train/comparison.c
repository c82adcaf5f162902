#include "train/comparison.h"
#include "train/run-evaluation.h"
#include "train/run-split.h"
#include "base/csv.h"
#include "base/error.h"
#include "base/file.h"
#include "ml/figures.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

void
mg_comparison_free(MgComparison *comparison)
{
  if (!comparison)
    return;
  g_clear_pointer(&comparison->a, mg_predictions_free);
  g_clear_pointer(&comparison->b, mg_predictions_free);
  g_free(comparison);
}

/* A file may hold several tracks. */
static char *
track_key(const MgTrack *track)
{
  return g_strdup_printf("%.3f %s", track->start, track->path);
}

/* Tracks that a run trained on; all of them where its segments were dealt out one by one. */
static gboolean
collect_trained(const char *run, GHashTable *keys, GError **error)
{
  g_autoptr(MgRunConfig) config = mg_run_config_load(run, error);
  g_autoptr(MgManifest) manifest = config ? mg_run_split_load(run, (const char *const *)config->labels, error) : NULL;
  for (guint i = 0; manifest && i < manifest->tracks->len; i++) {
    const MgTrack *track = mg_manifest_track(manifest, i);
    if (track->split == MG_SPLIT_TRAIN || config->leaky)
      g_hash_table_add(keys, track_key(track));
  }
  return manifest != NULL;
}

/* The segments that neither trained on. */
static GArray *
pick_segments(const char *run, const char *against, const MgManifest *manifest, const GArray *segments, MgSplit split,
              guint *left_out, GError **error)
{
  g_autoptr(GHashTable) trained = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GArray) picked = g_array_new(FALSE, FALSE, sizeof(MgSegment));
  if (!collect_trained(run, trained, error) || !collect_trained(against, trained, error))
    return NULL;
  for (guint i = 0; i < segments->len; i++) {
    const MgSegment *segment = &g_array_index(segments, MgSegment, i);
    g_autofree char *key = track_key(mg_manifest_track(manifest, segment->track));
    if (segment->split != split)
      continue;
    if (g_hash_table_contains(trained, key))
      (*left_out)++;
    else
      g_array_append_val(picked, *segment);
  }
  if (picked->len > 0)
    return g_steal_pointer(&picked);
  g_set_error(error, MG_ERROR, MG_ERROR_DATA,
              _("%s: of its %u %s segments there is none that neither it nor %s trained on"), run, *left_out,
              mg_split_name(split), against);
  return NULL;
}

static char *
seconds_text(const MgPredictor *predictor)
{
  return predictor->seconds > 0 ? g_strdup_printf(_("segments of %g s"), predictor->seconds)
                                : g_strdup(_("whole tracks"));
}

static gboolean
check_segments_agree(const MgPredictor *a, const MgPredictor *b, const char *against, GError **error)
{
  if (fabs(a->seconds - b->seconds) < 1e-6)
    return TRUE;
  g_autofree char *one = seconds_text(a), *other = seconds_text(b);
  g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("%s: it classifies %s; %s were expected, as in the other run"),
              against, other, one);
  return FALSE;
}

static void
count_right(MgComparison *comparison)
{
  size_t rows = comparison->a->predictions->len;
  g_autofree int *truth = g_new(int, rows), *a = g_new(int, rows), *b = g_new(int, rows);
  for (size_t i = 0; i < rows; i++) {
    const MgPrediction *one = comparison->a->predictions->pdata[i], *other = comparison->b->predictions->pdata[i];
    truth[i] = one->y_test;
    a[i] = one->y_pred;
    b[i] = other->y_pred;
  }
  comparison->p = mg_mcnemar(truth, a, b, rows, &comparison->only_a, &comparison->only_b);
}

MgComparison *
mg_compare_runs(const char *run, const char *against, const char *checkpoint, const char *split, int threads,
                MgProgress *progress, GError **error)
{
  MgSplit side;
  g_autoptr(MgRunConfig) a = mg_split_parse(split, &side, error) ? mg_run_config_load(run, error) : NULL;
  g_autoptr(MgRunConfig) b = a ? mg_run_config_load(against, error) : NULL;
  g_autoptr(MgPredictor) one = b ? mg_run_predictor(run, checkpoint, threads, error) : NULL;
  g_autoptr(MgPredictor) other = one ? mg_run_predictor(against, checkpoint, threads, error) : NULL;
  if (!other || !check_segments_agree(one, other, against, error))
    return NULL;
  g_autoptr(MgManifest) manifest = mg_run_split_load(run, (const char *const *)a->labels, error);
  if (!manifest)
    return NULL;
  g_autoptr(MgComparison) comparison = g_new0(MgComparison, 1);
  g_autoptr(GArray) all = mg_run_segments(one, a, manifest);
  g_autoptr(GArray) segments = pick_segments(run, against, manifest, all, side, &comparison->left_out, error);
  if (!segments)
    return NULL;
  comparison->a = mg_evaluate_segments(one, a, run, manifest, segments, side, progress, error);
  if (comparison->a)
    comparison->b = mg_evaluate_segments(other, b, against, manifest, segments, side, progress, error);
  if (!comparison->b)
    return NULL;
  count_right(comparison);
  return g_steal_pointer(&comparison);
}

static void
append_header(GString *text, const GPtrArray *labels)
{
  g_string_append(text, "songname,track,genre,y_test,part,start,end,y_pred_A,y_pred_B");
  for (const char *model = "AB"; *model; model++)
    for (guint c = 0; c < labels->len; c++) {
      g_autofree char *column = g_strdup_printf("%s_prob_%c", (const char *)labels->pdata[c], *model);
      mg_csv_append(text, column);
    }
  g_string_append_c(text, '\n');
}

static void
append_row(GString *text, const MgPrediction *a, const MgPrediction *b, guint classes)
{
  g_autoptr(GString) line = g_string_new(NULL);
  g_autofree char *songname = g_utf8_make_valid(a->songname, -1), *track = g_utf8_make_valid(a->track, -1);
  mg_csv_append(line, songname);
  mg_csv_append(line, track);
  mg_csv_append(line, a->genre);
  mg_csv_append_number(line, a->y_test, 9);
  mg_csv_append_number(line, a->part, 9);
  mg_csv_append_number(line, a->start, 9);
  mg_csv_append_number(line, a->end, 9);
  mg_csv_append_number(line, a->y_pred, 9);
  mg_csv_append_number(line, b->y_pred, 9);
  for (guint c = 0; c < classes; c++)
    mg_csv_append_number(line, a->probabilities[c], 6);
  for (guint c = 0; c < classes; c++)
    mg_csv_append_number(line, b->probabilities[c], 6);
  g_string_append_printf(text, "%s\n", line->str);
}

gboolean
mg_comparison_save(const MgComparison *comparison, const char *path, GError **error)
{
  g_autoptr(GString) text = g_string_new(NULL);
  append_header(text, comparison->a->labels);
  for (guint i = 0; i < comparison->a->predictions->len; i++)
    append_row(text, comparison->a->predictions->pdata[i], comparison->b->predictions->pdata[i],
               comparison->a->labels->len);
  return mg_file_write(path, text->str, text->len, error);
}

/* Reading. */

static const char suffix_a[] = "_prob_A", suffix_b[] = "_prob_B";

typedef struct {
  const char *path;
  const MgCsv *csv;
  int track, y_test, part, start, end, pred_a, pred_b;
  GArray *columns_a, *columns_b; /* int: of the classes' probabilities */
  GPtrArray *labels;             /* char * */
} Reader;

static gboolean
find_column(const Reader *reader, const char *name, int *column, GError **error)
{
  *column = mg_csv_column(reader->csv, name);
  if (*column < 0)
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: no column %s, as a comparison has"), reader->path, name);
  return *column >= 0;
}

static gboolean
find_classes(Reader *reader, GError **error)
{
  for (guint i = 0; i < reader->csv->columns->len; i++) {
    const char *name = reader->csv->columns->pdata[i];
    if (!g_str_has_suffix(name, suffix_a))
      continue;
    g_autofree char *label = g_strndup(name, strlen(name) - strlen(suffix_a));
    g_autofree char *other = g_strconcat(label, suffix_b, NULL);
    int a = (int)i, b;
    if (!find_column(reader, other, &b, error))
      return FALSE;
    g_array_append_val(reader->columns_a, a);
    g_array_append_val(reader->columns_b, b);
    g_ptr_array_add(reader->labels, g_steal_pointer(&label));
  }
  if (reader->labels->len == 0)
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: no column of probabilities (…%s)"), reader->path, suffix_a);
  return reader->labels->len > 0;
}

static gboolean
read_class(const Reader *reader, size_t row, int column, int *class, GError **error)
{
  const char *text = mg_csv_get(reader->csv, row, column);
  gint64 number = g_ascii_strtoll(text, NULL, 10);
  gboolean good = *text && number >= 0 && number < (gint64)reader->labels->len;
  *class = good ? (int)number : 0;
  if (!good)
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: row %zu: “%s” is none of the classes 0 to %u"), reader->path,
                row + 1, text, reader->labels->len - 1);
  return good;
}

static gboolean
read_model(const Reader *reader, size_t row, const GArray *columns, int pred_column, MgPredictions *predictions,
           GError **error)
{
  int truth, prediction;
  g_autofree float *probabilities = g_new(float, columns->len);
  if (!read_class(reader, row, reader->y_test, &truth, error) ||
      !read_class(reader, row, pred_column, &prediction, error))
    return FALSE;
  for (guint c = 0; c < columns->len; c++)
    probabilities[c] = (float)g_ascii_strtod(mg_csv_get(reader->csv, row, g_array_index(columns, int, c)), NULL);
  MgPrediction *added =
      mg_predictions_add(predictions, mg_csv_get(reader->csv, row, reader->track), truth,
                         (int)g_ascii_strtoll(mg_csv_get(reader->csv, row, reader->part), NULL, 10),
                         g_ascii_strtod(mg_csv_get(reader->csv, row, reader->start), NULL),
                         g_ascii_strtod(mg_csv_get(reader->csv, row, reader->end), NULL), probabilities);
  added->y_pred = prediction; /* of equal probabilities, as the model has them */
  return TRUE;
}

static MgComparison *
read_rows(Reader *reader, GError **error)
{
  if (!find_column(reader, "track", &reader->track, error) || !find_column(reader, "y_test", &reader->y_test, error) ||
      !find_column(reader, "part", &reader->part, error) || !find_column(reader, "start", &reader->start, error) ||
      !find_column(reader, "end", &reader->end, error) || !find_column(reader, "y_pred_A", &reader->pred_a, error) ||
      !find_column(reader, "y_pred_B", &reader->pred_b, error) || !find_classes(reader, error))
    return NULL;
  g_autoptr(MgComparison) comparison = g_new0(MgComparison, 1);
  comparison->a = mg_predictions_new(reader->labels);
  comparison->b = mg_predictions_new(reader->labels);
  for (size_t row = 0; row < reader->csv->rows->len; row++)
    if (!read_model(reader, row, reader->columns_a, reader->pred_a, comparison->a, error) ||
        !read_model(reader, row, reader->columns_b, reader->pred_b, comparison->b, error))
      return NULL;
  count_right(comparison);
  return g_steal_pointer(&comparison);
}

MgComparison *
mg_comparison_load(const char *path, GError **error)
{
  g_autoptr(MgCsv) csv = mg_csv_load(path, error);
  if (!csv)
    return NULL;
  g_autoptr(GArray) a = g_array_new(FALSE, FALSE, sizeof(int));
  g_autoptr(GArray) b = g_array_new(FALSE, FALSE, sizeof(int));
  g_autoptr(GPtrArray) labels = g_ptr_array_new_with_free_func(g_free);
  Reader reader = {.path = path, .csv = csv, .columns_a = a, .columns_b = b, .labels = labels};
  return read_rows(&reader, error);
}
