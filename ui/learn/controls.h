/* The controls of a lesson: a slider or a choice each, which set the stage's values and follow them. */
#pragma once
#include "ui/learn/stage.h"
#include <gtk/gtk.h>

/* A box with all of them; NULL where the lesson has none. */
GtkWidget *mg_lesson_controls_new(MgLessonStage *stage);
