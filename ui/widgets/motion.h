/* Less motion where the desktop asks for it ("Reduced animation"): what moves by itself moves in steps or not at all.
 */
#pragma once
#include <gtk/gtk.h>

gboolean mg_motion_is_reduced(GtkWidget *widget);
/* The time that a picture shows which runs along: with less motion it moves by whole seconds. */
double mg_motion_time(GtkWidget *widget, double seconds);
