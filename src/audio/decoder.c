#include "audio/decoder.h"
#include "audio/backend.h"
#include "audio/sniff.h"
#include "base/error.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_SR = 10000000, STEP = 4096 };

/* Beyond this a number in a float file is damage, not sound: squared and summed it would be infinite. */
static const float largest_sample = 1e12f;

struct MgDecoder {
  MgAudioInfo info;
  char *path;
  int descriptor;
  const MgBackend *backend;
  gpointer handle;
  gint64 at; /* the frame that is read next */
  gint64 bad_samples;
  float *step; /* (STEP, channels) */
};

static int
open_regular(const char *path, GError **error)
{
  int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a FIFO would wait for its writer */
  struct stat status;
  if (descriptor < 0 || fstat(descriptor, &status) != 0) {
    g_set_error(error, MG_ERROR, MG_ERROR_IO, _("%s: cannot read: %s"), path, g_strerror(errno));
    if (descriptor >= 0)
      close(descriptor);
    return -1;
  }
  if (S_ISREG(status.st_mode) && status.st_size > 0)
    return descriptor;
  close(descriptor);
  if (S_ISREG(status.st_mode))
    g_set_error(error, MG_ERROR, MG_ERROR_DATA, _("%s: the file is empty, 0 bytes"), path);
  else
    g_set_error(error, MG_ERROR, MG_ERROR_IO,
                S_ISDIR(status.st_mode) ? _("%s: a folder; expected a sound file")
                                        : _("%s: not a regular file; expected a sound file"),
                path);
  return -1;
}

/* Reads the first bytes behind any ID3 tags; returns how many there are. */
static size_t
read_start(int descriptor, guint8 bytes[MG_SNIFF_BYTES], gint64 *start)
{
  *start = 0;
  for (;;) {
    ssize_t n = pread(descriptor, bytes, MG_SNIFF_BYTES, *start);
    if (n <= 0)
      return 0;
    size_t tag = mg_sniff_id3_length(bytes, n);
    if (tag == 0)
      return n;
    *start += tag;
  }
}

gint64
mg_flac_start(int descriptor)
{
  guint8 bytes[MG_SNIFF_BYTES];
  gint64 start;
  read_start(descriptor, bytes, &start);
  return start;
}

static gboolean
named_as_mpeg(const char *path)
{
  g_autofree char *lower = g_ascii_strdown(path, -1);
  return g_str_has_suffix(lower, ".mp3") || g_str_has_suffix(lower, ".mp2");
}

static const MgBackend *
choose_backend(const char *path, int descriptor, GError **error)
{
  guint8 bytes[MG_SNIFF_BYTES];
  gint64 start;
  size_t n = read_start(descriptor, bytes, &start);
  if (n == 0) {
    g_set_error(error, MG_ERROR, MG_ERROR_DATA, _("%s: no audio behind its ID3 tag"), path);
    return NULL;
  }
  const char *name;
  MgSniff kind = mg_sniff(bytes, n, &name);
  if (kind == MG_SNIFF_UNSUPPORTED) {
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: %s is not supported; expected %s"), path, _(name),
                MG_DECODER_FORMATS);
    return NULL;
  }
  if (kind == MG_SNIFF_FLAC)
    return &mg_backend_flac;
  gboolean has_sync = n >= 2 && bytes[0] == 0xff && (bytes[1] & 0xe0) == 0xe0;
  if (kind == MG_SNIFF_MPEG || (kind == MG_SNIFF_UNKNOWN && (start > 0 || has_sync || named_as_mpeg(path))))
    return &mg_backend_mpeg;
  return &mg_backend_sndfile;
}

static gboolean
reopen(MgDecoder *decoder, GError **error)
{
  MgAudioInfo info = decoder->info;
  g_clear_pointer(&decoder->handle, decoder->backend->close);
  decoder->handle = decoder->backend->open(decoder->descriptor, decoder->path, &info, error);
  return decoder->handle != NULL;
}

static gboolean
check_format(const MgAudioInfo *info, GError **error)
{
  if (info->channels < 1 || info->channels > MG_MOST_CHANNELS) {
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: %d channels; expected 1 to %d"), info->path, info->channels,
                MG_MOST_CHANNELS);
    return FALSE;
  }
  if (info->sr < 1 || info->sr > MOST_SR) {
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: a sample rate of %d Hz; expected 1 to %d"), info->path,
                info->sr, MOST_SR);
    return FALSE;
  }
  return TRUE;
}

/* A header may lie: then everything is decoded once, and what there is counts. Either way the file is opened anew,
 * since some decoders are not at their beginning again after seeking. */
static gboolean
settle_length(MgDecoder *decoder, GError **error)
{
  if (decoder->info.frames > 0 && decoder->backend->holds(decoder->handle, decoder->info.frames))
    return reopen(decoder, error);
  decoder->info.frames = -1;
  if (!reopen(decoder, error))
    return FALSE;
  gint64 n;
  decoder->info.frames = 0;
  while ((n = decoder->backend->read(decoder->handle, decoder->step, STEP)) > 0)
    decoder->info.frames += n;
  if (decoder->info.frames > 0)
    return reopen(decoder, error);
  const char *why = decoder->backend->complaint(decoder->handle);
  g_autofree char *cause = g_strdelimit(g_strdup(why ? why : _("the file is well formed but empty")), "\r\n.", ' ');
  g_set_error(error, MG_ERROR, why ? MG_ERROR_FORMAT : MG_ERROR_DATA, _("%s: no audio in it: %s"), decoder->path,
              g_strstrip(cause));
  return FALSE;
}

