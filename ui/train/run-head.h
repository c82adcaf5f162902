/* What is to be said of one run: how far it is, its figures, whether it overfits, and the note that a person keeps of
 * it. */
#pragma once
#include "session/run.h"
#include <adwaita.h>

#define MG_TYPE_RUN_HEAD (mg_run_head_get_type())
G_DECLARE_FINAL_TYPE(MgRunHead, mg_run_head, MG, RUN_HEAD, AdwBin)

GtkWidget *mg_run_head_new(void);
/* NULL: hidden. Call it again where the run has news. */
void mg_run_head_show(MgRunHead *head, MgRun *run);
