#include "base/error.h"
#include "base/file.h"
#include "dataset/clip.h"
#include "dataset/feature-cache.h"
#include "dataset/cache-file.h"
#include "sounds.h"
#include <string.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
  char *folder, *cache;
  MgManifest *manifest;
  MgParams *params;
  GArray *segments;
} Set;

static int warnings;

static GLogWriterOutput
count_warnings(GLogLevelFlags level, const GLogField *fields, gsize n, gpointer data)
{
  warnings += (level & G_LOG_LEVEL_WARNING) != 0;
  return level & G_LOG_LEVEL_WARNING ? G_LOG_WRITER_HANDLED : g_log_writer_default(level, fields, n, data);
}

/* Four tracks: one of two and a half segments, one shorter than a segment, two of one. */
static void
set_up(Set *set, gconstpointer data)
{
  set->folder = test_folder();
  g_free(add_sound(set->folder, "a/long.wav", 2.5));
  g_free(add_sound(set->folder, "a/short.wav", 0.2));
  g_free(add_sound(set->folder, "b/1.wav", 1));
  g_free(add_sound(set->folder, "b/2.wav", 1));
  set->manifest = mg_manifest_open(set->folder, NULL, NULL, NULL);
  set->params = mg_params_new(mg_front_end_tables());
  g_assert_true(mg_params_assign(set->params, "segment_seconds=1", NULL));
  g_assert_true(mg_params_assign(set->params, "sr=8000", NULL));
  set->segments = mg_segments_cut(set->manifest, set->params);
  g_assert_cmpuint(set->segments->len, ==, 6);
  set->cache = mg_cache_folder("features");
  mg_folder_make(set->cache, NULL);
}

static void
tear_down(Set *set, gconstpointer data)
{
  mg_manifest_free(set->manifest);
  mg_params_free(set->params);
  g_array_unref(set->segments);
  test_remove(set->folder);
  test_remove(set->cache);
}

static MgPictures *
load(const Set *set)
{
  g_autoptr(GError) error = NULL;
  MgPictures *pictures = mg_pictures_load(set->manifest, set->segments, set->params, 2, NULL, &error);
  g_assert_no_error(error);
  return pictures;
}

static void
assert_right(const Set *set, const MgPictures *pictures)
{
  g_autoptr(MgFrontEnd) front_end = mg_front_end_new(set->params, NULL);
  size_t size = mg_front_end_bins(front_end) * mg_front_end_frames(front_end);
  g_autofree float *expected = g_new(float, size);
  g_assert_cmpuint(mg_pictures_n(pictures), ==, set->segments->len);
  g_assert_cmpuint(mg_pictures_bins(pictures) * mg_pictures_frames(pictures), ==, size);
  for (guint i = 0; i < set->segments->len; i++) {
    const MgSegment *segment = &g_array_index(set->segments, MgSegment, i);
    g_auto(MgClip) clip = {0};
    g_assert_true(mg_clip_load(&clip, mg_manifest_track(set->manifest, segment->track)->path, segment->start,
                               segment->end, 8000, NULL));
    mg_front_end_segment(front_end, clip.samples, clip.n, expected);
    g_assert_cmpmem(mg_pictures_get(pictures, i), size * sizeof(float), expected, size * sizeof(float));
  }
}

static GPtrArray *
cache_files(const Set *set)
{
  GPtrArray *files = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GDir) dir = g_dir_open(set->cache, 0, NULL);
  for (const char *name; dir && (name = g_dir_read_name(dir));)
    g_ptr_array_add(files, g_build_filename(set->cache, name, NULL));
  return files;
}

static void
test_miss_and_hit(Set *set, gconstpointer data)
{
  g_autoptr(MgPictures) first = load(set);
  assert_right(set, first);
  g_autoptr(GPtrArray) files = cache_files(set);
  g_assert_cmpuint(files->len, ==, 4);
  /* A hit writes nothing: the files are the same ones. */
  GStatBuf before, after;
  g_assert_cmpint(g_stat(files->pdata[0], &before), ==, 0);
  g_autoptr(MgPictures) second = load(set);
  assert_right(set, second);
  g_assert_cmpint(g_stat(files->pdata[0], &after), ==, 0);
  g_assert_cmpuint(before.st_ino, ==, after.st_ino);
}

