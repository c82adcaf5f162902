#include "dsp/feature-long.h"
#include "dsp/feature-table.h"
#include "dsp/settling.h"
#include <math.h>

struct MgLongSignal {
  const MgSpool *samples;
  int sr;
  double stretch_seconds;
  GHashTable *known; /* char * (feature and parameters) -> MgSpool *: what others derive from */
};

/* One feature of a signal. */
typedef struct {
  const MgLongSignal *signal;
  const MgFeature *feature;
  const MgParams *params;
  MgSpool *result; /* made with the first stretch, which tells the rows */
} Job;

MgLongSignal *
mg_long_signal_new(const MgSpool *samples, int sr, double stretch_seconds)
{
  MgLongSignal *signal = g_new(MgLongSignal, 1);
  *signal = (MgLongSignal){.samples = samples, .sr = sr, .stretch_seconds = stretch_seconds};
  signal->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)mg_spool_free);
  return signal;
}

void
mg_long_signal_free(MgLongSignal *signal)
{
  if (!signal)
    return;
  g_hash_table_unref(signal->known);
  g_free(signal);
}

static size_t
round_up(size_t n, size_t unit)
{
  return (n + unit - 1) / unit * unit;
}

/* Appends columns first … of a stretch's result. */
static gboolean
keep(Job *job, const MgMatrix *values, size_t first, size_t cols, GError **error)
{
  if (!job->result)
    job->result = mg_spool_new(values->rows, MG_SPOOL_MEMORY);
  return mg_spool_append(job->result, values->data + first, values->cols, cols, error);
}

/* Samples beside a stretch that its frames depend on: whole hops, so that frames stay where they are. */
static size_t
margin_of(const Job *job, size_t hop)
{
  size_t context = 0;
  if (job->feature->context)
    context = job->feature->context(job->signal->sr, job->params);
  else if (mg_params_has(job->params, "n_fft"))
    context = (size_t)mg_params_int(job->params, "n_fft");
  else if (mg_params_has(job->params, "frame_length"))
    context = (size_t)mg_params_int(job->params, "frame_length");
  return round_up(context, hop) + hop;
}

/* The values of samples start … end - 1, both whole hops but for the signal's end. */
static gboolean
add_stretch(Job *job, size_t start, size_t end, size_t margin, size_t hop, GError **error)
{
  const MgSpool *signal = job->signal->samples;
  size_t n = mg_spool_cols(signal), from = start > margin ? start - margin : 0, to = MIN(n, end + margin);
  g_autofree float *samples = g_new(float, to - from);
  if (!mg_spool_read(signal, 0, from, to - from, samples, error))
    return FALSE;
  g_autoptr(MgMatrix) values =
      mg_feature_compute(job->feature, samples, to - from, job->signal->sr, job->params, error);
  if (!values)
    return FALSE;
  if (start == 0 && end == n)
    return keep(job, values, 0, values->cols, error);
  size_t unit = job->feature->kind == MG_FEATURE_SOUND ? 1 : hop;
  size_t first = MIN((start - from) / unit, values->cols), rest = values->cols - first;
  return keep(job, values, first, end < n ? MIN(rest, (end - start) / unit) : rest, error);
}

static gboolean
compute(Job *job, GError **error)
{
  size_t n = mg_spool_cols(job->signal->samples), hop = mg_feature_hop(job->params), margin = margin_of(job, hop);
  size_t length = round_up((size_t)MAX(1, job->signal->stretch_seconds * job->signal->sr), hop);
  if ((job->feature->whole & MG_WHOLE_ALL) || n <= length + margin)
    return add_stretch(job, 0, n, 0, hop, error);
  for (size_t start = 0; start < n; start += length)
    if (!add_stretch(job, start, MIN(n, start + length), margin, hop, error))
      return FALSE;
  return TRUE;
}

/* The same for what derives from another feature's frames. */
static gboolean
derive(Job *job, const MgSpool *source, GError **error)
{
  const MgFeature *feature = job->feature;
  int sr = job->signal->sr;
  size_t n = mg_spool_cols(source), hop = mg_feature_hop(job->params);
  size_t context = feature->context ? feature->context(sr, job->params) : 0;
  size_t length = feature->kind == MG_FEATURE_SOUND ? round_up((size_t)(job->signal->stretch_seconds * sr), hop)
                                                    : (size_t)(job->signal->stretch_seconds * sr / (double)hop) + 1;
  if (feature->whole & MG_WHOLE_ALL)
    length = n;
  for (size_t start = 0; start < n; start += length) {
    size_t end = MIN(n, start + length), from = start > context ? start - context : 0, to = MIN(n, end + context);
    g_autoptr(MgMatrix) stretch = mg_spool_matrix(source, from, to - from, error);
    g_autoptr(MgMatrix) values = stretch ? feature->derive(stretch, sr, job->params, error) : NULL;
    gboolean whole = from == 0 && to == n;
    if (!values || !keep(job, values, whole ? 0 : start - from, whole ? values->cols : end - start, error))
      return FALSE;
    if (whole)
      break;
  }
  return TRUE;
}

