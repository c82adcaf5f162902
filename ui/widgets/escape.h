/* Windows beside the main one close on Escape. */
#pragma once
#include <gtk/gtk.h>

void mg_close_on_escape(GtkWidget *window);
