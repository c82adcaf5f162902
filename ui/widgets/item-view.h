/* A list, or a wall of tiles, of very many items that are all of one size. Only what is seen has a widget: a step of
 * the wheel or another answer of the model touches as many widgets as there is room for, however long the list is
 * (GTK's own list views hold some 200 rows).
 *
 * It stands in a GtkScrolledWindow. Arrow keys, Home, End, Page Up and Down move and select, with Shift they extend,
 * with Ctrl they move alone; Ctrl+A selects all, Enter and a double click activate. The widget of the item that the
 * keys are at has the focus.
 *
 * Signal "activate" (guint position). */
#pragma once
#include <gtk/gtk.h>

#define MG_TYPE_ITEM_VIEW (mg_item_view_get_type())
G_DECLARE_FINAL_TYPE(MgItemView, mg_item_view, MG, ITEM_VIEW, GtkWidget)

typedef struct {
  GtkWidget *(*make)(gpointer data); /* a widget that can show any item; its natural size is that of all */
  void (*show)(GtkWidget *widget, gpointer item, gpointer data); /* item NULL: let go of the last one */
} MgItemFuncs;

/* `most_columns` 1: a list, whose rows are as wide as the view. `funcs` and `data` outlive the view. */
GtkWidget *mg_item_view_new(const MgItemFuncs *funcs, gpointer data, guint most_columns);
/* NULL: none. The view holds a reference. */
void mg_item_view_set_model(MgItemView *view, GtkSelectionModel *model);
GtkSelectionModel *mg_item_view_model(MgItemView *view);
/* Rows are no narrower than that; where there is less room, the view scrolls sideways. */
void mg_item_view_set_least_width(MgItemView *view, int width);
/* Scrolls no further than needed. */
void mg_item_view_scroll_to(MgItemView *view, guint position);
/* The item at a point of the view; GTK_INVALID_LIST_POSITION: none is there. */
guint mg_item_view_position_at(MgItemView *view, double x, double y);
/* Where the keys are: the item that was chosen last. */
guint mg_item_view_cursor(MgItemView *view);
/* Calls `func` for every widget that shows an item. */
void mg_item_view_foreach(MgItemView *view, void (*func)(GtkWidget *widget, gpointer data), gpointer data);
