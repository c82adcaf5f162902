#include "train/run-dir.h"
#include "base/error.h"
#include "base/file.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

struct MgRunDir {
  char *path;
  int descriptor;        /* of the folder, locked; -1: nothing is written */
  gint64 status_written; /* monotonic microseconds; 0: never */
};

static const gint64 status_interval = 250 * 1000;

GKeyFile *
mg_run_config_read(const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename(folder, "config.ini", NULL);
  size_t length;
  g_autofree char *text = mg_file_read(path, 1 << 24, &length, error);
  if (!text)
    return NULL;
  g_autoptr(GKeyFile) file = g_key_file_new();
  g_autoptr(GError) cause = NULL;
  if (g_key_file_load_from_data(file, text, length, G_KEY_FILE_KEEP_COMMENTS, &cause))
    return g_steal_pointer(&file);
  g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: not a configuration: %s"), path, cause->message);
  return NULL;
}

static MgRunDir *
lock_folder(const char *folder, GError **error)
{
  g_autoptr(MgRunDir) dir = g_new0(MgRunDir, 1);
  dir->path = g_canonicalize_filename(folder, NULL);
  dir->descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (dir->descriptor < 0) {
    g_set_error(error, MG_ERROR, MG_ERROR_IO, _("%s: cannot open the run folder: %s"), folder, g_strerror(errno));
    return NULL;
  }
  if (flock(dir->descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("%s: another process is training in this run folder"), folder);
    return NULL;
  }
  return g_steal_pointer(&dir);
}

static gboolean
folder_is_empty(const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  return dir && !g_dir_read_name(dir);
}

MgRunDir *
mg_run_dir_create(const char *folder, GError **error)
{
  if (g_file_test(folder, G_FILE_TEST_EXISTS) && !folder_is_empty(folder)) {
    g_autofree char *config = g_build_filename(folder, "config.ini", NULL);
    gboolean is_run = g_file_test(config, G_FILE_TEST_EXISTS);
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE,
                is_run ? _("%s: there is a run already; expected a new or empty folder, or --resume to go on with it")
                       : _("%s: not an empty folder; expected a new or empty folder"),
                folder);
    return NULL;
  }
  g_autofree char *checkpoints = g_build_filename(folder, "checkpoints", NULL);
  g_autoptr(MgRunDir) dir = NULL;
  if (!mg_folder_make(folder, error) || !(dir = lock_folder(folder, error)) || !mg_folder_make(checkpoints, error))
    return NULL;
  return g_steal_pointer(&dir);
}

MgRunDir *
mg_run_dir_reopen(const char *folder, GError **error)
{
  g_autofree char *config = g_build_filename(folder, "config.ini", NULL);
  if (!g_file_test(config, G_FILE_TEST_EXISTS)) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("%s: there is no run to resume; config.ini was expected in it"),
                folder);
    return NULL;
  }
  return lock_folder(folder, error);
}

MgRunDir *
mg_run_dir_follow(const char *folder)
{
  MgRunDir *dir = g_new0(MgRunDir, 1);
  dir->path = g_canonicalize_filename(folder, NULL);
  dir->descriptor = -1;
  return dir;
}

void
mg_run_dir_free(MgRunDir *dir)
{
  if (!dir)
    return;
  if (dir->descriptor >= 0)
    close(dir->descriptor);
  g_free(dir->path);
  g_free(dir);
}

const char *
mg_run_dir_path(const MgRunDir *dir)
{
  return dir->path;
}

char *
mg_run_dir_file(const MgRunDir *dir, const char *relative)
{
  return g_build_filename(dir->path, relative, NULL);
}

gboolean
mg_run_dir_set_status(MgRunDir *dir, const MgRunStatus *status, gboolean now, GError **error)
{
  gint64 time = g_get_monotonic_time();
  if (dir->descriptor < 0 || (!now && dir->status_written != 0 && time - dir->status_written < status_interval))
    return TRUE;
  dir->status_written = time;
  return now ? mg_run_status_write(dir->path, status, error) : mg_run_status_write_passing(dir->path, status, error);
}

void
mg_run_dir_log(MgRunDir *dir, const char *format, ...)
{
  va_list arguments;
  if (dir->descriptor < 0)
    return;
  va_start(arguments, format);
  g_autofree char *message = g_strdelimit(g_strdup_vprintf(format, arguments), "\r\n", ' ');
  va_end(arguments);
  g_autoptr(GDateTime) now = g_date_time_new_now_local();
  g_autofree char *time = g_date_time_format(now, "%Y-%m-%d %H:%M:%S");
  g_autofree char *line = g_strdup_printf("%s %s\n", time, message);
  g_autofree char *path = mg_run_dir_file(dir, "log.txt");
  g_autoptr(GError) error = NULL;
  if (!mg_file_append(path, line, strlen(line), &error))
    g_debug("%s", error->message);
}
