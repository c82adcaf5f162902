#include "dataset/table.h"
#include "base/csv.h"
#include "base/error.h"
#include "base/file.h"
#include "base/parallel.h"
#include "dataset/segment.h"
#include "dataset/table-rows.h"
#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct {
  const MgManifest *manifest;
  const MgTableRows *maker;
  const GArray *parts; /* MgSegment: the tracks, or parts of them */
  MgTableRow **rows;   /* [part]; NULL where it has none */
  char **problems;     /* [part] */
  guint cached;        /* atomic */
  gboolean whole_tracks;
  MgRanksCalls *calls; /* NULL: this process does all */
  GArray *workers;     /* int: the rank that each worker asks; 0: it makes rows itself */
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

static char *
row_name(const Extraction *job, const MgSegment *part)
{
  const char *name = mg_manifest_track(job->manifest, part->track)->name;
  return job->whole_tracks ? g_strdup(name) : g_strdup_printf("%s_%u", name, part->part);
}

/* By the rank that the worker stands for; where that is gone, here. */
static gboolean
figure_out(const Extraction *job, int worker, const MgSegment *part, MgTableFigures *figures, GError **error)
{
  const MgTrack *track = mg_manifest_track(job->manifest, part->track);
  double until = job->whole_tracks ? track->end : MIN(part->end, track->start + track->duration);
  MgTableStretch stretch = {track->path, part->start, part->end, until};
  int rank = g_array_index(job->workers, int, worker);
  g_autoptr(GError) cause = NULL;
  if (rank > 0 && mg_table_rows_ask(job->maker, job->calls, rank, &stretch, figures, &cause))
    return TRUE;
  if (rank == 0 || g_error_matches(cause, MG_ERROR, MG_ERROR_DEVICE))
    return mg_table_rows_make(job->maker, &stretch, figures, error);
  g_propagate_error(error, g_steal_pointer(&cause));
  return FALSE;
}

static gboolean
make_row(size_t index, int worker, gpointer data, GError **error)
{
  Extraction *job = data;
  const MgSegment *part = &g_array_index(job->parts, MgSegment, index);
  MgTableRow *row = g_new0(MgTableRow, 1);
  row->filename = row_name(job, part);
  row->track = part->track;
  row->part = (guint32)index;
  row->values = g_new(float, mg_table_rows_columns(job->maker)->len);
  MgTableFigures figures = {.values = row->values};
  g_autoptr(GError) cause = NULL;
  if (figure_out(job, worker, part, &figures, &cause)) {
    row->length = figures.length;
    g_atomic_int_add(&job->cached, figures.cached);
  } else {
    g_clear_pointer(&row, free_row);
  }
  job->rows[index] = row;
  if (g_error_matches(cause, MG_ERROR, MG_ERROR_CANCELLED)) {
    g_propagate_error(error, g_steal_pointer(&cause));
    return FALSE;
  }
  if (cause)
    job->problems[index] = g_strdup(cause->message);
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
  table->columns = g_ptr_array_ref(mg_table_rows_columns(job->maker));
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
  g_array_unref(job->workers);
}

/* This process's workers, then those that stand for the other ranks': as many as these do at a time. */
static void
add_workers(Extraction *job, MgRanks *ranks, int jobs)
{
  job->workers = g_array_new(FALSE, FALSE, sizeof(int));
  for (int rank = 0; rank < mg_ranks_size(ranks); rank++) {
    int processors = ranks ? mg_ranks_processors(ranks, rank) : mg_processors();
    for (int i = 0; i < (jobs < 1 ? processors : jobs); i++)
      g_array_append_val(job->workers, rank);
  }
}

static MgTable *
run(Extraction *job, MgRanks *ranks, MgProgress *progress, GError **error)
{
  job->rows = g_new0(MgTableRow *, job->parts->len + 1);
  job->problems = g_new0(char *, job->parts->len + 1);
  job->calls = mg_ranks_calls_new(ranks, progress);
  gboolean good = mg_parallel_for(job->parts->len, (int)job->workers->len, make_row, job, progress, error);
  mg_ranks_calls_free(job->calls);
  mg_table_rows_prune(job->maker);
  g_autoptr(MgTable) table = good ? collect(job) : NULL;
  if (!table || table->rows->len > 0)
    return g_steal_pointer(&table);
  g_set_error(error, MG_ERROR, MG_ERROR_DATA, _("%s: no track gives a row: %s"), job->manifest->path,
              table->problems->len ? (const char *)table->problems->pdata[0] : _("there is none"));
  return NULL;
}

static MgTable *
extract_parts(const MgManifest *manifest, const GArray *parts, const MgTableRows *maker, gboolean whole_tracks,
              int jobs, MgRanks *ranks, MgProgress *progress, GError **error)
{
  Extraction job = {.manifest = manifest, .maker = maker, .parts = parts, .whole_tracks = whole_tracks};
  add_workers(&job, ranks, jobs);
  MgTable *table = run(&job, ranks, progress, error);
  clear_extraction(&job);
  return table;
}

MgTable *
mg_table_extract_parts(const MgManifest *manifest, const GArray *parts, const char *kind, const MgParams *params,
                       int jobs, MgProgress *progress, GError **error)
{
  g_autoptr(MgTableRows) maker = mg_table_rows_new(kind, params, error);
  gboolean whole = mg_params_is_auto(params, "segment_seconds");
  return maker ? extract_parts(manifest, parts, maker, whole, jobs, NULL, progress, error) : NULL;
}

MgTable *
mg_table_extract(const MgManifest *manifest, const char *kind, const MgParams *params, int jobs, MgProgress *progress,
                 GError **error)
{
  g_autoptr(GArray) parts = mg_table_parts(manifest, params);
  return mg_table_extract_parts(manifest, parts, kind, params, jobs, progress, error);
}

MgTable *
mg_table_extract_by_ranks(const MgManifest *manifest, const char *kind, const MgParams *params, int jobs,
                          MgRanks *ranks, MgProgress *progress, GError **error)
{
  g_autoptr(MgTableRows) maker = mg_table_rows_new(kind, params, error);
  gboolean good = maker && (manifest || !mg_ranks_leads(ranks));
  if (!mg_ranks_agree(ranks, good, progress, error))
    return NULL;
  if (!mg_ranks_leads(ranks)) {
    mg_table_rows_serve(maker, ranks, jobs, progress, error);
    return NULL;
  }
  g_autoptr(GArray) parts = mg_table_parts(manifest, params);
  gboolean whole = mg_params_is_auto(params, "segment_seconds");
  return extract_parts(manifest, parts, maker, whole, jobs, ranks, progress, error);
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
