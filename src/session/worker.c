#include "session/worker.h"
#include "base/error.h"
#include "base/parallel.h"
#include "base/patience.h"
#include "config.h"
#include <glib/gi18n-lib.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

struct _MgWorker {
  GObject parent_instance;
  GSubprocess *process; /* NULL while none runs */
  gboolean stopping, killed;
  guint killing; /* the timer of a process that was asked to end */
  char *line;    /* the last one on stderr that is not empty and no progress */
};

G_DEFINE_FINAL_TYPE(MgWorker, mg_worker, G_TYPE_OBJECT)

static guint ended_signal, progress_signal;
static const char progress_word[] = "progress ", program_word[] = "melograph-cli: ";
static const int lower_priority = 10;

static char *
executable(const char *folder, const char *relative)
{
  g_autofree char *path = g_build_filename(folder, relative, NULL);
  return g_file_test(path, G_FILE_TEST_IS_EXECUTABLE) ? g_steal_pointer(&path) : NULL;
}

char *
mg_worker_find_program(GError **error)
{
  const char *wished = g_getenv("MELOGRAPH_CLI");
  if (wished)
    return g_strdup(wished);
  g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
  g_autofree char *folder = g_path_get_dirname(self ? self : ".");
  char *path = executable(folder, "melograph-cli");
  if (!path && self && g_str_has_prefix(self, MG_BUILD_DIR "/"))
    path = executable(MG_BUILD_DIR, "src/cli/melograph-cli");
  if (!path)
    path = g_find_program_in_path("melograph-cli");
  if (!path)
    g_set_error(error, MG_ERROR, MG_ERROR_IO,
                _("melograph-cli: not found beside this program (%s) nor in PATH; MELOGRAPH_CLI may name it"), folder);
  return path;
}

static char *
describe_end(const MgWorker *worker, GSubprocess *process)
{
  if (worker->killed)
    return g_strdup_printf(_("melograph-cli had not ended %.3g s after it was asked to, and was killed"),
                           mg_patience());
  if (g_subprocess_get_if_signaled(process)) {
    int number = g_subprocess_get_term_sig(process);
    return g_strdup_printf(_("melograph-cli was ended by signal %d (%s)"), number, strsignal(number));
  }
  return worker->line ? g_strdup(worker->line)
                      : g_strdup_printf(_("melograph-cli ended with status %d"), g_subprocess_get_exit_status(process));
}

static void
on_ended(GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(MgWorker) worker = data;
  g_autoptr(GSubprocess) process = G_SUBPROCESS(g_object_ref(source));
  g_subprocess_wait_finish(process, result, NULL);
  gboolean good = g_subprocess_get_if_exited(process) && g_subprocess_get_exit_status(process) == 0;
  gboolean stopped = worker->stopping && !worker->killed;
  MgWorkerEnd end = good ? MG_WORKER_DONE : stopped ? MG_WORKER_STOPPED : MG_WORKER_FAILED;
  g_autofree char *message = end == MG_WORKER_FAILED ? describe_end(worker, process) : NULL;
  g_clear_handle_id(&worker->killing, g_source_remove);
  g_clear_object(&worker->process);
  g_signal_emit(worker, ended_signal, 0, (guint)end, message);
}

/* "progress 0.42 12.5 what": see mg_command_progress(). */
static void
tell_progress(MgWorker *worker, const char *text)
{
  char *end;
  double fraction = g_ascii_strtod(text, &end), seconds_left = g_ascii_strtod(end, &end);
  g_signal_emit(worker, progress_signal, 0, fraction, seconds_left, g_strchug(end));
}

static void
take_line(MgWorker *worker, char *line)
{
  g_strstrip(line);
  if (g_str_has_prefix(line, progress_word)) {
    tell_progress(worker, line + strlen(progress_word));
  } else if (*line) {
    g_free(worker->line);
    worker->line = g_strdup(g_str_has_prefix(line, program_word) ? line + strlen(program_word) : line);
  }
}

