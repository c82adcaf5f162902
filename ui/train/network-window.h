/* A window that shows a network as a diagram. */
#pragma once
#include "session/network-diagram.h"
#include <gtk/gtk.h>

/* Opens it over the window of `parent`; takes the diagram. */
void mg_network_window_present(GtkWidget *parent, MgNetworkDiagram *diagram);
