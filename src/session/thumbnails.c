#include "session/thumbnails.h"
#include "base/file.h"
#include "dataset/cache-file.h"
#include "dataset/clip.h"
#include "dsp/mel.h"
#include "dsp/stft.h"
#include "session/urgency.h"
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <math.h>

enum { SR = 22050, SIZE = MG_THUMBNAIL_WIDTH * MG_THUMBNAIL_HEIGHT };
static const double range_db = 70;
static const gint most_waiting = 400;
static const gint64 pause_us = 50000; /* between bursts */
static const guint most_kept = 4000;
static const guint64 most_on_disk = (guint64)200 << 20;

struct _MgThumbnails {
  GObject parent;
  GHashTable *kept;    /* id -> GBytes */
  GHashTable *waiting; /* ids */
  GThreadPool *pool;
  gint *newest; /* number of the last job; atomic, shared with the jobs */
  guint burst;
  gint64 asked; /* when the last job came, us */
};

G_DEFINE_FINAL_TYPE(MgThumbnails, mg_thumbnails, G_TYPE_OBJECT)

static guint ready_signal;

typedef struct {
  GWeakRef thumbnails;
  gint64 id;
  char *path;
  double start, end;
  gint number, *newest;
  guint burst;    /* those asked for at about the same time, of which the first are seen */
  GBytes *levels; /* NULL: given up */
} Job;

static void
free_job(gpointer data)
{
  Job *job = data;
  g_weak_ref_clear(&job->thumbnails);
  g_free(job->path);
  g_atomic_rc_box_release(job->newest);
  g_clear_pointer(&job->levels, g_bytes_unref);
  g_free(job);
}

/* Making, on a thread */

static char *
cache_path(const Job *job)
{
  GStatBuf info = {0};
  g_stat(job->path, &info);
  g_autofree char *identity =
      g_strdup_printf("%s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT ".%09ld %.17g %.17g", job->path, (gint64)info.st_size,
                      (gint64)info.st_mtim.tv_sec, info.st_mtim.tv_nsec, job->start, job->end);
  g_autofree char *name = g_compute_checksum_for_string(G_CHECKSUM_SHA1, identity, -1);
  g_autofree char *folder = mg_cache_folder("thumbnails");
  return g_build_filename(folder, name, NULL);
}

/* Columns of the picture take the maximum of their frames, so that no click is lost. */
static void
quantise(const MgMatrix *mel, guint8 *levels)
{
  float pooled[SIZE] = {0}, most = 1e-10F;
  for (size_t row = 0; row < mel->rows; row++)
    for (size_t column = 0; column < MG_THUMBNAIL_WIDTH; column++) {
      size_t from = column * mel->cols / MG_THUMBNAIL_WIDTH, to = (column + 1) * mel->cols / MG_THUMBNAIL_WIDTH;
      float *place = &pooled[(MG_THUMBNAIL_HEIGHT - 1 - row) * MG_THUMBNAIL_WIDTH + column];
      for (size_t frame = from; frame < MAX(to, from + 1) && frame < mel->cols; frame++)
        *place = MAX(*place, mg_matrix_row(mel, row)[frame]);
      most = MAX(most, *place);
    }
  for (size_t i = 0; i < SIZE; i++) {
    double db = 10 * log10(MAX(pooled[i], 1e-10F) / most);
    levels[i] = (guint8)lround(255 * CLAMP(1 + db / range_db, 0, 1));
  }
}

static gboolean
draw(const Job *job, guint8 *levels)
{
  static const MgParamTable *const tables[] = {&mg_stft_params, &mg_mel_params, NULL};
  g_auto(MgClip) clip = {0};
  double stop = job->start + MG_THUMBNAIL_SECONDS;
  if (!mg_clip_load(&clip, job->path, job->start, job->end > 0 ? MIN(job->end, stop) : stop, SR, NULL))
    return FALSE;
  g_autofree char *bands = g_strdup_printf("%d", MG_THUMBNAIL_HEIGHT);
  g_autoptr(MgParams) params = mg_params_new(tables);
  mg_params_set(params, "n_fft", "1024", NULL);
  mg_params_set(params, "hop_length", "512", NULL);
  mg_params_set(params, "n_mels", bands, NULL);
  g_autoptr(MgMatrix) mel = mg_mel_spectrogram(clip.samples, clip.n, SR, params, 1, NULL);
  if (!mel)
    return FALSE;
  quantise(mel, levels);
  return TRUE;
}

static void
keep_on_disk(const char *path, const guint8 *levels)
{
  g_autofree char *folder = g_path_get_dirname(path);
  g_autoptr(MgFileWriter) writer = mg_folder_make(folder, NULL) ? mg_file_writer_new(path, NULL) : NULL;
  if (writer && mg_file_writer_write(writer, levels, SIZE, NULL))
    mg_file_writer_finish_unsynced(writer, NULL); /* without it the picture is made again */
}

