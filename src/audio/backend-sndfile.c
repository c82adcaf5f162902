#include "audio/backend.h"
#include "base/error.h"
#include <glib/gi18n-lib.h>
#include <sndfile.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file seen through libsndfile's virtual I/O, with `patched` bytes in place of the file's own from
 * `patch_at`. */
typedef struct {
  SNDFILE *file;
  gboolean is_vorbis;
  sf_count_t frames; /* as libsndfile tells */
  int descriptor;
  sf_count_t at, size;
  sf_count_t patch_at;
  guint8 patch[5];
  int patched;
} Handle;

static sf_count_t
get_length(void *data)
{
  return ((Handle *)data)->size;
}

static sf_count_t
seek_to(sf_count_t offset, int whence, void *data)
{
  Handle *handle = data;
  sf_count_t base = whence == SEEK_CUR ? handle->at : whence == SEEK_END ? handle->size : 0;
  if (base + offset < 0)
    return -1;
  return handle->at = base + offset;
}

static void
apply_patch(const Handle *handle, guint8 *bytes, sf_count_t at, sf_count_t n)
{
  for (int i = 0; i < handle->patched; i++)
    if (handle->patch_at + i >= at && handle->patch_at + i < at + n)
      bytes[handle->patch_at + i - at] = handle->patch[i];
}

static sf_count_t
read_bytes(void *out, sf_count_t n, void *data)
{
  Handle *handle = data;
  sf_count_t total = 0;
  while (total < n) {
    ssize_t got = pread(handle->descriptor, (char *)out + total, n - total, handle->at + total);
    if (got <= 0)
      break;
    total += got;
  }
  apply_patch(handle, out, handle->at, total);
  handle->at += total;
  return total;
}

static sf_count_t
tell(void *data)
{
  return ((Handle *)data)->at;
}

static SF_VIRTUAL_IO virtual_io = {get_length, seek_to, read_bytes, NULL, tell};

static const struct {
  int major;
  const char *name;
} containers[] = {{SF_FORMAT_WAV, "WAV"}, {SF_FORMAT_WAVEX, "WAV"}, {SF_FORMAT_RF64, "RF64"},
                  {SF_FORMAT_W64, "W64"}, {SF_FORMAT_AIFF, "AIFF"}, {SF_FORMAT_AU, "AU"},
                  {SF_FORMAT_CAF, "CAF"}, {SF_FORMAT_FLAC, "FLAC"}, {SF_FORMAT_OGG, "Ogg"}};

static const struct {
  int subtype;
  const char *name;
} codecs[] = {{SF_FORMAT_PCM_S8, "PCM 8 bit"},    {SF_FORMAT_PCM_U8, "PCM 8 bit"},  {SF_FORMAT_PCM_16, "PCM 16 bit"},
              {SF_FORMAT_PCM_24, "PCM 24 bit"},   {SF_FORMAT_PCM_32, "PCM 32 bit"}, {SF_FORMAT_FLOAT, "float 32 bit"},
              {SF_FORMAT_DOUBLE, "float 64 bit"}, {SF_FORMAT_VORBIS, "Vorbis"},     {SF_FORMAT_OPUS, "Opus"}};

/* libsndfile's own words where the tables above have none. */
static const char *
library_name(SNDFILE *file, int format)
{
  SF_FORMAT_INFO info = {.format = format};
  return sf_command(file, SFC_GET_FORMAT_INFO, &info, sizeof info) == 0 && info.name ? info.name : "unknown";
}

static const char *
container_name(SNDFILE *file, int format)
{
  for (size_t i = 0; i < G_N_ELEMENTS(containers); i++)
    if ((format & SF_FORMAT_TYPEMASK) == containers[i].major)
      return containers[i].name;
  return library_name(file, format & SF_FORMAT_TYPEMASK);
}

static gboolean
is_flac(int format)
{
  int container = format & SF_FORMAT_TYPEMASK, codec = format & SF_FORMAT_SUBMASK;
  return container == SF_FORMAT_FLAC || (container == SF_FORMAT_OGG && codec <= SF_FORMAT_PCM_32);
}

static const char *
codec_name(SNDFILE *file, int format)
{
  static const char *const flac[] = {"FLAC", "FLAC 8 bit", "FLAC 16 bit", "FLAC 24 bit"};
  int subtype = format & SF_FORMAT_SUBMASK;
  if (is_flac(format))
    return flac[subtype >= SF_FORMAT_PCM_S8 && subtype <= SF_FORMAT_PCM_24 ? subtype : 0];
  for (size_t i = 0; i < G_N_ELEMENTS(codecs); i++)
    if ((format & SF_FORMAT_SUBMASK) == codecs[i].subtype)
      return codecs[i].name;
  return library_name(file, format & SF_FORMAT_SUBMASK);
}

static void
fail(GError **error, const char *path)
{
  if (sf_error(NULL) == SF_ERR_UNRECOGNISED_FORMAT) {
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: not a sound file; expected %s"), path, MG_DECODER_FORMATS);
    return;
  }
  g_autofree char *cause = g_strdelimit(g_strdup(sf_strerror(NULL)), "\r\n.", ' ');
  g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: damaged or of an unknown kind: %s"), path, g_strstrip(cause));
}

static void
close_handle(gpointer data)
{
  Handle *handle = data;
  if (handle && handle->file)
    sf_close(handle->file);
  g_free(handle);
}

