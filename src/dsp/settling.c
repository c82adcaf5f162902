#include "dsp/settling.h"
#include "dsp/feature-table.h"
#include "dsp/tuning.h"
#include <math.h>

struct MgSettling {
  int sr;
  MgParams *mel;    /* of the mel spectrogram whose largest value limits decibels; NULL: they are not limited */
  MgTuning *tuning; /* NULL: it does not matter */
  double largest, top_db;
  size_t unit, margin;
};

/* Of a feature and those that it derives from. */
static guint
all_of_whole(const MgFeature *feature)
{
  guint whole = MG_WHOLE_NOTHING;
  for (; feature; feature = feature->source)
    whole |= feature->whole;
  return whole;
}

static gboolean
needs_largest(const MgFeature *feature, const MgParams *params)
{
  return (all_of_whole(feature) & MG_WHOLE_TOP_DB) && !mg_params_is_auto(params, "top_db");
}

static gboolean
needs_tuning(const MgFeature *feature, const MgParams *params)
{
  return (all_of_whole(feature) & MG_WHOLE_TUNING) && mg_params_is_auto(params, "tuning");
}

gboolean
mg_settling_needed(const MgFeature *feature, const MgParams *params)
{
  return !(all_of_whole(feature) & MG_WHOLE_ALL) && (needs_largest(feature, params) || needs_tuning(feature, params));
}

static size_t
round_up(size_t n, size_t unit)
{
  return (n + unit - 1) / unit * unit;
}

MgSettling *
mg_settling_new(const MgFeature *feature, const MgParams *params, int sr, GError **error)
{
  g_autoptr(MgSettling) settling = g_new0(MgSettling, 1);
  size_t frame = 0;
  settling->sr = sr;
  settling->unit = 1;
  if (needs_largest(feature, params)) {
    settling->mel = mg_feature_params(&mg_feature_melspectrogram);
    mg_params_take(settling->mel, params);
    settling->top_db = mg_params_float(params, "top_db");
    settling->unit = mg_feature_hop(settling->mel);
    frame = (size_t)mg_params_int(settling->mel, "n_fft");
  }
  if (needs_tuning(feature, params)) {
    settling->tuning = mg_tuning_new_for(params, sr, error);
    if (!settling->tuning)
      return NULL;
    settling->unit *= mg_tuning_hop(settling->tuning);
    frame = MAX(frame, mg_tuning_n_fft(settling->tuning));
  }
  settling->margin = round_up(frame, settling->unit) + settling->unit;
  return g_steal_pointer(&settling);
}

size_t
mg_settling_unit(const MgSettling *settling)
{
  return settling->unit;
}

size_t
mg_settling_margin(const MgSettling *settling)
{
  return settling->margin;
}

static gboolean
find_largest(MgSettling *settling, const float *samples, size_t n, size_t before, size_t counted, GError **error)
{
  size_t hop = mg_feature_hop(settling->mel), first = before / hop;
  g_autoptr(MgMatrix) mel =
      mg_feature_compute(&mg_feature_melspectrogram, samples, n, settling->sr, settling->mel, error);
  if (!mel)
    return FALSE;
  size_t end = counted == G_MAXSIZE ? mel->cols : MIN(mel->cols, first + counted / hop);
  for (size_t band = 0; band < mel->rows; band++)
    for (size_t frame = first; frame < end; frame++)
      settling->largest = MAX(settling->largest, mg_matrix_row(mel, band)[frame]);
  return TRUE;
}

gboolean
mg_settling_add(MgSettling *settling, const float *samples, size_t n, size_t before, size_t counted, GError **error)
{
  if (settling->mel && !find_largest(settling, samples, n, before, counted, error))
    return FALSE;
  if (!settling->tuning)
    return TRUE;
  size_t hop = mg_tuning_hop(settling->tuning), first = before / hop;
  return mg_tuning_add(settling->tuning, samples, n, first, counted == G_MAXSIZE ? G_MAXSIZE : first + counted / hop, 0,
                       error);
}

/* power_to_db() clips below the largest value of the whole signal: as an amin it does the same to every stretch. */
void
mg_settling_finish(const MgSettling *settling, MgParams *params)
{
  if (settling->mel)
    mg_params_set_float(params, "amin",
                        MAX(mg_params_float(params, "amin"), settling->largest * pow(10, -settling->top_db / 10)));
  if (settling->tuning)
    mg_params_set_float(params, "tuning", mg_tuning_estimate(settling->tuning));
}

void
mg_settling_free(MgSettling *settling)
{
  if (!settling)
    return;
  mg_params_free(settling->mel);
  mg_tuning_free(settling->tuning);
  g_free(settling);
}
