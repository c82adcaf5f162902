#include "train/table-data.h"
#include "train/embedding-check.h"
#include "base/error.h"
#include "dataset/split.h"
#include "ml/table-check.h"
#include <glib/gi18n-lib.h>

void
mg_table_data_free(MgTableData *data)
{
  if (!data)
    return;
  mg_samples_free(data->samples);
  mg_manifest_free(data->manifest);
  g_clear_pointer(&data->segments, g_array_unref);
  mg_table_source_free(data->source);
  g_ptr_array_unref(data->warnings);
  g_free(data);
}

guint32 *
mg_table_data_side(const MgTableData *data, MgSplit split, size_t *n)
{
  guint32 *rows = g_new(guint32, MAX(data->segments->len, 1));
  *n = 0;
  for (guint32 row = 0; row < data->segments->len; row++)
    if (g_array_index(data->segments, MgSegment, row).split == split)
      rows[(*n)++] = row;
  return rows;
}

/* Rows that are the same */

static gboolean
check_duplicates(MgTableData *data, const MgTableRequest *request, GError **error)
{
  gboolean group = mg_params_bool(request->params, "group_duplicates");
  if (group && request->by_split && data->source) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE,
                _("group_duplicates=true: the split of %s is made before its sounds are compared; expected --cv K"),
                request->dataset);
    return FALSE;
  }
  g_auto(MgDuplicates) duplicates = mg_duplicates_find(data->samples);
  data->duplicates = duplicates.identical + duplicates.nearly;
  if (data->duplicates == 0)
    return TRUE;
  if (group)
    mg_duplicates_group(&duplicates, data->samples);
  const char *advice = group               ? _("each stays in one fold")
                       : request->by_split ? _("the split may part them")
                                           : _("--set group_duplicates=true keeps them in one fold");
  g_ptr_array_add(data->warnings,
                  g_strdup_printf(_("%s: %zu pairs of rows are the same and %zu nearly; %s"), data->samples->name,
                                  duplicates.identical, duplicates.nearly, advice));
  return TRUE;
}

/* Columns of one value are told in one line, as there may be hundreds. */
static void
warn_of_constants(MgTableData *data)
{
  const MgMatrix *x = data->samples->x;
  const char *first = NULL;
  guint constant = 0;
  for (size_t column = 0; column < x->cols; column++) {
    size_t row = 1;
    while (row < x->rows && mg_matrix_row(x, row)[column] == mg_matrix_row(x, 0)[column])
      row++;
    if (row < x->rows)
      continue;
    constant++;
    first = first ? first : data->samples->columns->pdata[column];
  }
  if (constant > 0)
    g_ptr_array_add(data->warnings,
                    g_strdup_printf(_("%s: %u of %zu columns have one value (“%s”%s): they tell nothing"),
                                    data->samples->name, constant, x->cols, first, constant > 1 ? ", …" : ""));
}

/* A CSV */

static void
add_rows(MgTableData *data)
{
  const MgSamples *samples = data->samples;
  data->manifest = mg_manifest_new(samples->name);
  for (guint i = 0; i < samples->labels->len; i++)
    g_ptr_array_add(data->manifest->labels, g_strdup(samples->labels->pdata[i]));
  for (size_t row = 0; row < samples->x->rows; row++) {
    MgTrack *track = mg_manifest_add(data->manifest, samples->rows[row], samples->y[row]);
    if (samples->groups && *samples->groups[row])
      track->group = g_strdup(samples->groups[row]);
  }
}

static void
make_row_segments(MgTableData *data)
{
  data->segments = g_array_new(FALSE, FALSE, sizeof(MgSegment));
  for (guint row = 0; row < data->manifest->tracks->len; row++) {
    MgSegment segment = {.track = row, .part = 1, .split = mg_manifest_track(data->manifest, row)->split};
    g_array_append_val(data->segments, segment);
  }
}

