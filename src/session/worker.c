#include "session/worker.h"
#include "base/error.h"
#include "config.h"
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

struct _MgWorker {
  GObject parent_instance;
  GSubprocess *process; /* NULL while none runs */
  gboolean stopping;
};

G_DEFINE_FINAL_TYPE(MgWorker, mg_worker, G_TYPE_OBJECT)

static guint ended_signal;
static const int lower_priority = 5;

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
                "melograph-cli: not found beside this program (%s) nor in PATH; MELOGRAPH_CLI may name it", folder);
  return path;
}

/* The last line that is not empty, without the program's name; NULL where there is none. */
static char *
error_line(GBytes *output)
{
  size_t length;
  const char *data = output ? g_bytes_get_data(output, &length) : NULL;
  if (!data)
    return NULL;
  g_autofree char *text = g_utf8_make_valid(data, length);
  char *line = strrchr(g_strchomp(text), '\n');
  line = g_strstrip(line ? line + 1 : text);
  if (g_str_has_prefix(line, "melograph-cli: "))
    line += strlen("melograph-cli: ");
  return *line ? g_strdup(line) : NULL;
}

static char *
describe_end(GSubprocess *process, GBytes *output)
{
  if (g_subprocess_get_if_signaled(process)) {
    int number = g_subprocess_get_term_sig(process);
    return g_strdup_printf("melograph-cli was ended by signal %d (%s)", number, strsignal(number));
  }
  char *line = error_line(output);
  return line ? line : g_strdup_printf("melograph-cli ended with status %d", g_subprocess_get_exit_status(process));
}

static void
on_ended(GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(MgWorker) worker = data;
  g_autoptr(GSubprocess) process = G_SUBPROCESS(g_object_ref(source));
  g_autoptr(GBytes) output = NULL;
  g_subprocess_communicate_finish(process, result, NULL, &output, NULL);
  gboolean good = g_subprocess_get_if_exited(process) && g_subprocess_get_exit_status(process) == 0;
  MgWorkerEnd end = good ? MG_WORKER_DONE : worker->stopping ? MG_WORKER_STOPPED : MG_WORKER_FAILED;
  g_autofree char *message = end == MG_WORKER_FAILED ? describe_end(process, output) : NULL;
  g_clear_object(&worker->process);
  g_signal_emit(worker, ended_signal, 0, (guint)end, message);
}

gboolean
mg_worker_start(MgWorker *worker, const char *const *arguments, GError **error)
{
  if (worker->process) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, "%s: this worker is still busy", arguments[0]);
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
  GSubprocessFlags flags = G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_PIPE;
  worker->process = g_subprocess_newv((const char *const *)command->pdata, flags, error);
  if (!worker->process)
    return FALSE;
  worker->stopping = FALSE;
  const char *pid = g_subprocess_get_identifier(worker->process);
  if (pid)
    setpriority(PRIO_PROCESS, (id_t)g_ascii_strtoll(pid, NULL, 10), lower_priority);
  /* The reference that the callback holds keeps the worker alive until the child has gone. */
  g_subprocess_communicate_async(worker->process, NULL, NULL, on_ended, g_object_ref(worker));
  return TRUE;
}

void
mg_worker_stop(MgWorker *worker)
{
  if (!worker->process)
    return;
  worker->stopping = TRUE;
  g_subprocess_send_signal(worker->process, SIGTERM);
}

gboolean
mg_worker_is_running(MgWorker *worker)
{
  return worker->process != NULL;
}

static void
mg_worker_class_init(MgWorkerClass *klass)
{
  ended_signal = g_signal_new("ended", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                              G_TYPE_UINT, G_TYPE_STRING);
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
