#include "dsp/normalize.h"
#include <float.h>
#include <math.h>

MgNorm
mg_norm_of(const char *choice)
{
  g_auto(GStrv) choices = g_strsplit(MG_NORM_CHOICES, "|", -1);
  guint norm = 0;
  while (choices[norm] && !g_str_equal(choices[norm], choice))
    norm++;
  return choices[norm] ? (MgNorm)norm : MG_NORM_NONE;
}

static double
norm_of_values(const float *values, size_t n, size_t stride, MgNorm norm)
{
  double sum = 0, largest = 0;
  for (size_t i = 0; i < n; i++) {
    double size = fabs((double)values[i * stride]);
    sum += norm == MG_NORM_2 ? size * size : size;
    largest = MAX(largest, size);
  }
  return norm == MG_NORM_INF ? largest : norm == MG_NORM_2 ? sqrt(sum) : sum;
}

void
mg_normalize(float *values, size_t n, size_t stride, MgNorm norm)
{
  double length = norm == MG_NORM_NONE ? 1 : norm_of_values(values, n, stride, norm);
  if (length < FLT_MIN)
    return;
  for (size_t i = 0; i < n; i++)
    values[i * stride] = (float)(values[i * stride] / length);
}
