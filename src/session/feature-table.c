#include "session/feature-table.h"
#include "base/csv.h"
#include "ml/table-check.h"

/* What a thread finds in a file; never changed once made. */
typedef struct {
  char **header, **texts;
  char *label, *group, *ignore;
  MgSamples *samples; /* NULL where it failed */
  GArray *suspects;   /* of MgSuspect */
  size_t duplicates;
} Content;

struct _MgFeatureTable {
  GObject parent_instance;
  MgFeatureTableState state;
  char *path, *message;
  Content *content;
  guint64 errand; /* number of the newest request; older answers are dropped */
};

G_DEFINE_FINAL_TYPE(MgFeatureTable, mg_feature_table, G_TYPE_OBJECT)

static guint changed_signal;
static const size_t largest_head = 1 << 20; /* bytes in which header and first row end */
static const char always_left_out[] = "filename,length";

static void
content_free(Content *content)
{
  if (!content)
    return;
  g_strfreev(content->header);
  g_strfreev(content->texts);
  g_free(content->label);
  g_free(content->group);
  g_free(content->ignore);
  mg_samples_free(content->samples);
  g_clear_pointer(&content->suspects, g_array_unref);
  g_free(content);
}

/* The header and the first row. */

static gboolean
is_number(const char *text)
{
  char *end;
  g_ascii_strtod(text, &end);
  while (g_ascii_isspace(*end))
    end++;
  return end != text && *end == 0;
}

static gboolean
is_left_out_anyway(const char *column)
{
  g_auto(GStrv) names = g_strsplit(always_left_out, ",", -1);
  return g_strv_contains((const char *const *)names, column);
}

/* The label by its usual names, else the last column of text. */
static const char *
guess_label(const Content *content)
{
  static const char *const names[] = {"label", "genre", "class", "category", "target"};
  for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
    if (g_strv_contains((const char *const *)content->header, names[i]))
      return names[i];
  guint n = g_strv_length(content->texts);
  return n ? content->texts[n - 1] : content->header[g_strv_length(content->header) - 1];
}

static char *
guess_ignored(const Content *content)
{
  GString *names = g_string_new(NULL);
  for (char **column = content->header; *column; column++) {
    gboolean text = g_strv_contains((const char *const *)content->texts, *column);
    if (!g_str_equal(*column, content->label) && (text || is_left_out_anyway(*column)))
      g_string_append_printf(names, "%s%s", names->len ? "," : "", *column);
  }
  return g_string_free(names, FALSE);
}

/* A part of the file is enough; its last line may be cut. */
static char *
read_head(const char *path, GError **error)
{
  g_autoptr(GFile) file = g_file_new_for_path(path);
  g_autoptr(GFileInputStream) stream = g_file_read(file, NULL, error);
  g_autoptr(GBytes) bytes =
      stream ? g_input_stream_read_bytes(G_INPUT_STREAM(stream), largest_head, NULL, error) : NULL;
  return bytes ? g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes)) : NULL;
}

static char **
copy_fields(const GPtrArray *fields)
{
  char **copies = g_new0(char *, fields->len + 1);
  for (guint i = 0; i < fields->len; i++)
    copies[i] = g_strdup(fields->pdata[i]);
  return copies;
}

static gboolean
read_columns(Content *content, const char *path, GError **error)
{
  g_autofree char *head = read_head(path, error);
  g_autoptr(MgCsvReader) reader = head ? mg_csv_reader_new(head, path, error) : NULL;
  if (!reader)
    return FALSE;
  content->header = copy_fields(mg_csv_reader_fields(reader));
  g_autoptr(GStrvBuilder) texts = g_strv_builder_new();
  gboolean row = mg_csv_reader_next(reader, NULL);
  for (guint i = 0; row && content->header[i]; i++)
    if (!is_number(mg_csv_reader_fields(reader)->pdata[i]))
      g_strv_builder_add(texts, content->header[i]);
  content->texts = g_strv_builder_end(texts);
  return TRUE;
}

/* All of it, on a thread. */

static void
check(Content *content)
{
  g_auto(MgDuplicates) duplicates = mg_duplicates_find(content->samples);
  content->duplicates = duplicates.identical + duplicates.nearly;
  content->suspects = mg_samples_suspects(content->samples);
}

typedef struct {
  char *path;
  Content *content;
} Errand;

static void
errand_free(gpointer data)
{
  Errand *errand = data;
  content_free(errand->content);
  g_free(errand->path);
  g_free(errand);
}

static gboolean
read_content(Content *content, const char *path, GError **error)
{
  if (!read_columns(content, path, error))
    return FALSE;
  if (!content->label) {
    content->label = g_strdup(guess_label(content));
    content->ignore = guess_ignored(content);
  }
  MgSamplesLayout layout = {content->label, content->group, content->ignore};
  content->samples = mg_samples_load(path, &layout, error);
  if (content->samples)
    check(content);
  return content->samples != NULL;
}