static void
test_keys(Set *set, gconstpointer data)
{
  mg_pictures_free(load(set));
  g_assert_true(mg_params_assign(set->params, "n_mels=64", NULL));
  g_autoptr(MgPictures) other = load(set);
  assert_right(set, other);
  g_autoptr(GPtrArray) files = cache_files(set);
  g_assert_cmpuint(files->len, ==, 8);
  /* Other contents under the same name are other pictures. */
  const char *path = mg_manifest_track(set->manifest, 2)->path;
  g_autofree char *contents = NULL;
  gsize length;
  g_assert_true(g_file_get_contents(path, &contents, &length, NULL));
  contents[length / 2 + 1] ^= 0x40;
  g_assert_true(g_file_set_contents(path, contents, length, NULL));
  g_autoptr(MgPictures) changed = load(set);
  assert_right(set, changed);
}

static void
test_damaged(Set *set, gconstpointer data)
{
  mg_pictures_free(load(set));
  g_autoptr(GPtrArray) files = cache_files(set);
  for (guint i = 0; i < files->len; i++) {
    g_autofree char *contents = NULL;
    gsize length;
    g_assert_true(g_file_get_contents(files->pdata[i], &contents, &length, NULL));
    if (i % 2)
      contents[length - 5] ^= 1;
    g_assert_true(g_file_set_contents(files->pdata[i], contents, i % 2 ? length : i == 0 ? 0 : length / 2, NULL));
  }
  g_autoptr(MgPictures) pictures = load(set);
  assert_right(set, pictures);
}

static void
test_unwritable(Set *set, gconstpointer data)
{
  test_remove(g_strdup(set->cache));
  g_assert_true(g_file_set_contents(set->cache, "in the way", -1, NULL));
  warnings = 0;
  g_autoptr(MgPictures) pictures = load(set);
  g_assert_cmpint(warnings, ==, 1); /* once, not once a track */
  assert_right(set, pictures);
}

static void
test_full_disk(Set *set, gconstpointer data)
{
  mg_file_fail_after(1000);
  warnings = 0;
  g_autoptr(MgPictures) pictures = load(set);
  mg_file_fail_after(-1);
  g_assert_cmpint(warnings, ==, 1); /* once, not once a track */
  assert_right(set, pictures);
  g_autoptr(GPtrArray) files = cache_files(set); /* nothing half-written stays */
  g_assert_cmpuint(files->len, ==, 0);
}

static void
test_lost_track(Set *set, gconstpointer data)
{
  const char *path = mg_manifest_track(set->manifest, 1)->path;
  g_assert_cmpint(g_unlink(path), ==, 0);
  g_autoptr(GError) error = NULL;
  g_assert_null(mg_pictures_load(set->manifest, set->segments, set->params, 2, NULL, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_IO);
  g_assert_nonnull(strstr(error->message, path));
}

/* The ones used longest ago go first. */
static void
test_prune(Set *set, gconstpointer data)
{
  float values[100] = {0};
  for (int i = 0; i < 5; i++) {
    g_autofree char *path = g_strdup_printf("%s/%d.pictures", set->cache, i);
    g_assert_true(mg_cache_file_save(path, values, 1, 10, 10, NULL));
    struct timespec times[2] = {{.tv_sec = 1000 + i}, {.tv_sec = 1000 + i}};
    g_assert_cmpint(utimensat(AT_FDCWD, path, times, 0), ==, 0);
  }
  g_autofree char *oldest = g_strdup_printf("%s/0.pictures", set->cache);
  MgCacheFile file;
  g_assert_true(mg_cache_file_open(&file, oldest, 1, 10, 10)); /* used: now the youngest */
  mg_cache_file_clear(&file);
  mg_cache_prune(set->cache, 3 * 464);
  static const gboolean kept[] = {TRUE, FALSE, FALSE, TRUE, TRUE};
  for (int i = 0; i < 5; i++) {
    g_autofree char *path = g_strdup_printf("%s/%d.pictures", set->cache, i);
    g_assert_cmpint(g_file_test(path, G_FILE_TEST_EXISTS), ==, kept[i]);
  }
}

int
main(int argc, char **argv)
{
  char *cache_home = test_folder();
  g_setenv("XDG_CACHE_HOME", cache_home, TRUE);
  g_test_init(&argc, &argv, NULL);
  g_log_set_always_fatal(G_LOG_LEVEL_CRITICAL | G_LOG_FATAL_MASK);
  g_log_set_writer_func(count_warnings, NULL, NULL);
#define ADD(name, func) g_test_add("/feature-cache/" name, Set, NULL, set_up, func, tear_down)
  ADD("miss-and-hit", test_miss_and_hit);
  ADD("keys", test_keys);
  ADD("damaged", test_damaged);
  ADD("unwritable", test_unwritable);
  ADD("full-disk", test_full_disk);
  ADD("lost-track", test_lost_track);
  ADD("prune", test_prune);
  int failed = g_test_run();
  test_remove(cache_home);
  return failed;
}
