/* What the two halves of an item view share. */
#pragma once
#include "ui/widgets/item-view.h"

struct _MgItemView {
  GtkWidget parent;
  const MgItemFuncs *funcs;
  gpointer data;
  guint most_columns;
  GtkSelectionModel *model; /* NULL: none */
  GtkAdjustment *across, *down;
  GtkScrollablePolicy across_policy, down_policy;
  GArray *slots; /* Slot; that of position p is at p % their number */
  guint columns; /* items beside each other */
  int item_width, item_height, least_width;
  gboolean measured;    /* whether the item's size is known */
  guint cursor, anchor; /* where the keys are; where a range began */
  guint wanted;         /* to be scrolled to when there is a size; GTK_INVALID_LIST_POSITION: nothing */
  guint resting;        /* source that puts the widgets in order; 0: none */
  guint growing;        /* tick callback that makes widgets, until there are n_wanted; 0: none */
  guint n_wanted;
};

/* The part of the items that is seen, whole or in part: [first, last). */
void mg_item_view_seen(MgItemView *view, guint *first, guint *last);
/* How many items there are room for at once, whole ones. */
guint mg_item_view_page(MgItemView *view);
/* Gives the focus to the widget of the cursor, or where it is not seen to the view. */
void mg_item_view_focus_cursor(MgItemView *view);
/* item-view-hands.c: pointer and keys. */
void mg_item_view_add_hands(MgItemView *view);
