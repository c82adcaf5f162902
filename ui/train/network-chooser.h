/* A drop-down of the networks whose descriptions come with the program. */
#pragma once
#include <gtk/gtk.h>

GtkWidget *mg_network_chooser_new(const char *first);              /* `first` is chosen to begin with */
const char *mg_network_chooser_chosen(GtkWidget *network_chooser); /* borrowed; NULL: there is none */
