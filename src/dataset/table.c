#include "dataset/table.h"
#include "base/csv.h"
#include "base/error.h"
#include "base/file.h"
#include "base/parallel.h"
#include "dataset/cache-file.h"
#include "dataset/clip.h"
#include "dataset/segment.h"
#include "dataset/table-row.h"
#include <string.h>

/* Written into every key: to be raised whenever a row's values change for the same parameters. */
static const int table_version = 1;
static const guint64 cache_limit = (guint64)1 << 30; /* bytes */

/* The cache's file of a row holds its length before its values: in two numbers, as floats are whole up to 2^24. */
enum { LENGTH_VALUES = 2, LENGTH_UNIT = 1 << 16 };

typedef struct {
  const MgManifest *manifest;
  const MgRowMaker *maker;
  int sr;
  char *params_key, *folder;
  const GArray *parts; /* MgSegment: the tracks, or parts of them */
  MgTableRow **rows;   /* [part]; NULL where it has none */
  char **problems;     /* [part] */
  guint cached;        /* atomic */
  gboolean whole_tracks;
} Extraction;

static void
free_row(gpointer data)
{
  MgTableRow *row = data;
  if (!row)
    return;
  g_free(row->filename);
  g_free(row->values);
  g_free(row);
}

void
mg_table_free(MgTable *table)
{
  if (!table)
    return;
  g_ptr_array_unref(table->columns);
  g_ptr_array_unref(table->rows);
  g_ptr_array_unref(table->problems);
  g_free(table);
}

/* A name for the part's row in the cache; NULL where the track cannot be read. */
static char *
cache_path(const Extraction *job, const MgSegment *part, GError **error)
{
  g_autofree char *content = mg_cache_content_key(mg_manifest_track(job->manifest, part->track)->path, error);
  if (!content)
    return NULL;
  g_autofree char *key =
      g_strdup_printf("%s;version=%d;%.6f-%.6f;%s", content, table_version, part->start, part->end, job->params_key);
  g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, key, -1);
  g_autofree char *name = g_strdup_printf("%s.row", sum);
  return g_build_filename(job->folder, name, NULL);
}

static gboolean
find_cached(const char *path, MgTableRow *row, size_t columns)
{
  MgCacheFile file;
  if (!mg_cache_file_open(&file, path, 1, 1, columns + LENGTH_VALUES))
    return FALSE;
  row->length = (size_t)file.values[0] * LENGTH_UNIT + (size_t)file.values[1];
  memcpy(row->values, file.values + LENGTH_VALUES, columns * sizeof *row->values);
  mg_cache_file_clear(&file);
  return TRUE;
}

/* A cache that cannot be written costs time, nothing else. */
static void
keep_cached(const char *path, const MgTableRow *row, size_t columns)
{
  g_autoptr(GError) error = NULL;
  g_autofree float *values = g_new(float, columns + LENGTH_VALUES);
  values[0] = (float)(row->length / LENGTH_UNIT);
  values[1] = (float)(row->length % LENGTH_UNIT);
  memcpy(values + LENGTH_VALUES, row->values, columns * sizeof *values);
  if (!mg_cache_file_save(path, values, 1, 1, columns + LENGTH_VALUES, &error))
    g_info("a row is not kept: %s", error->message);
}

/* Memory stays flat however long the track is: it is spooled, and worked in stretches. */
static gboolean
compute_row(const Extraction *job, const MgSegment *part, MgTableRow *row, GError **error)
{
  const MgTrack *track = mg_manifest_track(job->manifest, part->track);
  g_autoptr(MgClipReader) reader = mg_clip_reader_new(track->path, job->sr, error);
  if (!reader)
    return FALSE;
  double end = job->whole_tracks ? track->end : MIN(part->end, track->start + track->duration);
  g_autoptr(MgSpool) samples = mg_clip_reader_spool(reader, part->start, end, error);
  if (!samples)
    return FALSE;
  row->length = mg_spool_cols(samples);
  g_autoptr(GError) cause = NULL;
  if (mg_row_maker_make(job->maker, samples, mg_clip_reader_sr(reader), row->values, &cause))
    return TRUE;
  g_set_error(error, cause->domain, cause->code, "%s: %s", track->path, cause->message);
  return FALSE;
}

static char *
row_name(const Extraction *job, const MgSegment *part)
{
  const char *name = mg_manifest_track(job->manifest, part->track)->name;
  return job->whole_tracks ? g_strdup(name) : g_strdup_printf("%s_%u", name, part->part);
}

static gboolean
make_row(size_t index, int worker, gpointer data, GError **error)
{
  Extraction *job = data;
  const MgSegment *part = &g_array_index(job->parts, MgSegment, index);
  size_t columns = mg_row_maker_columns(job->maker)->len;
  MgTableRow *row = g_new0(MgTableRow, 1);
  row->filename = row_name(job, part);
  row->track = part->track;
  row->part = (guint32)index;
  row->values = g_new(float, columns);
  g_autoptr(GError) cause = NULL;
  g_autofree char *path = cache_path(job, part, &cause);
  if (path && find_cached(path, row, columns)) {
    g_atomic_int_inc(&job->cached);
  } else if (path && compute_row(job, part, row, &cause)) {
    keep_cached(path, row, columns);
  } else {
    job->problems[index] = g_strdup(cause->message);
    g_clear_pointer(&row, free_row);
  }
  job->rows[index] = row;
  return TRUE;
}

