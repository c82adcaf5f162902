#include "train/live-log.h"
#include "base/csv.h"
#include "base/file.h"

struct MgLiveLog {
  char *path;
  GStrv names;
  GPtrArray *labels;  /* char *: of all models, in the order of their names */
  GPtrArray *columns; /* GArray of guint a model: the column of each of its classes */
};

static void
add_labels(GPtrArray *all, const GPtrArray *labels)
{
  for (guint i = 0; i < labels->len; i++)
    if (!g_ptr_array_find_with_equal_func(all, labels->pdata[i], g_str_equal, NULL))
      g_ptr_array_add(all, g_strdup(labels->pdata[i]));
}

static GArray *
find_columns(const GPtrArray *all, const GPtrArray *labels)
{
  GArray *columns = g_array_new(FALSE, FALSE, sizeof(guint));
  for (guint i = 0; i < labels->len; i++) {
    guint column = 0;
    g_ptr_array_find_with_equal_func((GPtrArray *)all, labels->pdata[i], g_str_equal, &column);
    g_array_append_val(columns, column);
  }
  return columns;
}

static gboolean
write_header(const MgLiveLog *log, GError **error)
{
  g_autoptr(GString) line = g_string_new("start,end,model,y_pred,sure,probability");
  for (guint i = 0; i < log->labels->len; i++) {
    g_autofree char *column = g_strdup_printf("%s_prob", (char *)log->labels->pdata[i]);
    mg_csv_append(line, column);
  }
  g_string_append_c(line, '\n');
  return mg_file_write(log->path, line->str, line->len, error);
}

static gint
compare_labels(gconstpointer a, gconstpointer b)
{
  return g_strcmp0(*(char *const *)a, *(char *const *)b);
}

MgLiveLog *
mg_live_log_new(const char *path, const MgLive *live, const char *const *names, GError **error)
{
  g_autoptr(MgLiveLog) log = g_new0(MgLiveLog, 1);
  log->path = g_strdup(path);
  log->names = g_strdupv((char **)names);
  log->labels = g_ptr_array_new_with_free_func(g_free);
  log->columns = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
  for (guint i = 0; i < mg_live_n_models(live); i++)
    add_labels(log->labels, mg_live_labels(live, i));
  g_ptr_array_sort(log->labels, compare_labels);
  for (guint i = 0; i < mg_live_n_models(live); i++)
    g_ptr_array_add(log->columns, find_columns(log->labels, mg_live_labels(live, i)));
  return write_header(log, error) ? g_steal_pointer(&log) : NULL;
}

gboolean
mg_live_log_add(MgLiveLog *log, const MgLiveDecision *decision, GError **error)
{
  const GArray *columns = log->columns->pdata[decision->model];
  g_autofree const float **cells = g_new0(const float *, log->labels->len);
  for (guint i = 0; i < columns->len; i++)
    cells[g_array_index(columns, guint, i)] = &decision->smoothed[i];
  g_autoptr(GString) line = g_string_new(NULL);
  g_string_append_printf(line, "%.3f,%.3f", decision->start, decision->end);
  mg_csv_append(line, log->names[decision->model]);
  mg_csv_append(line, decision->sure ? log->labels->pdata[g_array_index(columns, guint, decision->y_pred)] : "");
  g_string_append(line, decision->sure ? ",1" : ",0");
  mg_csv_append_number(line, decision->smoothed[decision->y_pred], 6);
  for (guint i = 0; i < log->labels->len; i++)
    if (cells[i])
      mg_csv_append_number(line, *cells[i], 6);
    else
      g_string_append_c(line, ',');
  g_string_append_c(line, '\n');
  return mg_file_append(log->path, line->str, line->len, error);
}

void
mg_live_log_free(MgLiveLog *log)
{
  if (!log)
    return;
  g_free(log->path);
  g_strfreev(log->names);
  g_clear_pointer(&log->labels, g_ptr_array_unref);
  g_clear_pointer(&log->columns, g_ptr_array_unref);
  g_free(log);
}
