#include "ml/samples.h"
#include "base/csv.h"
#include "base/error.h"
#include "base/file.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static const size_t largest_file = (size_t)4 << 30;

/* What is done with each column of a file. */
typedef struct {
  const char *path;
  int label, group, name;
  GArray *features; /* guint: numbers of the columns */
  GPtrArray *columns;
} Columns;

/* What has been read. */
typedef struct {
  GArray *values;    /* float */
  GPtrArray *labels; /* char *: one a row, owned by `pool` */
  GPtrArray *groups, *names;
  GStringChunk *pool;
} Rows;

void
mg_samples_free(MgSamples *samples)
{
  if (!samples)
    return;
  mg_matrix_free(samples->x);
  g_clear_pointer(&samples->columns, g_ptr_array_unref);
  g_clear_pointer(&samples->labels, g_ptr_array_unref);
  g_strfreev(samples->rows);
  g_strfreev(samples->groups);
  g_free(samples->name);
  g_free(samples->y);
  g_free(samples);
}

static int
find_column(const GPtrArray *header, const char *name)
{
  for (guint i = 0; i < header->len; i++)
    if (g_str_equal(header->pdata[i], name))
      return (int)i;
  return -1;
}

static int
require_column(const Columns *columns, const GPtrArray *header, const char *name, GError **error)
{
  int found = find_column(header, name);
  if (found < 0)
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("%s: there is no column “%s”"), columns->path, name);
  return found;
}

static gboolean
check_header(const Columns *columns, const GPtrArray *header, GError **error)
{
  g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = 0; i < header->len; i++) {
    if (g_hash_table_add(seen, header->pdata[i]))
      continue;
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: the header has two columns “%s”"), columns->path,
                (const char *)header->pdata[i]);
    return FALSE;
  }
  return TRUE;
}

/* What is neither label nor group nor left out is a feature. */
static gboolean
sort_columns(Columns *columns, const GPtrArray *header, const MgSamplesLayout *layout, GError **error)
{
  g_auto(GStrv) ignore = g_strsplit(layout->ignore ? layout->ignore : "", ",", -1);
  for (char **name = ignore; *name; name++)
    g_strstrip(*name);
  columns->label = require_column(columns, header, layout->label, error);
  if (columns->label < 0)
    return FALSE;
  columns->group = -1;
  if (layout->group && (columns->group = require_column(columns, header, layout->group, error)) < 0)
    return FALSE;
  columns->name = MAX(find_column(header, "filename"), find_column(header, "songname"));
  for (guint i = 0; i < header->len; i++) {
    if ((int)i == columns->label || (int)i == columns->group ||
        g_strv_contains((const char *const *)ignore, header->pdata[i]))
      continue;
    g_array_append_val(columns->features, i);
    g_ptr_array_add(columns->columns, g_strdup(header->pdata[i]));
  }
  if (columns->features->len > 0)
    return TRUE;
  g_set_error(error, MG_ERROR, MG_ERROR_DATA, _("%s: no column is left as a feature"), columns->path);
  return FALSE;
}

static gboolean
read_value(const Columns *columns, const MgCsvReader *reader, guint feature, float *value, GError **error)
{
  const char *text = mg_csv_reader_fields(reader)->pdata[g_array_index(columns->features, guint, feature)];
  char *end;
  double number = g_ascii_strtod(text, &end);
  while (g_ascii_isspace(*end))
    end++;
  *value = (float)number;
  if (end != text && *end == 0 && isfinite(*value))
    return TRUE;
  g_set_error(
      error, MG_ERROR, MG_ERROR_FORMAT,
      _("%s: line %u, column “%s”: “%s” is not a finite number; mend it, or leave the column out with --ignore"),
      columns->path, mg_csv_reader_line(reader), (const char *)columns->columns->pdata[feature], text);
  return FALSE;
}

