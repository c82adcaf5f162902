/* The window of preferences: each is a key of the GSettings schema. */
#pragma once
#include <adwaita.h>

GtkWidget *mg_preferences_new(GtkWindow *parent);
