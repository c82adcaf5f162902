/* What the two halves of an item view share. */
#pragma once
#include "ui/widgets/item-view.h"

typedef struct {
  GtkWidget *widget;
  GObject *item;  /* NULL: none yet */
  guint position; /* GTK_INVALID_LIST_POSITION: out of sight */
} MgItemSlot;

struct _MgItemView {
  GtkWidget parent;
  const MgItemFuncs *funcs;
  gpointer data;
  guint most_columns;
  GtkSelectionModel *model; /* NULL: none */
  GtkAdjustment *across, *down;
  GtkScrollablePolicy across_policy, down_policy;
  GArray *slots; /* MgItemSlot; that of position p is at p % their number */
  guint columns; /* items beside each other */
  int item_width, item_height, least_width;
  gboolean measured;    /* whether the item's size is known */
  guint cursor, anchor; /* where the keys are; where a range began */
  guint wanted;         /* to be scrolled to when there is a size; GTK_INVALID_LIST_POSITION: nothing */
  guint resting;        /* source that puts the widgets in order; 0: none */
  guint growing;        /* tick callback that makes widgets, until there are n_wanted; 0: none */
  guint n_wanted;
};

/* How many items there are. */
guint mg_item_view_n(MgItemView *view);
/* The part of the items that is seen, whole or in part: [first, last). */
void mg_item_view_seen(MgItemView *view, guint *first, guint *last);
/* How many items there are room for at once, whole ones. */
guint mg_item_view_page(MgItemView *view);
/* Gives the focus to the widget of the cursor, or where it is not seen to the view. */
void mg_item_view_focus_cursor(MgItemView *view);
gboolean mg_item_view_has_focus(MgItemView *view); /* it or a widget in it */

/* item-view-slots.c: a slot by its number, and that of a position; NULL: it is out of sight. */
MgItemSlot *mg_item_view_slot(MgItemView *view, guint i);
MgItemSlot *mg_item_view_slot_of(MgItemView *view, guint position);
void mg_item_view_add_slot(MgItemView *view);
/* Sees to it that there are as many as are seen in so many pixels. */
void mg_item_view_want_slots(MgItemView *view, int height);
/* Gives every item that is seen a widget. */
void mg_item_view_show_seen(MgItemView *view);
/* The slot shows nothing. */
void mg_item_view_let_go(MgItemView *view, MgItemSlot *slot);
/* A widget as selected or not. */
void mg_item_view_mark(GtkWidget *widget, gboolean selected);
/* Puts the widgets in order when nothing has moved for a moment. */
void mg_item_view_wait_for_rest(MgItemView *view);
/* item-view-hands.c: pointer and keys. */
void mg_item_view_add_hands(MgItemView *view);
