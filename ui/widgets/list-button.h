/* A button that shows which of several choices are on, and lets them be switched in a popover: the control of an
 * MG_PARAM_LIST. */
#pragma once
#include <adwaita.h>

typedef void (*MgListButtonFunc)(GtkWidget *button, gpointer data);

/* `choices` is "first|second|third"; `changed` is called where the user switches one. */
GtkWidget *mg_list_button_new(const char *choices, MgListButtonFunc changed, gpointer data);
char *mg_list_button_get(GtkWidget *button); /* "first,third", or "none"; g_free() it */
void mg_list_button_set(GtkWidget *button, const char *text);
