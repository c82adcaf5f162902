/* ROC, precision-recall, calibration and accuracy over the track: of the run that is open, and dashed of the other. */
#pragma once
#include "session/results.h"
#include <gtk/gtk.h>

/* Nothing is computed while it is not seen. */
GtkWidget *mg_quality_view_new(MgResults *results);
