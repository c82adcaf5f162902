/* Asks how to search for parameters, and starts the search as a run: the space, from those that come with the program
 * or a file, its ranges to be edited, and how it is looked through. */
#pragma once
#include "session/run-list.h"
#include <adwaita.h>

#define MG_TYPE_SEARCH_WINDOW (mg_search_window_get_type())
G_DECLARE_FINAL_TYPE(MgSearchWindow, mg_search_window, MG, SEARCH_WINDOW, AdwWindow)

typedef struct {
  const char *about;           /* what learns, from what */
  const char *name;            /* of the run's folder */
  const char *const *options;  /* of `melograph-cli search` that tell it, NULL-terminated */
  const char *const *settings; /* "NAME=VALUE" for all trials, but for what is looked through; NULL-terminated */
  gboolean classifiers;        /* the spaces are those of classifiers, which they name; else those of networks */
} MgSearchRequest;

/* Signal "started" (MgRun): the window closes then. Copies the request. */
GtkWidget *mg_search_window_new(MgRunList *runs, const MgSearchRequest *request);
/* Above the window that `parent` is in. */
void mg_search_window_present(MgSearchWindow *window, GtkWidget *parent);
