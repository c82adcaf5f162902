/* With MELOGRAPH_TRACE=1, Ctrl+Shift+F12 tells on stderr which texts of the window cannot be read in full: one JSON
 * object a line, {"event": "labels", "labels": how many were looked at, "clipped": [texts]}. For
 * ./dev screenshots, which fails where there are any. */
#pragma once
#include <gtk/gtk.h>

/* Does nothing without MELOGRAPH_TRACE. */
void mg_trace_labels_watch(GtkWidget *window);
