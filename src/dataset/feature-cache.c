#include "dataset/feature-cache.h"
#include "base/error.h"
#include "base/file.h"
#include "base/parallel.h"
#include "dataset/clip.h"
#include "dataset/cache-file.h"
#include <math.h>

/* Written into every key: to be raised whenever a picture's values change for the same parameters. */
static const int front_end_version = 1;
static const guint64 cache_limit = (guint64)4 << 30; /* bytes */

struct MgPictures {
  size_t n, bins, frames;
  const float **pictures; /* [segment] */
  MgCacheFile *files;     /* [track] */
  size_t n_tracks;
};

typedef struct {
  MgPictures *pictures;
  const MgManifest *manifest;
  const GArray *segments;
  GArray **members;        /* [track]: numbers of its segments, or NULL */
  guint32 *tracks;         /* those that have segments */
  MgFrontEnd **front_ends; /* [worker], made when first needed */
  const MgFrontEnd *front_end;
  char *folder;
  char *params_key;
  gint unwritable; /* said once */
} Load;

void
mg_pictures_free(MgPictures *pictures)
{
  if (!pictures)
    return;
  for (size_t i = 0; i < pictures->n_tracks; i++)
    mg_cache_file_clear(&pictures->files[i]);
  g_free(pictures->files);
  g_free(pictures->pictures);
  g_free(pictures);
}

size_t
mg_pictures_n(const MgPictures *pictures)
{
  return pictures->n;
}

size_t
mg_pictures_bins(const MgPictures *pictures)
{
  return pictures->bins;
}

size_t
mg_pictures_frames(const MgPictures *pictures)
{
  return pictures->frames;
}

const float *
mg_pictures_get(const MgPictures *pictures, size_t i)
{
  return pictures->pictures[i];
}

static const MgSegment *
member(const Load *load, guint32 track, guint i)
{
  return &g_array_index(load->segments, MgSegment, g_array_index(load->members[track], guint32, i));
}

/* Where a segment's sound ends: not behind its track's stretch. */
static double
sound_end(const MgTrack *track, const MgSegment *segment)
{
  return MIN(segment->end, track->start + track->duration);
}

static char *
cache_path(const Load *load, guint32 number, GError **error)
{
  const MgTrack *track = mg_manifest_track(load->manifest, number);
  g_autofree char *content = mg_cache_content_key(track->path, error);
  if (!content)
    return NULL;
  g_autoptr(GString) key = g_string_new(content);
  g_string_append_printf(key, ";version=%d;%s", front_end_version, load->params_key);
  for (guint i = 0; i < load->members[number]->len; i++) {
    const MgSegment *segment = member(load, number, i);
    g_string_append_printf(key, "%.6f-%.6f;", segment->start, sound_end(track, segment));
  }
  g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, key->str, key->len);
  g_autofree char *name = g_strdup_printf("%s.pictures", sum);
  return g_build_filename(load->folder, name, NULL);
}

static float *
compute_track(Load *load, guint32 number, int worker, GError **error)
{
  const MgTrack *track = mg_manifest_track(load->manifest, number);
  if (!load->front_ends[worker])
    load->front_ends[worker] = mg_front_end_clone(load->front_end);
  MgFrontEnd *front_end = load->front_ends[worker];
  g_autoptr(MgClipReader) reader = mg_clip_reader_new(track->path, mg_front_end_sr(front_end), error);
  if (!reader)
    return NULL;
  size_t size = load->pictures->bins * load->pictures->frames;
  g_autofree float *values = g_new(float, size * load->members[number]->len);
  for (guint i = 0; i < load->members[number]->len; i++) {
    const MgSegment *segment = member(load, number, i);
    g_auto(MgClip) clip = {0};
    if (!mg_clip_reader_read(reader, &clip, segment->start, sound_end(track, segment), error))
      return NULL;
    mg_front_end_segment(front_end, clip.samples, clip.n, values + i * size);
  }
  return g_steal_pointer(&values);
}

