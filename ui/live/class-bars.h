/* What a model says now: its answer in large type, and a bar a class. */
#pragma once
#include "train/live.h"
#include <gtk/gtk.h>

#define MG_TYPE_CLASS_BARS (mg_class_bars_get_type())
G_DECLARE_FINAL_TYPE(MgClassBars, mg_class_bars, MG, CLASS_BARS, GtkBox)

/* `labels`: char *, one a class; copied. */
GtkWidget *mg_class_bars_new(const char *model, const GPtrArray *labels);
void mg_class_bars_show(MgClassBars *bars, const MgLiveDecision *decision);
/* Nothing has been said yet; `text` tells why. */
void mg_class_bars_wait(MgClassBars *bars, const char *text);
