#include "dataset/table-rows.h"
#include "base/error.h"
#include "base/file.h"
#include "base/parallel.h"
#include "dataset/cache-file.h"
#include "dataset/clip.h"
#include "dataset/table-row.h"
#include "dataset/table.h"
#include <glib/gi18n-lib.h>
#include <string.h>

/* Written into every key: to be raised whenever a row's values change for the same parameters. */
static const int table_version = 1;
static const guint64 cache_limit = (guint64)1 << 30; /* bytes */

/* The cache's file of a row holds its length before its values: in two numbers, as floats are whole up to 2^24. */
enum { LENGTH_VALUES = 2, LENGTH_UNIT = 1 << 16 };

struct MgTableRows {
  MgRowMaker *maker;
  int sr;
  char *params_key, *folder;
};

MgTableRows *
mg_table_rows_new(const char *kind, const MgParams *params, GError **error)
{
  int sr;
  MgRowMaker *maker = mg_audio_params_sr(params, &sr, error) ? mg_row_maker_new(kind, params, error) : NULL;
  if (!maker)
    return NULL;
  MgTableRows *rows = g_new0(MgTableRows, 1);
  rows->maker = maker;
  rows->sr = sr;
  rows->folder = mg_cache_folder("tables");
  rows->params_key = mg_row_maker_key(maker);
  mg_folder_make(rows->folder, NULL); /* where it cannot be made, nothing is kept */
  return rows;
}

void
mg_table_rows_free(MgTableRows *rows)
{
  if (!rows)
    return;
  mg_row_maker_free(rows->maker);
  g_free(rows->folder);
  g_free(rows->params_key);
  g_free(rows);
}

GPtrArray *
mg_table_rows_columns(const MgTableRows *rows)
{
  return mg_row_maker_columns(rows->maker);
}

void
mg_table_rows_prune(const MgTableRows *rows)
{
  mg_cache_prune(rows->folder, cache_limit);
}

static size_t
count_columns(const MgTableRows *rows)
{
  return mg_row_maker_columns(rows->maker)->len;
}

/* Making */

/* A name for the row in the cache; NULL where the file cannot be read. */
static char *
cache_path(const MgTableRows *rows, const MgTableStretch *stretch, GError **error)
{
  g_autofree char *content = mg_cache_content_key(stretch->path, error);
  if (!content)
    return NULL;
  g_autofree char *key = g_strdup_printf("%s;version=%d;%.6f-%.6f;%s", content, table_version, stretch->start,
                                         stretch->end, rows->params_key);
  g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, key, -1);
  g_autofree char *name = g_strdup_printf("%s.row", sum);
  return g_build_filename(rows->folder, name, NULL);
}

static gboolean
find_cached(const char *path, MgTableFigures *figures, size_t columns)
{
  MgCacheFile file;
  if (!mg_cache_file_open(&file, path, 1, 1, columns + LENGTH_VALUES))
    return FALSE;
  figures->length = (size_t)file.values[0] * LENGTH_UNIT + (size_t)file.values[1];
  memcpy(figures->values, file.values + LENGTH_VALUES, columns * sizeof *figures->values);
  mg_cache_file_clear(&file);
  return TRUE;
}

/* A cache that cannot be written costs time, nothing else. */
static void
keep_cached(const char *path, const MgTableFigures *figures, size_t columns)
{
  g_autoptr(GError) error = NULL;
  g_autofree float *values = g_new(float, columns + LENGTH_VALUES);
  values[0] = (float)(figures->length / LENGTH_UNIT);
  values[1] = (float)(figures->length % LENGTH_UNIT);
  memcpy(values + LENGTH_VALUES, figures->values, columns * sizeof *values);
  if (!mg_cache_file_save(path, values, 1, 1, columns + LENGTH_VALUES, &error))
    g_info("a row is not kept: %s", error->message);
}