/* Where folds are dealt, the model that is kept learns from every row. */
static gboolean
deal_sides(MgTableData *data, const MgTableRequest *request, GError **error)
{
  for (guint i = 0; !request->by_split && i < data->manifest->tracks->len; i++)
    mg_manifest_track(data->manifest, i)->split = MG_SPLIT_TRAIN;
  data->leaky = request->by_split && mg_split_is_leaky(request->params);
  return !request->by_split || mg_split_apply(data->manifest, request->params, data->warnings, error);
}

static gboolean
open_table(MgTableData *data, const MgTableRequest *request, GError **error)
{
  MgSamplesLayout layout = {request->label, request->group, request->ignore};
  data->samples = mg_samples_load(request->table, &layout, error);
  if (!data->samples)
    return FALSE;
  mg_samples_check_columns(data->samples, data->warnings);
  warn_of_constants(data);
  if (!check_duplicates(data, request, error))
    return FALSE;
  add_rows(data);
  if (!deal_sides(data, request, error))
    return FALSE;
  make_row_segments(data);
  return TRUE;
}

/* The sounds of a data set */

static MgTableSource *
open_source(const MgTableRequest *request, GError **error)
{
  return request->embedding ? mg_table_source_embedding(request->embedding, request->layer, request->params, error)
                            : mg_table_source_features(request->params, error);
}

static gboolean
open_dataset(MgTableData *data, const MgTableRequest *request, MgProgress *progress, GError **error)
{
  data->source = open_source(request, error);
  data->manifest = data->source ? mg_manifest_open(request->dataset, &request->import, progress, error) : NULL;
  if (!data->manifest || !deal_sides(data, request, error))
    return FALSE;
  for (guint i = 0; i < data->manifest->problems->len; i++)
    g_ptr_array_add(data->warnings, g_strdup(data->manifest->problems->pdata[i]));
  if (request->embedding)
    mg_embedding_check(request->embedding, data->manifest, request->by_split, data->warnings);
  data->segments = mg_table_source_cut(data->source, data->manifest);
  if (data->leaky)
    mg_split_segments(data->segments, data->manifest, request->params);
  return TRUE;
}

/* Segments of one track stay together, whether it has a group or not. */
static char *
group_of(const MgTrack *track)
{
  return track->group ? g_strdup(track->group) : g_strdup_printf("%s %.3f", track->path, track->start);
}

static MgSamples *
samples_of(const MgTableData *data, MgMatrix *x)
{
  guint n = data->segments->len;
  MgSamples *samples = g_new0(MgSamples, 1);
  samples->name = g_strdup(data->manifest->path);
  samples->x = x;
  samples->columns = g_ptr_array_ref(data->source->columns);
  samples->labels = g_ptr_array_ref(data->manifest->labels);
  samples->y = g_new(int, MAX(n, 1));
  samples->rows = g_new0(char *, n + 1);
  samples->groups = g_new0(char *, n + 1);
  for (guint i = 0; i < n; i++) {
    const MgSegment *segment = &g_array_index(data->segments, MgSegment, i);
    const MgTrack *track = mg_manifest_track(data->manifest, segment->track);
    samples->y[i] = track->label;
    samples->rows[i] = g_strdup_printf("%s_%u", track->name, segment->part);
    samples->groups[i] = group_of(track);
  }
  return samples;
}

gboolean
mg_table_data_fill(MgTableData *data, const MgTableRequest *request, MgProgress *progress, GError **error)
{
  if (data->samples)
    return TRUE;
  int threads = (int)mg_params_int(request->params, "threads");
  MgMatrix *x =
      mg_table_source_rows(data->source, data->manifest, data->segments, threads, data->warnings, progress, error);
  if (!x)
    return FALSE;
  data->samples = samples_of(data, x);
  warn_of_constants(data);
  return check_duplicates(data, request, error);
}

MgTableData *
mg_table_data_open(const MgTableRequest *request, MgProgress *progress, GError **error)
{
  g_autoptr(MgTableData) data = g_new0(MgTableData, 1);
  data->warnings = g_ptr_array_new_with_free_func(g_free);
  gboolean good = request->table ? open_table(data, request, error) : open_dataset(data, request, progress, error);
  return good ? g_steal_pointer(&data) : NULL;
}
