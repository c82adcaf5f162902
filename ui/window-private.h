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
  AdwToast *undo_toast; /* the one that offers to undo; weak */
  GtkNativeDialog *dialog;
  gboolean narrow, tiny, library_wanted, parameters_wanted;
  guint refit;
  gint64 frame_began, work_began; /* for the trace */
};

/* Actions that ask for files and folders, and the drop of them. */
void mg_window_set_up_files(MgWindow *window);
/* Actions and keys that play and record; failures are told. */
void mg_window_set_up_playback(MgWindow *window);
