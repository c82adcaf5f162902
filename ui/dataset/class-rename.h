/* Asks for another name of a class; one that is there merges both. */
#pragma once
#include "session/workspace.h"
#include <gtk/gtk.h>

void mg_class_rename_ask(GtkWidget *widget, MgWorkspace *workspace, const char *label);
