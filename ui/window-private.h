/* What the parts of the window share. */
#pragma once
#include "ui/transport.h"
#include "ui/window.h"

struct _MgWindow {
  AdwApplicationWindow parent;
  MgWorkspace *workspace;
  AdwFlap *library, *parameters;
  AdwViewStack *stack;
  GtkStack *panels; /* the pages' parameters */
  AdwToastOverlay *toasts;
  MgTransport *transport;
  GtkWidget *header, *switcher_bar;
  AdwToast *undo_toast; /* the one that offers to undo; weak */
  guint dismissing;     /* it, soon */
  GtkNativeDialog *dialog;
  GtkWidget *classify; /* the window that classifies files; weak, NULL: none */
  GStrv dropped;       /* what was dropped last */
  gboolean narrow, tiny, library_wanted, parameters_wanted, presenting;
  gboolean has_offered; /* what a crash has left */
  guint refit;
  gint64 frame_began, work_began; /* for the trace */
};

/* Actions that tell of the program: commands, preferences, help; and that open other workspaces. */
void mg_window_set_up_help(MgWindow *window);
/* Actions that ask for files and folders, and the drop of them. */
void mg_window_set_up_files(MgWindow *window);
/* Actions that classify sounds. */
void mg_window_set_up_classifying(MgWindow *window);
/* Offers it for what was dropped last, where that is a sound. */
void mg_window_offer_to_classify(MgWindow *window);
/* Actions that play, keys that play and record; failures are told. */
void mg_window_set_up_playback(MgWindow *window);
/* Actions that record; what happens on the way is told. */
void mg_window_set_up_recording(MgWindow *window);
/* Asks what is to become of recordings that a crash has cut off, where there are any. */
void mg_window_offer_recovered(MgWindow *window);
