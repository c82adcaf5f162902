/* The time axis above the panes. */
#pragma once
#include "ui/explore/views/view.h"

#define MG_TYPE_RULER (mg_ruler_get_type())
G_DECLARE_FINAL_TYPE(MgRuler, mg_ruler, MG, RULER, MgView)
#define MG_RULER_HEIGHT 26

GtkWidget *mg_ruler_new(void);
