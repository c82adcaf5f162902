/* The last half minute of what is heard: a mel spectrogram that runs along, and under it a ribbon a model of what was
 * said about it. */
#pragma once
#include "session/listening.h"
#include <gtk/gtk.h>

#define MG_TYPE_RUNNING_PICTURE (mg_running_picture_get_type())
G_DECLARE_FINAL_TYPE(MgRunningPicture, mg_running_picture, MG, RUNNING_PICTURE, GtkWidget)

GtkWidget *mg_running_picture_new(MgListening *listening);
/* Forgets the decisions of before. */
void mg_running_picture_clear(MgRunningPicture *picture);
void mg_running_picture_add(MgRunningPicture *picture, const MgLiveDecision *decision, const char *label);
/* A mark at a time that was heard, s. */
void mg_running_picture_mark(MgRunningPicture *picture, double seconds);
