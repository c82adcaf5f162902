/* The menu of input devices. Which one is chosen is the state of the window's action win.input-device: "" is the
 * default one. */
#pragma once
#include <gtk/gtk.h>

GtkWidget *mg_device_button_new(gboolean records);
/* The device that is chosen in the window that `widget` is in; NULL: the default one. Borrowed. */
const char *mg_device_chosen(GtkWidget *widget);
/* A device's error in the user's language, with what to do where that is known. */
const char *mg_device_error_text(const GError *error);
