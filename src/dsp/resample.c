#include "dsp/resample.h"
#include "base/error.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <soxr.h>
#include <string.h>

struct MgResampler {
  soxr_t soxr;
  int from, to;
  guint64 taken, given; /* samples in and out so far */
};

static gboolean
fail(GError **error, int from, int to, const char *cause)
{
  g_set_error(error, MG_ERROR, MG_ERROR_LIMIT, _("resampling from %d to %d Hz: %s"), from, to, cause);
  return FALSE;
}

static size_t
length_after(guint64 n, int from, int to)
{
  return (size_t)ceil((double)n * ((double)to / from));
}

MgResampler *
mg_resampler_new(int from, int to, GError **error)
{
  if (from < 1 || to < 1) {
    fail(error, from, to, _("expected rates of at least 1 Hz"));
    return NULL;
  }
  soxr_io_spec_t io = soxr_io_spec(SOXR_FLOAT32_I, SOXR_FLOAT32_I);
  soxr_quality_spec_t quality = soxr_quality_spec(SOXR_HQ, 0);
  soxr_error_t cause = NULL;
  soxr_t soxr = soxr_create(from, to, 1, &cause, &io, &quality, NULL);
  if (!soxr || cause) {
    fail(error, from, to, cause ? cause : _("out of memory"));
    return NULL;
  }
  MgResampler *resampler = g_new0(MgResampler, 1);
  *resampler = (MgResampler){.soxr = soxr, .from = from, .to = to};
  return resampler;
}

void
mg_resampler_free(MgResampler *resampler)
{
  if (!resampler)
    return;
  soxr_delete(resampler->soxr);
  g_free(resampler);
}

/* One call to soxr; `samples` NULL ends the stream. Returns what came out through `done`. */
static gboolean
process(MgResampler *resampler, const float *samples, size_t n, size_t *used, GArray *out, size_t *done, GError **error)
{
  enum { STEP = 65536 };
  guint before = out->len;
  g_array_set_size(out, before + STEP);
  soxr_error_t cause = soxr_process(resampler->soxr, samples, n, used, &g_array_index(out, float, before), STEP, done);
  g_array_set_size(out, before + (cause ? 0 : *done));
  resampler->given += cause ? 0 : *done;
  return !cause || fail(error, resampler->from, resampler->to, cause);
}

/* The stream's length becomes exactly that of librosa.resample. */
static gboolean
finish(MgResampler *resampler, GArray *out, GError **error)
{
  size_t done;
  do {
    if (!process(resampler, NULL, 0, NULL, out, &done, error))
      return FALSE;
  } while (done > 0);
  guint64 wanted = length_after(resampler->taken, resampler->from, resampler->to);
  gint64 difference = (gint64)wanted - (gint64)resampler->given;
  guint before = out->len;
  g_array_set_size(out, (guint)MAX(0, (gint64)before + difference));
  if (out->len > before)
    memset(&g_array_index(out, float, before), 0, (out->len - before) * sizeof(float));
  resampler->given = wanted;
  return TRUE;
}

gboolean
mg_resampler_push(MgResampler *resampler, const float *samples, size_t n, GArray *out, GError **error)
{
  if (n == 0)
    return finish(resampler, out, error);
  while (n > 0) {
    size_t used = 0, done;
    if (!process(resampler, samples, n, &used, out, &done, error))
      return FALSE;
    resampler->taken += used;
    samples += used;
    n -= used;
  }
  return TRUE;
}

float *
mg_resample(const float *samples, size_t n, int from, int to, size_t *n_out, GError **error)
{
  if (from == to) {
    *n_out = n;
    return g_memdup2(samples, n * sizeof *samples);
  }
  g_autoptr(MgResampler) resampler = mg_resampler_new(from, to, error);
  if (!resampler)
    return NULL;
  *n_out = length_after(n, from, to);
  if (*n_out > ((size_t)1 << 30) / sizeof(float)) {
    fail(error, from, to, _("the result would be larger than 1 GiB"));
    return NULL;
  }
  g_autofree float *out = g_new0(float, MAX(1, *n_out));
  size_t used, done = 0, tail = 0;
  soxr_error_t cause = soxr_process(resampler->soxr, samples, n, &used, out, *n_out, &done);
  if (!cause && used == n)
    cause = soxr_process(resampler->soxr, NULL, 0, NULL, out + done, *n_out - done, &tail);
  if (cause) {
    fail(error, from, to, cause);
    return NULL;
  }
  return g_steal_pointer(&out);
}
