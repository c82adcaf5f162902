#include "base/file.h"
#include "base/error.h"
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct MgFileWriter {
  char *path;
  char *temporary; /* NULL where the path is a device or a pipe: written as it is */
  int descriptor;
  gboolean finished;
};

static GMutex disk;                          /* guards what follows */
static gint64 bytes_until_full = G_MININT64; /* G_MININT64: the environment was not asked yet; other negatives: never */

void
mg_file_fail_after(gint64 bytes)
{
  g_mutex_lock(&disk);
  bytes_until_full = bytes < 0 ? -1 : bytes;
  g_mutex_unlock(&disk);
}

/* Whether the disk that is made to be full has the file. */
static gboolean
is_there(const char *path)
{
  const char *folder = g_getenv("MELOGRAPH_TEST_DISK_FULL_IN");
  return !folder || g_str_has_prefix(path, folder);
}

/* Of `length` bytes, how many fit. */
static size_t
take_room(const char *path, size_t length)
{
  g_mutex_lock(&disk);
  if (bytes_until_full == G_MININT64) {
    const char *wish = g_getenv("MELOGRAPH_TEST_DISK_FULL_AFTER");
    bytes_until_full = wish ? MAX(g_ascii_strtoll(wish, NULL, 10), -1) : -1;
  }
  if (bytes_until_full >= 0 && is_there(path)) {
    length = MIN(length, (size_t)bytes_until_full);
    bytes_until_full -= (gint64)length;
  }
  g_mutex_unlock(&disk);
  return length;
}

static ssize_t
write_some(int descriptor, const char *path, const char *data, size_t length)
{
  size_t room = take_room(path, length);
  if (room == 0) {
    errno = ENOSPC;
    return -1;
  }
  return write(descriptor, data, room);
}

static gboolean
fail(GError **error, const char *verb, const char *path) /* verb: N_() */
{
  g_set_error(error, MG_ERROR, MG_ERROR_IO, _("%s: cannot %s: %s"), path, _(verb), g_strerror(errno));
  return FALSE;
}

gboolean
mg_file_write_all(int descriptor, const char *path, const void *data, size_t length, GError **error)
{
  const char *rest = data;
  while (length > 0) {
    ssize_t written = write_some(descriptor, path, rest, length);
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      return fail(error, N_("write"), path);
    rest += written;
    length -= written;
  }
  return TRUE;
}

/* A file that a link points to is replaced where it is; the link stays. */
static char *
resolve(const char *path)
{
  char *real = realpath(path, NULL);
  if (!real)
    return g_strdup(path);
  char *resolved = g_strdup(real);
  free(real);
  return resolved;
}

static gboolean
is_stream(const char *path)
{
  GStatBuf status;
  return g_stat(path, &status) == 0 && (S_ISCHR(status.st_mode) || S_ISFIFO(status.st_mode));
}

/* The name tells what it is of, as far as there is room. */
static char *
temporary_beside(const char *path)
{
  enum { MOST = 240 };
  g_autofree char *folder = g_path_get_dirname(path), *name = g_path_get_basename(path);
  if (strlen(name) > MOST && strlen(name) <= NAME_MAX) /* a longer one fails as it should */
    name[MOST] = 0;
  g_autofree char *temporary = g_strconcat(name, ".XXXXXX", NULL);
  return g_build_filename(folder, temporary, NULL);
}

MgFileWriter *
mg_file_writer_new(const char *path, GError **error)
{
  MgFileWriter *writer = g_new0(MgFileWriter, 1);
  if (is_stream(path)) {
    writer->path = g_strdup(path);
    writer->descriptor = open(path, O_WRONLY | O_CLOEXEC);
  } else {
    writer->path = resolve(path);
    writer->temporary = temporary_beside(writer->path);
    writer->descriptor = g_mkstemp_full(writer->temporary, O_RDWR | O_CLOEXEC, 0666);
  }
  if (writer->descriptor < 0) {
    fail(error, N_("write"), path);
    g_clear_pointer(&writer->temporary, g_free);
    mg_file_writer_free(writer);
    return NULL;
  }
  return writer;
}

gboolean
mg_file_writer_write(MgFileWriter *writer, const void *data, size_t length, GError **error)
{
  return mg_file_write_all(writer->descriptor, writer->path, data, length, error);
}

gboolean
mg_file_writer_printf(MgFileWriter *writer, GError **error, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *text = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  return mg_file_writer_write(writer, text, strlen(text), error);
}