static GBytes *
make(const Job *job)
{
  size_t length = 0;
  guint8 levels[SIZE];
  g_autofree char *path = cache_path(job);
  g_autofree char *kept = mg_file_read(path, SIZE, &length, NULL);
  if (kept && length == SIZE)
    return g_bytes_new(kept, SIZE);
  if (!draw(job, levels))
    return g_bytes_new(NULL, 0);
  keep_on_disk(path, levels);
  return g_bytes_new(levels, SIZE);
}

/* In the main thread. */
static gboolean
deliver(gpointer data)
{
  Job *job = data;
  g_autoptr(MgThumbnails) thumbnails = g_weak_ref_get(&job->thumbnails);
  if (!thumbnails)
    return G_SOURCE_REMOVE;
  g_hash_table_remove(thumbnails->waiting, &job->id);
  if (!job->levels)
    return G_SOURCE_REMOVE;
  if (g_hash_table_size(thumbnails->kept) >= most_kept)
    g_hash_table_remove_all(thumbnails->kept);
  g_hash_table_insert(thumbnails->kept, g_memdup2(&job->id, sizeof job->id), g_bytes_ref(job->levels));
  g_signal_emit(thumbnails, ready_signal, 0, job->id);
  return G_SOURCE_REMOVE;
}

static void
work(gpointer data, gpointer unused)
{
  Job *job = data;
  mg_step_back_once();
  mg_rest_while_frame();
  if (g_atomic_int_get(job->newest) - job->number <= most_waiting)
    job->levels = make(job);
  g_idle_add_full(G_PRIORITY_DEFAULT_IDLE, deliver, job, free_job);
}

/* A list asks for what it shows and a little beyond, from the top: the newest burst first, in its order. */
static int
compare_jobs(gconstpointer a, gconstpointer b, gpointer data)
{
  const Job *one = a, *two = b;
  return one->burst == two->burst ? one->number - two->number : one->burst < two->burst ? 1 : -1;
}

static guint
burst_of_now(MgThumbnails *thumbnails)
{
  gint64 now = g_get_monotonic_time();
  thumbnails->burst += now - thumbnails->asked > pause_us;
  thumbnails->asked = now;
  return thumbnails->burst;
}

GBytes *
mg_thumbnails_get(MgThumbnails *thumbnails, gint64 id, const char *path, double start, double end)
{
  GBytes *kept = g_hash_table_lookup(thumbnails->kept, &id);
  if (kept || g_hash_table_contains(thumbnails->waiting, &id))
    return kept;
  g_hash_table_add(thumbnails->waiting, g_memdup2(&id, sizeof id));
  Job *job = g_new0(Job, 1);
  g_weak_ref_init(&job->thumbnails, thumbnails);
  job->id = id;
  job->path = g_strdup(path);
  job->start = start;
  job->end = end;
  job->newest = g_atomic_rc_box_acquire(thumbnails->newest);
  job->burst = burst_of_now(thumbnails);
  job->number = g_atomic_int_add(job->newest, 1) + 1;
  g_thread_pool_push(thumbnails->pool, job, NULL);
  return NULL;
}

MgThumbnails *
mg_thumbnails_new(void)
{
  return g_object_new(MG_TYPE_THUMBNAILS, NULL);
}

static void
prune_on_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autofree char *folder = mg_cache_folder("thumbnails");
  mg_cache_prune(folder, most_on_disk);
  g_task_return_boolean(task, TRUE);
}

static void
finalize(GObject *object)
{
  MgThumbnails *thumbnails = MG_THUMBNAILS(object);
  g_atomic_int_add(thumbnails->newest, 2 * most_waiting); /* nobody wants what still waits */
  g_thread_pool_free(thumbnails->pool, FALSE, FALSE);
  g_atomic_rc_box_release(thumbnails->newest);
  g_hash_table_unref(thumbnails->kept);
  g_hash_table_unref(thumbnails->waiting);
  G_OBJECT_CLASS(mg_thumbnails_parent_class)->finalize(object);
}

static void
mg_thumbnails_class_init(MgThumbnailsClass *class)
{
  G_OBJECT_CLASS(class)->finalize = finalize;
  ready_signal = g_signal_new("ready", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                              G_TYPE_INT64);
}

static void
mg_thumbnails_init(MgThumbnails *thumbnails)
{
  thumbnails->kept = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, (GDestroyNotify)g_bytes_unref);
  thumbnails->waiting = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
  thumbnails->newest = g_atomic_rc_box_new0(gint);
  thumbnails->pool = g_thread_pool_new(work, NULL, 2, TRUE, NULL); /* threads of its own, which step back */
  g_thread_pool_set_sort_function(thumbnails->pool, compare_jobs, NULL);
  g_autoptr(GTask) task = g_task_new(NULL, NULL, NULL, NULL);
  g_task_run_in_thread(task, prune_on_thread);
}
