#include "session/sound.h"
#include "audio/peaks.h"
#include "session/urgency.h"
#include <math.h>
#include <string.h>

#define CHUNK 65536 /* frames read at once */
#define TOLD_EVERY_MS 50
#define PATIENCE 1.0 /* s that the waveform waits for a first picture, a chunk */
#define LOUDNESS_COLUMNS 2048
#define FULL_SCALE 0.9999     /* of 16 bits, the last value but two */
#define MOST_DETAIL (1 << 19) /* samples fetched for a close look */

/* What the reading threads share with the object; lives as long as any of them. */
typedef struct {
  gint references;
  GMutex lock; /* guards peaks, detail, failure, complete */
  MgPeaks *peaks;
  char *path;
  gboolean complete;
  char *failure;
  gint stopped;   /* atomic */
  guint news;     /* timeout that tells the main thread */
  MgSound *owner; /* main thread only */
  float *detail;  /* interleaved samples of [detail_first, detail_first + detail_n) */
  gint64 detail_first, detail_n;
  gboolean fetching;
} Shared;

struct _MgSound {
  GObject parent;
  Shared *shared;
  char *container, *codec;
  int sr, channels;
  gint64 frames; /* as the header says */
};

G_DEFINE_FINAL_TYPE(MgSound, mg_sound, G_TYPE_OBJECT)

enum { CHANGED, FAILED, N_SIGNALS };
static guint signals[N_SIGNALS];

static Shared *
ref_shared(Shared *shared)
{
  g_atomic_int_inc(&shared->references);
  return shared;
}

static void
unref_shared(gpointer data)
{
  Shared *shared = data;
  if (!g_atomic_int_dec_and_test(&shared->references))
    return;
  mg_peaks_free(shared->peaks);
  g_mutex_clear(&shared->lock);
  g_free(shared->detail);
  g_free(shared->failure);
  g_free(shared->path);
  g_free(shared);
}

static gboolean
tell(gpointer data)
{
  Shared *shared = data;
  g_mutex_lock(&shared->lock);
  shared->news = 0;
  g_autofree char *failure = g_steal_pointer(&shared->failure);
  g_mutex_unlock(&shared->lock);
  if (!shared->owner)
    return G_SOURCE_REMOVE;
  g_autoptr(MgSound) sound = g_object_ref(shared->owner);
  if (failure)
    g_signal_emit(sound, signals[FAILED], 0, failure);
  g_signal_emit(sound, signals[CHANGED], 0);
  return G_SOURCE_REMOVE;
}

/* With the lock held, on any thread. */
static void
tell_soon(Shared *shared)
{
  if (!shared->news)
    shared->news = g_timeout_add_full(G_PRIORITY_DEFAULT_IDLE, TOLD_EVERY_MS, tell, ref_shared(shared), unref_shared);
}

static void
end_reading(Shared *shared, const GError *error)
{
  g_mutex_lock(&shared->lock);
  shared->complete = TRUE;
  if (error)
    shared->failure = g_strdup(error->message);
  tell_soon(shared);
  g_mutex_unlock(&shared->lock);
}

static gpointer
read_through(gpointer data)
{
  Shared *shared = data;
  g_autoptr(GError) error = NULL;
  mg_step_back();
  g_autoptr(MgDecoder) decoder = mg_decoder_open(shared->path, &error);
  int channels = decoder ? mg_decoder_info(decoder)->channels : 1;
  g_autofree float *chunk = g_new(float, (size_t)CHUNK *channels);
  gint64 got;
  while (decoder && !g_atomic_int_get(&shared->stopped) && (got = mg_decoder_read(decoder, chunk, CHUNK)) > 0) {
    g_mutex_lock(&shared->lock);
    mg_peaks_append(shared->peaks, chunk, got);
    tell_soon(shared);
    g_mutex_unlock(&shared->lock);
    mg_make_way(PATIENCE);
    mg_rest_while_frame();
  }
  end_reading(shared, error);
  unref_shared(shared);
  return NULL;
}

static MgSound *
new_sound(const char *path, int sr, int channels, gint64 frames)
{
  MgSound *sound = g_object_new(MG_TYPE_SOUND, NULL);
  Shared *shared = sound->shared = g_new0(Shared, 1);
  sound->sr = sr;
  sound->channels = channels;
  sound->frames = frames;
  shared->references = 1;
  shared->owner = sound;
  shared->path = g_strdup(path);
  shared->peaks = mg_peaks_new(channels);
  g_mutex_init(&shared->lock);
  return sound;
}

