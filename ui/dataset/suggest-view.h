/* Label suggestions: a run proposes labels for tracks without one, the most uncertain first; a person confirms by key.
 * Sure ones may be taken over unseen; a sample of these is checked, and its error shown. */
#pragma once
#include "session/workspace.h"
#include <gtk/gtk.h>

GtkWidget *mg_suggest_view_new(MgWorkspace *workspace);
void mg_suggest_view_play(GtkWidget *view);