/* Lines as they come; the process has ended where there are no more. The reference that the callbacks hold keeps the
 * worker alive until then. */
static void
on_line(GObject *source, GAsyncResult *result, gpointer data)
{
  MgWorker *worker = data;
  GDataInputStream *lines = G_DATA_INPUT_STREAM(source);
  gsize length;
  g_autofree char *bytes = g_data_input_stream_read_line_finish(lines, result, &length, NULL);
  if (!bytes) {
    g_subprocess_wait_async(worker->process, NULL, on_ended, worker);
    return;
  }
  g_autofree char *text = g_utf8_make_valid(bytes, (gssize)length);
  take_line(worker, text);
  g_data_input_stream_read_line_async(lines, G_PRIORITY_DEFAULT, NULL, on_line, worker);
}

static void
listen(MgWorker *worker)
{
  g_autoptr(GDataInputStream) lines = g_data_input_stream_new(g_subprocess_get_stderr_pipe(worker->process));
  g_clear_pointer(&worker->line, g_free);
  g_data_input_stream_read_line_async(lines, G_PRIORITY_DEFAULT, NULL, on_line, g_object_ref(worker));
}

gboolean
mg_worker_start(MgWorker *worker, const char *const *arguments, GError **error)
{
  if (worker->process) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("%s: this worker is still busy"), arguments[0]);
    return FALSE;
  }
  g_autofree char *program = mg_worker_find_program(error);
  if (!program)
    return FALSE;
  g_autoptr(GPtrArray) command = g_ptr_array_new();
  g_ptr_array_add(command, program);
  for (; *arguments; arguments++)
    g_ptr_array_add(command, (char *)*arguments);
  g_ptr_array_add(command, NULL);
  g_autoptr(GSubprocessLauncher) launcher =
      g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_auto(GStrv) environment = mg_parallel_environment(g_get_environ());
  g_subprocess_launcher_set_environ(launcher, environment);
  worker->process = g_subprocess_launcher_spawnv(launcher, (const char *const *)command->pdata, error);
  if (!worker->process)
    return FALSE;
  worker->stopping = worker->killed = FALSE;
  const char *pid = g_subprocess_get_identifier(worker->process);
  if (pid)
    setpriority(PRIO_PROCESS, (id_t)g_ascii_strtoll(pid, NULL, 10), lower_priority);
  listen(worker);
  return TRUE;
}

/* A process that hangs, or does not heed the signal. */
static gboolean
kill_process(gpointer data)
{
  MgWorker *worker = data;
  worker->killing = 0;
  worker->killed = TRUE;
  g_subprocess_force_exit(worker->process);
  return G_SOURCE_REMOVE;
}

void
mg_worker_stop(MgWorker *worker)
{
  if (!worker->process)
    return;
  worker->stopping = TRUE;
  g_subprocess_send_signal(worker->process, SIGTERM);
  if (!worker->killing)
    worker->killing = g_timeout_add((guint)(mg_patience() * 1000), kill_process, worker);
}

gboolean
mg_worker_is_running(MgWorker *worker)
{
  return worker->process != NULL;
}

static void
mg_worker_finalize(GObject *object)
{
  g_free(MG_WORKER(object)->line);
  G_OBJECT_CLASS(mg_worker_parent_class)->finalize(object);
}

static void
mg_worker_class_init(MgWorkerClass *klass)
{
  G_OBJECT_CLASS(klass)->finalize = mg_worker_finalize;
  ended_signal = g_signal_new("ended", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                              G_TYPE_UINT, G_TYPE_STRING);
  progress_signal = g_signal_new("progress", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 3, G_TYPE_DOUBLE, G_TYPE_DOUBLE, G_TYPE_STRING);
}

static void
mg_worker_init(MgWorker *worker)
{
}

MgWorker *
mg_worker_new(void)
{
  return g_object_new(MG_TYPE_WORKER, NULL);
}
