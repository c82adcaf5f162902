/* What the first layer makes of what is heard now: its maps, below a button that unfolds them. */
#pragma once
#include "session/listening.h"
#include <gtk/gtk.h>

/* The maps are asked for only while they are seen. */
GtkWidget *mg_layer_maps_new(MgListening *listening);