static gpointer
open_handle(Handle *handle, const char *path, MgAudioInfo *info, GError **error)
{
  struct stat status;
  handle->size = fstat(handle->descriptor, &status) == 0 ? status.st_size : 0;
  SF_INFO format = {0};
  handle->file = sf_open_virtual(&virtual_io, SFM_READ, &format, handle);
  if (!handle->file) {
    fail(error, path);
    close_handle(handle);
    return NULL;
  }
  handle->is_vorbis = (format.format & SF_FORMAT_SUBMASK) == SF_FORMAT_VORBIS;
  handle->frames = format.frames;
  info->container = container_name(handle->file, format.format);
  info->codec = codec_name(handle->file, format.format);
  info->sr = format.samplerate;
  info->channels = format.channels;
  info->frames = format.frames == SF_COUNT_MAX ? 0 : format.frames;
  return handle;
}

static gpointer
open_sndfile(int descriptor, const char *path, MgAudioInfo *info, GError **error)
{
  Handle *handle = g_new0(Handle, 1);
  handle->descriptor = descriptor;
  return open_handle(handle, path, info, error);
}

/* Finds the STREAMINFO block behind `at`, where "fLaC" stands (RFC 9639, section 8). */
static gboolean
find_stream_info(int descriptor, gint64 at, gint64 *found)
{
  guint8 header[4];
  for (at += 4; pread(descriptor, header, 4, at) == 4;) {
    *found = at + 4;
    if ((header[0] & 0x7f) == 0)
      return TRUE;
    if (header[0] & 0x80)
      return FALSE;
    at += 4 + ((gint64)header[1] << 16 | header[2] << 8 | header[3]);
  }
  return FALSE;
}

/* The number of samples in STREAMINFO: 36 bits, the last ones of these five bytes. */
static gint64
claimed_frames(const guint8 bytes[5])
{
  gint64 frames = bytes[0] & 0x0f;
  for (int i = 1; i < 5; i++)
    frames = frames << 8 | bytes[i];
  return frames;
}

static void
claim_frames(guint8 bytes[5], gint64 frames)
{
  bytes[0] = (guint8)((bytes[0] & 0xf0) | (frames >> 32 & 0x0f));
  for (int i = 1; i < 5; i++)
    bytes[i] = (guint8)(frames >> (8 * (4 - i)));
}

/* libFLAC stops at the number of samples in STREAMINFO, which may be wrong. So it is shown another one: the right one
 * where the decoder knows it, 0 ("unknown") while the frames are counted, and at first one block more than is claimed:
 * then it reads on beyond, and still finds its way by it when it seeks, which takes long where the number is unknown.
 */
static gpointer
open_flac(int descriptor, const char *path, MgAudioInfo *info, GError **error)
{
  static const gint64 longest_block = 65536;
  Handle *handle = g_new0(Handle, 1);
  handle->descriptor = descriptor;
  gint64 stream_info, claimed = 0, known = info->frames;
  if (find_stream_info(descriptor, mg_flac_start(descriptor), &stream_info) &&
      pread(descriptor, handle->patch, 5, stream_info + 13) == 5) {
    claimed = claimed_frames(handle->patch);
    claim_frames(handle->patch, known != 0 ? MAX(0, known) : claimed > 0 ? claimed + longest_block : 0);
    handle->patch_at = stream_info + 13;
    handle->patched = 5;
  }
  gpointer opened = open_handle(handle, path, info, error);
  info->frames = known > 0 ? known : claimed;
  return opened;
}

static gint64
read_frames(gpointer data, float *interleaved, gint64 frames)
{
  sf_count_t got = sf_readf_float(((Handle *)data)->file, interleaved, frames);
  return MAX(0, got);
}

static gboolean
skip(Handle *handle, gint64 frames)
{
  enum { STEP = 1024 };
  float step[STEP * MG_MOST_CHANNELS];
  while (frames > 0) {
    gint64 got = read_frames(handle, step, MIN(STEP, frames));
    if (got == 0)
      return FALSE;
    frames -= got;
  }
  return TRUE;
}

/* libsndfile 1.2 seeks wrongly in Vorbis in two cases, both measured against reading through: forward from where it has
 * just read, the overlap of the blocks is broken; and within the last page of the file it is some frames off. So the
 * search starts from the beginning, and never in the last page, which is no longer than 255 blocks of 1024 frames. */
static gboolean
seek_vorbis(Handle *handle, gint64 frame)
{
  static const gint64 last_page = 255 * 1024;
  gint64 start = MIN(frame, MAX(0, handle->frames - last_page));
  return sf_seek(handle->file, 0, SEEK_SET) == 0 && sf_seek(handle->file, start, SEEK_SET) == start &&
         skip(handle, frame - start);
}

static gboolean
seek(gpointer data, gint64 frame)
{
  Handle *handle = data;
  return handle->is_vorbis ? seek_vorbis(handle, frame) : sf_seek(handle->file, frame, SEEK_SET) == frame;
}

static gboolean
holds(gpointer data, gint64 frames)
{
  Handle *handle = data;
  float last[2 * MG_MOST_CHANNELS];
  if (sf_seek(handle->file, frames - 1, SEEK_SET) != frames - 1)
    return FALSE;
  gint64 got = read_frames(handle, last, 2);
  return got == 1 || (got == 2 && handle->is_vorbis); /* there the place is not exact, see seek_vorbis() */
}

static const char *
complaint(gpointer data)
{
  SNDFILE *file = ((Handle *)data)->file;
  return sf_error(file) ? sf_strerror(file) : NULL;
}

const MgBackend mg_backend_sndfile = {open_sndfile, read_frames, seek, holds, complaint, close_handle};
const MgBackend mg_backend_flac = {open_flac, read_frames, seek, holds, complaint, close_handle};
