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

gboolean
mg_results_export(MgResults *results, const char *path, GError **error)
{
  g_return_val_if_fail(results->table, FALSE);
  const MgResultTable *table = results->table;
  const GPtrArray *rows = table->predictions->predictions;
  g_autoptr(GString) text = g_string_new(NULL);
  g_autoptr(GString) line = g_string_new(NULL);
  append_header(line, table);
  g_string_append_printf(text, "%s\n", line->str);
  for (guint i = 0; i < results->shown->len; i++) {
    guint row = g_array_index(results->shown, guint, i);
    if (row >= rows->len) /* a track's */
      continue;
    append_row(line, rows->pdata[row], table->other ? table->other->predictions->pdata[row] : NULL,
               table->predictions->labels->len);
    g_string_append_printf(text, "%s\n", line->str);
  }
  return mg_file_write(path, text->str, text->len, error);
}
