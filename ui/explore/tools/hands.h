/* The hand's habits over a picture: wheel, drag, click, pinch and keys, all the same in every view. */
#pragma once
#include "ui/explore/views/view.h"

/* `whole`: the view shows the whole track, and a drag moves the visible part. Keys act while the view has the focus;
 * those that play go to the window's actions win.play, win.pause, win.loop, win.record. */
void mg_hands_attach(MgView *view, gboolean whole);
/* The keys alone that stand for actions of the page and the window, for views with hands of their own. */
void mg_hands_attach_keys(MgView *view);
