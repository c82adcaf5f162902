#include "dataset/table-kind.h"
#include <glib/gi18n-lib.h>

/* The features of the Free Music Archive's table (Defferrard et al., 2017) with its seven statistics, and those that
 * genre classifiers on it add: tempogram, tempo, the power of the harmonic and the percussive part. */
static const MgTableEntry entries[] = {
    {"chroma_cens", NULL, NULL, FALSE, MG_TABLE_SEVEN},
    {"chroma_cqt", NULL, NULL, FALSE, MG_TABLE_SEVEN},
    {"chroma_stft", NULL, NULL, FALSE, MG_TABLE_SEVEN},
    {"mfcc", NULL, "n_mfcc=20", FALSE, MG_TABLE_SEVEN},
    {"tonnetz", NULL, NULL, FALSE, MG_TABLE_SEVEN},
    {"spectral_bandwidth", NULL, NULL, FALSE, MG_TABLE_SEVEN},
    {"spectral_centroid", NULL, NULL, FALSE, MG_TABLE_SEVEN},
    {"spectral_contrast", NULL, NULL, FALSE, MG_TABLE_SEVEN},
    {"spectral_rolloff", NULL, NULL, FALSE, MG_TABLE_SEVEN},
    {"rms", NULL, NULL, FALSE, MG_TABLE_SEVEN},
    {"zero_crossing_rate", NULL, NULL, FALSE, MG_TABLE_SEVEN},
    {"harmonic_power", NULL, NULL, FALSE, MG_TABLE_SEVEN},
    {"percussive_power", NULL, NULL, FALSE, MG_TABLE_SEVEN},
    {"tempogram", NULL, NULL, TRUE, MG_TABLE_SEVEN}, /* of all lags together: 384 of them would be most of the table */
    {"tempo", NULL, NULL, TRUE, 0},
};

static gboolean
fill(GArray *array, const MgParams *params, GError **error)
{
  g_array_append_vals(array, entries, G_N_ELEMENTS(entries));
  return TRUE;
}

const MgTableKind mg_table_fma = {
    .name = "fma",
    .title = N_("FMA's features with seven statistics, tempogram, harmonic and percussive power"),
    .fill = fill};