/* A rename is only safe from a power cut once the folder that holds it is on the disk. */
static void
sync_folder_of(const char *path)
{
  g_autofree char *folder = g_path_get_dirname(path);
  int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0)
    return;
  fsync(descriptor);
  close(descriptor);
}

static gboolean
place(MgFileWriter *writer, gboolean sync, GError **error)
{
  if (!writer->temporary)
    return TRUE;
  if ((sync && fsync(writer->descriptor) != 0) || rename(writer->temporary, writer->path) != 0)
    return fail(error, N_("write"), writer->path);
  if (sync)
    sync_folder_of(writer->path);
  writer->finished = TRUE;
  return TRUE;
}

gboolean
mg_file_writer_finish(MgFileWriter *writer, GError **error)
{
  return place(writer, TRUE, error);
}

gboolean
mg_file_writer_finish_unsynced(MgFileWriter *writer, GError **error)
{
  return place(writer, FALSE, error);
}

void
mg_file_writer_free(MgFileWriter *writer)
{
  if (!writer)
    return;
  if (writer->descriptor >= 0)
    close(writer->descriptor);
  if (writer->temporary && !writer->finished)
    unlink(writer->temporary);
  g_free(writer->path);
  g_free(writer->temporary);
  g_free(writer);
}

gboolean
mg_file_write(const char *path, const void *data, size_t length, GError **error)
{
  g_autoptr(MgFileWriter) writer = mg_file_writer_new(path, error);
  return writer && mg_file_writer_write(writer, data, length, error) && mg_file_writer_finish(writer, error);
}

gboolean
mg_file_append(const char *path, const void *data, size_t length, GError **error)
{
  int descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (descriptor < 0)
    return fail(error, N_("write"), path);
  off_t before = lseek(descriptor, 0, SEEK_END);
  gboolean good = mg_file_write_all(descriptor, path, data, length, error);
  if (!good && ftruncate(descriptor, before) != 0)
    g_warning("%s: a half-written line stays at its end: %s", path, g_strerror(errno));
  close(descriptor);
  return good;
}

static gboolean
too_large(GError **error, const char *path, size_t limit)
{
  g_set_error(error, MG_ERROR, MG_ERROR_LIMIT, _("%s: larger than the %zu bytes that are read at most"), path, limit);
  return FALSE;
}

/* Reads to the end. A pipe or a device does not tell its size, so the limit is kept while reading. */
static gboolean
read_all(int descriptor, const char *path, size_t limit, GByteArray *contents, GError **error)
{
  g_autofree guint8 *block = g_malloc(1 << 16);
  for (;;) {
    ssize_t n = read(descriptor, block, 1 << 16);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return fail(error, N_("read"), path);
    if (n == 0)
      return TRUE;
    if ((size_t)n > limit - contents->len)
      return too_large(error, path, limit);
    g_byte_array_append(contents, block, (guint)n);
  }
}

char *
mg_file_read(const char *path, size_t limit, size_t *length, GError **error)
{
  limit = MIN(limit, (size_t)G_MAXUINT - 1); /* what a GByteArray holds */
  int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  struct stat status;
  if (descriptor < 0 || fstat(descriptor, &status) != 0) {
    fail(error, N_("read"), path);
    if (descriptor >= 0)
      close(descriptor);
    return NULL;
  }
  gsize expected = S_ISREG(status.st_mode) ? (gsize)status.st_size : 0;
  g_autoptr(GByteArray) contents = NULL;
  gboolean good = expected <= limit || too_large(error, path, limit);
  if (good) {
    contents = g_byte_array_sized_new((guint)expected + 1);
    good = read_all(descriptor, path, limit, contents, error);
  }
  close(descriptor);
  if (!good)
    return NULL;
  if (length)
    *length = contents->len;
  g_byte_array_append(contents, (const guint8 *)"", 1);
  return (char *)g_byte_array_free(g_steal_pointer(&contents), FALSE);
}

gint64
mg_file_modified(const char *path)
{
  GStatBuf info;
  return g_stat(path, &info) == 0 ? (gint64)info.st_mtim.tv_sec * G_USEC_PER_SEC + info.st_mtim.tv_nsec / 1000 : -1;
}

gboolean
mg_folder_make(const char *path, GError **error)
{
  return g_mkdir_with_parents(path, 0777) == 0 || fail(error, N_("make the folder"), path);
}

static int
remove_entry(const char *path, const struct stat *status, int kind, struct FTW *place)
{
  return remove(path);
}

gboolean
mg_folder_remove(const char *path, GError **error)
{
  return nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS) == 0 || errno == ENOENT || fail(error, N_("remove"), path);
}
