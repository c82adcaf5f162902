#include "session/hand-out.h"
#include "base/error.h"
#include "base/file.h"
#include "dataset/store-labels.h"
#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct {
  char *from, *to;
} HandOut;

static void
free_hand_out(gpointer data)
{
  HandOut *job = data;
  g_free(job->from);
  g_free(job->to);
  g_free(job);
}

static gboolean
copy_file(const char *from, const char *to, GError **error)
{
  g_autoptr(GFile) source = g_file_new_for_path(from), target = g_file_new_for_path(to);
  return g_file_copy(source, target, G_FILE_COPY_OVERWRITE | G_FILE_COPY_TARGET_DEFAULT_PERMS, NULL, NULL, NULL, error);
}

/* What is in the folder, and in those in there; an absent one has nothing. Links are left out. */
static gboolean
copy_folder(const char *from, const char *to, GError **error)
{
  g_autoptr(GDir) dir = g_dir_open(from, 0, NULL);
  const char *name;
  if (!dir)
    return TRUE;
  if (!mg_folder_make(to, error))
    return FALSE;
  while ((name = g_dir_read_name(dir))) {
    g_autofree char *source = g_build_filename(from, name, NULL), *target = g_build_filename(to, name, NULL);
    if (g_file_test(source, G_FILE_TEST_IS_SYMLINK))
      continue;
    gboolean folder = g_file_test(source, G_FILE_TEST_IS_DIR);
    if (folder ? !copy_folder(source, target, error) : !copy_file(source, target, error))
      return FALSE;
  }
  return TRUE;
}

/* tracks/CLASS/NAME, with a number where another track has that name. g_free() it. */
static char *
place_of(const HandOut *job, const MgStoreTrack *track, GError **error)
{
  g_autofree char *class = g_strdelimit(g_strdup(track->label && *track->label ? track->label : "tracks"), "/", '_');
  g_autofree char *folder = g_build_filename(job->to, "tracks", class, NULL), *base = g_path_get_basename(track->path);
  char *dot = strrchr(base, '.');
  if (!mg_folder_make(folder, error))
    return NULL;
  for (guint i = 1;; i++) {
    g_autofree char *name =
        i == 1 ? g_strdup(base)
               : g_strdup_printf("%.*s-%u%s", (int)(dot ? dot - base : (gssize)strlen(base)), base, i, dot ? dot : "");
    g_autofree char *path = g_build_filename(folder, name, NULL);
    if (!g_file_test(path, G_FILE_TEST_EXISTS))
      return g_steal_pointer(&path);
  }
}

static gboolean
copy_labels(MgStore *from, MgStore *to, const MgStoreTrack *track, const MgStoreTrack *copy, GError **error)
{
  g_autoptr(GPtrArray) labels = mg_store_labels(from, track->path, error);
  for (guint i = 0; labels && i < labels->len; i++) {
    MgLabel label = *(MgLabel *)labels->pdata[i];
    label.id = 0;
    if (!mg_store_put_label(to, copy->path, &label, error))
      return FALSE;
  }
  return labels != NULL;
}

static gboolean
copy_track(const HandOut *job, MgStore *from, MgStore *to, const MgStoreTrack *track, GError **error)
{
  g_autofree char *path = place_of(job, track, error);
  MgStoreTrack copy = *track;
  if (!path || !copy_file(track->path, path, error))
    return FALSE;
  copy.id = 0;
  copy.path = path;
  return mg_store_add_track(to, &copy, error) && copy_labels(from, to, track, &copy, error);
}

static gboolean
is_free(const char *folder, GError **error)
{
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  if (!g_file_test(folder, G_FILE_TEST_EXISTS) || (dir && !g_dir_read_name(dir)))
    return TRUE;
  g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("%s: expected a folder that is new or empty"), folder);
  return FALSE;
}

static gboolean
hand_out(const HandOut *job, GError **error)
{
  static const char *const folders[] = {"runs", "lessons"};
  g_autoptr(MgStore) from = is_free(job->to, error) ? mg_store_open(job->from, error) : NULL;
  g_autoptr(MgStore) to = from ? mg_store_open(job->to, error) : NULL;
  g_autoptr(GPtrArray) tracks = to ? mg_store_tracks(from, error) : NULL;
  for (guint i = 0; tracks && i < tracks->len; i++) {
    const MgStoreTrack *track = tracks->pdata[i];
    if (g_file_test(track->path, G_FILE_TEST_IS_REGULAR) && !copy_track(job, from, to, track, error))
      return FALSE;
  }
  for (size_t i = 0; tracks && i < G_N_ELEMENTS(folders); i++) {
    g_autofree char *source = g_build_filename(job->from, folders[i], NULL);
    g_autofree char *target = g_build_filename(job->to, folders[i], NULL);
    if (!copy_folder(source, target, error))
      return FALSE;
  }
  return tracks != NULL;
}

static void
hand_out_in_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  HandOut *job = data;
  GError *error = NULL;
  if (hand_out(job, &error))
    g_task_return_pointer(task, g_strdup(job->to), g_free);
  else
    g_task_return_error(task, error);
}

void
mg_hand_out_async(MgWorkspace *workspace, const char *folder, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr(GTask) task = g_task_new(workspace, NULL, callback, data);
  HandOut *job = g_new0(HandOut, 1);
  job->from = g_strdup(mg_workspace_folder(workspace));
  job->to = g_canonicalize_filename(folder, NULL);
  g_task_set_task_data(task, job, free_hand_out);
  g_task_run_in_thread(task, hand_out_in_thread);
}

char *
mg_hand_out_finish(GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer(G_TASK(result), error);
}