static void
open_in_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  MgDecoder *decoder = mg_decoder_open(data, &error);
  if (decoder)
    g_task_return_pointer(task, decoder, (GDestroyNotify)mg_decoder_free);
  else
    g_task_return_error(task, error);
}

void
mg_sound_open_async(const char *path, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr(GTask) task = g_task_new(NULL, cancellable, callback, data);
  g_task_set_task_data(task, g_strdup(path), g_free);
  g_task_run_in_thread(task, open_in_thread);
}

MgSound *
mg_sound_open_finish(GAsyncResult *result, GError **error)
{
  g_autoptr(MgDecoder) decoder = g_task_propagate_pointer(G_TASK(result), error);
  if (!decoder)
    return NULL;
  const MgAudioInfo *info = mg_decoder_info(decoder);
  MgSound *sound = new_sound(info->path, info->sr, info->channels, info->frames);
  sound->container = g_strdup(info->container);
  sound->codec = g_strdup(info->codec);
  g_thread_unref(g_thread_new("waveform", read_through, ref_shared(sound->shared)));
  return sound;
}

MgSound *
mg_sound_new_live(int sr, int channels)
{
  return new_sound(NULL, sr, channels, 0);
}

void
mg_sound_append(MgSound *sound, const float *interleaved, gint64 frames)
{
  g_mutex_lock(&sound->shared->lock);
  mg_peaks_append(sound->shared->peaks, interleaved, frames);
  tell_soon(sound->shared);
  g_mutex_unlock(&sound->shared->lock);
}

const char *
mg_sound_path(MgSound *sound)
{
  return sound->shared->path;
}

int
mg_sound_sr(MgSound *sound)
{
  return sound->sr;
}

int
mg_sound_channels(MgSound *sound)
{
  return sound->channels;
}

gboolean
mg_sound_complete(MgSound *sound)
{
  g_mutex_lock(&sound->shared->lock);
  gboolean complete = sound->shared->complete;
  g_mutex_unlock(&sound->shared->lock);
  return complete;
}

double
mg_sound_duration(MgSound *sound)
{
  g_mutex_lock(&sound->shared->lock);
  gint64 read = mg_peaks_frames(sound->shared->peaks);
  gboolean known = sound->shared->complete || !sound->shared->path;
  g_mutex_unlock(&sound->shared->lock);
  return (double)(known ? read : MAX(read, sound->frames)) / sound->sr;
}

gboolean
mg_sound_loudness(MgSound *sound, double *peak, double *full)
{
  Shared *shared = sound->shared;
  g_autofree float *low = g_new(float, 3 * LOUDNESS_COLUMNS);
  float *high = low + LOUDNESS_COLUMNS, *rms = high + LOUDNESS_COLUMNS;
  *peak = *full = 0;
  g_mutex_lock(&shared->lock);
  gint64 frames = shared->complete ? mg_peaks_frames(shared->peaks) : 0;
  if (frames > 0)
    mg_peaks_read(shared->peaks, -1, 0, (double)frames, LOUDNESS_COLUMNS, low, high, rms);
  g_mutex_unlock(&shared->lock);
  for (int i = 0; i < LOUDNESS_COLUMNS && frames > 0; i++) {
    double largest = MAX(high[i], -low[i]);
    *peak = MAX(*peak, largest);
    *full += (largest >= FULL_SCALE) / (double)LOUDNESS_COLUMNS;
  }
  return frames > 0;
}

char *
mg_sound_describe(MgSound *sound)
{
  return g_strdup_printf("%s, %s, %d\u202fHz, %d\u202f×", sound->container ? sound->container : "",
                         sound->codec ? sound->codec : "", sound->sr, sound->channels);
}

/* Samples [first, first + n) for a close look. */
typedef struct {
  Shared *shared;
  gint64 first, n;
} Fetch;

static void
keep_detail(Shared *shared, float *samples, gint64 first, gint64 n)
{
  g_mutex_lock(&shared->lock);
  g_free(shared->detail);
  shared->detail = samples;
  shared->detail_first = first;
  shared->detail_n = n;
  shared->fetching = FALSE;
  tell_soon(shared);
  g_mutex_unlock(&shared->lock);
}

