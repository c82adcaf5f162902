/* What can be done with the run that is shown: halt it, let it go on, stop it, resume it. Signal "resumed" (MgRun *, a
 * GError or NULL). */
#pragma once
#include "session/run.h"
#include <adwaita.h>

#define MG_TYPE_RUN_BUTTONS (mg_run_buttons_get_type())
G_DECLARE_FINAL_TYPE(MgRunButtons, mg_run_buttons, MG, RUN_BUTTONS, AdwBin)

GtkWidget *mg_run_buttons_new(void);
/* NULL: nothing can be done. Call it again where the run has news. */
void mg_run_buttons_show(MgRunButtons *buttons, MgRun *run);
