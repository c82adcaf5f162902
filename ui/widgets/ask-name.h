/* Asks for a name by a dialog. */
#pragma once
#include <gtk/gtk.h>

/* `name` has no spaces around it; not called where there is none, or the widget has gone. */
typedef void (*MgAskNameFunc)(GtkWidget *widget, const char *name);

/* `label` tells what the name is of, `give` is the button's text. */
void mg_ask_name(GtkWidget *widget, const char *title, const char *label, const char *give, MgAskNameFunc func);
