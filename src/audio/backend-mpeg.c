/* MPEG audio by libmpg123, which libsndfile uses too: asked directly, it stays silent about damage and counts
 * the frames that are really there, where libsndfile believes a Xing header and lets warnings through to
 * stderr. */
#include "audio/backend.h"
#include "base/error.h"
#include <glib/gi18n-lib.h>
#include <mpg123.h>
#include <unistd.h>

typedef struct {
  mpg123_handle *mpg;
  int channels;
} Handle;

static void
close_handle(gpointer data)
{
  Handle *handle = data;
  if (handle && handle->mpg) {
    mpg123_close(handle->mpg);
    mpg123_delete(handle->mpg);
  }
  g_free(handle);
}

static gpointer
initialise(gpointer data)
{
  mpg123_init();
  return NULL;
}

static mpg123_handle *
new_mpg(void)
{
  static GOnce once = G_ONCE_INIT;
  g_once(&once, initialise, NULL);
  mpg123_handle *mpg = mpg123_new(NULL, NULL);
  if (!mpg)
    return NULL;
  mpg123_param(mpg, MPG123_ADD_FLAGS, MPG123_QUIET | MPG123_FORCE_FLOAT | MPG123_SKIP_ID3V2 | MPG123_GAPLESS, 0);
  mpg123_param(mpg, MPG123_RESYNC_LIMIT, 65536, 0);
  /* A frame may take up to 511 bytes from the frames before it, which are as short as 26 bytes: with the default of 4
   * frames read ahead of the place sought, what follows is silence in files of a low bit rate. */
  mpg123_param(mpg, MPG123_PREFRAMES, 32, 0);
  return mpg;
}

/* The rate and channels of the first frame are kept for the whole file. */
static gboolean
fix_format(Handle *handle, MgAudioInfo *info)
{
  long rate;
  int encoding;
  if (mpg123_getformat(handle->mpg, &rate, &handle->channels, &encoding) != MPG123_OK)
    return FALSE;
  mpg123_format_none(handle->mpg);
  info->sr = (int)rate;
  info->channels = handle->channels;
  return mpg123_format(handle->mpg, rate, handle->channels, MPG123_ENC_FLOAT_32) == MPG123_OK;
}

static void
describe(Handle *handle, MgAudioInfo *info)
{
  static const char *const layers[] = {"MPEG layer I", "MPEG layer II", "MPEG layer III"};
  struct mpg123_frameinfo frame;
  gboolean known = mpg123_info(handle->mpg, &frame) == MPG123_OK && frame.layer >= 1 && frame.layer <= 3;
  info->container = "MPEG";
  info->codec = known ? layers[frame.layer - 1] : "MPEG audio";
  info->frames = mpg123_scan(handle->mpg) == MPG123_OK ? mpg123_length(handle->mpg) : 0;
}

static gpointer
open_mpeg(int descriptor, const char *path, MgAudioInfo *info, GError **error)
{
  Handle *handle = g_new0(Handle, 1);
  handle->mpg = new_mpg();
  gboolean good = handle->mpg && lseek(descriptor, 0, SEEK_SET) == 0 &&
                  mpg123_open_fd(handle->mpg, descriptor) == MPG123_OK && fix_format(handle, info);
  if (!good) {
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: no MPEG audio frame in it: damaged, cut off or not mp3"),
                path);
    close_handle(handle);
    return NULL;
  }
  describe(handle, info);
  return handle;
}

static gint64
read_frames(gpointer data, float *interleaved, gint64 frames)
{
  Handle *handle = data;
  size_t frame_bytes = handle->channels * sizeof(float), wanted = frames * frame_bytes, total = 0;
  int result = MPG123_OK;
  while (total < wanted && (result == MPG123_OK || result == MPG123_NEW_FORMAT)) {
    size_t done = 0;
    result = mpg123_read(handle->mpg, (guint8 *)interleaved + total, wanted - total, &done);
    total += done;
  }
  return total / frame_bytes;
}

static gboolean
seek(gpointer data, gint64 frame)
{
  return mpg123_seek(((Handle *)data)->mpg, frame, SEEK_SET) == frame;
}

static gboolean
holds(gpointer data, gint64 frames)
{
  float last[2 * MG_MOST_CHANNELS];
  return seek(data, frames - 1) && read_frames(data, last, 2) == 1;
}

static const char *
complaint(gpointer data)
{
  mpg123_handle *mpg = ((Handle *)data)->mpg;
  return mpg123_errcode(mpg) == MPG123_OK || mpg123_errcode(mpg) == MPG123_DONE ? NULL : mpg123_strerror(mpg);
}

const MgBackend mg_backend_mpeg = {open_mpeg, read_frames, seek, holds, complaint, close_handle};
