/* A long command of melograph-cli as a child process, with what a page tells of it while it runs and after.
 *
 * Signals "changed": it began or ended; "progress": the fraction. */
#pragma once
#include <glib-object.h>

#define MG_TYPE_BACKGROUND (mg_background_get_type())
G_DECLARE_FINAL_TYPE(MgBackground, mg_background, MG, BACKGROUND, GObject)

MgBackground *mg_background_new(void);
/* Arguments as mg_worker_start()'s; does nothing while one runs. */
void mg_background_start(MgBackground *background, const char *const *arguments);
void mg_background_cancel(MgBackground *background);
gboolean mg_background_is_running(MgBackground *background);
double mg_background_fraction(MgBackground *background);
double mg_background_seconds_left(MgBackground *background); /* below 0: not known */
const char *mg_background_message(MgBackground *background); /* why the last one failed; NULL */
