/* What keeps its direction whatever the language: time runs from left to right, and so do figures with a sign. */
#pragma once
#include <gtk/gtk.h>

/* The widget and all in it go from left to right, but for popovers, which hold text. */
void mg_direction_keep(GtkWidget *widget);