static MgParams *
cut_params(const MgParams *params)
{
  static const MgParamTable *const tables[] = {&mg_segment_params, NULL};
  MgParams *cut = mg_params_new(tables);
  mg_params_take(cut, params);
  return cut;
}

void
mg_table_cut_track(GArray *parts, guint32 number, const MgTrack *track, const MgParams *params)
{
  if (mg_params_is_auto(params, "segment_seconds")) {
    MgSegment all = {number, 1, track->start, track->start + track->duration, track->split};
    g_array_append_val(parts, all);
    return;
  }
  g_autoptr(MgParams) cut = cut_params(params);
  mg_segments_cut_track(parts, number, track->start, track->duration, track->split, cut);
}

GArray *
mg_table_parts(const MgManifest *manifest, const MgParams *params)
{
  GArray *parts = g_array_new(FALSE, FALSE, sizeof(MgSegment));
  for (guint i = 0; i < manifest->tracks->len; i++)
    mg_table_cut_track(parts, i, mg_manifest_track(manifest, i), params);
  return parts;
}

static MgTable *
collect(Extraction *job)
{
  MgTable *table = g_new0(MgTable, 1);
  table->columns = g_ptr_array_ref(mg_row_maker_columns(job->maker));
  table->rows = g_ptr_array_new_with_free_func(free_row);
  table->problems = g_ptr_array_new_with_free_func(g_free);
  table->cached = job->cached;
  for (guint i = 0; i < job->parts->len; i++) {
    if (job->rows[i])
      g_ptr_array_add(table->rows, g_steal_pointer(&job->rows[i]));
    if (job->problems[i])
      g_ptr_array_add(table->problems, g_steal_pointer(&job->problems[i]));
  }
  return table;
}

static void
clear_extraction(Extraction *job)
{
  for (guint i = 0; i < job->parts->len; i++) {
    free_row(job->rows[i]);
    g_free(job->problems[i]);
  }
  g_free(job->rows);
  g_free(job->problems);
  g_free(job->folder);
  g_free(job->params_key);
}

static MgTable *
run(Extraction *job, int jobs, MgProgress *progress, GError **error)
{
  job->rows = g_new0(MgTableRow *, job->parts->len + 1);
  job->problems = g_new0(char *, job->parts->len + 1);
  mg_folder_make(job->folder, NULL); /* where it cannot be made, nothing is kept */
  gboolean good = mg_parallel_for(job->parts->len, jobs, make_row, job, progress, error);
  mg_cache_prune(job->folder, cache_limit);
  g_autoptr(MgTable) table = good ? collect(job) : NULL;
  if (!table || table->rows->len > 0)
    return g_steal_pointer(&table);
  g_set_error(error, MG_ERROR, MG_ERROR_DATA, "%s: no track gives a row: %s", job->manifest->path,
              table->problems->len ? (const char *)table->problems->pdata[0] : "there is none");
  return NULL;
}

MgTable *
mg_table_extract_parts(const MgManifest *manifest, const GArray *parts, const char *kind, const MgParams *params,
                       int jobs, MgProgress *progress, GError **error)
{
  int sr;
  g_autoptr(MgRowMaker) maker = mg_audio_params_sr(params, &sr, error) ? mg_row_maker_new(kind, params, error) : NULL;
  if (!maker)
    return NULL;
  Extraction job = {.manifest = manifest, .maker = maker, .sr = sr, .parts = parts};
  job.whole_tracks = mg_params_is_auto(params, "segment_seconds");
  job.folder = mg_cache_folder("tables");
  job.params_key = mg_row_maker_key(maker);
  MgTable *table = run(&job, jobs, progress, error);
  clear_extraction(&job);
  return table;
}

MgTable *
mg_table_extract(const MgManifest *manifest, const char *kind, const MgParams *params, int jobs, MgProgress *progress,
                 GError **error)
{
  g_autoptr(GArray) parts = mg_table_parts(manifest, params);
  return mg_table_extract_parts(manifest, parts, kind, params, jobs, progress, error);
}

static void
append_row(GString *line, const MgTable *table, const MgTableRow *row, const char *label)
{
  g_autofree char *length = g_strdup_printf("%zu", row->length);
  mg_csv_append(line, row->filename);
  mg_csv_append(line, length);
  for (guint i = 0; i < table->columns->len; i++)
    mg_csv_append_number(line, row->values[i], 9);
  mg_csv_append(line, label);
}

gboolean
mg_table_save(const MgTable *table, const MgManifest *manifest, const char *path, GError **error)
{
  g_autoptr(MgFileWriter) writer = mg_file_writer_new(path, error);
  if (!writer)
    return FALSE;
  g_autoptr(GString) line = g_string_new("filename,length");
  for (guint i = 0; i < table->columns->len; i++)
    mg_csv_append(line, table->columns->pdata[i]);
  mg_csv_append(line, "label");
  for (guint i = 0;; i++) {
    g_string_append_c(line, '\n');
    if (!mg_file_writer_write(writer, line->str, line->len, error))
      return FALSE;
    if (i == table->rows->len)
      break;
    const MgTableRow *row = table->rows->pdata[i];
    g_string_truncate(line, 0);
    append_row(line, table, row, mg_manifest_label(manifest, mg_manifest_track(manifest, row->track)->label));
  }
  return mg_file_writer_finish(writer, error);
}
