#include "dsp/istft.h"
#include "base/error.h"
#include "base/parallel.h"
#include "dsp/fft.h"
#include <float.h>
#include <glib/gi18n-lib.h>
#include <string.h>

/* The result is made in stretches, each from all frames that reach into it, so that threads share nothing and any
 * number of them gives the same sound. */
enum { HOPS_PER_ITEM = 256 };

typedef struct {
  const MgSpectra *spectra;
  const MgStft *stft;
  MgInverseFft **fft; /* a worker's own */
  float **weight;     /* a worker's own: sums of squared windows, (stretch) */
  size_t skipped;     /* samples of padding before the signal */
  size_t stretch;
  float *out;
  size_t length;
} Synthesis;

/* Adds what frame number `frame` has in the stretch that begins at `first`. */
static void
add_frame(const Synthesis *job, int worker, size_t frame, size_t first, size_t count)
{
  gint64 from = (gint64)(frame * mg_stft_hop(job->stft)) - (gint64)(job->skipped + first);
  gint64 low = MAX(0, from), high = MIN((gint64)count, from + (gint64)mg_stft_n_fft(job->stft));
  const float *values = mg_inverse_fft(job->fft[worker], mg_matrix_row(job->spectra->real, frame),
                                       mg_matrix_row(job->spectra->imaginary, frame));
  const float *restrict samples = values + low - from, *restrict window = mg_stft_window(job->stft) + low - from;
  float *restrict out = job->out + first + low, *restrict weight = job->weight[worker] + low;
  for (gint64 i = 0; i < high - low; i++) {
    out[i] += samples[i] * window[i];
    weight[i] += window[i] * window[i];
  }
}

static gboolean
make_stretch(size_t item, int worker, gpointer data, GError **error)
{
  const Synthesis *job = data;
  size_t first = item * job->stretch, count = MIN(job->stretch, job->length - first), hop = mg_stft_hop(job->stft);
  size_t begin = first + job->skipped, n_fft = mg_stft_n_fft(job->stft);
  float *out = job->out + first, *weight = job->weight[worker];
  memset(out, 0, count * sizeof *out);
  memset(weight, 0, count * sizeof *weight);
  size_t frame = begin < n_fft ? 0 : (begin - n_fft) / hop + 1;
  for (; frame < job->spectra->real->rows && frame * hop < begin + count; frame++)
    add_frame(job, worker, frame, first, count);
  for (size_t i = 0; i < count; i++)
    out[i] = weight[i] > FLT_MIN ? out[i] / weight[i] : out[i];
  return TRUE;
}

static gboolean
run(Synthesis *job, int threads, GError **error)
{
  job->stretch = HOPS_PER_ITEM * mg_stft_hop(job->stft);
  size_t items = (job->length + job->stretch - 1) / job->stretch;
  int workers = (int)MIN(items, (size_t)(threads < 1 ? mg_processors() : threads));
  job->fft = g_new(MgInverseFft *, workers);
  job->weight = g_new(float *, workers);
  for (int i = 0; i < workers; i++) {
    job->fft[i] = mg_inverse_fft_new(mg_stft_n_fft(job->stft));
    job->weight[i] = g_new(float, MIN(job->stretch, job->length));
  }
  gboolean good = mg_parallel_for(items, workers, make_stretch, job, NULL, error);
  for (int i = 0; i < workers; i++) {
    mg_inverse_fft_free(job->fft[i]);
    g_free(job->weight[i]);
  }
  g_free(job->fft);
  g_free(job->weight);
  return good;
}

float *
mg_istft(const MgSpectra *spectra, const MgParams *params, size_t length, int threads, size_t *n_out, GError **error)
{
  g_autoptr(MgStft) stft = mg_stft_new(params, error);
  if (!stft)
    return NULL;
  size_t frames = spectra->real->rows, n_fft = mg_stft_n_fft(stft);
  if (mg_stft_bins(stft) != spectra->real->cols) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("n_fft=%zu: expected one that has %zu bins"), n_fft,
                spectra->real->cols);
    return NULL;
  }
  size_t skipped = mg_stft_center(stft) ? n_fft / 2 : 0;
  *n_out = length ? length : n_fft + mg_stft_hop(stft) * (frames - 1) - 2 * skipped;
  g_autofree float *out = g_new(float, MAX(1, *n_out));
  Synthesis job = {.spectra = spectra, .stft = stft, .skipped = skipped, .out = out, .length = *n_out};
  return run(&job, threads, error) ? g_steal_pointer(&out) : NULL;
}
