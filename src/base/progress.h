/* Progress and cancellation of long work, without GIO: shared between the thread that works and the one that watches.
 * Every function accepts NULL for "nobody watches". */
#pragma once
#include <glib.h>

typedef struct MgProgress MgProgress;

/* Called on a working thread, at most every 50 ms and once at the end. `fraction` is 0 to 1; `seconds_left` is negative
 * while it cannot be told; `what` names the step, or is NULL. */
typedef void (*MgProgressFunc)(double fraction, double seconds_left, const char *what, gpointer data);

MgProgress *mg_progress_new(MgProgressFunc func, gpointer data);
/* The same, but `func` is called on the default main context, with G_PRIORITY_DEFAULT, in the order of the reports, and
 * not any more once this is cancelled. `data` has to live until then, or until the work's end has been told on that
 * context as well, as a GTask tells it. */
MgProgress *mg_progress_new_on_main(MgProgressFunc func, gpointer data);
/* A part of other work: a fraction of it is reported to `func` (may be NULL), and to `whole` (may be NULL) as one from
 * `from` to `to`; it is cancelled where `whole` is. */
MgProgress *mg_progress_new_part(MgProgress *whole, double from, double to, MgProgressFunc func, gpointer data);
MgProgress *mg_progress_ref(MgProgress *progress);
void mg_progress_unref(MgProgress *progress);
void mg_progress_report(MgProgress *progress, double fraction, const char *what);
void mg_progress_cancel(MgProgress *progress);
gboolean mg_progress_cancelled(MgProgress *progress);
/* FALSE and MG_ERROR_CANCELLED where it was cancelled. */
gboolean mg_progress_go_on(MgProgress *progress, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgProgress, mg_progress_unref)