static gboolean
read_row(const Columns *columns, const MgCsvReader *reader, Rows *rows, GError **error)
{
  const GPtrArray *fields = mg_csv_reader_fields(reader);
  const char *label = columns->label >= 0 ? fields->pdata[columns->label] : NULL;
  if (label && !*label) {
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: line %u has no label"), columns->path,
                mg_csv_reader_line(reader));
    return FALSE;
  }
  if (label)
    g_ptr_array_add(rows->labels, g_string_chunk_insert_const(rows->pool, label));
  if (columns->group >= 0)
    g_ptr_array_add(rows->groups, g_strdup(fields->pdata[columns->group]));
  g_ptr_array_add(rows->names, columns->name >= 0 ? g_strdup(fields->pdata[columns->name])
                                                  : g_strdup_printf("%u", rows->names->len + 1));
  for (guint i = 0; i < columns->features->len; i++) {
    float value;
    if (!read_value(columns, reader, i, &value, error))
      return FALSE;
    g_array_append_val(rows->values, value);
  }
  return TRUE;
}

static int
compare_names(gconstpointer a, gconstpointer b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Classes are numbered in the order of their names. */
static gboolean
number_labels(MgSamples *samples, const GPtrArray *labels, GError **error)
{
  g_autoptr(GHashTable) numbers = g_hash_table_new(g_str_hash, g_str_equal);
  samples->labels = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < labels->len; i++)
    if (g_hash_table_add(numbers, labels->pdata[i]))
      g_ptr_array_add(samples->labels, g_strdup(labels->pdata[i]));
  g_ptr_array_sort(samples->labels, compare_names);
  for (guint i = 0; i < samples->labels->len; i++)
    g_hash_table_replace(numbers, samples->labels->pdata[i], GUINT_TO_POINTER(i));
  samples->y = g_new(int, MAX(1, labels->len));
  for (guint i = 0; i < labels->len; i++)
    samples->y[i] = GPOINTER_TO_INT(g_hash_table_lookup(numbers, labels->pdata[i]));
  if (samples->labels->len >= 2)
    return TRUE;
  g_set_error(error, MG_ERROR, MG_ERROR_DATA, _("%s: %u rows of %u classes; at least two classes were expected"),
              samples->name, labels->len, samples->labels->len);
  return FALSE;
}

static char **
steal_strings(GPtrArray *strings)
{
  char **list = g_new0(char *, strings->len + 1);
  memcpy(list, strings->pdata, strings->len * sizeof *list);
  g_ptr_array_set_free_func(strings, NULL);
  return list;
}

static MgSamples *
make_samples(const Columns *columns, Rows *rows, GError **error)
{
  g_autoptr(MgSamples) samples = g_new0(MgSamples, 1);
  samples->name = g_strdup(columns->path);
  samples->columns = g_ptr_array_ref(columns->columns);
  if (columns->label < 0)
    samples->labels = g_ptr_array_new_with_free_func(g_free);
  else if (!number_labels(samples, rows->labels, error))
    return NULL;
  samples->x = mg_matrix_new(rows->names->len, columns->features->len, error);
  if (!samples->x)
    return NULL;
  memcpy(samples->x->data, rows->values->data, (size_t)rows->values->len * sizeof(float));
  samples->rows = steal_strings(rows->names);
  if (columns->group >= 0)
    samples->groups = steal_strings(rows->groups);
  return g_steal_pointer(&samples);
}

/* Exactly the wanted ones. */
static gboolean
find_columns(Columns *columns, const GPtrArray *header, const GPtrArray *wanted, GError **error)
{
  columns->label = columns->group = -1;
  columns->name = MAX(find_column(header, "filename"), find_column(header, "songname"));
  for (guint i = 0; i < wanted->len; i++) {
    int found = require_column(columns, header, wanted->pdata[i], error);
    if (found < 0)
      return FALSE;
    guint column = (guint)found;
    g_array_append_val(columns->features, column);
    g_ptr_array_add(columns->columns, g_strdup(wanted->pdata[i]));
  }
  return TRUE;
}

static MgSamples *
read_samples(Columns *columns, MgCsvReader *reader, const MgSamplesLayout *layout, const GPtrArray *wanted, Rows *rows,
             GError **error)
{
  const GPtrArray *header = mg_csv_reader_fields(reader);
  if (!check_header(columns, header, error) ||
      !(wanted ? find_columns(columns, header, wanted, error) : sort_columns(columns, header, layout, error)))
    return NULL;
  g_autoptr(GError) cause = NULL;
  while (mg_csv_reader_next(reader, &cause))
    if (!read_row(columns, reader, rows, error))
      return NULL;
  if (!cause)
    return make_samples(columns, rows, error);
  g_propagate_error(error, g_steal_pointer(&cause));
  return NULL;
}

