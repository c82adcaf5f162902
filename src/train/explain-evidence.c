#include "train/explain-evidence.h"
#include "base/error.h"
#include "dsp/istft.h"
#include "dsp/mel.h"
#include <glib/gi18n-lib.h>
#include <string.h>

static double
sum_evidence(const MgMatrix *map)
{
  double sum = 0;
  for (size_t i = 0; i < map->rows * map->cols; i++)
    sum += MAX(map->data[i], 0);
  return sum;
}

/* Where it is */

/* The stretch of `values` with the largest sum (Kadane). */
static double
best_stretch(const double *values, size_t n, size_t *first, size_t *end)
{
  double best = -G_MAXDOUBLE, sum = 0;
  for (size_t i = 0, begin = 0; i < n; i++) {
    if (sum <= 0) {
      sum = 0;
      begin = i;
    }
    sum += values[i];
    if (sum > best) {
      best = sum;
      *first = begin;
      *end = i + 1;
    }
  }
  return best;
}

/* All stretches of rows: each adds its lowest row to the sums of frames. */
static void
find_box(const MgMatrix *map, double total, MgEvidenceBox *box)
{
  const double price = 1.0 / (double)(map->rows * map->cols); /* of a place, as a share of all evidence */
  g_autofree double *sums = g_new(double, map->cols);
  double best = 0;
  for (size_t top = map->rows; top > 0; top--) {
    memset(sums, 0, map->cols * sizeof *sums);
    for (size_t row = top; row-- > 0;) {
      size_t first = 0, end = 0;
      for (size_t c = 0; c < map->cols; c++)
        sums[c] += MAX(mg_matrix_row(map, row)[c], 0) / total - price;
      double gain = best_stretch(sums, map->cols, &first, &end);
      if (gain <= best)
        continue;
      best = gain;
      *box = (MgEvidenceBox){.first_row = row, .end_row = top, .first_frame = first, .end_frame = end};
    }
  }
}

MgEvidenceBox
mg_evidence_box(const MgMatrix *map)
{
  MgEvidenceBox box = {0};
  double total = sum_evidence(map);
  if (total <= 0)
    return box;
  box.end_row = map->rows;
  box.end_frame = map->cols;
  find_box(map, total, &box);
  box.share = mg_evidence_share(map, &box);
  box.area = (box.end_row - box.first_row) * (double)(box.end_frame - box.first_frame) / (map->rows * map->cols);
  return box;
}

double
mg_evidence_share(const MgMatrix *map, const MgEvidenceBox *box)
{
  double sum = 0, total = sum_evidence(map);
  for (size_t r = box->first_row; r < box->end_row; r++)
    for (size_t c = box->first_frame; c < box->end_frame; c++)
      sum += MAX(mg_matrix_row(map, r)[c], 0);
  return total > 0 ? sum / total : 0;
}

gboolean
mg_evidence_has_place(const MgEvidenceBox *box)
{
  return box->end_row > 0 && box->area <= 0.5;
}

/* How it sounds */

typedef struct {
  float value;
  guint32 at;
} Place;

static int
compare_places(gconstpointer a, gconstpointer b)
{
  const Place *first = a, *second = b;
  if (first->value != second->value)
    return first->value < second->value ? 1 : -1;
  return first->at < second->at ? -1 : 1;
}

/* All places, the strongest first. */
static Place *
sort_places(const MgMatrix *map)
{
  size_t n = map->rows * map->cols;
  Place *places = g_new(Place, n);
  for (size_t i = 0; i < n; i++)
    places[i] = (Place){map->data[i], (guint32)i};
  qsort(places, n, sizeof *places, compare_places);
  return places;
}

/* The mean of a place and its neighbours along one side, for both sides in turn: edges become soft. */
static void
soften(MgMatrix *mask, size_t count, size_t length, size_t stride, size_t step)
{
  g_autofree float *line = g_new(float, length);
  for (size_t k = 0; k < count; k++) {
    float *values = mask->data + k * stride;
    for (size_t i = 0; i < length; i++)
      line[i] = values[i * step];
    for (size_t i = 0; i < length; i++)
      values[i * step] = (line[i ? i - 1 : 0] + line[i] + line[MIN(i + 1, length - 1)]) / 3;
  }
}

MgMatrix *
mg_evidence_mask(const MgMatrix *map, double share, GError **error)
{
  g_autoptr(MgMatrix) mask = mg_matrix_new(map->rows, map->cols, error);
  if (!mask)
    return NULL;
  g_autofree Place *places = sort_places(map);
  double sum = 0, wanted = share * sum_evidence(map);
  for (size_t i = 0; i < map->rows * map->cols && sum < wanted && places[i].value > 0; i++) {
    mask->data[places[i].at] = 1;
    sum += places[i].value;
  }
  soften(mask, mask->rows, mask->cols, mask->cols, 1);
  soften(mask, mask->cols, mask->rows, 1, mask->cols);
  return g_steal_pointer(&mask);
}

