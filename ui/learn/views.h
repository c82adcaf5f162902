/* The views of lessons: a table from the kinds that a lesson file may name to the widgets that show them. */
#pragma once
#include "learn/lesson-kinds.h"
#include "ui/learn/stage.h"
#include <adwaita.h>

typedef struct {
  const char *name; /* of mg_lesson_view_kinds */
  /* The widget of a section [view NAME], which follows the stage. */
  GtkWidget *(*create)(MgLessonStage *stage, const MgLessonSection *view);
} MgLessonWidget;

extern const MgLessonWidget mg_lesson_widgets[];          /* ends with a name of NULL */
const MgLessonWidget *mg_lesson_widget(const char *name); /* NULL where there is none */

/* view-pane.c: all sections [view pane] of the lesson in one stack of Explore's panes; NULL for all but the first. */
GtkWidget *mg_lesson_pane_new(MgLessonStage *stage, const MgLessonSection *view);
/* view-charts.c */
GtkWidget *mg_lesson_samples_new(MgLessonStage *stage, const MgLessonSection *view);
GtkWidget *mg_lesson_sum_new(MgLessonStage *stage, const MgLessonSection *view);
GtkWidget *mg_lesson_spectrum_new(MgLessonStage *stage, const MgLessonSection *view);
GtkWidget *mg_lesson_level_new(MgLessonStage *stage, const MgLessonSection *view);
GtkWidget *mg_lesson_mel_scale_new(MgLessonStage *stage, const MgLessonSection *view);
GtkWidget *mg_lesson_cepstrum_new(MgLessonStage *stage, const MgLessonSection *view);
/* view-maps.c */
GtkWidget *mg_lesson_kernel_new(MgLessonStage *stage, const MgLessonSection *view);
GtkWidget *mg_lesson_first_layer_new(MgLessonStage *stage, const MgLessonSection *view);
/* view-leak.c */
GtkWidget *mg_lesson_leak_new(MgLessonStage *stage, const MgLessonSection *view);
/* view-network.c */
GtkWidget *mg_lesson_training_new(MgLessonStage *stage, const MgLessonSection *view);
GtkWidget *mg_lesson_plane_new(MgLessonStage *stage, const MgLessonSection *view);
GtkWidget *mg_lesson_why_new(MgLessonStage *stage, const MgLessonSection *view);
