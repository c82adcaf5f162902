#include "base/file-later.h"

struct MgFilesLater {
  GThread *thread;
  GPtrArray *writers; /* MgFileWriter * */
  GError *error;
};

static gpointer
finish_all(gpointer data)
{
  MgFilesLater *later = data;
  for (guint i = 0; !later->error && i < later->writers->len; i++)
    mg_file_writer_finish(later->writers->pdata[i], &later->error);
  return NULL;
}

MgFilesLater *
mg_files_finish_later(GPtrArray *writers)
{
  MgFilesLater *later = g_new0(MgFilesLater, 1);
  later->writers = writers;
  g_ptr_array_set_free_func(writers, (GDestroyNotify)mg_file_writer_free);
  later->thread = g_thread_new("files", finish_all, later);
  return later;
}

gboolean
mg_files_wait(MgFilesLater *later, GError **error)
{
  if (!later)
    return TRUE;
  g_thread_join(later->thread);
  gboolean good = !later->error;
  if (!good)
    g_propagate_error(error, later->error);
  g_ptr_array_unref(later->writers);
  g_free(later);
  return good;
}
