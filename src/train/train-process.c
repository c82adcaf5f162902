#include "train/train-process.h"
#include "base/error.h"
#include "base/parallel.h"
#include "base/patience.h"
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static const int look_interval = 100; /* ms */

/* Between fork and exec: calls nothing that may hold a lock. */
static void
die_with_parent(gpointer data)
{
  prctl(PR_SET_PDEATHSIG, SIGKILL);
}

/* What the child says on stderr, to its end. One that does not end when it is asked to is killed. */
static char *
read_to_end(int descriptor, GPid pid, MgProgress *progress)
{
  g_autoptr(GString) said = g_string_new(NULL);
  gint64 told = 0, patience = (gint64)(mg_patience() / 2 * G_TIME_SPAN_SECOND);
  char block[4096];
  for (;;) {
    struct pollfd poller = {.fd = descriptor, .events = POLLIN};
    int ready = poll(&poller, 1, look_interval);
    if (mg_progress_cancelled(progress) && !told) {
      told = g_get_monotonic_time();
      kill(pid, SIGTERM);
    }
    if (told && g_get_monotonic_time() - told > patience)
      kill(pid, SIGKILL);
    ssize_t n = ready > 0 ? read(descriptor, block, sizeof block) : -1;
    if (n > 0 && said->len < 1 << 16)
      g_string_append_len(said, block, n);
    if (n == 0)
      return g_string_free(g_steal_pointer(&said), FALSE);
  }
}

static char *
last_line(const char *said)
{
  static const char prefix[] = "melograph-cli: ";
  char *text = g_strchomp(g_utf8_make_valid(said, -1)), *line = strrchr(text, '\n');
  line = line ? line + 1 : text;
  char *copy = g_strdup(g_str_has_prefix(line, prefix) ? line + strlen(prefix) : line);
  g_free(text);
  return copy;
}

static gboolean
wait_for(GPid pid, const char *said, MgProgress *progress, GError **error)
{
  int status;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
    ;
  g_spawn_close_pid(pid);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
    return TRUE;
  if (!mg_progress_go_on(progress, error))
    return FALSE;
  g_autofree char *line = last_line(said);
  if (WIFSIGNALED(status))
    g_set_error(error, MG_ERROR, MG_ERROR_DATA, _("melograph-cli was ended by signal %d (%s)"), WTERMSIG(status),
                strsignal(WTERMSIG(status)));
  else
    g_set_error(error, MG_ERROR, MG_ERROR_DATA, "%s", *line ? line : _("melograph-cli failed"));
  return FALSE;
}

gboolean
mg_train_process(const char *program, const char *const *arguments, MgProgress *progress, GError **error)
{
  g_autoptr(GPtrArray) command = g_ptr_array_new();
  g_ptr_array_add(command, (gpointer)program);
  for (; *arguments; arguments++)
    g_ptr_array_add(command, (gpointer)*arguments);
  g_ptr_array_add(command, NULL);
  g_auto(GStrv) environment = mg_parallel_environment(g_get_environ());
  environment = g_environ_setenv(environment, "MELOGRAPH_MPI", "off", TRUE); /* no rank itself */
  GPid pid;
  int descriptor;
  g_autoptr(GError) cause = NULL;
  if (!g_spawn_async_with_pipes(NULL, (char **)command->pdata, environment,
                                G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL, die_with_parent, NULL, &pid,
                                NULL, NULL, &descriptor, &cause)) {
    g_set_error(error, MG_ERROR, MG_ERROR_IO, _("%s: cannot be started: %s"), program, cause->message);
    return FALSE;
  }
  g_autofree char *said = read_to_end(descriptor, pid, progress);
  close(descriptor);
  return wait_for(pid, said, progress, error);
}
