/* The main window: library at the left, pages in the middle, parameters at the right, transport below.
 *
 * Actions for everybody: win.page('explore') turns to a page; win.library and win.parameters show and hide the side
 * panes; win.open and win.add-folder ask for files; win.classify opens the window that classifies files,
 * win.classify-file('PATH') with one. */
#pragma once
#include "session/workspace.h"
#include <adwaita.h>

#define MG_TYPE_WINDOW (mg_window_get_type())
G_DECLARE_FINAL_TYPE(MgWindow, mg_window, MG, WINDOW, AdwApplicationWindow)

MgWindow *mg_window_new(GtkApplication *application, MgWorkspace *workspace);
MgWorkspace *mg_window_workspace(MgWindow *window); /* borrowed */
/* Goes on where the last window on this workspace ended. */
void mg_window_restore(MgWindow *window);
/* Opens what is named: a page takes a path (MgPage.open), other sound files and folders join the library. */
void mg_window_open_paths(MgWindow *window, const char *const *paths);
/* Opens the window that classifies sound files, and those in folders, with a model (NULL: the one that is chosen there)
 * beside the window that `widget` is in. `paths` NULL: it asks for them. */
void mg_window_classify(GtkWidget *widget, const char *model, const char *const *paths);
/* Sound files, and those in folders, join the library of the window that `widget` is in. */
void mg_window_add_tracks(GtkWidget *widget, const char *const *paths);
/* Says `text` in a toast of the window that `widget` is in. */
void mg_window_toast(GtkWidget *widget, const char *text);
/* The same with a button that takes back what was done (win.undo). */
void mg_window_toast_undo(GtkWidget *widget, const char *text);
/* The same with a button that activates an action, such as "win.page('train')"; it stays until it is closed. */
void mg_window_toast_action(GtkWidget *widget, const char *text, const char *button, const char *action);
/* The same, but it goes by itself. */
void mg_window_toast_offer(GtkWidget *widget, const char *text, const char *button, const char *action);
/* The transport bar's time and readout, for the page that is seen. */
void mg_window_set_time(GtkWidget *widget, double seconds, double duration);
/* NULL: nothing. `shorter` and `shortest` (may be NULL) stand where there is no room for the text. */
void mg_window_set_readout(GtkWidget *widget, const char *text, const char *shorter, const char *shortest);
const char *mg_window_readout(GtkWidget *widget);
