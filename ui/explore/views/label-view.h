/* A pane with the track's labels: a hand takes them by their edges or their middle, double click and Return edit the
 * text, Delete removes. */
#pragma once
#include "session/label-track.h"
#include "ui/explore/views/view.h"

#define MG_TYPE_LABEL_VIEW (mg_label_view_get_type())
G_DECLARE_FINAL_TYPE(MgLabelView, mg_label_view, MG, LABEL_VIEW, MgView)

GtkWidget *mg_label_view_new(void);
void mg_label_view_set(MgLabelView *view, MgLabelTrack *track); /* NULL: none */
/* Chooses a label and asks for its text. */
/* What Enter and Delete act on. */
void mg_label_view_choose(MgLabelView *view, gint64 id);
void mg_label_view_edit(MgLabelView *view, gint64 id);
