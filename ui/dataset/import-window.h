/* What an import would find, before anything is done: layout, classes, groups, folds, the first tracks, what is not
 * understood; file names can be read by regular expressions. Then imports, with progress and cancel. */
#pragma once
#include "session/workspace.h"
#include <gtk/gtk.h>

/* Called once the tracks are in the workspace. */
typedef void (*MgImportedFunc)(GtkWidget *widget);

/* Opens the window over the one that `widget` is in. `only` as in MgImportOptions. Borrowed. */
GtkWidget *mg_import_window_open(GtkWidget *widget, MgWorkspace *workspace, const char *path, const char *const *only,
                                 MgImportedFunc imported);
