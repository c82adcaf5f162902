/* A probability as a bar with its number. */
#pragma once
#include <gtk/gtk.h>

#define MG_TYPE_PROBABILITY_BAR (mg_probability_bar_get_type())
G_DECLARE_FINAL_TYPE(MgProbabilityBar, mg_probability_bar, MG, PROBABILITY_BAR, GtkWidget)

GtkWidget *mg_probability_bar_new(void);
/* A value below 0 shows nothing. `strong`: the class that won; the others step back. */
void mg_probability_bar_set(MgProbabilityBar *bar, double value, gboolean strong);
