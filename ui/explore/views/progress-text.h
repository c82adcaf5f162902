/* What a view says while an analysis is at work: nothing for a blink, then that it computes, how far and how long. */
#pragma once
#include "session/analysis.h"
#include <gtk/gtk.h>

typedef struct {
  gint64 since; /* µs; 0: nothing is being computed */
  guint tick;   /* draws the widget again while it lasts */
} MgProgressText;

/* g_free() the text; NULL: nothing to say. */
char *mg_progress_text(MgProgressText *progress, MgAnalysis *analysis, GtkWidget *widget);
void mg_progress_text_clear(MgProgressText *progress);
