#include "session/recovery.h"
#include "audio/wav-file.h"
#include "base/file.h"
#include <glib/gstdio.h>
#include <string.h>

static const char before[] = ".", behind[] = ".recording";

static char *
mark_of(const char *recording)
{
  g_autofree char *folder = g_path_get_dirname(recording), *name = g_path_get_basename(recording);
  g_autofree char *mark = g_strconcat(before, name, behind, NULL);
  return g_build_filename(folder, mark, NULL);
}

gboolean
mg_recovery_mark(const char *recording, GError **error)
{
  g_autofree char *mark = mark_of(recording);
  return mg_file_write(mark, "", 0, error);
}

void
mg_recovery_unmark(const char *recording)
{
  g_autofree char *mark = mark_of(recording);
  g_unlink(mark);
}

static void
free_recovered(gpointer data)
{
  MgRecovered *recovered = data;
  g_free(recovered->path);
  g_free(recovered);
}

static int
by_path(gconstpointer a, gconstpointer b)
{
  return strcmp((*(MgRecovered *const *)a)->path, (*(MgRecovered *const *)b)->path);
}

/* The recording that a mark stands beside; NULL where the name is none of a mark. */
static char *
recording_of(const char *folder, const char *mark)
{
  if (!g_str_has_prefix(mark, before) || !g_str_has_suffix(mark, behind) ||
      strlen(mark) <= strlen(before) + strlen(behind))
    return NULL;
  g_autofree char *name = g_strndup(mark + strlen(before), strlen(mark) - strlen(before) - strlen(behind));
  return g_build_filename(folder, name, NULL);
}

static void
look_at(const char *path, GPtrArray *found)
{
  g_autoptr(GError) error = NULL;
  gint64 frames = 0, more;
  int sr = 1;
  if (mg_wav_file_in_use(path))
    return;
  if (!mg_wav_file_repair(path, &frames, &more, &sr, &error))
    g_debug("%s", error->message);
  else if (frames == 0)
    g_unlink(path);
  if (frames == 0) {
    mg_recovery_unmark(path);
    return;
  }
  MgRecovered *recovered = g_new(MgRecovered, 1);
  *recovered = (MgRecovered){g_strdup(path), (double)frames / sr};
  g_ptr_array_add(found, recovered);
}

GPtrArray *
mg_recovery_find(const char *folder)
{
  GPtrArray *found = g_ptr_array_new_with_free_func(free_recovered);
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
  for (const char *name; dir && (name = g_dir_read_name(dir));) {
    char *path = recording_of(folder, name);
    if (path)
      g_ptr_array_add(paths, path);
  }
  for (guint i = 0; i < paths->len; i++)
    look_at(paths->pdata[i], found);
  g_ptr_array_sort(found, by_path);
  return found;
}