/* A cache that cannot be written costs time, nothing else. */
static void
keep(Load *load, const char *path, const float *values, size_t n)
{
  g_autoptr(GError) error = NULL;
  const MgPictures *pictures = load->pictures;
  if (g_atomic_int_get(&load->unwritable) ||
      mg_cache_file_save(path, values, n, pictures->bins, pictures->frames, &error))
    return;
  if (g_atomic_int_compare_and_exchange(&load->unwritable, FALSE, TRUE))
    g_warning("pictures are kept in memory only: %s", error->message);
}

static gboolean
load_track(size_t index, int worker, gpointer data, GError **error)
{
  Load *load = data;
  MgPictures *pictures = load->pictures;
  guint32 number = load->tracks[index];
  MgCacheFile *file = &pictures->files[number];
  size_t n = load->members[number]->len, size = pictures->bins * pictures->frames;
  g_autofree char *path = cache_path(load, number, error);
  if (!path)
    return FALSE;
  if (!mg_cache_file_open(file, path, n, pictures->bins, pictures->frames)) {
    g_autofree float *values = compute_track(load, number, worker, error);
    if (!values)
      return FALSE;
    keep(load, path, values, n);
    if (!mg_cache_file_open(file, path, n, pictures->bins, pictures->frames))
      file->values = g_steal_pointer(&values);
  }
  for (guint i = 0; i < n; i++)
    pictures->pictures[g_array_index(load->members[number], guint32, i)] = file->values + i * size;
  return TRUE;
}

static size_t
collect_members(Load *load)
{
  size_t n = 0;
  for (guint32 i = 0; i < load->segments->len; i++) {
    guint32 track = g_array_index(load->segments, MgSegment, i).track;
    if (!load->members[track]) {
      load->members[track] = g_array_new(FALSE, FALSE, sizeof(guint32));
      load->tracks[n++] = track;
    }
    g_array_append_val(load->members[track], i);
  }
  return n;
}

static char *
key_of(const MgParams *params)
{
  g_autoptr(MgParams) own = mg_params_new(mg_front_end_tables());
  mg_params_take(own, params);
  return mg_params_key(own, NULL);
}

static void
start_load(Load *load, const MgFrontEnd *front_end, const MgParams *params, int threads)
{
  size_t tracks = load->manifest->tracks->len;
  MgPictures *pictures = g_new0(MgPictures, 1);
  pictures->n = load->segments->len;
  pictures->bins = mg_front_end_bins(front_end);
  pictures->frames = mg_front_end_frames(front_end);
  pictures->pictures = g_new0(const float *, pictures->n + 1);
  pictures->files = g_new0(MgCacheFile, tracks + 1);
  pictures->n_tracks = tracks;
  load->pictures = pictures;
  load->front_end = front_end;
  load->front_ends = g_new0(MgFrontEnd *, threads);
  load->members = g_new0(GArray *, tracks + 1);
  load->tracks = g_new0(guint32, tracks + 1);
  load->folder = mg_cache_folder("features");
  load->params_key = key_of(params);
}

static void
end_load(Load *load, int threads)
{
  for (int i = 0; i < threads; i++)
    mg_front_end_free(load->front_ends[i]);
  for (size_t i = 0; i < load->pictures->n_tracks; i++)
    g_clear_pointer(&load->members[i], g_array_unref);
  g_free(load->front_ends);
  g_free(load->members);
  g_free(load->tracks);
  g_free(load->folder);
  g_free(load->params_key);
}

MgPictures *
mg_pictures_load(const MgManifest *manifest, const GArray *segments, const MgParams *params, int threads,
                 MgProgress *progress, GError **error)
{
  g_autoptr(MgFrontEnd) front_end = mg_front_end_new(params, error);
  if (!front_end)
    return NULL;
  if (threads < 1)
    threads = mg_processors();
  Load load = {.manifest = manifest, .segments = segments};
  start_load(&load, front_end, params, threads);
  size_t tracks = collect_members(&load);
  mg_folder_make(load.folder, NULL); /* where it cannot be made, saving says so */
  gboolean good = mg_parallel_for(tracks, threads, load_track, &load, progress, error);
  mg_cache_prune(load.folder, cache_limit);
  g_autoptr(MgPictures) pictures = load.pictures;
  end_load(&load, threads);
  return good ? g_steal_pointer(&pictures) : NULL;
}
