#include "audio/peaks.h"
#include <math.h>

typedef struct {
  float low, high;
  float square; /* mean of the squares */
} Peak;

enum { LEVELS = 40 };

typedef struct {
  GArray *levels[LEVELS]; /* of Peak; level l + 1 has one for each whole pair of level l; NULL above the
                             highest */
  Peak tail;              /* of the samples behind the last whole peak of level 0; its square is a sum */
} Channel;

struct MgPeaks {
  int channels;
  gint64 frames;
  size_t tail_frames;
  Channel *channel;
};

static const Peak nothing = {INFINITY, -INFINITY, 0};

MgPeaks *
mg_peaks_new(int channels)
{
  MgPeaks *peaks = g_new0(MgPeaks, 1);
  peaks->channels = channels;
  peaks->channel = g_new0(Channel, channels);
  for (int c = 0; c < channels; c++) {
    peaks->channel[c].levels[0] = g_array_new(FALSE, FALSE, sizeof(Peak));
    peaks->channel[c].tail = nothing;
  }
  return peaks;
}

void
mg_peaks_free(MgPeaks *peaks)
{
  if (!peaks)
    return;
  for (int c = 0; c < peaks->channels; c++)
    for (int level = 0; level < LEVELS && peaks->channel[c].levels[level]; level++)
      g_array_unref(peaks->channel[c].levels[level]);
  g_free(peaks->channel);
  g_free(peaks);
}

/* Appends a whole peak at level 0 and to every level above that it completes a pair of. */
static void
push_peak(Channel *channel, Peak peak)
{
  for (int level = 0; level < LEVELS; level++) {
    if (!channel->levels[level])
      channel->levels[level] = g_array_new(FALSE, FALSE, sizeof(Peak));
    GArray *peaks = channel->levels[level];
    g_array_append_val(peaks, peak);
    if (peaks->len % 2 != 0)
      return;
    Peak before = g_array_index(peaks, Peak, peaks->len - 2);
    peak = (Peak){MIN(before.low, peak.low), MAX(before.high, peak.high), (before.square + peak.square) / 2};
  }
}

static void
append_channel(Channel *channel, const float *samples, int stride, size_t tail_frames, size_t frames)
{
  for (size_t i = 0; i < frames; i++) {
    float value = samples[i * stride];
    channel->tail.low = MIN(channel->tail.low, value);
    channel->tail.high = MAX(channel->tail.high, value);
    channel->tail.square += value * value;
    if (++tail_frames < MG_PEAKS_BASE)
      continue;
    channel->tail.square /= MG_PEAKS_BASE;
    push_peak(channel, channel->tail);
    channel->tail = nothing;
    tail_frames = 0;
  }
}

void
mg_peaks_append(MgPeaks *peaks, const float *interleaved, gint64 frames)
{
  if (frames <= 0)
    return;
  for (int c = 0; c < peaks->channels; c++)
    append_channel(&peaks->channel[c], interleaved + c, peaks->channels, peaks->tail_frames, frames);
  peaks->frames += frames;
  peaks->tail_frames = peaks->frames % MG_PEAKS_BASE;
}

gint64
mg_peaks_frames(const MgPeaks *peaks)
{
  return peaks->frames;
}

int
mg_peaks_channels(const MgPeaks *peaks)
{
  return peaks->channels;
}

typedef struct {
  float low, high;
  double squares, samples;
} Sum;

static void
add_peak(Sum *sum, Peak peak, double mean_square, double samples)
{
  sum->low = MIN(sum->low, peak.low);
  sum->high = MAX(sum->high, peak.high);
  sum->squares += mean_square * samples;
  sum->samples += samples;
}

/* Adds the level 0 peaks first … end - 1, each stretch from the highest level that has it whole. */
static void
add_range(const Channel *channel, size_t first, size_t end, Sum *sum)
{
  while (first < end) {
    int level = 0;
    while (level + 1 < LEVELS && channel->levels[level + 1] && first % ((size_t)2 << level) == 0 &&
           first + ((size_t)2 << level) <= end)
      level++;
    Peak peak = g_array_index(channel->levels[level], Peak, first >> level);
    add_peak(sum, peak, peak.square, (double)((size_t)MG_PEAKS_BASE << level));
    first += (size_t)1 << level;
  }
}

static void
add_channel(const MgPeaks *peaks, int c, gint64 start, gint64 end, Sum *sum)
{
  const Channel *channel = &peaks->channel[c];
  size_t whole = channel->levels[0]->len;
  size_t first = (size_t)start / MG_PEAKS_BASE, last = (size_t)(end - 1) / MG_PEAKS_BASE;
  add_range(channel, first, MIN(last + 1, whole), sum);
  if (last >= whole && peaks->tail_frames > 0)
    add_peak(sum, channel->tail, channel->tail.square / peaks->tail_frames, (double)peaks->tail_frames);
}

static Sum
sum_column(const MgPeaks *peaks, int channel, double start, double end)
{
  Sum sum = {INFINITY, -INFINITY, 0, 0};
  gint64 from = (gint64)MAX(0, floor(start)), to = (gint64)MIN((double)peaks->frames, ceil(end));
  if (from >= to)
    return sum;
  int first = channel < 0 ? 0 : channel, last = channel < 0 ? peaks->channels - 1 : channel;
  for (int c = first; c <= last; c++)
    add_channel(peaks, c, from, to, &sum);
  return sum;
}

void
mg_peaks_read(const MgPeaks *peaks, int channel, double start, double end, size_t n, float *low, float *high,
              float *rms)
{
  double step = (end - start) / n;
  for (size_t i = 0; i < n; i++) {
    Sum sum = sum_column(peaks, channel, start + i * step, start + (i + 1) * step);
    low[i] = sum.low;
    high[i] = sum.high;
    if (rms)
      rms[i] = sum.samples > 0 ? (float)sqrt(sum.squares / sum.samples) : 0;
  }
}