/* A zero byte would end the table where nobody sees it; names of classes have to go into JSON. */
static gboolean
check_text(const char *path, const char *text, size_t length, GError **error)
{
  const char *bad;
  guint line = 1;
  if (g_utf8_validate(text, (gssize)length, &bad))
    return TRUE;
  for (const char *p = text; p < bad; p++)
    line += *p == '\n';
  g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: line %u is not UTF-8 text (byte 0x%02x)"), path, line,
              (guint)(guchar)*bad);
  return FALSE;
}

static MgSamples *
load(const char *path, const MgSamplesLayout *layout, const GPtrArray *wanted, GError **error)
{
  size_t length;
  g_autofree char *text = mg_file_read(path, largest_file, &length, error);
  g_autoptr(MgCsvReader) reader =
      text && check_text(path, text, length, error) ? mg_csv_reader_new(text, path, error) : NULL;
  if (!reader)
    return NULL;
  Columns columns = {.path = path};
  columns.features = g_array_new(FALSE, FALSE, sizeof(guint));
  columns.columns = g_ptr_array_new_with_free_func(g_free);
  Rows rows = {.values = g_array_new(FALSE, FALSE, sizeof(float)),
               .labels = g_ptr_array_new(),
               .groups = g_ptr_array_new_with_free_func(g_free),
               .names = g_ptr_array_new_with_free_func(g_free),
               .pool = g_string_chunk_new(4096)};
  MgSamples *samples = read_samples(&columns, reader, layout, wanted, &rows, error);
  if (!samples && error)
    mg_one_line((*error)->message); /* it quotes the table, whose texts may have lines of their own */
  g_array_unref(columns.features);
  g_ptr_array_unref(columns.columns);
  g_array_unref(rows.values);
  g_ptr_array_unref(rows.labels);
  g_ptr_array_unref(rows.groups);
  g_ptr_array_unref(rows.names);
  g_string_chunk_free(rows.pool);
  return samples;
}

MgSamples *
mg_samples_load(const char *path, const MgSamplesLayout *layout, GError **error)
{
  return load(path, layout, NULL, error);
}

MgSamples *
mg_samples_load_columns(const char *path, const GPtrArray *columns, GError **error)
{
  return load(path, NULL, columns, error);
}

static char **
pick_strings(char **strings, const guint32 *rows, size_t n)
{
  char **picked = strings ? g_new0(char *, n + 1) : NULL;
  for (size_t i = 0; strings && i < n; i++)
    picked[i] = g_strdup(strings[rows[i]]);
  return picked;
}

MgSamples *
mg_samples_pick(const MgSamples *samples, const guint32 *rows, size_t n)
{
  MgSamples *picked = g_new0(MgSamples, 1);
  picked->name = g_strdup(samples->name);
  picked->columns = g_ptr_array_ref(samples->columns);
  picked->labels = g_ptr_array_ref(samples->labels);
  picked->rows = pick_strings(samples->rows, rows, n);
  picked->groups = pick_strings(samples->groups, rows, n);
  picked->x = mg_matrix_new(n, samples->x->cols, NULL);
  picked->y = g_new(int, MAX(1, n));
  for (size_t i = 0; i < n; i++) {
    memcpy(mg_matrix_row(picked->x, i), mg_matrix_row(samples->x, rows[i]), samples->x->cols * sizeof(float));
    picked->y[i] = samples->y[rows[i]];
  }
  return picked;
}

guint32 *
mg_samples_group_numbers(const MgSamples *samples)
{
  if (!samples->groups)
    return NULL;
  g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
  guint32 *numbers = g_new(guint32, samples->x->rows), next = 0;
  for (size_t row = 0; row < samples->x->rows; row++) {
    const char *group = samples->groups[row];
    gpointer number;
    gboolean found = *group && g_hash_table_lookup_extended(known, group, NULL, &number);
    numbers[row] = found ? GPOINTER_TO_UINT(number) : next++;
    if (*group && !found)
      g_hash_table_insert(known, (gpointer)group, GUINT_TO_POINTER(numbers[row]));
  }
  return numbers;
}
