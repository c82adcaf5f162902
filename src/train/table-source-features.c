#include "train/table-source-class.h"
#include "train/metadata.h"
#include "base/error.h"
#include "dataset/table-row.h"
#include "dataset/table.h"
#include "dsp/feature.h"
#include "dsp/resample.h"
#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct {
  MgTableSource base;
  MgParams *params; /* of mg_table_param_tables() */
  MgRowMaker *maker;
} Source;

/* The parameter `features` lists features, or names a kind of table that has its own. */
static const char *
kind_of(const MgParams *params)
{
  const char *features = mg_params_text(params, "features");
  return g_strv_contains(mg_table_kinds(), features) ? features : "summary";
}

static gboolean
set_up(Source *source, GError **error)
{
  source->maker = mg_row_maker_new(kind_of(source->params), source->params, error);
  const GPtrArray *columns = source->maker ? mg_row_maker_columns(source->maker) : NULL;
  for (guint i = 0; columns && i < columns->len; i++)
    g_ptr_array_add(source->base.columns, g_strdup(columns->pdata[i]));
  source->base.seconds = mg_params_float_or(source->params, "segment_seconds", 0);
  return columns != NULL;
}

MgTableSource *
mg_table_source_features(const MgParams *params, GError **error)
{
  g_autoptr(MgTableSource) base = mg_table_source_new(&mg_table_source_of_features);
  Source *source = (Source *)base;
  source->params = mg_params_new(mg_table_param_tables());
  mg_params_take_tables(source->params, params);
  return set_up(source, error) ? g_steal_pointer(&base) : NULL;
}

static char *
save(const MgTableSource *self, GPtrArray *tensors)
{
  return mg_metadata_params(((const Source *)self)->params);
}

static gboolean
load(MgTableSource *self, const MgSafetensors *file, const char *path, GError **error)
{
  Source *source = (Source *)self;
  g_autoptr(GError) cause = NULL;
  source->params = mg_params_new(mg_table_param_tables());
  if (!mg_metadata_read_params(source->params, file, path, self->class->name, error))
    return FALSE;
  if (set_up(source, &cause))
    return TRUE;
  g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: metadata “%s”: %s"), path, self->class->name, cause->message);
  return FALSE;
}

static void
cut(const MgTableSource *self, GArray *segments, guint32 number, const MgTrack *track)
{
  mg_table_cut_track(segments, number, track, ((const Source *)self)->params);
}

static gboolean
fill(MgTableSource *self, const MgManifest *manifest, const GArray *segments, int threads, MgMatrix *x, gboolean *made,
     GPtrArray *problems, MgProgress *progress, GError **error)
{
  const MgParams *params = ((const Source *)self)->params;
  g_autoptr(MgTable) table =
      mg_table_extract_parts(manifest, segments, kind_of(params), params, threads, progress, error);
  if (!table)
    return FALSE;
  for (guint i = 0; i < table->rows->len; i++) {
    const MgTableRow *row = table->rows->pdata[i];
    memcpy(mg_matrix_row(x, row->part), row->values, x->cols * sizeof(float));
    made[row->part] = TRUE;
  }
  for (guint i = 0; i < table->problems->len; i++)
    g_ptr_array_add(problems, g_strdup(table->problems->pdata[i]));
  return TRUE;
}

static gboolean
make_row(MgTableSource *self, const float *samples, size_t n, int sr, float *values, GError **error)
{
  const Source *source = (const Source *)self;
  int wanted = 0;
  if (!mg_audio_params_sr(source->params, &wanted, error))
    return FALSE;
  size_t resampled_n = 0;
  g_autofree float *resampled = mg_resample(samples, n, sr, wanted > 0 ? wanted : sr, &resampled_n, error);
  g_autoptr(MgSpool) spool = mg_spool_new(1, MG_SPOOL_MEMORY);
  return resampled && mg_spool_append(spool, resampled, resampled_n, resampled_n, error) &&
         mg_row_maker_make(source->maker, spool, wanted > 0 ? wanted : sr, values, error);
}

static void
clear(MgTableSource *self)
{
  Source *source = (Source *)self;
  mg_params_free(source->params);
  mg_row_maker_free(source->maker);
}

const MgTableSourceClass mg_table_source_of_features = {.name = "features",
                                                        .size = sizeof(Source),
                                                        .save = save,
                                                        .load = load,
                                                        .cut = cut,
                                                        .fill = fill,
                                                        .row = make_row,
                                                        .clear = clear};
