/* The spectrum at the cursor, or of the selection, in a window of its own that follows them; its peaks as a list. */
#pragma once
#include "session/selection.h"
#include "session/timeline.h"
#include <adwaita.h>

#define MG_TYPE_SPECTRUM_WINDOW (mg_spectrum_window_get_type())
G_DECLARE_FINAL_TYPE(MgSpectrumWindow, mg_spectrum_window, MG, SPECTRUM_WINDOW, AdwWindow)

/* Follows the selection's track. `n_fft`: samples of a frame. */
GtkWidget *mg_spectrum_window_new(GtkWindow *parent, MgTimeline *timeline, MgSelection *selection, size_t n_fft);
