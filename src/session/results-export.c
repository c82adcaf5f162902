#include "session/results-private.h"
#include "base/csv.h"
#include "base/file.h"

/* Of one run, or of both: "" and "", "_A" and "_B". */
static void
append_header(GString *line, const MgResultTable *table)
{
  const GPtrArray *labels = table->predictions->labels;
  g_string_assign(line, "songname,track,genre,y_test,part,start,end,");
  g_string_append(line, table->other ? "y_pred_A,y_pred_B" : "y_pred");
  for (int run = 0; run < (table->other ? 2 : 1); run++)
    for (guint c = 0; c < labels->len; c++) {
      g_autofree char *name = g_strconcat(labels->pdata[c], "_prob", !table->other ? "" : run ? "_B" : "_A", NULL);
      mg_csv_append(line, name);
    }
}

static void
append_probabilities(GString *line, const MgPrediction *row, guint classes)
{
  for (guint c = 0; c < classes; c++)
    mg_csv_append_number(line, row->probabilities[c], 6);
}

static void
append_row(GString *line, const MgPrediction *row, const MgPrediction *other, guint classes)
{
  g_string_truncate(line, 0);
  mg_csv_append(line, row->songname);
  mg_csv_append(line, row->track);
  mg_csv_append(line, row->genre ? row->genre : "");
  if (row->y_test >= 0)
    mg_csv_append_number(line, row->y_test, 9);
  else
    mg_csv_append(line, "");
  mg_csv_append_number(line, row->part, 9);
  mg_csv_append_number(line, row->start, 9);
  mg_csv_append_number(line, row->end, 9);
  mg_csv_append_number(line, row->y_pred, 9);
  if (other)
    mg_csv_append_number(line, other->y_pred, 9);
  append_probabilities(line, row, classes);
  if (other)
    append_probabilities(line, other, classes);
}

/* One export: what it needs does not change, and is its own. */
typedef struct {
  MgResultTable *table;
  GArray *shown; /* guint, as in MgResults */
  char *path;
  MgProgress *progress;
} Errand;

static void
errand_free(gpointer data)
{
  Errand *errand = data;
  mg_result_table_unref(errand->table);
  g_array_unref(errand->shown);
  g_free(errand->path);
  mg_progress_unref(errand->progress);
  g_free(errand);
}

static gboolean
write_table(const Errand *errand, GError **error)
{
  enum { ROWS_AT_A_TIME = 1024 };
  const MgResultTable *table = errand->table;
  const GPtrArray *rows = table->predictions->predictions;
  g_autoptr(GString) text = g_string_new(NULL);
  g_autoptr(GString) line = g_string_new(NULL);
  append_header(line, table);
  g_string_append_printf(text, "%s\n", line->str);
  for (guint i = 0; i < errand->shown->len; i++) {
    guint row = g_array_index(errand->shown, guint, i);
    if (i % ROWS_AT_A_TIME == 0) {
      if (!mg_progress_go_on(errand->progress, error))
        return FALSE;
      mg_progress_report(errand->progress, (double)i / errand->shown->len, NULL);
    }
    if (row >= rows->len) /* a track's */
      continue;
    append_row(line, rows->pdata[row], table->other ? table->other->predictions->pdata[row] : NULL,
               table->predictions->labels->len);
    g_string_append_printf(text, "%s\n", line->str);
  }
  return mg_file_write(errand->path, text->str, text->len, error);
}

static void
export_on_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  if (write_table(data, &error))
    g_task_return_boolean(task, TRUE);
  else
    g_task_return_error(task, error);
}

void
mg_results_export_async(MgResults *results, const char *path, MgProgress *progress, GAsyncReadyCallback callback,
                        gpointer data)
{
  g_return_if_fail(results->table);
  Errand *errand = g_new0(Errand, 1);
  *errand = (Errand){mg_result_table_ref(results->table), g_array_copy(results->shown), g_strdup(path),
                     progress ? mg_progress_ref(progress) : NULL};
  g_autoptr(GTask) task = g_task_new(results, NULL, callback, data);
  g_task_set_task_data(task, errand, errand_free);
  g_task_run_in_thread(task, export_on_thread);
}

gboolean
mg_results_export_finish(MgResults *results, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean(G_TASK(result), error);
}
