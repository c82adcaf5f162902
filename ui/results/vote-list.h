/* Tracks with the vote of their segments: the wrong ones first, or in the table's order where no truth is known. */
#pragma once
#include "session/results.h"
#include <gtk/gtk.h>

/* Calls `chosen` with a track's path. */
GtkWidget *mg_vote_list_new(MgResults *results, void (*chosen)(const char *track, gpointer data), gpointer data);
/* "9 of 14 segments say classique" */
char *mg_vote_text(const MgVote *vote, const char *const *labels);
