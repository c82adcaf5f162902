/* The context menu of a table: copies a row, or all of it, as text with tabs between the columns, or all of it as
 * Markdown. */
#pragma once
#include <gtk/gtk.h>

typedef struct {
  /* The row at a point of the widget, without a newline; at (-1, -1) the one that is selected or has the focus. NULL:
   * there is none. */
  char *(*row)(GtkWidget *widget, double x, double y);
  char *(*table)(GtkWidget *widget); /* title line and all rows */
} MgCopyFuncs;

/* On a secondary click, the Menu key, Shift+F10; Ctrl+C copies the row. `funcs` outlives the widget. */
void mg_copy_menu_add(GtkWidget *widget, const MgCopyFuncs *funcs);
/* Texts of labels side by side, with tabs. */
char *mg_copy_join(GPtrArray *cells);
/* Of a column view in `widget`: the object that the cells of the row at a point keep under `key`. Any place in a row
 * leads to its first cell that has one. Borrowed; NULL: no row is there. */
gpointer mg_copy_row_at(GtkWidget *widget, double x, double y, const char *key);