MgDecoder *
mg_decoder_open(const char *path, GError **error)
{
  g_autoptr(MgDecoder) decoder = g_new0(MgDecoder, 1);
  MgAudioInfo *info = &decoder->info;
  info->path = decoder->path = g_strdup(path);
  decoder->descriptor = open_regular(path, error);
  if (decoder->descriptor < 0)
    return NULL;
  decoder->backend = choose_backend(path, decoder->descriptor, error);
  if (!decoder->backend)
    return NULL;
  decoder->handle = decoder->backend->open(decoder->descriptor, path, info, error);
  if (!decoder->handle || !check_format(info, error))
    return NULL;
  decoder->step = g_new(float, STEP * info->channels);
  if (!settle_length(decoder, error))
    return NULL;
  info->duration = (double)info->frames / info->sr;
  return g_steal_pointer(&decoder);
}

const MgAudioInfo *
mg_decoder_info(const MgDecoder *decoder)
{
  return &decoder->info;
}

/* Never more than info says: read through, a damaged MPEG file may give more than was found by seeking to its end. */
gint64
mg_decoder_read(MgDecoder *decoder, float *interleaved, gint64 frames)
{
  gint64 left = decoder->info.frames - decoder->at;
  gint64 got = left > 0 ? decoder->backend->read(decoder->handle, interleaved, MIN(frames, left)) : 0;
  decoder->at += got;
  for (gint64 i = 0; i < got * decoder->info.channels; i++)
    if (G_UNLIKELY(!(fabsf(interleaved[i]) <= largest_sample))) { /* NaN too */
      interleaved[i] = 0;
      decoder->bad_samples++;
    }
  return got;
}

void
mg_mix_to_mono(const float *interleaved, int channels, gint64 frames, float *mono)
{
  for (gint64 i = 0; i < frames; i++) {
    float sum = 0;
    for (int c = 0; c < channels; c++)
      sum += interleaved[i * channels + c];
    mono[i] = sum / channels;
  }
}

gint64
mg_decoder_read_mono(MgDecoder *decoder, float *samples, gint64 frames)
{
  if (decoder->info.channels == 1)
    return mg_decoder_read(decoder, samples, frames);
  gint64 total = 0, got = 1;
  while (total < frames && got > 0) {
    got = mg_decoder_read(decoder, decoder->step, MIN(STEP, frames - total));
    mg_mix_to_mono(decoder->step, decoder->info.channels, got, samples + total);
    total += got;
  }
  return total;
}

/* For files in which the library cannot seek: from the start again, up to the frame. */
static gboolean
skip_to(MgDecoder *decoder, gint64 frame, GError **error)
{
  if (!reopen(decoder, error))
    return FALSE;
  for (gint64 at = 0, got; at < frame; at += got) {
    got = decoder->backend->read(decoder->handle, decoder->step, MIN(STEP, frame - at));
    if (got > 0)
      continue;
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: damaged: cannot be read beyond frame %" PRId64), decoder->path,
                at);
    return FALSE;
  }
  return TRUE;
}

gboolean
mg_decoder_seek(MgDecoder *decoder, gint64 frame, GError **error)
{
  if (frame < 0 || frame > decoder->info.frames) {
    g_set_error(error, MG_ERROR, MG_ERROR_LIMIT, _("%s: there is no frame %" PRId64 "; expected 0 to %" PRId64),
                decoder->path, frame, decoder->info.frames);
    return FALSE;
  }
  gboolean sought = frame < decoder->info.frames && decoder->backend->seek(decoder->handle, frame);
  if (!sought && !skip_to(decoder, frame, error))
    return FALSE;
  decoder->at = frame;
  return TRUE;
}

gint64
mg_decoder_bad_samples(const MgDecoder *decoder)
{
  return decoder->bad_samples;
}

void
mg_decoder_free(MgDecoder *decoder)
{
  if (!decoder)
    return;
  if (decoder->handle)
    decoder->backend->close(decoder->handle);
  if (decoder->descriptor >= 0)
    close(decoder->descriptor);
  g_free(decoder->step);
  g_free(decoder->path);
  g_free(decoder);
}

static const char *const patterns[] = {"*.wav", "*.wave", "*.flac", "*.ogg",  "*.oga",  "*.opus",
                                       "*.mp3", "*.mp2",  "*.aiff", "*.aif",  "*.aifc", "*.au",
                                       "*.snd", "*.caf",  "*.w64",  "*.rf64", NULL};

const char *const *
mg_decoder_patterns(void)
{
  return patterns;
}

gboolean
mg_decoder_accepts_name(const char *path)
{
  g_autofree char *lower = g_ascii_strdown(path, -1);
  for (size_t i = 0; patterns[i]; i++)
    if (g_str_has_suffix(lower, patterns[i] + 1))
      return TRUE;
  return FALSE;
}