/* Memory stays flat however long the track is: it is spooled, and worked in stretches. */
static gboolean
compute(const MgTableRows *rows, const MgTableStretch *stretch, MgTableFigures *figures, GError **error)
{
  g_autoptr(MgClipReader) reader = mg_clip_reader_new(stretch->path, rows->sr, error);
  g_autoptr(MgSpool) samples = reader ? mg_clip_reader_spool(reader, stretch->start, stretch->until, error) : NULL;
  if (!samples)
    return FALSE;
  figures->length = mg_spool_cols(samples);
  g_autoptr(GError) cause = NULL;
  if (mg_row_maker_make(rows->maker, samples, mg_clip_reader_sr(reader), figures->values, &cause))
    return TRUE;
  g_set_error(error, cause->domain, cause->code, "%s: %s", stretch->path, cause->message);
  return FALSE;
}

gboolean
mg_table_rows_make(const MgTableRows *rows, const MgTableStretch *stretch, MgTableFigures *figures, GError **error)
{
  size_t columns = count_columns(rows);
  g_autofree char *path = cache_path(rows, stretch, error);
  if (!path)
    return FALSE;
  figures->cached = find_cached(path, figures, columns);
  if (figures->cached)
    return TRUE;
  if (!compute(rows, stretch, figures, error))
    return FALSE;
  keep_cached(path, figures, columns);
  return TRUE;
}

/* Asking: three numbers and the path; length, whether it was cached, and the values. */

gboolean
mg_table_rows_ask(const MgTableRows *rows, MgRanksCalls *calls, int rank, const MgTableStretch *stretch,
                  MgTableFigures *figures, GError **error)
{
  g_autofree char *path = g_canonicalize_filename(stretch->path, NULL);
  double numbers[] = {stretch->start, stretch->end, stretch->until};
  guint64 figure[2];
  size_t size = count_columns(rows) * sizeof *figures->values;
  g_autoptr(GByteArray) question = g_byte_array_new();
  g_byte_array_append(question, (const guint8 *)numbers, sizeof numbers);
  g_byte_array_append(question, (const guint8 *)path, (guint)strlen(path) + 1);
  g_autoptr(GByteArray) answer = mg_ranks_call(calls, rank, question, error);
  if (!answer)
    return FALSE;
  if (answer->len != sizeof figure + size) {
    g_set_error(error, MG_ERROR, MG_ERROR_DEVICE, _("rank %d: its table has other columns; expected the same program"),
                rank);
    return FALSE;
  }
  memcpy(figure, answer->data, sizeof figure);
  memcpy(figures->values, answer->data + sizeof figure, size);
  figures->length = figure[0];
  figures->cached = figure[1] != 0;
  return TRUE;
}

static GByteArray *
answer_row(const GByteArray *question, gpointer data, MgProgress *progress, GError **error)
{
  const MgTableRows *rows = data;
  double numbers[3];
  memcpy(numbers, question->data, sizeof numbers);
  MgTableStretch stretch = {(const char *)question->data + sizeof numbers, numbers[0], numbers[1], numbers[2]};
  g_autofree float *values = g_new0(float, count_columns(rows));
  MgTableFigures figures = {.values = values};
  if (!mg_progress_go_on(progress, error) || !mg_table_rows_make(rows, &stretch, &figures, error))
    return NULL;
  guint64 figure[] = {figures.length, (guint64)figures.cached};
  GByteArray *answer = g_byte_array_new();
  g_byte_array_append(answer, (const guint8 *)figure, sizeof figure);
  g_byte_array_append(answer, (const guint8 *)values, (guint)(count_columns(rows) * sizeof *values));
  return answer;
}

gboolean
mg_table_rows_serve(MgTableRows *rows, MgRanks *ranks, int jobs, MgProgress *progress, GError **error)
{
  gboolean good = mg_ranks_serve(ranks, jobs < 1 ? mg_processors() : jobs, answer_row, rows, progress, error);
  mg_table_rows_prune(rows);
  return good;
}
