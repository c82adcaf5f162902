#include "dataset/table-kind.h"
#include <glib/gi18n-lib.h>

#define MEAN_AND_VARIANCE (MG_TABLE_STATISTIC(MG_STATISTIC_MEAN) | MG_TABLE_STATISTIC(MG_TABLE_VARIANCE))

/* The columns of GTZAN's features_30_sec.csv, under its names and in its order. */
static const MgTableEntry entries[] = {
    {"chroma_stft", NULL, NULL, TRUE, MEAN_AND_VARIANCE},
    {"rms", NULL, NULL, TRUE, MEAN_AND_VARIANCE},
    {"spectral_centroid", NULL, NULL, TRUE, MEAN_AND_VARIANCE},
    {"spectral_bandwidth", NULL, NULL, TRUE, MEAN_AND_VARIANCE},
    {"spectral_rolloff", "rolloff", NULL, TRUE, MEAN_AND_VARIANCE},
    {"zero_crossing_rate", NULL, NULL, TRUE, MEAN_AND_VARIANCE},
    {"harmonic", "harmony", NULL, TRUE, MEAN_AND_VARIANCE},
    {"percussive", "perceptr", NULL, TRUE, MEAN_AND_VARIANCE},
    {"tempo", NULL, NULL, TRUE, 0},
    {"mfcc", NULL, "n_mfcc=20", FALSE, MEAN_AND_VARIANCE},
};

static gboolean
fill(GArray *array, const MgParams *params, GError **error)
{
  g_array_append_vals(array, entries, G_N_ELEMENTS(entries));
  return TRUE;
}

const MgTableKind mg_table_gtzan = {
    .name = "gtzan", .title = N_("GTZAN's columns: mean and variance of eight features, tempo, 20 MFCC"), .fill = fill};
