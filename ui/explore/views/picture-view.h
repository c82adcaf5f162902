/* A spectrogram pane: the STFT or the mel layer of the tiles, one picture composed at device pixels. */
#pragma once
#include "base/param.h"
#include "session/tiles.h"
#include "ui/explore/views/view.h"

#define MG_TYPE_PICTURE_VIEW (mg_picture_view_get_type())
G_DECLARE_FINAL_TYPE(MgPictureView, mg_picture_view, MG, PICTURE_VIEW, MgView)

GtkWidget *mg_picture_view_new(MgLayer layer);
/* `params`: those of the tiles and of mg_picture_params; the tiles may be NULL. Copies the parameters. */
void mg_picture_view_set(MgPictureView *view, MgTiles *tiles, const MgParams *params);
/* Milliseconds that the last composition took. */
double mg_picture_view_cost(MgPictureView *view);
