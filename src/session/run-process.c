#include "session/run-private.h"
#include "base/patience.h"
#include <glib/gi18n-lib.h>
#include <signal.h>

/* Starting. */

static void
on_worker_ended(MgWorker *worker, guint end, const char *message, MgRun *run)
{
  g_free(run->failure);
  run->failure = end == MG_WORKER_FAILED ? g_strdup(message) : NULL;
  /* The signal comes while the process is gone but its last words may not have been read. */
  mg_run_refresh(run);
  mg_run_notify_state(run);
  mg_run_announce(run);
}

static gboolean
launch(MgRun *run, GPtrArray *arguments, GError **error)
{
  g_ptr_array_add(arguments, g_strdup("--quiet"));
  g_ptr_array_add(arguments, NULL);
  if (!run->worker) {
    run->worker = mg_worker_new();
    g_signal_connect(run->worker, "ended", G_CALLBACK(on_worker_ended), run);
  }
  if (!mg_worker_start(run->worker, (const char *const *)arguments->pdata, error))
    return FALSE;
  g_clear_pointer(&run->failure, g_free);
  mg_run_notify_state(run);
  mg_run_announce(run);
  return TRUE;
}

static void
add_option(GPtrArray *arguments, const char *option, const char *value)
{
  if (!value || !*value)
    return;
  g_ptr_array_add(arguments, g_strdup(option));
  g_ptr_array_add(arguments, g_strdup(value));
}

static void
add_params(GPtrArray *arguments, const MgParams *params)
{
  g_auto(GStrv) changed = mg_params_changed(params);
  for (char **assignment = changed; *assignment; assignment++)
    add_option(arguments, "--set", *assignment);
}

static GPtrArray *
run_arguments(MgRun *run, const char *command, const char *dataset, const char *model)
{
  GPtrArray *arguments = g_ptr_array_new_with_free_func(g_free);
  g_ptr_array_add(arguments, g_strdup(command));
  add_option(arguments, "--dataset", dataset);
  add_option(arguments, "--model", model);
  add_option(arguments, "--run", run->folder);
  return arguments;
}

gboolean
mg_run_start(MgRun *run, const MgRunRequest *request, GError **error)
{
  g_autoptr(GPtrArray) arguments = run_arguments(run, "train", request->dataset, request->model);
  add_option(arguments, "--label-from", request->label_from);
  add_option(arguments, "--group-from", request->group_from);
  add_option(arguments, "--fold-from", request->fold_from);
  add_params(arguments, request->params);
  return launch(run, arguments, error);
}

gboolean
mg_run_start_search(MgRun *run, const char *const *options, GError **error)
{
  g_autoptr(GPtrArray) arguments = run_arguments(run, "search", NULL, NULL);
  for (; *options; options++)
    g_ptr_array_add(arguments, g_strdup(*options));
  return launch(run, arguments, error);
}

gboolean
mg_run_resume(MgRun *run, GError **error)
{
  /* The run's config.ini says the rest. */
  const char *command = mg_run_is_search(run) ? "search" : "train";
  g_autoptr(GPtrArray) arguments = run_arguments(run, command, NULL, NULL);
  g_ptr_array_add(arguments, g_strdup("--resume"));
  return launch(run, arguments, error);
}

/* A process number in an old status may belong to somebody else by now. */
static gboolean
is_our_program(gint64 pid)
{
  g_autofree char *path = g_strdup_printf("/proc/%" G_GINT64_FORMAT "/comm", pid);
  g_autofree char *name = NULL;
  return pid > 1 && g_file_get_contents(path, &name, NULL, NULL) && g_str_has_prefix(name, "melograph-cli");
}

/* Halting and ending. */

/* Of another machine's process the number says nothing here. */
static gboolean
has_process(const MgRun *run)
{
  return run->has_status && !run->status.elsewhere && run->status.state <= MG_RUN_PAUSED &&
         is_our_program(run->status.pid);
}

/* The process of another window, or of an earlier one, that has not ended although it was asked to. Another one may
 * have taken the run up since. */
static gboolean
kill_hanging(gpointer data)
{
  MgRun *run = data;
  run->killing = 0;
  mg_run_refresh(run);
  if (!has_process(run) || run->status.pid != run->asked)
    return G_SOURCE_REMOVE;
  kill((pid_t)run->asked, SIGKILL);
  g_free(run->failure);
  run->failure =
      g_strdup_printf(_("melograph-cli had not ended %.3g s after it was asked to, and was killed"), mg_patience());
  mg_run_announce(run);
  return G_SOURCE_REMOVE;
}

/* Asked again, a process has no longer for it. */
static void
ask_once(MgRun *run)
{
  if (run->killing && run->asked == run->status.pid)
    return;
  g_clear_handle_id(&run->killing, g_source_remove);
  run->asked = run->status.pid;
  run->killing = g_timeout_add((guint)(mg_patience() * 1000), kill_hanging, run);
}

/* A process that is paused hears of it when it goes on. */
void
mg_run_stop(MgRun *run)
{
  gboolean paused = has_process(run) && mg_run_state(run) == MG_RUN_PAUSED;
  if (run->worker && mg_worker_is_running(run->worker))
    mg_worker_stop(run->worker);
  else if (has_process(run)) {
    kill((pid_t)run->status.pid, SIGTERM);
    ask_once(run);
  }
  if (paused)
    kill((pid_t)run->status.pid, SIGCONT);
}

void
mg_run_pause(MgRun *run, gboolean pause)
{
  if (has_process(run))
    kill((pid_t)run->status.pid, pause ? SIGSTOP : SIGCONT);
  mg_run_refresh(run);
}

void
mg_run_process_forget(MgRun *run)
{
  g_clear_handle_id(&run->killing, g_source_remove);
  if (!run->worker)
    return;
  g_signal_handlers_disconnect_by_data(run->worker, run);
  mg_worker_stop(run->worker);
  g_clear_object(&run->worker);
}