static gpointer
fetch(gpointer data)
{
  g_autofree Fetch *wish = data;
  Shared *shared = wish->shared;
  g_autoptr(MgDecoder) decoder = mg_decoder_open(shared->path, NULL);
  int channels = decoder ? mg_decoder_info(decoder)->channels : 1;
  float *samples = g_new0(float, wish->n *channels);
  gint64 got = 0, more = 1;
  if (decoder && mg_decoder_seek(decoder, wish->first, NULL))
    while (got < wish->n && more > 0) {
      more = mg_decoder_read(decoder, samples + got * channels, wish->n - got);
      got += MAX(more, 0);
    }
  keep_detail(shared, samples, wish->first, wish->n);
  unref_shared(shared);
  return NULL;
}

/* With the lock held. Fetches twice as much at each side, so that scrolling finds it there. */
static void
want_detail(MgSound *sound, gint64 first, gint64 n)
{
  Shared *shared = sound->shared;
  if (shared->fetching || !shared->path)
    return;
  Fetch *wish = g_new(Fetch, 1);
  gint64 start = MAX(0, first - n);
  *wish = (Fetch){ref_shared(shared), start, first + 2 * n - start};
  shared->fetching = TRUE;
  g_thread_unref(g_thread_new("detail", fetch, wish));
}

/* The straight line through the samples. */
static float
line_at(const MgSound *sound, double place, int channel)
{
  const Shared *shared = sound->shared;
  double inside = CLAMP(place - shared->detail_first, 0, shared->detail_n - 1);
  gint64 left = MIN((gint64)inside, shared->detail_n - 2);
  const float *frame = shared->detail + left * sound->channels + channel;
  return frame[0] + (float)(inside - left) * (frame[sound->channels] - frame[0]);
}

/* One column of that line: its ends and the samples between. */
static void
detail_column(const MgSound *sound, int channel, double start, double end, float *low, float *high)
{
  const Shared *shared = sound->shared;
  gint64 limit = shared->detail_first + shared->detail_n;
  *low = 2;
  *high = -2;
  if (start >= limit || shared->detail_n < 2)
    return;
  for (int c = MAX(channel, 0); c < (channel < 0 ? sound->channels : channel + 1); c++) {
    float one = line_at(sound, start, c), two = line_at(sound, end, c);
    *low = MIN(*low, MIN(one, two));
    *high = MAX(*high, MAX(one, two));
    for (gint64 i = MAX((gint64)ceil(start), shared->detail_first); i <= (gint64)floor(end) && i < limit; i++) {
      float value = shared->detail[(i - shared->detail_first) * sound->channels + c];
      *low = MIN(*low, value);
      *high = MAX(*high, value);
    }
  }
}

static gboolean
has_detail(const MgSound *sound, gint64 first, gint64 end)
{
  const Shared *shared = sound->shared;
  gint64 total = mg_peaks_frames(shared->peaks);
  return shared->detail && first >= shared->detail_first && MIN(end, total) <= shared->detail_first + shared->detail_n;
}

gboolean
mg_sound_columns(MgSound *sound, int channel, double from, double to, size_t n, float *low, float *high, float *rms)
{
  double start = from * sound->sr, end = to * sound->sr, step = (end - start) / n;
  gint64 first = MAX((gint64)floor(start), 0), length = (gint64)ceil(end) + 2 - first;
  g_mutex_lock(&sound->shared->lock);
  gboolean close = step < MG_PEAKS_BASE && length * sound->channels * 4 < MOST_DETAIL && sound->shared->path;
  gboolean line = close && has_detail(sound, first, first + length);
  for (size_t i = 0; line && i < n; i++)
    detail_column(sound, channel, start + i * step, start + (i + 1) * step, &low[i], &high[i]);
  if (!line)
    mg_peaks_read(sound->shared->peaks, channel, start, end, n, low, high, rms);
  if (close && !line)
    want_detail(sound, first, length);
  g_mutex_unlock(&sound->shared->lock);
  return !line;
}

void
mg_sound_stop(MgSound *sound)
{
  if (!sound->shared)
    return;
  g_atomic_int_set(&sound->shared->stopped, TRUE);
  sound->shared->owner = NULL;
}

static void
finalize(GObject *object)
{
  MgSound *sound = MG_SOUND(object);
  mg_sound_stop(sound);
  g_clear_pointer(&sound->shared, unref_shared);
  g_free(sound->container);
  g_free(sound->codec);
  G_OBJECT_CLASS(mg_sound_parent_class)->finalize(object);
}

static void
mg_sound_class_init(MgSoundClass *class)
{
  GType type = G_TYPE_FROM_CLASS(class);
  G_OBJECT_CLASS(class)->finalize = finalize;
  signals[CHANGED] = g_signal_new("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[FAILED] = g_signal_new("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
mg_sound_init(MgSound *sound)
{
}
