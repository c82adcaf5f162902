/* The confusion matrix; a click on a cell filters the table to it, another click takes that back. */
#pragma once
#include "session/results.h"
#include "ui/widgets/drawing.h"

/* `other`: of the run beside. */
GtkWidget *mg_confusion_view_new(MgResults *results, gboolean other);
