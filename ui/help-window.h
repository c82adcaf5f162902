/* F1: the guide's pages in a window beside. */
#pragma once
#include <adwaita.h>

/* `page` is shown first: "tutorial", "lessons" … */
GtkWidget *mg_help_window_new(GtkWindow *parent, const char *page);
/* Another page; FALSE where there is none of that name. */
gboolean mg_help_window_show(GtkWidget *window, const char *page);
