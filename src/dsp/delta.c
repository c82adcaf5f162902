#include "dsp/delta.h"
#include "base/error.h"
#include <glib/gi18n-lib.h>

/* The slope of the line, or twice the square's coefficient: both are weighted sums of the neighbours, since over
 * positions that lie evenly on both sides of 0 the polynomials k and k^2 - mean(k^2) are orthogonal to the rest. */
static double *
make_weights(size_t width, int order)
{
  double *weight = g_new(double, width), mean = 0, size = 0;
  for (size_t i = 0; i < width; i++) {
    double k = (double)i - (double)(width / 2);
    weight[i] = order == 1 ? k : k * k;
    mean += weight[i] / width;
  }
  for (size_t i = 0; i < width; i++) {
    weight[i] -= mean;
    size += weight[i] * weight[i];
  }
  for (size_t i = 0; i < width; i++)
    weight[i] *= order / size; /* the order's factorial: 1 or 2 */
  return weight;
}

static void
differentiate(const float *values, size_t n, const double *weight, size_t width, float *out)
{
  size_t half = width / 2;
  for (size_t at = half; at + half < n; at++) {
    double sum = 0;
    for (size_t i = 0; i < width; i++)
      sum += weight[i] * values[at - half + i];
    out[at] = (float)sum;
  }
  for (size_t i = 0; i < half; i++) {
    out[i] = out[half];
    out[n - 1 - i] = out[n - 1 - half];
  }
}

MgMatrix *
mg_delta(const MgMatrix *values, size_t width, int order, GError **error)
{
  if (width % 2 == 0 || width < 3) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("width=%zu: expected an odd number from 3"), width);
    return NULL;
  }
  if (values->cols < width) {
    g_set_error(error, MG_ERROR, MG_ERROR_DATA, _("%zu frames are too few: expected at least width = %zu"),
                values->cols, width);
    return NULL;
  }
  g_autoptr(MgMatrix) result = mg_matrix_new(values->rows, values->cols, error);
  g_autofree double *weight = make_weights(width, order);
  for (size_t row = 0; result && row < values->rows; row++)
    differentiate(mg_matrix_row(values, row), values->cols, weight, width, mg_matrix_row(result, row));
  return g_steal_pointer(&result);
}
