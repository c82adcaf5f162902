/* Which models listen, or which one classifies: a button with a list of those that come with the program, those of the
 * workspace's runs, and of files that were opened.
 *
 * Signal "changed": other models are chosen. */
#pragma once
#include "session/run-list.h"
#include <gtk/gtk.h>

#define MG_TYPE_MODEL_BUTTON (mg_model_button_get_type())
G_DECLARE_FINAL_TYPE(MgModelButton, mg_model_button, MG, MODEL_BUTTON, GtkBox)

/* `one`: only one of them can be chosen. */
GtkWidget *mg_model_button_new(MgRunList *runs, gboolean one);
/* Paths of the chosen models, NULL-terminated. g_strfreev() it. */
GStrv mg_model_button_chosen(MgModelButton *button);
/* Chooses a model alone that is in the list. */
void mg_model_button_choose(MgModelButton *button, const char *path);
/* Adds a model file and chooses it alone. */
void mg_model_button_open(MgModelButton *button, const char *path);
