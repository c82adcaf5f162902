#include "train/run-note.h"
#include "base/file.h"
#include <glib/gstdio.h>
#include <string.h>

static const size_t longest = 1 << 16;

static char *
note_path(const char *folder)
{
  return g_build_filename(folder, "note.txt", NULL);
}

char *
mg_run_note_read(const char *folder)
{
  g_autofree char *path = note_path(folder);
  size_t length;
  g_autofree char *text = mg_file_read(path, longest, &length, NULL);
  return text ? g_utf8_make_valid(text, (gssize)length) : g_strdup("");
}

gboolean
mg_run_note_write(const char *folder, const char *text, GError **error)
{
  g_autofree char *path = note_path(folder);
  if (*text || !g_file_test(path, G_FILE_TEST_EXISTS))
    return !*text || mg_file_write(path, text, strlen(text), error);
  g_unlink(path);
  return TRUE;
}
