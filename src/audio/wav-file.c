#include "audio/wav-file.h"
#include "base/error.h"
#include "base/file.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum { STEP_FRAMES = 2048 };

static const gint64 header_interval = G_TIME_SPAN_SECOND / 2;

struct MgWavFile {
  char *path;
  int descriptor;
  MgWavFormat format;
  gint64 frames, told; /* in the file; in its header */
  gint64 last_header;  /* monotonic microseconds */
  guint8 *bytes;       /* STEP_FRAMES */
};

static MgWavFile *
new_file_of(int descriptor, const char *path, const MgWavFormat *format)
{
  MgWavFile *file = g_new0(MgWavFile, 1);
  file->path = g_strdup(path);
  file->format = *format;
  file->bytes = g_malloc((size_t)STEP_FRAMES * mg_wav_frame_bytes(format));
  file->descriptor = descriptor;
  return file;
}

static MgWavFile *
new_file(const char *path, const MgWavFormat *format, int flags, GError **error)
{
  g_autoptr(MgWavFile) file = new_file_of(open(path, O_RDWR | O_CLOEXEC | flags, 0666), path, format);
  if (file->descriptor >= 0 && flock(file->descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    g_set_error(error, MG_ERROR, MG_ERROR_IO, _("%s: another program is recording into it"), path);
    return NULL;
  }
  if (file->descriptor >= 0)
    return g_steal_pointer(&file);
  g_set_error(error, MG_ERROR, MG_ERROR_IO, _("%s: cannot write: %s"), path, g_strerror(errno));
  return NULL;
}

static gint64
end_of(const MgWavFile *file)
{
  return MG_WAV_HEADER_BYTES + file->frames * mg_wav_frame_bytes(&file->format);
}

static gboolean
write_header(MgWavFile *file, GError **error)
{
  guint8 header[MG_WAV_HEADER_BYTES];
  mg_wav_header(header, &file->format, (guint64)file->frames * mg_wav_frame_bytes(&file->format));
  file->last_header = g_get_monotonic_time();
  gboolean good = lseek(file->descriptor, 0, SEEK_SET) == 0 &&
                  mg_file_write_all(file->descriptor, file->path, header, sizeof header, error);
  if (good)
    file->told = file->frames;
  lseek(file->descriptor, end_of(file), SEEK_SET);
  return good;
}

/* A file that gets its name after its header, so that nobody meets it empty; NULL where there is one of that name
 * already, or where the file system cannot do that. */
static MgWavFile *
create_whole(const char *path, const MgWavFormat *format)
{
  char own[64];
  g_autofree char *folder = g_path_get_dirname(path);
  gboolean taken = access(path, F_OK) == 0;
  int descriptor = taken ? -1 : open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
  if (descriptor < 0)
    return NULL;
  g_autoptr(MgWavFile) file = new_file_of(descriptor, path, format);
  g_snprintf(own, sizeof own, "/proc/self/fd/%d", descriptor);
  gboolean good = flock(descriptor, LOCK_EX | LOCK_NB) == 0 && write_header(file, NULL) &&
                  linkat(AT_FDCWD, own, AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0;
  return good ? g_steal_pointer(&file) : NULL;
}

MgWavFile *
mg_wav_file_create(const char *path, const MgWavFormat *format, GError **error)
{
  g_autoptr(MgWavFile) file = create_whole(path, format);
  if (file)
    return g_steal_pointer(&file);
  file = new_file(path, format, O_CREAT, error);
  if (file && ftruncate(file->descriptor, 0) != 0)
    g_debug("%s: %s", path,
            g_strerror(errno)); /* a pipe; its header cannot be kept current, which the next line tells */
  return file && write_header(file, error) ? g_steal_pointer(&file) : NULL;
}

static gboolean
read_header(int descriptor, MgWavFormat *format, guint64 *data_bytes)
{
  guint8 header[MG_WAV_HEADER_BYTES];
  return pread(descriptor, header, sizeof header, 0) == sizeof header &&
         mg_wav_header_parse(header, format, data_bytes);
}

static gboolean
fail_format(const char *path, GError **error)
{
  g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: a recording of this program was expected"), path);
  return FALSE;
}

MgWavFile *
mg_wav_file_continue(const char *path, const MgWavFormat *format, GError **error)
{
  g_autoptr(MgWavFile) file = new_file(path, format, 0, error);
  MgWavFormat found;
  guint64 data_bytes;
  if (!file)
    return NULL;
  if (!read_header(file->descriptor, &found, &data_bytes)) {
    fail_format(path, error);
    return NULL;
  }
  if (found.sr != format->sr || found.channels != format->channels || found.is_float != format->is_float) {
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT,
                _("%s: %d Hz, %d channels; to go on with it, %d Hz and %d were expected"), path, found.sr,
                found.channels, format->sr, format->channels);
    return NULL;
  }
  off_t end = lseek(file->descriptor, 0, SEEK_END);
  file->frames = (end - MG_WAV_HEADER_BYTES) / mg_wav_frame_bytes(format);
  return write_header(file, error) ? g_steal_pointer(&file) : NULL;
}

/* After a write that failed half way. */
static void
keep_whole_frames(MgWavFile *file)
{
  int frame_bytes = mg_wav_frame_bytes(&file->format);
  off_t end = lseek(file->descriptor, 0, SEEK_CUR);
  if (end < MG_WAV_HEADER_BYTES)
    return;
  file->frames = (end - MG_WAV_HEADER_BYTES) / frame_bytes;
  if (ftruncate(file->descriptor, end_of(file)) != 0)
    g_debug("%s: %s", file->path, g_strerror(errno));
  write_header(file, NULL);
}

static gboolean
header_is_due(const MgWavFile *file)
{
  return file->frames - file->told >= file->format.sr / 2 ||
         g_get_monotonic_time() - file->last_header >= header_interval;
}

gboolean
mg_wav_file_write(MgWavFile *file, const float *interleaved, size_t frames, GError **error)
{
  for (size_t done = 0, step; done < frames; done += step) {
    step = MIN(frames - done, STEP_FRAMES);
    size_t n = step * file->format.channels;
    size_t length = mg_wav_encode(&file->format, interleaved + done * file->format.channels, n, file->bytes);
    if (!mg_file_write_all(file->descriptor, file->path, file->bytes, length, error)) {
      keep_whole_frames(file);
      return FALSE;
    }
    file->frames += (gint64)step;
    if (header_is_due(file) && !write_header(file, error))
      return FALSE;
  }
  return TRUE;
}

gint64
mg_wav_file_frames(const MgWavFile *file)
{
  return file->frames;
}

const char *
mg_wav_file_path(const MgWavFile *file)
{
  return file->path;
}

gboolean
mg_wav_file_finish(MgWavFile *file, GError **error)
{
  gboolean good = write_header(file, error);
  fsync(file->descriptor);
  return good;
}

void
mg_wav_file_free(MgWavFile *file)
{
  if (!file)
    return;
  if (file->descriptor >= 0)
    close(file->descriptor);
  g_free(file->bytes);
  g_free(file->path);
  g_free(file);
}

/* What a header tells, and what stands behind it. FALSE where it is no recording of this program. */
static gboolean
compare(const char *path, int descriptor, MgWavFormat *format, gint64 *told, gint64 *frames, GError **error)
{
  guint64 data_bytes;
  if (descriptor < 0) {
    g_set_error(error, MG_ERROR, MG_ERROR_IO, _("%s: cannot read: %s"), path, g_strerror(errno));
    return FALSE;
  }
  if (!read_header(descriptor, format, &data_bytes))
    return fail_format(path, error);
  int frame_bytes = mg_wav_frame_bytes(format);
  *told = (gint64)(data_bytes / frame_bytes);
  *frames = (lseek(descriptor, 0, SEEK_END) - MG_WAV_HEADER_BYTES) / frame_bytes;
  return TRUE;
}

gboolean
mg_wav_file_in_use(const char *path)
{
  int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  gboolean in_use = descriptor >= 0 && flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  if (descriptor >= 0)
    close(descriptor);
  return in_use;
}

gboolean
mg_wav_file_needs_repair(const char *path)
{
  MgWavFormat format;
  gint64 told, frames;
  int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  gboolean needs = compare(path, descriptor, &format, &told, &frames, NULL) && told != frames;
  if (descriptor >= 0)
    close(descriptor);
  return needs;
}

gboolean
mg_wav_file_repair(const char *path, gint64 *frames, gint64 *found, int *sr, GError **error)
{
  MgWavFormat format;
  gint64 told;
  int descriptor = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
  gboolean good = compare(path, descriptor, &format, &told, frames, error);
  if (descriptor >= 0)
    close(descriptor);
  if (!good)
    return FALSE;
  *found = *frames - told;
  *sr = format.sr;
  g_autoptr(MgWavFile) file = *found ? mg_wav_file_continue(path, &format, error) : NULL;
  return *found == 0 || (file && mg_wav_file_finish(file, error));
}
