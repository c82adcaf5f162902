#include "dataset/cache-file.h"
#include "base/error.h"
#include "base/file.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
  char magic[8];
  guint64 n, bins, frames;
  guint64 checksum; /* of the values */
  guint64 reserved[3];
} Header; /* 64 bytes, so that the values behind it are aligned */

static const char magic[8] = "MGPICT1"; /* another layout or other numbers: another magic */

char *
mg_cache_folder(const char *kind)
{
  return g_build_filename(g_get_user_cache_dir(), "melograph", kind, NULL);
}

/* The contents' identity */

static const gint64 whole_limit = 4 << 20, stretch_length = 64 << 10;
enum { STRETCHES = 32 };

static gboolean
add_stretch(GChecksum *sum, int descriptor, gint64 offset, gint64 length)
{
  g_autofree guchar *buffer = g_malloc(stretch_length);
  while (length > 0) {
    ssize_t n = pread(descriptor, buffer, MIN(length, stretch_length), offset);
    if (n < 0)
      return FALSE;
    if (n == 0)
      break;
    g_checksum_update(sum, buffer, n);
    offset += n;
    length -= n;
  }
  return TRUE;
}

static gboolean
add_contents(GChecksum *sum, int descriptor)
{
  struct stat status;
  if (fstat(descriptor, &status) != 0)
    return FALSE;
  gint64 size = status.st_size;
  if (size <= whole_limit)
    return add_stretch(sum, descriptor, 0, whole_limit);
  gint64 facts[] = {size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
  g_checksum_update(sum, (const guchar *)facts, sizeof facts);
  for (int i = 0; i < STRETCHES; i++)
    if (!add_stretch(sum, descriptor, (size - stretch_length) / (STRETCHES - 1) * i, stretch_length))
      return FALSE;
  return TRUE;
}

char *
mg_cache_content_key(const char *path, GError **error)
{
  int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
  gboolean good = descriptor >= 0 && add_contents(sum, descriptor);
  if (!good)
    g_set_error(error, MG_ERROR, MG_ERROR_IO, _("%s: cannot read: %s"), path, g_strerror(errno));
  if (descriptor >= 0)
    close(descriptor);
  return good ? g_strdup(g_checksum_get_string(sum)) : NULL;
}

/* One file */

/* FNV-1a over words (Fowler, Noll, Vo), in four lanes for speed: finds damage, not malice. */
static guint64
checksum_of(const float *values, size_t n)
{
  static const guint64 prime = 0x100000001b3;
  guint64 lanes[4] = {0xcbf29ce484222325, 1, 2, 3};
  for (size_t i = 0; i < n; i++) {
    guint32 word;
    memcpy(&word, &values[i], sizeof word);
    lanes[i & 3] = (lanes[i & 3] ^ word) * prime;
  }
  return lanes[0] ^ lanes[1] * 3 ^ lanes[2] * 5 ^ lanes[3] * 7;
}

static gboolean
map(MgCacheFile *file, int descriptor, size_t expected)
{
  struct stat status;
  if (fstat(descriptor, &status) != 0 || (size_t)status.st_size != expected)
    return FALSE;
  file->mapping = mmap(NULL, expected, PROT_READ, MAP_PRIVATE, descriptor, 0);
  if (file->mapping == MAP_FAILED)
    file->mapping = NULL;
  file->mapping_length = expected;
  return file->mapping != NULL;
}

static gboolean
is_sound(const MgCacheFile *file, size_t n, size_t bins, size_t frames)
{
  const Header *header = file->mapping;
  return memcmp(header->magic, magic, sizeof magic) == 0 && header->n == n && header->bins == bins &&
         header->frames == frames && header->checksum == checksum_of((const float *)(header + 1), n * bins * frames);
}

gboolean
mg_cache_file_open(MgCacheFile *file, const char *path, size_t n, size_t bins, size_t frames)
{
  *file = (MgCacheFile){0};
  int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0)
    return FALSE;
  gboolean good =
      map(file, descriptor, sizeof(Header) + n * bins * frames * sizeof(float)) && is_sound(file, n, bins, frames);
  if (good)
    futimens(descriptor, NULL); /* used now; where that is not allowed, it only goes earlier */
  close(descriptor);
  if (good)
    file->values = (float *)((Header *)file->mapping + 1);
  else
    mg_cache_file_clear(file);
  return good;
}

gboolean
mg_cache_file_save(const char *path, const float *values, size_t n, size_t bins, size_t frames, GError **error)
{
  Header header = {.n = n, .bins = bins, .frames = frames, .checksum = checksum_of(values, n * bins * frames)};
  memcpy(header.magic, magic, sizeof magic);
  g_autoptr(MgFileWriter) writer = mg_file_writer_new(path, error);
  return writer && mg_file_writer_write(writer, &header, sizeof header, error) &&
         mg_file_writer_write(writer, values, n * bins * frames * sizeof *values, error) &&
         mg_file_writer_finish_unsynced(writer, error);
}

void
mg_cache_file_clear(MgCacheFile *file)
{
  if (file->mapping)
    munmap(file->mapping, file->mapping_length);
  else
    g_free(file->values);
  *file = (MgCacheFile){0};
}

/* The size of the whole */

typedef struct {
  char *path;
  guint64 size;
  struct timespec used;
} Entry;

static void
clear_entry(gpointer data)
{
  g_free(((Entry *)data)->path);
}

static int
oldest_first(gconstpointer a, gconstpointer b)
{
  const struct timespec *x = &((const Entry *)a)->used, *y = &((const Entry *)b)->used;
  if (x->tv_sec != y->tv_sec)
    return x->tv_sec < y->tv_sec ? -1 : 1;
  return x->tv_nsec < y->tv_nsec ? -1 : x->tv_nsec > y->tv_nsec;
}

static guint64
collect_entries(const char *folder, GArray *entries)
{
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  guint64 sum = 0;
  for (const char *name; dir && (name = g_dir_read_name(dir));) {
    struct stat status;
    Entry entry = {.path = g_build_filename(folder, name, NULL)};
    if (stat(entry.path, &status) != 0) {
      g_free(entry.path);
      continue;
    }
    entry.size = status.st_size;
    entry.used = status.st_mtim;
    sum += entry.size;
    g_array_append_val(entries, entry);
  }
  return sum;
}

void
mg_cache_prune(const char *folder, guint64 limit)
{
  g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(Entry));
  g_array_set_clear_func(entries, clear_entry);
  guint64 sum = collect_entries(folder, entries);
  if (sum <= limit)
    return;
  g_array_sort(entries, oldest_first);
  for (guint i = 0; i < entries->len && sum > limit; i++) {
    const Entry *entry = &g_array_index(entries, Entry, i);
    if (unlink(entry->path) == 0)
      sum -= entry->size;
  }
}
