/* With MELOGRAPH_TRACE=1, Ctrl+Shift+F12 tells on stderr which texts of the window that has the keys cannot be read in
 * full, and where it has no room for what it shows: one JSON object a line, {"event": "labels", "labels": how many were
 * looked at, "clipped": [texts], "wide": [texts]}. For ./dev screenshots, which fails where there are any. */
#pragma once
#include <gtk/gtk.h>

/* The name of the widget that scrolls pages sideways where they have too little room. */
#define MG_PAGE_SCROLLER "page-scroller"

/* That line. g_free() it. */
char *mg_trace_labels_find(GtkWidget *window);
/* Every window from now on, once in a program. Does nothing without MELOGRAPH_TRACE. */
void mg_trace_labels_watch(void);
