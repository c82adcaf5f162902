#include "dataset/track-scan.h"
#include "audio/decoder.h"
#include "dataset/clip.h"
#include "dsp/fft.h"
#include <math.h>
#include <string.h>

enum { PRINT_SR = 11025, PRINT_N_FFT = 4096, PRINT_HOP = 1024, PRINT_BANDS = 33, BLOCK = 1 << 15 };
static const double print_low = 150, print_high = 5000; /* Hz */
static const double print_seconds = 120;
static const double full_scale = 0.999;
static const double silent_power = 1e-7; /* of a frame: below it a word tells only the noise of rounding */

void
mg_track_scan_free(MgTrackScan *scan)
{
  if (!scan)
    return;
  g_free(scan->message);
  g_free(scan->digest);
  g_clear_pointer(&scan->print, g_array_unref);
  g_free(scan);
}

/* Levels and digest, block by block */

typedef struct {
  MgTrackScan *scan;
  GChecksum *checksum;
  double squares;
  guint *runs; /* [channels]: samples at full scale in a row */
} Levels;

static void
take_sample(Levels *levels, float sample, int channel)
{
  double size = fabs(sample);
  levels->squares += size * size;
  levels->scan->peak = MAX(levels->scan->peak, size);
  levels->runs[channel] = size >= full_scale ? levels->runs[channel] + 1 : 0;
  if (levels->runs[channel] == 3)
    levels->scan->clipped += 3;
  else if (levels->runs[channel] > 3)
    levels->scan->clipped++;
}

static void
take_block(Levels *levels, const float *samples, gint64 frames, int channels)
{
  g_checksum_update(levels->checksum, (const guchar *)samples, (gssize)(frames * channels * (gint64)sizeof *samples));
  for (gint64 i = 0; i < frames * channels; i++)
    take_sample(levels, samples[i], (int)(i % channels));
  levels->scan->samples += frames * channels;
}

static gboolean
measure_levels(MgTrackScan *scan, const char *path, double start, double end, GError **error)
{
  g_autoptr(MgDecoder) decoder = mg_decoder_open(path, error);
  if (!decoder)
    return FALSE;
  const MgAudioInfo *info = mg_decoder_info(decoder);
  gint64 first = (gint64)llround(start * info->sr);
  gint64 left = end > 0 ? (gint64)llround(end * info->sr) - first : G_MAXINT64;
  if (first > 0 && !mg_decoder_seek(decoder, first, error))
    return FALSE;
  g_autofree float *block = g_new(float, (size_t)BLOCK * info->channels);
  g_autofree guint *runs = g_new0(guint, info->channels);
  g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA1);
  Levels levels = {scan, checksum, 0, runs};
  gint64 n;
  while (left > 0 && (n = mg_decoder_read(decoder, block, MIN(left, BLOCK))) > 0) {
    take_block(&levels, block, n, info->channels);
    left -= n;
  }
  scan->rms = scan->samples ? sqrt(levels.squares / scan->samples) : 0;
  scan->digest = g_strdup_printf("%d-%d-%s", info->sr, info->channels, g_checksum_get_string(checksum));
  return TRUE;
}

/* The print */

typedef struct {
  MgFft *fft;
  float window[PRINT_N_FFT], power[PRINT_N_FFT / 2 + 1];
  int edges[PRINT_BANDS + 1]; /* bins */
} Printer;

static void
set_up_printer(Printer *printer)
{
  printer->fft = mg_fft_new(PRINT_N_FFT);
  for (int i = 0; i < PRINT_N_FFT; i++)
    printer->window[i] = 0.5F - 0.5F * cosf(2 * (float)G_PI * i / PRINT_N_FFT);
  for (int band = 0; band <= PRINT_BANDS; band++)
    printer->edges[band] =
        (int)lround(print_low * pow(print_high / print_low, band / (double)PRINT_BANDS) * PRINT_N_FFT / PRINT_SR);
}

/* Energies of the bands; FALSE where the frame is silent. */
static gboolean
measure_bands(Printer *printer, const float *samples, double bands[PRINT_BANDS])
{
  double power = 0;
  float *input = mg_fft_input(printer->fft);
  for (int i = 0; i < PRINT_N_FFT; i++) {
    power += (double)samples[i] * samples[i];
    input[i] = samples[i] * printer->window[i];
  }
  mg_fft_power(printer->fft, printer->power);
  for (int band = 0; band < PRINT_BANDS; band++) {
    bands[band] = 0;
    for (int bin = printer->edges[band]; bin < printer->edges[band + 1]; bin++)
      bands[band] += printer->power[bin];
  }
  return power / PRINT_N_FFT > silent_power;
}

/* A bit tells whether the difference of two neighbouring bands has grown since the frame before. */
static guint32
word_of(const double before[PRINT_BANDS], const double bands[PRINT_BANDS])
{
  guint32 word = 0;
  for (int band = 0; band + 1 < PRINT_BANDS; band++)
    word |= (guint32)(bands[band] - bands[band + 1] > before[band] - before[band + 1]) << band;
  return word;
}

static gboolean
make_print(MgTrackScan *scan, const char *path, double start, double end, GError **error)
{
  g_auto(MgClip) clip = {0};
  double stop = end > 0 ? MIN(end, start + print_seconds) : start + print_seconds;
  if (!mg_clip_load(&clip, path, start, stop, PRINT_SR, error))
    return FALSE;
  g_autofree Printer *printer = g_new0(Printer, 1);
  double bands[2][PRINT_BANDS];
  gboolean sounds[2] = {FALSE, FALSE};
  set_up_printer(printer);
  for (size_t frame = 0; frame * PRINT_HOP + PRINT_N_FFT <= clip.n; frame++) {
    int now = frame % 2;
    sounds[now] = measure_bands(printer, clip.samples + frame * PRINT_HOP, bands[now]);
    guint32 word = frame && sounds[0] && sounds[1] ? word_of(bands[!now], bands[now]) : 0;
    g_array_append_val(scan->print, word);
  }
  mg_fft_free(printer->fft);
  return TRUE;
}

MgTrackScan *
mg_track_scan(const char *path, double start, double end)
{
  MgTrackScan *scan = g_new0(MgTrackScan, 1);
  g_autoptr(GError) error = NULL;
  scan->print = g_array_new(FALSE, FALSE, sizeof(guint32));
  if (!measure_levels(scan, path, start, end, &error) || !make_print(scan, path, start, end, &error))
    scan->message = g_strdup(error->message);
  return scan;
}

double
mg_print_distance(const GArray *a, const GArray *b, int offset, guint least)
{
  guint words = 0, bits = 0;
  for (int i = MAX(0, offset); i < (int)a->len && i - offset < (int)b->len; i++) {
    guint32 one = g_array_index(a, guint32, i), two = g_array_index(b, guint32, i - offset);
    if (!one || !two)
      continue;
    words++;
    bits += (guint)__builtin_popcount(one ^ two);
  }
  return words < MAX(1, least) ? 1 : bits / (32.0 * words);
}
