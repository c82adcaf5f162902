#include "dataset/front-end.h"
#include "dataset/segment.h"
#include "dsp/decibel.h"
#include "dsp/feature.h"
#include "dsp/mel.h"
#include "dsp/stft.h"
#include <glib/gi18n-lib.h>

/* The table with the names of all picture features as the choices of `feature`. */
static const MgParamTable *
own_table(void)
{
  static MgParamSpec specs[] = {
      {"feature", MG_PARAM_CHOICE, "melspectrogram", 0, 0, NULL, NULL, NULL, N_("Picture that a network sees")},
      {"sr", MG_PARAM_INT, "22050", 1000, 192000, NULL, "Hz", NULL, N_("Sample rate to which the sound is brought")},
      {"deltas", MG_PARAM_INT, "0", 0, 2, NULL, NULL, NULL,
       N_("Orders of change over time (delta) that stand below the rows of the feature")},
  };
  static const MgParamTable table = MG_PARAM_TABLE("front-end", N_("Front end"), specs);
  g_autoptr(GString) names = g_string_new(NULL);
  for (const MgFeature *const *feature = mg_features(); *feature; feature++)
    if ((*feature)->kind == MG_FEATURE_PICTURE)
      g_string_append_printf(names, "%s%s", names->len ? "|" : "", (*feature)->name);
  specs[0].choices = g_string_free(g_steal_pointer(&names), FALSE);
  return &table;
}

static void
add_once(GPtrArray *tables, const MgParamTable *table)
{
  if (!g_ptr_array_find(tables, table, NULL))
    g_ptr_array_add(tables, (gpointer)table);
}

static GPtrArray *
all_tables(void)
{
  const MgParamTable *first[] = {own_table(), &mg_stft_params, &mg_mel_params, &mg_decibel_params, &mg_segment_params};
  GPtrArray *tables = g_ptr_array_new();
  for (size_t i = 0; i < G_N_ELEMENTS(first); i++)
    add_once(tables, first[i]);
  for (const MgFeature *const *feature = mg_features(); *feature; feature++)
    for (size_t i = 0; (*feature)->kind == MG_FEATURE_PICTURE && (*feature)->tables[i]; i++)
      add_once(tables, (*feature)->tables[i]);
  g_ptr_array_add(tables, NULL);
  return tables;
}

const MgParamTable *const *
mg_front_end_tables(void)
{
  static GPtrArray *tables = NULL;
  if (g_once_init_enter(&tables))
    g_once_init_leave(&tables, all_tables());
  return (const MgParamTable *const *)tables->pdata;
}

gboolean
mg_front_end_gives_decibels(const MgParams *params)
{
  const MgFeature *feature = mg_feature_find(mg_params_text(params, "feature"), NULL);
  return feature && feature->scale != MG_SCALE_LINEAR && mg_params_int(params, "deltas") == 0;
}
