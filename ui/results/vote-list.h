/* Tracks with the vote of their segments, the wrong ones first; choosing one searches the table for it. */
#pragma once
#include "session/results.h"
#include <gtk/gtk.h>

/* Calls `chosen` with a track's file name. */
GtkWidget *mg_vote_list_new(MgResults *results, void (*chosen)(const char *name, gpointer data), gpointer data);
/* "9 of 14 segments say classique" */
char *mg_vote_text(const MgVote *vote, const char *const *labels);
