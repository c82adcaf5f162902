#include "dataset/table-kind.h"
#include "dataset/table.h"
#include "base/error.h"
#include <glib/gi18n-lib.h>

static const MgParamSpec specs[] = {
    {"features", MG_PARAM_TEXT,
     "mfcc,chroma_stft,spectral_centroid,spectral_bandwidth,spectral_rolloff,rms,zero_crossing_rate", 0, 0, NULL, NULL,
     NULL, N_("Features of a summary table, separated by commas")},
    {"statistics", MG_PARAM_TEXT, "mean,std,skew,kurtosis,median,min,max", 0, 0, NULL, NULL, NULL,
     N_("Statistics over time of a summary table, separated by commas: also var")},
    {"segment_seconds", MG_PARAM_FLOAT, "auto", 0.01, 3600, NULL, "s", N_("the whole track"),
     N_("Length of the parts of a track that have a row each")},
    {"segment_hop", MG_PARAM_FLOAT, "auto", 0.01, 3600, NULL, "s", N_("segment_seconds"),
     N_("Distance between the starts of two parts")},
};
const MgParamTable mg_table_params = MG_PARAM_TABLE("table", N_("Feature table"), specs);

/* One line a kind. */
static const MgTableKind *const kinds[] = {
    &mg_table_gtzan,
    &mg_table_fma,
    &mg_table_summary,
};

const char *const *
mg_table_kinds(void)
{
  static const char *names[G_N_ELEMENTS(kinds) + 1];
  for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
    names[i] = kinds[i]->name;
  return names;
}

const MgTableKind *
mg_table_kind_find(const char *name, GError **error)
{
  for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
    if (g_str_equal(kinds[i]->name, name))
      return kinds[i];
  g_autofree char *names = g_strjoinv(", ", (char **)mg_table_kinds());
  g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("there is no table “%s”; expected one of %s"), name, names);
  return NULL;
}

const char *
mg_table_statistic_name(int which)
{
  return which == MG_TABLE_VARIANCE ? "var" : mg_statistic_names[which];
}

const MgParamTable *const *
mg_table_param_tables(void)
{
  static GPtrArray *tables = NULL;
  if (g_once_init_enter(&tables)) {
    GPtrArray *all = g_ptr_array_new();
    g_ptr_array_add(all, (gpointer)&mg_table_params);
    g_ptr_array_add(all, (gpointer)&mg_audio_params);
    for (const MgFeature *const *feature = mg_features(); *feature; feature++)
      for (size_t i = 0; (*feature)->tables[i]; i++)
        if (!g_ptr_array_find(all, (*feature)->tables[i], NULL))
          g_ptr_array_add(all, (gpointer)(*feature)->tables[i]);
    g_ptr_array_add(all, NULL);
    g_once_init_leave(&tables, all);
  }
  return (const MgParamTable *const *)tables->pdata;
}
