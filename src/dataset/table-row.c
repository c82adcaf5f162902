#include "dataset/table-row.h"
#include "dataset/table.h"
#include "dsp/feature-long.h"

static const double stretch_seconds = 30; /* what a thread works at once: its memory, about 4 MB a second of it */

typedef struct {
  const MgFeature *feature;
  MgParams *params;
  MgTableEntry entry;
  size_t rows; /* of the feature, 1 where the entry is flat */
} Source;

struct MgRowMaker {
  const char *kind;
  GArray *sources;    /* Source */
  GPtrArray *columns; /* char * */
};

static void
clear_source(gpointer data)
{
  mg_params_free(((Source *)data)->params);
}

void
mg_row_maker_free(MgRowMaker *maker)
{
  if (!maker)
    return;
  g_array_unref(maker->sources);
  g_ptr_array_unref(maker->columns);
  g_free(maker);
}

GPtrArray *
mg_row_maker_columns(const MgRowMaker *maker)
{
  return maker->columns;
}

char *
mg_row_maker_key(const MgRowMaker *maker)
{
  GString *key = g_string_new(maker->kind);
  for (guint i = 0; i < maker->sources->len; i++) {
    const Source *source = &g_array_index(maker->sources, Source, i);
    g_autofree char *params = mg_params_key(source->params, NULL);
    g_string_append_printf(key, ";%s:%u:%d:%s", source->feature->name, source->entry.statistics, source->entry.flat,
                           params);
  }
  return g_string_free(key, FALSE);
}

/* Parameters of one feature: its defaults, what the table sets, what the user sets. */
static MgParams *
source_params(const MgFeature *feature, const char *settings, const MgParams *user, GError **error)
{
  g_autoptr(MgParams) params = mg_feature_params(feature);
  g_auto(GStrv) list = g_strsplit(settings ? settings : "", " ", -1);
  for (char **setting = list; *setting; setting++)
    if (**setting && !mg_params_assign(params, *setting, error))
      return NULL;
  return mg_params_take_changed(params, user, error) ? g_steal_pointer(&params) : NULL;
}

/* Rows that the feature has with these parameters: asked of a short sound. */
static size_t
count_rows(const MgFeature *feature, const MgParams *params, GError **error)
{
  enum { N = 32768 };
  g_autofree float *silence = g_new0(float, N);
  g_autoptr(MgMatrix) values = mg_feature_compute(feature, silence, N, 22050, params, error);
  return values ? values->rows : 0;
}

static void
add_column(MgRowMaker *maker, const char *prefix, size_t number, const char *statistic)
{
  GString *name = g_string_new(prefix);
  if (number > 0)
    g_string_append_printf(name, "%zu", number);
  if (statistic)
    g_string_append_printf(name, "_%s", statistic);
  g_ptr_array_add(maker->columns, g_string_free(name, FALSE));
}

static void
name_columns(MgRowMaker *maker, const Source *source)
{
  const char *prefix = source->entry.prefix ? source->entry.prefix : source->feature->name;
  if (source->feature->kind == MG_FEATURE_NUMBER)
    return add_column(maker, prefix, 0, NULL);
  for (size_t row = 0; row < source->rows; row++)
    for (int which = 0; which < MG_N_TABLE_STATISTICS; which++)
      if (source->entry.statistics & MG_TABLE_STATISTIC(which))
        add_column(maker, prefix, source->rows > 1 ? row + 1 : 0, mg_table_statistic_name(which));
}

static gboolean
add_source(MgRowMaker *maker, const MgTableEntry *entry, const MgParams *params, GError **error)
{
  Source source = {.entry = *entry, .feature = mg_feature_find(entry->feature, error)};
  source.params = source.feature ? source_params(source.feature, entry->settings, params, error) : NULL;
  if (!source.params)
    return FALSE;
  g_array_append_val(maker->sources, source);
  size_t rows = count_rows(source.feature, source.params, error);
  source.rows = entry->flat ? MIN(1, rows) : rows;
  g_array_index(maker->sources, Source, maker->sources->len - 1) = source;
  name_columns(maker, &source);
  return rows > 0;
}

MgRowMaker *
mg_row_maker_new(const char *kind_name, const MgParams *params, GError **error)
{
  const MgTableKind *kind = mg_table_kind_find(kind_name, error);
  g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(MgTableEntry));
  if (!kind || !kind->fill(entries, params, error))
    return NULL;
  g_autoptr(MgRowMaker) maker = g_new0(MgRowMaker, 1);
  maker->kind = kind->name;
  maker->sources = g_array_new(FALSE, FALSE, sizeof(Source));
  maker->columns = g_ptr_array_new_with_free_func(g_free);
  g_array_set_clear_func(maker->sources, clear_source);
  for (guint i = 0; i < entries->len; i++)
    if (!add_source(maker, &g_array_index(entries, MgTableEntry, i), params, error))
      return NULL;
  return g_steal_pointer(&maker);
}

/* Appends the statistics of rows first … last - 1 taken together at *values. */
static gboolean
append_statistics(const MgSpool *spool, size_t first, size_t last, guint wanted, float **values, GError **error)
{
  double result[MG_N_TABLE_STATISTICS];
  if (!mg_spool_statistics(spool, first, last, result, error))
    return FALSE;
  result[MG_TABLE_VARIANCE] = result[MG_STATISTIC_STD] * result[MG_STATISTIC_STD];
  for (int which = 0; which < MG_N_TABLE_STATISTICS; which++)
    if (wanted & MG_TABLE_STATISTIC(which))
      *(*values)++ = (float)result[which];
  return TRUE;
}

static gboolean
append_source(const Source *source, MgLongSignal *signal, float **values, GError **error)
{
  g_autoptr(MgSpool) spool = mg_long_signal_feature(signal, source->feature, source->params, error);
  if (!spool)
    return FALSE;
  if (source->feature->kind == MG_FEATURE_NUMBER)
    return mg_spool_read(spool, 0, 0, 1, (*values)++, error);
  size_t rows = mg_spool_rows(spool), group = source->entry.flat ? rows : 1;
  for (size_t row = 0; row < rows; row += group)
    if (!append_statistics(spool, row, row + group, source->entry.statistics, values, error))
      return FALSE;
  return TRUE;
}

gboolean
mg_row_maker_make(const MgRowMaker *maker, const MgSpool *samples, int sr, float *values, GError **error)
{
  g_autoptr(MgLongSignal) signal = mg_long_signal_new(samples, sr, stretch_seconds);
  for (guint i = 0; i < maker->sources->len; i++)
    if (!append_source(&g_array_index(maker->sources, Source, i), signal, &values, error))
      return FALSE;
  return TRUE;
}