/* A feature that others derive from, computed or known; owned by the signal. */
static const MgSpool *
find_source(MgLongSignal *signal, const MgFeature *feature, const MgParams *params, GError **error)
{
  g_autoptr(MgParams) own = mg_feature_params(feature);
  mg_params_take(own, params);
  g_autofree char *key = mg_params_key(own, NULL), *name = g_strdup_printf("%s;%s", feature->name, key);
  MgSpool *spool = g_hash_table_lookup(signal->known, name);
  if (!spool) {
    spool = mg_long_signal_feature(signal, feature, own, error);
    if (spool)
      g_hash_table_insert(signal->known, g_steal_pointer(&name), spool);
  }
  return spool;
}

/* power_to_db() clips below the largest value of the whole signal: as an amin it does the same to every stretch. */
static gboolean
settle_top_db(MgLongSignal *signal, MgParams *params, GError **error)
{
  const MgSpool *mel = find_source(signal, &mg_feature_melspectrogram, params, error);
  if (!mel)
    return FALSE;
  double largest = 0, top_db = mg_params_float_or(params, "top_db", INFINITY);
  size_t cols = mg_spool_cols(mel);
  g_autofree float *row = g_new(float, cols);
  for (size_t i = 0; i < mg_spool_rows(mel); i++) {
    if (!mg_spool_read(mel, i, 0, cols, row, error))
      return FALSE;
    for (size_t col = 0; col < cols; col++)
      largest = MAX(largest, row[col]);
  }
  mg_params_set_float(params, "amin", MAX(mg_params_float(params, "amin"), largest * pow(10, -top_db / 10)));
  return TRUE;
}

/* Adds samples start … end - 1. */
static gboolean
add_to_settling(const MgLongSignal *signal, MgSettling *settling, size_t start, size_t end, GError **error)
{
  size_t n = mg_spool_cols(signal->samples), margin = mg_settling_margin(settling);
  size_t from = start > margin ? start - margin : 0, to = MIN(n, end + margin);
  g_autofree float *samples = g_new(float, to - from);
  return mg_spool_read(signal->samples, 0, from, to - from, samples, error) &&
         mg_settling_add(settling, samples, to - from, start - from, end < n ? end - start : G_MAXSIZE, error);
}

/* The tuning is that of the whole signal's peaks. */
static gboolean
settle_tuning(const MgLongSignal *signal, const MgFeature *feature, MgParams *params, GError **error)
{
  g_autoptr(MgParams) unlimited = mg_params_copy(params);
  if (mg_params_has(unlimited, "top_db"))
    mg_params_set(unlimited, "top_db", "auto", NULL);
  g_autoptr(MgSettling) settling = mg_settling_new(feature, unlimited, signal->sr, error);
  if (!settling)
    return FALSE;
  size_t n = mg_spool_cols(signal->samples);
  size_t length = round_up((size_t)MAX(1, signal->stretch_seconds * signal->sr), mg_settling_unit(settling));
  for (size_t start = 0; start < n; start += length)
    if (!add_to_settling(signal, settling, start, MIN(n, start + length), error))
      return FALSE;
  mg_settling_finish(settling, params);
  return TRUE;
}

MgSpool *
mg_long_signal_feature(MgLongSignal *signal, const MgFeature *feature, const MgParams *params, GError **error)
{
  g_autoptr(MgParams) settled = mg_params_copy(params);
  Job job = {signal, feature, settled, NULL};
  if ((feature->whole & MG_WHOLE_TOP_DB) && mg_spool_cols(signal->samples) > signal->stretch_seconds * signal->sr &&
      !settle_top_db(signal, settled, error))
    return NULL;
  if ((feature->whole & MG_WHOLE_TUNING) && mg_params_is_auto(settled, "tuning") &&
      !settle_tuning(signal, feature, settled, error))
    return NULL;
  gboolean good;
  if (feature->derive) {
    const MgSpool *source = find_source(signal, feature->source, settled, error);
    good = source && derive(&job, source, error);
  } else {
    good = compute(&job, error);
  }
  if (!good)
    g_clear_pointer(&job.result, mg_spool_free);
  return job.result;
}
