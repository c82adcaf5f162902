#include "dsp/feature-long.h"
#include "dsp/feature-table.h"
#include <math.h>

/* One feature of one signal. */
typedef struct {
  const MgFeature *feature;
  const MgSpool *samples;
  int sr;
  const MgParams *params;
  double stretch_seconds;
  MgSpool *result; /* made with the first stretch, which tells the rows */
} Long;

static size_t
round_up(size_t n, size_t unit)
{
  return (n + unit - 1) / unit * unit;
}

/* Appends columns first … of a stretch's result. */
static gboolean
keep(Long *job, const MgMatrix *values, size_t first, size_t cols, GError **error)
{
  if (!job->result)
    job->result = mg_spool_new(values->rows, MG_SPOOL_MEMORY);
  return mg_spool_append(job->result, values->data + first, values->cols, cols, error);
}

/* Samples beside a stretch that its frames depend on: whole hops, so that frames stay where they are. */
static size_t
margin_of(const Long *job, size_t hop)
{
  size_t context = 0;
  if (job->feature->context)
    context = job->feature->context(job->sr, job->params);
  else if (mg_params_has(job->params, "n_fft"))
    context = (size_t)mg_params_int(job->params, "n_fft");
  else if (mg_params_has(job->params, "frame_length"))
    context = (size_t)mg_params_int(job->params, "frame_length");
  return round_up(context, hop) + hop;
}

/* The values of samples start … end - 1, both whole hops but for the signal's end. */
static gboolean
add_stretch(Long *job, size_t start, size_t end, size_t margin, size_t hop, GError **error)
{
  size_t n = mg_spool_cols(job->samples), from = start > margin ? start - margin : 0, to = MIN(n, end + margin);
  g_autofree float *samples = g_new(float, to - from);
  if (!mg_spool_read(job->samples, 0, from, to - from, samples, error))
    return FALSE;
  g_autoptr(MgMatrix) values = mg_feature_compute(job->feature, samples, to - from, job->sr, job->params, error);
  if (!values)
    return FALSE;
  size_t unit = job->feature->kind == MG_FEATURE_SOUND ? 1 : hop;
  size_t first = MIN((start - from) / unit, values->cols), rest = values->cols - first;
  return keep(job, values, first, end < n ? MIN(rest, (end - start) / unit) : rest, error);
}

static gboolean
compute(Long *job, GError **error)
{
  size_t n = mg_spool_cols(job->samples), hop = mg_feature_hop(job->params), margin = margin_of(job, hop);
  size_t length = round_up((size_t)MAX(1, job->stretch_seconds * job->sr), hop);
  if (job->feature->whole & MG_WHOLE_ALL)
    length = round_up(n, hop);
  for (size_t start = 0; start < n; start += length)
    if (!add_stretch(job, start, MIN(n, start + length), margin, hop, error))
      return FALSE;
  return TRUE;
}

/* The same for what derives from another feature's frames. */
static gboolean
derive(Long *job, const MgSpool *source, GError **error)
{
  size_t n = mg_spool_cols(source), hop = mg_feature_hop(job->params);
  size_t context = job->feature->context ? job->feature->context(job->sr, job->params) : 0;
  size_t length = (size_t)MAX(1, job->stretch_seconds * job->sr / hop);
  if (job->feature->whole & MG_WHOLE_ALL)
    length = n;
  for (size_t start = 0; start < n; start += length) {
    size_t end = MIN(n, start + length), from = start > context ? start - context : 0, to = MIN(n, end + context);
    g_autoptr(MgMatrix) stretch = mg_spool_matrix(source, from, to - from, error);
    g_autoptr(MgMatrix) values = stretch ? job->feature->derive(stretch, job->sr, job->params, error) : NULL;
    gboolean whole = from == 0 && to == n;
    if (!values || !keep(job, values, whole ? 0 : start - from, whole ? values->cols : end - start, error))
      return FALSE;
    if (whole)
      break;
  }
  return TRUE;
}

static gboolean
work(Long *job, GError **error)
{
  if (!job->feature->derive)
    return compute(job, error);
  Long source = {job->feature->source, job->samples, job->sr, job->params, job->stretch_seconds, NULL};
  gboolean good = work(&source, error) && derive(job, source.result, error);
  mg_spool_free(source.result);
  return good;
}

/* power_to_db() clips below the largest value of the whole signal: as an amin it does the same to every stretch. */
static gboolean
settle_top_db(const Long *job, MgParams *params, GError **error)
{
  Long mel = {&mg_feature_melspectrogram, job->samples, job->sr, params, job->stretch_seconds, NULL};
  g_autofree float *row = NULL;
  gboolean good = work(&mel, error);
  double largest = 0, top_db = mg_params_float_or(params, "top_db", INFINITY);
  size_t cols = good ? mg_spool_cols(mel.result) : 0;
  row = g_new(float, cols);
  for (size_t i = 0; good && i < mg_spool_rows(mel.result); i++) {
    good = mg_spool_read(mel.result, i, 0, cols, row, error);
    for (size_t col = 0; good && col < cols; col++)
      largest = MAX(largest, row[col]);
  }
  mg_spool_free(mel.result);
  if (good)
    mg_params_set_float(params, "amin", MAX(mg_params_float(params, "amin"), largest * pow(10, -top_db / 10)));
  return good;
}

MgSpool *
mg_feature_compute_long(const MgFeature *feature, const MgSpool *samples, int sr, const MgParams *params,
                        double stretch_seconds, GError **error)
{
  g_autoptr(MgParams) settled = mg_params_copy(params);
  Long job = {feature, samples, sr, settled, stretch_seconds, NULL};
  MgFeatureWhole whole = MG_WHOLE_NOTHING;
  for (const MgFeature *each = feature; each; each = each->source)
    whole |= each->whole;
  if ((whole & MG_WHOLE_TOP_DB) && !settle_top_db(&job, settled, error))
    return NULL;
  if (work(&job, error))
    return job.result;
  mg_spool_free(job.result);
  return NULL;
}
