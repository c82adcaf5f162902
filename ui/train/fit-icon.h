/* A verdict on a training as an icon, told by shape as well as colour, and as a word. */
#pragma once
#include "train/fit-light.h"
#include <gtk/gtk.h>

const char *mg_fit_word(MgFitVerdict verdict);
void mg_fit_icon_set(GtkWidget *image, MgFitVerdict verdict);
