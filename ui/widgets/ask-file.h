/* Asks for one file by the desktop's dialog. */
#pragma once
#include <gtk/gtk.h>

/* `path` is the chosen one; not called where the answer is none, or the widget has gone from its window. */
typedef void (*MgAskFileFunc)(GtkWidget *widget, const char *path, gpointer data);

/* `accept` is the button's text; `name` the proposed one for saving, else NULL. Takes `data`; free_data may be NULL. */
void mg_ask_file(GtkWidget *widget, GtkFileChooserAction action, const char *title, const char *accept,
                 const char *name, MgAskFileFunc func, gpointer data, GDestroyNotify free_data);
/* The name of a file with another ending (".png"), for a proposal. g_free() it. */
char *mg_ask_file_name(const char *path, const char *ending);
