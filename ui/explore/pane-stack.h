/* The panes below each other: as high as their share, divided by grips that can be dragged, in the order of the list.
 */
#pragma once
#include "ui/explore/pane-frame.h"

#define MG_TYPE_PANE_STACK (mg_pane_stack_get_type())
G_DECLARE_FINAL_TYPE(MgPaneStack, mg_pane_stack, MG, PANE_STACK, GtkWidget)

/* Signals: "selected" (MgPane *), "act" (MgPane *, const char *) as MgPaneFrame's, "resized" after a height was
 * changed, "changed" after frames came, went or moved. */
GtkWidget *mg_pane_stack_new(MgPaneList *panes, MgTimeline *timeline, MgSelection *selection, MgTools *tools);
MgPaneFrame *mg_pane_stack_frame(MgPaneStack *stack, MgPane *pane); /* NULL: not in the list */
/* Makes a pane taller, or lower where `factor` is below 1; all others share what is left. */
void mg_pane_stack_scale(MgPaneStack *stack, MgPane *pane, double factor);
/* Marks a pane; it does not take the focus. */
void mg_pane_stack_select(MgPaneStack *stack, MgPane *pane);
