/* Chooses the sound that a 3D pane shows beside the first: a list of the library's tracks that can be searched. */
#pragma once
#include "session/library.h"
#include "session/pane.h"
#include <gtk/gtk.h>

GtkWidget *mg_beside_button_new(MgPane *pane, MgLibrary *library);