static void
read_on_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Errand *errand = data;
  GError *error = NULL;
  if (read_content(errand->content, errand->path, &error))
    g_task_return_boolean(task, TRUE);
  else
    g_task_return_error(task, error);
}

/* A failure leaves the columns that were found, so that others can be chosen. */
static void
on_read(GObject *source, GAsyncResult *result, gpointer data)
{
  MgFeatureTable *table = MG_FEATURE_TABLE(source);
  Errand *errand = g_task_get_task_data(G_TASK(result));
  g_autoptr(GError) error = NULL;
  gboolean good = g_task_propagate_boolean(G_TASK(result), &error);
  if (GPOINTER_TO_SIZE(data) != table->errand)
    return;
  content_free(table->content);
  table->content = g_steal_pointer(&errand->content);
  table->state = good ? MG_TABLE_READY : MG_TABLE_FAILED;
  table->message = error ? g_strdup(error->message) : NULL;
  g_signal_emit(table, changed_signal, 0);
}

static void
read_table(MgFeatureTable *table, const char *label, const char *group, const char *ignore)
{
  Errand *errand = g_new0(Errand, 1);
  errand->path = g_strdup(table->path);
  errand->content = g_new0(Content, 1);
  errand->content->label = g_strdup(label);
  errand->content->group = group && *group ? g_strdup(group) : NULL;
  errand->content->ignore = g_strdup(ignore);
  table->state = MG_TABLE_READING;
  g_clear_pointer(&table->message, g_free);
  g_autoptr(GTask) task = g_task_new(table, NULL, on_read, GSIZE_TO_POINTER(++table->errand));
  g_task_set_task_data(task, errand, errand_free);
  g_task_run_in_thread(task, read_on_thread);
  g_signal_emit(table, changed_signal, 0);
}

void
mg_feature_table_open(MgFeatureTable *table, const char *path)
{
  g_clear_pointer(&table->content, content_free);
  g_free(table->path);
  table->path = g_strdup(path);
  read_table(table, NULL, NULL, NULL);
}

void
mg_feature_table_set_layout(MgFeatureTable *table, const char *label, const char *group, const char *ignore)
{
  g_return_if_fail(table->path && label);
  read_table(table, label, group, ignore);
}

/* Reading it off. */

static const char *const none[] = {NULL};

MgFeatureTableState
mg_feature_table_state(MgFeatureTable *table)
{
  return table->state;
}

const char *
mg_feature_table_message(MgFeatureTable *table)
{
  return table->message ? table->message : "";
}

const char *
mg_feature_table_path(MgFeatureTable *table)
{
  return table->path;
}

const char *const *
mg_feature_table_header(MgFeatureTable *table)
{
  return table->content && table->content->header ? (const char *const *)table->content->header : none;
}

const char *const *
mg_feature_table_texts(MgFeatureTable *table)
{
  return table->content && table->content->texts ? (const char *const *)table->content->texts : none;
}

const char *
mg_feature_table_label(MgFeatureTable *table)
{
  return table->content && table->content->label ? table->content->label : "";
}

const char *
mg_feature_table_group(MgFeatureTable *table)
{
  return table->content ? table->content->group : NULL;
}

const char *
mg_feature_table_ignore(MgFeatureTable *table)
{
  return table->content && table->content->ignore ? table->content->ignore : "";
}

const MgSamples *
mg_feature_table_samples(MgFeatureTable *table)
{
  return table->state == MG_TABLE_READY ? table->content->samples : NULL;
}

const GArray *
mg_feature_table_suspects(MgFeatureTable *table)
{
  return table->state == MG_TABLE_READY ? table->content->suspects : NULL;
}

size_t
mg_feature_table_duplicates(MgFeatureTable *table)
{
  return table->state == MG_TABLE_READY ? table->content->duplicates : 0;
}

gboolean
mg_feature_table_names_tracks(MgFeatureTable *table)
{
  const char *const *header = mg_feature_table_header(table);
  return mg_feature_table_group(table) || g_strv_contains(header, "filename") || g_strv_contains(header, "songname");
}

static void
mg_feature_table_finalize(GObject *object)
{
  MgFeatureTable *table = MG_FEATURE_TABLE(object);
  content_free(table->content);
  g_free(table->path);
  g_free(table->message);
  G_OBJECT_CLASS(mg_feature_table_parent_class)->finalize(object);
}

static void
mg_feature_table_class_init(MgFeatureTableClass *klass)
{
  G_OBJECT_CLASS(klass)->finalize = mg_feature_table_finalize;
  changed_signal =
      g_signal_new("changed", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
mg_feature_table_init(MgFeatureTable *table)
{
}

MgFeatureTable *
mg_feature_table_new(void)
{
  return g_object_new(MG_TYPE_FEATURE_TABLE, NULL);
}
