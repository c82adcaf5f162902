/* Work under way in one line: how far it is, how long it will take, and a button that ends it. Signal "cancel". */
#pragma once
#include <adwaita.h>

#define MG_TYPE_WORK_ROW (mg_work_row_get_type())
G_DECLARE_FINAL_TYPE(MgWorkRow, mg_work_row, MG, WORK_ROW, AdwBin)

/* `what` names the work for assistive tools, `cancel` tells what the button does. Hidden until it works. */
GtkWidget *mg_work_row_new(const char *what, const char *cancel);
/* `seconds_left` below 1: not told. Where it does not work the row is hidden. */
void mg_work_row_set(MgWorkRow *row, gboolean working, double fraction, double seconds_left);