/* Σ weight · mask / Σ weight over the bands that take from a bin. */
static MgMatrix *
mask_of_bins(const MgSeen *seen, const MgMatrix *mask, size_t bins, GError **error)
{
  const MgParams *params = seen->model->front_end;
  if (!g_str_equal(mg_params_text(params, "feature"), "melspectrogram"))
    return mg_matrix_copy(mask);
  g_autoptr(MgMelFilters) filters = mg_mel_filters_new(params, (int)mg_params_int(params, "sr"), 2 * (bins - 1), error);
  g_autoptr(MgMatrix) weights = filters ? mg_mel_filters_dense(filters) : NULL;
  MgMatrix *result = weights ? mg_matrix_new(bins, mask->cols, error) : NULL;
  for (size_t b = 0; result && b < bins; b++) {
    float *out = mg_matrix_row(result, b), whole = 0;
    for (size_t m = 0; m < weights->rows; m++)
      whole += mg_matrix_row(weights, m)[b];
    for (size_t m = 0; m < weights->rows; m++) {
      float weight = mg_matrix_row(weights, m)[b];
      for (size_t f = 0; weight > 0 && f < mask->cols; f++)
        out[f] += weight / whole * mg_matrix_row(mask, m)[f];
    }
  }
  return result;
}

float *
mg_evidence_sound(const MgSeen *seen, const MgMatrix *mask, GError **error)
{
  const MgParams *params = seen->model->front_end;
  if (!mg_seen_has_bands(seen->model)) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE,
                _("feature=%s: its rows are no bands of frequency, so that no sound can be made of a part of them; "
                  "expected a model of mel spectrograms or STFTs"),
                mg_params_text(params, "feature"));
    return NULL;
  }
  g_autoptr(MgSpectra) spectra = mg_stft_complex(seen->samples, seen->n_samples, params, 0, error);
  g_autoptr(MgMatrix) bins = spectra ? mask_of_bins(seen, mask, spectra->real->cols, error) : NULL;
  if (!bins)
    return NULL;
  for (size_t f = 0; f < MIN(spectra->real->rows, bins->cols); f++)
    for (size_t b = 0; b < bins->rows; b++) {
      mg_matrix_row(spectra->real, f)[b] *= mg_matrix_row(bins, b)[f];
      mg_matrix_row(spectra->imaginary, f)[b] *= mg_matrix_row(bins, b)[f];
    }
  size_t n;
  return mg_istft(spectra, params, seen->n_samples, 0, &n, error);
}

MgSeen *
mg_evidence_rest(const MgSeen *seen, const MgMatrix *mask, GError **error)
{
  g_autofree float *sound = mg_evidence_sound(seen, mask, error);
  if (!sound)
    return NULL;
  for (size_t i = 0; i < seen->n_samples; i++)
    sound[i] = seen->samples[i] - sound[i];
  return mg_seen_of_samples(seen->model, sound, seen->n_samples, error);
}

MgSeen *
mg_evidence_without(const MgSeen *seen, const MgMatrix *map, const MgEvidenceBox *box, GError **error)
{
  if (!mg_evidence_has_place(box)) {
    g_autoptr(MgMatrix) strongest = mg_evidence_mask(map, 0.6, error);
    return strongest ? mg_evidence_rest(seen, strongest, error) : NULL;
  }
  g_autoptr(MgMatrix) mask = mg_matrix_new(map->rows, map->cols, error);
  for (size_t r = box->first_row; mask && r < box->end_row; r++)
    for (size_t f = box->first_frame; f < box->end_frame; f++)
      mg_matrix_row(mask, r)[f] = 1;
  return mask ? mg_evidence_rest(seen, mask, error) : NULL;
}

/* Whether it is true */

void
mg_evidence_curves_clear(MgEvidenceCurves *curves)
{
  g_free(curves->deleted);
  g_free(curves->inserted);
}

static double
area_below(const float *values, size_t n)
{
  double sum = 0;
  for (size_t i = 0; i + 1 < n; i++)
    sum += (values[i] + values[i + 1]) / 2;
  return sum / (double)(n - 1);
}

/* The class's probability with the first count(i) places of `to`, the others of `from`, for i = 0 … n - 1. */
static gboolean
follow(const MgSeen *seen, const Place *places, const float *from, const float *to, int label, float *probabilities,
       size_t n, MgProgress *progress, GError **error)
{
  size_t size = seen->x->rows * seen->x->cols, at = 0;
  g_autofree float *x = g_memdup2(from, size * sizeof *from), *all = g_new(float, seen->model->labels->len);
  for (size_t i = 0; i < n; i++) {
    for (; at < size * i / (n - 1); at++)
      x[places[at].at] = to[places[at].at];
    if (!mg_progress_go_on(progress, error))
      return FALSE;
    mg_network_predict(seen->model->network, x, 1, all);
    probabilities[i] = all[label];
  }
  return TRUE;
}

gboolean
mg_evidence_curves(const MgSeen *seen, const MgMatrix *map, int label, size_t steps, MgEvidenceCurves *curves,
                   MgProgress *progress, GError **error)
{
  g_autofree Place *places = sort_places(map);
  g_autofree float *nothing = g_new(float, map->rows * map->cols);
  size_t n = steps + 1;
  mg_seen_fill_nothing(seen, FALSE, nothing);
  *curves = (MgEvidenceCurves){.deleted = g_new(float, n), .inserted = g_new(float, n), .n = n};
  if (!follow(seen, places, seen->x->data, nothing, label, curves->deleted, n, progress, error) ||
      !follow(seen, places, nothing, seen->x->data, label, curves->inserted, n, progress, error))
    return FALSE;
  curves->deletion = area_below(curves->deleted, n);
  curves->insertion = area_below(curves->inserted, n);
  return TRUE;
}
