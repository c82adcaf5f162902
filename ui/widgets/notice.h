/* A line in place that says what is wrong, or what to know: icon and text, shape as well as colour. */
#pragma once
#include <gtk/gtk.h>

typedef enum { MG_NOTICE_ERROR, MG_NOTICE_WARNING, MG_NOTICE_INFO } MgNoticeKind;

/* Hidden until it has a text. */
GtkWidget *mg_notice_new(void);
void mg_notice_set(GtkWidget *notice, MgNoticeKind kind, const char *text); /* NULL or "": hides it */

/* A flat or framed button with icon and/or text that assistive tools and tooltips name. */
GtkWidget *mg_button_new(const char *icon, const char *label, const char *tooltip);
/* Another icon (only where it has one) and text for such a button. */
void mg_button_set(GtkWidget *button, const char *icon, const char *label);
/* A label with tabular numerals. */
GtkWidget *mg_figure_label_new(float xalign);
