#include "ml/scaler.h"
#include <math.h>

static void
learn_minmax(const MgMatrix *x, size_t col, float *offset, float *factor)
{
  float low = INFINITY, high = -INFINITY;
  for (size_t row = 0; row < x->rows; row++) {
    low = MIN(low, mg_matrix_row(x, row)[col]);
    high = MAX(high, mg_matrix_row(x, row)[col]);
  }
  *offset = low;
  *factor = high > low ? 1 / (high - low) : 1;
}

static void
learn_standard(const MgMatrix *x, size_t col, float *offset, float *factor)
{
  double sum = 0, squares = 0;
  for (size_t row = 0; row < x->rows; row++)
    sum += mg_matrix_row(x, row)[col];
  double mean = sum / (double)x->rows;
  for (size_t row = 0; row < x->rows; row++)
    squares += (mg_matrix_row(x, row)[col] - mean) * (mg_matrix_row(x, row)[col] - mean);
  double deviation = sqrt(squares / (double)x->rows);
  *offset = (float)mean;
  *factor = deviation > 1e-12 * fabs(mean) ? (float)(1 / deviation) : 1;
}

MgScaler *
mg_scaler_new(const char *kind, const MgMatrix *x)
{
  MgScaler *scaler = g_new(MgScaler, 1);
  *scaler = (MgScaler){x->cols, g_new0(float, x->cols), g_new(float, x->cols)};
  for (size_t col = 0; col < x->cols; col++) {
    scaler->factor[col] = 1;
    if (g_str_equal(kind, "minmax"))
      learn_minmax(x, col, &scaler->offset[col], &scaler->factor[col]);
    else if (g_str_equal(kind, "standard"))
      learn_standard(x, col, &scaler->offset[col], &scaler->factor[col]);
  }
  return scaler;
}

void
mg_scaler_apply(const MgScaler *scaler, MgMatrix *x)
{
  for (size_t row = 0; row < x->rows; row++) {
    float *values = mg_matrix_row(x, row);
    for (size_t col = 0; col < x->cols; col++)
      values[col] = (values[col] - scaler->offset[col]) * scaler->factor[col];
  }
}

void
mg_scaler_free(MgScaler *scaler)
{
  if (!scaler)
    return;
  g_free(scaler->offset);
  g_free(scaler->factor);
  g_free(scaler);
}
