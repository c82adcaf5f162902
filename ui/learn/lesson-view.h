/* An open lesson: text, controls and the task beside the live views. */
#pragma once
#include "ui/learn/stage.h"
#include <adwaita.h>

#define MG_TYPE_LESSON_VIEW (mg_lesson_view_get_type())
G_DECLARE_FINAL_TYPE(MgLessonView, mg_lesson_view, MG, LESSON_VIEW, AdwBin)

/* Signal "solved": the task has been solved, at first or again. */
GtkWidget *mg_lesson_view_new(MgLessonStage *stage);
MgLessonStage *mg_lesson_view_stage(MgLessonView *view);
