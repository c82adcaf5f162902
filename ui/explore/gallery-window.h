/* The gallery: one stretch of a track by several n_mels or n_fft, side by side, in a window of its own. */
#pragma once
#include "base/param.h"
#include <adwaita.h>

#define MG_TYPE_GALLERY_WINDOW (mg_gallery_window_get_type())
G_DECLARE_FINAL_TYPE(MgGalleryWindow, mg_gallery_window, MG, GALLERY_WINDOW, AdwWindow)

#define MG_GALLERY_LONGEST 60.0 /* s: of a longer stretch the beginning is shown */

/* `params`: what all pictures have in common, of which those of the mel spectrogram count. `over` is shown first. */
void mg_gallery_window_show(GtkWindow *parent, const char *path, double start, double end, const MgParams *params,
                            const char *over);
