/* A long computation as a child process `melograph-cli …`: a crash in it never takes the window down, and it can be
 * stopped. It runs at a lower priority than the window. */
#pragma once
#include <gio/gio.h>

#define MG_TYPE_WORKER (mg_worker_get_type())
G_DECLARE_FINAL_TYPE(MgWorker, mg_worker, MG, WORKER, GObject)

typedef enum {
  MG_WORKER_DONE,    /* exit status 0 */
  MG_WORKER_STOPPED, /* ended after mg_worker_stop() */
  MG_WORKER_FAILED,  /* the message says why; also where it had to be killed */
} MgWorkerEnd;

/* Signal "ended" (guint MgWorkerEnd, const char *message): message is the line that the program wrote on stderr without
 * the program's name, or NULL where all is well. Signal "progress" (double fraction, double seconds_left, const char
 * *what), where the arguments hold --progress: see MgProgressFunc; `what` may be empty. */
MgWorker *mg_worker_new(void);

/* Starts `melograph-cli ARGUMENT…`; arguments end with NULL and begin with the subcommand. A worker that runs cannot be
 * started again (MG_ERROR_USAGE). */
gboolean mg_worker_start(MgWorker *worker, const char *const *arguments, GError **error);
/* SIGTERM: the program saves what it has and ends; where it does not within mg_patience(), it is killed. A running
 * worker keeps itself alive until then; owners that go away stop it first. */
void mg_worker_stop(MgWorker *worker);
gboolean mg_worker_is_running(MgWorker *worker);

/* The path of melograph-cli: $MELOGRAPH_CLI, beside this program, in its build tree, or in PATH. g_free() it. */
char *mg_worker_find_program(GError **error);
