/* Stacks of which a screen reader finds what shows, and nothing else. */
#pragma once
#include <gtk/gtk.h>

/* An empty GtkStack that keeps the promise of mg_stack_hide_others(). */
GtkWidget *mg_stack_new(void);

/* Has assistive technology told of the visible child of a stack (GtkStack or AdwViewStack) alone, now and whenever
 * another one is shown. GTK 4.8 tells of all children as if they showed. */
void mg_stack_hide_others(GtkWidget *stack);
