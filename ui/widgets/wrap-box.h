/* Children in a row that goes on in the next line where the width ends, each at its natural size; those that expand
 * share what is left of their line, and where one expands downwards, lines share the height. */
#pragma once
#include <gtk/gtk.h>

#define MG_TYPE_WRAP_BOX (mg_wrap_box_get_type())
G_DECLARE_FINAL_TYPE(MgWrapBox, mg_wrap_box, MG, WRAP_BOX, GtkWidget)

GtkWidget *mg_wrap_box_new(int spacing);
void mg_wrap_box_append(MgWrapBox *box, GtkWidget *child);
