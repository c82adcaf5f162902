#include "train/run-dir.h"
#include "base/error.h"
#include "base/file.h"
#include <glib/gi18n-lib.h>
#include <string.h>

static const char group[] = "status";
static const char *const state_names[] = {"preparing", "running", "paused",     "finished",
                                          "stopped",   "failed",  "interrupted"};

const char *
mg_run_state_name(MgRunState state)
{
  return state_names[state];
}

static gboolean
find_state(const char *name, MgRunState *state)
{
  for (size_t i = 0; i < G_N_ELEMENTS(state_names); i++)
    if (g_strcmp0(name, state_names[i]) == 0) {
      *state = (MgRunState)i;
      return TRUE;
    }
  return FALSE;
}

/* Start time of a living process in clock ticks since the machine started, 0 where there is none. Field 22 of
 * /proc/PID/stat (proc(5)); the name in field 2 may itself hold blanks and brackets. A zombie has ended. `stopped` (may
 * be NULL) tells whether it is stopped by a signal. */
static guint64
process_start(gint64 pid, gboolean *stopped)
{
  g_autofree char *path = g_strdup_printf("/proc/%" G_GINT64_FORMAT "/stat", pid);
  g_autofree char *text = NULL;
  if (pid <= 0 || !g_file_get_contents(path, &text, NULL, NULL))
    return 0;
  const char *name_end = strrchr(text, ')');
  g_auto(GStrv) fields = name_end ? g_strsplit(name_end + 1, " ", -1) : NULL; /* "", state (field 3), … */
  if (!fields || g_strv_length(fields) < 21 || strchr("ZX", fields[1][0]))
    return 0;
  if (stopped)
    *stopped = fields[1][0] == 'T';
  return g_ascii_strtoull(fields[20], NULL, 10);
}

/* What a run that says it is under way is. Only a process of this machine can be looked up. */
static MgRunState
look_up(GKeyFile *file, const MgRunStatus *status)
{
  if (status->elsewhere)
    return status->state;
  gboolean stopped = FALSE;
  guint64 then = g_key_file_get_uint64(file, group, "process_start", NULL);
  guint64 now = process_start(status->pid, &stopped);
  if (now == 0 || now != then)
    return MG_RUN_INTERRUPTED;
  return stopped ? MG_RUN_PAUSED : status->state;
}

static char *
status_path(const char *folder)
{
  return g_build_filename(folder, "status", NULL);
}

/* A text that was too long for its room may end within a character, which a window does not show. */
static void
drop_part_of_character(char *text)
{
  const char *end;
  if (!g_utf8_validate(text, -1, &end) && g_utf8_get_char_validated(end, -1) == (gunichar)-2)
    text[end - text] = '\0';
}

gboolean
mg_run_status_read(const char *folder, MgRunStatus *status, GError **error)
{
  g_autofree char *path = status_path(folder);
  size_t length;
  g_autofree char *text = mg_file_read(path, 1 << 20, &length, error);
  if (!text)
    return FALSE;
  memset(status, 0, sizeof *status);
  g_autoptr(GKeyFile) file = g_key_file_new();
  g_autofree char *state = g_key_file_load_from_data(file, text, length, G_KEY_FILE_NONE, NULL)
                               ? g_key_file_get_string(file, group, "state", NULL)
                               : NULL;
  if (!find_state(state, &status->state)) {
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT,
                _("%s: not a run's status; a [status] group with a known state was expected"), path);
    return FALSE;
  }
  status->pid = g_key_file_get_int64(file, group, "pid", NULL);
  status->epoch = g_key_file_get_integer(file, group, "epoch", NULL);
  status->epochs = g_key_file_get_integer(file, group, "epochs", NULL);
  status->step = g_key_file_get_int64(file, group, "step", NULL);
  status->steps = g_key_file_get_int64(file, group, "steps", NULL);
  status->seconds = g_key_file_get_double(file, group, "seconds", NULL);
  status->seconds_left = g_key_file_get_double(file, group, "seconds_left", NULL);
  status->examples_per_second = g_key_file_get_double(file, group, "examples_per_second", NULL);
  g_autofree char *message = g_key_file_get_string(file, group, "message", NULL);
  g_strlcpy(status->message, message ? message : "", sizeof status->message);
  drop_part_of_character(status->message);
  g_autofree char *host = g_key_file_get_string(file, group, "host", NULL);
  g_strlcpy(status->host, host ? host : "", sizeof status->host);
  status->elsewhere = g_strcmp0(host, g_get_host_name()) != 0;
  status->written = mg_file_modified(path);
  gboolean under_way = status->state == MG_RUN_PREPARING || status->state == MG_RUN_RUNNING;
  if (under_way)
    status->state = look_up(file, status);
  return TRUE;
}

static char *
one_line(const char *message)
{
  g_autofree char *whole = g_strdup(message);
  drop_part_of_character(whole);
  g_autofree char *valid = g_utf8_make_valid(whole, -1);
  return g_strdelimit(g_steal_pointer(&valid), "\r\n", ' ');
}

static gboolean
write_status(const char *folder, const MgRunStatus *status, gboolean lasting, GError **error)
{
  g_autoptr(GKeyFile) file = g_key_file_new();
  g_autofree char *message = one_line(status->message);
  g_key_file_set_string(file, group, "state", mg_run_state_name(status->state));
  g_key_file_set_int64(file, group, "pid", status->pid);
  g_key_file_set_uint64(file, group, "process_start", process_start(status->pid, NULL));
  g_key_file_set_string(file, group, "host", g_get_host_name());
  g_key_file_set_integer(file, group, "epoch", status->epoch);
  g_key_file_set_integer(file, group, "epochs", status->epochs);
  g_key_file_set_int64(file, group, "step", status->step);
  g_key_file_set_int64(file, group, "steps", status->steps);
  g_key_file_set_double(file, group, "seconds", status->seconds);
  g_key_file_set_double(file, group, "seconds_left", status->seconds_left);
  g_key_file_set_double(file, group, "examples_per_second", status->examples_per_second);
  g_key_file_set_string(file, group, "message", message);
  gsize length;
  g_autofree char *text = g_key_file_to_data(file, &length, NULL);
  g_autofree char *path = status_path(folder);
  g_autoptr(MgFileWriter) writer = mg_file_writer_new(path, error);
  if (!writer || !mg_file_writer_write(writer, text, length, error))
    return FALSE;
  return lasting ? mg_file_writer_finish(writer, error) : mg_file_writer_finish_unsynced(writer, error);
}

gboolean
mg_run_status_write(const char *folder, const MgRunStatus *status, GError **error)
{
  return write_status(folder, status, TRUE, error);
}

gboolean
mg_run_status_write_passing(const char *folder, const MgRunStatus *status, GError **error)
{
  return write_status(folder, status, FALSE, error);
}
